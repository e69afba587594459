"""Days: full dates, days and months, spans of them. What is no real date is not claimed, so it is reported."""

from __future__ import annotations

import re
from datetime import date

from channels.loudspeaker.spoken.claims import Step, Voice, after, before, step
from channels.loudspeaker.spoken.numbers import integer, month
from channels.loudspeaker.spoken.syllable import LOWER, UPPER

YEAR = r"(?:19|20)\d{2}"
FULL_DATE = rf"(?!00?\D)(?P<d>\d{{1,2}})\s?(?P<sep>[/.-])\s?(?P<m>\d{{1,2}})\s?(?P=sep)\s?(?P<y>{YEAR})(?![\w/]|[.-]\d)"
_LEAP = 2024  # a year that has every day, for dates written without one
TO = r"\s*(?:[-–—]|đến|tới)\s*"
EDGE = r"(?<![\w/.,-])"
DONE = r"(?!\w|/|[.,]\d)"
_LUNAR = re.compile(r"\s*\(?(?:âm lịch|âl|al)(?!\w)", re.IGNORECASE)
_FIXED = re.compile(
    r"\s+(?:hằng năm|hàng năm|âm lịch|dương lịch|này|tới|tới đây|vừa qua|năm|sắp tới|\((?:âm|dương))(?!\w)"
)
_CHAIN = re.compile(r"(?:\d{1,2}/\d{1,2}(?:/\d{4})?(?:\s*[,;]\s*|\s+(?:và|hoặc|đến|tới)\s+|\s*[-–]\s*))+$")


def spoken_day(day: int, voice: Voice, *, lunar: bool = False) -> str:
    early = voice.region.lunar_day if lunar else voice.region.early_day
    return (f"{early} " if day <= 10 and early else "") + integer(day, voice.region)


def said_date(day: int, its_month: int, year: int | None, voice: Voice, *, lunar: bool = False) -> str | None:
    """ "hai mươi tháng ba năm …" without its "ngày"; None for a day that does not exist."""
    try:
        date(year or _LEAP, its_month, day)
    except ValueError:
        if not (lunar and day == 30 and its_month == 2):  # the old calendar has thirty days in any month
            return None
    words = f"{spoken_day(day, voice, lunar=lunar)} tháng {month(its_month, voice.region)}"
    return f"{words} năm {integer(year, voice.region)}" if year else words


def full_date(match: re.Match[str], voice: Voice, *, led: bool) -> str | None:
    """The date in groups d, m, y of a match; `led`: "ngày" stands before it already."""
    said = said_date(int(match["d"]), int(match["m"]), int(match["y"]), voice, lunar=is_lunar(match))
    return said if led or said is None else f"ngày {said}"


def led_by_day(match: re.Match[str]) -> bool:
    return bool(re.search(r"\b(?:ngày|ngay|mùng|mồng|rằm)\s*$", before(match))) or _named_day(match)


def _named_day(match: re.Match[str]) -> bool:
    """ "Ngày Quốc tế Phụ nữ 8/3": the name has said "ngày" already."""
    start = match.start("said") if "said" in match.re.groupindex else match.start()
    return bool(re.search(rf"\bNgày\s(?={UPPER})[^\d.,;:()]{{3,45}}\s\(?$", match.string[max(0, start - 55) : start]))


def is_lunar(match: re.Match[str]) -> bool:
    return bool(_LUNAR.match(after(match)))


def led_as_date(match: re.Match[str], voice: Voice) -> bool:
    """Whether the word before makes a day and month without a year a date; in a list, the word before the list."""
    words = _CHAIN.sub("", before(match, 60)).rstrip(' ,:(“"')
    listed = words != before(match, 60).rstrip(' ,:(“"') and bool(_CHAIN.search(before(match, 60)))
    timed = re.search(r"\d\s?(?:h|g|giờ)(?:\s?\d{2})?(?:\s?phút|['’p])?$", words)
    return (
        bool(timed)
        or any(re.search(rf"(?<!\w){re.escape(lead)}$", words) for lead in voice.lexicon.date_leads)
        or (listed and bool(re.search(r"ngày$", words)))
    )


def follows_noun(match: re.Match[str], voice: Voice) -> bool:
    rest = after(match).lstrip()
    return any(re.match(rf"{re.escape(noun)}(?!\w)", rest) for noun in voice.lexicon.ratio_nouns)


