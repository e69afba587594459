"""Sizes: of pictures in pixels, of papers in points."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

MM = 72 / 25.4  # points


@dataclass(frozen=True, slots=True)
class Format:
    name: str
    label: str
    width: float
    height: float
    keep_top: float = 0.0  # share of the height that apps cover with their own buttons
    keep_bottom: float = 0.0

    @property
    def unit(self) -> float:
        """What a pixel of the square is here: type grows with the area, up to an eighth."""
        return min(sqrt(self.width * self.height) / 1080, 1.12) if self.width >= 1000 else self.paper_unit

    @property
    def paper_unit(self) -> float:
        return sqrt(self.width * self.height) / 1080

    @property
    def wide(self) -> bool:
        return self.width > self.height * 1.2


SQUARE = Format("square", "Vuông 1080×1080", 1080, 1080)
PORTRAIT = Format("portrait", "Dọc 4:5, 1080×1350", 1080, 1350)
STORY = Format("story", "Tin (story) 9:16, 1080×1920", 1080, 1920, 0.13, 0.14)
LINK = Format("link", "Ngang 1200×630, cho đường dẫn", 1200, 630)
PICTURES = {one.name: one for one in (SQUARE, PORTRAIT, STORY, LINK)}

A5 = Format("a5", "Tờ rơi A5 (148 × 210 mm)", 148 * MM, 210 * MM)
A4 = Format("a4", "Áp phích A4 (210 × 297 mm)", 210 * MM, 297 * MM)
A3 = Format("a3", "Áp phích A3 (297 × 420 mm)", 297 * MM, 420 * MM)
PAPERS = {one.name: one for one in (A5, A4, A3)}
