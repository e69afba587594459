"""Tables of work: which column names the work, who does it, with whom and until when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from campaigns.reading.folding import fold, one_line
from campaigns.reading.paragraphs import Paragraph

# Columns by the words of their head; the first pattern that fits names the column.
_COLUMNS: tuple[tuple[str, str], ...] = (
    ("money", r"kinh phi|so tien|thanh tien|du toan|don gia|chi phi"),
    ("label", r"^(?:stt|tt|so tt|so thu tu)$"),
    ("partners", r"phoi hop"),
    ("owner", r"(?:co quan|don vi|bo phan|nguoi)(?: chu tri)?(?: thuc hien)?$|chu tri|phu trach|don vi thuc hien"),
    ("period", r"thoi gian|tien do|thoi han|han hoan thanh|hoan thanh|thoi diem"),
    ("name", r"noi dung|nhiem vu|cong viec|hoat dong|hang muc|kenh|hinh thuc|dia ban|san pham"),
)
_WORK = re.compile(r"noi dung|nhiem vu|cong viec|hoat dong|hang muc")


@dataclass(frozen=True, slots=True)
class Heads:
    """Column numbers by what they hold. `of_work`: the table lists work to be done and is not about money."""

    at: dict[str, int]
    of_work: bool = False

    def cell(self, row: Paragraph, name: str) -> str | None:
        cells, index = row.cells or (), self.at.get(name)
        text = one_line(cells[index]) if index is not None and index < len(cells) else ""
        return text or None


def headed(paragraphs: Iterable[Paragraph]) -> Iterator[tuple[Paragraph, Heads | None]]:
    """Each paragraph with the heads of its table; None outside tables, for the head itself and without known heads."""
    table: int | None = None
    heads: Heads | None = None
    for paragraph in paragraphs:
        if paragraph.cells is None:
            table, heads = None, None
            yield paragraph, None
        elif heads is None or (paragraph.first.table is not None and paragraph.first.table != table):
            heads, table = heads_of(paragraph), paragraph.first.table
            yield paragraph, None
        else:
            yield paragraph, heads


def heads_of(row: Paragraph) -> Heads | None:
    """The heads in a row that is one: at least two columns known by their words, one of them the work."""
    at: dict[str, int] = {}
    for index, cell in enumerate(row.cells or ()):
        text = one_line(fold(cell))
        name = next((n for n, pattern in _COLUMNS if len(text) < 60 and re.search(pattern, text)), None)
        if name:
            at.setdefault(name, index)
    if "name" not in at or len(at) < 2:
        return None
    work = _WORK.search(fold((row.cells or ())[at["name"]])) and "money" not in at
    return Heads(at, bool(work and ("period" in at or "owner" in at)))
