"""Times of the day and lengths of time: 5h05, 17:00, 7g30, 7 giờ 30, 7h30-11h, 2h30'."""

from __future__ import annotations

import re

from channels.loudspeaker.spoken.claims import Step, Voice, before, step
from channels.loudspeaker.spoken.numbers import digits, integer

_TIME = (
    r"(\d{1,2})(?:\s?(?:h|H|g(?=\d|\s|$)|giờ(?=\s?\d{2}(?!\d)))(?:\s(?=\d))?(?:((?<=\w)\d{1,2}(?!\d|[/.,]\d)|(?<=\s)\d{2}(?!\d|[/.,]\d|\s*(?:ngày|tháng|người|hộ|/)))"
    r"(?:['’′]|\s?phút|\s?ph(?!\w)|\s?p(?!\w))?)?(?:['’′](?!\w))?|:(\d{2})(?::00)?)"
)
_EDGE = r"(?<![\w/.,:-])"
_DONE = r"(?!\w|[:/]\d|[.,]\d)"
_HALF = {"am": "sáng", "pm": "chiều"}


def _clock(hour: str, minute: str | None, voice: Voice) -> str | None:
    if int(hour) * 60 + int(minute or 0) > 24 * 60 or int(minute or 0) > 59:
        return None
    said = f"{integer(int(hour), voice.region)} giờ"
    if not int(minute or 0):
        return said
    minutes = digits(minute or "") if (minute or "").startswith("0") else integer(int(minute or 0), voice.region)
    return f"{said} {minutes} phút"


@step("times", rf"{_EDGE}{_TIME}(?P<to>\s*(?:[-–—]|đến|tới|->|→)\s*){_TIME}{_DONE}")
def _between(match: re.Match[str], voice: Voice) -> str | None:
    first, last = _clock(match[1], match[2] or match[3], voice), _clock(match[5], match[6] or match[7], voice)
    word = "tới" if "tới" in match["to"] else "đến"
    return None if first is None or last is None else f"{first} {word} {last}"


@step("times", rf"{_EDGE}(\d{{1,2}})\s*[-–—]\s*{_TIME}{_DONE}")
def _between_hours(match: re.Match[str], voice: Voice) -> str | None:
    """ "8 - 11h": the hour stands once."""
    last = _clock(match[2], match[3] or match[4], voice)
    if last is None or int(match[1]) > 24 or match[4] or re.search(r"\b(?:ngày|tháng|thứ)\s*$", before(match)):
        return None
    return f"{integer(int(match[1]), voice.region)} đến {last}"


@step("time", rf"{_EDGE}{_TIME}(?:\s?(?P<half>[AaPp][Mm])(?!\w))?{_DONE}")
def _time(match: re.Match[str], voice: Voice) -> str | None:
    lasting = match[2] is None and match[3] is None and int(match[1]) > 24
    if lasting:
        return f"{integer(int(match[1]), voice.region)} giờ"
    if match[3] and re.search(r"\b(?:tỷ lệ|tỉ lệ|tỷ số|tỉ số)\s*$", before(match)):
        return None
    said = _clock(match[1], match[2] or match[3], voice)
    return f"{said} {_HALF[match['half'].lower()]}" if said and match["half"] else said


@step("minutes", rf"{_EDGE}(?P<m>\d{{1,3}})(?:['’′](?:(?P<s>\d{{1,2}})(?:''|\"|”|″))?|(?P<only>''|″))(?!\w)")
def _minutes(match: re.Match[str], voice: Voice) -> str:
    first = integer(int(match["m"]), voice.region)
    if match["only"]:
        return f"{first} giây"
    return f"{first} phút" + (f" {integer(int(match['s']), voice.region)} giây" if match["s"] else "")


STEPS: tuple[Step, ...] = (_between, _between_hours, _time, _minutes)
