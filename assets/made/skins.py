"""A skin: where a layout wants words, and in which colours and faces. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from assets.made import figures
from assets.made.colours import GOLD, Colour
from assets.made.pieces import Drawing, Words
from assets.made.surface import Box

SANS, SERIF = "sans", "serif"
LEAST_HEAD, LEAST_TEXT = 40, 30  # units: still read on a telephone


@dataclass(frozen=True, slots=True)
class Skin:
    unit: float
    family: str  # of headlines: SANS or SERIF
    ink: Colour  # of headlines
    soft: Colour  # of what stands below them
    mark: Colour  # of numerals, rules and signs
    under: Colour  # what lies behind them, roughly
    area: Box  # of the column
    header: Box
    header_ink: Colour
    footer: Box
    footer_ink: Colour
    align: str = "left"
    anchor: str = "middle"
    corner: Box | None = None  # of a word such as "3/15"; None: at the end of the footer
    figure_box: Box | None = None  # a place of its own for numeral, leaf or quotation mark
    figure_align: str = "right"
    figure_ink: Colour = GOLD
    leaf: Colour = (160, 30, 30)
    least: float = 1.0  # how much smaller than on a telephone words may be: paper is held near

    def headline(self, words: str, size: float, after: float = 0) -> Words:
        face = "serif-bold" if self.family == SERIF else "sans-bold"
        return self._words(words, face, size, self.ink, LEAST_HEAD, after=after, leading=1.16, weight=1)

    def spoken(self, words: str, size: float, after: float = 0) -> Words:
        face = "serif-semibold" if self.family == SERIF else "sans-semibold"
        return self._words(words, face, size, self.ink, 34, after=after, leading=1.26, weight=0.5)

    def strong(self, words: str, size: float, after: float = 0) -> Words:
        return self._words(words, "sans-bold", size, self.ink, LEAST_TEXT, after=after)

    def small(self, words: str, size: float, after: float = 0, leading: float = 1.22) -> Words:
        return self._words(words, "sans", size, self.soft, LEAST_TEXT, after=after, leading=leading)

    def point(self, words: str, size: float) -> Words:
        """A point of a list, which begins at the left on every layout."""
        return self._words(words, "sans", size, self.soft, LEAST_TEXT, leading=1.26, align="left", filling=True)

    def numeral(self, words: str, size: float, ink: Colour | None = None) -> Words:
        face = "serif-black" if self.family == SERIF else "sans-black"
        return Words(words, face, size * self.unit, ink or self.mark, size * self.unit * 0.4, leading=1.0,
                     after=18 * self.unit, align=self.align, trim=0.36, below=0.03, weight=1)  # fmt: skip

    def rule(self, *, short: bool = False) -> Drawing:
        width, height = (64, 6) if short else (96, 10)
        return Drawing(width * self.unit, height * self.unit, figures.rule(self.mark),
                       (16 if short else 26) * self.unit, self.align, shrinks=False)  # fmt: skip

    def _words(
        self, words: str, face: str, size: float, colour: Colour, least: float, *, after: float = 0,
        leading: float = 1.2, align: str = "", filling: bool = False, weight: float = 0,
    ) -> Words:  # fmt: skip
        return Words(words, face, size * self.unit, colour, least * self.least * self.unit, leading,
                     after * self.unit, align or self.align, filling=filling, weight=weight)  # fmt: skip
