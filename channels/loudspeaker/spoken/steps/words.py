"""Fixed writings, Roman numbers, abbreviations, foreign words and single letters."""

from __future__ import annotations

import re

from channels.loudspeaker.spoken.claims import Step, Voice, after, before, led, step
from channels.loudspeaker.spoken.numbers import integer, ordinal, roman
from channels.loudspeaker.spoken.steps.days import led_as_date
from channels.loudspeaker.spoken.syllable import LOWER, UPPER, is_syllable


def _phrase(match: re.Match[str], voice: Voice) -> str | None:
    """ "24/7" is a phrase, but "sáng 24/7" is a day."""
    if match[0][0].isdigit() and led_as_date(match, voice):
        return None
    return voice.lexicon.phrases[match[0]]


@step("heading", r"^[ \t]*(?P<said>[IVXLC]{1,7})(?=[.)/:]?\s*[-–.:)]?\s+\S)", re.MULTILINE)
def _heading(match: re.Match[str], voice: Voice) -> str | None:
    """ "I. MỤC ĐÍCH", "III- KINH PHÍ": the number of a part, at the beginning of a line."""
    value = roman(match["said"])
    marked = re.match(r"\s*[.)/:–-]", after(match))
    return integer(value, voice.region) if value and marked else None


@step("list", r"^[ \t]*(?P<said>[a-zđ])(?=[.)/]\s)", re.MULTILINE)
def _list_letter(match: re.Match[str], voice: Voice) -> str:
    return voice.lexicon.letter(match["said"])


@step("list", r"^[ \t]*(?P<said>\d{1,2}(?:\.\d{1,2}){1,3})(?=\.?\)?\s+[^\W\d])", re.MULTILINE)
def _list_number(match: re.Match[str], voice: Voice) -> str | None:
    if not re.match(rf"\.?\)?\s+[“\"]?{UPPER}", after(match)):
        return None
    return " chấm ".join(integer(int(one), voice.region) for one in match["said"].split("."))


_OUTLINE = r"\d(?:\.\d){2,3}|(?:[IVX]{1,5}|\d{1,2})(?:\.\d{1,2}){0,3}\.[a-zđ]|[IVX]{1,5}(?:\.\d{1,2}){1,3}"


@step("list", rf"(?<![\w/.,-])(?P<said>{_OUTLINE})(?![\w/]|[.,-]\w)")
def _outline(match: re.Match[str], voice: Voice) -> str | None:
    """ "IV.2.c", "1.2.3": the number of a part wherever it stands; "2.a" only where a part is named or begins."""
    parts = match["said"].split(".")
    first = roman(parts[0]) if not parts[0].isdecimal() else int(parts[0])
    begins = not before(match).rpartition("\n")[2].strip() or led(match, voice, "roman_leads")
    if first is None or (len(parts) == 2 and not begins):
        return None
    rest = (integer(int(one), voice.region) if one.isdecimal() else voice.lexicon.letter(one) for one in parts[1:])
    return " chấm ".join((integer(first, voice.region), *rest))


_R = r"[IVXLCDM]+"
_HIGHEST = 50  # no congress, session or chapter has a higher number; "DI" and "MI" are words


@step("roman", rf"(?<![\w/.&-])(?P<said>{_R}(?:(?:\s*[-–]\s*|\s*,\s*|\s+(?:và|đến)\s+){_R}(?!\w))*)(?!\w|/|&|-\w)")
def _roman(match: re.Match[str], voice: Voice) -> str | None:
    values = [roman(one) for one in re.findall(_R, match["said"])]
    if match["said"] in "CDLM":  # a class or a vitamin rather than a hundred
        return None
    if None in values or not (led(match, voice, "roman_leads") or _surely_roman(match["said"])):
        return None
    if max(one or 0 for one in values) > _HIGHEST or _begins_word(match, voice):
        return None
    first = bool(re.search(r"\bthứ\s+$", before(match)))
    said = re.sub(r"\s*[-–]\s*", " đến ", match["said"])
    return re.sub(_R, lambda one: (ordinal if first else integer)(roman(one[0]) or 0, voice.region), said)


