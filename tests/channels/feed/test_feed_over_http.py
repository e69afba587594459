"""Feeds as a real client fetches them from nginx, set up as deploy/nginx.conf says. What the publisher's own view
answers is held by tests/public/test_site_files.py."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import requests

from channels.feed import FILES, Feed
from channels.feed.podcast import Episode, Show, Station, Transcript, put_episode
from channels.feed.shelf import put
from channels.standing import stamp
from tests.channels.feed.stock import BASE, account, at, content, stocked
from tests.channels.page.sample_site import served

SOUND = b"ID3" + bytes(range(256)) * 40


@dataclass
class Web:
    """A web server over the folder of one site."""

    folder: Path
    address: str

    def __post_init__(self) -> None:
        self.shelf = stocked(self.folder, 51, lambda number: replace(content(number), campaign="", theme=""))
        station = Station(self.folder, BASE, Show("Phát thanh phường Sông Vàng", "Bản tin.", "UBND phường"))
        words = Transcript("text/vtt", "WEBVTT\n\n00:00.000 --> 00:04.000\nKính thưa bà con\n".encode())
        self.aired = put_episode(station, Episode("e1", "Bản tin sáng", "", at(3), 61), SOUND, words)

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.address + path.removeprefix(BASE), headers=headers, timeout=10)

    def publish(self, number: int) -> None:
        put(self.shelf, Feed().shape(content(number), account(self.folder)), f"d{number}", stamp(at(number)))


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    with served(tmp_path_factory.mktemp("web")) as (folder, address):
        yield Web(folder, address)


@pytest.mark.parametrize("path", [*FILES, "luu-tru/1/rss.xml", "phat-thanh/podcast.xml"])
def test_what_did_not_change_is_answered_with_304_and_not_a_byte(web, path):
    first = web.get(path)
    assert first.status_code == 200
    assert first.headers["Content-Type"] == FILES.get(path.rpartition("/")[2], FILES["rss.xml"])
    again = web.get(path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"].removeprefix("W/") == first.headers["ETag"].removeprefix("W/"), "weak when packed"
    assert web.get(path, **{"If-None-Match": '"other"'}).content == first.content


def test_another_publication_changes_the_feed_and_leaves_its_archive(web):
    feed, old = web.get("atom.xml"), web.get("luu-tru/1/atom.xml")
    web.publish(60)
    changed = web.get("atom.xml", **{"If-None-Match": feed.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != feed.headers["ETag"]
    assert web.get("luu-tru/1/atom.xml", **{"If-None-Match": old.headers["ETag"]}).status_code == 304


def test_a_player_asks_for_the_size_first_and_then_for_parts(web):
    head = requests.head(web.address + web.aired.sound_url.removeprefix(BASE), timeout=10)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(SOUND)))
    assert (head.headers["Content-Type"], head.headers["Accept-Ranges"]) == ("audio/mpeg", "bytes")
    part = web.get(web.aired.sound_url, Range="bytes=100-199")
    assert (part.status_code, part.content) == (206, SOUND[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(SOUND)}"
    assert web.get(web.aired.sound_url, Range=f"bytes={len(SOUND)}-").status_code == 416
    assert web.get(web.aired.transcript_url).headers["Content-Type"].startswith("text/vtt")


def test_records_stay_out_of_sight(web):
    hidden = [path for path in web.folder.rglob("*") if path.is_file() and {"feed", ".episodes"} & set(path.parts)]
    assert len(hidden) > 50
    for path in (*hidden[:1], *hidden[-1:], web.folder / "phat-thanh/.show.json"):
        assert web.get(str(path.relative_to(web.folder))).status_code == 404
