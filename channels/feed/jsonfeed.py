"""JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/ Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from channels.feed.head import Head, Item

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(head: Head, items: Sequence[Item]) -> bytes:
    """The JSON Feed document, the items in the order given. It knows no archives: older items are its next pages."""
    said = {
        "version": VERSION,
        "title": head.title,
        "home_page_url": head.home_url,
        "feed_url": head.self_url + "feed.json",
        "next_url": head.previous_url + "feed.json" if head.previous_url else "",
        "description": head.description,
        "language": "vi",
        "authors": [{"name": head.author, "url": head.home_url}],
        "hubs": [{"type": "WebSub", "url": hub} for hub in head.hubs],
    }
    feed = {key: value for key, value in said.items() if value} | {"items": [_item(item) for item in items]}
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def _item(item: Item) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": item.guid,
        "url": item.url,
        "title": item.title,
        "summary": item.summary,
        "content_html": item.html,
        "content_text": item.text,
        "image": item.pictures[0]["url"] if item.pictures else None,
        "date_published": item.published.isoformat(),
        "date_modified": item.updated.isoformat(),
        "tags": list(item.tags),
        "language": "vi",
        "attachments": [_attachment(enclosure) for enclosure in item.enclosures],
    }
    return {key: value for key, value in said.items() if value}


def _attachment(enclosure: Mapping[str, Any]) -> dict[str, Any]:
    named = {
        "url": enclosure["url"],
        "mime_type": enclosure["media_type"],
        "size_in_bytes": enclosure["size"],
        "title": enclosure.get("alt"),
        "duration_in_seconds": enclosure.get("seconds"),
    }
    return {key: value for key, value in named.items() if value}
