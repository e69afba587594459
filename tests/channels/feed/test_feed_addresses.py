"""Feeds stand beside the pages they follow: the rules written twice are one rule."""

from dataclasses import replace

import pytest

from channels.contract import Sound, Video
from channels.feed.address import (
    archive_folder,
    campaign_folder,
    folders_of,
    sound_url,
    theme_folder,
    topics_of,
    video_url,
)
from channels.page import address as page

BASE = "https://songvang.example/trang/phuong-song-vang/"
SOUND = Sound("ab" * 32, "audio/mpeg", 120_000, 61)
VIDEO = Video("cd" * 32, "video/mp4", 9_000_000, "le-ra-quan.mp4")


@pytest.mark.parametrize(
    "title", ["Vì sức khỏe cộng đồng", "Ví sức khoẻ cộng đồng", "“15 tiện ích” – đợt 1", "???", "x" * 300]
)
def test_a_campaign_and_a_theme_have_their_feeds_where_their_pages_are(title):
    assert campaign_folder(title) == page.campaign_path(title)
    assert theme_folder(title) == page.theme_path(title)


def test_sound_and_video_are_where_the_page_keeps_them():
    assert sound_url(BASE, SOUND) == BASE + page.sound_path(SOUND)
    assert video_url(BASE, VIDEO) == BASE + page.video_path(VIDEO)
    assert sound_url(BASE, replace(SOUND, media_type="audio/wav")) == ""
    assert video_url(BASE, replace(VIDEO, media_type="video/webm")) == ""


def test_an_item_stands_in_the_feed_of_everything_of_its_campaign_and_of_its_theme():
    campaign, theme = campaign_folder("Ngày hội"), theme_folder("Nếp sống văn minh")
    assert folders_of({"campaign": "Ngày hội", "theme": "Nếp sống văn minh"}) == {
        "": "",
        campaign: "Ngày hội",
        theme: "Nếp sống văn minh",
    }
    assert folders_of({"campaign": "", "theme": ""}) == folders_of({}) == {"": ""}
    assert topics_of("https://phường.example", {"": "", campaign: "Ngày hội"})[3:] == [
        f"https://xn--phng-rib8295b.example/{campaign}{name}" for name in ("rss.xml", "atom.xml", "feed.json")
    ]
    assert archive_folder(campaign, 3) == f"{campaign}luu-tru/3/"
