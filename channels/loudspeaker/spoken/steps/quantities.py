"""Sums, measures, shares, spans and ratios; last of all, bare numbers."""

from __future__ import annotations

import re
from functools import lru_cache

from channels.loudspeaker.spoken.claims import Step, Voice, before, step
from channels.loudspeaker.spoken.lexicon import Lexicon
from channels.loudspeaker.spoken.numbers import WRITTEN, integer, written
from channels.loudspeaker.spoken.steps.dates import follows_noun

_EDGE = r"(?<![\w/.,:-])"
_DONE = r"(?!\w|[/:]\d|[.,]\d)"
_LONGEST_BARE = 6  # digits; a longer run without dots is rather a code than a count


def _number(text: str, voice: Voice) -> str | None:
    """None for what only looks like a number: a zero in front, a code, thousands parted by commas."""
    whole, _, rest = text.partition(",")
    bare = "." not in whole
    if rest == "000" or (bare and len(whole) > _LONGEST_BARE) or (bare and whole.startswith("0") and len(whole) > 2):
        return None
    return written(text, voice.region)


@lru_cache(maxsize=8)
def _measure_pattern(units: tuple[str, ...], signs: tuple[str, ...]) -> re.Pattern[str]:
    unit = "|".join(re.escape(one) for one in sorted(units, key=len, reverse=True))
    sign = "|".join(map(re.escape, signs))
    return re.compile(
        rf"{_EDGE}(?:(?P<sign>{sign})\s?)?(?P<from>{WRITTEN})(?:\s?(?P<unit1>{unit})?\s?[-–]\s?(?P<to>{WRITTEN}))?"
        rf"(?:\s?(?P<unit>{unit})(?!\w))?(?!\w|[/:]\d|[.,]\d|-\d)"
    )


def _pattern(lexicon: Lexicon) -> re.Pattern[str]:
    return _measure_pattern(tuple(lexicon.units), tuple(lexicon.compare))


def _measure(match: re.Match[str], voice: Voice) -> str | None:
    """A number with a sign, a second number or a unit. A bare number is left to the last step."""
    if not (match["sign"] or match["to"] or match["unit"]):
        return None
    numbers = [_number(match[name], voice) for name in ("from", "to") if match[name]]
    if None in numbers:
        return None
    sign = voice.lexicon.compare[match["sign"]] if match["sign"] else ""
    first_unit = voice.lexicon.units[match["unit1"]] if match["unit1"] and match["unit1"] != match["unit"] else ""
    unit = voice.lexicon.units[match["unit"]] if match["unit"] else ""
    first, *second = [number for number in numbers if number]
    return " ".join(filter(None, (sign, first, first_unit, *(f"đến {one}" for one in second), unit)))


@step("per", r"(?<=[\w²³%])(?P<said>\s?/\s?(?P<word>[^\W\d]\w*(?:\s[^\W\d]\w*)?))")
def _per(match: re.Match[str], voice: Voice) -> str | None:
    """ "đồng/tin": only after a number, or "xã/phường" would become a price."""
    if not re.search(r"\d[^\n.;:/()]{0,24}$", before(match)):
        return None
    word = match["word"].split()[0]
    if match["word"] not in voice.lexicon.per and word not in voice.lexicon.per:
        return None
    return f" một {match['word']}" if match["word"] in voice.lexicon.per else None


@step("per", r"(?<=[\w²³%])(?P<said>\s?/\s?(?P<word>[^\W\d]\w*))")
def _per_word(match: re.Match[str], voice: Voice) -> str | None:
    counted = re.search(r"\d[^\n.;:/()]{0,24}$", before(match))
    if not counted or match["word"] not in voice.lexicon.per:
        return None
    return f" một {voice.lexicon.units.get(match['word'], match['word'])}"


@step("ratio", rf"{_EDGE}(?P<said>(\d{{1,4}})\s?/\s?(\d{{1,4}})){_DONE}")
def _ratio(match: re.Match[str], voice: Voice) -> str | None:
    """A fraction only where the neighbours say so or no date could be meant."""
    part, whole = int(match[2]), int(match[3])
    led = any(re.search(rf"(?<!\w){lead}\s+$", before(match)) for lead in voice.lexicon.ratio_leads)
    no_date = part > 31 or whole > 12
    if not (led or follows_noun(match, voice) or no_date) or whole == 0:
        return None
    return f"{integer(part, voice.region)} trên {integer(whole, voice.region)}"


@step("number", rf"{_EDGE}{WRITTEN}(?!\w|[/:]\w|[.,]\d|-\w)")
def _bare(match: re.Match[str], voice: Voice) -> str | None:
    return _number(match[0], voice)


STEPS: tuple[Step, ...] = (Step("measure", _pattern, _measure), _per, _per_word, _ratio)
BARE: tuple[Step, ...] = (_bare,)
