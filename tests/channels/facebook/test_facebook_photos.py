"""Photos over real HTTP: which edge, which words, and what becomes of those no post uses."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from channels.contract import Account, Content, Desk, Picture, Remote
from channels.errors import OutcomeUnknown, Rejected, Throttled, Unavailable, Unsupported
from channels.facebook import Facebook
from channels.sandbox import Sandbox
from tests.channels.facebook.conftest import Book
from tests.channels.facebook.vendor import Said, Vendor

Make = Callable[..., Content]
Draw = Callable[..., Picture]
Again = Callable[..., Desk]
channel = Facebook()
BAD = {"error": {"message": "(#100) Invalid parameter", "code": 100}}


def test_one_photo_goes_out_with_its_caption_in_one_call_and_its_post_is_kept(
    vendor: Vendor, page: Account, desk: Desk, content: Make, picture: Draw
) -> None:
    vendor.says(
        {"id": "900", "post_id": "42_7"}, {"id": "42_7", "permalink_url": "https://facebook.example/42/posts/7"}
    )
    payload = channel.shape(content(pictures=(picture(alt="Bàn đọc sách"),)), page)
    outcome = channel.send(payload, page, desk)
    upload, read = vendor.asked
    assert (upload.method, upload.path) == ("POST", "42/photos")
    assert upload.given["caption"] == payload.body["message"]
    assert (upload.given["alt_text_custom"], upload.given["published"]) == ("Bàn đọc sách", "true")
    assert not {"message", "name", "url", "scheduled_publish_time"} & set(upload.given)
    assert upload.piece == desk.media(payload.body["pictures"][0]["sha256"])
    assert (outcome.remote_id, outcome.permalink) == ("42_7", "https://facebook.example/42/posts/7")
    assert (read.method, read.path, read.given["fields"]) == ("GET", "42_7", "id,permalink_url")


def test_one_photo_whose_post_is_not_named_is_doubt(
    vendor: Vendor, page: Account, desk: Desk, content: Make, picture: Draw
) -> None:
    vendor.says({"id": "900"})
    with pytest.raises(OutcomeUnknown, match="không cho biết mã bài"):
        channel.send(channel.shape(content(pictures=(picture(),)), page), page, desk)


def test_several_photos_are_put_up_unpublished_and_hung_into_one_post(
    vendor: Vendor, page: Account, desk: Desk, content: Make, picture: Draw
) -> None:
    vendor.says({"id": "901"}, {"id": "902"}, {"id": "42_7", "permalink_url": "https://facebook.example/7"})
    channel.send(channel.shape(content(pictures=(picture("red"), picture("blue"))), page), page, desk)
    first, second, post = vendor.asked
    assert [call.path for call in vendor.asked] == ["42/photos", "42/photos", "42/feed"]
    assert {first.given["published"], second.given["published"]} == {"false"}
    assert json.loads(post.given["attached_media[0]"]) == {"media_fbid": "901"}
    assert json.loads(post.given["attached_media[1]"]) == {"media_fbid": "902"}
    assert post.given["fields"] == "id,permalink_url"
    assert "link" not in post.given
    assert not any("scheduled_publish_time" in call.given for call in vendor.asked)


def test_a_photo_that_shows_although_it_was_to_be_hidden_is_taken_down_at_once(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, picture: Draw
) -> None:
    sandbox.turn("form_truth", 0)  # "false" is not understood
    with pytest.raises(Rejected, match="lẽ ra còn ẩn"):
        channel.send(channel.shape(content(pictures=(picture("red"), picture("blue"))), account), account, desk)
    assert sandbox.posts("facebook") == []


def test_photos_of_an_attempt_that_broke_off_are_used_by_the_next_one(
    sandbox: Sandbox, account: Account, desk: Desk, again: Again, content: Make, picture: Draw
) -> None:
    payload = channel.shape(content(pictures=(picture("red"), picture("blue"))), account)
    sandbox.fault("facebook", "feed", "throttle_4")
    with pytest.raises(Throttled):
        channel.send(payload, account, desk)
    before = {photo["id"] for photo in sandbox.photos()}
    channel.send(payload, account, again())
    assert {photo["id"] for photo in sandbox.photos()} == before
    assert len(sandbox.posts("facebook")[0]["pictures"]) == 2


def test_a_photo_is_noted_before_the_next_one_goes_up(
    vendor: Vendor, page: Account, desk: Desk, book: Book, again: Again, content: Make, picture: Draw
) -> None:
    """As after a process that was killed between two photos."""
    payload = channel.shape(content(pictures=(picture("red"), picture("blue"))), page)
    vendor.says({"id": "901"}, Said({}, cut=True))
    with pytest.raises(Unavailable):
        channel.send(payload, page, desk)
    assert [one["id"] for one in book.notes["photos"].values()] == ["901"]
    vendor.says({"id": "902"}, {"id": "42_7", "permalink_url": "https://facebook.example/7"})
    channel.send(payload, page, again())
    assert json.loads(vendor.asked[-1].given["attached_media[0]"]) == {"media_fbid": "901"}
    assert [call.path for call in vendor.asked] == ["42/photos"] * 3 + ["42/feed"]


def test_photos_a_day_old_are_put_up_anew(
    vendor: Vendor, page: Account, desk: Desk, again: Again, content: Make, picture: Draw
) -> None:
    payload = channel.shape(content(pictures=(picture("red"), picture("blue"))), page)
    vendor.says({"id": "901"}, Said({}, cut=True))
    with pytest.raises(Unavailable):
        channel.send(payload, page, desk)
    vendor.says({"id": "911"}, {"id": "912"}, {"id": "42_7", "permalink_url": "https://facebook.example/7"})
    channel.send(payload, page, again(now=desk.now + timedelta(hours=23)))
    assert json.loads(vendor.asked[-1].given["attached_media[0]"]) == {"media_fbid": "911"}


def test_photos_of_a_refused_post_are_taken_back_and_one_that_stays_is_noted(
    vendor: Vendor, page: Account, desk: Desk, book: Book, content: Make, picture: Draw
) -> None:
    vendor.says({"id": "901"}, {"id": "902"}, Said(BAD, 400), {"success": True}, {"success": False})
    with pytest.raises(Rejected):
        channel.send(channel.shape(content(pictures=(picture("red"), picture("blue"))), page), page, desk)
    assert [(call.method, call.path) for call in vendor.asked[3:]] == [("DELETE", "901"), ("DELETE", "902")]
    assert [one["id"] for one in book.notes["photos"].values()] == ["902"]


def test_photos_that_may_hang_in_a_lost_post_are_never_deleted(
    vendor: Vendor, page: Account, desk: Desk, again: Again, content: Make, picture: Draw
) -> None:
    payload = channel.shape(content(pictures=(picture("red"), picture("blue"))), page)
    vendor.says({"id": "901"}, {"id": "902"}, Said({}, cut=True))
    with pytest.raises(OutcomeUnknown):
        channel.send(payload, page, desk)
    vendor.says(Said(BAD, 400))
    with pytest.raises(OutcomeUnknown, match="không nhận lại ảnh"):  # perhaps because they hang somewhere
        channel.send(payload, page, again())
    assert {call.method for call in vendor.asked} == {"POST"}


def test_an_unreadable_photo_is_final_since_it_was_encoded_for_the_vendor_before(
    vendor: Vendor, page: Account, desk: Desk, content: Make, picture: Draw
) -> None:
    for error in ({"code": 324}, {"code": 100, "error_subcode": 1366046}):
        vendor.says(Said({"error": {"message": "(#324) Missing or invalid image file", **error}}, 400))
        with pytest.raises(Rejected, match="không đọc được ảnh"):
            channel.send(channel.shape(content(pictures=(picture(),)), page), page, desk)


def test_a_second_refusal_as_a_duplicate_is_a_persons_matter(
    vendor: Vendor, page: Account, desk: Desk, again: Again, content: Make
) -> None:
    payload = channel.shape(content(), page)
    repeated = Said({"error": {"message": "(#506) Duplicate status message", "code": 506}}, 400)
    vendor.says(repeated, repeated)
    with pytest.raises(OutcomeUnknown):
        channel.send(payload, page, desk)
    with pytest.raises(Rejected, match="sửa lời bài"):
        channel.send(payload, page, again())


def test_what_was_approved_for_one_page_does_not_go_to_another(
    vendor: Vendor, page: Account, desk: Desk, content: Make
) -> None:
    payload = channel.shape(content(), page)
    other = replace(page, settings={**page.settings, "page_id": "43"})
    with pytest.raises(Unsupported, match="được duyệt cho Trang 42, tài khoản nay là Trang 43"):
        channel.send(payload, other, desk)
    with pytest.raises(Unsupported, match="trình duyệt lại"):
        channel.update(Remote("42_7", "", "delivery-1", desk.due_at), payload, other, desk)
    with pytest.raises(OutcomeUnknown, match="Trang 42"):
        channel.reconcile(payload, other, desk, desk.now)
    assert vendor.asked == []


def test_a_payload_frozen_before_pages_were_named_in_it_still_goes(
    vendor: Vendor, page: Account, desk: Desk, content: Make
) -> None:
    payload = channel.shape(content(), page)
    earlier = replace(payload, body={name: value for name, value in payload.body.items() if name != "page_id"})
    vendor.says({"id": "42_7", "permalink_url": "https://facebook.example/7"})
    assert channel.send(earlier, page, desk).remote_id == "42_7"
