"""The podcast of the bulletins: what directories and players ask of it, and what stands on disk."""

import io
from dataclasses import replace
from datetime import timedelta

import feedparser
import podcastparser
import pytest
from lxml import etree
from PIL import Image

from channels.errors import Rejected
from channels.feed.cover import plain_cover
from channels.feed.podcast import (
    FEED,
    ITUNES,
    PODCAST,
    Episode,
    Show,
    Station,
    Transcript,
    episode_guid,
    put_cover,
    put_episode,
    show_guid,
    take_out_episode,
)
from tests.channels.feed.stock import BASE, BEGIN

SHOW = Show("Phát thanh phường Sông Vàng", "Bản tin sáng & chiều.", "UBND phường Sông Vàng", "tin@songvang.example")
EPISODE = Episode("0f8c1b1e-1", "Bản tin sáng 3/1 <đặc biệt>", "Tiêm chủng; vệ sinh môi trường", BEGIN, 312)
SOUND, OTHER = b"ID3" + b"a" * 5000, b"ID3" + b"b" * 6000
WORDS = Transcript("text/vtt", "WEBVTT\n\n00:00.000 --> 00:04.000\nKính thưa bà con\n".encode())


@pytest.fixture
def station(tmp_path):
    return Station(tmp_path / "trang", BASE, SHOW)


def cover(side=1400, kind="JPEG", height=None):
    made = io.BytesIO()
    Image.new("RGB", (side, height or side), "navy").save(made, kind)
    return made.getvalue()


def channel(station):
    return etree.fromstring((station.root / FEED).read_bytes())[0]


def on_disk(station):
    return {str(p.relative_to(station.root)): p.read_bytes() for p in station.root.rglob("*") if p.is_file()}


def test_the_show_says_what_directories_ask_of_it(station):
    address = put_cover(station, cover())
    put_episode(station, EPISODE, SOUND, WORDS)
    show = channel(station)
    said = {name: show.findtext(f"{{{ITUNES}}}{name}") for name in ("author", "explicit", "type")}
    assert said == {"author": SHOW.author, "explicit": "false", "type": "episodic"}
    assert show.find(f"{{{ITUNES}}}category").get("text") == "Government"
    assert show.find(f"{{{ITUNES}}}image").get("href") == address == f"{BASE}phat-thanh/bia.jpg"
    assert show.findtext(f"{{{ITUNES}}}owner/{{{ITUNES}}}email") == "tin@songvang.example"
    assert show.findtext(f"{{{PODCAST}}}medium") == "podcast"
    locked = show.find(f"{{{PODCAST}}}locked")
    assert (locked.text, locked.get("owner")) == ("yes", "tin@songvang.example")
    assert show.findtext(f"{{{PODCAST}}}guid") == show_guid(BASE + FEED)
    assert (show.findtext("title"), show.findtext("language")) == (SHOW.title, "vi")


def test_the_guid_of_a_show_is_that_of_the_specification():
    assert show_guid("https://podnews.net/rss") == show_guid("http://podnews.net/rss/")
    assert show_guid("https://podnews.net/rss") == "9b024349-ccf0-5f69-a609-6b82873eab3c"


def test_an_episode_is_read_alike_by_two_readers(station):
    put_episode(station, EPISODE, SOUND, WORDS)
    aired = put_episode(
        station, replace(EPISODE, ref="2", title="Bản tin chiều", aired_at=BEGIN + timedelta(hours=9)), OTHER
    )
    data = (station.root / FEED).read_bytes()
    parsed = feedparser.parse(data)
    assert not parsed.bozo
    other = podcastparser.parse(BASE + FEED, io.BytesIO(data))
    assert [entry.title for entry in parsed.entries] == ["Bản tin chiều", EPISODE.title]
    assert [episode["title"] for episode in other["episodes"]] == ["Bản tin chiều", EPISODE.title]
    newest, first = parsed.entries
    assert newest.enclosures[0].href == aired.sound_url == other["episodes"][0]["enclosures"][0]["url"]
    assert newest.enclosures[0].length == str(len(OTHER))
    assert other["episodes"][0]["enclosures"][0]["file_size"] == len(OTHER)
    assert other["episodes"][1]["total_time"] == 312
    assert first.id == other["episodes"][1]["guid"] == episode_guid(EPISODE.ref)
    assert other["episodes"][1]["published"] == int(BEGIN.timestamp())
    transcript = channel(station).findall("item")[1].find(f"{{{PODCAST}}}transcript")
    assert {**transcript.attrib, "url": ""} == {"url": "", "type": "text/vtt", "language": "vi", "rel": "captions"}


