"""The vendor's codes, all inside HTTP 200, and what each means: one row a code."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from channels.errors import ChannelError, OutcomeUnknown, Rejected, Throttled, Unauthorized, Unavailable
from channels.remote import Call, Reply
from channels.zalo import facts
from channels.zalo.openapi import Expired, MediaRefused, Pending, answer


def reply(body: Any, status: int = 200, *, repeatable: bool = False) -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, {}, raw, Call("POST", "https://openapi.example/x", repeatable=repeatable))


@pytest.mark.parametrize(
    ("code", "message", "meaning", "wait"),
    [
        (-32, "Your application reached limit call api", Throttled, 60),
        (-32, "Your OA reached limit call api", Throttled, 3600),
        (-100, "attachment_id was expired", Rejected, None),
        (-200, "Upload media failed", MediaRefused, None),
        (-200, "Upload media failed. Too many failed attempts", MediaRefused, None),
        (-201, "create media fail", MediaRefused, None),
        (-200, "Send message failed", Unavailable, None),
        (-201, "title is invalid!", Rejected, None),
        (-204, "Offical Account is disable", Unauthorized, None),
        (-205, "Offical Account is not exist", Unauthorized, None),
        (-209, "Not supported this api", Unauthorized, None),
        (-210, "Parameter exceeds allowable limit", Rejected, None),
        (-211, "Out of quota", Throttled, 21600),
        (-212, "App has not registed this api", Unauthorized, None),
        (-213, "User has not followed OA", Rejected, None),
        (-214, "Article is being processed", Pending, None),
        (-216, "Access token is invalid", Expired, None),
        (-217, "User blocked", Rejected, None),
        (-218, "Out of quota receive", Throttled, 21600),
        (-219, "App is removed or disabled", Unauthorized, None),
        (-220, "access_token is expired or removed", Expired, None),
        (-221, "OA needs verification", Unauthorized, None),
        (-223, "OA has not authorized this API", Unauthorized, None),
        (-223, "Your OA has reach the limit quota create article", Throttled, 21600),
        (-224, "upgrade OA tier package", Unauthorized, None),
        (-230, "User has not interacted", Rejected, None),
        (-232, "User has not interacted", Rejected, None),
        (-233, "type unsupported", Rejected, None),
        (-234, "This message cannot be sent at night (10:00PM - 6:00AM)", Throttled, 28800),
        (-235, "OA type unsupported", Rejected, None),
        (-240, "MessageV2 API has been shut down, please switch to MessageV3", Rejected, None),
        (-242, "Invalid appsecret_proof", Unauthorized, None),
        (-244, "User refused", Rejected, None),
        (-248, "Violates our platform standards", Rejected, None),
        *((code, "ZCA", Unauthorized, None) for code in (-320, -321, -403, -237, -238, -241, -249)),
        (-9999, "something new", Rejected, None),
    ],
)
def test_the_code_and_where_needed_the_words_decide(
    code: int, message: str, meaning: type[ChannelError], wait: float | None
) -> None:
    with pytest.raises(ChannelError) as caught:
        answer(reply({"error": code, "message": message}))
    assert type(caught.value) is meaning
    assert caught.value.code == str(code)
    assert getattr(caught.value, "wait", None) == wait


def test_a_code_written_as_text_means_the_same() -> None:
    with pytest.raises(Expired):
        answer(reply({"error": "-216", "message": "x"}))


@pytest.mark.parametrize("body", [b"<html>502</html>", b'{"error": 0, "da', b"[]", b"", b"{}", b'{"error": "x"}'])
def test_an_unreadable_answer_leaves_doubt_about_a_creating_call(body: bytes) -> None:
    with pytest.raises(OutcomeUnknown):
        answer(reply(body, 502))
    with pytest.raises(Unavailable):
        answer(reply(body, 502, repeatable=True))


def test_a_good_answer_is_its_data() -> None:
    assert answer(reply({"data": {"id": "1"}, "error": 0, "message": "Success"})) == {"id": "1"}
    assert answer(reply({"error": 0, "message": "Success"})) == {}


def test_a_quoted_secret_is_covered() -> None:
    with pytest.raises(Rejected) as caught:
        answer(reply({"error": -201, "message": "bad tok-123"}), ("tok-123",))
    assert "tok-123" not in str(caught.value)


def test_an_unknown_path_is_404_and_told_by_its_code() -> None:
    with pytest.raises(Unauthorized) as caught:
        answer(reply({"error": -209, "message": "Not supported this api"}, 404))
    assert caught.value.code == "-209"


def test_every_row_of_the_vendors_table_has_its_class_and_words_to_act_on() -> None:
    rows = tomllib.loads((Path(facts.__file__).with_name("openapi.toml")).read_text("utf-8"))["error"]
    table = {-32, -100, -200, -201, -204, -205, -209, -212, -210, -211, -218, -213, -217, -230, -232, -244, -214}
    table |= {-216, -220, -219, -221, -224, -223, -233, -235, -234, -240, -242, -248}
    table |= {-320, -321, -403, -237, -238, -241, -249}
    assert {code for row in rows for code in row["codes"]} == table
    assert all(row["class"] and row["message"].endswith(".") for row in rows)
