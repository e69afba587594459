"""Whether a word is a Vietnamese syllable: tells "VỀ" in capitals from an abbreviation such as "UBND".

Source: the orthography of quốc ngữ, onset + rime; a rime closed by c, ch, p or t carries sắc or nặng.
"""

from __future__ import annotations

import re
import unicodedata

_LETTERS = [chr(code) for span in ((0x41, 0x5B), (0xC0, 0x1B2), (0x1EA0, 0x1EFA)) for code in range(*span)]
UPPER = "[" + "".join(letter for letter in _LETTERS if letter.isupper()) + "]"
LOWER = "[" + "".join(letter.lower() for letter in _LETTERS if letter.isupper()) + "]"

_TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng
_CLOSED_TONES = "\u0301\u0323"
_ONSET = r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x)?"
_NUCLEUS = r"(?:iê|yê|uyê|uya|uô|ươ|oa|oă|oe|oo|uâ|uê|uơ|uy|ia|ya|ua|ưa|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y)"
_CODA = r"(?:ch|ng|nh|c|m|n|p|t|i|y|o|u)?"
_SYLLABLE = re.compile(_ONSET + _NUCLEUS + _CODA)
_CLOSED = re.compile(r"(?:c|ch|p|t)$")


def is_syllable(word: str) -> bool:
    """`word` in any case; True also for syllables that no dictionary lists."""
    apart = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in apart if mark in _TONES]
    bare = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in _TONES))
    if len(tones) > 1 or not _SYLLABLE.fullmatch(bare):
        return False
    return not _CLOSED.search(bare) or (len(tones) == 1 and tones[0] in _CLOSED_TONES)


_BARE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:uye|uya|ie|ye|uo|oa|oe|oo|ua|ue|uy|uu|ia|ya|[aeiouy])(?:ch|ng|nh|c|m|n|p|t|i|y|o|u)?"
)


def is_bare_syllable(word: str) -> bool:
    """Whether `word`, in any case and however marked, is a syllable once all marks are taken away."""
    apart = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    return bool(_BARE.fullmatch("".join(mark for mark in apart if not unicodedata.combining(mark))))
