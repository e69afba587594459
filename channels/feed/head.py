"""What the three formats say of the feed itself and of one item. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit

from lxml import html as lxml_html

from channels.feed.address import ascii_url
from channels.standing import ZONE, corrections, spoken_time

Record = Mapping[str, Any]
HUB = 500  # characters of a hub's address


@dataclass(frozen=True, slots=True)
class Head:
    """One document of a feed. Of an archive (RFC 5005) `self_url` is its own folder, `current_url` that of the feed."""

    title: str
    description: str
    home_url: str  # the page it follows
    self_url: str  # address of the folder the document stands in, with its slash
    author: str
    updated: datetime  # the newest change, also a withdrawal
    current_url: str = ""  # folder of the document one subscribes to; "" when this is it
    previous_url: str = ""  # folder of the archive before
    following_url: str = ""  # folder of the archive after; only of an archive
    hubs: tuple[str, ...] = ()  # WebSub: where readers may ask to be told of changes
    gone: tuple[tuple[str, datetime], ...] = ()  # guids taken out, and when (RFC 6721)

    @property
    def feed_url(self) -> str:
        """The folder that names the feed as a whole, the same for all its documents."""
        return self.current_url or self.self_url


@dataclass(frozen=True, slots=True)
class Item:
    """One record as a reader meets it; times are aware, addresses are ASCII and absolute."""

    guid: str
    url: str
    title: str
    summary: str
    html: str
    text: str
    tags: tuple[str, ...]
    pictures: tuple[Mapping[str, Any], ...]
    enclosures: tuple[Mapping[str, Any], ...]  # the recording first, then the video, then the pictures
    published: datetime
    updated: datetime


def item_of(record: Record) -> Item:
    body = record["body"]
    note = note_of(record)
    pictures = tuple(body["pictures"])
    played = tuple(body[kind] for kind in ("sound", "video") if body.get(kind))
    return Item(
        guid=record["guid"],
        url=body["url"],
        title=body["title"],
        summary=body["summary"],
        html=(f"<p><em>{note}</em></p>" if note else "") + body["html"],
        text=(f"{note}\n\n" if note else "") + body["text"],
        tags=tuple(body["tags"]),
        pictures=pictures,
        enclosures=(*played, *pictures),
        published=moment(record["published"]),
        updated=moment(record["updated"]),
    )


def note_of(record: Record) -> str:
    """What stands above words that were changed after they went out."""
    changed = corrections(record)
    return f"Đính chính lúc {spoken_time(changed[-1])}." if changed else ""


def hubs_of(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The hubs that can be called, each once, in the order given."""
    return tuple(dict.fromkeys(filter(None, map(hub_address, hubs_named(settings)))))


def hubs_named(settings: Mapping[str, Any]) -> list[str]:
    """What stands in the setting `hubs`, separated by commas, semicolons or blanks."""
    return re.findall(r"[^\s,;]+", str(settings.get("hubs", "")))


def hub_address(named: str) -> str:
    """The address as it is called and printed; "" for what is none."""
    try:
        address = ascii_url(named)
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc and len(address) <= HUB else ""


def full_html(lead: str, html: str, footer: str, pictures: Sequence[Mapping[str, Any]], url: str) -> str:
    """The whole article for readers that never open the page: pictures first, every link absolute."""
    shown = "".join(
        f'<p><img src="{escape(p["url"])}" alt="{escape(p["alt"])}" width="{p["width"]}" height="{p["height"]}"></p>'
        for p in pictures
    )
    opening = f"<p><strong>{escape(lead)}</strong></p>" if lead else ""
    closing = f"<p>{escape(footer)}</p>".replace("\n", "<br>") if footer else ""
    tree = lxml_html.fragment_fromstring(shown + opening + html + closing, create_parent="div")
    tree.make_links_absolute(url)
    return "".join(lxml_html.tostring(child, encoding="unicode").rstrip("\n") for child in tree)


def moment(iso: str) -> datetime:
    return datetime.fromisoformat(iso).astimezone(ZONE)
