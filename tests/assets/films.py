"""Small MP4 files made box by box: nothing plays, everything is where a player looks for it."""

from __future__ import annotations

import struct

UPRIGHT = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
QUARTER = (0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def ftyp(major: bytes = b"isom", *others: bytes) -> bytes:
    return box(b"ftyp", major, struct.pack(">I", 512), *others)


def track(
    handler: bytes = b"vide", codec: bytes = b"avc1", size: tuple[int, int] = (1280, 720), matrix=UPRIGHT
) -> bytes:
    tkhd = bytes(40) + struct.pack(">9i", *matrix) + struct.pack(">2I", size[0] << 16, size[1] << 16)
    stsd = box(b"stsd", bytes(4), struct.pack(">I", 1), box(codec, bytes(78)))
    hdlr = box(b"hdlr", bytes(8), handler, bytes(13))
    return box(b"trak", box(b"tkhd", tkhd), box(b"mdia", hdlr, box(b"minf", box(b"stbl", stsd))))


def moov(*tracks: bytes, seconds: int = 12) -> bytes:
    return box(b"moov", box(b"mvhd", bytes(12) + struct.pack(">II", 1000, seconds * 1000) + bytes(80)), *tracks)


def film(weight: int = 2000, filling: bytes = b"\x07", *tracks: bytes) -> bytes:
    """An MP4 of 1280 × 720 whose pictures weigh `weight` bytes; another `filling` is another film."""
    return ftyp(b"isom", b"mp42") + box(b"mdat", filling * weight) + moov(*(tracks or (track(), track(b"soun"))))
