"""Pictures and videos in the composer: brought, shown from our own address, replaced, taken off."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import Post
from publisher.delivery.models import Account
from publisher.people.rights import Role
from tests.assets.films import film, track
from tests.console.test_posts import form_of
from tests.ward import picture


@pytest.fixture
def officer(office):
    return office.client(Role.OFFICER)


def uploaded(data: bytes, name: str = "ngay-hoi.mp4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "video/mp4")


def saved(officer, post: Post, **changes: object):
    return officer.post(f"/tin-bai/{post.pk}", form_of(Post.objects.get(pk=post.pk), **changes), follow=True)


def test_a_video_is_brought_shown_replaced_and_taken_off(office, officer) -> None:
    post = office.post()
    answer = saved(officer, post, video=uploaded(film()))
    asset = Post.objects.get(pk=post.pk).video
    address = f"/video/{asset.sha256[:16]}"
    page = answer.content.decode()
    assert asset.name == "ngay-hoi.mp4"
    assert page.count(f'src="{address}"') == 2, "in the composer and in the preview of the page"
    assert 'poster="/hinh/' in page
    assert "/trang/" not in page.split("<video", 1)[1].split("</video>", 1)[0]

    saved(officer, post, video=uploaded(film(filling=b"\x09")))
    other = Post.objects.get(pk=post.pk).video
    assert other != asset
    saved(officer, post, drop_video="on")
    assert Post.objects.get(pk=post.pk).video is None
    history = officer.get(f"/tin-bai/{post.pk}").content.decode()
    assert "Thêm hoặc thay video" in history
    assert "Bỏ video" in history


def test_a_file_that_is_no_video_is_told_at_its_field_and_nothing_is_saved(office, officer) -> None:
    post = office.post()
    answer = saved(officer, post, lead="Câu mới", video=uploaded(picture(), "that.mp4"))
    assert answer.status_code == 422
    assert "Tệp không phải video MP4" in answer.content.decode()
    assert Post.objects.get(pk=post.pk).lead != "Câu mới"


def test_a_video_that_many_browsers_do_not_play_is_taken_with_a_word(office, officer) -> None:
    post = office.post()
    answer = saved(officer, post, video=uploaded(film(10, b"x", track(codec=b"hvc1"))))
    assert "không ở dạng H.264" in answer.content.decode()
    assert Post.objects.get(pk=post.pk).video is not None


@pytest.mark.parametrize(
    ("asked", "status", "first", "length"),
    [
        (None, 200, 0, None),
        ("bytes=0-99", 206, 0, 100),
        ("bytes=100-", 206, 100, None),
        ("bytes=-50", 206, -50, 50),
        ("bytes=0-99999999", 206, 0, None),
        ("bytes=0-1,5-6", 200, 0, None),
        ("pages=1-2", 200, 0, None),
        ("bytes=-", 200, 0, None),
    ],
)
def test_a_player_asks_for_the_part_it_shows(office, officer, asked, status, first, length) -> None:
    post = office.post()
    saved(officer, post, video=uploaded(film()))
    sha256 = Post.objects.get(pk=post.pk).video.sha256
    headers = {"Range": asked} if asked else {}
    answer = officer.get(f"/video/{sha256[:16]}", headers=headers)
    whole = film()
    expected = whole[first:][: length or len(whole)]
    assert (answer.status_code, answer["Content-Type"], answer["Accept-Ranges"]) == (status, "video/mp4", "bytes")
    assert b"".join(answer.streaming_content) == expected
    assert int(answer["Content-Length"]) == len(expected)


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=9-3", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(office, officer, asked) -> None:
    post = office.post()
    saved(officer, post, video=uploaded(film()))
    sha256 = Post.objects.get(pk=post.pk).video.sha256
    answer = officer.get(f"/video/{sha256[:16]}", headers={"Range": asked})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(film())}")


def test_a_video_is_for_members_of_its_organisation_alone(office, officer) -> None:
    post = office.post()
    saved(officer, post, video=uploaded(film()))
    sha256 = Post.objects.get(pk=post.pk).video.sha256
    assert office.client(office.stranger).get(f"/video/{sha256[:16]}").status_code == 404
    assert office.client(None).get(f"/video/{sha256[:16]}").status_code == 302
    assert officer.get(f"/hinh/{sha256[:16]}").status_code == 404, "a video is no picture"
    assert officer.get("/video/..%2f..%2f").status_code == 404


def test_a_page_that_is_ticked_but_not_saved_gives_the_preview_its_addresses(office, officer) -> None:
    feed = Account.objects.create(organisation=office.organisation, kind="feed", name="RSS phường")
    post = office.post(accounts=[office.loudspeaker])
    form = form_of(post, accounts=[office.page.pk, feed.pk])
    (told,) = [
        one for one in officer.post(f"/tin-bai/{post.pk}/xem-truoc", form).context["previews"] if one.account == feed
    ]
    assert [picture["url"] for picture in told.payload.body["pictures"]]
