"""Budget tables whose cells are known: tabs, pipes, Word tables, ruled PDF tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from campaigns.reading.budget import Draft
from campaigns.reading.deadlines import understand_deadline
from campaigns.reading.document import Document, Line
from campaigns.reading.folding import fold, one_line
from campaigns.reading.money import Amount, amounts, figure, scaled, spelled, table_unit
from campaigns.reading.schema import BudgetLine, Payee, PlanWarning, Share, Source

Warn = Callable[[PlanWarning], None]
# Columns by the words of their head; the first pattern that fits names the column.
_COLUMNS: tuple[tuple[str, str], ...] = (
    ("unit", r"^(?:don vi tinh|dvt|dv tinh)\b"),
    ("price", r"don gia|muc chi|dinh muc"),
    ("quantity", r"so luong|^sl$|khoi luong|cach tinh|can cu tinh"),
    ("change", r"^(?:tang|giam|chenh lech|da duyet|truoc dieu chinh)\b"),
    ("amount", r"^sau dieu chinh|thanh tien|kinh phi|so tien|du toan|chi phi|^tien\b|gia tri|tong tien"),
    ("label", r"^(?:stt|tt|so tt|so thu tu|st t)$"),
    ("media", r"co quan truyen thong|don vi phoi hop|co quan phoi hop"),
    ("decides", r"co quan quyet dinh|cap phe duyet"),
    ("owner", r"(?:co quan|don vi|bo phan)(?: chu tri)?(?: thuc hien)?|chu tri|phu trach|nguoi thuc hien"),
    ("period", r"thoi gian|tien do|thoi han|thang"),
    ("result", r"ket qua|san pham"),
    ("note", r"ghi chu"),
    ("name", r"noi dung|khoan chi|khoan muc|nhiem vu|hang muc|dien giai|cong viec|hoat dong|muc chi|ten"),
)
_MONEY_HEAD = re.compile(r"thanh tien|kinh phi|so tien|du toan|chi phi|\btien\b")
_ADJUSTED = re.compile(r"^sau dieu chinh\b")
_TOTAL = re.compile(r"^\W*(?:tong|cong|tong so|tong cong)\b")
_SUM_HEAD = re.compile(r"^(?:tong|cong|tong cong|tong so)$")
_NO_PAYEE = re.compile(
    r"^(?:dot|lan|quy|thang|nam|giai doan|nguon|ngan sach|trong do|tong|cong|con lai|kinh phi|bao gom|gom|du kien)\b"
)
_PAYEE = re.compile(r"(?:^|[-–•+;\n]|\.\s)\s*([^:;\n\d][^:;\n]{1,80}?)\s*:\s*$")


_NAMED_FIGURES = re.compile(
    r"(?:[-–+•]\s*)?[^:;0-9]{2,60}:\s*[0-9][0-9.,]*(?:\s*[-–+•;,]\s*[^:;0-9]{2,60}:\s*[0-9][0-9.,]*)+[.;]?"
)
_FIGURES = re.compile(r":\s*([0-9](?:[0-9.,]*[0-9])?)")
_ORIGIN = re.compile(r"^(?:nguon |von )?(?:ngan sach|xa hoi hoa|su nghiep|tai tro|van dong|huy dong|dong gop)\b")
_BEHIND = re.compile(r"^[0-9.,\s]+[^\W\d_]*\s*\(([^()]{3,120})\)\W*$")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which cell holds what; `unit` from the head of the amount column, `heads` as printed."""

    at: dict[str, int]
    unit: tuple[str, int] | None
    heads: tuple[str, ...]
    origins: tuple[tuple[int, str], ...] = ()

    def cell(self, cells: tuple[str, ...], name: str) -> str | None:
        index = self.at.get(name)
        text = one_line(cells[index]) if index is not None and index < len(cells) else ""
        return text or None


def read_table(rows: list[Line], file: str, unit: tuple[str, int] | None, warn: Warn) -> Draft | None:
    """The budget in one table, None when the table is not about money (no column headed by a money word)."""
    head = next((i for i, row in enumerate(rows[:4]) if _is_head(row, unit is not None)), None)
    if head is None:
        return None
    columns = _columns(rows[head])
    columns = replace(columns, origins=_origin_columns(rows[head : head + 2], columns))
    draft = Draft(Source(file, rows[0].page, (rows[0].no, rows[-1].no), rows[head].text), unit=columns.unit or unit)
    draft.columns = columns.heads
    for row in rows[head + 1 :]:
        _take(draft, columns, row, file, warn)
    if not draft.lines and draft.total is None:
        return None
    _drop_subtotals(draft)
    return draft


def _origin_columns(heads: list[Line], columns: Columns) -> tuple[tuple[int, str], ...]:
    """The columns before the sum that are headed by sources of money, in the head or in the row below it."""
    found = {
        index: one_line(cell)
        for row in heads
        for index, cell in enumerate(row.cells or ())
        if _ORIGIN.match(one_line(fold(cell))) and index < columns.at.get("amount", 0)
    }
    return tuple(sorted(found.items()))


