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


_MINUS = ("-", "–", "−")
_BULLET = re.compile(r"(?:^|\n)[ \t]*$")  # a dash and a space at the beginning of a line are no minus


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
    if unit in ("k", "K") and re.search(r"\bvàng\s*$", before(match)):
        return f"{numbers[0]} {voice.lexicon.letter(unit)}" if len(numbers) == 1 else None
    if match["sign"] in _MINUS and re.match(r"\s", match[0][1:]) and _BULLET.search(before(match, 9)):
        return None
    if None in numbers or (match["sign"] in _MINUS and not unit and _between_words(match)):
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


def _between_words(match: re.Match[str]) -> bool:
    """Whether a dash joins two words or numbers; after "từ" and its like it is a minus."""
    lead = before(match)
    return bool(re.search(r"[\w)]\s*$", lead)) and not re.search(r"\b(?:từ|đến|xuống|còn|mức|dưới|là)\s$", lead)


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


_COUNTED_IN_WORDS = re.compile(r"\b(?:một|hai|ba|bốn|năm|sáu|đồng|mấy|bao nhiêu)\b[^,;]{0,20}$")


def _is_measured(word: str, match: re.Match[str], voice: Voice) -> bool:
    known = word in voice.lexicon.measured or word in voice.lexicon.units
    return known or not word[0].isalpha() or _short_noun(match, voice)


def _read_rate(match: re.Match[str], voice: Voice) -> str | None:
    lead = before(match)
    left = re.search(r"([^\W\d_]+\d?|[²³%]|\d)\s*$", lead)
    if left is None:
        return None
    counted = _COUNTED.search(lead) or _COUNTED_IN_WORDS.search(lead)
    timed = match["word"] in _TIMES or f"/{left[1]}" in lead.replace(" ", "")
    if not counted or not (timed or _is_measured(left[1], match, voice)):
        return None
    if not left[1][0].isalpha() and left[1].isdigit():
        return None
    word = {"h": "giờ", "s": "giây"}.get(match["word"], match["word"])
    return f" một {voice.lexicon.units.get(word, word)}"


def _short_noun(match: re.Match[str], voice: Voice) -> bool:
    """ "35 HS/lớp": what is counted is shortened."""
    found = re.search(r"\d\s+([A-ZĐ]{2,9})$", match.string[max(0, match.start() - 20) : match.start()])
    return bool(found) and voice.lexicon.sense(found[1], "", "") is not None  # type: ignore[index]


@step("age", r"(?:≥|>=)\s?(?P<n>\d{1,3})\s+tuổi(?!\s+trở lên)(?!\w)")
def _age(match: re.Match[str], voice: Voice) -> str:
    return f"từ {integer(int(match['n']), voice.region)} tuổi trở lên"


_MONEY = {"$": "đô la", "US$": "đô la Mỹ", "USD": "đô la Mỹ", "€": "ơ rô", "£": "bảng Anh"}
_SCALE = r"\s(?:nghìn|ngàn|triệu|tỷ|tỉ)"


@step(
    "money",
    rf"(?<![\w$])(?P<sign>US\$|USD(?=\s?\d)|[$€£])\s?(?P<sum>{_ANY})(?P<scale>{_SCALE})?{_DONE}",
)
def _money(match: re.Match[str], voice: Voice) -> str | None:
    """The sign stands first: "$100", "US$1.500"."""
    number = _number(match["sum"], voice, certain=True)
    return f"{number}{match['scale'] or ''} {_MONEY[match['sign']]}" if number else None


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


_NO_MONTH = re.compile(r"0+|1[3-9]|[2-9]\d")
_ENDS = re.compile(r"\s*(?:$|[.,;)])")
_UNFINISHED = re.compile(r"(?<![\w.,/-])0\d{2,}(?: \d+)? $")


@step("number", rf"{_EDGE}(?<!-)(?:{_SPACED}|{WRITTEN})(?!\w|[/:]\d|/[A-ZĐ]{{2}}|[.,]\d|-\w)")
def _bare(match: re.Match[str], voice: Voice) -> str | None:
    """None beside digits led by a zero: "0912 345" is a telephone somebody left unfinished."""
    if _UNFINISHED.search(match.string[max(0, match.start() - 12) : match.start()]) or (
        re.match(r"0\d{2,}$", match[0]) and re.match(r"[ ]\d", after(match))
    ):
        return None
    if _NO_MONTH.fullmatch(match[0]) and re.search(r"\btháng\s+$", before(match)) and _ENDS.match(after(match)):
        return None
    return _number(match[0], voice)


STEPS: tuple[Step, ...] = (
    _age,
    _money,
    _sides,
    _odd_measure,
    Step("measure", _pattern, _measure),
    Step("rate", _rate_pattern, _read_rate),
)
BARE: tuple[Step, ...] = (_bare, _dotted)
