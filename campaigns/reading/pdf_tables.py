"""Ruled tables on a PDF page: rules that touch make a grid, squares of it not parted by a rule are one cell."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from campaigns.reading.pdf_page import Box, Word

_NEAR = 3.0
_MOST_SQUARES = 20_000


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` of cell texts, None-free: what a merged cell covers is "" but for its first square; `tops` of the rows."""

    box: Box
    columns: tuple[float, ...]
    tops: list[float]
    rows: list[tuple[str, ...]]


def find_tables(rules: list[Box], words: list[Word]) -> tuple[list[Table], list[Word]]:
    """The tables of a page with at least two rows and columns, and the words outside them."""
    tables, rest = [], words
    for group in _touching(rules):
        grid = _Grid(group)
        if not grid.is_table:
            continue
        inside = [w for w in rest if grid.holds(w)]
        table = grid.filled(inside)
        if table:
            taken = {id(w) for w in inside}
            rest = [w for w in rest if id(w) not in taken]
            tables.append(table)
    return tables, rest


def _touching(rules: list[Box]) -> list[list[Box]]:
    """Rules in groups that hang together. Grown by a sweep from the top, so near-linear for real pages."""
    groups: list[tuple[Box, list[Box]]] = []
    for rule in sorted(set(rules), key=lambda r: r[1]):
        box, members = rule, [rule]
        for near in [g for g in groups if _meet(g[0], rule)]:
            if any(_meet(other, rule) for other in near[1]):
                groups.remove(near)
                box, members = _around(box, near[0]), near[1] + members
        groups.append((box, members))
    return [members for _, members in groups if len(members) >= 4]


def _meet(a: Box, b: Box) -> bool:
    return a[0] - _NEAR <= b[2] and b[0] - _NEAR <= a[2] and a[1] - _NEAR <= b[3] and b[1] - _NEAR <= a[3]


def _around(a: Box, b: Box) -> Box:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


class _Grid:
    def __init__(self, rules: list[Box]) -> None:
        self._across = [r for r in rules if r[2] - r[0] >= r[3] - r[1]]
        self._down = [r for r in rules if r[2] - r[0] < r[3] - r[1]]
        self.columns = _snapped([(r[0] + r[2]) / 2 for r in self._down])
        self.lines = _snapped([(r[1] + r[3]) / 2 for r in self._across])

    @property
    def is_table(self) -> bool:
        squares = (len(self.columns) - 1) * (len(self.lines) - 1)
        return len(self.columns) >= 3 and len(self.lines) >= 3 and squares <= _MOST_SQUARES

    def holds(self, word: Word) -> bool:
        middle = (word.left + word.right) / 2
        return self.lines[0] <= word.middle <= self.lines[-1] and self.columns[0] <= middle <= self.columns[-1]

    def filled(self, words: list[Word]) -> Table | None:
        """The words put into their cells; None when the grid is only a frame around running text."""
        owner = self._owners()
        if len({c for _, c in owner.values()}) < 2 or len({r for r, _ in owner.values()}) < 2:
            return None
        texts: dict[tuple[int, int], list[Word]] = {}
        for word in words:
            texts.setdefault(owner[self._square(word)], []).append(word)
        height, width = len(self.lines) - 1, len(self.columns) - 1
        rows = [tuple(in_lines(texts.get((r, c), [])) for c in range(width)) for r in range(height)]
        kept = [(top, row) for top, row in zip(self.lines, rows, strict=False) if any(row)]
        if not kept:
            return None
        box = (self.columns[0], self.lines[0], self.columns[-1], self.lines[-1])
        return Table(box, tuple(self.columns), [top for top, _ in kept], [row for _, row in kept])

    def _square(self, word: Word) -> tuple[int, int]:
        row = min(bisect_right(self.lines, word.middle), len(self.lines) - 1) - 1
        column = min(bisect_right(self.columns, (word.left + word.right) / 2), len(self.columns) - 1) - 1
        return max(row, 0), max(column, 0)

    def _owners(self) -> dict[tuple[int, int], tuple[int, int]]:
        """For each square the first square of the cell it belongs to: left first, then upwards."""
        beside = self._walls(self._down, self.columns, self.lines, upright=True)
        above = self._walls(self._across, self.lines, self.columns, upright=False)
        owner: dict[tuple[int, int], tuple[int, int]] = {}
        for row in range(len(self.lines) - 1):
            for column in range(len(self.columns) - 1):
                at = (row, column)
                if column and at not in beside:
                    owner[at] = owner[row, column - 1]
                elif row and at not in above:
                    owner[at] = owner[row - 1, column]
                else:
                    owner[at] = at
        return owner

    def _walls(
        self, rules: list[Box], places: list[float], steps: list[float], *, upright: bool
    ) -> set[tuple[int, int]]:
        """Squares (row, column) with a rule on their left (`upright`) or upper side."""
        walls = set()
        for rule in rules:
            at = _nearest(places, (rule[0] + rule[2]) / 2 if upright else (rule[1] + rule[3]) / 2)
            first, last = (rule[1], rule[3]) if upright else (rule[0], rule[2])
            for step in range(len(steps) - 1):
                if first <= (steps[step] + steps[step + 1]) / 2 <= last:
                    walls.add((step, at) if upright else (at, step))
        return walls


def _snapped(values: list[float]) -> list[float]:
    """Sorted, with values closer than a rule is thick as one."""
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > _NEAR:
            kept.append(value)
    return kept


def _nearest(values: list[float], wanted: float) -> int:
    at = bisect_right(values, wanted)
    return at - 1 if at and (at == len(values) or wanted - values[at - 1] <= values[at] - wanted) else at


def in_lines(words: list[Word]) -> str:
    """The words of one cell or column as text, a line break where the page has one and the sentence does not go on."""
    text = ""
    for line in lines_of(words):
        said = " ".join(w.text for w in line)
        text += f" {said}" if text and said[0].islower() else f"\n{said}"
    return text.strip()


def lines_of(words: list[Word]) -> list[list[Word]]:
    """Words by the lines they stand on, each from left to right."""
    lines: list[list[Word]] = []
    level = 0.0
    for word in sorted(words, key=lambda w: w.middle):
        if lines and word.middle - level <= 0.5 * min(word.size, lines[-1][0].size):
            lines[-1].append(word)
        else:
            lines.append([word])
            level = word.middle
    return [sorted(line, key=lambda w: w.left) for line in lines]
