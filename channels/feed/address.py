"""Where feeds stand, beside the pages they follow: pure rules, so that a page can name its feed without asking.

    rss.xml  atom.xml  feed.json                        everything the body publishes
    chien-dich/<slug>-<mark>/rss.xml …                  one campaign, beside its page
    chu-de/<slug>-<mark>/rss.xml …                      one theme, beside its page
    <any of the three>luu-tru/<k>/rss.xml …             archive k of that feed, counted from the oldest, from 1
    phat-thanh/podcast.xml                              the loudspeaker's bulletins (`channels.feed.podcast`)

A page announces them by `<link rel="alternate" type="application/rss+xml" href="<folder>rss.xml">`, the same for
`application/atom+xml` and `application/feed+json`. Channels know no other channel, so the rules are written here again;
tests/channels/feed/test_feed_addresses.py holds them equal to those of the public page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from channels.contract import Sound, Video
from channels.text import nfc, slug

FILES = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
}
SOUNDS = {"audio/mpeg": "mp3"}
FILMS = {"video/mp4": "mp4"}

# What RFC 3986 lets stand in a path, a query or a fragment, and "%" of what is already encoded.
_SAFE = "/%:@!$&'()*+,;=~-._?"
_FOLDER = re.compile(r"(?:(?:chien-dich|chu-de)/[a-z0-9]+(?:-[a-z0-9]+)*/)?")


def campaign_folder(title: str) -> str:
    """`chien-dich/<slug>-<6 of sha256>/`, where the campaign's page stands."""
    return _titled("chien-dich", title)


def theme_folder(title: str) -> str:
    """`chu-de/<slug>-<6 of sha256>/`, where the theme's page stands."""
    return _titled("chu-de", title)


def archive_folder(folder: str, number: int) -> str:
    return f"{folder}luu-tru/{number}/"


def folders_of(body: Mapping[str, Any]) -> dict[str, str]:
    """The feeds an item stands in: title by folder, "" being the feed of everything."""
    found = {"": ""}
    if campaign := body.get("campaign"):
        found[campaign_folder(campaign)] = campaign
    if theme := body.get("theme"):
        found[theme_folder(theme)] = theme
    return found


def is_folder(folder: str) -> bool:
    return _FOLDER.fullmatch(folder) is not None


def topics_of(self_url: str, folders: Mapping[str, str]) -> list[str]:
    """The addresses, as the feeds themselves name them, of all documents to which one may subscribe."""
    base = ascii_url(self_url.rstrip("/") + "/")
    return [base + folder + name for folder in folders for name in FILES]


def sound_url(home_url: str, sound: Sound) -> str:
    """Where the page keeps the recording; "" for a type it does not take."""
    return _file_url(home_url, "am-thanh", sound.sha256, SOUNDS.get(sound.media_type))


def video_url(home_url: str, video: Video) -> str:
    """Where the page keeps the video; "" for a type it does not take."""
    return _file_url(home_url, "video", video.sha256, FILMS.get(video.media_type))


def ascii_url(url: str) -> str:
    """An address any reader takes: no letters outside ASCII, the host in its IDNA form."""
    parts = urlsplit(url)
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    return urlunsplit(
        (parts.scheme, host, *(quote(part, safe=_SAFE) for part in (parts.path, parts.query, parts.fragment)))
    )


def _file_url(home_url: str, folder: str, sha256: str, ending: str | None) -> str:
    return f"{ascii_url(home_url)}{folder}/{sha256[:16]}.{ending}" if ending else ""


def _titled(kind: str, title: str) -> str:
    mark = hashlib.sha256(nfc(title).encode()).hexdigest()[:6]
    return f"{kind}/{slug(title)}-{mark}/".replace("/-", "/")
