"""Small drawings that stand among the words: rules, points, a calendar leaf, a clock, a pin, a QR code. Pure."""

from __future__ import annotations

import math
from datetime import date

import segno

from assets.made.colours import INK, WHITE, Colour
from assets.made.pieces import Draw
from assets.made.surface import Box, Point, Surface

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
_QUIET = 4  # modules of white around a QR code, ISO/IEC 18004


def rule(colour: Colour) -> Draw:
    return lambda surface, box: surface.box(box, colour, radius=box.height / 2)


def point(colour: Colour) -> Draw:
    """A small square standing on its corner."""

    def draw(surface: Surface, box: Box) -> None:
        x, y, reach = box.left + box.width * 0.38, box.top + box.height / 2, box.width * 0.26
        surface.shape([(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], colour)

    return draw


def clock(colour: Colour, ground: Colour) -> Draw:
    def draw(surface: Surface, box: Box) -> None:
        x, y, reach = _middle(box)
        surface.disc((x, y), reach, colour)
        surface.disc((x, y), reach * 0.78, ground)
        thick = reach * 0.2
        surface.box(Box(x - thick / 2, y - reach * 0.55, thick, reach * 0.62), colour, radius=thick / 2)
        surface.box(Box(x - thick / 2, y - thick / 2, reach * 0.52, thick), colour, radius=thick / 2)

    return draw


def pin(colour: Colour, ground: Colour) -> Draw:
    def draw(surface: Surface, box: Box) -> None:
        x, y, reach = _middle(box)
        top = y - reach * 0.28
        surface.disc((x, top), reach * 0.72, colour)
        surface.shape([(x - reach * 0.66, top + reach * 0.28), (x + reach * 0.66, top + reach * 0.28),
                       (x, y + reach)], colour)  # fmt: skip
        surface.disc((x, top), reach * 0.3, ground)

    return draw


def note(colour: Colour, ground: Colour) -> Draw:
    """An "i" in a disc."""

    def draw(surface: Surface, box: Box) -> None:
        x, y, reach = _middle(box)
        surface.disc((x, y), reach, colour)
        thick = reach * 0.3
        surface.disc((x, y - reach * 0.48), thick * 0.62, ground)
        surface.box(Box(x - thick / 2, y - reach * 0.18, thick, reach * 0.78), ground, radius=thick / 2)

    return draw


def leaf(day: date, colour: Colour) -> Draw:
    """A leaf of a wall calendar: weekday, day and month."""

    def draw(surface: Surface, box: Box) -> None:
        side = min(box.width, box.height)
        surface.box(Box(box.left + side * 0.03, box.top + side * 0.04, box.width, box.height), INK,
                    radius=side * 0.08, opacity=0.18)  # fmt: skip
        surface.box(box, WHITE, radius=side * 0.08)
        head = box.height * 0.27
        surface.box(Box(box.left, box.top, box.width, head), colour, radius=side * 0.08)
        surface.box(Box(box.left, box.top + head / 2, box.width, head / 2), colour)
        for share in (0.28, 0.72):
            ring = Box(box.left + box.width * share - side * 0.025, box.top - side * 0.05, side * 0.05, side * 0.13)
            surface.box(ring, WHITE, radius=side * 0.025)
            surface.box(ring.inside(side * 0.01), INK, radius=side * 0.015)
        middle = box.left + box.width / 2
        surface.words(WEEKDAYS[day.weekday()].upper(), (middle, box.top + head * 0.78), "sans-bold", side * 0.125,
                      WHITE, align="centre")  # fmt: skip
        surface.words(str(day.day), (middle, box.top + box.height * 0.73), "sans-black", side * 0.56, colour,
                      align="centre")  # fmt: skip
        surface.words(f"Tháng {day.month} · {day.year}", (middle, box.top + box.height * 0.91), "sans-semibold",
                      side * 0.115, INK, align="centre")  # fmt: skip

    return draw


def code(address: str) -> Draw:
    """A QR code of level M on its own white, so that any telephone reads it from any ground."""
    matrix = [list(row) for row in segno.make(address, error="m", micro=False).matrix]

    def draw(surface: Surface, box: Box) -> None:
        module = box.width / (len(matrix) + 2 * _QUIET)
        surface.box(box, WHITE)
        for down, row in enumerate(matrix):
            for start, end in _runs(row):
                surface.box(Box(box.left + (_QUIET + start) * module, box.top + (_QUIET + down) * module,
                                (end - start) * module, module * 1.01), (0, 0, 0))  # fmt: skip

    return draw


def _runs(row: list[int]) -> list[tuple[int, int]]:
    """Where dark modules begin and end."""
    edges = [place for place in range(len(row) + 1) if bool(row[place - 1] if place else 0)
             != bool(row[place] if place < len(row) else 0)]  # fmt: skip
    return list(zip(edges[::2], edges[1::2], strict=True))


def star(centre: Point, reach: float, inner: float, rays: int) -> list[Point]:
    """The outline of a star, such as the one in the middle of a bronze drum."""
    outline = []
    for step in range(rays * 2):
        far = reach if step % 2 == 0 else inner
        angle = math.pi * step / rays - math.pi / 2
        outline.append((centre[0] + far * math.cos(angle), centre[1] + far * math.sin(angle)))
    return outline


def _middle(box: Box) -> tuple[float, float, float]:
    return box.left + box.width / 2, box.top + box.height / 2, min(box.width, box.height) / 2
