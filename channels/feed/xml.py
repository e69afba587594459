"""RSS 2.0 and Atom by feedgen, with everything feedgen 1.0.0 gets wrong put right here and nowhere else. Pure.

Formats: https://www.rssboard.org/rss-profile, https://www.rssboard.org/media-rss, RFC 4287. What is put right:

- hubs and the links among archives are left out of RSS, its `syndication` extension names its elements wrongly: written
  here (RFC 5005, RFC 6721);
- dates are formatted under `locale.setlocale`, which is not safe among threads: `email.utils` does it instead;
- the last `link()` becomes the channel's `<link>`: the alternate one comes last; `add_entry` prepends: told to append;
- build dates default to now: every date is set, from the items;
- entry links lose rel, type and length in Atom, and only one enclosure survives in RSS: both are written here;
- media:content would be wrapped in media:group and wants strings: written here;
- content without `type="html"` shows its tags, content without a summary lands in `description`: both are always set;
- `&` and `<` in an RSS title are hexadecimal references, which readers that unescape twice survive (RSS Profile).

Control characters, which make it raise, are taken out by `channels.text.nfc` when the payload is shaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from email.utils import format_datetime
from typing import Any

import feedgen.entry
import feedgen.feed
from feedgen.feed import FeedGenerator
from lxml import etree

from channels.feed.head import Head, Item

feedgen.feed.formatRFC2822 = format_datetime
feedgen.entry.formatRFC2822 = format_datetime

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
GENERATOR = "Tin Cơ Sở"
TTL = 15  # minutes a reader may keep the feed: a hint

etree.register_namespace("media", MEDIA)
etree.register_namespace("fh", HISTORY)
etree.register_namespace("at", TOMBSTONES)

_TYPES = {"rss.xml": "application/rss+xml", "atom.xml": "application/atom+xml"}
_TITLE = re.compile(rb"<title>[^<]*</title>")


def rss(head: Head, items: Sequence[Item]) -> bytes:
    """The RSS 2.0 document, the items in the order given."""
    made = _generator(head, items, "rss.xml")
    root, _ = made._create_rss()
    own = root.find(f"channel/{{{ATOM}}}link")
    for element in reversed([*_links(head, "rss.xml"), *_archive_mark(head)]):
        own.addnext(element)
    for element, item in zip(root.iter("item"), items, strict=True):
        for enclosure in item.enclosures[:1]:
            etree.SubElement(element, "enclosure", _enclosure(enclosure, "url"))
        for picture in item.pictures:
            element.append(_media(picture))
        if item.updated != item.published:
            etree.SubElement(element, f"{{{ATOM}}}updated").text = item.updated.isoformat()
    return _TITLE.sub(_hexadecimal, _written(root))


def atom(head: Head, items: Sequence[Item]) -> bytes:
    """The Atom document, the items in the order given."""
    made = _generator(head, items, "atom.xml")
    root, _ = made._create_atom()
    # feedgen writes the namespace as a plain attribute: read again, the elements are in it.
    root = etree.fromstring(etree.tostring(root), etree.XMLParser(resolve_entities=False, no_network=True))
    own = root.find(f"{{{ATOM}}}link")
    for element in reversed([*_links(head, "atom.xml"), *_archive_mark(head)]):
        own.addnext(element)
    for entry, item in zip(root.iter(f"{{{ATOM}}}entry"), items, strict=True):
        for link in entry.findall(f"{{{ATOM}}}link"):
            link.attrib.update({"rel": "alternate", "type": "text/html", "hreflang": "vi"})
        for enclosure in item.enclosures:
            etree.SubElement(entry, f"{{{ATOM}}}link", {"rel": "enclosure", **_enclosure(enclosure, "href")})
    for guid, when in head.gone:
        etree.SubElement(root, f"{{{TOMBSTONES}}}deleted-entry", {"ref": guid, "when": when.isoformat()})
    return _written(root)


def _generator(head: Head, items: Sequence[Item], file: str) -> Any:
    made = FeedGenerator()
    made.id(head.feed_url + "atom.xml")
    made.title(head.title)
    made.subtitle(head.description)
    made.description(head.description)
    made.language("vi")
    made.generator(GENERATOR)
    made.author({"name": head.author})
    made.ttl(TTL)
    made.updated(head.updated)
    made.lastBuildDate(head.updated)
    made.link(href=head.self_url + file, rel="self", type=_TYPES[file])
    made.link(href=head.home_url, rel="alternate", type="text/html")
    for item in items:
        entry = made.add_entry(order="append")
        entry.id(item.guid)
        entry.title(item.title)
        entry.summary(item.summary)
        entry.content(item.html, type="html")
        entry.link(href=item.url, rel="alternate")
        entry.category([{"term": tag} for tag in item.tags])
        entry.published(item.published)
        entry.updated(item.updated)
    return made


def _links(head: Head, file: str) -> Iterator[etree._Element]:
    """Hubs (WebSub) and the documents around this one (RFC 5005)."""
    for hub in head.hubs:
        yield etree.Element(f"{{{ATOM}}}link", rel="hub", href=hub)
    folders = {
        "current": head.current_url,
        "prev-archive": head.previous_url,
        "next-archive": head.following_url,
    }
    for relation, folder in folders.items():
        if folder:
            yield etree.Element(f"{{{ATOM}}}link", rel=relation, type=_TYPES[file], href=folder + file)


def _archive_mark(head: Head) -> list[etree._Element]:
    return [etree.Element(f"{{{HISTORY}}}archive")] if head.current_url else []


def _enclosure(enclosure: Mapping[str, Any], address: str) -> dict[str, str]:
    return {address: enclosure["url"], "length": str(enclosure["size"]), "type": enclosure["media_type"]}


def _media(picture: Mapping[str, Any]) -> etree._Element:
    size = {key: str(picture[key]) for key in ("width", "height")}
    named = {"url": picture["url"], "medium": "image", "type": picture["media_type"], "fileSize": str(picture["size"])}
    media = etree.Element(f"{{{MEDIA}}}content", named | size)
    if picture["alt"]:
        etree.SubElement(media, f"{{{MEDIA}}}description", {"type": "plain"}).text = picture["alt"]
    return media


def _written(root: Any) -> bytes:
    spaces = {"media": MEDIA, "fh": HISTORY, "at": TOMBSTONES}  # those not used are left out
    etree.cleanup_namespaces(root, top_nsmap=spaces, keep_ns_prefixes=["atom", "content"])
    return bytes(etree.tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=True))


def _hexadecimal(title: re.Match[bytes]) -> bytes:
    return title[0].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")
