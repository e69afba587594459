"""Pictures as the vendors look at them: by their first bytes, and fetched from where the article says.

Only loopback hosts are really fetched: the sandbox never calls out of this machine.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from channels.errors import ChannelError
from channels.remote import Call, ask, is_loopback

FETCH_SECONDS = (2.0, 3.0)
FETCH_LIMIT = 1024 * 1024  # bytes; an article's picture


@dataclass(frozen=True, slots=True)
class Fetched:
    sha256: str
    media_type: str
    data: bytes = field(repr=False)


def media_type(data: bytes) -> str:
    """ "image/jpeg", "image/png" or "" by the first bytes."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return ""


def fetch(url: str) -> Fetched | None:
    """The picture at a loopback address; None when it cannot be had, is too large or is no picture."""
    try:
        reply = ask(Call("GET", url, repeatable=True), FETCH_SECONDS)
    except ChannelError:
        return None
    kind = media_type(reply.body)
    if reply.status != 200 or not kind or len(reply.body) > FETCH_LIMIT:
        return None
    return Fetched(hashlib.sha256(reply.body).hexdigest(), kind, reply.body)


def fetchable(url: str) -> bool:
    return is_loopback(url)
