"""The wire to the letter, where only a scripted vendor can show it: headers, pace, odd answers, another OA."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from channels.contract import Account, Content, Remote, Result
from channels.errors import OutcomeUnknown, Unauthorized, Unsupported
from channels.zalo import Zalo
from tests.channels.zalo.scripted import Vendor, good, refusal

Make = Callable[..., Content]
channel = Zalo(pause=0)
CREATE, VERIFY, SLICE = "/v2.0/article/create", "/v2.0/article/verify", "/v2.0/article/getslice"
TOKENS = "/v4/oa/access_token"
LINK = "https://rd.zalo.me/1"
STANDS = {
    CREATE: [good(token="made")],
    VERIFY: [good(id="a1")],
    SLICE: [good(medias=[{"id": "a1", "title": "x", "create_date": 0, "link_view": LINK}], total=1)],
}


@pytest.fixture
def standing(vendor: Vendor) -> Vendor:
    vendor.answers = {path: list(answers) for path, answers in STANDS.items()}
    return vendor


def test_the_token_is_a_header_of_its_own_and_the_article_is_json(
    standing: Vendor, scripted: Account, vault: Any, content: Make
) -> None:
    payload = channel.shape(content(), scripted)
    outcome = channel.send(payload, scripted, vault.desk())
    assert (outcome.remote_id, outcome.permalink) == ("a1", LINK)
    (made,) = standing.asked_for(CREATE)
    assert made.headers["access_token"] == "token-1"
    assert made.headers["content-type"] == "application/json"
    assert not {"authorization", "appsecret_proof"} & set(made.headers)
    assert made.document == payload.body["article"]
    assert not {"related_medias", "tracking_link"} & set(made.document)
    (listed,) = standing.asked_for(SLICE)
    assert listed.query == {"offset": "0", "limit": "10", "type": "normal"}


def test_the_proof_goes_along_where_the_application_asks_for_it(
    standing: Vendor, scripted: Account, vault: Any, content: Make
) -> None:
    proving = replace(scripted, settings={**scripted.settings, "send_proof": "có"})
    channel.send(channel.shape(content(), proving), proving, vault.desk())
    expected = hmac.new(b"secret", b"token-1", hashlib.sha256).hexdigest()
    assert {asked.headers["appsecret_proof"] for asked in standing.asked} == {expected}


@pytest.mark.parametrize(("left", "rests"), [("801", []), ("799", [60.0]), ("", []), ("viele", [])])
def test_we_rest_before_zalo_refuses(
    standing: Vendor, scripted: Account, vault: Any, content: Make, left: str, rests: list[float]
) -> None:
    headers = {"X-RateLimit-Limit": "4000", "X-RateLimit-Remain": left}
    standing.answers[CREATE] = [(200, headers, b'{"data":{"token":"made"},"error":0}')]
    channel.send(channel.shape(content(), scripted), scripted, vault.desk())
    assert vault.rests == rests


def test_a_path_zalo_no_longer_knows_is_told_as_such(
    vendor: Vendor, scripted: Account, vault: Any, content: Make
) -> None:
    vendor.answers[CREATE] = [(404, {}, b'{"error":-209,"message":"Not supported this api"}')]
    with pytest.raises(Unauthorized) as caught:
        channel.send(channel.shape(content(), scripted), scripted, vault.desk())
    assert caught.value.code == "-209"


def test_a_renewal_is_a_form_with_the_secret_as_a_header_and_its_numbers_are_text(
    standing: Vendor, scripted: Account, vault: Any, content: Make
) -> None:
    """Success is the presence of `access_token`: no `error` comes with it, and `expires_in` is a string."""
    told = {"access_token": "token-2", "refresh_token": "refresh-2", "expires_in": "90000"}
    standing.answers[TOKENS] = [{**told, "refresh_token_expires_in": "7776000"}]
    standing.answers[CREATE] = [refusal(-220, "access_token is expired or removed"), good(token="made")]
    vault.secrets = dict(scripted.secrets)
    channel.send(channel.shape(content(), scripted), scripted, vault.desk())
    (asked,) = standing.asked_for(TOKENS)
    assert asked.headers["secret_key"] == "secret"
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.body == b"refresh_token=refresh-1&app_id=3&grant_type=refresh_token"
    (kept,) = vault.kept
    assert (kept["access_token"], kept["refresh_token"]) == ("token-2", "refresh-2")
    assert kept["refresh_ends_at"] == (vault.at + timedelta(days=90)).isoformat()
    assert [made.headers["access_token"] for made in standing.asked_for(CREATE)] == ["token-1", "token-2"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"error_name": "Invalid refresh token.", "error_description": "x"}, ""),
        ({"error": -14014, "error_name": "Invalid refresh token."}, "-14014"),
        ({"error": "nonsense"}, "nonsense"),
    ],
)
def test_a_renewal_without_a_token_is_a_refusal_whatever_else_it_says(
    standing: Vendor, scripted: Account, vault: Any, content: Make, answer: Any, code: str
) -> None:
    standing.answers[TOKENS] = [answer]
    standing.answers[CREATE] = [refusal(-216, "Access token is invalid")]
    vault.secrets = dict(scripted.secrets)
    with pytest.raises(Unauthorized, match="cấp quyền lại") as caught:
        channel.send(channel.shape(content(), scripted), scripted, vault.desk())
    assert caught.value.code == code
    assert len(standing.asked_for(CREATE)) == 1


def test_nothing_goes_out_on_an_oa_the_payload_was_not_approved_for(
    standing: Vendor, scripted: Account, vault: Any, content: Make
) -> None:
    payload = channel.shape(content(), scripted)
    assert payload.body["oa_id"] == "200000000000002"
    moved = replace(scripted, settings={**scripted.settings, "oa_id": "7"})
    with pytest.raises(Unsupported, match="Bài được duyệt cho OA 200000000000002"):
        channel.send(payload, moved, vault.desk())
    with pytest.raises(Unsupported, match="OA 7"):
        channel.update(Remote("a1", LINK, "delivery-1", vault.at), payload, moved, vault.desk())
    with pytest.raises(OutcomeUnknown, match="OA 7"):
        channel.reconcile(payload, moved, vault.desk(), vault.at)
    with pytest.raises(OutcomeUnknown, match="OA 7"):
        channel.poll("made", payload, moved, vault.desk())
    assert standing.asked == []


def test_a_payload_frozen_before_it_named_its_oa_still_goes(
    standing: Vendor, scripted: Account, vault: Any, content: Make
) -> None:
    payload = channel.shape(content(), scripted)
    older = replace(payload, body={name: value for name, value in payload.body.items() if name != "oa_id"})
    assert channel.send(older, scripted, vault.desk()).result is Result.DELIVERED


@pytest.mark.parametrize("words", ["Upload media failed", "Upload media failed. Too many failed attempts"])
def test_a_refusal_of_pictures_names_the_ones_to_look_at(
    standing: Vendor, scripted: Account, vault: Any, content: Make, picture: Callable[..., Any], words: str
) -> None:
    standing.answers[VERIFY] = [refusal(-200, words)]
    pictures = (picture("red"), picture("blue"))
    with pytest.raises(Exception, match="ảnh bìa http") as caught:
        channel.send(channel.shape(content(pictures=pictures), scripted), scripted, vault.desk())
    assert all(shown.url in str(caught.value) for shown in pictures)
    assert words in str(caught.value)
    assert type(caught.value).__name__ == "Rejected"
