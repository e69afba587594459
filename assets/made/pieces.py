"""Pieces of a column: words, rules, marked rows, drawings. A column shrinks as a whole until it fits. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from assets.made.colours import Colour
from assets.made.faces import ASCENT, DESCENT
from assets.made.setting import length, shortened, wrapped
from assets.made.surface import Box, Surface

Draw = Callable[[Surface, Box], None]
_LARGEST = 1.1  # of the size a text is meant to have
_PER_SIZE = 0.6  # what smaller type costs, beside lines that break badly
_STEPS = 9  # of halving the scale: to two thousandths


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words as it is drawn; `x` is its left end, middle or right end by `align`."""

    words: str
    x: float
    base: float
    face: str
    size: float
    colour: Colour
    align: str
    rise: float = ASCENT  # em above the base line
    drop: float = DESCENT

    @property
    def box(self) -> Box:
        width = length(self.words, self.face, self.size)
        left = self.x - width * {"left": 0, "centre": 0.5, "right": 1}[self.align]
        return Box(left, self.base - self.rise * self.size, width, (self.rise + self.drop) * self.size)


@dataclass
class Laid:
    """A piece at its place: what it takes of the height, and what is drawn."""

    height: float
    lines: list[Line] = field(default_factory=list)
    strokes: list[tuple[Draw, Box]] = field(default_factory=list)
    rows: int = 0  # lines of words that could be fewer
    broken: bool = False
    cut: bool = False
    cost: float = 0.0  # how badly lines break (assets.made.setting)


class Piece(Protocol):
    @property
    def after(self) -> float: ...  # room below

    def laid(self, box: Box, scale: float, rows: int | None, *, even: bool = True) -> Laid:
        """Set at the top of `box`, in at most `rows` lines; without `even` only the height is right."""


