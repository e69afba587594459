"""Whether a cited document still stands, by the dated, sourced data file beside this module."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from campaigns.reading.dates import display_date
from campaigns.reading.folding import fold
from campaigns.reading.schema import PlanWarning, Reference

_FILE = Path(__file__).parent / "data" / "legal_status.toml"
_READ_IN = {"V": "", "V1": " (đọc ở một bản sao)", "U": " (chưa kiểm chứng)"}


@dataclass(frozen=True, slots=True)
class Status:
    """One entry of the data file. `by` is empty and `repealed_from` None where not known; `read_in` V, V1 or U."""

    number: str
    standing: str
    repealed_from: dt.date | None
    by: str
    source: str
    read_in: str
    names: tuple[str, ...] = ()
    year: int | None = None


@cache
def statuses() -> dict[str, Status]:
    """What the data file knows, by normalised number."""
    with _FILE.open("rb") as file:
        entries = tomllib.load(file)["document"]
    return {
        e["number"]: Status(
            number=e["number"],
            standing=e["standing"],
            repealed_from=e.get("repealed_from"),
            by=e.get("by", ""),
            source=e["source"],
            read_in=e["read_in"],
            names=tuple(e.get("names", ())),
            year=e.get("year"),
        )
        for e in entries
    }


def judge(
    found: Iterable[Reference], day: dt.date | None, year: int | None, warnings: list[PlanWarning]
) -> list[Reference]:
    """The references with their standing on the day of the plan (or in the year it is for), each doubt a warning."""
    return [_judged(reference, day, year, warnings) for reference in found]


def _judged(reference: Reference, day: dt.date | None, year: int | None, warnings: list[PlanWarning]) -> Reference:
    status = _status(reference)
    if status is None:
        return reference
    standing = _on(status, day, year) if status.standing == "repealed" else status.standing
    code, said = _SAID[standing]
    named = f"{reference.kind} {reference.number}" if reference.number else reference.name or reference.kind
    message = said.format(
        named=named,
        since=f"từ ngày {display_date(status.repealed_from)}" if status.repealed_from else "(chưa rõ từ ngày nào)",
        by=status.by,
    )
    origin = f" Nguồn: {status.source}{_READ_IN[status.read_in]}."
    warnings.append(PlanWarning(code, message + origin, reference.source))
    return replace(reference, standing=standing, repealed_from=status.repealed_from, repealed_by=status.by or None)


def _status(reference: Reference) -> Status | None:
    if reference.number:
        return statuses().get(reference.number)
    named = fold(reference.name or "")
    return next((s for s in statuses().values() if _is_named(named, reference, s)), None)


def _is_named(named: str, reference: Reference, status: Status) -> bool:
    """Whether a law cited by name is this one: its name, and the year it was passed in so many figures."""
    if not any(named.startswith(fold(name)) for name in status.names) or status.year is None:
        return False
    written = reference.date.year if reference.date else None
    stated = re.search(r"\b(20[0-9][0-9])\b", named)
    return status.year in (written, int(stated[1]) if stated else None)


def _on(status: Status, day: dt.date | None, year: int | None) -> str:
    """How a repealed document stood when the plan was issued. Where the day of the repeal is not known, it is not
    before the year of what repealed it; a plan without a day was issued before its year was over."""
    replacing = re.search(r"/((?:19|20)[0-9][0-9])/", status.by)
    earliest = status.repealed_from or (dt.date(int(replacing[1]), 1, 1) if replacing else None)
    issued_by = day or (dt.date(year, 12, 31) if year else None)
    if earliest and issued_by and issued_by < earliest:
        return "dies_later"
    return "dead" if day and status.repealed_from else "repealed"


# Standing → code and sentence of its warning.
_SAID = {
    "dead": (
        "legal_base_repealed",
        "{named} đã hết hiệu lực {since}, trước khi kế hoạch này được ban hành; văn bản thay thế là {by}. "
        "Cần người kiểm tra lại căn cứ.",
    ),
    "dies_later": (
        "legal_base_repealed_later",
        "{named} còn hiệu lực khi ban hành kế hoạch nhưng hết hiệu lực {since}, được thay bằng {by}. "
        "Nội dung đăng từ khi đó không nên dẫn văn bản này.",
    ),
    "repealed": (
        "legal_base_repealed",
        "{named} hết hiệu lực {since}, được thay bằng {by}; chưa xác định được khi ban hành kế hoạch văn bản này còn "
        "hiệu lực hay không. Nội dung đăng mới không nên dẫn văn bản này.",
    ),
    "partly_repealed": (
        "legal_base_partly_repealed",
        "Một số quy định của {named} đã bị bãi bỏ bởi {by}; hãy kiểm tra điều, khoản được dẫn.",
    ),
    "uncertain": (
        "legal_base_uncertain",
        "Chưa rõ {named} còn hiệu lực hay không; hãy kiểm tra trước khi dẫn.",
    ),
}
