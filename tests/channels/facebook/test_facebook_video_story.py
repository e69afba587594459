"""A video against the sandbox: whatever is lost on its way, it stands once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest
import requests

from channels.contract import Account, Content, Desk, Outcome, Payload, Remote, Result, Video
from channels.errors import OutcomeUnknown, Rejected, Unauthorized, Unavailable
from channels.facebook import Facebook
from channels.sandbox import Sandbox

Make = Callable[..., Content]
Again = Callable[..., Desk]
channel = Facebook()
DATA = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 4  # 1036 bytes: three pieces of 400
FINISH = 4  # calls before the one that publishes: start and three pieces


@pytest.fixture
def payload(sandbox: Sandbox, content: Make, account: Account, shelf: dict[str, bytes]) -> Payload:
    sandbox.turn("video_chunk", 400)
    name = hashlib.sha256(DATA).hexdigest()
    shelf[name] = DATA
    return channel.shape(content(video=Video(name, "video/mp4", len(DATA), "hoi-sach.mp4")), account)


def settled(outcome: Outcome, payload: Payload, account: Account, desk: Desk) -> Outcome:
    """What the clock would see after asking a few times."""
    for _ in range(4):
        if outcome.result is Result.PROCESSING:
            outcome = channel.poll(outcome.token, payload, account, desk)
    return outcome


def looked_for(payload: Payload, account: Account, desk: Desk) -> Outcome | None:
    """Reading back as often as the engine would while the vendor still works on it."""
    for _ in range(4):
        try:
            return channel.reconcile(payload, account, desk, desk.now)
        except OutcomeUnknown:
            continue
    raise AssertionError("still in doubt")


def test_a_video_is_published_corrected_and_taken_down_as_a_post(
    sandbox: Sandbox, account: Account, desk: Desk, again: Again, payload: Payload
) -> None:
    sent = channel.send(payload, account, desk)
    assert (sent.result, sandbox.posts("facebook")) == (Result.PROCESSING, [])
    done = settled(sent, payload, account, again())
    (post,) = sandbox.posts("facebook")
    assert (done.result, done.remote_id, post["message"]) == (Result.DELIVERED, post["id"], payload.body["message"])
    assert requests.get(done.permalink, timeout=5).status_code == 200
    assert [line["sha256"] for line in sandbox.record("video")] == [hashlib.sha256(DATA).hexdigest()]
    remote = Remote(done.remote_id, done.permalink, "delivery-1", desk.due_at)
    reworded = replace(payload, body={**payload.body, "message": "Lời mới"})
    channel.update(remote, reworded, account, desk)
    assert sandbox.posts("facebook")[0]["message"] == "Lời mới"
    channel.withdraw(remote, account, desk)
    assert sandbox.posts("facebook") == []


def test_a_video_found_by_reading_back_is_the_one_that_was_sent(
    sandbox: Sandbox, account: Account, desk: Desk, again: Again, payload: Payload
) -> None:
    sent = settled(channel.send(payload, account, desk), payload, account, again())
    found = channel.reconcile(payload, account, again(), desk.now)
    assert found is not None
    assert found.remote_id == sent.remote_id


@pytest.mark.parametrize(
    "fault",
    ["reset_after_commit", "half_answer", "truncated_json", "html_502_after_commit", "error_500_after_commit"],
)
def test_a_finish_whose_answer_was_lost_is_found_and_stands_once(
    sandbox: Sandbox, account: Account, desk: Desk, again: Again, payload: Payload, fault: str
) -> None:
    sandbox.fault("facebook", "videos", fault, skip=FINISH)
    with pytest.raises(OutcomeUnknown):
        channel.send(payload, account, desk)
    found = looked_for(payload, account, again())
    (post,) = sandbox.posts("facebook")
    assert found is not None
    assert found.remote_id == post["id"]


@pytest.mark.parametrize("fault", ["reset_before_commit", "html_502"])
def test_a_finish_that_never_arrived_is_proved_absent_and_the_video_goes_up_again(
    sandbox: Sandbox, account: Account, desk: Desk, again: Again, payload: Payload, fault: str
) -> None:
    sandbox.fault("facebook", "videos", fault, skip=FINISH)
    with pytest.raises(OutcomeUnknown):
        channel.send(payload, account, desk)
    assert looked_for(payload, account, again()) is None
    settled(channel.send(payload, account, again()), payload, account, again())
    assert len(sandbox.posts("facebook")) == 1


@pytest.mark.parametrize("skip", [0, 1, 2, 3])
@pytest.mark.parametrize("fault", ["reset_before_commit", "reset_after_commit", "html_502_after_commit"])
def test_an_upload_that_breaks_anywhere_goes_on_in_the_next_attempt(
    sandbox: Sandbox, account: Account, desk: Desk, again: Again, payload: Payload, fault: str, skip: int
) -> None:
    sandbox.fault("facebook", "videos", fault, skip=skip)
    with pytest.raises(Unavailable):
        channel.send(payload, account, desk)
    settled(channel.send(payload, account, again()), payload, account, again())
    assert len(sandbox.posts("facebook")) == 1
    assert len(sandbox.record("video")) == 1


def test_a_piece_that_is_wanted_again_is_given_again(
    sandbox: Sandbox, account: Account, desk: Desk, again: Again, payload: Payload
) -> None:
    sandbox.fault("facebook", "videos", "offset_back", skip=2)
    settled(channel.send(payload, account, desk), payload, account, again())
    assert [line["sha256"] for line in sandbox.record("video")] == [hashlib.sha256(DATA).hexdigest()]


@pytest.mark.parametrize("fault", ["video_error", "video_expired"])
def test_a_video_that_cannot_be_processed_is_refused_and_nothing_stands(
    sandbox: Sandbox, account: Account, desk: Desk, again: Again, payload: Payload, fault: str
) -> None:
    sandbox.fault("facebook", "videos", fault, skip=FINISH)
    sent = channel.send(payload, account, desk)
    with pytest.raises(Rejected, match="không xử lý được video"):
        settled(sent, payload, account, again())
    assert sandbox.posts("facebook") == []


def test_a_token_without_the_right_for_videos_asks_to_reconnect(
    sandbox: Sandbox, account: Account, desk: Desk, payload: Payload
) -> None:
    sandbox.turn("grant_video", 0)
    with pytest.raises(Unauthorized):
        channel.send(payload, account, desk)


def test_a_video_that_is_gone_while_it_is_processed_is_told(
    sandbox: Sandbox, account: Account, desk: Desk, again: Again, payload: Payload
) -> None:
    token = channel.send(payload, account, desk).token
    channel.withdraw(Remote(token, "", "delivery-1", desk.due_at), account, desk)
    with pytest.raises(Rejected, match="Video không còn"):
        channel.poll(token, payload, account, again())
