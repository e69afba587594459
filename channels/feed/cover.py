"""The cover of a podcast: a picture an office gives, judged, or a plain one with the show's name until it gives one."""

from __future__ import annotations

import io

import font_source_sans_pro
from PIL import Image, ImageDraw, ImageFont

from channels.errors import Rejected

COVERS = {"JPEG": "bia.jpg", "PNG": "bia.png"}
SIDES = (1400, 3000)  # pixels, square: https://podcasters.apple.com/support/896-artwork-requirements
GROUND, INK, LINE = "#12355b", "#ffffff", "#f2b705"  # 12.5 to 1, readable at the size of a thumbnail
MARGIN = 130  # pixels
LARGEST, SMALLEST = 190, 70  # points, from which a name is made to fit


def cover_name(data: bytes) -> str:
    """The file name for a picture directories take. Raises `Rejected` for another."""
    least, most = SIDES
    try:
        with Image.open(io.BytesIO(data), formats=list(COVERS)) as picture:
            width, height, kind = picture.width, picture.height, picture.format or ""
    except (OSError, ValueError, Image.DecompressionBombError):
        raise Rejected("Ảnh bìa podcast không đọc được: hãy dùng JPEG hoặc PNG.", code="cover") from None
    if width != height or not least <= width <= most:
        raise Rejected(
            f"Ảnh bìa podcast phải vuông, cạnh {least} đến {most} điểm ảnh; ảnh này {width} × {height}.", code="cover"
        )
    return COVERS[kind]


def plain_cover(title: str) -> bytes:
    """PNG, 1400 × 1400: the name of the show, as large as it fits."""
    side = SIDES[0]
    picture = Image.new("RGB", (side, side), GROUND)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((MARGIN, MARGIN, MARGIN + 240, MARGIN + 22), fill=LINE)
    space = side - 2 * MARGIN
    for size in range(LARGEST, SMALLEST - 1, -10):
        font = ImageFont.truetype(font_source_sans_pro.font_files_ttf["SourceSansProBold"], size)
        words = "\n".join(_lines(title, font, space))
        box = draw.multiline_textbbox((MARGIN, MARGIN + 90), words, font=font, spacing=size // 4)
        if box[3] <= side - MARGIN and box[2] <= side - MARGIN:
            break
    draw.multiline_text((MARGIN, MARGIN + 90), words, font=font, fill=INK, spacing=size // 4)
    written = io.BytesIO()
    picture.quantize(32).save(written, "PNG", optimize=True)
    return written.getvalue()


def _lines(title: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
