"""Months, quarters, years, terms and weekdays."""

from __future__ import annotations

import re

from channels.loudspeaker.spoken.claims import Step, Voice, after, before, step
from channels.loudspeaker.spoken.numbers import integer, month, ordinal, roman
from channels.loudspeaker.spoken.steps.days import DONE, EDGE, TO, YEAR


def _year(written: str, voice: Voice) -> str:
    return integer(int(written), voice.region)


_ROUND = r"[Đđ]ợt|[Kk][ỳì]|[Ll]ần|[Kk]hóa|[Tt]uần|[Hh]ọc kỳ|[Gg]iai đoạn|[Pp]hiên|[Ss]ố|[Kk]ỳ họp|[Hh]ọc kì|[Tt]ập"


@step("round", rf"\b(?:{_ROUND})\s+(?P<said>(?P<n>\d{{1,3}}|[IVX]{{1,4}})\s?/\s?(?P<y>{YEAR})){DONE}")
def _round(match: re.Match[str], voice: Voice) -> str | None:
    """ "đợt 1/2026", "Bản tin số 3/2026": no month."""
    value = int(match["n"]) if match["n"].isdecimal() else roman(match["n"])
    return None if value is None else f"{integer(value, voice.region)} năm {_year(match['y'], voice)}"


_MONTHS = r"\d{1,2}(?:(?:\s*[-–]\s*|\s*,\s*|\s+(?:và|đến|tới)\s+)\d{1,2}(?![\d/.,h]*[\dh]))*"


@step(
    "month",
    rf"(?P<lead>\b(?i:tháng|thang)\s+|(?<![\w/.,-])T(?=\d{{1,2}}\s?/\s?{YEAR}))(?P<months>(?:\d{{1,2}}{TO}|\d{{1,2}},\s*|\d{{1,2}}\s+và\s+)*)(?P<last>\d{{1,2}})\s?[/-]\s?(?P<y>{YEAR})(?:{TO}(?:tháng\s+)?(?P<m2>\d{{1,2}})/(?P<y2>{YEAR}))?{DONE}",
)
def _months_of(match: re.Match[str], voice: Voice) -> str | None:
    """ "tháng 04/2024", "tháng 7 - 12/2026", "tháng 10/2025 - 02/2026"."""
    values = [int(one) for one in re.findall(r"\d+", match["months"] + match["last"] + " " + (match["m2"] or ""))]
    if any(not 1 <= one <= 12 for one in values):
        return None
    said = re.sub(r"\s*[-–—]\s*", " đến ", match["months"])
    said = re.sub(r"(đến|tới) $", r"\1 tháng ", said)
    said = re.sub(r"\d+", lambda one: month(int(one[0]), voice.region), said)
    said += f"{month(int(match['last']), voice.region)} năm {_year(match['y'], voice)}"
    lead = match["lead"] if match["lead"] != "T" else "tháng "
    if match["m2"]:
        said += f" đến tháng {month(int(match['m2']), voice.region)} năm {_year(match['y2'], voice)}"
    return lead + said


@step("month", rf"{EDGE}(\d{{1,2}})/({YEAR})(?:{TO}(?:tháng\s+)?(\d{{1,2}})/({YEAR}))?{DONE}")
def _month_of(match: re.Match[str], voice: Voice) -> str | None:
    if re.search(r"(?:tỷ lệ|tỉ lệ|bản đồ|quy hoạch|quý)\s*$", before(match)):  # a scale of 1/2000
        return None
    if not 1 <= int(match[1]) <= 12 or (match[3] and not 1 <= int(match[3]) <= 12):
        return None
    said = f"tháng {month(int(match[1]), voice.region)} năm {_year(match[2], voice)}"
    return f"{said} đến tháng {month(int(match[3]), voice.region)} năm {_year(match[4], voice)}" if match[3] else said


@step("month", rf"\b(?i:tháng|thang)\s+(?P<said>{_MONTHS}){DONE}")
def _month(match: re.Match[str], voice: Voice) -> str | None:
    if any(not 1 <= int(one) <= 12 for one in re.findall(r"\d+", match["said"])):
        return None
    said = re.sub(r"\s*[-–]\s*", " đến ", match["said"])
    said = re.sub(r"\b(đến|tới) (?=\d)", r"\1 tháng ", said)
    return re.sub(r"\d+", lambda one: month(int(one[0]), voice.region), said)


_BUILDING = re.compile(r"\b(?:nhà ga|ga|tòa|toà|block|chung cư|lô|căn|tháp|sảnh|nhà)\s+$")
_T = r"T(?:1[0-2]|0?[1-9])(?!\d)"


@step(
    "month", rf"{EDGE}{_T}(?:(?:\s*[-–—,;&]\s*|\s+(?:đến|tới|và)\s+){_T})*(?:\s?/\s?(?P<y>{YEAR}))?(?!\w|/|[.,]\d|-\d)"
)
def _months_short(match: re.Match[str], voice: Voice) -> str | None:
    """ "T1, T2 và T3 năm 2026": months where one of them is no weekday or a year follows."""
    months = [int(one) for one in re.findall(r"T(\d+)", match[0])]
    sure = match["y"] or re.match(r"\s+năm\s+(?:19|20)\d\d", after(match)) or re.search(r"T0", match[0])
    if not (sure or any(one in (1, *range(8, 13)) for one in months)):
        return None
    if len(months) == 1 and _BUILDING.search(before(match)):
        return None
    said = re.sub(r"\s*[-–—]\s*", " đến ", match[0].split("/")[0].rstrip()).replace("&", " và ")
    said = re.sub(r"T(\d+)", lambda one: f"tháng {month(int(one[1]), voice.region)}", said)
    return f"{said} năm {_year(match['y'], voice)}" if match["y"] else said


