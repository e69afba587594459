"""What is said on a picture: a title, a quotation, a card of a series, a notice. Pure.

Every content gives its pieces for a skin, and says in words what the picture shows (`alt`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Protocol, TypeVar

from assets.made import figures
from assets.made.colours import Colour
from assets.made.faces import drawable, undrawn
from assets.made.pieces import Drawing, Marked, Piece, Words
from assets.made.surface import Box, Surface

if TYPE_CHECKING:
    from assets.made.skins import Skin

LONGEST_ALT = 300  # characters, as assets.models keeps them
_COUNTED = re.compile(r"(\d{1,3}) +(\S.*)")
C = TypeVar("C", bound="Content")


class Content(Protocol):
    def pieces(self, skin: Skin) -> list[Piece]: ...

    def figure(self, skin: Skin) -> Drawing | Words | None:
        """What stands for itself where a layout has a place for it."""

    @property
    def corner(self) -> str: ...  # a word in the corner, such as "3/15"

    @property
    def alt(self) -> str: ...

    @property
    def title(self) -> str: ...


class _Plain:
    @property
    def corner(self) -> str:
        return ""

    def figure(self, skin: Skin) -> Drawing | Words | None:
        return None


@dataclass(frozen=True, slots=True)
class Title(_Plain):
    title: str

    def pieces(self, skin: Skin) -> list[Piece]:
        return [skin.rule(), skin.headline(self.title, 108)]

    @property
    def alt(self) -> str:
        return _said(f"Thẻ chữ: {self.title}")


@dataclass(frozen=True, slots=True)
class Quote(_Plain):
    words: str
    who: str
    role: str = ""

    @property
    def title(self) -> str:
        return f"Trích dẫn: {self.who}"

    def figure(self, skin: Skin) -> Drawing:
        return _opening_mark(skin, 420, skin.figure_ink)

    def pieces(self, skin: Skin) -> list[Piece]:
        inside = self.words.strip("“”\"' ")
        words = inside if skin.figure_box is None else f"“{inside}”"
        opening = [_opening_mark(skin, 230, skin.mark)] if skin.figure_box is None else []
        who = [skin.strong(self.who, 42, after=2 if self.role else 0)]
        role = [skin.small(self.role, 34)] if self.role else []
        return [*opening, skin.spoken(words, 78, after=34), skin.rule(short=True), *who, *role]

    @property
    def alt(self) -> str:
        role = f", {self.role}" if self.role else ""
        return _said(f"Thẻ trích dẫn lời {self.who}{role}: “{self.words.strip('“” ')}”")


def _opening_mark(skin: Skin, em: float, colour: Colour) -> Drawing:
    """“ fills the upper half of its em; the box is that half."""

    def draw(surface: Surface, box: Box) -> None:
        size = box.width * 2
        at = (box.left + box.width / 2, box.top + size * 0.68)
        surface.words("“", at, "serif-black", size, colour, align="centre")

    size = em * skin.unit
    return Drawing(size * 0.5, size * 0.36, draw, 18 * skin.unit, skin.align)


@dataclass(frozen=True, slots=True)
class Cover(_Plain):
    """The first card of a series of `count`; `part` is "Phần 1/2" where a series goes out in parts."""

    title: str
    count: int
    part: str = ""

    @property
    def corner(self) -> str:
        return self.part

    def figure(self, skin: Skin) -> Words | None:
        counted = _COUNTED.fullmatch(self.title)
        return skin.numeral(counted[1], 330, ink=skin.figure_ink) if counted else None

    def pieces(self, skin: Skin) -> list[Piece]:
        invited = Marked(figures.point(skin.mark), skin.small(f"Vuốt để xem {self.count} thẻ", 38), 1.0)
        counted = _COUNTED.fullmatch(self.title)
        if counted is None:
            return [skin.rule(), skin.headline(self.title, 112, after=44), invited]
        rest = counted[2][:1].upper() + counted[2][1:]
        numeral: list[Piece] = [skin.numeral(counted[1], 300)] if skin.figure_box is None else []
        return [*numeral, skin.headline(rest, 96, after=44), invited]

    @property
    def alt(self) -> str:
        part = f", {self.part.lower()}" if self.part else ""
        return _said(f"Bìa loạt {self.count} thẻ{part}: {self.title}")


@dataclass(frozen=True, slots=True)
class Item:
    """One card of a series: the `number`th of `of`."""

    number: int
    of: int
    head: str
    text: str = ""

    @property
    def title(self) -> str:
        return f"{self.number}. {self.head}"

    @property
    def corner(self) -> str:
        return f"{self.number}/{self.of}"

    def figure(self, skin: Skin) -> Words:
        return skin.numeral(str(self.number), 330, ink=skin.figure_ink)

    def pieces(self, skin: Skin) -> list[Piece]:
        numeral: list[Piece] = [skin.numeral(str(self.number), 240)] if skin.figure_box is None else []
        if not self.text:
            return [*numeral, skin.headline(self.head, 100)]
        return [*numeral, skin.headline(self.head, 92, after=30), skin.small(self.text, 57, leading=1.34)]

    @property
    def alt(self) -> str:
        text = f". {self.text}" if self.text else ""
        return _said(f"Thẻ {self.number} trên {self.of}: {self.head}{text}")


@dataclass(frozen=True, slots=True)
class Notice(_Plain):
    """A happening to come: what, on which day, when and where."""

    title: str
    day: date
    hour: str = ""
    place: str = ""
    note: str = ""

    def figure(self, skin: Skin) -> Drawing:
        side = 300 * skin.unit
        return Drawing(side, side * 1.08, figures.leaf(self.day, skin.leaf), 40 * skin.unit, skin.align)

    def pieces(self, skin: Skin) -> list[Piece]:
        leaf: list[Piece] = [self.figure(skin)] if skin.figure_box is None else []
        marks = ((self.hour, figures.clock), (self.place, figures.pin), (self.note, figures.note))
        facts = [
            Marked(mark(skin.mark, skin.under), skin.strong(words, 44), 1.5, 14 * skin.unit)
            for words, mark in marks
            if words
        ]
        return [*leaf, skin.headline(self.title, 88, after=36), *facts]

    @property
    def alt(self) -> str:
        when = f"{figures.WEEKDAYS[self.day.weekday()]}, {self.day:%d/%m/%Y}"
        rest = [f"lúc {self.hour}" if self.hour else "", f"tại {self.place}" if self.place else "", self.note]
        return _said(f"Thông báo: {self.title}. {', '.join([when, *(one for one in rest if one)])}")


@dataclass(frozen=True, slots=True)
class Sheet(_Plain):
    """A leaflet or poster: a headline, what matters in points, and where to read on."""

    title: str
    lead: str = ""
    points: tuple[str, ...] = ()
    address: str = ""  # of the article, behind the QR code
    call: str = ""  # beside the code

    def pieces(self, skin: Skin) -> list[Piece]:
        made: list[Piece] = [skin.rule(), skin.headline(self.title, 128, after=34 if self.lead or self.points else 0)]
        if self.lead:
            made.append(skin.small(self.lead, 56, after=42, leading=1.34))
        return [*made, *(
            Marked(figures.point(skin.mark), skin.point(one, 56), 0.95, 22 * skin.unit)
            for one in self.points
        )]  # fmt: skip

    @property
    def alt(self) -> str:
        said = (one.rstrip(" .") for one in (self.title, self.lead, *self.points) if one)
        return _said(f"Tờ in: {'. '.join(said)}")


def cleaned(content: C) -> tuple[C, str]:
    """The content with words that can be drawn, and the characters that were left out."""
    changed: dict[str, object] = {}
    left = ""
    for one in fields(content):  # type: ignore[arg-type]
        value = getattr(content, one.name)
        if isinstance(value, str) and one.name != "address":
            changed[one.name] = drawable(value)
            left += undrawn(value)
        elif isinstance(value, tuple):
            changed[one.name] = tuple(words for words in map(drawable, value) if words)
            left += undrawn("".join(value))
    return replace(content, **changed), "".join(dict.fromkeys(left))  # type: ignore[type-var]


def _said(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= LONGEST_ALT else plain[: LONGEST_ALT - 1].rstrip() + "…"
