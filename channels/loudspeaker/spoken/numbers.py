"""Numbers as Vietnamese says them.

The traps: mốt after mươi but not after mười; lăm after mười and mươi but năm elsewhere; a zero inside is spoken
("không trăm linh"); the billion repeats itself (một tỷ tỷ), so the reading works in blocks of nine digits.
"""

from __future__ import annotations

import re

from channels.loudspeaker.spoken.region import Region

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
BILLION = 1_000_000_000

# As written in Vietnam: dots between thousands, a comma before decimals.
WRITTEN = r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def integer(value: int, region: Region) -> str:
    """Words of a whole number of any size; "âm" before one below zero."""
    if value < 0:
        return f"âm {integer(-value, region)}"
    return " ".join(_words(value, region, inner=False)) or DIGITS[0]


def digits(text: str) -> str:
    """Each digit by its name: "024" is "không hai bốn"."""
    return " ".join(DIGITS[int(letter)] for letter in text)


def decimals(text: str, region: Region) -> str:
    """The part after the comma: as a number when short, digit by digit when long or led by a zero."""
    if text.startswith("0") or len(text) > 3:
        return digits(text)
    return integer(int(text), region)


def written(text: str, region: Region) -> str:
    """A number as written ("1.364.329,5"): words. Raises `ValueError` when it does not match `WRITTEN`."""
    if not re.fullmatch(WRITTEN, text):
        raise ValueError(text)
    whole, _, rest = text.replace(".", "").partition(",")
    words = integer(int(whole), region)
    return f"{words} phẩy {decimals(rest, region)}" if rest else words


def ordinal(value: int, region: Region) -> str:
    """After "thứ": nhất and tư are words of their own."""
    return {1: "nhất", 4: "tư"}.get(value) or integer(value, region)


def month(value: int, region: Region) -> str:
    """After "tháng": tư is a word of its own."""
    return "tư" if value == 4 else integer(value, region)


def roman(text: str) -> int | None:
    """Value of a well-formed Roman number in capitals, else None."""
    if not text or not _ROMAN.fullmatch(text):
        return None
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def _words(value: int, region: Region, *, inner: bool) -> list[str]:
    """`inner`: something was said before, so leading zeros of a group are spoken."""
    if value >= BILLION:
        high, low = divmod(value, BILLION)
        return [*_words(high, region, inner=inner), "tỷ", *_words(low, region, inner=True)]
    words: list[str] = []
    for size, name in ((1_000_000, "triệu"), (1_000, region.thousand), (1, "")):
        group = value // size % 1_000
        if group:
            words += _group(group, region, inner=inner or bool(words)) + ([name] if name else [])
    return words


def _group(value: int, region: Region, *, inner: bool) -> list[str]:
    hundreds, tens, units = value // 100, value // 10 % 10, value % 10
    words = [DIGITS[hundreds], "trăm"] if hundreds or inner else []
    if tens == 0:
        linked = [region.zero_tens] if words and units else []
        return words + linked + ([DIGITS[units]] if units else [])
    words += ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
    return words + ([_last(tens, units, region)] if units else [])


def _last(tens: int, units: int, region: Region) -> str:
    if units == 5:
        return "lăm"
    if tens > 1 and units == 1:
        return "mốt"
    if tens > 1 and units == 4:
        return region.four
    return DIGITS[units]
