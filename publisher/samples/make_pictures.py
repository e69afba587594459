"""Draws the sample pictures, so that they are ours: python -m publisher.samples.make_pictures"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

from assets.jpeg import encode

FOLDER = Path(__file__).resolve().parent / "pictures"
WIDTH, HEIGHT, SCALE = 1200, 675, 2
LARGEST = 150_000  # bytes

SKY, SKY_LOW = "#cfe8ef", "#fdf3dc"
SUN, CREAM, ROOF, BRICK = "#f6c65b", "#fff9ec", "#b5533c", "#e8b48a"
DEEP, LEAF, LEAF_DARK, TRUNK = "#14524a", "#5fa777", "#2f7d5b", "#7a5a43"
WATER, WATER_LIGHT, WATER_DARK = "#3f93a5", "#6fb7c4", "#2b7486"
STEEL, SHADE = "#4a5a66", "#22323d"


class Canvas:
    """A drawing in the units of the finished picture."""

    def __init__(self) -> None:
        top, bottom = Image.new("RGB", (1, 1), SKY), Image.new("RGB", (1, 1), SKY_LOW)
        size = (WIDTH * SCALE, HEIGHT * SCALE)
        self.image = Image.composite(bottom.resize(size), top.resize(size), Image.linear_gradient("L").resize(size))
        self._draw = ImageDraw.Draw(self.image)

    def box(self, left: float, top: float, width: float, height: float, colour: str, radius: float = 0) -> None:
        corners = [left * SCALE, top * SCALE, (left + width) * SCALE, (top + height) * SCALE]
        self._draw.rounded_rectangle(corners, radius * SCALE, fill=colour)

    def shape(self, points: list[tuple[float, float]], colour: str) -> None:
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        self._draw.circle((x * SCALE, y * SCALE), radius * SCALE, fill=colour)

    def arc(self, x: float, y: float, radius: float, start: float, end: float, colour: str, width: float) -> None:
        corners = [(x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE]
        self._draw.arc(corners, start, end, fill=colour, width=round(width * SCALE))

    def wave(self, level: float, swell: float, phase: float, colour: str) -> None:
        """Everything below a wavy line."""
        crest = [(x, level + swell * math.sin(x / WIDTH * 2 * math.pi * 1.6 + phase)) for x in range(0, WIDTH + 1, 3)]
        self.shape([*crest, (WIDTH, HEIGHT), (0, HEIGHT)], colour)

    def tree(self, x: float, ground: float, height: float) -> None:
        self.box(x - height * 0.04, ground - height * 0.45, height * 0.08, height * 0.45, TRUNK)
        self.disc(x, ground - height * 0.66, height * 0.33, LEAF_DARK)
        self.disc(x - height * 0.1, ground - height * 0.74, height * 0.22, LEAF)

    def house(self, left: float, ground: float, width: float, height: float) -> None:
        self.box(left, ground - height, width, height, CREAM)
        eaves = ground - height
        self.shape([(left - 14, eaves), (left + width / 2, eaves - width * 0.3), (left + width + 14, eaves)], ROOF)
        self.box(left + width * 0.4, ground - height * 0.55, width * 0.2, height * 0.55, BRICK, 3)

    def jpeg(self) -> bytes:
        return encode(self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), LARGEST)


def ward_hall() -> bytes:
    """The ward's house by the river in the morning."""
    canvas = Canvas()
    canvas.disc(930, 170, 74, SUN)
    canvas.wave(400, 26, 0.6, "#a9d0b5")
    canvas.wave(440, 16, 2.4, LEAF)
    for x, height in ((110, 190), (215, 150), (985, 160), (1090, 205)):
        canvas.tree(x, 480, height)
    canvas.box(330, 290, 540, 190, CREAM)
    canvas.shape([(300, 292), (380, 222), (820, 222), (900, 292)], ROOF)
    canvas.shape([(490, 262), (600, 168), (710, 262)], "#9c4230")
    canvas.box(505, 262, 190, 220, "#fffdf6")
    for x in (520, 558, 628, 666):
        canvas.box(x, 290, 14, 190, BRICK)
    canvas.box(582, 380, 36, 100, DEEP, 3)
    for x in (360, 412, 464, 706, 758, 810):
        canvas.box(x, 330, 32, 48, WATER_LIGHT, 4)
        canvas.box(x, 406, 32, 48, WATER_LIGHT, 4)
    canvas.box(470, 480, 260, 12, "#d9c9ae")
    canvas.box(445, 492, 310, 12, "#c9b797")
    canvas.wave(520, 8, 0.0, WATER)
    canvas.wave(565, 10, 2.0, WATER_DARK)
    canvas.wave(622, 10, 4.2, "#226072")
    return canvas.jpeg()


