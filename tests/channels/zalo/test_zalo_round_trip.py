"""Over real HTTP against the sandbox: what goes out arrives once, whatever happens to the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from channels.contract import Account, Content, Desk, Outcome, Picture, Remote, Result
from channels.errors import ChannelError, OutcomeUnknown, Rejected, Throttled, Unauthorized, Unavailable
from channels.sandbox import Sandbox
from channels.zalo import Zalo

Make = Callable[..., Content]
channel = Zalo(pause=0)

AFTER = [
    "empty_answer",
    "hang_after_commit",
    "reset_after_commit",
    "half_answer",
    "truncated_json",
    "html_502_after_commit",
]
BEFORE = ["hang_before_commit", "reset_before_commit", "html_502"]


def standing(outcome: Outcome, at: datetime) -> Remote:
    return Remote(outcome.remote_id, outcome.permalink, "delivery-1", at)


def test_an_article_is_created_verified_and_found_at_its_public_link(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make
) -> None:
    payload = channel.shape(content(), account)
    outcome = channel.send(payload, account, desk)
    (article,) = sandbox.posts("zalo")
    assert outcome.result is Result.DELIVERED
    assert (outcome.remote_id, outcome.permalink) == (article["id"], article["permalink"])
    assert {name: article[name] for name in payload.body["article"]} == payload.body["article"]
    page = requests.get(outcome.permalink, timeout=5).text
    assert "Ngày hội đọc sách" in page
    assert "mượn sách miễn phí" in page


def test_the_article_shows_all_its_pictures_as_they_were_fetched(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, picture: Callable[..., Picture]
) -> None:
    pictures = (picture("red"), picture("blue", "Góc đọc thiếu nhi"))
    outcome = channel.send(channel.shape(content(pictures=pictures), account), account, desk)
    page = requests.get(outcome.permalink, timeout=5).text
    for shown in pictures:
        held = requests.get(f"{sandbox.url}/zalo/anh/{shown.sha256}", timeout=5)
        assert f'src="/zalo/anh/{shown.sha256}"' in page
        assert (held.headers["Content-Type"], len(held.content)) == ("image/jpeg", shown.size)
    assert 'alt="Góc đọc thiếu nhi"' in page


def test_an_article_still_worked_on_is_processing_and_a_later_look_delivers_it(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make
) -> None:
    sandbox.turn("pending_looks", 3)
    payload = channel.shape(content(), account)
    outcome = channel.send(payload, account, desk)
    assert outcome.result is Result.PROCESSING
    assert outcome.token
    assert sandbox.posts("zalo") == []
    assert channel.poll(outcome.token, payload, account, desk).result is Result.PROCESSING
    assert channel.poll(outcome.token, payload, account, desk).result is Result.DELIVERED
    assert len(sandbox.posts("zalo")) == 1


@pytest.mark.parametrize("fault", ["code_-214", "code_-32", *AFTER, *BEFORE])
def test_trouble_after_creating_never_loses_the_token(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, fault: str
) -> None:
    sandbox.fault("zalo", "verify", fault, times=2)
    payload = channel.shape(content(), account)
    outcome = channel.send(payload, account, desk)
    assert outcome.result is Result.PROCESSING
    while outcome.result is Result.PROCESSING:
        outcome = _poll_through(outcome, payload, account, desk)
    assert len(sandbox.posts("zalo")) == 1


def _poll_through(outcome: Outcome, payload: Any, account: Account, desk: Desk) -> Outcome:
    """What the engine does: trouble while asking means asking again."""
    try:
        return channel.poll(outcome.token, payload, account, desk)
    except (Unavailable, Throttled):
        return outcome


@pytest.mark.parametrize("fault", AFTER)
def test_an_article_whose_answer_was_lost_is_found_and_stands_once(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime, fault: str
) -> None:
    payload = channel.shape(content(), account)
    sandbox.fault("zalo", "create", fault)
    with pytest.raises(OutcomeUnknown):
        channel.send(payload, account, desk)
    found = channel.reconcile(payload, account, desk, since)
    (article,) = sandbox.posts("zalo")
    assert found is not None
    assert (found.remote_id, found.permalink) == (article["id"], article["permalink"])


@pytest.mark.parametrize("fault", BEFORE)
def test_an_article_that_never_arrived_is_proved_absent_and_may_go_again(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime, fault: str
) -> None:
    payload = channel.shape(content(), account)
    sandbox.fault("zalo", "create", fault)
    with pytest.raises(OutcomeUnknown):
        channel.send(payload, account, desk)
    assert channel.reconcile(payload, account, desk, since) is None
    channel.send(payload, account, desk)
    assert len(sandbox.posts("zalo")) == 1


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        ("code_-32", Throttled),
        ("code_-211", Throttled),
        ("code_-223", Unauthorized),
        ("code_-223_quota", Throttled),
        ("code_-248", Rejected),
    ],
)
def test_a_refusal_is_told_for_what_it_is_and_nothing_stands(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, fault: str, meaning: type[ChannelError]
) -> None:
    sandbox.fault("zalo", "create", fault)
    with pytest.raises(meaning):
        channel.send(channel.shape(content(), account), account, desk)
    assert sandbox.record() == []


@pytest.mark.parametrize("case", ["missing", "too large", "no picture", "server error", "nobody there"])
def test_a_picture_the_vendor_cannot_fetch_fails_at_verify_and_nothing_stands(
    sandbox: Sandbox,
    account: Account,
    desk: Desk,
    content: Make,
    public_page: Any,
    picture: Callable[..., Picture],
    case: str,
) -> None:
    drawn = picture(path="/cover.jpg")
    if case == "nobody there":
        drawn = replace(drawn, url="http://127.0.0.1:1/cover.jpg")
    public_page.files["/cover.jpg"] = {
        "missing": (404, b""),
        "too large": (200, b"\xff\xd8\xff" + bytes(1024 * 1024)),
        "no picture": (200, b"<html></html>"),
        "server error": (500, b"\xff\xd8\xff"),
    }.get(case, (200, b""))
    with pytest.raises(Rejected, match="không lấy được ảnh"):
        channel.send(channel.shape(content(pictures=(drawn,)), account), account, desk)
    assert public_page.asked == ([] if case == "nobody there" else ["/cover.jpg"])
    assert sandbox.posts("zalo") == []


def test_a_server_that_is_down_was_sent_nothing(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    payload = channel.shape(content(), account)
    sandbox.stop()
    with pytest.raises(Unavailable):
        channel.send(payload, account, desk)
    with pytest.raises(OutcomeUnknown):
        channel.reconcile(payload, account, desk, since)


@pytest.mark.parametrize("fault", [*BEFORE, "truncated_json"])
def test_reading_back_that_fails_is_doubt_not_absence(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime, fault: str
) -> None:
    sandbox.fault("zalo", "getslice", fault)
    with pytest.raises(OutcomeUnknown):
        channel.reconcile(channel.shape(content(), account), account, desk, since)


def test_an_article_on_a_later_page_is_found_and_another_title_is_not(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    payload = channel.shape(content(), account)
    sent = channel.send(payload, account, desk)
    other = channel.shape(content(title="Tiêu đề khác"), account)
    for _ in range(10):
        channel.send(other, account, desk)
    assert channel.reconcile(payload, account, desk, since) == sent
    absent = channel.shape(content(title="Chưa từng đăng"), account)
    assert channel.reconcile(absent, account, desk, since) is None


def test_an_account_too_busy_to_be_read_to_the_end_is_doubt(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    sandbox.turn("pending_looks", 0)
    other = channel.shape(content(title="Tiêu đề khác"), account)
    for _ in range(100):
        channel.send(other, account, desk)
    with pytest.raises(OutcomeUnknown, match="quá dài"):
        channel.reconcile(channel.shape(content(), account), account, desk, since)


def test_the_same_title_of_last_week_is_not_taken_for_this_one(account: Account, desk: Desk, content: Make) -> None:
    payload = channel.shape(content(), account)
    channel.send(payload, account, desk)
    later = datetime.now().astimezone() + timedelta(minutes=5)
    assert channel.reconcile(payload, account, desk, later) is None


def test_an_article_stands_even_when_its_link_cannot_be_read(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make
) -> None:
    sandbox.fault("zalo", "getslice", "html_502")
    outcome = channel.send(channel.shape(content(), account), account, desk)
    assert (outcome.result, outcome.permalink) == (Result.DELIVERED, "")
    assert [proof.kind for proof in outcome.proofs] == ["remote_id"]


def test_a_correction_replaces_the_whole_article_under_the_same_id(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    sent = channel.send(channel.shape(content(), account), account, desk)
    corrected = channel.shape(content(title="Ngày hội đọc sách dời sang chủ nhật"), account)
    outcome = channel.update(standing(sent, since), corrected, account, desk)
    (article,) = sandbox.posts("zalo")
    assert (outcome.result, outcome.remote_id) == (Result.DELIVERED, sent.remote_id)
    assert (article["id"], article["title"]) == (sent.remote_id, "Ngày hội đọc sách dời sang chủ nhật")


def test_a_correction_worked_on_leaves_the_old_words_standing_until_it_is_done(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    payload = channel.shape(content(), account)
    sent = channel.send(payload, account, desk)
    sandbox.turn("pending_looks", 2)
    outcome = channel.update(standing(sent, since), channel.shape(content(title="Mới"), account), account, desk)
    assert outcome.result is Result.PROCESSING
    assert sandbox.posts("zalo")[0]["title"] == payload.body["article"]["title"]
    assert channel.poll(outcome.token, payload, account, desk).remote_id == sent.remote_id
    assert sandbox.posts("zalo")[0]["title"] == "Mới"


def test_a_removed_article_is_gone_and_removing_it_again_does_no_harm(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    remote = standing(channel.send(channel.shape(content(), account), account, desk), since)
    assert channel.withdraw(remote, account, desk).result is Result.DELIVERED
    assert sandbox.posts("zalo") == []
    assert requests.get(remote.permalink, timeout=5).status_code == 404
    assert channel.withdraw(remote, account, desk).result is Result.DELIVERED


def test_a_refused_removal_of_an_article_that_stands_is_not_taken_for_done(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    remote = standing(channel.send(channel.shape(content(), account), account, desk), since)
    sandbox.fault("zalo", "remove", "code_-248")
    with pytest.raises(Rejected):
        channel.withdraw(remote, account, desk)
    assert len(sandbox.posts("zalo")) == 1
