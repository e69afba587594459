"""Money in sentences: "Tổng kinh phí: 50.000.000 đồng (Năm mươi triệu đồng)", "- In tờ rơi: 10 triệu đồng"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from campaigns.reading.budget import Draft
from campaigns.reading.folding import fold, one_line
from campaigns.reading.money import Amount, amounts, spelled, unit_factor
from campaigns.reading.paragraphs import Paragraph
from campaigns.reading.schema import BudgetLine, Source

_ABOUT = re.compile(r"\b(?:kinh phi|du toan|tong chi|chi phi)\b")
_TOTAL = re.compile(
    r"\b(?:tong(?: so| cong)?(?: du kien)?(?: kinh phi| du toan| chi| muc)?|tong cong|kinh phi (?:thuc hien|du kien)|"
    r"du kien kinh phi|du toan kinh phi)\b"
)
_WHOLE = re.compile(
    r"^\W*(?:[0-9]\W+|[a-d]\W+)?(?:du kien |tong )?(?:kinh phi|du toan)"
    r"(?: thuc hien| du kien| ke hoach| tuyen truyen| truyen thong| trien khai| duoc giao)*\s*(?::|la\b|khoang\b)?\s*$"
)
_FILLER = re.compile(r"^(?:(?:trong đó|gồm|bao gồm|và)\b[\s:,]*)+|\s(?:là|khoảng|dự kiến|tối đa)$", re.IGNORECASE)
_NOT_BUDGET = re.compile(
    r"\b(?:phat tien|xu phat|muc phat|bi phat|luong co so|tro cap|doanh thu|thu ngan sach|vay von|giai thuong)\b"
)
_SENTENCE = re.compile(r"[^.;\n]+(?:\.(?=[0-9])[^.;\n]+)*[.;]?")


def read_prose(paragraphs: Iterable[Paragraph], headed: set[int]) -> Draft | None:
    """Amounts in the paragraphs. Those whose identity is in `headed` stand under a budget heading; elsewhere only a
    sentence that itself speaks of kinh phí or dự toán counts."""
    draft: Draft | None = None
    for paragraph in paragraphs:
        if paragraph.cells is not None:
            continue
        for start, sentence in _sentences(paragraph.body):
            found = amounts(sentence)
            about = id(paragraph) in headed or bool(_ABOUT.search(fold(sentence)))
            if not found or not about or _NOT_BUDGET.search(fold(sentence)):
                continue
            draft = draft or Draft(paragraph.source())
            _take(draft, paragraph, sentence, start)
    if draft and not draft.lines and draft.total is None:
        return None
    return _settled(draft)


def _sentences(text: str) -> list[tuple[int, str]]:
    return [(m.start(), m[0]) for m in _SENTENCE.finditer(text)]


def _take(draft: Draft, paragraph: Paragraph, sentence: str, start: int) -> None:
    found = amounts(sentence)
    words = spelled(sentence)
    outside = [a for a in found if not words or not words[2] <= a.start < words[2] + len(words[0])]
    if outside and _is_total(fold(sentence), outside[0], bool(words)):
        whole, *outside = outside
        _take_total(draft, paragraph, sentence, whole, words)
        end = max(whole.end, words[2] + len(words[0]) + 1 if words and words[2] >= whole.end else 0)
        sentence = sentence[end:].rjust(len(sentence))
    for index, amount in enumerate(outside):
        before = sentence[outside[index - 1].end if index else 0 : amount.start]
        draft.lines.append(_line(paragraph, before.strip() or sentence, amount.value, len(before), total=False))


def _take_total(
    draft: Draft, paragraph: Paragraph, sentence: str, whole: Amount, words: tuple[str, int, int] | None
) -> None:
    """The first total counts; the same said again adds nothing, another is kept for the check."""
    if draft.total is None:
        draft.total = whole.value
        draft.unit = _unit(sentence[whole.start : whole.end])
        draft.lines.append(_line(paragraph, sentence, whole.value, whole.start, total=True))
    elif whole.value != draft.total:
        draft.other_totals.append(whole.value)
    if words and draft.words is None:
        draft.words = (words[0], words[1])


def _unit(written: str) -> tuple[str, int] | None:
    """The unit an amount is written in when that is more than đồng ("1,85 tỷ đồng")."""
    match = re.search(r"(?:nghìn|ngàn|triệu|tỷ|tỉ)(?:\s+đồng)?$", written.strip(), re.IGNORECASE)
    return (match[0], unit_factor(match[0])) if match else None


def _is_total(folded: str, first: Amount, spelled_out: bool) -> bool:
    """Whether the first amount is the whole: called so, or "kinh phí: …" spelled out in words or divided below."""
    before, after = folded[: first.start], folded[first.end :]
    divided = re.search(r"\b(?:trong do|bao gom|gom|chia ra|cu the)\b", after)
    return bool(
        _TOTAL.search(before)
        or _WHOLE.match(before)
        or ((divided or spelled_out) and re.search(r"\b(?:kinh phi|du toan)\b[^\d]{0,40}$", before))
    )


def _line(paragraph: Paragraph, text: str, value: int, upto: int, total: bool) -> BudgetLine:
    name = one_line(text[:upto]).strip(" -–+:;,.(") or one_line(text)
    name = _FILLER.sub("", name).strip(" :,") or name
    label = paragraph.label.value if paragraph.label and paragraph.label.value.isalnum() else None
    source: Source = paragraph.source()
    return BudgetLine("tổng" if total else label, name, value, (), None, None, source)


def _settled(draft: Draft | None) -> Draft | None:
    """The total sentence is a line of its own only when it is the only one."""
    if draft is None:
        return None
    others = [line for line in draft.lines if line.label != "tổng"]
    if others:
        draft.lines = _without_groups(others, draft.total)
    else:
        draft.lines = [BudgetLine(None, ln.name, ln.amount, (), None, None, ln.source) for ln in draft.lines]
    return draft


def _without_groups(lines: list[BudgetLine], total: int | None) -> list[BudgetLine]:
    """The lines without those that are only the sum of the ones right below, where that makes them add up to the
    total; unchanged else."""
    values = [line.amount or 0 for line in lines]
    kept = [line for at, line in enumerate(lines) if not _sums_next(values, at)]
    return kept if total is not None and sum(line.amount or 0 for line in kept) == total != sum(values) else lines


def _sums_next(values: list[int], at: int) -> bool:
    left, taken = values[at], 0
    for value in values[at + 1 :]:
        if left <= 0:
            break
        left, taken = left - value, taken + 1
    return left == 0 and taken >= 2
