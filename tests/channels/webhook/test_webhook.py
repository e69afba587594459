"""A post as signed JSON: what the receiver reads, what its answers mean, and why a repeat does no harm."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from channels import signature
from channels.contract import Remote, Result
from channels.errors import (
    ChannelError,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unauthorized,
    Unavailable,
    Unsupported,
)
from channels.webhook import Webhook, verify
from tests.processes import ROOT

from .conftest import SECRET

WEBHOOK = Webhook()


@pytest.fixture
def payload(content, account):
    return WEBHOOK.shape(content(), account)


def test_a_receiver_that_checks_the_signature_reads_the_whole_post(receiver, account, desk, payload):
    outcome = WEBHOOK.send(payload, account, desk)
    assert outcome.result is Result.DELIVERED
    headers, body = receiver.heard[0]
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["x-tincoso-delivery"] == "luot-1"
    said = json.loads(body)
    assert said["id"] == "luot-1"
    assert said["action"] == "publish"
    assert said["published_at"] == desk.due_at.isoformat(timespec="seconds")
    assert said["title"] == "Ngày hội đọc sách"
    assert said["html"] == "<p>Bạn đọc được <strong>mượn sách miễn phí</strong>.</p>"
    assert "mượn sách miễn phí" in said["text"]
    assert said["url"] == "https://songvang.example/bai/ngay-hoi-doc-sach-bai7k2/"
    assert [picture["alt"] for picture in said["pictures"]] == ["Bạn đọc trước thư viện"]
    assert said["organisation"]["slug"] == "song-vang"


def test_what_the_receiver_calls_the_post_is_kept_as_evidence(receiver, account, desk, payload):
    receiver.answers = [(201, {}, b'{"id": 42, "url": "https://cong.example/tin/42"}')]
    outcome = WEBHOOK.send(payload, account, desk)
    assert (outcome.remote_id, outcome.permalink) == ("42", "https://cong.example/tin/42")


@pytest.mark.parametrize("body", [b"", b"OK", b"[]", b'{"url": "javascript:alert(1)"}', b"\xff", b'{"id": null}'])
def test_any_2xx_is_enough(receiver, account, desk, payload, body):
    receiver.answers = [(202, {}, body)]
    outcome = WEBHOOK.send(payload, account, desk)
    assert (outcome.remote_id, outcome.permalink) == ("luot-1", payload.body["url"])


LOST = [
    "silent",
    (500, {}, b""),
    (500, {"Retry-After": "30"}, b""),
    (502, {}, b"<html>"),
    (503, {}, b""),
    (503, {"Retry-After": "soon"}, b""),
    (408, {}, b""),
    (303, {"Location": "/tin/42"}, b""),
]


@pytest.mark.parametrize("answer", LOST)
def test_after_a_lost_answer_the_same_id_comes_again_and_is_kept_once(receiver, account, desk, payload, answer):
    receiver.answers = [answer]
    with pytest.raises(OutcomeUnknown):
        WEBHOOK.send(payload, account, desk)
    assert list(receiver.kept) == ["luot-1"], "it may have it indeed"
    receiver.answers = [(200, {}, b'{"id": "tin-42"}')]
    found = WEBHOOK.reconcile(payload, account, replace(desk, now=desk.now + timedelta(seconds=20)), desk.now)
    assert found is not None
    assert (found.result, found.remote_id) == (Result.DELIVERED, "tin-42")
    assert WEBHOOK.listing_lag == 0
    assert WEBHOOK.looks_by_sending, "so the engine does not ask about what must not go out any more"
    assert len(receiver.heard) == 2
    assert list(receiver.kept) == ["luot-1"]
    first, second = (headers["x-tincoso-timestamp"] for headers, _ in receiver.heard)
    assert int(second) == int(first) + 20
    assert receiver.heard[0][1] == receiver.heard[1][1], "the same bytes, signed anew"


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ("silent", Unavailable),
        ((502, {}, b""), Unavailable),
        ((500, {"Retry-After": "30"}, b""), Throttled),
        ((503, {"Retry-After": "30"}, b""), Throttled),
        ((429, {}, b""), Throttled),
        ((422, {}, b""), Rejected),
        ((401, {}, b""), Unauthorized),
    ],
)
def test_a_question_without_a_good_answer_proves_nothing(receiver, account, desk, payload, answer, meaning):
    receiver.answers = [answer]
    with pytest.raises(ChannelError) as caught:
        WEBHOOK.reconcile(payload, account, desk, desk.now)
    assert type(caught.value) is meaning


def test_where_nobody_listens_nothing_is_in_doubt(account, desk, payload, free_ports):
    away = replace(account, settings={"url": f"http://127.0.0.1:{free_ports(1)[0]}/"})
    with pytest.raises(Unavailable):
        WEBHOOK.send(payload, away, desk)


@pytest.mark.parametrize("answer", ["silent", (500, {}, b""), (503, {}, b"")])
def test_a_lost_answer_to_a_correction_or_a_withdrawal_only_means_again(receiver, account, desk, payload, answer):
    remote = Remote("tin-42", "", "luot-0", desk.due_at)
    receiver.answers = [answer, answer]
    with pytest.raises(Unavailable):
        WEBHOOK.update(remote, payload, account, desk)
    with pytest.raises(Unavailable):
        WEBHOOK.withdraw(remote, account, desk)


@pytest.mark.parametrize(
    ("status", "meaning"),
    [(400, Rejected), (404, Rejected), (422, Rejected), (401, Unauthorized), (403, Unauthorized), (410, Unauthorized)],
)
def test_a_refusal_says_who_and_why_and_tells_no_secret(receiver, account, desk, payload, status, meaning):
    receiver.answers = [(status, {}, f"khong nhan {SECRET}".encode())]
    with pytest.raises(ChannelError) as caught:
        WEBHOOK.send(payload, account, desk)
    assert type(caught.value) is meaning
    assert caught.value.code == str(status)
    assert "127.0.0.1" in caught.value.message
    assert "khong nhan •••" in caught.value.message
    assert "bi-mat-trong-dia-chi" not in caught.value.message


@pytest.mark.parametrize(
    ("status", "header", "wait"),
    [(429, "120", 120), (503, "7", 7), (425, "", 60), (429, "", 60), (429, "soon", 60), (429, "9" * 9, 86400)],
)
def test_a_receiver_that_took_nothing_and_asks_for_time_gets_it(receiver, account, desk, payload, status, header, wait):
    receiver.answers = [(status, {"Retry-After": header} if header else {}, b"")]
    with pytest.raises(Throttled) as caught:
        WEBHOOK.send(payload, account, desk)
    assert caught.value.wait == wait


def test_a_date_to_come_again_is_understood(receiver, account, desk, payload):
    now = desk.now.replace(microsecond=0)
    receiver.answers = [(503, {"Retry-After": format_datetime(now + timedelta(seconds=90))}, b"")]
    with pytest.raises(Throttled) as caught:
        WEBHOOK.send(payload, account, replace(desk, now=now))
    assert caught.value.wait == 90


def test_a_correction_and_a_withdrawal_name_the_original(receiver, account, desk, content, payload):
    receiver.answers = [(200, {}, b'{"id": "tin-42"}')]
    first = WEBHOOK.send(payload, account, desk)
    remote = Remote(first.remote_id, first.permalink, desk.delivery_ref, desk.due_at)
    corrected = WEBHOOK.shape(content(title="Ngày hội đọc sách dời sang chủ nhật"), account)
    assert WEBHOOK.update(remote, corrected, account, replace(desk, delivery_ref="luot-2")).remote_id == "tin-42"
    WEBHOOK.withdraw(remote, account, replace(desk, delivery_ref="luot-3"))
    _, changed, gone = receiver.kept.values()
    for said, action, ref in ((changed, "correct", "luot-2"), (gone, "withdraw", "luot-3")):
        assert (said["action"], said["id"], said["of"], said["of_remote"]) == (action, ref, "luot-1", "tin-42")
        assert said["published_at"] == desk.due_at.isoformat(timespec="seconds")
    assert changed["title"] == "Ngày hội đọc sách dời sang chủ nhật"
    assert "title" not in gone


def test_a_look_at_the_account_posts_a_signed_ping_and_nothing_else(receiver, account, desk):
    assert WEBHOOK.check(account, desk).works
    assert json.loads(receiver.heard[0][1])["action"] == "ping"
    assert receiver.kept == {}
    receiver.secrets = ["khoa-khac-cua-ben-nhan"]
    checkup = WEBHOOK.check(account, desk)
    assert not checkup.works
    assert "khóa ký" in checkup.findings[0].message


def test_while_the_key_changes_both_sides_understand_each_other(receiver, account, desk, payload):
    changing = replace(account, secrets={"secret": "khoa-ky-moi-2027-abcdef", "old_secret": SECRET})
    WEBHOOK.send(payload, changing, desk)  # the receiver still has the old key alone
    receiver.secrets = ["khoa-ky-moi-2027-abcdef", SECRET]
    WEBHOOK.send(payload, replace(account, secrets={"secret": SECRET}), desk)  # the receiver was first
    receiver.secrets = ["khoa-ky-moi-2027-abcdef"]
    WEBHOOK.send(payload, changing, desk)
    with pytest.raises(Unauthorized):
        WEBHOOK.send(payload, account, desk)


def signed(body: bytes = b"{}", at: int = 1_800_000_000, **changed: str) -> dict[str, str]:
    return signature.headers("luot-1", [SECRET], at, body) | changed


@pytest.mark.parametrize(
    ("given", "body", "secrets", "good"),
    [
        (signed(), b"{}", [SECRET], True),
        (signed(at=1_800_000_300), b"{}", [SECRET], True),
        (signed(at=1_799_999_699), b"{}", [SECRET], False),  # an old call, played again
        (signed(at=1_800_000_301), b"{}", [SECRET], False),
        (signed(), b"{ }", [SECRET], False),
        (signed(), b"{}", ["khoa-khac"], False),
        (signed(), b"{}", ["khoa-khac", SECRET], True),
        (signed(), b"{}", [], False),
        (signed(), b"{}", [""], False),
        (signature.headers("luot-1", [""], 1_800_000_000, b"{}"), b"{}", [""], False),  # an empty key signs nothing
        (signed() | {signature.TIMESTAMP: "1800000001"}, b"{}", [SECRET], False),
        (signed() | {signature.TIMESTAMP: "soon"}, b"{}", [SECRET], False),
        (signed() | {signature.SIGNATURE: "v1="}, b"{}", [SECRET], False),
        (signed() | {signature.SIGNATURE: "ă"}, b"{}", [SECRET], False),
        ({}, b"{}", [SECRET], False),
    ],
)
def test_only_a_fresh_call_with_our_key_over_these_bytes_is_believed(given: Any, body, secrets, good):
    assert verify(given, secrets, body, 1_800_000_000) is good


def test_what_is_missing_is_said_before_anything_is_sent(account):
    assert WEBHOOK.problems(account) == []
    empty = replace(account, settings={}, secrets={})
    assert WEBHOOK.problems(empty) == ["Thiếu Địa chỉ nhận.", "Thiếu Khóa ký."]
    weak = replace(account, settings={"url": "http://cong.example/"}, secrets={"secret": "ngan"})
    assert [words.split(" ")[0] for words in WEBHOOK.problems(weak)] == ["Địa", "Khóa"]
    inside = replace(account, settings={"url": "https://10.0.0.5/"})
    assert "PUBLISHER_OUTBOUND_HOSTS" in WEBHOOK.problems(inside)[0]


def test_the_preview_shows_what_goes_out(content, account):
    preview = WEBHOOK.preview(WEBHOOK.shape(content(title="<b>Tin</b>"), account), account)
    assert "&lt;b&gt;Tin&lt;/b&gt;" in preview.html
    assert "Bạn đọc trước thư viện" in preview.html
    assert preview.warnings == ()
    assert WEBHOOK.preview(WEBHOOK.shape(content(url="", pictures=()), account), account).warnings
    with pytest.raises(Unsupported):
        WEBHOOK.shape(content(title=" "), account)


@pytest.mark.parametrize(
    ("given", "body", "keys", "good"),
    [
        (signed(), b"{}", ["khoa-khac", SECRET], True),
        (signed(), b"{ }", [SECRET], False),
        (signed(at=1_799_999_699), b"{}", [SECRET], False),
        ({}, b"{}", [SECRET], False),
    ],
)
def test_the_documented_example_believes_the_same_calls(given, body, keys, good):
    page = (ROOT / "docs" / "webhooks.md").read_text()
    example: dict[str, Any] = {}
    exec(page.split("```python\n")[1].split("```")[0], example)  # noqa: S102 (our own page)
    lower = {name.lower(): value for name, value in given.items()}
    assert example["is_ours"](lower, keys, body, 1_800_000_000) is good
