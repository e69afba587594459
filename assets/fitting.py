"""A picture cut to what a channel takes: as good as its limits allow, never larger than it was. Pure.

The same bytes, needs and version of Pillow give the same bytes.
"""

from __future__ import annotations

import sys
from typing import Protocol

from PIL import Image

from assets.jpeg import encode
from assets.pictures import opened, plain, refuse_animation

_ENDS = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82"}  # bytes behind them are no picture
_MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}
_PLAIN_MODES = {"JPEG": {"RGB", "L"}, "PNG": {"RGB", "L", "P", "1"}}
_HARMLESS = {  # what a decoder tells of the coding itself; everything else is metadata or transparency
    "jfif",
    "jfif_version",
    "jfif_unit",
    "jfif_density",
    "dpi",
    "progressive",
    "progression",
    "interlace",
    "gamma",
    "srgb",
    "chromaticity",
}


class Needs(Protocol):
    """What a channel takes of a picture (channels.contract.PictureNeeds)."""

    @property
    def media_types(self) -> tuple[str, ...]: ...  # JPEG is among them
    @property
    def most_bytes(self) -> int: ...  # 0: no limit
    @property
    def longest_side(self) -> int: ...  # pixels; 0: no limit


class Sized(Protocol):
    """Any record of a picture's facts."""

    @property
    def media_type(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def size(self) -> int: ...


def fits(facts: Sized, needs: Needs) -> bool:
    """Whether a picture that is clean already may go out as it is."""
    light = not needs.most_bytes or facts.size <= needs.most_bytes
    small = not needs.longest_side or max(facts.width, facts.height) <= needs.longest_side
    return facts.media_type in needs.media_types and light and small


def fit(data: bytes, needs: Needs) -> bytes:
    """`data` itself when it fits and holds nothing but the picture, else the best JPEG within the limits.

    Upright, in sRGB, on white, without metadata. Raises `BadPicture` for what is hostile, animated or cannot be made
    small enough.
    """
    with opened(data) as image:
        refuse_animation(image)
        if _goes_as_it_is(image, data, needs):
            return data
        upright = plain(image)
    if needs.longest_side:
        upright.thumbnail((needs.longest_side, needs.longest_side), Image.Resampling.LANCZOS)
    return encode(upright, needs.most_bytes or sys.maxsize)


def _goes_as_it_is(image: Image.Image, data: bytes, needs: Needs) -> bool:
    kind = image.format or ""
    if _MEDIA_TYPES.get(kind) not in needs.media_types or (needs.most_bytes and len(data) > needs.most_bytes):
        return False
    bare = data.endswith(_ENDS[kind]) and set(image.info) <= _HARMLESS and not image.getexif()
    small = not needs.longest_side or max(image.size) <= needs.longest_side
    return bare and small and image.mode in _PLAIN_MODES[kind]