def _surely_roman(written: str) -> bool:
    """Of the numbers one is neither a word nor an abbreviation: III, XIV, but not I, VI, CM."""
    numbers = re.findall(_R, written)
    sure = (one == "II" or (len(one) > 1 and not is_syllable(one)) for one in numbers)
    return any(sure) and all(re.fullmatch(r"[IVX]+", one) for one in numbers)


def _begins_word(match: re.Match[str], voice: Voice) -> bool:
    """ "VI PHẠM", "XI MĂNG": a syllable made of the same letters."""
    rest = re.match(rf"\s+({UPPER}+)(?!\w)", after(match))
    return bool(rest) and f"{match['said']} {rest[1]}".lower() in voice.lexicon.roman_words  # type: ignore[index]


@step("roman", r"(?<![\w/.&-])(?P<said>[ivx]{2,6})(?![\w/&]|-\w|\.\w)")
def _small_roman(match: re.Match[str], voice: Voice) -> str | None:
    """ "khóa xvi", "thế kỷ xx": typed in small letters; "khóa vi tính" is none."""
    value = roman(match["said"].upper())
    if value is None or (is_syllable(match["said"]) and match["said"] != "ii") or not led(match, voice, "roman_leads"):
        return None
    return integer(value, voice.region)


def _abbreviation(match: re.Match[str], voice: Voice) -> str | None:
    lead, follows = before(match), after(match)
    if is_syllable(match[0]) and match[0].isupper() and _among_capitals(match):
        return None
    return voice.lexicon.sense(match[0], lead, follows.lower())


def _among_capitals(match: re.Match[str]) -> bool:
    """Whether the words beside it are capitals too, as in a heading, where a syllable is itself."""
    start, end = match.span()
    left = re.search(r"([^\W\d_]+)\W*$", match.string[max(0, start - 20) : start])
    right = re.match(r"\W*([^\W\d_]+)", match.string[end : end + 20])
    beside = [found[1] for found in (left, right) if found]
    return bool(beside) and all(len(word) > 1 and word.isupper() and is_syllable(word) for word in beside)


def _dotted(match: re.Match[str], voice: Voice) -> str | None:
    """Only before a name or number: "P. Sông Vàng", not the end of a sentence."""
    rest = after(match).lstrip()[:1]
    follows = rest.isupper() or rest.isdigit() or (match[0].endswith(":") and bool(rest))
    if not match[0].endswith((".", ":")) and after(match)[:1] not in (" ", "."):
        return None
    return f"{voice.lexicon.dotted[match[0]]} " if follows else None


def _titled(match: re.Match[str], voice: Voice) -> str | None:
    """ "PGS. TS. Nguyễn Văn A", "ThS.BS": one title only before a name, several in a row anywhere."""
    titles = voice.lexicon.titles
    ways = sorted(titles, key=len, reverse=True)
    found = re.findall(r"(?:" + "|".join(map(re.escape, ways)) + r")(?!\w)", match[0])
    named = re.match(rf"\s*{UPPER}{LOWER}", after(match))
    if not named and len(found) < 2 and not match[0].startswith("CK") and not match[0].startswith("BSCK"):
        return None
    return ", ".join(titles[one] for one in found) + (" " if match[0].endswith(".") else "")


def _foreign(match: re.Match[str], voice: Voice) -> str | None:
    if match[0].isupper() and is_syllable(match[0]) and _among_capitals(match):
        return None
    if match[0] in voice.lexicon.abbreviations or (len(match[0]) <= 2 and not match[0].isupper()):
        return None
    return voice.lexicon.foreign[match[0].lower()]


