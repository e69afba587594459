"""A surface of paper: one page of PDF, its shapes in CMYK, its type embedded and selectable, with bleed and crop marks.

The same words give the same bytes: no date and no chance number is written into the file.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from math import prod

from PIL import Image, ImageDraw, ImageOps
from reportlab.lib.colors import CMYKColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from assets.made.colours import Colour
from assets.made.faces import printed
from assets.made.formats import MM, Format
from assets.made.surface import Box, Point

BLEED = 3 * MM
_MARK = 5 * MM  # length of a crop mark
_MARKS_AWAY = 1 * MM  # beyond the bleed
MOST_INK = 3.0  # of the four together: what coated paper bears
_NEUTRAL = 0.06  # shares that differ less are grey
_SOLID = 0.65  # a darker grey is printed full: small type must not be made of dots


# What the inks of a press look like in sRGB, solid and over each other, after ISO 12647-2 on coated paper (FOGRA39).
_SOLIDS: dict[tuple[int, int, int], tuple[int, int, int]] = {
    (0, 0, 0): (255, 255, 255), (1, 0, 0): (0, 158, 224), (0, 1, 0): (230, 0, 126), (0, 0, 1): (255, 237, 0),
    (1, 1, 0): (49, 39, 131), (1, 0, 1): (0, 150, 64), (0, 1, 1): (226, 0, 26), (1, 1, 1): (54, 54, 57),
}  # fmt: skip
_ROUNDS, _PACE = 60, 0.6  # of the search below


@cache
def ink(colour: Colour) -> CMYKColor:
    """Process colours that look like an sRGB colour once printed, at most 300 % of ink. Greys are black alone."""
    shares = [one / 255 for one in colour]
    if max(shares) - min(shares) < _NEUTRAL:
        black = 1 - sum(shares) / 3
        return CMYKColor(0, 0, 0, 1 if black > _SOLID else round(black, 4))
    black = (1 - max(shares)) * 0.9
    wanted = [min(1.0, one / (1 - black)) for one in shares]
    inks = [1 - one for one in wanted]
    for _ in range(_ROUNDS):  # each ink takes mostly one light away: step by what is still too bright or too dark
        inks = [min(1.0, max(0.0, one + _PACE * (seen - want)))
                for one, seen, want in zip(inks, _seen(inks), wanted, strict=True)]  # fmt: skip
    most = max(0.0, MOST_INK - black)
    share = min(1.0, most / max(sum(inks), 0.001))
    return CMYKColor(*(round(one * share, 4) for one in inks), round(black, 4))


def _seen(inks: Sequence[float]) -> list[float]:
    """The light of dots printed over each other by chance: Demichel's shares of Neugebauer's eight colours."""
    light = [0.0, 0.0, 0.0]
    for solid, colour in _SOLIDS.items():
        share = prod(one if on else 1 - one for one, on in zip(inks, solid, strict=True))
        light = [sum_ + share * one / 255 for sum_, one in zip(light, colour, strict=True)]
    return light


class Paper:
    density = 3.0  # 216 dots an inch

    def __init__(self, size: Format, *, title: str, author: str, marks: bool = False) -> None:
        self.width, self.height = size.width, size.height
        self.bleed = BLEED if marks else 0.0
        self._margin = BLEED + _MARKS_AWAY + _MARK if marks else 0.0
        self._buffer = io.BytesIO()
        whole = (size.width + 2 * self._margin, size.height + 2 * self._margin)
        self._canvas = Canvas(self._buffer, pagesize=whole, invariant=1, pageCompression=1, lang="vi")
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        trim = (self._margin, self._margin, self._margin + size.width, self._margin + size.height)
        self._canvas.setTrimBox(trim)
        reach = (trim[0] - self.bleed, trim[1] - self.bleed, trim[2] + self.bleed, trim[3] + self.bleed)
        self._canvas.setBleedBox(reach)
        self._marks = marks
        self._canvas.saveState()
        if marks:
            clip = self._canvas.beginPath()
            clip.rect(reach[0], reach[1], reach[2] - reach[0], reach[3] - reach[1])
            self._canvas.clipPath(clip, stroke=0, fill=0)
        self._canvas.translate(self._margin, self._margin)

    def data(self) -> bytes:
        self._canvas.restoreState()
        if self._marks:
            self._crop_marks()
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()

    def fill(self, upper: Colour, lower: Colour) -> None:
        corners = (self.width + self.bleed, self.height + self.bleed, -self.bleed, -self.bleed)
        if upper == lower:
            self.box(self._whole(), upper)
        else:
            self._canvas.linearGradient(*corners, (ink(upper), ink(lower)), extend=True)

    def box(self, box: Box, colour: Colour, *, radius: float = 0, opacity: float = 1) -> None:
        self._colour(colour, opacity)
        low = self.height - box.bottom
        if radius:
            self._canvas.roundRect(box.left, low, box.width, box.height, radius, stroke=0, fill=1)
        else:
            self._canvas.rect(box.left, low, box.width, box.height, stroke=0, fill=1)

    def shape(self, points: Sequence[Point], colour: Colour, *, opacity: float = 1) -> None:
        self._colour(colour, opacity)
        path = self._canvas.beginPath()
        path.moveTo(points[0][0], self.height - points[0][1])
        for x, y in points[1:]:
            path.lineTo(x, self.height - y)
        path.close()
        self._canvas.drawPath(path, stroke=0, fill=1)

    def disc(self, centre: Point, radius: float, colour: Colour, *, opacity: float = 1) -> None:
        self._colour(colour, opacity)
        self._canvas.circle(centre[0], self.height - centre[1], radius, stroke=0, fill=1)

    def ring(self, centre: Point, radius: float, width: float, colour: Colour, *, opacity: float = 1) -> None:
        self._canvas.setStrokeColor(ink(colour))
        self._canvas.setStrokeAlpha(opacity)
        self._canvas.setLineWidth(width)
        self._canvas.circle(centre[0], self.height - centre[1], radius - width / 2, stroke=1, fill=0)

    def picture(self, image: Image.Image, box: Box, *, round_: bool = False) -> None:
        size = round(box.width * self.density), round(box.height * self.density)
        fitted = ImageOps.fit(image.convert("RGB"), size, Image.Resampling.LANCZOS)
        low = self.height - box.bottom
        if round_:
            mask = Image.new("L", size, 0)
            ImageDraw.Draw(mask).ellipse((0, 0, size[0] - 1, size[1] - 1), fill=255)
            fitted.putalpha(mask)
        buffer = io.BytesIO()
        if round_:
            fitted.save(buffer, "PNG")
        else:
            fitted.save(buffer, "JPEG", quality=90)  # sRGB: a press has the profile of its paper, we do not
        buffer.seek(0)
        self._canvas.setFillAlpha(1)
        self._canvas.drawImage(ImageReader(buffer), box.left, low, box.width, box.height, mask="auto")

    def words(self, words: str, at: Point, face: str, size: float, colour: Colour, *, align: str = "left") -> None:
        printed(face)
        self._colour(colour, 1)
        self._canvas.setFont(face, size)
        x, y = at[0], self.height - at[1]
        draw = {"left": "drawString", "centre": "drawCentredString", "right": "drawRightString"}[align]
        getattr(self._canvas, draw)(x, y, words)

    def _colour(self, colour: Colour, opacity: float) -> None:
        self._canvas.setFillColor(ink(colour))
        self._canvas.setFillAlpha(opacity)

    def _whole(self) -> Box:
        return Box(-self.bleed, -self.bleed, self.width + 2 * self.bleed, self.height + 2 * self.bleed)

    def _crop_marks(self) -> None:
        pen = self._canvas
        pen.setStrokeColor(CMYKColor(1, 1, 1, 1))  # on every plate
        pen.setStrokeAlpha(1)
        pen.setLineWidth(0.25)
        low, left = self._margin, self._margin
        high, right = low + self.height, left + self.width
        for x in (left, right):
            pen.line(x, 0, x, _MARK)
            pen.line(x, high + self._margin, x, high + self._margin - _MARK)
        for y in (low, high):
            pen.line(0, y, _MARK, y)
            pen.line(right + self._margin, y, right + self._margin - _MARK, y)
