"""Vietnamese text without its marks, for matching only. Display always uses the original.

`fold` keeps the length of its (NFC) input, so a position found in the folded text is a position in the original.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_EXTRA = {
    "đ": "d",
    "Đ": "d",
    "¢": "c",
    "–": "-",
    "—": "-",
    "−": "-",
    "‐": "-",
    "‑": "-",
    "“": '"',
    "”": '"',
    "’": "'",
    "\xa0": " ",
}
_CONFUSED = str.maketrans({"1": "i", "l": "i", "|": "i", "!": "i", "0": "o", "5": "s", "6": "o", "'": None})
_WORDS = re.compile(r"[a-z0-9]+")


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


_UNSEEN = dict.fromkeys(map(ord, "\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_SYMBOLS = {
    0xF000 + code: "•" for code in (0x2D, 0x6C, 0x6E, 0x71, 0x75, 0x76, 0xA7, 0xA8, 0xB7, 0xD8, 0xE0, 0xE8, 0xFC)
}
"""Bullets of the fonts Symbol and Wingdings, which no other font shows."""


def clean(text: str) -> str:
    """The text as every format hands it on: composed letters, bullets that show, without marks that are never seen."""
    return nfc(text.translate(_UNSEEN | _SYMBOLS))


def apart(text: str) -> str:
    """A line with two columns parted by one tab, with wide space instead: what is parted stays so, yet it is no row."""
    left, tab, right = text.partition("\t")
    parted = tab and "\t" not in right and len(left.strip()) > 4 and right.strip()
    return f"{left}    {right}" if parted else text


@lru_cache(maxsize=8192)
def _fold_char(char: str) -> str:
    if char in _EXTRA:
        return _EXTRA[char]
    base = unicodedata.normalize("NFD", char)[0]
    lower = base.lower()
    return lower if len(lower) == 1 else base


def fold(text: str) -> str:
    """Lower-case, no marks, đ as d; same length as `text`, which must be NFC."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_char, text))


def words(text: str) -> list[str]:
    return _WORDS.findall(fold(text))


def squeeze(text: str) -> str:
    """Folded letters and digits only: the form in which spacing and punctuation no longer matter."""
    return "".join(words(text))


def blur(text: str) -> str:
    """Folded once more so that letters which OCR confuses fall together (1 l i, 0 o 6, 5 s)."""
    return re.sub(r"[^a-z]", "", fold(text).translate(_CONFUSED))


def distance(a: str, b: str, limit: int) -> int:
    """Edit distance of two short strings; `limit + 1` as soon as it must be larger."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
        if min(row) > limit:
            return limit + 1
    return row[-1]


@lru_cache(maxsize=16384)
def near(text: str, wanted: str) -> bool:
    """Whether two phrases are the same but for OCR noise: at most one letter in five differs once blurred."""
    a, b = blur(text), blur(wanted)
    limit = len(b) // 5
    return distance(a, b, limit) <= limit


def is_upper(text: str) -> bool:
    """Whether the letters are (nearly) all capitals; OCR drops a few ("PiCH", "NGHiA")."""
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and sum(c.isupper() for c in letters) >= 0.8 * len(letters)


def one_line(text: str) -> str:
    return " ".join(text.split())


def looks_unaccented(text: str) -> bool:
    """Whether Vietnamese text has lost its marks to OCR: marked vowels are about a fifth of real Vietnamese letters,
    and ư/ơ/ạ-type letters (two marks, dot below) all but vanish in bad OCR."""
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 40:
        return False
    rare = sum(1 for c in letters if c in _DEEP)
    return rare < 0.035 * len(letters)


_DEEP = frozenset(
    c for c in (chr(n) for n in (*range(0x1EA0, 0x1EFA), 0x1A0, 0x1A1, 0x1AF, 0x1B0, 0x110, 0x111, 0x102, 0x103))
)