def _is_head(row: Line, of_money: bool) -> bool:
    """`of_money`: a unit of money is stated above the table, so that a column "Tổng" is enough."""
    cells = [one_line(fold(c)) for c in row.cells or ()]
    summed = of_money and (
        sum(_SUM_HEAD.match(c) is not None for c in cells) == 1 or any(_ADJUSTED.match(c) for c in cells)
    )
    if not summed and not any(_MONEY_HEAD.search(c) and len(c) < 60 for c in cells):
        return False
    known = [c for c in cells if any(re.search(p, c) for _, p in _COLUMNS)]
    return len(known) >= 2 and not any(amounts(c) for c in cells)


def _columns(row: Line) -> Columns:
    at: dict[str, int] = {}
    unit = None
    for index, cell in enumerate(row.cells or ()):
        folded = one_line(fold(cell))
        name = next((n for n, pattern in _COLUMNS if re.search(pattern, folded)), None)
        if name and (name not in at or (name == "amount" and re.search(r"thanh tien|tong", folded))):
            at[name] = index
        if name in ("amount", "price") and unit is None:
            unit = table_unit(f"({cell})") or table_unit(cell)
    summed = [i for i, cell in enumerate(row.cells or ()) if _SUM_HEAD.match(one_line(fold(cell)))]
    if summed and ("amount" not in at or summed[-1] > at["amount"]):  # one column a source of money, then their sum
        at["amount"] = summed[-1]
    if "name" not in at:
        free = [i for i in range(len(row.cells or ())) if i not in at.values()]
        if free:
            at["name"] = free[0]
    return Columns(at, unit, tuple(one_line(cell) for cell in row.cells or ()))


def _take(draft: Draft, columns: Columns, row: Line, file: str, warn: Warn) -> None:
    cells = row.cells or ()
    texts = [one_line(c) for c in cells if c.strip()]
    if not texts or (
        all(re.fullmatch(r"\(?[0-9]{1,2}\)?", t) or re.fullmatch(r"[0-9x=+() ]+", t) for t in texts)
        and _is_numbering(texts)
    ):
        return
    source = Source(file, row.page, (row.no, row.no), row.text)
    words = spelled(" ".join(texts))
    if words and draft.words is None:
        draft.words = (words[0], words[1])
    if any(_TOTAL.match(fold(t)) for t in texts[:2]) or (texts and fold(texts[0]).startswith("bang chu")):
        total = _amount_of(columns, cells, texts, draft)
        draft.total = total if total is not None and (draft.total is None or total >= draft.total) else draft.total
        return
    line = _line(draft, columns, cells, source, warn)
    if line:
        draft.lines.append(line)


def _is_numbering(texts: list[str]) -> bool:
    """A row "(1) (2) (3) …" that only numbers the columns."""
    figures = [int(re.sub(r"\D.*$", "", t.strip("()")) or 0) for t in texts]
    return len(texts) >= 3 and figures == sorted(figures) and figures[0] == 1 and figures[-1] <= len(texts) + 2


def _amount_of(columns: Columns, cells: tuple[str, ...], texts: list[str], draft: Draft) -> int | None:
    cell = columns.cell(cells, "amount")
    value = _single(cell, draft.unit) if cell else None
    if value is not None:
        return value
    found = amounts(" ".join(texts))
    if found:
        return found[0].value
    plain = [t for t in texts if figure(t) is not None]
    if not plain and draft.unit:
        plain = re.findall(r"(?<![\w.,])[0-9][0-9.,]*[0-9](?![\w])", " ".join(texts))[:1]
    return _single(plain[-1], draft.unit) if plain else None


def _single(cell: str, unit: tuple[str, int] | None) -> int | None:
    """One amount in a cell: with its own unit, or a bare figure in the unit of the table. A bare figure of a table that
    states no unit counts as đồng only when it is written out to the đồng ("100.000.000")."""
    found = amounts(cell)
    if found:
        return found[0].value if len(found) == 1 else None
    bare = cell.strip(" .đ*")
    if unit:
        return scaled(bare, unit[1])
    value = scaled(bare, 1)
    return value if value is not None and value >= 100_000 and re.search(r"[.,][0-9]{3}$", bare) else None


def _line(draft: Draft, columns: Columns, cells: tuple[str, ...], source: Source, warn: Warn) -> BudgetLine | None:
    name = columns.cell(cells, "name")
    raw = columns.cell(cells, "amount")
    label = columns.cell(cells, "label")
    if not name and not raw:
        return None
    amount, payees = _pay(raw or "", draft.unit)
    if raw and amount is None and re.search(r"[0-9]", raw):
        draft.doubtful = True
        warn(
            PlanWarning(
                "unclear_amount",
                f"Không đọc được số tiền «{raw}» của dòng «{(name or '')[:80]}»; để trống, cần người xem.",
                source,
            )
        )
    period = columns.cell(cells, "period")
    return BudgetLine(
        label=(label or "").strip(" .") or None,
        name=name or "",
        amount=amount,
        payees=payees,
        period=period,
        owner=columns.cell(cells, "owner"),
        source=source,
        media=columns.cell(cells, "media"),
        result=columns.cell(cells, "result"),
        note=_note(columns, cells, raw),
        deadline=understand_deadline(period) if period else None,
        origins=_origins(columns, cells, amount, draft),
    )


