"""Fixed writings, Roman numbers, abbreviations and single letters."""

from __future__ import annotations

import re

from channels.loudspeaker.spoken.claims import Step, Voice, after, before, step
from channels.loudspeaker.spoken.numbers import integer, ordinal, roman
from channels.loudspeaker.spoken.steps.dates import led_as_date


def _phrase(match: re.Match[str], voice: Voice) -> str | None:
    """ "24/7" is a phrase, but "sáng 24/7" is a day."""
    if match[0][0].isdigit() and led_as_date(match, voice):
        return None
    return voice.lexicon.phrases[match[0]]


@step("roman", r"(?<![\w/.-])(?P<said>[IVXLCDM]+)(?!\w|/|-\w)")
def _roman(match: re.Match[str], voice: Voice) -> str | None:
    value = roman(match["said"])
    lead = next((one for one in voice.lexicon.roman_leads if re.search(rf"(?<!\w){one}\s+$", before(match))), None)
    if value is None or lead is None:
        return None
    return ordinal(value, voice.region) if lead == "thứ" else integer(value, voice.region)


def _abbreviation(match: re.Match[str], voice: Voice) -> str:
    return voice.lexicon.abbreviations[match[0]]


def _dotted(match: re.Match[str], voice: Voice) -> str | None:
    """Only before a name or number: "P. Sông Vàng", not the end of a sentence."""
    rest = after(match).lstrip()[:1]
    follows = rest.isupper() or rest.isdigit()
    return f"{voice.lexicon.dotted[match[0]]} " if follows else None


@step("letter", r"(?<![\w.&/-])[B-DF-HJ-NP-TV-XZĐ](?![\w.&/-])")
def _letter(match: re.Match[str], voice: Voice) -> str:
    return voice.lexicon.letter(match[0])


@step("and", r"\s?&\s?")
def _and(match: re.Match[str], voice: Voice) -> str:
    return " và "


FIXED: tuple[Step, ...] = (Step("phrase", lambda lexicon: lexicon.phrase_pattern, _phrase),)
STEPS: tuple[Step, ...] = (
    _roman,
    Step("dotted", lambda lexicon: lexicon.dotted_pattern, _dotted),
    Step("abbreviation", lambda lexicon: lexicon.abbreviation_pattern, _abbreviation),
    _letter,
    _and,
)
