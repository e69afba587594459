"""Videos from people we do not know: MP4 by their boxes, not by their name. Pure; the file is read where it lies.

Boxes: ISO/IEC 14496-12, 4.2 (box), 4.3 (ftyp), 8.2.2 (mvhd), 8.3.2 (tkhd), 8.4.3 (hdlr), 8.5.2 (stsd).
"""

from __future__ import annotations

import struct
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

_FACTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("videos.toml").read_text("utf-8"))
LARGEST_VIDEO: int = _FACTS["limits"]["bytes"]
BRANDS = frozenset(brand.encode() for brand in _FACTS["mp4"]["brands"])
PLAYED_EVERYWHERE = frozenset(_FACTS["mp4"]["played_everywhere"])
MEDIA_TYPE = "video/mp4"
MOST_BOXES = 200_000  # at one level: a live recording has two for each of its fragments
LARGEST_HEADER = 4096  # bytes read of any box; those looked at are far smaller

CUT_OFF = "Video bị hỏng hoặc tải lên thiếu: hãy mở lại trên máy, xuất thành MP4 rồi tải lại."
NOT_MP4 = "Tệp không phải video MP4: hãy xuất thành MP4 (H.264) rồi tải lại."


class BadVideo(ValueError):
    """Says in Vietnamese what is wrong with the file and what to do."""


@dataclass(frozen=True, slots=True)
class VideoFacts:
    media_type: str
    size: int  # bytes
    width: int  # pixels, as seen: the camera's turn is applied; 0 when the file does not say
    height: int
    seconds: float  # 0 when the file does not say
    codec: str  # four letters of the picture's coding, "avc1" for H.264

    @property
    def played_everywhere(self) -> bool:
        return self.codec in PLAYED_EVERYWHERE


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int  # of what is inside
    end: int


def inspect_video(file: BinaryIO) -> VideoFacts:
    """Facts of an MP4 with a picture that is whole from its first box to its last. Raises `BadVideo`."""
    size = file.seek(0, 2)
    _refuse_size(size)
    top = _boxes(file, 0, size)
    _refuse_other_kinds(file, top)
    movie = next((box for box in top if box.kind == b"moov"), None)
    if movie is None:
        raise BadVideo(CUT_OFF)
    within = _boxes(file, movie.start, movie.end)
    tracks = (_boxes(file, box.start, box.end) for box in within if box.kind == b"trak")
    shown = next((track for track in tracks if _handler(file, track) == b"vide"), None)
    if shown is None:
        raise BadVideo("Tệp MP4 này không có hình, chỉ có tiếng: hãy chọn tệp video khác.")
    width, height = _seen_size(_read(file, _first(shown, b"tkhd")))
    return VideoFacts(
        MEDIA_TYPE, size, width, height, _seconds(_read(file, _first(within, b"mvhd"))), _codec(file, shown)
    )


def _refuse_size(size: int) -> None:
    if not size:
        raise BadVideo("Tệp video rỗng: hãy chọn lại tệp.")
    if size > LARGEST_VIDEO:
        weight = f"{size / 1_000_000:.1f}".replace(".", ",")
        raise BadVideo(
            f"Video nặng {weight} MB, nhiều nhất {LARGEST_VIDEO // 1_000_000} MB: hãy cắt ngắn hoặc nén lại."
        )


def _refuse_other_kinds(file: BinaryIO, top: list[_Box]) -> None:
    if not top or top[0].kind != b"ftyp":
        raise BadVideo(NOT_MP4)
    told = _read(file, top[0])
    brands = {told[:4], *(told[at : at + 4] for at in range(8, len(told), 4))}
    if told[:4] == b"qt  " or not brands & BRANDS:
        raise BadVideo(NOT_MP4)


def _boxes(file: BinaryIO, start: int, end: int) -> list[_Box]:
    found = []
    for box in _walk(file, start, end):
        found.append(box)
        if len(found) > MOST_BOXES:
            raise BadVideo(CUT_OFF)
    return found


def _walk(file: BinaryIO, start: int, end: int) -> Iterator[_Box]:
    while start < end:
        file.seek(start)
        head = file.read(min(16, end - start))
        if len(head) < 8 or not (start or head[4:8] == b"ftyp"):
            raise BadVideo(CUT_OFF if start else NOT_MP4)
        size, inside = int.from_bytes(head[:4]), 8
        if size == 1:
            size, inside = int.from_bytes(head[8:16]), 16
        size = size or end - start
        if size < inside or start + size > end:
            raise BadVideo(CUT_OFF)
        yield _Box(head[4:8], start + inside, start + size)
        start += size


def _read(file: BinaryIO, box: _Box | None) -> bytes:
    if box is None:
        return b""
    file.seek(box.start)
    return file.read(min(box.end - box.start, LARGEST_HEADER))


def _first(boxes: list[_Box], kind: bytes) -> _Box | None:
    return next((box for box in boxes if box.kind == kind), None)


def _within(file: BinaryIO, boxes: list[_Box], *path: bytes) -> _Box | None:
    """The box at the end of the path, None when it is not there."""
    *outer, last = path
    for kind in outer:
        box = _first(boxes, kind)
        if box is None:
            return None
        boxes = _boxes(file, box.start, box.end)
    return _first(boxes, last)


def _handler(file: BinaryIO, track: list[_Box]) -> bytes:
    return _read(file, _within(file, track, b"mdia", b"hdlr"))[8:12]


def _codec(file: BinaryIO, track: list[_Box]) -> str:
    return _read(file, _within(file, track, b"mdia", b"minf", b"stbl", b"stsd"))[12:16].decode("ascii", "replace")


def _seen_size(tkhd: bytes) -> tuple[int, int]:
    """The last eight bytes are width and height as 16.16; before them the matrix tells of a turn by a quarter."""
    if len(tkhd) < 84:
        return 0, 0
    held = tkhd[: 96 if tkhd[0] == 1 else 84]
    if len(held) not in (84, 96):
        return 0, 0
    a, b, _, c, d = struct.unpack(">5i", held[-44:-24])
    width, height = (value >> 16 for value in struct.unpack(">2I", held[-8:]))
    return (height, width) if not a and not d and b and c else (width, height)


def _seconds(mvhd: bytes) -> float:
    longer = mvhd[:1] == b"\x01"
    if len(mvhd) < (32 if longer else 20):
        return 0.0
    scale, length = struct.unpack(">IQ", mvhd[20:32]) if longer else struct.unpack(">II", mvhd[12:20])
    return float(length / scale) if scale else 0.0
