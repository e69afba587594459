"""Sums, measures, shares and spans; last of all, bare numbers."""

from __future__ import annotations

import re
from functools import lru_cache

from channels.loudspeaker.spoken.claims import Step, Voice, after, before, step
from channels.loudspeaker.spoken.lexicon import Lexicon
from channels.loudspeaker.spoken.numbers import WRITTEN, digits, integer, written

_EDGE = r"(?<![\w/.,:])(?<![\w)]-)"
_DONE = r"(?!\w|[/:]\d|[.,]\d)"
_SPACED = r"\d{1,3}(?: \d{3})+(?:,\d+)?"
_POINTED = r"\d+\.\d{1,2}"  # a decimal point, as machines write it; only a unit makes it certain
_ANY = rf"(?:{_SPACED}|{WRITTEN}|{_POINTED})"
_LONGEST_BARE = 6  # digits; a longer run without dots is rather a code than a count


def _number(text: str, voice: Voice, *, certain: bool = False) -> str | None:
    """None for what only looks like a number: a zero in front, a code, thousands parted by commas."""
    text = text.replace(" ", ".")
    if re.fullmatch(_POINTED, text) and not re.fullmatch(WRITTEN, text):
        text = text.replace(".", ",")
    whole, _, rest = text.partition(",")
    bare = "." not in whole
    if rest == "000" or (bare and len(whole) > _LONGEST_BARE and not certain):
        return None
    if bare and whole.startswith("0") and len(whole) > 2:
        return digits(whole) if not rest and not certain else None
    return written(text, voice.region)


@lru_cache(maxsize=8)
def _measure_pattern(units: tuple[str, ...], signs: tuple[str, ...]) -> re.Pattern[str]:
    unit = "|".join(re.escape(one) for one in sorted(units, key=len, reverse=True))
    sign = "|".join(map(re.escape, sorted(signs, key=len, reverse=True)))
    scale = r"(?:nghìn|ngàn|triệu|tỷ|tỉ|trăm)"
    return re.compile(
        rf"{_EDGE}(?:(?P<sign>{sign})\s?)?(?P<from>{_ANY})(?:\s?(?P<unit1>(?:{unit})(?!\w)|{scale}))?"
        rf"(?:\s?(?:[-–—÷]|->|→)\s?(?P<minus>-)?(?P<to>{_ANY}))?"
        rf"(?:\s?(?P<unit>{unit})(?!\w))?(?!\w|[/:]\d|[.,]\d|-\d)"
    )


def _pattern(lexicon: Lexicon) -> re.Pattern[str]:
    return _measure_pattern(tuple(lexicon.units), tuple(lexicon.compare))


def _measure(match: re.Match[str], voice: Voice) -> str | None:
    """A number with a sign, a second number or a unit. A bare number is left to the last step."""
    first_unit, unit = match["unit1"] or "", match["unit"] or ""
    if not match["to"] and first_unit and not unit:
        first_unit, unit = "", first_unit
    if not (match["sign"] or match["to"] or unit):
        return None
    if unit in ("m", "g", "l", "h", "k", "A", "V", "W") and re.search(r"\b[A-ZĐ]$", before(match)):
        return None
    certain = bool(unit) or bool(first_unit)
    numbers = [_number(match[name], voice, certain=certain) for name in ("from", "to") if match[name]]
    if None in numbers or (match["sign"] == "-" and not unit and re.search(r"[\w)]\s*$", before(match))):
        return None
    sign = voice.lexicon.compare[match["sign"]] if match["sign"] else ""
    if first_unit == unit:
        first_unit = ""
    first, *second = [number for number in numbers if number]
    if match["sign"] in ("≥", ">=") and re.match(r"\s+tuổi", after(match)):
        sign = "từ"  # "ít nhất" is said of amounts
    minus = "âm " if match["minus"] else ""
    said = (sign, first, _unit(first_unit, voice), *(f"đến {minus}{one}" for one in second), _unit(unit, voice))
    return " ".join(filter(None, said))


def _unit(written_unit: str, voice: Voice) -> str:
    said = voice.lexicon.units.get(written_unit, written_unit)
    return re.sub(r"^nghìn", voice.region.thousand, said) if written_unit in ("k", "K") else said


