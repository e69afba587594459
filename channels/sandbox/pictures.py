"""Pictures and videos as the vendors look at them: by their first bytes, and fetched from where the call says.

Only loopback hosts are really fetched: the sandbox never calls out of this machine.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlsplit

FETCH_LIMIT = 1024 * 1024  # bytes; an article's picture
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
ARTICLE_PICTURES = ("image/jpeg", "image/png")
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Fetched:
    sha256: str
    media_type: str
    data: bytes = field(repr=False)


def media_type(data: bytes) -> str:
    """ "image/jpeg", "image/png", … or "" by the first bytes."""
    for start, kind in (
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF8", "image/gif"),
        (b"II*\x00", "image/tiff"),
        (b"MM\x00*", "image/tiff"),
    ):
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "image/heif" if data[4:12] in (b"ftypheic", b"ftypmif1") else ""


def video_type(data: bytes) -> str:
    """ "video/mp4", "video/x-msvideo" or "" by the first bytes."""
    if data[4:8] == b"ftyp":
        return "video/mp4"
    return "video/x-msvideo" if data[:4] == b"RIFF" and data[8:12] == b"AVI " else ""


def fetch(
    url: str, seconds: float, most: int = FETCH_LIMIT, kinds: tuple[str, ...] = ARTICLE_PICTURES
) -> Fetched | None:
    """The picture at a loopback address; None when it cannot be had in time, is too large or of another kind.

    Without `kinds` any picture will do.
    """
    data = fetch_bytes(url, seconds, most)
    kind = media_type(data) if data else ""
    if data is None or not kind or (kinds and kind not in kinds):
        return None
    return Fetched(hashlib.sha256(data).hexdigest(), kind, data)


def fetch_bytes(url: str, seconds: float, most: int) -> bytes | None:
    """What lies at a loopback address, at most `most` bytes; None for anything but a whole answer 200 in time."""
    if not fetchable(url):
        return None
    parts = urlsplit(url)
    line = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=seconds)
    try:
        line.request("GET", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}")
        return _read(line.getresponse(), time.monotonic() + seconds, most)
    except (OSError, HTTPException):
        return None
    finally:
        line.close()


def _read(reply: HTTPResponse, until: float, most: int) -> bytes | None:
    if reply.status != 200:
        return None
    data = bytearray()
    while piece := reply.read1(_PIECE):
        data += piece
        if len(data) > most or time.monotonic() > until:
            return None
    whole = int(reply.getheader("Content-Length", str(len(data))))
    return bytes(data) if len(data) == whole else None


def fetchable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in LOOPBACK and port != 0