def _certain(day: str, its_month: str, match: re.Match[str], voice: Voice) -> bool:
    """A day and month without a year: by the word before or after, by a zero, by being more than its month could be."""
    if follows_noun(match, voice) and not led_by_day(match):
        return False
    known = f"{int(day)}/{int(its_month)}" in voice.lexicon.known_days
    written = day.startswith("0") or its_month.startswith("0") or int(day) > int(its_month)
    return led_as_date(match, voice) or known or written or bool(_FIXED.match(after(match)))


@step("date", EDGE + FULL_DATE)
def _full(match: re.Match[str], voice: Voice) -> str | None:
    return full_date(match, voice, led=led_by_day(match))


@step("date", rf"\b(?i:ngày|ngay)\s+(?P<said>0{{1,2}}/(?P<m>\d{{1,2}})/(?P<y>{YEAR})){DONE}")
def _day_to_come(match: re.Match[str], voice: Voice) -> str | None:
    """A day left open ("ngày 0/02/2024"): its month and year are certain."""
    value = int(match["m"])
    return (
        f"tháng {month(value, voice.region)} năm {integer(int(match['y']), voice.region)}" if 1 <= value <= 12 else None
    )


@step("date", rf"{EDGE}({YEAR})-(\d{{2}})-(\d{{2}}){DONE}")
def _iso(match: re.Match[str], voice: Voice) -> str | None:
    said = said_date(int(match[3]), int(match[2]), int(match[1]), voice)
    return said if said is None or led_by_day(match) else f"ngày {said}"


@step("date", rf"{EDGE}(\d{{1,2}})/(\d{{1,2}})/(\d{{2}}){DONE}")
def _short_year(match: re.Match[str], voice: Voice) -> str | None:
    """ "15/5/26": of this century."""
    if not (led_as_date(match, voice) or int(match[1]) > int(match[2]) or match[1][0] == "0"):
        return None
    said = said_date(int(match[1]), int(match[2]), 2000 + int(match[3]), voice)
    return said if said is None or led_by_day(match) else f"ngày {said}"


_D1, _D2 = r"(?P<d1>\d{1,2})[/.](?P<m1>\d{1,2})", r"(?P<d2>\d{1,2})[/.](?P<m2>\d{1,2})"


@step(
    "dates",
    rf"{EDGE}{_D1}(?:[/.](?P<y1>{YEAR}))?(?P<to>{TO})(?:ngày\s+|hết ngày\s+|hết\s+)?{_D2}(?:[/.](?P<y2>{YEAR}))?{DONE}",
)
def _between(match: re.Match[str], voice: Voice) -> str | None:
    years = [int(match[name]) if match[name] else None for name in ("y1", "y2")]
    lunar = is_lunar(match)
    first = said_date(int(match["d1"]), int(match["m1"]), years[0], voice, lunar=lunar)
    last = said_date(int(match["d2"]), int(match["m2"]), years[1], voice, lunar=lunar)
    if first is None or last is None or ("." in match[0] and not any(years)):
        return None
    if follows_noun(match, voice) and not any(years):
        return None
    word = "tới" if "tới" in match["to"] else "đến"
    until = " hết" if re.search(r"(?:đến|tới|[-–])\s*hết", match[0]) else ""
    return f"{'' if led_by_day(match) else 'ngày '}{first} {word}{until} ngày {last}"


_LINK = rf"(?:{TO}(?:ngày\s+)?|\s*,\s*|\s*;\s*|\s+(?:và|hoặc)\s+)"


@step(
    "dates",
    rf"{EDGE}(?P<days>\d{{1,2}}(?:{_LINK}\d{{1,2}}){{0,5}})(?P<link>{_LINK})(?P<d>\d{{1,2}})/(?P<m>\d{{1,2}})(?:/(?P<y>{YEAR}))?{DONE}",
)
def _days(match: re.Match[str], voice: Voice) -> str | None:
    """ "10-12/5/2026", "14, 15 và 16/3": the month stands once, at the end."""
    year = int(match["y"]) if match["y"] else None
    lunar = is_lunar(match)
    last = said_date(int(match["d"]), int(match["m"]), year, voice, lunar=lunar)
    numbers = re.findall(r"\d+", match["days"])
    if last is None or any(said_date(int(one), int(match["m"]), None, voice, lunar=lunar) is None for one in numbers):
        return None
    sure = (
        year
        or led_by_day(match)
        or re.search(r"\b(?:từ|các ngày|trong)\s*$", before(match))
        or led_as_date(match, voice)
    )
    if not sure and (
        follows_noun(match, voice) or not int(numbers[-1]) < int(match["d"]) or int(match["d"]) <= int(match["m"])
    ):
        return None
    if re.search(r"[-–—]|đến|tới|,", match["link"]) is None and not sure:
        return None
    said = re.sub(r"\s*[-–—]\s*", " đến ", re.sub(r"ngày\s+", "", match["days"] + match["link"]))
    said = re.sub(r"\s*[,;]\s*", ", ", said + " ")
    said = re.sub(r"\b(đến|tới)\s+", r"\1 ngày ", said)
    said = re.sub(r"\d+", lambda one: spoken_day(int(one[0]), voice, lunar=lunar), said).rstrip()
    return f"{'' if led_by_day(match) else 'ngày '}{said} {last}"


