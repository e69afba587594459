"""A video over real HTTP: up in pieces, as the server wants them, finished once, and shown when it is ready."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from channels.contract import Account, Content, Desk, Payload, Remote, Result, Video
from channels.errors import ChannelError, OutcomeUnknown, Rejected, Throttled, Unavailable, Unsupported
from channels.facebook import Facebook
from channels.facebook.graph import Graph
from tests.channels.facebook.vendor import Said, Vendor

Make = Callable[..., Content]
Again = Callable[..., Desk]
channel = Facebook()
DATA = bytes(range(250)) * 4  # 1000 bytes
STARTED = {"upload_session_id": "s1", "video_id": "555", "start_offset": "0", "end_offset": "400"}
DONE = {"success": True}
EMPTY: list[Any] = [{"data": []}, {"id": "42"}]  # no posts, seen by the Page itself
LOST = Said({}, cut=True)


def at(start: int, end: int) -> dict[str, str]:
    return {"start_offset": str(start), "end_offset": str(end)}


def displaced(start: int, end: int) -> Said:
    error = {"message": "wrong offset", "code": 6001, "error_subcode": 1363037, "error_data": at(start, end)}
    return Said({"error": error}, 400)


def failed(code: int, **more: Any) -> Said:
    return Said({"error": {"message": "no", "code": code, **more}}, 400)


def video(state: str, **more: Any) -> dict[str, Any]:
    return {"id": "555", "status": {"video_status": state}, **more}


@pytest.fixture
def payload(content: Make, page: Account, shelf: dict[str, bytes]) -> Payload:
    name = hashlib.sha256(DATA).hexdigest()
    shelf[name] = DATA
    return channel.shape(content(video=Video(name, "video/mp4", len(DATA), "hoi-sach.mp4")), page)


def pieces(vendor: Vendor) -> list[tuple[int, bytes]]:
    return [(int(c.given["start_offset"]), c.piece) for c in vendor.asked if c.given.get("upload_phase") == "transfer"]


def phases(vendor: Vendor) -> list[str]:
    return [call.given["upload_phase"] for call in vendor.asked if "upload_phase" in call.given]


def test_a_video_goes_up_piece_by_piece_and_is_then_processed(
    vendor: Vendor, page: Account, desk: Desk, payload: Payload
) -> None:
    vendor.says(STARTED, at(400, 800), at(800, 1000), at(1000, 1000), DONE)
    outcome = channel.send(payload, page, desk)
    assert {call.path for call in vendor.asked} == {"42/videos"}
    assert vendor.asked[0].given["file_size"] == "1000"
    assert pieces(vendor) == [(0, DATA[:400]), (400, DATA[400:800]), (800, DATA[800:])]
    finish = vendor.asked[-1].given
    assert (finish["upload_phase"], finish["upload_session_id"]) == ("finish", "s1")
    assert (finish["description"], finish["title"]) == (payload.body["message"], payload.body["video"]["title"])
    assert not {"scheduled_publish_time", "unpublished_content_type"} & set(finish)
    assert (outcome.result, outcome.token, outcome.remote_id) == (Result.PROCESSING, "555", "555")


def test_a_server_that_wants_earlier_bytes_again_gets_them(
    vendor: Vendor, page: Account, desk: Desk, payload: Payload
) -> None:
    vendor.says(STARTED, at(400, 800), at(200, 600), displaced(600, 1000), at(1000, 1000), DONE)
    channel.send(payload, page, desk)
    assert pieces(vendor) == [(0, DATA[:400]), (400, DATA[400:800]), (200, DATA[200:600]), (600, DATA[600:])]


def test_a_server_that_never_gets_on_is_left_alone_for_a_while(
    vendor: Vendor, page: Account, desk: Desk, payload: Payload
) -> None:
    vendor.says(STARTED, *[at(0, 400)] * 100)
    with pytest.raises(Unavailable) as caught:
        channel.send(payload, page, desk)
    assert type(caught.value) is Unavailable
    assert len(vendor.asked) < 30


def test_a_broken_upload_goes_on_where_the_server_wants_it(
    vendor: Vendor, page: Account, desk: Desk, again: Again, payload: Payload
) -> None:
    vendor.says(STARTED, at(400, 800), LOST)
    with pytest.raises(Unavailable):
        channel.send(payload, page, desk)
    vendor.says(displaced(800, 1000), at(1000, 1000), DONE)
    channel.send(payload, page, again())
    assert phases(vendor) == ["start", *["transfer"] * 4, "finish"]
    assert pieces(vendor)[-1] == (800, DATA[800:])


def test_an_upload_the_server_has_forgotten_begins_anew(
    vendor: Vendor, page: Account, desk: Desk, again: Again, payload: Payload
) -> None:
    vendor.says(STARTED, LOST)
    with pytest.raises(Unavailable):
        channel.send(payload, page, desk)
    vendor.says(failed(100))
    with pytest.raises(Unavailable, match="từ đầu"):
        channel.send(payload, page, again())
    vendor.says({**STARTED, "upload_session_id": "s2"}, at(1000, 1000), DONE)
    channel.send(payload, page, again())
    assert vendor.asked[-1].given["upload_session_id"] == "s2"


def test_an_upload_a_day_old_begins_anew(
    vendor: Vendor, page: Account, desk: Desk, again: Again, payload: Payload
) -> None:
    vendor.says(STARTED, LOST)
    with pytest.raises(Unavailable):
        channel.send(payload, page, desk)
    vendor.says({**STARTED, "upload_session_id": "s2"}, at(1000, 1000), DONE)
    channel.send(payload, page, again(now=desk.now + timedelta(hours=23)))
    assert vendor.asked[-1].given["upload_session_id"] == "s2"


@pytest.mark.parametrize("lost", [LOST, failed(2), Said(b"<html>", 502), {}])
def test_finish_is_never_sent_twice_when_its_answer_is_lost(
    vendor: Vendor, page: Account, desk: Desk, again: Again, payload: Payload, lost: Any
) -> None:
    vendor.says(STARTED, at(1000, 1000), lost)
    with pytest.raises(OutcomeUnknown):
        channel.send(payload, page, desk)
    vendor.says(*EMPTY, failed(100, error_subcode=33), {"id": "42"})
    assert channel.reconcile(payload, page, again(), desk.now) is None
    vendor.says({**STARTED, "upload_session_id": "s2", "video_id": "556"}, at(1000, 1000), DONE)
    assert channel.send(payload, page, again()).token == "556"
    finished = [c.given["upload_session_id"] for c in vendor.asked if c.given.get("upload_phase") == "finish"]
    assert finished == ["s1", "s2"]


def test_a_finish_that_was_refused_for_haste_is_sent_when_there_is_time(
    vendor: Vendor, page: Account, desk: Desk, again: Again, payload: Payload
) -> None:
    vendor.says(STARTED, at(1000, 1000), failed(4))
    with pytest.raises(Throttled):
        channel.send(payload, page, desk)
    vendor.says(DONE)
    assert channel.send(payload, page, again()).token == "555"
    assert phases(vendor) == ["start", "transfer", "finish", "finish"]


def test_the_lost_answer_of_a_finish_is_found_by_the_id_of_the_video(
    vendor: Vendor, page: Account, desk: Desk, again: Again, payload: Payload
) -> None:
    vendor.says(STARTED, at(1000, 1000), LOST)
    with pytest.raises(OutcomeUnknown):
        channel.send(payload, page, desk)
    vendor.says(*EMPTY, video("processing"))
    with pytest.raises(OutcomeUnknown, match="đang xử lý"):
        channel.reconcile(payload, page, again(), desk.now)
    vendor.says(*EMPTY, video("ready", published=True, permalink_url="/reel/555"), {"data": []})
    found = channel.reconcile(payload, page, again(), desk.now)
    assert found is not None
    assert (found.result, found.remote_id) == (Result.DELIVERED, "555")


def test_a_video_that_was_never_finished_is_absent_without_a_question_about_it(
    vendor: Vendor, page: Account, desk: Desk, again: Again, payload: Payload
) -> None:
    vendor.says(STARTED, at(400, 800), LOST)
    with pytest.raises(Unavailable):
        channel.send(payload, page, desk)
    vendor.says(*EMPTY)
    assert channel.reconcile(payload, page, again(), desk.now) is None


def test_a_video_post_in_the_listing_is_found_by_its_words(
    vendor: Vendor, page: Account, desk: Desk, payload: Payload
) -> None:
    post = {"id": "42_9", "message": payload.body["message"], "permalink_url": "https://facebook.example/9"}
    vendor.says({"data": [{**post, "created_time": desk.now.strftime("%Y-%m-%dT%H:%M:%S+0000")}]})
    found = channel.reconcile(payload, page, desk, desk.now)
    assert found is not None
    assert found.remote_id == "42_9"


def test_a_video_is_asked_about_until_it_is_ready_and_then_has_its_post_and_link(
    vendor: Vendor, page: Account, desk: Desk, again: Again, payload: Payload
) -> None:
    vendor.says(STARTED, at(1000, 1000), DONE)
    token = channel.send(payload, page, desk).token
    vendor.says(video("processing"))
    assert channel.poll(token, payload, page, again()).result is Result.PROCESSING
    assert vendor.asked[-1].given["fields"] == "id,status,published,permalink_url"  # a Video has no `is_published`
    hung = {"data": [{"media_type": "video", "target": {"id": "555"}}]}
    vendor.says(
        video("ready", published=True, permalink_url="/reel/555"), {"data": [{"id": "42_9", "attachments": hung}]}
    )
    outcome = channel.poll(token, payload, page, again())
    assert (outcome.result, outcome.remote_id) == (Result.DELIVERED, "42_9")
    assert outcome.permalink == "https://www.facebook.com/reel/555"


@pytest.mark.parametrize("state", ["error", "expired"])
def test_a_video_that_cannot_be_processed_is_refused(
    vendor: Vendor, page: Account, desk: Desk, payload: Payload, state: str
) -> None:
    vendor.says(video(state))
    with pytest.raises(Rejected, match="không xử lý được video"):
        channel.poll("555", payload, page, desk)


def test_a_video_that_is_never_done_stays_in_process_and_the_engine_decides_how_long(
    vendor: Vendor, page: Account, desk: Desk, again: Again, payload: Payload
) -> None:
    vendor.says(
        STARTED, at(1000, 1000), DONE, video("processing"), video("upload_complete"), video("ready", published=False)
    )
    channel.send(payload, page, desk)
    later = again(now=desk.now + timedelta(days=7))
    for _ in range(3):
        assert channel.poll("555", payload, page, later).result is Result.PROCESSING


def test_a_video_refused_while_it_goes_up_is_refused(
    vendor: Vendor, page: Account, desk: Desk, payload: Payload
) -> None:
    vendor.says(STARTED, failed(100))
    with pytest.raises(Rejected):
        channel.send(payload, page, desk)
    vendor.says(STARTED, at(1000, 1000), {"success": False})
    with pytest.raises(Rejected, match="không nêu lý do"):
        channel.send(payload, page, desk)


@pytest.mark.parametrize("answers", [[{}], [STARTED, {}], [STARTED, at(2000, 3000)], [STARTED, at(400, 400)]])
def test_answers_that_make_no_sense_are_asked_for_again_later(
    vendor: Vendor, page: Account, desk: Desk, payload: Payload, answers: list[Any]
) -> None:
    vendor.says(*answers)
    with pytest.raises(ChannelError) as caught:
        channel.send(payload, page, desk)
    assert type(caught.value) is Unavailable
    assert "finish" not in phases(vendor)


def test_the_words_of_a_video_whose_post_was_never_found_are_changed_on_the_video(
    vendor: Vendor, page: Account, desk: Desk, payload: Payload
) -> None:
    vendor.says(DONE)
    channel.update(Remote("555", "", "delivery-1", desk.due_at), payload, page, desk)
    assert vendor.asked[0].given["description"] == payload.body["message"]


def test_a_video_that_changed_since_approval_is_not_sent(
    vendor: Vendor, page: Account, desk: Desk, payload: Payload, shelf: dict[str, bytes]
) -> None:
    shelf[payload.body["video"]["sha256"]] = DATA + b"x"
    with pytest.raises(Unsupported, match="Tệp video đã khác"):
        channel.send(payload, page, desk)
    assert vendor.asked == []


def test_a_video_post_carries_its_link_in_the_words_and_no_pictures(
    content: Make, picture: Callable[..., Any], page: Account
) -> None:
    shown = Video("a" * 64, "video/mp4", 9, "a.mp4")
    shaped = channel.shape(content(video=shown, pictures=(picture(),), title="T" * 200), page)
    assert "Xem đầy đủ: https://songvang.example/bai/ngay-hoi-doc-sach?pid=bai7k2" in shaped.body["message"]
    assert shaped.body["pictures"] == []
    assert len(shaped.body["video"]["title"]) == 100
    preview = channel.preview(shaped, page)
    assert f'data-video="{"a" * 64}"' in preview.html
    assert "[Video: " in preview.text
    with pytest.raises(Unsupported, match="không phải MP4"):
        channel.shape(content(video=replace(shown, media_type="video/webm")), page)
    with pytest.raises(Unsupported, match="rỗng"):
        channel.shape(content(video=replace(shown, size=0)), page)


def test_files_of_videos_go_to_their_own_host(payload: Payload, page: Account, desk: Desk) -> None:
    real = replace(page, settings={"page_id": "42"})
    assert Graph(real, desk).video_address == "https://graph-video.facebook.com/v26.0"
    assert Graph(page, desk).video_address == f"{page.settings['api_url']}/v26.0"
