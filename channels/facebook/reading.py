"""Finding our own post again among what a Page has published, and seeing what hangs in it. Pure.

A post is ours when it holds our own link (`?pid=`), or, where neither side shows one, exactly our text. Posts:
https://developers.facebook.com/docs/graph-api/reference/page-post (times are `2026-11-22T07:00:00+0000`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from channels.errors import Rejected
from channels.facebook import facts
from channels.facebook.shaping import PID
from channels.text import nfc

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def ours(posts: Iterable[Mapping[str, Any]], message: str, link: str, since: datetime) -> Mapping[str, Any] | None:
    """The first of `candidates`."""
    return next(iter(candidates(posts, message, link, since)), None)


def candidates(posts: Iterable[Mapping[str, Any]], message: str, link: str, since: datetime) -> list[Mapping[str, Any]]:
    """Our posts, the likeliest first: from `since` on the earliest, then the latest the vendor's clock put before."""
    start = since.replace(microsecond=0)  # the vendor tells whole seconds
    found = [(moment(post), post) for post in posts if is_ours(post, message, link)]
    timely = sorted(
        ((at, post) for at, post in found if at >= start - timedelta(seconds=facts.SKEW_SECONDS)),
        key=lambda pair: pair[0],
    )
    after = [post for at, post in timely if at >= start]
    return after + [post for at, post in reversed(timely) if at < start]


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
    for attachment in attachments(post):
        yield str(attachment.get("unshimmed_url", ""))


def attachments(post: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What hangs in a post; the pictures of an album one by one."""
    for attachment in _data(post.get("attachments")):
        yield from _data(attachment.get("subattachments")) or [attachment]


def targets(post: Mapping[str, Any]) -> set[str]:
    """The ids of photos and videos that hang in a post."""
    return {str((attachment.get("target") or {}).get("id", "")) for attachment in attachments(post)} - {""}


def unchangeable(post: Mapping[str, Any], body: Mapping[str, Any]) -> str:
    """What a correction would change besides the words, in the reader's words; "" for nothing that can be seen.

    Only the text of a post can be edited. A picture replaced by another one cannot be seen from here, their number can.
    """
    shown = list(attachments(post))
    pictures = 0 if body.get("video") else len(body["pictures"])
    if any(_is(attachment, "video") for attachment in shown) != bool(body.get("video")):
        return "video"
    if sum(_is(attachment, "photo") for attachment in shown) != pictures:
        return "ảnh"
    marks = {mark(str(attachment.get("unshimmed_url", ""))) for attachment in shown} - {None}
    if marks and mark(body["link"]) not in marks:
        return "đường dẫn"
    return ""


def is_gone(refusal: Rejected) -> bool:
    """Whether the vendor says that an object is not there. It says so to a token without rights too."""
    return (
        (refusal.code, refusal.subcode) == ("100", "33") or refusal.code == "803" or "does not exist" in refusal.message
    )


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


def _data(listed: Any) -> list[Mapping[str, Any]]:
    rows = listed.get("data") if isinstance(listed, Mapping) else None
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _is(attachment: Mapping[str, Any], kind: str) -> bool:
    """`media_type` is photo, video, link or album, with variants such as video_inline."""
    return str(attachment.get("media_type", "")).startswith(kind)