def _rate_pattern(lexicon: Lexicon) -> re.Pattern[str]:
    return _rate(tuple(lexicon.per))


@lru_cache(maxsize=8)
def _rate(per: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(re.escape(one) for one in sorted(per, key=len, reverse=True))
    return re.compile(rf"(?P<said>\s?/\s?(?:0?1\s)?(?P<word>{words})(?!\w))")


_COUNTED = re.compile(r"\d[^\n.;:()]{0,30}$")
_TIMES = (
    "tháng",
    "năm",
    "quý",
    "tuần",
    "ngày",
    "giờ",
    "phút",
    "giây",
    "đêm",
    "ngày đêm",
    "kỳ",
    "đợt",
    "năm học",
    "học kỳ",
    "h",
    "s",
)


def _read_rate(match: re.Match[str], voice: Voice) -> str | None:
    lead = before(match)
    left = re.search(r"([^\W\d_]+\d?|[²³%]|\d)\s*$", lead)
    if left is None:
        return None
    counted = bool(_COUNTED.search(lead)) or bool(
        re.search(r"\b(?:một|hai|ba|bốn|năm|sáu|đồng|mấy|bao nhiêu)\b[^,;]{0,20}$", lead)
    )
    measured = left[1] in voice.lexicon.measured or left[1] in voice.lexicon.units or not left[1][0].isalpha()
    if not counted or not (measured or match["word"] in _TIMES or f"/{left[1]}" in lead.replace(" ", "")):
        return None
    if not left[1][0].isalpha() and left[1].isdigit():
        return None
    word = {"h": "giờ", "s": "giây"}.get(match["word"], match["word"])
    return f" một {voice.lexicon.units.get(word, word)}"


_LENGTH = r"(?:\s?(?:mm|cm|dm|km|m))?"


@step(
    "sides",
    rf"(?<![\w/.,:-])(?P<sides>{WRITTEN}{_LENGTH}(?:\s?[x×*]\s?{WRITTEN}{_LENGTH}){{1,2}})(?!\w|[/:]\d|[.,]\d)",
)
def _sides(match: re.Match[str], voice: Voice) -> str | None:
    """ "1200×630", "3m x 4m", "4x100m"."""
    said = []
    for side in re.split(r"\s?[x×*]\s?", match["sides"]):
        number, unit = re.fullmatch(r"([\d.,]+)\s?(\w*)", side).groups()  # type: ignore[union-attr]
        said.append(f"{written(number, voice.region)} {_unit(unit, voice)}".strip())
    return " nhân ".join(said)


@step("measure", r"(?<![\w/.,:-])(?P<n>\d{1,4})(?P<unit>km|kg|ha|m)(?P<rest>\d{1,2})(?!\w|[/.,]\d)")
def _odd_measure(match: re.Match[str], voice: Voice) -> str | None:
    """ "1m75", "2km5"; "5m2" is an area."""
    if match["unit"] in ("m", "km") and match["rest"] in ("2", "3"):
        return None
    rest = integer(int(match["rest"]), voice.region)
    return f"{integer(int(match['n']), voice.region)} {_unit(match['unit'], voice)} {rest}"


@step("dotted", r"(?<![\w/.,:-])(?P<said>(\d{1,3})\.(\d{1,2}))(?!\w|[/:]\d|[.,]\d)")
def _dotted(match: re.Match[str], voice: Voice) -> str:
    """ "4.0", "mục 2.1": said with its dot."""
    rest = digits(match[3]) if match[3].startswith("0") else integer(int(match[3]), voice.region)
    return f"{integer(int(match[2]), voice.region)} chấm {rest}"


@step("number", rf"{_EDGE}(?<!-)(?:{_SPACED}|{WRITTEN})(?!\w|[/:]\d|/[A-ZĐ]{{2}}|[.,]\d|-\w)")
def _bare(match: re.Match[str], voice: Voice) -> str | None:
    return _number(match[0], voice)


STEPS: tuple[Step, ...] = (
    _sides,
    _odd_measure,
    Step("measure", _pattern, _measure),
    Step("rate", _rate_pattern, _read_rate),
)
BARE: tuple[Step, ...] = (_bare, _dotted)
