"""Files in parts: a browser that plays a video asks for the part it shows next (RFC 9110, section 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse

CHUNK = 256 * 1024  # bytes

_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def ranged(request: HttpRequest, path: Path, media_type: str, **headers: str) -> HttpResponse:
    """The file, or the one range asked for (206, or 416 for one outside it). Several at once get the whole file, and so
    does who holds a part of another version (If-Range). `headers`: further ones, `_` for `-`."""
    answer = part_of(request, path, media_type, headers.get("ETag", ""))
    answer["Accept-Ranges"] = "bytes"
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    return answer


def part_of(request: HttpRequest, path: Path, media_type: str, etag: str) -> HttpResponse:
    asked = _ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if not asked or asked[0] == "bytes=-" or request.headers.get("If-Range", etag) != etag:
        return FileResponse(path.open("rb"), content_type=media_type)
    size = path.stat().st_size
    first, last = bounds(asked[1], asked[2], size)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    part = StreamingHttpResponse(read(path, first, last - first + 1), status=206, content_type=media_type)
    part["Content-Length"] = str(last - first + 1)
    part["Content-Range"] = f"bytes {first}-{last}/{size}"
    return part


def bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """First and last byte; `-500` is the last 500. First beyond last: there is no such part."""
    if not first:
        return (max(size - int(last), 0), size - 1) if int(last) else (1, 0)
    return int(first), min(int(last) if last else size - 1, size - 1)


def read(path: Path, start: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
