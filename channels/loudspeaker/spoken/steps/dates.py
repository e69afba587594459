"""Days, months, quarters, weekdays and spans of years. What is no real date is not claimed, so it is reported."""

from __future__ import annotations

import re
from datetime import date

from channels.loudspeaker.spoken.claims import Step, Voice, after, before, step
from channels.loudspeaker.spoken.numbers import integer, month, ordinal, roman

YEAR = r"(?:19|20)\d{2}"
FULL_DATE = rf"(?P<d>\d{{1,2}})(?P<sep>[/.-])(?P<m>\d{{1,2}})(?P=sep)(?P<y>{YEAR})(?![\w/]|[.-]\d)"
_LEAP = 2024  # a year that has every day, for dates written without one
_TO = r"\s*(?:[-–]|đến|tới)\s*"
_EDGE = r"(?<![\w/.,-])"
_DONE = r"(?!\w|/|[.,]\d)"


def spoken_day(day: int, voice: Voice) -> str:
    early = f"{voice.region.early_day} " if day <= 10 and voice.region.early_day else ""
    return early + integer(day, voice.region)


def _said(day: int, its_month: int, year: int | None, voice: Voice) -> str | None:
    """ "hai mươi tháng ba năm …" without its "ngày"; None for a day that does not exist."""
    try:
        date(year or _LEAP, its_month, day)
    except ValueError:
        return None
    words = f"{spoken_day(day, voice)} tháng {month(its_month, voice.region)}"
    return f"{words} năm {integer(year, voice.region)}" if year else words


def full_date(match: re.Match[str], voice: Voice, *, led: bool) -> str | None:
    """The date in groups d, m, y of a match; `led`: "ngày" stands before it already."""
    said = _said(int(match["d"]), int(match["m"]), int(match["y"]), voice)
    return said if led or said is None else f"ngày {said}"


def _led(match: re.Match[str]) -> bool:
    return bool(re.search(r"\b(?:ngày|mùng|mồng)\s*$", before(match)))


def led_as_date(match: re.Match[str], voice: Voice) -> bool:
    """Whether the word before makes a day and month without a year a date."""
    words = before(match).rstrip(' ,(“"')
    return any(re.search(rf"(?<!\w){re.escape(lead)}$", words) for lead in voice.lexicon.date_leads)


def _known_day(match: re.Match[str], voice: Voice) -> bool:
    plain = re.sub(r"\b0(?=\d)", "", match["said"])
    return plain in voice.lexicon.known_days and not follows_noun(match, voice)


def follows_noun(match: re.Match[str], voice: Voice) -> bool:
    rest = after(match).lstrip()
    return any(re.match(rf"{re.escape(noun)}(?!\w)", rest) for noun in voice.lexicon.ratio_nouns)


@step("date", _EDGE + FULL_DATE)
def _full(match: re.Match[str], voice: Voice) -> str | None:
    return full_date(match, voice, led=_led(match))


@step("date", rf"{_EDGE}({YEAR})-(\d{{2}})-(\d{{2}}){_DONE}")
def _iso(match: re.Match[str], voice: Voice) -> str | None:
    said = _said(int(match[3]), int(match[2]), int(match[1]), voice)
    return said if said is None or _led(match) else f"ngày {said}"


@step("dates", rf"{_EDGE}(\d{{1,2}})/(\d{{1,2}}){_TO}(?:ngày\s+)?(\d{{1,2}})/(\d{{1,2}})(?:/({YEAR}))?{_DONE}")
def _between(match: re.Match[str], voice: Voice) -> str | None:
    year = int(match[5]) if match[5] else None
    first = _said(int(match[1]), int(match[2]), None, voice)
    last = _said(int(match[3]), int(match[4]), year, voice)
    if first is None or last is None or not (year or _led(match) or re.search(r"\btừ\s*$", before(match))):
        return None
    return f"{'' if _led(match) else 'ngày '}{first} đến ngày {last}"


@step("dates", rf"{_EDGE}(\d{{1,2}})(?P<link>{_TO}|,\s*|\s+và\s+)(\d{{1,2}})/(\d{{1,2}})(?:/({YEAR}))?{_DONE}")
def _days(match: re.Match[str], voice: Voice) -> str | None:
    year = int(match[5]) if match[5] else None
    last = _said(int(match[3]), int(match[4]), year, voice)
    first = _said(int(match[1]), int(match[4]), None, voice)
    if last is None or first is None or not (year or _led(match) or re.search(r"\b(?:từ|các ngày)\s*$", before(match))):
        return None
    link = {",": ",", "và": " và"}.get(match["link"].strip(), " đến")
    return f"{'' if _led(match) else 'ngày '}{spoken_day(int(match[1]), voice)}{link} ngày {last}"


