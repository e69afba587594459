"""Documents that a plan cites: kind, number, date, issuer; what is amended or dated in two ways."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from campaigns.reading.dates import display_date, long_date, make
from campaigns.reading.folding import fold, one_line
from campaigns.reading.paragraphs import Paragraph
from campaigns.reading.places import restore_body
from campaigns.reading.schema import PlanWarning, Reference
from campaigns.reading.symbols import Number, find_numbers

Warn = Callable[[PlanWarning], None]
_DAY = re.compile(r"^[\s,(]{0,3}(?:ban hanh )?ngay\s{0,3}([0-9]{1,2})\s?[/.-]\s?([0-9]{1,2})\s?[/.-]\s?([0-9]{4})")
_DAY_WORDS = re.compile(r"^[\s,(]{0,3}(?:ban hanh )?ngay\s{0,3}[0-9]{1,2}\s+thang\s+[0-9]{1,2}\s+nam\s+[0-9]{4}")
_YEAR = re.compile(r"^(?:[\s,]{0,3}so\s*\S{1,20}\s\S{0,6})?\s*n[a-z]m\s+((?:19|20)[0-9][0-9])\b")
_CHAIN = re.compile(r"^[\s,;]*(?:va)?\s*s\S{0,2}\s*$")
_OF = re.compile(r"^[\s,]{0,3}c(?:ua|[a-z]{1,3}a)\s+")
_STOP = re.compile(
    r"\s(?:v[e€]|veviec|v/v|ban hanh|quy dinh|sua doi|thay the|trong|giao|phe duyet|huong dan|trien khai|thuc hien|"
    r"cong bo|tai|cong tac|dieu chinh|bai bo|quy che|viec|doi voi)\b|[;:,.()“\"]|\s-\s|$"
)
_LAW = re.compile(r"\b(Luật|Bộ luật|Pháp lệnh)\s+(?!số\b)([A-ZĐ][^;()]{3,160}?)(?=[;()]|,\s|\.(?:\s|$)|$)")
_FOR_YEAR = re.compile(r"(?<!den )(?<!tu )(?<!giai doan )\bnam (20[0-9][0-9])\b(?!\s?[-,]|\s(?:va|den))")
_GROUNDS = re.compile(r"^\W*(?:can cu|thuc hien|theo|tren co so|luat|bo luat|phap lenh|trien khai)\b|^c[a-z]n c")
_SPOKEN_OF = re.compile(
    r"\b(?:pho bien|tuyen truyen|tim hieu|gioi thieu|mot so dieu cua|thi hanh|huong dan)[\s,a-z]{0,20}$"
)
_AMENDED = re.compile(
    r"du[oơ]c s\w{1,3}a doi|\bsua doi(?:, bo sung)?(?: mot so (?:dieu|noi dung))? (?:tai|boi|theo|bang)\b"
)
# "Kế hoạch này thay thế Kế hoạch số …", and not another document that replaces one.
_REPLACES = re.compile(
    r"\b(?:sua doi|dieu chinh|bo sung|thay the)\b(?![^.;]*\bso\s?[0-9])[^.;]{0,80}\bke hoach\b[^.;]{0,20}$"
)
# "Ngày 15 tháng 5 năm 2026, UBND tỉnh … đã ban hành Công văn số …": who and when, told before the number.
_ISSUED = re.compile(
    r"ngay [0-9]{1,2} thang [0-9]{1,2} nam [0-9]{4}, (?P<who>[^.;:,]{4,70}?) (?:da )?ban hanh (?:[a-z]+ ){1,3}so\s*$"
)
_FIXED_ISSUERS = {
    "CP": "Chính phủ",
    "TTg": "Thủ tướng Chính phủ",
    "QH": "Quốc hội",
    "TW": "Ban Chấp hành Trung ương Đảng",
}


@dataclass(slots=True)
class _Series:
    """What a list "các Kế hoạch: số 1 … của UBND X, số 2 …" says once for all its members."""

    organ: str | None = None
    issuer: str | None = None


def references(paragraphs: Iterable[Paragraph], warn: Warn) -> list[Reference]:
    """Every numbered document the paragraphs cite, and laws cited by name; repeats included, in order."""
    found: list[Reference] = []
    for paragraph in paragraphs:
        numbers = list(find_numbers(paragraph.text))
        series = _Series()
        chained = False
        for number, after in itertools.zip_longest(numbers, numbers[1:]):
            end = after.start if after else len(paragraph.text)
            tail = paragraph.text[number.end : end]
            reference = _reference(paragraph, number, tail, series, warn)
            if chained and reference.year and found[-1].year is None and found[-1].date is None:
                found[-1] = replace(found[-1], year=reference.year)
            found.append(reference)
            chained = bool(_CHAIN.match(fold(tail)))
    return found


def named_laws(paragraphs: Iterable[Paragraph]) -> list[Reference]:
    """Laws that grounds cite by name alone ("Luật Tiếp cận thông tin ngày 06 tháng 4 năm 2016"); not those a title or a
    task only speaks of, and none a second time beside its number."""
    found = []
    numbered: set[str] = set()
    for paragraph in paragraphs:
        if not _GROUNDS.match(fold(paragraph.text)):
            continue
        for match in _LAW.finditer(paragraph.text):
            rest = re.split(r"[;.]\s", paragraph.text[match.start() :], maxsplit=1)[0]
            own = next((n for n in find_numbers(rest) if n.kind == "Luật" and n.start < len(rest)), None)
            dated = long_date(match[2]) or _figures(match[2])
            name = one_line(f"{match[1]} {match[2][: dated[1].start()] if dated else match[2]}").rstrip(" ,")
            if own:
                numbered.add(fold(re.sub(r"\s+số\b.*$", "", one_line(rest[: own.start])).rstrip(" ,")))
            elif fold(name) not in numbered and not _SPOKEN_OF.search(fold(paragraph.text[: match.start()])):
                found.append(_named_law(paragraph, match, name, dated[0] if dated else None))
    return found


def _named_law(paragraph: Paragraph, match: re.Match[str], name: str, date: dt.date | None) -> Reference:
    return Reference(
        kind=match[1],
        number=None,
        date=date,
        issuer="Quốc hội" if match[1] != "Pháp lệnh" else "Ủy ban Thường vụ Quốc hội",
        source=paragraph.place(match.start(), match.end()),
        name=name,
    )


def _figures(text: str) -> tuple[dt.date | None, re.Match[str]] | None:
    """ "… ngày 12/6/2018": the date in figures with its "ngày"."""
    match = re.search(r"\s?(?:số\s)?ngày\s+([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\b", text)
    return (make(match[3], match[2], match[1]), match) if match else None


def _reference(paragraph: Paragraph, number: Number, tail: str, series: _Series, warn: Warn) -> Reference:
    source = paragraph.place(number.start, number.end, _sureness(paragraph.text[number.start : number.end], number))
    date, used = _date(paragraph, number, tail, warn)
    year = _YEAR.match(fold(tail)) if date is None and not used else None
    issuer = _issuer(number, tail[used:], series)
    told = _ISSUED.search(fold(paragraph.text[: number.start])) if date is None and not used and not year else None
    if told:
        dated = long_date(paragraph.text[told.start() : number.start])
        date = dated[0] if dated else None
        issuer = issuer or restore_body(one_line(paragraph.text[told.start("who") : told.end("who")]))
    _check_year(paragraph, number, date, tail[used:], warn)
    return Reference(
        kind=number.kind,
        number=number.text,
        date=date,
        issuer=issuer,
        source=source,
        year=int(year[1]) if year else None,
        amended=bool(_AMENDED.search(fold(tail))),
        replaced=number.kind == "Kế hoạch" and _is_replaced(paragraph.text[: number.start]),
    )


def _is_replaced(before: str) -> bool:
    """Whether the sentence so far is of this plan itself: no other document named in it, and it replaces a plan."""
    sentence = re.split(r"[.;]\s", before)[-1]
    return bool(_REPLACES.search(fold(sentence))) and not list(find_numbers(sentence))


def _sureness(raw: str, number: Number) -> float:
    """1 where the number stands as we write it, white space aside; less where letters had to be mended."""
    return 1.0 if re.sub(r"\s", "", raw) == re.sub(r"\s", "", number.text) else 0.9


def _date(paragraph: Paragraph, number: Number, tail: str, warn: Warn) -> tuple[dt.date | None, int]:
    folded = fold(tail)
    words = _DAY_WORDS.match(folded)
    if words:
        dated = long_date(tail)
        return (dated[0] if dated else None), words.end()
    match = _DAY.match(folded)
    if not match:
        return None, 0
    date = make(match[3], match[2], match[1])
    if date is None:
        raw = tail[: match.end()].strip()
        warn(
            PlanWarning(
                "invalid_date",
                f"Ngày của {number.kind} {number.text} ghi «{raw}» không có trong lịch; để trống, cần người kiểm tra.",
                paragraph.place(number.start, number.end + match.end()),
            )
        )
    return date, match.end()


def _check_year(paragraph: Paragraph, number: Number, date: dt.date | None, tail: str, warn: Warn) -> None:
    """A yearly plan is issued in its year or late in the one before: a longer gap may be a slip of the pen."""
    match = _FOR_YEAR.search(fold(re.split(r"[;“]", tail, maxsplit=1)[0]))
    if date and match and number.kind == "Kế hoạch" and int(match[1]) - date.year > 1:
        warn(
            PlanWarning(
                "doubtful_year",
                f"{number.kind} {number.text} ngày {display_date(date)} được gọi là của năm {match[1]}; giữ như "
                "văn bản ghi, cần người kiểm tra.",
                paragraph.place(number.start, number.end),
            )
        )


def _issuer(number: Number, tail: str, series: _Series) -> str | None:
    fixed = _FIXED_ISSUERS.get(number.organ)
    if fixed:
        return fixed
    match = _OF.match(fold(tail))
    issuer = None
    if match:
        rest = tail[match.end() :]
        stop = _STOP.search(fold(rest))
        issuer = restore_body(one_line(rest[: stop.start() if stop else len(rest)])) or None
    if issuer is None and series.organ == number.organ:
        issuer = series.issuer
    series.organ, series.issuer = number.organ, issuer
    return issuer


def unique(found: Iterable[Reference], known: Iterable[Reference], own: str | None, warn: Warn) -> list[Reference]:
    """Each document once, without those in `known` and without the plan itself; differing dates are reported."""
    first = {r.number: r for r in known if r.number}
    result: list[Reference] = []
    at: dict[str, int] = {}
    for reference in found:
        number = reference.number
        if number is None:
            result.append(reference)
        elif number == own:
            continue
        elif number in first:
            _compare(first[number], reference, warn)
            if number in at:
                kept = result[at[number]]
                mentions = (*kept.mentions, reference.source)
                result[at[number]] = replace(kept, mentions=mentions, replaced=kept.replaced or reference.replaced)
        else:
            first[number] = reference
            at[number] = len(result)
            result.append(reference)
    return result


def _compare(first: Reference, other: Reference, warn: Warn) -> None:
    if first.date and other.date and first.date != other.date:
        warn(
            PlanWarning(
                "conflicting_dates",
                f"{first.kind} {first.number} được ghi ngày {display_date(first.date)} và ngày "
                f"{display_date(other.date)} "
                "trong cùng tài liệu; giữ ngày ghi trước, cần người kiểm tra.",
                other.source,
            )
        )
