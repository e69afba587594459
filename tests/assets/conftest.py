from __future__ import annotations

import io

from PIL import Image


def photograph(width: int, height: int) -> Image.Image:
    """Something with colours and edges, not one flat tone."""
    across = Image.linear_gradient("L").resize((width, height))
    down = across.rotate(90).resize((width, height))
    return Image.merge("RGB", (across, down, Image.blend(across, down, 0.5)))


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
