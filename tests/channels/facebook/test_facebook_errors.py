"""The vendor's answers and what each means: one row an answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from channels.errors import ChannelError, OutcomeUnknown, Rejected, Throttled, Unauthorized, Unavailable
from channels.facebook.graph import answer
from channels.remote import Call, Reply

TOKEN = "EAA-very-secret"


def reply(body: Any, status: int = 400, *, repeatable: bool = False, headers: dict[str, str] | None = None) -> Reply:
    call = Call("POST", "https://graph.example/x", headers={"Authorization": f"Bearer {TOKEN}"}, repeatable=repeatable)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, headers or {}, raw, call)


def raised(given: Reply) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        answer(given)
    return caught.value


@pytest.mark.parametrize(
    ("code", "subcode", "meaning"),
    [
        (1, None, OutcomeUnknown),
        (1, 99, OutcomeUnknown),
        (2, None, OutcomeUnknown),
        (1363047, None, OutcomeUnknown),
        (1609010, None, OutcomeUnknown),
        (506, None, OutcomeUnknown),
        (1366051, None, OutcomeUnknown),
        (4, None, Throttled),
        (17, None, Throttled),
        (32, None, Throttled),
        (613, 1996, Throttled),
        (80001, None, Throttled),
        (341, None, Throttled),
        (368, None, Unauthorized),
        (368, 1390008, Unauthorized),
        (368, 1346003, Rejected),
        (102, None, Unauthorized),
        (190, None, Unauthorized),
        (190, 458, Unauthorized),
        (190, 459, Unauthorized),
        (190, 460, Unauthorized),
        (190, 463, Unauthorized),
        (190, 464, Unauthorized),
        (190, 467, Unauthorized),
        (190, 492, Unauthorized),
        (3, None, Unauthorized),
        (10, None, Unauthorized),
        (200, None, Unauthorized),
        (210, None, Unauthorized),
        (240, None, Unauthorized),
        (283, None, Unauthorized),
        (299, None, Unauthorized),
        (104, None, Unauthorized),
        (1404078, None, Unauthorized),
        (1404006, None, Unauthorized),
        (1404112, None, Unauthorized),
        (4854002, None, Unauthorized),
        (100, None, Rejected),
        (100, 33, Rejected),
        (100, 1366046, Rejected),
        (324, None, Rejected),
        (803, None, Rejected),
        (1404102, None, Rejected),
        (1609005, None, Rejected),
        (2061006, None, Rejected),
        (1609008, None, Rejected),
        (2500, None, Rejected),
        (3001, None, Rejected),
        (999999, None, Rejected),
    ],
)
def test_code_and_subcode_decide_what_a_creating_call_met(
    code: int, subcode: int | None, meaning: type[ChannelError]
) -> None:
    error: dict[str, Any] = {"message": "x", "type": "OAuthException", "code": code, "fbtrace_id": "Atrace"}
    if subcode is not None:
        error["error_subcode"] = subcode
    found = raised(reply({"error": error}))
    assert type(found) is meaning
    assert (found.code, found.subcode, found.trace) == (str(code), str(subcode or ""), "Atrace")


@pytest.mark.parametrize("code", [1, 2])
def test_a_call_that_may_be_repeated_is_merely_unavailable_after_code_1_or_2(code: int) -> None:
    assert type(raised(reply({"error": {"code": code}}, 500, repeatable=True))) is Unavailable


def test_a_subcode_alone_may_carry_the_meaning() -> None:
    assert type(raised(reply({"error": {"code": 100, "error_subcode": 1366051}}))) is OutcomeUnknown


def test_a_code_written_as_text_means_the_same() -> None:
    assert type(raised(reply({"error": {"code": "190", "error_subcode": "463"}}))) is Unauthorized


def test_an_error_inside_http_200_is_an_error() -> None:
    assert type(raised(reply({"error": {"code": 190}}, 200))) is Unauthorized


def test_a_refusal_without_an_error_is_a_refusal() -> None:
    assert type(raised(reply({"success": False}, 200))) is Rejected


def test_a_refusal_by_status_alone_is_a_refusal() -> None:
    assert type(raised(reply({"note": "no such thing"}, 404))) is Rejected


def test_an_unlisted_code_that_calls_itself_transient_leaves_doubt() -> None:
    assert type(raised(reply({"error": {"code": 777, "is_transient": True}}))) is OutcomeUnknown


def test_code_2_leaves_doubt_even_when_it_denies_being_transient() -> None:
    assert type(raised(reply({"error": {"code": 2, "is_transient": False}}))) is OutcomeUnknown


def test_a_block_that_says_the_post_exists_asks_to_look() -> None:
    error = {"code": 368, "message": "You've already posted this."}
    assert type(raised(reply({"error": error}))) is OutcomeUnknown


@pytest.mark.parametrize(
    "message",
    ["(#100) Pages Public Content Access requires either app secret proof or an app token", "Invalid appsecret_proof"],
)
def test_a_missing_proof_is_an_account_matter_not_a_content_matter(message: str) -> None:
    assert type(raised(reply({"error": {"code": 100, "message": message}}))) is Unauthorized


@pytest.mark.parametrize("body", [b"<html>502</html>", b'{"id": "1_', b"[]", b"", b'{"id": "1"}'])
def test_a_server_failure_leaves_doubt_whatever_its_body(body: bytes) -> None:
    assert type(raised(reply(body, 502))) is OutcomeUnknown
    assert type(raised(reply(body, 502, repeatable=True))) is Unavailable


@pytest.mark.parametrize(
    ("code", "header", "wait"),
    [
        (80001, {"1": [{"type": "pages", "estimated_time_to_regain_access": 7}]}, 420.0),
        (4, {"1": [{"estimated_time_to_regain_access": 2}], "2": [{"estimated_time_to_regain_access": 5}]}, 300.0),
        (32, {"1": [{"estimated_time_to_regain_access": 0}]}, 3600.0),
        (341, None, 21600.0),
    ],
)
def test_the_wait_is_what_the_header_says_else_what_is_usual(code: int, header: Any, wait: float) -> None:
    headers = {"x-business-use-case-usage": json.dumps(header)} if header else {}
    found = raised(reply({"error": {"code": code}}, headers=headers))
    assert isinstance(found, Throttled)
    assert found.wait == wait


@pytest.mark.parametrize("header", ["", "{", "[]", '{"1": 2}', '{"1": [{}]}'])
def test_a_broken_usage_header_breaks_nothing(header: str) -> None:
    found = raised(reply({"error": {"code": 4}}, headers={"x-business-use-case-usage": header}))
    assert isinstance(found, Throttled)
    assert found.wait == 3600.0


def test_the_token_is_not_repeated_when_the_vendor_quotes_it() -> None:
    found = raised(reply({"error": {"code": 100, "message": f"Malformed access token {TOKEN}"}}))
    assert TOKEN not in str(found)
    assert TOKEN not in repr(reply({}))
