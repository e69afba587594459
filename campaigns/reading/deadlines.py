"""Until when: "trước ngày 15/4/2026", "Quý II; quý III và quý IV/2020", "đến hết tháng 12/2026", "khi phát sinh"."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator

from campaigns.reading.dates import make, short_date, short_dates
from campaigns.reading.folding import fold, one_line
from campaigns.reading.schema import Deadline

_NEXT = r",\s[a-z][a-z ]{0,30}\s(?:truoc|cham nhat|vao)\s(?:ngay|quy|thang)\b"  # "sơ kết vào quý I, tổng kết trước …"
_BEFORE = re.compile(
    r"\b(?P<when>(?:truoc|cham nhat(?: la)?|den het|trong|vao)\s+"
    r"(?:het\s+)?(?:ngay\s+[0-9]|quy\s+[iv0-9]|thang\s+[0-9]|nam\s+[0-9]|[0-9])"
    rf"(?:(?!{_NEXT})[^.;\n]){{0,60}}(?:\.[0-9][^.;\n]*)?)"
)
_HELD = re.compile(r"\b(?:to chuc|dien ra|khai mac|phat dong|trao giai)\b[^.;]{0,30}$")
_DONE = re.compile(r"\b(?:hoan thanh|xong|ket thuc)\b[^.;]{0,30}$")
_TIME = re.compile(
    r"(?:thoi gian(?: thuc hien| hoan thanh| to chuc)?|thoi han(?: hoan thanh)?|tien do)\s?:\s*"
    r"(?P<when>[^.\n]{3,80}(?:\.[0-9][^.\n]*)?)"
)
_LONG_DAY = re.compile(r"\b([0-9]{1,2})\s*thang\s*([0-9]{1,2})\s*nam\s*((?:19|20)[0-9][0-9])\b")
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_ONE_QUARTER = r"(?:iv|iii|ii|i|[1-4])"
_YEAR = r"(?:\s*[/,]\s*|\s+nam\s+|\s*-\s*)((?:19|20)[0-9][0-9])"
_QUARTER = re.compile(
    rf"\bquy\s+({_ONE_QUARTER}(?:(?:\s*[,;]\s*|\s+va\s+|\s*-\s*)(?:quy\s+)?{_ONE_QUARTER})*)\b(?:{_YEAR}\b)?"
)
_MONTH = re.compile(
    rf"\bthang\s+((?:0?[1-9]|1[0-2])(?:(?:\s*[,;]\s*|\s+va\s+|\s*-\s*)(?:thang\s+)?(?:0?[1-9]|1[0-2]))*)\b(?!\s?/\s?\d{{1,2}}/)"
    rf"(?:{_YEAR}\b)?"
)
_HALF = re.compile(r"\b0?6 thang (dau|cuoi) nam\s+((?:19|20)[0-9][0-9])\b")
_ONLY_YEAR = re.compile(r"(?:^|\b(?:trong|ca|het|suot)\s+)nam\s+((?:19|20)[0-9][0-9])\b")
_UNTIL = re.compile(r"\b(?:den|toi)(?: het| cuoi)?\s+(?:thang|quy|nam|ngay|[0-9])|^(?:truoc )?het\s|^cham nhat")
_BEFORE_SPAN = re.compile(r"truoc\s+(?:thang|quy|nam)\b")
_TELLS = re.compile(r"[0-9]|\bquy\b|\bthang\b|\bnam\b|thuong xuyen|\bhang\b|phat sinh|dinh ky")
_CUT = re.compile(r"\s*(?:\)|,?\s+(?:gui|ve|de|cho|bao cao|theo|nham|va (?:gui|bao|tong|tham))\b.*$)")


def find_deadline(text: str) -> Deadline | None:
    """The first deadline a text states, as printed and as understood; None where it states none."""
    return next(find_deadlines(text), None)


def find_deadlines(text: str) -> Iterator[Deadline]:
    """Every deadline a text states: the one behind "Thời gian:" or the like first, then in order of place."""
    folded = fold(text)
    stated = [m for m in (_TIME.search(folded),) if m]
    reached = stated[0].end() if stated else 0
    for match in [*stated, *_BEFORE.finditer(folded)]:
        if match not in stated and (match.start() < reached or not _binds(folded, match)):
            continue
        raw = one_line(text[match.start("when") : match.end("when")])
        cut = _CUT.search(fold(raw))
        raw = (raw[: cut.start()] if cut else raw).strip(" ,;)")
        if _TELLS.search(fold(raw)):
            yield understand_deadline(raw)


def _binds(folded: str, match: re.Match[str]) -> bool:
    """ "Trong" or "vào" a time binds behind "hoàn thành" and the like, or when it names a quarter or month with its
    year ("tập huấn trong quý II năm 2026"): a mere year tells when something was or is."""
    when = match["when"]
    if not when.startswith(("trong", "vao")):
        return True
    if when.startswith("vao ngay") and _HELD.search(folded[: match.start()]) and short_date(when):
        return True
    return bool(_DONE.search(folded[: match.start()]) or re.match(r"\w+ (?:quy|thang)\b.{0,20}20[0-9][0-9]", when))


def understand_deadline(raw: str) -> Deadline:
    """What a wording names. Only what is written counts: a quarter or month without its year is kept as words."""
    folded = fold(raw)
    written = [day for day, _ in short_dates(folded)] + [make(m[3], m[2], m[1]) for m in _LONG_DAY.finditer(folded)]
    days = [day for day in written if day]
    if days:
        return Deadline(raw, max(days), due=max(days))
    spans = _spans(folded)
    if not spans:
        return Deadline(raw)
    if _BEFORE_SPAN.match(folded):
        return Deadline(raw, due=_first_day(spans[0]) - dt.timedelta(days=1))
    due = _last_day(spans[-1])
    return Deadline(raw, due=due) if _UNTIL.search(folded) else Deadline(raw, None, spans[0], tuple(spans), due)


def _spans(folded: str) -> list[str]:
    """Every quarter, month, half or year named with its year, in order of time."""
    found = [*_with_year(_QUARTER, folded, _quarter), *_with_year(_MONTH, folded, _month)]
    found += [f"{m[2]}-H{1 if m[1] == 'dau' else 2}" for m in _HALF.finditer(folded)]
    if not found:
        found = [m[1] for m in _ONLY_YEAR.finditer(folded)]
    return sorted(dict.fromkeys(found), key=_last_day)


def _with_year(pattern: re.Pattern[str], folded: str, name: Callable[[str, str], str]) -> list[str]:
    """The spans of one kind; a year written once behind several ("Quý II; quý III/2020") is the year of each."""
    result: list[str] = []
    year: str | None = None
    for match in reversed(list(pattern.finditer(folded))):
        year = match[2] or year
        if year:
            named = re.findall(r"[iv]+|[0-9]+", re.sub(r"thang|quy|va\b", " ", match[1]))
            if "-" in match[1] and len(named) == 2:  # "Quý II - quý IV", "Tháng 7 - 12"
                first, last = (_QUARTERS.get(one) or int(one) for one in named)
                named = [str(one) for one in range(first, last + 1)]
            result += [name(year, one) for one in named]
    return result


def _quarter(year: str, one: str) -> str:
    return f"{year}-Q{_QUARTERS[one]}"


def _month(year: str, one: str) -> str:
    return f"{year}-{int(one):02d}"


def _months(span: str) -> tuple[int, int, int]:
    """Year, first and last month of a span."""
    year, _, part = span.partition("-")
    if part[:1] in ("Q", "H"):
        length = 3 if part[0] == "Q" else 6
        return int(year), (int(part[1]) - 1) * length + 1, int(part[1]) * length
    return int(year), int(part or 1), int(part or 12)


def _first_day(span: str) -> dt.date:
    year, first, _ = _months(span)
    return dt.date(year, first, 1)


def _last_day(span: str) -> dt.date:
    year, _, last = _months(span)
    return dt.date(year, last, calendar.monthrange(year, last)[1])
