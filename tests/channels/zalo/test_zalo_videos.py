"""A post with a video: handed over once, waited for, and only then an article of type video."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from channels.contract import Account, Content, Picture, Remote, Result, Video
from channels.errors import OutcomeUnknown, Rejected, Throttled, Unavailable, Unsupported
from channels.zalo import Zalo
from tests.channels.zalo.scripted import Vendor, good, refusal

channel = Zalo(pause=0)
UPLOAD, STATE = "/v2.0/article/upload_video/preparevideo", "/v2.0/article/upload_video/verify"
CREATE, UPDATE, VERIFY = "/v2.0/article/create", "/v2.0/article/update", "/v2.0/article/verify"
SLICE, DETAIL = "/v2.0/article/getslice", "/v2.0/article/getdetail"
FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(200)
MEDIA = {"f11m": FILM}


@pytest.fixture
def film(content: Callable[..., Content], picture: Callable[..., Picture]) -> Callable[..., Content]:
    def make(**changed: Any) -> Content:
        video = Video("f11m", "video/mp4", len(FILM), "doc-sach.mp4", picture("green"))
        return content(video=replace(video, **changed))

    return make


@pytest.fixture
def taking(vendor: Vendor) -> Vendor:
    """A vendor that takes a video and an article of it, at once."""
    vendor.answers = {
        UPLOAD: [good(token="up-1")],
        STATE: [good(status=1, video_id="v1", convert_percent=100, status_message="ready")],
        CREATE: [good(token="made")],
        UPDATE: [good(token="made-anew")],
        VERIFY: [good(id="a1")],
        SLICE: [good(medias=[], total=0)],
        DETAIL: [good(id="a1", link_view="https://rd.zalo.me/1")],
    }
    return vendor


def working(vendor: Vendor, looks: int) -> None:
    vendor.answers[STATE] = [good(status=3, convert_percent=10)] * looks + vendor.answers[STATE]


def test_a_video_goes_as_a_file_and_its_article_is_of_type_video(
    taking: Vendor, scripted: Account, vault: Any, film: Callable[..., Content]
) -> None:
    payload = channel.shape(film(), scripted)
    outcome = channel.send(payload, scripted, vault.desk(media=MEDIA.__getitem__))
    assert (outcome.result, outcome.remote_id, outcome.permalink) == (Result.DELIVERED, "a1", "https://rd.zalo.me/1")
    (upload,) = taking.asked_for(UPLOAD)
    assert upload.headers["content-type"].startswith("multipart/form-data")
    assert b'name="file"; filename="doc-sach.mp4"' in upload.body
    assert FILM in upload.body
    (state,) = taking.asked_for(STATE)
    assert (state.headers["token"], state.query) == ("up-1", {"token": "up-1"})  # as the SDK asks and as documents say
    (made,) = taking.asked_for(CREATE)
    assert made.document == {**payload.body["article"], "video_id": "v1"}
    assert made.document["type"] == "video"
    assert made.document["status"] == "show"
    assert made.document["avatar"].startswith("http")
    assert taking.asked_for(SLICE)[0].query["type"] == "video"


def test_a_video_that_is_worked_on_is_waited_for_and_uploaded_once(
    taking: Vendor, scripted: Account, vault: Any, film: Callable[..., Content]
) -> None:
    working(taking, 2)
    payload = channel.shape(film(), scripted)
    outcome = channel.send(payload, scripted, vault.desk(media=MEDIA.__getitem__))
    assert outcome.result is Result.PROCESSING
    assert vault.notes["delivery-1"] == {"video_token": "up-1"}
    outcome = channel.poll(outcome.token, payload, scripted, vault.desk())
    assert (outcome.result, taking.asked_for(CREATE)) == (Result.PROCESSING, [])
    assert channel.poll(outcome.token, payload, scripted, vault.desk()).result is Result.DELIVERED
    assert len(taking.asked_for(UPLOAD)) == len(taking.asked_for(CREATE)) == 1


def test_a_killed_worker_does_not_upload_again(
    taking: Vendor, scripted: Account, vault: Any, film: Callable[..., Content]
) -> None:
    vault.notes["delivery-1"] = {"video_token": "up-0"}
    channel.send(channel.shape(film(), scripted), scripted, vault.desk())
    assert taking.asked_for(UPLOAD) == []
    assert taking.asked_for(STATE)[0].query == {"token": "up-0"}


@pytest.mark.parametrize(("state", "words"), [(2, "bị Zalo khóa"), (4, "không xử lý được"), (5, "đã bị xóa")])
def test_a_video_that_failed_is_a_refusal_that_says_why(
    taking: Vendor, scripted: Account, vault: Any, film: Callable[..., Content], state: int, words: str
) -> None:
    taking.answers[STATE] = [good(status=state, status_message="no")]
    with pytest.raises(Rejected, match=words):
        channel.send(channel.shape(film(), scripted), scripted, vault.desk(media=MEDIA.__getitem__))
    assert taking.asked_for(CREATE) == []


@pytest.mark.parametrize("answer", [good(status=0), good(status="3"), good(), refusal(-214, "processing")])
def test_a_video_whose_state_is_not_told_is_still_worked_on(
    taking: Vendor, scripted: Account, vault: Any, film: Callable[..., Content], answer: Any
) -> None:
    taking.answers[STATE] = [answer]
    outcome = channel.send(channel.shape(film(), scripted), scripted, vault.desk(media=MEDIA.__getitem__))
    assert outcome.result is Result.PROCESSING


def test_an_upload_whose_answer_was_lost_may_be_repeated(
    taking: Vendor, scripted: Account, vault: Any, film: Callable[..., Content]
) -> None:
    taking.answers[UPLOAD] = [(502, {}, b"<html>502</html>"), good(token="up-2")]
    payload = channel.shape(film(), scripted)
    with pytest.raises(Unavailable):
        channel.send(payload, scripted, vault.desk(media=MEDIA.__getitem__))
    assert channel.send(payload, scripted, vault.desk(media=MEDIA.__getitem__)).result is Result.DELIVERED
    assert len(taking.asked_for(CREATE)) == 1


def test_an_article_whose_creation_got_lost_after_the_video_is_never_created_again_by_asking(
    taking: Vendor, scripted: Account, vault: Any, film: Callable[..., Content]
) -> None:
    working(taking, 1)
    taking.answers[CREATE] = [(502, {}, b"<html>502</html>")]
    payload = channel.shape(film(), scripted)
    token = channel.send(payload, scripted, vault.desk(media=MEDIA.__getitem__)).token
    for _ in range(3):
        with pytest.raises(OutcomeUnknown):
            channel.poll(token, payload, scripted, vault.desk())
    assert len(taking.asked_for(CREATE)) == 1
    found = {"id": "a7", "title": payload.body["article"]["title"], "create_date": int(vault.at.timestamp() * 1000)}
    taking.answers[SLICE] = [good(medias=[found], total=1)]
    assert channel.poll(token, payload, scripted, vault.desk()).remote_id == "a7"


def test_a_creation_that_zalo_refused_for_now_is_tried_again_by_the_next_look(
    taking: Vendor, scripted: Account, vault: Any, film: Callable[..., Content]
) -> None:
    working(taking, 1)
    taking.answers[CREATE] = [refusal(-32, "Your application reached limit call api"), good(token="made")]
    payload = channel.shape(film(), scripted)
    token = channel.send(payload, scripted, vault.desk(media=MEDIA.__getitem__)).token
    with pytest.raises(Throttled):
        channel.poll(token, payload, scripted, vault.desk())
    assert channel.poll(token, payload, scripted, vault.desk()).result is Result.DELIVERED


def test_a_correction_of_a_video_article_replaces_it_once_its_video_is_ready(
    taking: Vendor, scripted: Account, vault: Any, film: Callable[..., Content]
) -> None:
    working(taking, 1)
    payload = channel.shape(film(), scripted)
    remote = Remote("a1", "https://rd.zalo.me/1", "delivery-0", vault.at)
    outcome = channel.update(remote, payload, scripted, vault.desk(media=MEDIA.__getitem__))
    assert outcome.result is Result.PROCESSING
    assert channel.poll(outcome.token, payload, scripted, vault.desk()).remote_id == "a1"
    (replaced,) = taking.asked_for(UPDATE)
    assert (replaced.document["id"], replaced.document["video_id"]) == ("a1", "v1")
    assert taking.asked_for(CREATE) == []


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"size": 50 * 1024 * 1024 + 1}, "lớn hơn 50 MB"),
        ({"media_type": "video/webm"}, "không phải MP4 hoặc AVI"),
    ],
)
def test_a_video_zalo_cannot_take_is_refused_before(
    scripted: Account, film: Callable[..., Content], changed: Any, reason: str
) -> None:
    with pytest.raises(Unsupported, match=reason):
        channel.shape(film(**changed), scripted)


def test_the_cover_of_the_video_or_else_the_first_picture_stands_for_it(
    scripted: Account, film: Callable[..., Content]
) -> None:
    given = film(cover=None)
    article = channel.shape(given, scripted).body["article"]
    assert article["avatar"] == given.pictures[0].url
    with pytest.raises(Unsupported, match="ảnh đại diện"):
        channel.shape(replace(given, pictures=()), scripted)


def test_the_approver_is_told_what_a_video_article_does_not_show(
    scripted: Account, film: Callable[..., Content]
) -> None:
    preview = channel.preview(channel.shape(film(), scripted), scripted)
    assert any("phần thân bài" in warning for warning in preview.warnings)
    assert "Video: doc-sach.mp4 (0,0 MB)" in preview.text


def test_a_video_that_is_gone_from_the_library_says_so(
    taking: Vendor, scripted: Account, vault: Any, film: Callable[..., Content]
) -> None:
    with pytest.raises(Unsupported, match="không còn trong kho"):
        channel.send(channel.shape(film(), scripted), scripted, vault.desk())
