"""A surface of pixels. Edges are smooth: shapes are drawn larger as masks and brought down."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw, ImageOps

from assets.made.colours import Colour
from assets.made.faces import drawn
from assets.made.formats import Format
from assets.made.surface import Box, Point

_FINER = 3
_ANCHORS = {"left": "ls", "centre": "ms", "right": "rs"}


class Pixels:
    bleed = 0.0
    density = 1.0

    def __init__(self, size: Format, image: Image.Image | None = None) -> None:
        self.width, self.height = size.width, size.height
        self.image = image or Image.new("RGB", (int(size.width), int(size.height)), "white")

    def fill(self, upper: Colour, lower: Colour) -> None:
        down = Image.linear_gradient("L").resize(self.image.size)
        across = Image.linear_gradient("L").rotate(90).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        slant = Image.blend(down, across.resize(self.image.size), 0.5)
        self.image.paste(Image.composite(self._plain(lower), self._plain(upper), slant))

    def box(self, box: Box, colour: Colour, *, radius: float = 0, opacity: float = 1) -> None:
        corners = (box.left, box.top, box.right, box.bottom)
        self._stroke(corners, colour, opacity, lambda pen, at: pen.rounded_rectangle(
            (*at(box.left, box.top), *(one - 1 for one in at(box.right, box.bottom))), radius * _FINER, fill=255
        ))  # fmt: skip

    def shape(self, points: Sequence[Point], colour: Colour, *, opacity: float = 1) -> None:
        across, down = [x for x, _ in points], [y for _, y in points]
        corners = (min(across), min(down), max(across), max(down))
        self._stroke(corners, colour, opacity, lambda pen, at: pen.polygon([at(x, y) for x, y in points], fill=255))

    def disc(self, centre: Point, radius: float, colour: Colour, *, opacity: float = 1) -> None:
        self._stroke(_around(centre, radius), colour, opacity,
                     lambda pen, at: pen.circle(at(*centre), radius * _FINER, fill=255))  # fmt: skip

    def ring(self, centre: Point, radius: float, width: float, colour: Colour, *, opacity: float = 1) -> None:
        self._stroke(_around(centre, radius), colour, opacity, lambda pen, at: pen.circle(
            at(*centre), radius * _FINER, outline=255, width=max(1, round(width * _FINER))
        ))  # fmt: skip

    def picture(self, image: Image.Image, box: Box, *, round_: bool = False) -> None:
        size = round(box.width), round(box.height)
        fitted = ImageOps.fit(image, size, Image.Resampling.LANCZOS)
        mask = None
        if round_:
            mask = Image.new("L", (size[0] * _FINER, size[1] * _FINER), 0)
            ImageDraw.Draw(mask).ellipse((0, 0, mask.width - 1, mask.height - 1), fill=255)
            mask = mask.resize(size, Image.Resampling.BOX)
        self.image.paste(fitted, (round(box.left), round(box.top)), mask)

    def words(self, words: str, at: Point, face: str, size: float, colour: Colour, *, align: str = "left") -> None:
        pen = ImageDraw.Draw(self.image)
        pen.text(at, words, colour, font=drawn(face, round(size)), anchor=_ANCHORS[align])

    def _plain(self, colour: Colour) -> Image.Image:
        return Image.new("RGB", self.image.size, colour)

    def _stroke(
        self,
        corners: tuple[float, float, float, float],
        colour: Colour,
        opacity: float,
        draw: Callable[[ImageDraw.ImageDraw, Callable[[float, float], Point]], object],
    ) -> None:
        left, top = max(0, int(corners[0]) - 1), max(0, int(corners[1]) - 1)
        right, bottom = min(int(self.width), int(corners[2]) + 2), min(int(self.height), int(corners[3]) + 2)
        if right <= left or bottom <= top:
            return
        size = right - left, bottom - top
        mask = Image.new("L", (size[0] * _FINER, size[1] * _FINER), 0)
        draw(ImageDraw.Draw(mask), lambda x, y: ((x - left) * _FINER, (y - top) * _FINER))
        mask = mask.resize(size, Image.Resampling.BOX)
        if opacity < 1:
            mask = mask.point(lambda value: round(value * opacity))
        self.image.paste(colour, (left, top), mask)


def _around(centre: Point, radius: float) -> tuple[float, float, float, float]:
    x, y = centre
    return x - radius, y - radius, x + radius, y + radius