@step("abbreviation", r"(?<![\w.@/&`-])[A-ZĐ]?[a-zđư]{1,7}(?![\w@/&]|-\w|\.\w)")
def _small(match: re.Match[str], voice: Voice) -> str | None:
    """ "ubnd", "sđt": typed in a hurry; a word that can be said is a word."""
    if len(match[0]) < 2 or is_syllable(match[0]) or re.search(r"[aeiou]\w*[aeiou]|^[aeiouy]\w$", match[0].lower()):
        return None
    return voice.lexicon.sense(match[0].upper(), before(match), after(match).lower())


_LONE = (
    *(
        "%",
        "‰",
        "°C",
        "m2",
        "m²",
        "m3",
        "m³",
        "km",
        "km2",
        "km²",
        "cm",
        "mm",
        "kg",
        "mg",
        "ml",
        "kWh",
        "kW",
        "MW",
        "kV",
    ),
    *("GB", "MB", "m3/s", "km/h"),
)
_ANY_UNIT = "|".join(map(re.escape, sorted(_LONE, key=len, reverse=True)))


@step("unit", rf"(?<![\w.,@-])(?:{_ANY_UNIT})(?![\w@])|(?<=\()(?:ha|m|g|l|đ)(?=\))")
def _lone_unit(match: re.Match[str], voice: Voice) -> str:
    """ "Tỷ lệ (%)", "tính theo kg": a unit without its number."""
    return voice.lexicon.units[match[0]]


_JOINED = r"(?<![\w&/@.-])[A-ZĐƯ]{1,9}(?:\s?[&+]\s?[A-ZĐƯ]{1,9}|[-–][A-ZĐƯ]{1,9})+(?![\w&@]|-\w)"


@step("compound", _JOINED)
def _compound(match: re.Match[str], voice: Voice) -> str | None:
    """Abbreviations joined by "&" or a hyphen: "HĐND&UBND", "CA-QS"."""
    parts = re.split(r"\s?([&+–-])\s?", match[0])
    said = []
    for place, part in enumerate(parts):
        if place % 2:
            said.append(" và " if part in "&+" else ", ")
            continue
        word = voice.lexicon.sense(part, before(match), "")
        if word is None:
            return None
        said.append(word)
    return "".join(said)


@step("letter", r"(?<![\w.&/@-])[B-DF-HJ-NP-TV-XZĐ](?![\w&/@-]|\.\w)")
def _letter(match: re.Match[str], voice: Voice) -> str:
    return voice.lexicon.letter(match[0])


FIXED: tuple[Step, ...] = (
    Step("phrase", lambda lexicon: lexicon.phrase_pattern, _phrase),
    _heading,
    _list_letter,
    _list_number,
    _outline,
)
STEPS: tuple[Step, ...] = (
    _roman,
    _small_roman,
    Step("title", lambda lexicon: lexicon.title_pattern, _titled),
    Step("dotted", lambda lexicon: lexicon.dotted_pattern, _dotted),
    Step("abbreviation", lambda lexicon: lexicon.abbreviation_pattern, _abbreviation),
    _compound,
    _lone_unit,
    Step("foreign", lambda lexicon: lexicon.foreign_pattern, _foreign),
    _small,
)
_PERSON = r"(?:anh|chị|ông|bà|cháu|em|cô|chú|bị cáo|bị can|đối tượng|nghi phạm|nạn nhân|tên)"


@step("initials", rf"(?:\b(?i:{_PERSON})|{UPPER}{LOWER}+)\s+(?P<said>[A-ZĐ](?:\.[A-ZĐ]){{1,3}}\.?)(?!\w)")
def _initials(match: re.Match[str], voice: Voice) -> str:
    """ "anh N.V.A": a name kept back."""
    said = " ".join(voice.lexicon.letter(one) for one in match["said"] if one != ".")
    return said + ("." if match["said"].endswith(".") else "")


LETTERS: tuple[Step, ...] = (_initials, _letter)