def test_the_same_episode_again_changes_no_byte_and_a_new_recording_replaces_the_old(station):
    first = put_episode(station, EPISODE, SOUND, WORDS)
    before = on_disk(station)
    assert put_episode(station, EPISODE, SOUND, WORDS) == first
    assert on_disk(station) == before
    second = put_episode(station, replace(EPISODE, seconds=320, aired_at=BEGIN + timedelta(minutes=5)), OTHER)
    assert second.sound_url != first.sound_url
    assert not (station.root / first.sound_url.removeprefix(BASE)).exists()
    assert len(channel(station).findall("item")) == 1
    assert sum(name.endswith((".mp3", ".vtt")) for name in on_disk(station)) == 1


def test_an_episode_taken_out_leaves_with_its_files_but_not_with_what_another_plays(station):
    put_episode(station, EPISODE, SOUND, WORDS)
    shared = put_episode(station, replace(EPISODE, ref="2", aired_at=BEGIN + timedelta(days=1)), SOUND)
    assert take_out_episode(station, EPISODE.ref)
    assert not take_out_episode(station, EPISODE.ref)
    assert (station.root / shared.sound_url.removeprefix(BASE)).read_bytes() == SOUND
    assert not list(station.root.rglob("*.vtt"))
    assert take_out_episode(station, "2")
    assert channel(station).findall("item") == []
    assert not list(station.root.rglob("*.mp3"))


def test_the_identity_of_the_show_outlives_its_address(station):
    put_episode(station, EPISODE, SOUND)
    moved = replace(station, base_url="https://moi.example/")
    put_episode(moved, replace(EPISODE, ref="2"), OTHER)
    assert channel(station).findtext(f"{{{PODCAST}}}guid") == show_guid(BASE + FEED)


@pytest.mark.parametrize("data", [b"", b"<svg/>", cover(1399), cover(3001, "PNG"), cover(1400, height=1500)])
def test_a_cover_no_directory_takes_is_refused(station, data):
    with pytest.raises(Rejected, match="Ảnh bìa podcast"):
        put_cover(station, data)
    assert not (station.root / "phat-thanh/bia.jpg").exists()


def test_a_new_cover_takes_the_place_of_the_old_one(station):
    put_cover(station, cover())
    put_episode(station, EPISODE, SOUND)
    put_cover(station, cover(kind="PNG"))
    assert channel(station).find(f"{{{ITUNES}}}image").get("href") == f"{BASE}phat-thanh/bia.png"
    assert not (station.root / "phat-thanh/bia.jpg").exists()


@pytest.mark.parametrize(
    ("changes", "sound", "words"),
    [
        ({}, b"", None),
        ({"media_type": "audio/wav"}, SOUND, None),
        ({"ref": ""}, SOUND, None),
        ({"title": " "}, SOUND, None),
        ({"seconds": 0}, SOUND, None),
        ({"aired_at": BEGIN.replace(tzinfo=None)}, SOUND, None),
        ({}, SOUND, Transcript("text/plain", b"x")),
    ],
)
def test_an_episode_that_lacks_something_is_refused_and_nothing_is_written(station, changes, sound, words):
    with pytest.raises(Rejected):
        put_episode(station, replace(EPISODE, **changes), sound, words)
    assert not station.root.exists()


def test_a_show_without_a_cover_of_its_own_gets_one_with_its_name_once(station):
    put_episode(station, EPISODE, SOUND)
    plain = station.root / "phat-thanh/bia.png"
    assert channel(station).find(f"{{{ITUNES}}}image").get("href") == f"{BASE}phat-thanh/bia.png"
    with Image.open(plain) as picture:
        assert picture.size == (1400, 1400)
        assert len(picture.getcolors()) > 2, "there are letters on it"
    renamed = replace(station, show=replace(SHOW, title="Đài truyền thanh"))
    before = plain.read_bytes()
    put_episode(renamed, replace(EPISODE, ref="2"), OTHER)
    assert plain.read_bytes() == before


def test_a_name_too_long_for_a_cover_stays_inside_it():
    with Image.open(io.BytesIO(plain_cover("Phát thanh xã Nguyễn Nghiễm Thượng Đẳng Hạ Giới " * 4))) as picture:
        inside = picture.convert("L").crop((0, 1390, 1400, 1400))
        assert inside.getextrema()[0] == inside.getextrema()[1], "the last rows are bare"