@step("date", rf"{EDGE}(?P<said>(\d{{1,2}})\s?/\s?(\d{{1,2}})){DONE}")
def _short(match: re.Match[str], voice: Voice) -> str | None:
    if not _certain(match[2], match[3], match, voice):
        return None
    said = said_date(int(match[2]), int(match[3]), None, voice, lunar=is_lunar(match))
    return said if said is None or led_by_day(match) or _listed(match) else f"ngày {said}"


def _listed(match: re.Match[str]) -> bool:
    """Whether it goes on a list that began with "ngày": "các ngày 20/10, 20/11 và 22/12"."""
    written = before(match, 60)
    lead = re.sub(r"(?:\d{1,2}/\d{1,2}(?:\s*[,;]\s*|\s+(?:và|hoặc)\s+))+$", "", written)
    return lead != written and bool(re.search(r"\bngày\s+$", lead))


@step("date", rf"{EDGE}(?P<d>\d{{1,2}})-(?P<m>\d{{1,2}})(?!\w|[/.,-]\d|\s+{LOWER})")
def _dashed_alone(match: re.Match[str], voice: Voice) -> str | None:
    """ "27-7", "19-8": days everybody knows, and no span, for a span does not go down."""
    known = f"{int(match['d'])}/{int(match['m'])}" in voice.lexicon.known_days
    if not known or int(match["d"]) <= 12:
        return None
    said = said_date(int(match["d"]), int(match["m"]), None, voice)
    return said if said is None or led_by_day(match) else f"ngày {said}"


@step(
    "date",
    r"\b(?:(?i:ngày)|[Cc]hủ nhật,?|(?i:thứ) \w{1,4},?)\s+(?P<said>(?P<d>\d{1,2})[-.](?P<m>\d{1,2}))(?!\w|[/.,-]\d)",
)
def _dashed(match: re.Match[str], voice: Voice) -> str | None:
    """ "ngày 20-11", "ngày 2.9"; but "ngày 10-12" may be two days, as "ngày 10.12" may be one."""
    if int(match["m"]) > 12 or (int(match["d"]) < int(match["m"]) and "-" in match["said"]):
        return None
    said = said_date(int(match["d"]), int(match["m"]), None, voice, lunar=is_lunar(match))
    return said if said is None or led_by_day(match) else f"ngày {said}"


_NUMBERED = (
    r"\d{1,2}(?:(?:\s*,\s*|\s*[-–]\s*|\s+(?:và|hoặc|đến)\s+)(?:ngày\s+)?\d{1,2}(?!\d|/|[.,]\d|\s?(?:h|giờ|g)\b))*"
)


@step("day", rf"\b(?i:ngày|ngay)\s+(?P<said>{_NUMBERED})(?!\w|/|[.,-]\d|\s+(?:công|làm việc|phép|nghỉ|đêm|tuổi)(?!\w))")
def _day_of(match: re.Match[str], voice: Voice) -> str | None:
    if any(not 1 <= int(one) <= 31 for one in re.findall(r"\d+", match["said"])):
        return None
    said = re.sub(r"\s*[-–]\s*", " đến ", match["said"])
    said = re.sub(r"\bđến (?=\d)", "đến ngày ", said)
    return re.sub(r"\d+", lambda one: spoken_day(int(one[0]), voice, lunar=is_lunar(match)), said)


@step(
    "day",
    r"\b(?:[Mm]ùng|[Mm]ồng|[Rr]ằm|[Hh]ôm|[Đđ]êm|[Cc]hiều|[Ss]áng)\s+(?P<said>\d{1,2})(?=\s+(?:[Tt]ết|tháng|âm|[Cc]hạp|[Gg]iêng))",
)
def _lunar_day(match: re.Match[str], voice: Voice) -> str:
    return integer(int(match["said"]), voice.region)


STEPS: tuple[Step, ...] = (
    _between,
    _day_to_come,
    _days,
    _full,
    _iso,
    _short_year,
    _dashed,
    _dashed_alone,
    _short,
    _day_of,
    _lunar_day,
)
