"""Over real HTTP against the sandbox: what goes out arrives once, whatever happens to the answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from channels.contract import Account, Content, Desk, Outcome, Picture, Remote, Result
from channels.errors import ChannelError, OutcomeUnknown, Rejected, Throttled, Unauthorized, Unavailable, Unsupported
from channels.facebook import Facebook
from channels.sandbox import Sandbox

Make = Callable[..., Content]
Draw = Callable[..., Picture]
channel = Facebook()

AFTER = [
    *("hang_after_commit", "reset_after_commit", "half_answer", "truncated_json", "html_502_after_commit"),
    *("error_500_after_commit", "code_1_99_after_commit", "empty_answer"),
]
BEFORE = ["hang_before_commit", "reset_before_commit", "html_502"]


def standing(outcome: Outcome, at: datetime) -> Remote:
    return Remote(outcome.remote_id, outcome.permalink, "delivery-1", at)


def test_a_link_post_arrives_with_its_words_and_its_link(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make
) -> None:
    payload = channel.shape(content(), account)
    outcome = channel.send(payload, account, desk)
    (post,) = sandbox.posts("facebook")
    assert (post["message"], post["link"]) == (payload.body["message"], payload.body["link"])
    assert outcome.result is Result.DELIVERED
    assert (outcome.remote_id, outcome.permalink) == (post["id"], post["permalink"])
    assert {proof.kind: proof.value for proof in outcome.proofs} == {
        "remote_id": post["id"],
        "permalink": post["permalink"],
    }
    assert "Ngày hội đọc sách" in requests.get(outcome.permalink, timeout=5).text


@pytest.mark.parametrize("colors", [["red"], ["red", "green", "blue"]])
def test_pictures_arrive_in_order_with_their_words_for_the_blind(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, picture: Draw, colors: list[str]
) -> None:
    pictures = tuple(picture(color, f"Ảnh {color}") for color in colors)
    channel.send(channel.shape(content(pictures=pictures), account), account, desk)
    (post,) = sandbox.posts("facebook")
    assert [(p["sha256"], p["alt"]) for p in post["pictures"]] == [(p.sha256, p.alt) for p in pictures]
    assert post["link"] == ""
    assert "?pid=bai7k2" in post["message"]


def test_a_plain_text_post_is_found_again_by_its_words(
    account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    payload = channel.shape(content(url=""), account)
    sent = channel.send(payload, account, desk)
    assert channel.reconcile(payload, account, desk, since) == sent


def test_a_permalink_the_answer_left_out_is_read_afterwards(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make
) -> None:
    sandbox.fault("facebook", "feed", "bare_answer")
    outcome = channel.send(channel.shape(content(), account), account, desk)
    assert outcome.permalink == sandbox.posts("facebook")[0]["permalink"]


def test_a_post_stands_even_when_its_permalink_cannot_be_read(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make
) -> None:
    sandbox.fault("facebook", "feed", "bare_answer")
    sandbox.fault("facebook", "object", "code_190_460")
    outcome = channel.send(channel.shape(content(), account), account, desk)
    assert outcome.result is Result.DELIVERED
    assert [proof.kind for proof in outcome.proofs] == ["remote_id"]


def test_a_listing_that_lags_shows_the_post_at_the_second_look(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    payload = channel.shape(content(), account)
    sent = channel.send(payload, account, desk)
    sandbox.fault("facebook", "read", "lagging_listing")
    assert channel.reconcile(payload, account, desk, since) is None
    assert channel.reconcile(payload, account, desk, since) == sent


def test_the_permalink_has_the_real_shape_where_the_sandbox_is_told_so(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make
) -> None:
    sandbox.turn("real_permalinks", 1)
    outcome = channel.send(channel.shape(content(), account), account, desk)
    page, post = outcome.remote_id.split("_")
    assert outcome.permalink == f"https://www.facebook.com/{page}/posts/{post}"


@pytest.mark.parametrize(("call", "pictures"), [("feed", 0), ("photos", 1)])
@pytest.mark.parametrize("fault", AFTER)
def test_a_post_whose_answer_was_lost_is_found_and_stands_once(
    sandbox: Sandbox,
    account: Account,
    desk: Desk,
    content: Make,
    picture: Draw,
    since: datetime,
    fault: str,
    call: str,
    pictures: int,
) -> None:
    payload = channel.shape(content(pictures=(picture(),) * pictures), account)
    sandbox.fault("facebook", call, fault)
    with pytest.raises(OutcomeUnknown):
        channel.send(payload, account, desk)
    found = channel.reconcile(payload, account, desk, since)
    (post,) = sandbox.posts("facebook")
    assert found is not None
    assert found.remote_id == post["id"]
    assert len(post["pictures"]) == pictures


@pytest.mark.parametrize("fault", BEFORE)
def test_a_post_that_never_arrived_is_proved_absent_and_may_go_again(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime, fault: str
) -> None:
    payload = channel.shape(content(), account)
    sandbox.fault("facebook", "feed", fault)
    with pytest.raises(OutcomeUnknown):
        channel.send(payload, account, desk)
    assert channel.reconcile(payload, account, desk, since) is None
    channel.send(payload, account, desk)
    assert len(sandbox.posts("facebook")) == 1


def test_a_duplicate_refused_with_506_leads_to_the_earlier_post(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    sandbox.turn("refuse_repeats", 1)
    payload = channel.shape(content(), account)
    first = channel.send(payload, account, desk)
    with pytest.raises(OutcomeUnknown):
        channel.send(payload, account, desk)
    assert channel.reconcile(payload, account, desk, since) == first
    assert len(sandbox.posts("facebook")) == 1


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        ("throttle_4", Throttled),
        ("throttle_32", Throttled),
        ("throttle_80001", Throttled),
        ("code_190_460", Unauthorized),
        ("code_190_463", Unauthorized),
        ("code_368", Unauthorized),
        ("code_200", Unauthorized),
        ("code_text", Rejected),
        ("success_false", Rejected),
        ("code_506", OutcomeUnknown),
    ],
)
def test_a_refusal_is_told_for_what_it_is_and_nothing_stands(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, fault: str, meaning: type[ChannelError]
) -> None:
    sandbox.fault("facebook", "feed", fault, seconds=600)
    with pytest.raises(ChannelError) as caught:
        channel.send(channel.shape(content(), account), account, desk)
    assert type(caught.value) is meaning
    assert sandbox.posts("facebook") == []
    assert account.secrets["access_token"] not in f"{caught.value!r}{caught.value.__context__!r}"


def test_the_wait_of_a_busy_page_comes_from_its_header(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make
) -> None:
    sandbox.fault("facebook", "feed", "throttle_80001", seconds=600)
    with pytest.raises(Throttled) as caught:
        channel.send(channel.shape(content(), account), account, desk)
    assert caught.value.wait == 600


@pytest.mark.parametrize("fault", [*AFTER, *BEFORE])
def test_a_lost_upload_leaves_no_doubt_since_nothing_shows(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, picture: Draw, fault: str
) -> None:
    payload = channel.shape(content(pictures=(picture("red"), picture("blue"))), account)
    sandbox.fault("facebook", "photos", fault)
    with pytest.raises(Unavailable):
        channel.send(payload, account, desk)
    assert sandbox.posts("facebook") == []
    channel.send(payload, account, desk)
    (post,) = sandbox.posts("facebook")
    assert len(post["pictures"]) == 2


def test_pictures_of_a_post_that_was_refused_are_taken_back(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, picture: Draw
) -> None:
    sandbox.fault("facebook", "feed", "code_text")
    with pytest.raises(Rejected):
        channel.send(channel.shape(content(pictures=(picture("red"), picture("blue"))), account), account, desk)
    assert len(sandbox.photos()) == 0


def test_pictures_stay_while_the_post_may_stand(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, picture: Draw
) -> None:
    sandbox.fault("facebook", "feed", "error_500_after_commit")
    with pytest.raises(OutcomeUnknown):
        channel.send(channel.shape(content(pictures=(picture("red"), picture("blue"))), account), account, desk)
    assert len(sandbox.photos()) == 2


def test_no_further_call_is_made_while_the_page_is_blocked(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, picture: Draw
) -> None:
    sandbox.fault("facebook", "feed", "throttle_80001")
    with pytest.raises(Throttled):
        channel.send(channel.shape(content(pictures=(picture("red"), picture("blue"))), account), account, desk)
    assert len(sandbox.photos()) == 2  # a deletion would have lengthened the block; the vendor drops it after a day


def test_a_picture_that_is_gone_or_changed_stops_the_post_before_anything_is_sent(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, picture: Draw, shelf: dict[str, bytes]
) -> None:
    drawn = picture()
    payload = channel.shape(content(pictures=(drawn,)), account)
    shelf[drawn.sha256] += b"x"
    with pytest.raises(Unsupported, match="đã khác"):
        channel.send(payload, account, desk)
    shelf.clear()
    with pytest.raises(Unsupported, match="Không tìm thấy tệp ảnh"):
        channel.send(payload, account, desk)
    assert sandbox.record() == []


def test_a_picture_that_grew_after_it_was_described_is_not_sent(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, picture: Draw, shelf: dict[str, bytes]
) -> None:
    data = b"\xff\xd8\xff" + bytes(4 * 1024 * 1024)
    name = hashlib.sha256(data).hexdigest()
    shelf[name] = data
    payload = channel.shape(content(pictures=(replace(picture(), sha256=name),)), account)
    with pytest.raises(Unsupported, match="lớn hơn 4 MB"):
        channel.send(payload, account, desk)
    assert sandbox.record() == []


def test_a_server_that_is_down_was_sent_nothing(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    payload = channel.shape(content(), account)
    sandbox.stop()
    with pytest.raises(Unavailable):
        channel.send(payload, account, desk)
    with pytest.raises(OutcomeUnknown):
        channel.reconcile(payload, account, desk, since)


@pytest.mark.parametrize("fault", ["hang_before_commit", "reset_after_commit", "html_502", "truncated_json"])
def test_reading_back_that_fails_is_doubt_not_absence(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime, fault: str
) -> None:
    sandbox.fault("facebook", "read", fault)
    with pytest.raises(OutcomeUnknown):
        channel.reconcile(channel.shape(content(), account), account, desk, since)


def test_an_empty_page_with_a_next_one_is_not_the_end(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    payload = channel.shape(content(), account)
    sent = channel.send(payload, account, desk)
    sandbox.fault("facebook", "read", "empty_page")
    assert channel.reconcile(payload, account, desk, since) == sent


def test_a_post_on_a_later_page_is_found(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    payload = channel.shape(content(), account)
    sent = channel.send(payload, account, desk)
    other = channel.shape(content(ref="khac", title="Bài khác"), account)
    for _ in range(100):
        channel.send(other, account, desk)
    assert channel.reconcile(payload, account, desk, since) == sent


def test_a_page_too_busy_to_be_read_to_the_end_is_doubt(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    other = channel.shape(content(ref="khac", title="Bài khác"), account)
    for _ in range(501):
        channel.send(other, account, desk)
    with pytest.raises(OutcomeUnknown, match="quá dài"):
        channel.reconcile(channel.shape(content(), account), account, desk, since)


def test_the_same_post_of_last_week_is_not_taken_for_this_one(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make
) -> None:
    payload = channel.shape(content(), account)
    channel.send(payload, account, desk)
    later = datetime.now().astimezone() + timedelta(minutes=5)
    assert channel.reconcile(payload, account, desk, later) is None


def test_a_correction_changes_the_words_of_the_post_that_stands(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    sent = channel.send(channel.shape(content(), account), account, desk)
    corrected = channel.shape(content(title="Ngày hội đọc sách dời sang chủ nhật"), account)
    assert channel.update(standing(sent, since), corrected, account, desk).remote_id == sent.remote_id
    (post,) = sandbox.posts("facebook")
    assert post["message"] == corrected.body["message"]


@pytest.mark.parametrize(("fault", "meaning"), [("success_false", Rejected), ("reset_after_commit", Unavailable)])
def test_a_correction_that_failed_says_so_and_may_be_repeated(
    sandbox: Sandbox,
    account: Account,
    desk: Desk,
    content: Make,
    since: datetime,
    fault: str,
    meaning: type[ChannelError],
) -> None:
    payload = channel.shape(content(), account)
    remote = standing(channel.send(payload, account, desk), since)
    sandbox.fault("facebook", "edit", fault)
    with pytest.raises(meaning):
        channel.update(remote, payload, account, desk)
    channel.update(remote, payload, account, desk)
    assert len(sandbox.posts("facebook")) == 1


def test_a_correction_of_a_post_that_is_gone_is_refused(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    payload = channel.shape(content(), account)
    remote = standing(channel.send(payload, account, desk), since)
    channel.withdraw(remote, account, desk)
    with pytest.raises(Rejected, match="100/33"):
        channel.update(remote, payload, account, desk)


def test_a_withdrawn_post_is_gone_and_withdrawing_it_again_does_no_harm(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    remote = standing(channel.send(channel.shape(content(), account), account, desk), since)
    assert channel.withdraw(remote, account, desk).result is Result.DELIVERED
    assert sandbox.posts("facebook") == []
    assert requests.get(remote.permalink, timeout=5).status_code == 404
    assert channel.withdraw(remote, account, desk).result is Result.DELIVERED


def test_another_refusal_to_delete_is_not_taken_for_done(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, since: datetime
) -> None:
    remote = standing(channel.send(channel.shape(content(), account), account, desk), since)
    sandbox.fault("facebook", "delete", "code_text")
    with pytest.raises(Rejected):
        channel.withdraw(remote, account, desk)
    assert len(sandbox.posts("facebook")) == 1


@pytest.mark.parametrize(
    "secrets",
    [
        {"access_token": "wrong"},
        {"access_token": "sandbox-user-token-100000000000001"},
        {"access_token": "sandbox-page-token-100000000000001", "app_secret": "wrong"},
    ],
)
def test_a_wrong_token_or_secret_asks_to_reconnect(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, secrets: dict[str, str]
) -> None:
    other: Any = replace(account, secrets=secrets)
    with pytest.raises(Unauthorized):
        channel.send(channel.shape(content(), other), other, desk)
    assert sandbox.posts("facebook") == []


def test_the_proof_of_the_app_secret_is_given_where_it_is_required(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make
) -> None:
    sandbox.turn("require_proof", 1)
    payload = channel.shape(content(), account)
    channel.send(payload, account, desk)
    bare = replace(account, secrets={"access_token": account.secrets["access_token"]})
    with pytest.raises(Unauthorized, match="Khóa bí mật"):
        channel.send(payload, bare, desk)
    assert len(sandbox.posts("facebook")) == 1