@dataclass(frozen=True, slots=True)
class Words:
    words: str
    face: str
    size: float
    colour: Colour
    least: float  # never smaller
    leading: float = 1.2
    after: float = 0
    align: str = "left"
    trim: float = 0  # em of empty room above that need not be kept: capitals without marks, figures
    filling: bool = False  # lines as full as they go, as in a list
    weight: float = 0  # how much it matters where its lines break
    below: float = DESCENT  # em of room kept below the last base line

    def laid(self, box: Box, scale: float, rows: int | None, *, even: bool = True) -> Laid:
        size = float(round(max(self.least, self.size * scale)))
        done = wrapped(self.words, self.face, size, box.width, even=even, filling=self.filling)
        if rows is not None:
            done = shortened(done, self.face, size, box.width, rows)
        x = box.left + box.width * {"left": 0, "centre": 0.5, "right": 1}[self.align]
        rise = ASCENT - self.trim
        first = box.top + rise * size
        lines = [
            Line(
                words,
                x,
                first + place * self.leading * size,
                self.face,
                size,
                self.colour,
                self.align,
                rise,
                self.below,
            )
            for place, words in enumerate(done.lines)
        ]
        height = (rise + self.below + self.leading * (len(lines) - 1)) * size
        return Laid(height, lines, rows=len(lines), broken=done.broken, cut=done.cut, cost=done.cost * self.weight)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Something drawn in a box of its own, such as a rule or a calendar leaf."""

    width: float
    height: float
    draw: Draw
    after: float = 0
    align: str = "left"
    shrinks: bool = True

    def laid(self, box: Box, scale: float, rows: int | None, *, even: bool = True) -> Laid:
        share = max(scale, 0.5) if self.shrinks else 1
        width, height = self.width * share, self.height * share
        left = box.left + (box.width - width) * {"left": 0, "centre": 0.5, "right": 1}[self.align]
        return Laid(height, strokes=[(self.draw, Box(left, box.top, width, height))])


@dataclass(frozen=True, slots=True)
class Marked:
    """Words with a mark before them: a point of a list, an hour, a place."""

    mark: Draw
    words: Words
    indent: float  # em of the words
    after: float = 0

    def laid(self, box: Box, scale: float, rows: int | None, *, even: bool = True) -> Laid:
        size = max(self.words.least, self.words.size * scale)
        step = self.indent * size
        done = self.words.laid(Box(box.left + step, box.top, box.width - step, box.height), scale, rows, even=even)
        middle, side = done.lines[0].base - 0.33 * size, 0.8 * step
        left = min(line.box.left for line in done.lines) - step
        done.strokes.append((self.mark, Box(left, middle - side / 2, side, side)))
        return done


def column(pieces: Sequence[Piece], box: Box, *, anchor: str = "top") -> Laid:
    """The pieces below each other in the box, as large as they all fit; what does not fit at the least size is cut."""
    whole = _set(pieces, box, 1.0, {}, even=False)
    if _fits(whole, box):
        return _best(pieces, box, 1.0, anchor)
    least, most = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (least + most) / 2
        if _fits(_set(pieces, box, middle, {}, even=False), box):
            least = middle
        else:
            most = middle
    if _fits(_set(pieces, box, least, {}, even=False), box):
        return _best(pieces, box, least, anchor)
    rows: dict[int, int] = {}
    done = _set(pieces, box, least, rows, even=False)
    while done.height > box.height and (longest := _longest(pieces, box, least, rows)) is not None:
        rows[longest] = rows.get(longest, _rows(pieces[longest], box, least)) - 1
        done = _set(pieces, box, least, rows, even=False)
    return _moved(done, pieces, box, least, rows, anchor)


def _best(pieces: Sequence[Piece], box: Box, scale: float, anchor: str) -> Laid:
    """Type a little smaller where lines then break better."""
    tried = ((share, _set(pieces, box, scale * share, {})) for share in (1.0, 0.95, 0.9, 0.85))
    share, _ = min(tried, key=lambda one: one[1].cost + (1 - one[0]) * _PER_SIZE)
    grown = [_Grown(piece, _room(pieces, box, scale * share)) if _grows(piece) else piece for piece in pieces]
    return _moved(_set(grown, box, scale * share, {}), grown, box, scale * share, {}, anchor)


def _room(pieces: Sequence[Piece], box: Box, scale: float) -> float:
    """How much larger the text below a headline may be: a headline that would need one line more held it back."""
    least, most = 1.0, max(1.0, _LARGEST / scale)
    for _ in range(_STEPS - 3):
        middle = (least + most) / 2
        tried = [_Grown(piece, middle) if _grows(piece) else piece for piece in pieces]
        if _fits(_set(tried, box, scale, {}, even=False), box):
            least = middle
        else:
            most = middle
    return least


def _grows(piece: Piece) -> bool:
    return isinstance(piece, Marked) or (isinstance(piece, Words) and piece.weight == 0)


@dataclass(frozen=True, slots=True)
class _Grown:
    piece: Piece
    by: float

    @property
    def after(self) -> float:
        return self.piece.after * self.by

    def laid(self, box: Box, scale: float, rows: int | None, *, even: bool = True) -> Laid:
        return self.piece.laid(box, scale * self.by, rows, even=even)


def _fits(done: Laid, box: Box) -> bool:
    return done.height <= box.height and not done.broken


def _set(
    pieces: Sequence[Piece], box: Box, scale: float, rows: dict[int, int], top: float = 0, *, even: bool = True
) -> Laid:
    whole, start = Laid(0), max(box.top, top)
    for place, piece in enumerate(pieces):
        done = piece.laid(replace(box, top=start + whole.height), scale, rows.get(place), even=even)
        whole.lines += done.lines
        whole.strokes += done.strokes
        whole.broken, whole.cut = whole.broken or done.broken, whole.cut or done.cut
        whole.cost += done.cost
        whole.height += done.height + (piece.after * max(scale, 0.4) if place < len(pieces) - 1 else 0)
    return whole


def _moved(done: Laid, pieces: Sequence[Piece], box: Box, scale: float, rows: dict[int, int], anchor: str) -> Laid:
    spare = max(0.0, box.height - done.height)
    share = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[anchor]
    return _set(pieces, box, scale, rows, box.top + spare * share)


def _rows(piece: Piece, box: Box, scale: float) -> int:
    return piece.laid(box, scale, None, even=False).rows


def _longest(pieces: Sequence[Piece], box: Box, scale: float, rows: dict[int, int]) -> int | None:
    """The piece with most lines, which can lose one; None when every piece is down to one line."""
    counts = {place: rows.get(place, _rows(piece, box, scale)) for place, piece in enumerate(pieces)}
    place = max(counts, key=lambda one: (counts[one], one), default=None)
    return place if place is not None and counts[place] > 1 else None
