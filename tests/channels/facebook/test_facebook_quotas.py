"""What every answer tells beside its body: how full the quotas are, which version speaks. And who hears the token."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from channels.contract import Account, Content, Desk, Picture, Remote
from channels.errors import ChannelError, Rejected, Throttled, Unauthorized
from channels.facebook import Facebook
from tests.channels.facebook.conftest import Book
from tests.channels.facebook.vendor import Said, Vendor

Make = Callable[..., Content]
channel = Facebook()
POSTED = {"id": "42_7", "permalink_url": "https://facebook.example/7"}
TOKEN = "EAA-page-token"


def business(minutes: float = 0, percent: float = 10, kind: str = "pages") -> dict[str, str]:
    use = {"type": kind, "call_count": percent, "total_time": 1, "total_cputime": 1}
    return {"X-Business-Use-Case-Usage": json.dumps({"1": [{**use, "estimated_time_to_regain_access": minutes}]})}


def plain(name: str, **percent: Any) -> dict[str, str]:
    return {name: json.dumps({"call_count": 1, "total_time": 2, "total_cputime": 3, **percent})}


@pytest.mark.parametrize(
    ("headers", "rests"),
    [
        ({}, []),
        (plain("X-App-Usage", call_count=79), []),
        (plain("X-App-Usage", call_count=80), [300.0]),
        (plain("X-Page-Usage", total_time=92), [900.0]),
        (plain("X-Page-Usage", total_cputime=97), [1800.0]),
        (business(percent=100), [3600.0]),
        (business(percent=85) | plain("X-App-Usage", call_count=96), [1800.0]),
        (business(minutes=7, percent=85), [420.0]),
        (business(percent=99, kind="ads_management"), []),
        ({"X-App-Usage": "{", "X-Page-Usage": "[]"}, []),
        (plain("X-App-Usage", call_count="viel"), []),
        ({"X-Business-Use-Case-Usage": '{"1": 2, "3": [4]}'}, []),
    ],
)
def test_a_filling_quota_slows_us_down_before_the_vendor_does(
    vendor: Vendor, page: Account, desk: Desk, book: Book, content: Make, headers: dict[str, str], rests: list[float]
) -> None:
    vendor.says(Said(POSTED, headers=headers))
    channel.send(channel.shape(content(), page), page, desk)
    assert book.rests == rests


@pytest.mark.parametrize("answer", [{"error": {"code": 100, "message": "no"}}, b"<html>502</html>"])
def test_a_bad_answer_tells_of_the_quota_as_well(
    vendor: Vendor, page: Account, desk: Desk, book: Book, content: Make, answer: Any
) -> None:
    vendor.says(Said(answer, 502, business(minutes=3)))
    with pytest.raises(ChannelError):
        channel.send(channel.shape(content(), page), page, desk)
    assert book.rests == [180.0]


def test_throttling_is_http_400_and_its_wait_is_the_header_s_or_its_own(
    vendor: Vendor, page: Account, desk: Desk, content: Make
) -> None:
    payload = channel.shape(content(), page)
    waits = []
    for headers in (business(minutes=12), {}):
        vendor.says(Said({"error": {"code": 80001, "message": "too many", "type": "OAuthException"}}, 400, headers))
        with pytest.raises(Throttled) as caught:
            channel.send(payload, page, desk)
        waits.append(caught.value.wait)
    assert waits == [720.0, 3600.0]


def test_a_blocked_page_is_held_and_rests_for_hours(
    vendor: Vendor, page: Account, desk: Desk, book: Book, content: Make
) -> None:
    vendor.says(Said({"error": {"code": 368, "error_subcode": 1390008, "message": "going too fast"}}, 400))
    with pytest.raises(Unauthorized, match="tạm chặn"):
        channel.send(channel.shape(content(), page), page, desk)
    assert book.rests == [6 * 3600.0]


def test_another_version_than_ours_is_told_with_the_outcome(
    vendor: Vendor, page: Account, desk: Desk, content: Make
) -> None:
    payload = channel.shape(content(), page)
    vendor.says(Said(POSTED, headers={"facebook-api-version": "v26.0"}))
    assert "served" not in channel.send(payload, page, desk).detail
    vendor.says(Said(POSTED, headers={"facebook-api-version": "v28.0"}))
    detail = channel.send(payload, page, desk).detail
    assert detail["served"] == "v28.0"
    assert "cập nhật phần mềm" in detail["note"]
    assert {call.path for call in vendor.asked} == {"42/feed"}


def test_every_call_proves_the_secret_and_names_the_token_in_a_header_only(
    vendor: Vendor, page: Account, desk: Desk, content: Make, picture: Callable[..., Picture]
) -> None:
    proof = hmac.new(b"app-key", TOKEN.encode(), hashlib.sha256).hexdigest()
    payload = channel.shape(content(pictures=(picture("red"), picture("blue"))), page)
    remote = Remote("42_7", "", "delivery-1", desk.due_at)
    vendor.says({"id": "901"}, {"id": "902"}, {"id": "42_7"}, POSTED)
    vendor.says({"data": []}, {"id": "42"}, {"id": "42_7"}, {"success": True})
    channel.send(payload, page, desk)
    channel.reconcile(payload, page, desk, desk.now)
    with pytest.raises(ChannelError):
        channel.update(remote, payload, page, desk)
    channel.withdraw(remote, page, desk)
    assert len(vendor.asked) == 8
    for call in vendor.asked:
        assert call.given["appsecret_proof"] == proof
        assert call.headers["authorization"] == f"Bearer {TOKEN}"
        assert TOKEN not in json.dumps(dict(call.given))


def test_what_the_vendor_quotes_back_is_covered_in_outcomes_errors_and_logs(
    vendor: Vendor, page: Account, desk: Desk, content: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    payload = channel.shape(content(), page)
    vendor.says({"id": f"42_{TOKEN}", "permalink_url": f"https://facebook.example/?access_token={TOKEN}&s=app-key"})
    outcome = channel.send(payload, page, desk)
    error = {"message": f"Malformed access token {TOKEN} / app-key", "code": 100, "fbtrace_id": TOKEN}
    vendor.says(Said({"error": error}, 400))
    with pytest.raises(Rejected) as caught:
        channel.send(payload, page, desk)
    seen = f"{outcome!r}{caught.value!r}{vars(caught.value)!r}{caught.value.__context__!r}{caplog.text}"
    assert TOKEN not in seen
    assert "app-key" not in seen
