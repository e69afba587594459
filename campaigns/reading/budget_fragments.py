"""Budget tables that an extractor broke into one cell fragment a line.

The rows are found by their running numbers, the amount by standing alone as a figure. Nothing of it is believed unless
rows and total (or words) agree; else the amounts stay empty and a person must look.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from campaigns.reading.budget import Draft
from campaigns.reading.deadlines import understand_deadline
from campaigns.reading.document import Line
from campaigns.reading.folding import fold, one_line
from campaigns.reading.money import FIGURE, scaled, spelled, table_unit
from campaigns.reading.schema import BudgetLine, Source

_TOTAL = re.compile(r"^\W*(?:tong|cong)\b.{0,60}?([0-9][0-9.,]*)\s*(?:trieu|nghin|ty|dong|d)?\W*$")
_TOTAL_ALONE = re.compile(r"^\W*(?:tong|cong)(?: so| cong| kinh phi| du toan)*\W*$")
_MONEY_HEAD = re.compile(r"kinh\s*phi|so\s*tien|thanh\s*tien|du\s*toan")
_OWNER_HEAD = re.compile(r"(?:co quan|don vi|bo phan) (?:chu tri|thuc hien)|chu tri|phu trach")
_PERIODS = re.compile(r"^(?:trong |ca |tu |thang |quy |nam |hang |hằng |ngay |truoc |den |theo )")

_PUT_TOGETHER = 0.8
"""Confidence in a row whose cells were told apart again."""


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines without a blank one: usually one cell."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return one_line(" ".join(line.text for line in self.lines))


def read_fragments(lines: list[Line], file: str) -> Draft | None:
    """The budget in the lines of an appendix, None when it is not about money or not in this form."""
    unit = next((u for u in (table_unit(line.text) for line in lines) if u), None)
    total = _total(lines)
    if unit is None or total is None:
        return None
    starts = _row_starts(lines[: total[0]])
    if not starts or not _MONEY_HEAD.search(one_line(fold(" ".join(ln.text for ln in lines[: starts[0]])))):
        return None
    bounds = [*starts, total[0]]
    rows = [_blocks(lines[a:b]) for a, b in itertools.pairwise(bounds)]
    source = Source(file, lines[0].page, (lines[starts[0]].no, lines[total[0]].no), one_line(lines[total[0]].text))
    draft = Draft(source, total=scaled(total[1], unit[1]), unit=unit)
    words = next((s for s in (spelled(line.text) for line in lines[total[0] :]) if s), None)
    draft.words = (words[0], words[1]) if words else None
    head = one_line(fold(" ".join(line.text for line in lines[: starts[0]])))
    _fill(draft, rows, file, bool(_OWNER_HEAD.search(head)))
    return draft


def _total(lines: list[Line]) -> tuple[int, str] | None:
    """Index and figure of the total: on its line, or alone on the next one."""
    for index, line in enumerate(lines):
        text = fold(line.text).strip()
        if match := _TOTAL.match(text):
            return index, match[1]
        following = next((ln.text.strip() for ln in lines[index + 1 : index + 4] if ln.text.strip()), "")
        if _TOTAL_ALONE.match(text) and FIGURE.match(following):
            return index, following
    return None


def _row_starts(lines: list[Line]) -> list[int]:
    """Indices of the lines that open row 1, 2, 3 …: the number alone, or before the first words of the row."""
    starts: list[int] = []
    for index, line in enumerate(lines):
        match = re.match(r"^\s*([0-9]{1,2})\.?(?:\s+(\D.*))?\s*$", line.text)
        if match and int(match[1]) == len(starts) + 1:
            starts.append(index)
    return starts


def _blocks(lines: list[Line]) -> list[Block]:
    """Cells of a row: runs between blank lines, a lone figure always by itself, list dashes kept together."""
    blocks: list[list[Line]] = [[]]
    for line in lines:
        text = line.text.strip()
        if not text:
            blocks.append([])
        elif FIGURE.match(text) and (line is not lines[0]):
            blocks += [[line], []]
        else:
            blocks[-1].append(line)
    merged: list[list[Line]] = []
    for block in (b for b in blocks if b):
        dash = block[0].text.strip().startswith("-")
        if dash and merged and merged[-1][0].text.strip().startswith("-"):
            merged[-1] += block
        else:
            merged.append(block)
    return [Block(tuple(b)) for b in merged]


def _fill(draft: Draft, rows: list[list[Block]], file: str, owned: bool) -> None:
    choices = [[i for i, b in enumerate(row) if i and FIGURE.match(b.text)] for row in rows]
    picked = _pick(draft, rows, choices)
    draft.doubtful = picked is None
    shapes = [_cells(row, at) for row, at in zip(rows, picked or [None] * len(rows), strict=True)]
    owners = {cells[1] for cells in shapes if len(cells) >= 3}
    width = max((len(cells) for cells in shapes), default=0)
    for number, (row, at, cells) in enumerate(zip(rows, picked or [None] * len(rows), shapes, strict=True), 1):
        if len(cells) == width - 1:
            cells = _split_owner(cells, owners)
        after = one_line(" ".join(b.text for b in row[at + 1 :])) if at is not None else ""
        amount = scaled(row[at].text, draft.unit[1]) if at is not None and draft.unit else None
        lines = [line for block in row for line in block.lines]
        source = Source(
            file, lines[0].page, (lines[0].no, lines[-1].no), "\n".join(ln.text.strip() for ln in lines), _PUT_TOGETHER
        )
        period = after if after and _PERIODS.match(fold(after)) else None
        draft.lines.append(
            BudgetLine(
                label=str(number),
                name=cells[0] if cells else "",
                amount=amount,
                payees=(),
                period=period,
                owner=_named(cells, 1, width) if owned else None,
                source=source,
                media=_named(cells, 2, width) if owned else None,
                result=_named(cells, 3, width) if owned else None,
                deadline=understand_deadline(period) if period else None,
            )
        )


def _named(cells: list[str], index: int, width: int) -> str | None:
    """The cell of that column when the row is complete and the cell holds words."""
    return cells[index] if len(cells) == width > index and not FIGURE.match(cells[index]) else None


def _pick(draft: Draft, rows: list[list[Block]], choices: list[list[int]]) -> list[int | None] | None:
    """One figure per row so that they add up to the total; None when no or more than one choice does."""
    options: list[list[int | None]] = [list(c) if c else [None] for c in choices]
    wanted = {v for v in (draft.total, draft.words[1] if draft.words else None) if v is not None}
    if len(wanted) != 1 or draft.unit is None:
        return None
    size = 1
    for option in options:
        size *= len(option)
    if size > 5_000:
        return None
    fits = [list(c) for c in itertools.product(*options) if _added(rows, list(c), draft.unit[1]) in wanted]
    return fits[0] if len(fits) == 1 else None


def _added(rows: list[list[Block]], picked: list[int | None], factor: int) -> int:
    values = [scaled(row[at].text, factor) for row, at in zip(rows, picked, strict=True) if at is not None]
    return sum(v for v in values if v is not None)


def _cells(row: list[Block], at: int | None) -> list[str]:
    """The cells before the amount, the row number taken off the first."""
    texts = [b.text for b in (row[:at] if at is not None else row)]
    if texts:
        texts[0] = re.sub(r"^[0-9]{1,2}\.?\s*", "", texts[0])
    return [t for t in texts if t]


def _split_owner(cells: list[str], owners: set[str]) -> list[str]:
    """Part a first cell that ends in what other rows have as their second: two cells ran together."""
    for owner in owners:
        if cells and cells[0] != owner and cells[0].endswith(owner):
            return [cells[0][: -len(owner)].strip(), owner, *cells[1:]]
    return cells
