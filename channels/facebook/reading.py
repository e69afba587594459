"""Finding our own post again among what a Page has published. Pure.

A post is ours when it holds our own link (`?pid=`), or, where neither side shows one, exactly our text. Posts:
https://developers.facebook.com/docs/graph-api/reference/page-post (times are `2026-11-22T07:00:00+0000`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from channels.facebook import facts
from channels.facebook.shaping import PID
from channels.text import nfc

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def ours(posts: Iterable[Mapping[str, Any]], message: str, link: str, since: datetime) -> Mapping[str, Any] | None:
    """The earliest of our posts from `since` on; else the latest of those the vendor's clock put just before it."""
    start = since.replace(microsecond=0)  # the vendor tells whole seconds
    found = [(moment(post), post) for post in posts if is_ours(post, message, link)]
    timely = sorted(
        ((at, post) for at, post in found if at >= start - timedelta(seconds=facts.SKEW_SECONDS)),
        key=lambda pair: pair[0],
    )
    after = [post for at, post in timely if at >= start]
    if after:
        return after[0]
    return timely[-1][1] if timely else None


def is_ours(post: Mapping[str, Any], message: str, link: str) -> bool:
    marks = {mark(address) for address in addresses(post)} - {None}
    if link and marks:
        return mark(link) in marks
    return normal(str(post.get("message", ""))) == normal(message)


def mark(address: str) -> tuple[str, str, str] | None:
    """Host, path and pid of one of our own links; None for any other address."""
    parts = urlsplit(address.rstrip(".,;:!?)…"))
    pid = parse_qs(parts.query).get(PID)
    return (parts.netloc.lower(), parts.path, pid[0]) if pid else None


def addresses(post: Mapping[str, Any]) -> Iterator[str]:
    """Every address a post shows. `url` of an attachment is wrapped by the vendor, `unshimmed_url` is not."""
    yield from _ADDRESS.findall(str(post.get("message", "")))
    for attachment in (post.get("attachments") or {}).get("data", []):
        yield str(attachment.get("unshimmed_url", ""))


def normal(text: str) -> str:
    return nfc(text).strip()


def moment(post: Mapping[str, Any]) -> datetime:
    """When a post was made; the beginning of time for one that does not say."""
    try:
        return datetime.strptime(str(post.get("created_time", "")), "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def next_cursor(listing: Mapping[str, Any]) -> str:
    """The cursor of the next page, "" at the end. An empty page may still have a next one."""
    following = (listing.get("paging") or {}).get("next", "")
    return (parse_qs(urlsplit(str(following)).query).get("after") or [""])[0]
