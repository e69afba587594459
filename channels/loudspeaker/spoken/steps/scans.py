"""Words a scanner misread: digits for letters, capitals inside, marks lost ("d6i", "cOng", "HOACH").

Only in a text that shows it comes from a scanner, and only where the mended word is a syllable of Vietnamese.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from channels.loudspeaker.spoken.claims import Step, Voice, step
from channels.loudspeaker.spoken.syllable import is_bare_syllable, is_syllable

_LIKE = tuple(str.maketrans("01456¢€¥", one) for one in ("oiasoeey", "olasoeey"))
_DROPPED = str.maketrans("01456", "oiaso", "¢€")
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


@step("scan", r"(?<![\w¢€¥])[\w¢€¥]+(?![\w¢€¥])")
def _mended(match: re.Match[str], voice: Voice) -> str | None:
    word = match[0]
    whole = word.islower() or word.isupper() or word.istitle()
    if word.isdecimal() or (whole and is_syllable(word)) or (not voice.scanned and not scanned(match.string)):
        return None
    if word.lower() in _NUMBER and re.match(r"\s*[:.]?\s*\d", match.string[match.end() : match.end() + 6]):
        return "số"
    tables: list[dict[int, Any]] = [*_LIKE, _DROPPED]
    for table in tables:
        mended = re.sub(r"(?<=\w)Q", "o", word).translate(table).lower()
        if is_bare_syllable(mended):
            return mended.upper() if word.isupper() and word.isalpha() else mended
    if word.isupper() and word.isalpha() and len(word) <= 5:
        return voice.lexicon.spell(word)
    return None


STEPS: tuple[Step, ...] = (
    _mended,
    step("stain", r"(?<=\s)[^\w\s.,;:!?()“”]{1,3}\d?[^\w\s.,;:!?()“”]{1,3}(?=\s|$)|\d[’'‘]@", re.MULTILINE)(
        lambda match, voice: "" if voice.scanned or scanned(match.string) else None
    ),
)
