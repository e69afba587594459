"""How alike two texts are when one of them has lost its marks to OCR."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from campaigns.reading.folding import fold, words

# What OCR makes of marked vowels, once folded: "chire", "churc", "chu'c" for "chức"; "ctra", "cira" for "cửa".
_READINGS = (
    (re.compile(r"u[r'’:]|ir(?=[a-z]?\b)"), "u"),
    (re.compile(r"\b([ck]h?|b|d|m|n|s|t|l|x|v)[ti]ra\b"), r"\1ua"),
    (re.compile(r"\b(ch|d|m|h|th|k)[iut]r?[ce]\b"), r"\1uc"),
    (re.compile(r"\bc(?:ta|tia|ia|aa|iia|tua|uia)\b"), "cua"),
)
_DIGITS = str.maketrans({"0": "o", "1": "i", "4": "a", "5": "s", "6": "o", "9": "g"})
_SIGNS = str.maketrans({"¢": "c", "¥": "y", "$": "s", "€": "e"})


@lru_cache(maxsize=8192)
def worn(text: str) -> str:
    """Folded words in the form that accented and poorly read text share, as far as can be had; for matching only."""
    folded = fold(text).translate(_SIGNS)
    for pattern, reading in _READINGS:
        folded = pattern.sub(reading, folded)
    return " ".join(w.translate(_DIGITS) if re.search(r"[a-z]", w) else w for w in words(folded))


def likeness(a: str, b: str) -> float:
    """0 to 1: the share of letters two texts have in common, in order, OCR noise and marks aside."""
    return fuzz.ratio(worn(a), worn(b)) / 100


def levels_behind(said: list[str], at: int) -> tuple[str, int]:
    """The levels named from word `at` of a worn text on ("xa thi tran" is "xã, thị trấn"), and where they end."""
    levels: list[str] = []
    while found := next((entry for entry in _LEVELS if said[at : at + len(entry[1])] == entry[1]), None):
        levels.append(found[0])
        at += len(found[1])
    return ", ".join(levels), at


_LEVELS = tuple(
    (level, worn(level).split())
    for level in ("thành phố", "thị trấn", "thị xã", "đặc khu", "phường", "huyện", "quận", "tỉnh", "xã")
)
