"""How every picture leaves the house: as a JPEG that each channel takes, and smaller forms for newer browsers."""

from __future__ import annotations

import io
import math
from bisect import bisect_left

from PIL import Image

LARGEST_JPEG = 1_000_000  # bytes: the least that any channel allows (pictures of a Zalo article, read 2026-11)
SMALLEST_SIDE = 32  # pixels
_BOTH_AT_ONCE = 4_000_000  # pixels: above, a progressive scan takes seven times as long to write and 36 MB more
_NEWER = {  # measured on photographs of 12 megapixels: half the bytes of the JPEG, within a tenth of a second
    "image/avif": ("AVIF", {"quality": 60, "speed": 9}),
    "image/webp": ("WEBP", {"quality": 78, "method": 2}),
}
_QUALITIES = (88, 82, 76, 70, 62, 54, 46, 38)
_STILL_GOOD = 5  # of them are used for a picture larger than a screen: rather fewer pixels than spoiled ones
SCREEN = 2048  # pixels
_SAVED = 1.1  # how much more a quick scan takes than a thorough one, at the least
_DENSEST = 2  # bytes a pixel that no quality of ours reaches


Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels


class BadPicture(ValueError):
    """Says in Vietnamese what is wrong with the file and what to do."""


def encode(image: Image.Image, limit: int = LARGEST_JPEG) -> bytes:
    """JPEG of an RGB image, of the best quality that stays within `limit` bytes, smaller if it must be."""
    while True:
        most = len(_QUALITIES) if max(image.size) <= SCREEN else _STILL_GOOD
        least = _least(image, limit, _QUALITIES[most - 1])
        if least <= limit * (_SAVED if _thorough(image) else 1):
            for quality in _QUALITIES[_first_to_try(image, limit, most) : most]:
                data = _written(image, quality, thorough=_thorough(image))
                if len(data) <= limit:
                    return data
        if min(image.size) <= SMALLEST_SIDE:
            raise BadPicture("Ảnh quá nhiều chi tiết, không nén được tới cỡ cho phép: hãy chọn ảnh khác.")
        image = _smaller(image, limit, least)


def within_reach(image: Image.Image, limit: int) -> bool:
    """Whether a picture larger than a screen keeps to the limit without being spoiled."""
    return _least(image, limit, _QUALITIES[_STILL_GOOD - 1]) <= limit


def _least(image: Image.Image, limit: int, quality: int) -> int:
    """Bytes of a quick scan of the lowest quality; 0 where the limit is out of reach anyway."""
    return 0 if limit >= image.width * image.height * _DENSEST else len(_written(image, quality))


def _first_to_try(image: Image.Image, limit: int, most: int) -> int:
    """Place of the best quality that may fit, by quick scans: a thorough one takes ten times as long."""
    if limit >= image.width * image.height * _DENSEST:
        return 0
    saved = _SAVED if _thorough(image) else 1
    return bisect_left(range(most - 1), True, key=lambda at: len(_written(image, _QUALITIES[at])) <= limit * saved)


def _thorough(image: Image.Image) -> bool:
    return image.width * image.height <= _BOTH_AT_ONCE


def _written(image: Image.Image, quality: int, thorough: bool = False) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=thorough, progressive=thorough)
    return buffer.getvalue()


def _smaller(image: Image.Image, limit: int, size: int) -> Image.Image:
    """With as many pixels fewer as `size` bytes are too many, and a few more."""
    share = min(0.9, max(0.3, 0.97 * math.sqrt(limit / max(1, size))))
    width, height = (max(SMALLEST_SIDE // 2, round(side * share)) for side in image.size)
    return resized(image, (width, height))


def resized(image: Image.Image, size: tuple[int, int], box: Box | None = None) -> Image.Image:
    """The picture, or its part within `box`, brought down to `size`. Of many pixels by the quicker of two filters,
    whose work no eye tells from the other's at such sizes."""
    filter_ = Image.Resampling.LANCZOS if _thorough(image) else Image.Resampling.BICUBIC
    return image.resize(size, filter_, box, reducing_gap=2.0)


def encode_as(image: Image.Image, media_type: str) -> bytes:
    """An RGB image as JPEG, AVIF or WebP. Raises `KeyError` for another type."""
    if media_type == "image/jpeg":
        return encode(image)
    kind, options = _NEWER[media_type]
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def size_of_jpeg(data: bytes) -> tuple[int, int]:
    """Width and height of one of ours, from its header."""
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        return image.size
