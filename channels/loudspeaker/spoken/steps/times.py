"""Times of the day: 5h05, 17:00, 7g30, 7 giờ 30."""

from __future__ import annotations

import re

from channels.loudspeaker.spoken.claims import Step, Voice, step
from channels.loudspeaker.spoken.numbers import digits, integer

_TIME = r"(\d{1,2})(?:\s?(?:h|g(?=\d)|giờ(?=\s?\d{2}(?!\d)))\s?(?:(\d{2})(?:['’]|\s?phút|p(?!\w))?)?|:(\d{2}))"
_EDGE = r"(?<![\w/.,:-])"
_DONE = r"(?!\w|[:/]\d|[.,]\d)"


def _clock(hour: str, minute: str | None, voice: Voice) -> str | None:
    if int(hour) > 24 or int(minute or 0) > 59:
        return None
    said = f"{integer(int(hour), voice.region)} giờ"
    if not int(minute or 0):
        return said
    minutes = digits(minute or "") if (minute or "").startswith("0") else integer(int(minute or 0), voice.region)
    return f"{said} {minutes} phút"


@step("times", rf"{_EDGE}{_TIME}\s*(?:[-–]|đến)\s*{_TIME}{_DONE}")
def _between(match: re.Match[str], voice: Voice) -> str | None:
    first, last = _clock(match[1], match[2] or match[3], voice), _clock(match[4], match[5] or match[6], voice)
    return None if first is None or last is None else f"{first} đến {last}"


@step("time", rf"{_EDGE}{_TIME}{_DONE}")
def _time(match: re.Match[str], voice: Voice) -> str | None:
    return _clock(match[1], match[2] or match[3], voice)


STEPS: tuple[Step, ...] = (_between, _time)