_Q = r"(?:I{1,3}|IV|i{1,3}|iv|[1-4])"


@step(
    "quarter",
    rf"\b(?i:qu[ýí])\s+(?P<said>{_Q}(?:(?:\s*[-–+]\s*|\s*,\s*|\s+(?:và|đến)\s+)(?:quý\s+)?{_Q})*(?:\s?[/-]\s?(?P<y>{YEAR}))?)(?!\w|/|[.,]\d)",
)
def _quarter(match: re.Match[str], voice: Voice) -> str:
    said = match["said"][: match.start("y") - match.start("said")] if match["y"] else match["said"]
    said = re.sub(r"\s*[-–]\s*(?=\S)", " đến ", said.rstrip(" /-"))
    said = re.sub(r"đến (?!quý)", "đến quý ", said)
    said = re.sub(rf"(?<!\w){_Q}(?!\w)", lambda one: _quarter_number(one[0], voice), said)
    return f"{said} năm {_year(match['y'], voice)}" if match["y"] else said


def _quarter_number(written: str, voice: Voice) -> str:
    value = int(written) if written.isdigit() else roman(written.upper()) or 0
    return voice.region.quarter_four if value == 4 else integer(value, voice.region)


@step("years", rf"{EDGE}({YEAR})(?:\s*[-–—]\s*|\s*/\s*)({YEAR})(?:\s*[-–—]\s*({YEAR}))?{DONE}")
def _years(match: re.Match[str], voice: Voice) -> str | None:
    if int(match[1]) > int(match[2]):
        return None
    said = f"{_year(match[1], voice)} đến {_year(match[2], voice)}"
    return f"{said} đến {_year(match[3], voice)}" if match[3] else said


@step(
    "years",
    rf"\b(?:năm học|niên khóa|niên độ|giai đoạn|nhiệm kỳ|khóa|mùa giải)\s+(?P<said>({YEAR})\s*[-–/]\s*(\d{{2}})){DONE}",
)
def _short_years(match: re.Match[str], voice: Voice) -> str:
    return f"{_year(match[2], voice)} đến {_year(match[2][:2] + match[3], voice)}"


_DAY_LIST = rf"[2-7](?:(?:{TO}|\s*,\s*|\s*;\s*|\s+và\s+|\s*&\s*)(?:thứ\s+)?[2-7](?!\d|h|/|[.,]\d))*"


@step("weekday", rf"\b(?i:thứ)\s+(?P<said>{_DAY_LIST})(?!\w|/|[.,]\d)")
def _weekdays(match: re.Match[str], voice: Voice) -> str:
    named = re.sub(r"\s*[-–—]\s*", " đến ", match["said"]).replace("&", "và")
    named = re.sub(r"(?<!thứ )(?<=đến )(?=[2-7])", "thứ ", named)
    return re.sub(r"[2-7]", lambda digit: ordinal(int(digit[0]), voice.region), named)


@step("ordinal", rf"\b(?i:thứ)\s+(?P<said>\d{{1,3}}){DONE}")
def _ordinal(match: re.Match[str], voice: Voice) -> str:
    return ordinal(int(match["said"]), voice.region)


_SHORT_DAY = r"(?:T\.?[2-7]|CN|(?i:thứ)\s+[2-7]|[Cc]hủ nhật)"


@step(
    "timetable",
    rf"(?<![\w-])(?:{_SHORT_DAY})(?:(?:\s*[-–—,;&+]\s*|\s+(?:đến|và|tới)\s+){_SHORT_DAY})*(?![\w-]|\.?\d|/)",
)
def _timetable(match: re.Match[str], voice: Voice) -> str | None:
    """ "CN" may be anything: it is Sunday in a list of days, before a date or time, or in a cell of its own."""
    if not re.search(r"T\.?[2-7]|CN", match[0]) or (match[0] == "CN" and not _sunday(match)):
        return None
    if re.fullmatch(r"T\d", match[0]) and _BUILDING.search(before(match)):
        return None
    ranged = bool(re.search(r"[-–—]", match[0]))
    named = re.sub(r"\s*[-–—]\s*", " đến ", match[0]).replace("&", " và ").replace("+", " và ")
    named = re.sub(r"(?:T\.?|(?i:thứ)\s+)([2-7])", lambda one: f"thứ {ordinal(int(one[1]), voice.region)}", named)
    named = named.replace("CN", "chủ nhật")
    return f"từ {named}" if ranged and not re.search(r"\btừ\s*$", before(match)) else named


def _sunday(match: re.Match[str]) -> bool:
    alone = match[0] == match.string.strip(" .,;:")
    led = re.search(
        r"(?:sáng|chiều|tối|ngày|trưa|vào|hằng tuần|thứ bảy|thứ 7|t7|các|nghỉ|cả)\s*,?\s*(?:và\s+)?$", before(match)
    )
    return alone or bool(led) or bool(re.match(r"[,:]?\s*(?:\(|\d|ngày\s|hằng tuần|hàng tuần)", after(match)))


STEPS: tuple[Step, ...] = (
    *(_round, _quarter, _months_short, _months_of, _month_of, _years, _short_years),
    *(_timetable, _weekdays, _ordinal, _month),
)
