"""A video on the public page: beside the article while that stands, and no longer."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from channels.contract import Video
from channels.errors import Rejected, Unsupported
from channels.page import Site, rebuild
from tests.channels.page.conftest import BASE, Office

FILM = b"the bytes of a film"


@pytest.fixture
def video(office: Office) -> Video:
    sha256 = hashlib.sha256(FILM).hexdigest()
    office.pictures[sha256] = FILM
    return Video(sha256, "video/mp4", len(FILM), "ngay-hoi.mp4", office.picture("teal"))


def path_of(video: Video) -> str:
    return f"video/{video.sha256[:16]}.mp4"


def test_an_article_with_a_video_lets_it_be_played_and_nothing_else_changes(office, video):
    picture = office.picture("teal")
    sent = office.send(office.content(pictures=(picture,), video=video))
    page = office.read(sent.remote_id + "index.html")
    base = "/trang/phuong-song-vang/"
    assert '<video controls preload="metadata" playsinline aria-label="Video: Lịch tiêm chủng tháng 3"' in page
    assert f'poster="{base}anh/{picture.sha256[:16]}.png"' in page
    assert f'src="{base}{path_of(video)}"' in page
    assert "img-src 'self'; media-src 'self'; style-src" in page
    assert f'"contentUrl": "{BASE}{path_of(video)}"' in page
    assert f'<meta property="og:video" content="{BASE}{path_of(video)}">' in page
    assert page.count("<figure>") == 1, "the cover is shown in the player, not twice"
    assert (office.root / path_of(video)).read_bytes() == FILM


def test_a_page_without_a_video_is_what_it_always_was(office):
    shaped = office.shape(office.content(pictures=(office.picture("teal"),)))
    assert "video" not in shaped.body
    page = office.read(office.send(office.content()).remote_id + "index.html")
    assert "media-src" not in page
    assert "<video" not in page


def test_further_pictures_stand_below_and_the_site_can_be_made_again(office, video):
    pictures = (office.picture("teal"), office.picture("navy"))
    sent = office.send(office.content(pictures=pictures, video=video))
    before = office.read(sent.remote_id + "index.html")
    assert before.count("<figure>") == 2
    rebuild(Site(office.root, BASE))
    assert office.read(sent.remote_id + "index.html") == before


def test_a_video_two_articles_share_stays_until_both_are_gone(office, video):
    one = office.send(office.content("a1", video=video), "d1")
    two = office.send(office.content("b2", "Tin thứ hai", video=video), "d2")
    office.update(one, office.content("a1"), "d3")
    assert (office.root / path_of(video)).exists()
    office.withdraw(two, "d4")
    assert not (office.root / path_of(video)).exists()


def test_a_video_that_is_not_what_was_approved_is_not_published(office, video):
    office.pictures[video.sha256] = b"another film"
    with pytest.raises(Rejected, match=r"Video .* đã khác bản được duyệt: chọn lại video"):
        office.send(office.content(video=video))
    assert not (office.root / path_of(video)).exists()


@pytest.mark.parametrize("wrong", [{"media_type": "video/quicktime"}, {"sha256": "../../etc"}])
def test_what_a_browser_cannot_be_trusted_with_is_refused(office, video, wrong):
    with pytest.raises(Unsupported, match=r"MP4|tải lại video"):
        office.shape(office.content(video=replace(video, **wrong)))


def test_the_preview_counts_and_shows_the_video(office, video):
    preview = office.channel.preview(office.shape(office.content(video=video)), office.account)
    assert "<video controls" in preview.html
    assert ("Video", 1) in [(count.label, count.used) for count in preview.counts]