def loudspeaker() -> bytes:
    """Two horns on a pole above the roofs of a neighbourhood."""
    canvas = Canvas()
    canvas.disc(108, 108, 56, SUN)
    canvas.wave(470, 20, 1.2, "#a9d0b5")
    for left, width, height in ((40, 190, 130), (270, 150, 100), (790, 180, 120), (1000, 170, 150)):
        canvas.house(left, 610, width, height)
    for x, height in ((245, 150), (445, 130), (760, 150), (985, 130)):
        canvas.tree(x, 612, height)
    canvas.wave(606, 5, 0.4, LEAF_DARK)
    canvas.box(592, 200, 16, 420, STEEL, 6)
    canvas.box(500, 262, 200, 12, STEEL, 6)
    for side in (-1, 1):
        _horn(canvas, 600 + side * 40, 250, side)
        for radius in (210, 270, 330):
            start, end = (-24, 24) if side > 0 else (156, 204)
            canvas.arc(600 + side * 60, 250, radius, start, end, SUN if radius < 300 else "#f3d58e", 9)
    canvas.disc(600, 196, 14, SHADE)
    return canvas.jpeg()


def _horn(canvas: Canvas, x: float, y: float, side: int) -> None:
    canvas.shape([(x, y - 18), (x + side * 130, y - 78), (x + side * 130, y + 78), (x, y + 18)], DEEP)
    canvas.shape([(x, y - 6), (x + side * 130, y - 26), (x + side * 130, y + 26), (x, y + 6)], "#1f6f63")
    canvas.box(min(x + side * 122, x + side * 140), y - 84, 18, 168, SHADE, 9)
    canvas.box(min(x, x - side * 34), y - 22, 34, 44, SHADE, 8)


def three_bins() -> bytes:
    """Three bins under trees by the river, each with a colour of its own."""
    canvas = Canvas()
    canvas.disc(1010, 140, 64, SUN)
    canvas.wave(330, 26, 2.2, "#a9d0b5")
    canvas.wave(400, 10, 0.5, WATER_LIGHT)
    canvas.wave(440, 8, 2.6, WATER)
    canvas.wave(498, 10, 1.4, LEAF)
    for x, height in ((120, 330), (275, 240), (1085, 320)):
        canvas.tree(x, 560, height)
    canvas.wave(566, 6, 0.2, LEAF_DARK)
    for place, (body, lid) in enumerate((("#3f8f5b", "#2c6b43"), ("#3a7fb0", "#2a5f86"), ("#d9963a", "#ab7025"))):
        _bin(canvas, 430 + place * 165, body, lid)
    return canvas.jpeg()


def _bin(canvas: Canvas, left: float, body: str, lid: str) -> None:
    canvas.disc(left + 30, 602, 15, SHADE)
    canvas.disc(left + 90, 602, 15, SHADE)
    canvas.shape([(left, 392), (left + 120, 392), (left + 106, 602), (left + 14, 602)], body)
    canvas.box(left - 12, 366, 144, 30, lid, 10)
    canvas.box(left + 42, 352, 36, 18, lid, 8)
    canvas.disc(left + 60, 480, 30, CREAM)
    canvas.disc(left + 60, 480, 18, lid)


PICTURES: dict[str, Callable[[], bytes]] = {
    "tru-so-ben-song.jpg": ward_hall,
    "loa-truyen-thanh.jpg": loudspeaker,
    "ba-thung-rac.jpg": three_bins,
}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, draw in PICTURES.items():
        (FOLDER / name).write_bytes(draw())
