"""What a layout draws on: pixels and paper take the same strokes. Units are the format's; y grows downwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from assets.made.colours import Colour

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def inside(self, by: float) -> Box:
        return Box(self.left + by, self.top + by, self.width - 2 * by, self.height - 2 * by)


class Surface(Protocol):
    @property
    def width(self) -> float: ...
    @property
    def height(self) -> float: ...
    @property
    def bleed(self) -> float: ...  # how far the ground must reach beyond the edge
    @property
    def density(self) -> float: ...  # pixels a unit that a photograph needs

    def fill(self, upper: Colour, lower: Colour) -> None:
        """The whole ground, from the upper right to the lower left."""

    def box(self, box: Box, colour: Colour, *, radius: float = 0, opacity: float = 1) -> None: ...

    def shape(self, points: Sequence[Point], colour: Colour, *, opacity: float = 1) -> None: ...

    def disc(self, centre: Point, radius: float, colour: Colour, *, opacity: float = 1) -> None: ...

    def ring(self, centre: Point, radius: float, width: float, colour: Colour, *, opacity: float = 1) -> None: ...

    def picture(self, image: Image.Image, box: Box, *, round_: bool = False) -> None:
        """Fills the box; what does not fit is cut off around the middle."""

    def words(self, words: str, at: Point, face: str, size: float, colour: Colour, *, align: str = "left") -> None:
        """One line; `at` is on its base line, at its left end, middle or right end."""