def _pay(cell: str, unit: tuple[str, int] | None) -> tuple[int | None, tuple[Payee, ...]]:
    """A cell's amount, and who gets which part of it when it names several ("- Báo A: 10 triệu - Báo B: 5 triệu")."""
    found = amounts(cell)
    if len(found) > 1 and "=" in cell:  # "10 buổi x 500.000đ = 5.000.000đ"
        results = [a for a in found if a.start > cell.rindex("=")]
        return (results[0].value if len(results) == 1 else None), ()
    names = [_payee_name(cell, found, i) for i in range(len(found))]
    if found and all(names):
        whole = sum(a.value for a in found)
        if all(name and _NO_PAYEE.match(fold(name)) for name in names):
            return whole, ()
        return whole, tuple(Payee(name, a.value) for name, a in zip(names, found, strict=True))
    if not found and unit and (itemised := _itemised(cell, unit)) is not None:
        return itemised, ()
    rest = [a.value for a in found[1:]]
    if len(rest) >= 2 and found[0].value == sum(rest):  # "100 triệu, trong đó: A 60 triệu, B 40 triệu"
        return found[0].value, ()
    return _single(cell, unit), ()


def _itemised(cell: str, unit: tuple[str, int]) -> int | None:
    """The sum of a cell that holds nothing but named figures ("- Băng rôn: 4.800 - Pa nô: 7.200")."""
    if not _NAMED_FIGURES.fullmatch(cell.strip()):
        return None
    values = [scaled(figures, unit[1]) for figures in _FIGURES.findall(cell)]
    return None if None in values else sum(v for v in values if v is not None)


def _origins(columns: Columns, cells: tuple[str, ...], amount: int | None, draft: Draft) -> tuple[Share, ...]:
    """What each source bears; nothing where the cells do not make up the amount."""
    stated = [(head, one_line(cells[at])) for at, head in columns.origins if at < len(cells)]
    shares = [(head, _single(cell, draft.unit)) for head, cell in stated if re.search(r"[0-9]", cell)]
    if len(columns.origins) < 2 or amount is None or amount != sum(value or 0 for _, value in shares):
        return ()
    return tuple(Share(head, value) for head, value in shares if value)


def _payee_name(cell: str, found: list[Amount], index: int) -> str | None:
    start = found[index - 1].end if index else 0
    match = _PAYEE.search(cell[start : found[index].start])
    return one_line(match[1]).strip(" -–.:;") or None if match else None


def _note(columns: Columns, cells: tuple[str, ...], raw: str | None) -> str | None:
    """What explains the amount: the column of notes, or the parenthesis behind the one amount of its cell."""
    stated = columns.cell(cells, "note")
    behind = _BEHIND.match(raw or "")
    return stated or (one_line(behind[1]) if behind and not table_unit(f"({behind[1]})") else None)


def _drop_subtotals(draft: Draft) -> None:
    """A group row ("I. Tuyên truyền trực quan … 20.000.000") whose rows below add up to it is no line of its own."""
    kept: list[BudgetLine] = []
    for index, line in enumerate(draft.lines):
        below = _below(draft.lines, index)
        amounts_below = [b.amount for b in below if b.amount is not None]
        if amounts_below and (line.amount is None or line.amount == sum(amounts_below)) and _is_group(line):
            continue
        kept.append(line)
    draft.lines = kept


def _is_group(line: BudgetLine) -> bool:
    return bool(line.label and re.fullmatch(r"[IVX]+|[A-HĐ]|[0-9]{1,2}", line.label))


def _below(lines: list[BudgetLine], index: int) -> list[BudgetLine]:
    """The rows under a group row: all up to the next row labelled in the same way."""
    shape = _shape(lines[index].label)
    below = []
    for line in lines[index + 1 :]:
        if _shape(line.label) == shape or (shape == "1" and _shape(line.label) in ("I", "A")):
            break
        below.append(line)
    return below


def _shape(label: str | None) -> str:
    if not label:
        return "-"
    if re.fullmatch(r"[IVX]+", label):
        return "I"
    if re.fullmatch(r"[A-HĐ]", label):
        return "A"
    return re.sub(r"[a-zđ]", "a", re.sub(r"[0-9]+", "1", label))


def total_below(draft: Draft, document: Document) -> Draft:
    """The draft with total and words taken from the few lines below the table, where the table itself has none."""
    last = draft.source.lines[1]
    for line in (ln for ln in document.lines if last < ln.no <= last + 8 and ln.cells is None):
        words = spelled(line.text) if draft.words is None else None
        if words:
            draft.words = (words[0], words[1])
        if draft.total is None and _TOTAL.match(fold(line.text).strip()):
            found = [a for a in amounts(line.text) if not words or a.start < words[2]]
            draft.total = found[0].value if found else None
    return draft
