"""Words a scanner misread: digits for letters, capitals inside, marks lost ("d6i", "cOng", "HOACH").

Only in a text that shows it comes from a scanner, and only where the mended word is a syllable of Vietnamese.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from channels.loudspeaker.spoken.claims import Step, Voice, step
from channels.loudspeaker.spoken.numbers import integer, roman
from channels.loudspeaker.spoken.syllable import is_bare_syllable, is_syllable

_LIKE = tuple(str.maketrans("01456¢€¥", one) for one in ("oiasoeey", "olasoeey"))
_DROPPED = str.maketrans("0456", "oaso", "¢€1")
_NUMBER = ("s6", "s0", "so", "5o", "sé6")
_TOKEN = re.compile(r"[a-z]{2,6}")
_STOPPED = re.compile(r"(?:c|ch|p|t)$")
_LEAST, _SHARE = 2, 0.08  # how many words must lack the mark every such syllable has


@lru_cache(maxsize=256)
def scanned(text: str) -> bool:
    """Whether words that always carry a mark ("được", "các") stand without: no Vietnamese writes so, scanners do."""
    words = re.findall(r"[^\W\d_]+", text)
    bare = sum(1 for word in words if _TOKEN.fullmatch(word) and _STOPPED.search(word) and is_bare_syllable(word))
    odd = len(re.findall(r"[^\W\d_]\d[^\W\d_]|[¢€]|[a-z][A-Z](?=[a-z])", text))
    return bare + odd >= _LEAST and bare + odd >= len(words) * _SHARE


def _by_scanner(match: re.Match[str], voice: Voice) -> bool:
    return voice.scanned or scanned(match.string)


def _as_it_is(word: str) -> bool:
    """Numbers but the nought that was an ơ, and words a voice can say without mending."""
    if word.isdecimal():
        return word != "0"
    whole = word.isalpha() and (word.islower() or word.istitle())
    return whole or (word.isupper() and is_syllable(word))


@step("scan", r"(?<![\w¢€¥])[\w¢€¥]+(?![\w¢€¥])")
def _mended(match: re.Match[str], voice: Voice) -> str | None:
    word = match[0]
    if _as_it_is(word) or not _by_scanner(match, voice):
        return None
    if word.lower() in _NUMBER and re.match(r"\s*[:.]?\s*\d", match.string[match.end() : match.end() + 6]):
        return "số"
    if len(word) > 1 and (value := roman(word.replace("1", "I").replace("l", "I"))):
        return integer(value, voice.region)
    tables: list[dict[int, Any]] = [*_LIKE, _DROPPED]
    for table in tables:
        mended = re.sub(r"(?<=\w)Q", "o", word).translate(table).lower()
        if is_bare_syllable(mended):
            return mended.upper() if word.isupper() and word.isalpha() else mended
    return voice.lexicon.spell(word) if word.isupper() and word.isalpha() and len(word) <= 5 else None


_STAIN = r"(?<=\s)[^\w\s.,;:!?()“”]{1,3}\d?[^\w\s.,;:!?()“”]{1,3}(?=\s|$)|\d[’'‘]@"


@step("stain", _STAIN, re.MULTILINE)
def _stain(match: re.Match[str], voice: Voice) -> str | None:
    return "" if _by_scanner(match, voice) else None


STEPS: tuple[Step, ...] = (_mended, _stain, step("stain", r"[¢€¥@]")(_stain.read))