@step("day", rf"{_EDGE}(?P<said>(\d{{1,2}})/(\d{{1,2}})){_DONE}")
def _day(match: re.Match[str], voice: Voice) -> str | None:
    if not (led_as_date(match, voice) or _known_day(match, voice)):
        return None
    said = _said(int(match[2]), int(match[3]), None, voice)
    return said if said is None or _led(match) else f"ngày {said}"


@step("day", r"\b[Nn]gày\s+(?P<said>\d{1,2})(?=\s+tháng\s+\d|\s+h[ằà]ng\s+tháng|\s+âm lịch)")
def _day_of(match: re.Match[str], voice: Voice) -> str | None:
    return spoken_day(int(match["said"]), voice) if 1 <= int(match["said"]) <= 31 else None


@step("month", rf"{_EDGE}(?P<said>(\d{{1,2}})/({YEAR})){_DONE}")
def _month_of(match: re.Match[str], voice: Voice) -> str | None:
    if not 1 <= int(match[2]) <= 12:
        return None
    led = "" if re.search(r"\btháng\s*$", before(match)) else "tháng "
    return f"{led}{month(int(match[2]), voice.region)} năm {integer(int(match[3]), voice.region)}"


@step("month", rf"\b[Tt]háng\s+(?P<said>\d{{1,2}}){_DONE}")
def _month(match: re.Match[str], voice: Voice) -> str | None:
    value = int(match["said"])
    return month(value, voice.region) if 1 <= value <= 12 else None


@step("quarter", rf"\b[Qq]uý\s+(?P<said>(I{{1,3}}|IV|[1-4])\s?/\s?({YEAR})){_DONE}")
def _quarter(match: re.Match[str], voice: Voice) -> str:
    value = int(match[2]) if match[2].isdigit() else roman(match[2]) or 0
    return f"{integer(value, voice.region)} năm {integer(int(match[3]), voice.region)}"


@step("years", rf"{_EDGE}({YEAR})\s*[-–]\s*({YEAR}){_DONE}")
def _years(match: re.Match[str], voice: Voice) -> str:
    return f"{integer(int(match[1]), voice.region)} đến {integer(int(match[2]), voice.region)}"


@step("weekday", rf"\b[Tt]hứ\s+(?P<said>[2-7](?:(?:{_TO}|\s*,\s*|\s+và\s+)(?:thứ\s+)?[2-7])+)(?!\w|/|[.,]\d)")
def _weekdays(match: re.Match[str], voice: Voice) -> str:
    named = re.sub(r"\s*[-–]\s*", " đến ", match["said"])
    named = re.sub(r"(?<!thứ )(?<=đến )(?=[2-7])", "thứ ", named)
    return re.sub(r"[2-7]", lambda digit: ordinal(int(digit[0]), voice.region), named)


@step("ordinal", rf"\b[Tt]hứ\s+(?P<said>\d{{1,3}}){_DONE}")
def _ordinal(match: re.Match[str], voice: Voice) -> str:
    return ordinal(int(match["said"]), voice.region)


_SHORT_DAY = r"(?:T[2-7]|CN)"


@step("timetable", rf"(?<![\w-]){_SHORT_DAY}(?:(?:\s*[-–,]\s*|\s+(?:đến|và)\s+){_SHORT_DAY})*(?![\w-])")
def _timetable(match: re.Match[str], voice: Voice) -> str | None:
    """ "CN" may be anything: it is Sunday in a list of days, before a date or time, or in a cell of its own."""
    alone = match[0] == match.string.strip()
    if match[0] == "CN" and not (alone or re.match(r"[,:]?\s*(?:ngày\s+)?\d", after(match))):
        return None
    ranged = bool(re.search(r"[-–]", match[0]))
    named = re.sub(r"\s*[-–]\s*", " đến ", match[0])
    named = re.sub(r"T([2-7])", lambda one: f"thứ {ordinal(int(one[1]), voice.region)}", named).replace(
        "CN", "chủ nhật"
    )
    return f"từ {named}" if ranged and not re.search(r"\btừ\s*$", before(match)) else named


STEPS: tuple[Step, ...] = (
    *(_between, _full, _iso, _days, _day, _day_of, _quarter, _month_of, _month),
    *(_years, _weekdays, _ordinal, _timetable),
)
