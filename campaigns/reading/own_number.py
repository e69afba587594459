"""The number of the document itself, never that of another one it cites or hangs on."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from campaigns.reading.folding import one_line
from campaigns.reading.head_lines import HeadLine, pairs
from campaigns.reading.schema import PlanWarning, Source
from campaigns.reading.symbols import kind_symbol, organ_symbol

Warn = Callable[[PlanWarning], None]
_WORD = r"(?:S[ốOoôòóơ06Ố]|SỐ|s[ốoô06])\s*[:.;]?\s*"
_DIGITS = r"(?P<no>[0-9\s.…_-]{0,24}?[0-9]?[a-zA-Z]?)\s*"
_KINDS = r"KHLT|KHPH|KHCM|KHTT|KHTr|KHGD|KHHĐ|KH|QĐ|QD|QB|CTr|CTHĐ|PA|ĐA|HD|BC|TTr|TB|NQ|CT"
_FORM = re.compile(
    rf"(?:(?:^|\s){_WORD}|^){_DIGITS}(?:/\s?(?P<year>20[0-9][0-9])\s?)?"
    rf"(?P<sep>[/\[|\\]|[-–]|(?<=[0-9])\s(?=KH\s?/))\s*(?P<kind>{_KINDS})"
    r"(?:\s*(?P<then>[-–/\s])\s*(?P<organ>[A-ZĐ][\wÀ-ỹ&.]*(?:\s?[-–/]\s?[A-ZĐ0-9][\wÀ-ỹ&]*)*)|(?=\s*$))"
)
_OTHER = re.compile(rf"(?:^|\s){_WORD}(?P<no>[0-9]{{1,5}}[a-z]?)\s?(?P<sep>/)\s?(?P<rest>[A-ZĐ][\wĐ]+(?:[-–/][\wĐ]+)*)")
_APART = re.compile(r"[0-9][\s.…_-]+[0-9]")  # "2 21/KH": one number or two, only a person can tell


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """`value` None where the form is left blank ("Số:      /KH-UBND"); `symbol` is the part behind the digits."""

    value: str | None
    symbol: str
    source: Source

    @property
    def is_plan(self) -> bool:
        return self.symbol.startswith("KH")


def find_number(lines: Iterable[HeadLine]) -> OwnNumber | None:
    """The first number form of a letterhead; a plan's own before that of a decision it hangs on."""
    kept = list(lines)
    forms = [form for line in pairs(kept) if (form := number_in(line))]
    plans = [form for form in forms if form.is_plan]
    others = plans or forms or [form for line in kept if (form := _of_other_kind(line))]
    return next((form for form in others if form.value), next(iter(others), None))


def number_in(line: HeadLine) -> OwnNumber | None:
    match = _FORM.search(line.text)
    if not match or not (match["no"].strip() or re.match(r"\s*S", match[0], re.IGNORECASE)):
        return None
    digits = re.sub(r"[\s.…_-]", "", match["no"])
    kind, organ = kind_symbol(match["kind"]) or match["kind"], _organ(match["organ"])
    party = match["sep"] in "-–" or ((match["then"] or "").strip() == "/" and not match["sep"].strip())
    symbol = f"{kind}{'/' if (match['then'] or '').strip() == '/' else '-'}{organ}" if organ else kind
    year = f"{match['year']}/" if match["year"] else ""
    value = f"{digits}-{symbol}" if party else f"{digits}/{year}{symbol}"
    source = dataclasses.replace(line.source, raw=one_line(match[0]))
    told = digits[:1].isdigit() and not _APART.search(match["no"])
    return OwnNumber(value if told else None, symbol, source)


def _organ(text: str | None) -> str:
    return organ_symbol(re.sub(r"\s*[-–]\s*", "-", text)) if text else ""


def _of_other_kind(line: HeadLine) -> OwnNumber | None:
    """A number whose symbol names no kind we know ("Số: 12/THCS-BC"): kept as it is printed."""
    match = _OTHER.search(line.text)
    if not match:
        return None
    symbol = match["rest"].replace("–", "-")
    source = dataclasses.replace(line.source, raw=one_line(match[0]), confidence=min(0.9, line.source.confidence))
    return OwnNumber(f"{match['no']}/{symbol}", symbol, source)


def missing(source: Source | None) -> PlanWarning:
    return PlanWarning(
        "missing_number",
        "Văn bản không ghi số kế hoạch (để trống hoặc thiếu phần đầu); cần người điền.",
        source,
    )


def of_decision(number: OwnNumber) -> PlanWarning:
    return PlanWarning(
        "issued_by_decision",
        f"Kế hoạch ban hành kèm theo văn bản {number.value or number.symbol}; số và ngày là của văn bản đó.",
        number.source,
    )


def conflicting(inside: OwnNumber, kept: str) -> PlanWarning:
    return PlanWarning(
        "conflicting_number",
        f"Phụ lục ghi kế hoạch số {inside.value}, đầu văn bản ghi {kept}; giữ số ở đầu văn bản.",
        inside.source,
    )
