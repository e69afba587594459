"""What the three formats say of the feed itself and of one item. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from lxml import html as lxml_html

from channels.standing import ZONE

Record = Mapping[str, Any]
HUB = 500  # characters of a hub's address

# What RFC 3986 lets stand in a path, a query or a fragment, and "%" of what is already encoded.
_SAFE = "/%:@!$&'()*+,;=~-._?"


@dataclass(frozen=True, slots=True)
class Head:
    title: str
    description: str
    home_url: str
    self_url: str  # base address of the feed files
    author: str
    updated: datetime  # the newest change, also a withdrawal
    hubs: tuple[str, ...] = ()  # WebSub: where readers may ask to be told of changes


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
    published: datetime
    updated: datetime


def head_of(newest: Record, home_url: str, self_url: str, hubs: tuple[str, ...] = ()) -> Head:
    """The feed in the name its most recently changed record gives it."""
    name = newest["body"]["publisher"]["name"]
    description = f"Tin bài chính thức của {name}"
    return Head(name, description, ascii_url(home_url), ascii_url(self_url), name, _moment(newest["updated"]), hubs)


def item_of(record: Record) -> Item:
    body = record["body"]
    return Item(
        guid=record["guid"],
        url=body["url"],
        title=body["title"],
        summary=body["summary"],
        html=body["html"],
        text=body["text"],
        tags=tuple(body["tags"]),
        pictures=tuple(body["pictures"]),
        published=_moment(record["published"]),
        updated=_moment(record["updated"]),
    )


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


def ascii_url(url: str) -> str:
    """An address any reader takes: no letters outside ASCII, the host in its IDNA form."""
    parts = urlsplit(url)
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    return urlunsplit(
        (parts.scheme, host, *(quote(part, safe=_SAFE) for part in (parts.path, parts.query, parts.fragment)))
    )


def _moment(iso: str) -> datetime:
    return datetime.fromisoformat(iso).astimezone(ZONE)
