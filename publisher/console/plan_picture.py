"""The geometry of a plan's progress: letters as squares, months as a strip a year, targets as bars against a mark.

Pure: lengths in the units of each picture's own viewBox. State shows by shape and pattern, colour only repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from campaigns.counting import Month, Span, TargetProgress
from publisher.reports.progress import ThemeProgress

SIDE, STEP, A_ROW = 22, 26, 12  # a square, the way to the next, squares a row
CELL, TALL = 28, 44  # one month
BAR, LONG = 22, 400
MOST_SPANS = 60


@dataclass(frozen=True, slots=True)
class Square:
    """One letter of the plan."""

    x: int
    y: int
    label: str
    state: str  # done, scheduled, missing
    title: str

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + SIDE // 2, self.y + 16


@dataclass(frozen=True, slots=True)
class Squares:
    squares: tuple[Square, ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Cell:
    x: int
    month: Month
    today: bool

    @property
    def middle(self) -> int:
        return self.x + CELL // 2


@dataclass(frozen=True, slots=True)
class Strip:
    """The months of one year."""

    year: int
    cells: tuple[Cell, ...]
    width: int
    height: int = TALL

    @property
    def words(self) -> str:
        told = (
            f"tháng {cell.month.first.month}: {cell.month.done} xong, {cell.month.scheduled} đã lên lịch"
            for cell in self.cells
            if cell.month.done or cell.month.scheduled
        )
        return f"Năm {self.year}: {'; '.join(told) or 'chưa có bài nào'}"


@dataclass(frozen=True, slots=True)
class Tick:
    """One period of a target."""

    x: float
    width: float
    state: str
    title: str


@dataclass(frozen=True, slots=True)
class Bullet:
    """A target's bar: `done` and `scheduled` are lengths, `due` where it should stand today, `goal` where it ends."""

    target: TargetProgress
    demanded: int  # of periods that are over
    done: float
    scheduled: float
    due: float
    goal: float
    ticks: tuple[Tick, ...]
    width: int = LONG
    height: int = BAR

    @property
    def late(self) -> int:
        return max(0, self.demanded - self.target.done)


@dataclass(frozen=True, slots=True)
class Row:
    """One content at the top of the plan with its two pictures."""

    progress: ThemeProgress
    squares: Squares
    strips: tuple[Strip, ...]


def rows(themes: Sequence[ThemeProgress], today: date) -> list[Row]:
    return [Row(theme, squares(list(letters(theme))), strips(theme.months, today)) for theme in themes]


def letters(theme: ThemeProgress) -> Iterator[tuple[str, str, str]]:
    """Label, state and title of everything that counts as one: the tips, and a content that has posts beside them."""
    if not theme.children:
        yield short(theme.theme.path), theme.state, str(theme.theme)
        return
    tips = [tip for child in theme.children for tip in letters(child)]
    counted = {state: sum(tip[1] == state for tip in tips) for state in ("done", "scheduled", "missing")}
    for state in counted:
        if getattr(theme, state) > counted[state]:
            yield short(theme.theme.path), state, str(theme.theme)
    yield from tips


def short(path: str) -> str:
    return path.rpartition(".")[2][:3]


def squares(found: Sequence[tuple[str, str, str]]) -> Squares:
    placed = tuple(
        Square(at % A_ROW * STEP + 1, at // A_ROW * STEP + 1, label, state, title)
        for at, (label, state, title) in enumerate(found)
    )
    return Squares(placed, min(len(found), A_ROW) * STEP, -(-len(found) // A_ROW) * STEP)


def strips(months: Sequence[Month], today: date) -> tuple[Strip, ...]:
    """A strip a year, January always on the left, so that years stand under each other."""
    return tuple(
        Strip(year, tuple(Cell((m.first.month - 1) * CELL, m, same_month(m.first, today)) for m in found), 12 * CELL)
        for year, found in groupby(months, key=lambda month: month.first.year)
    )


def same_month(first: date, day: date) -> bool:
    return (first.year, first.month) == (day.year, day.month)


def bullet(target: TargetProgress) -> Bullet:
    demanded = sum(span.needed for span in target.spans if span.over)
    most = max(target.needed or 0, target.done + target.scheduled, 1)

    def long(count: int) -> float:
        return round(count * LONG / most, 1)

    return Bullet(
        target,
        demanded,
        long(target.done),
        long(target.scheduled),
        long(demanded),
        long(target.needed or 0),
        tuple(ticks(target.spans)),
    )


def ticks(spans: Sequence[Span]) -> Iterator[Tick]:
    asked = [span for span in spans if span.needed]
    if not 1 < len(asked) <= MOST_SPANS:
        return
    wide = LONG / len(asked)
    for at, span in enumerate(asked):
        told = f"{span.first.day}/{span.first.month}–{span.last.day}/{span.last.month}: {span.done} trên {span.needed}"
        yield Tick(round(at * wide, 1), round(wide - 1, 1), state_of(span), told)


def state_of(span: Span) -> str:
    """ "done", "scheduled" (enough is due), "missing", or "open" where its time has not run out."""
    if span.done >= span.needed:
        return "done"
    if not span.missing:
        return "scheduled"
    return "missing" if span.over else "open"
