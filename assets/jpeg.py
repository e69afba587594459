"""How every picture leaves the house: as a JPEG that each channel takes."""

from __future__ import annotations

import io

from PIL import Image

LARGEST_JPEG = 1_000_000  # bytes: the least that any channel allows (pictures of a Zalo article, read 2026-11)
SMALLEST_SIDE = 32  # pixels
_QUALITIES = (88, 82, 76, 70, 62, 54, 46, 38)


class BadPicture(ValueError):
    """Says in Vietnamese what is wrong with the file and what to do."""


def encode(image: Image.Image, limit: int = LARGEST_JPEG) -> bytes:
    """Progressive JPEG of an RGB image, of the best quality that stays within `limit` bytes, smaller if it must be."""
    while True:
        for quality in _QUALITIES:
            buffer = io.BytesIO()
            image.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
            if buffer.tell() <= limit:
                return buffer.getvalue()
        if min(image.size) <= SMALLEST_SIDE:
            raise BadPicture("Ảnh quá nhiều chi tiết, không nén được tới cỡ cho phép: hãy chọn ảnh khác.")
        image = image.resize((image.width * 3 // 4, image.height * 3 // 4), Image.Resampling.LANCZOS)
