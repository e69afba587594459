"""The label in front of a paragraph: "III.", "1.", "2.1.", "a)", "(1)", "-", "+" and what OCR makes of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from campaigns.reading.folding import fold, is_upper


class Style(IntEnum):
    """Kinds of label; a larger number never contains a smaller one inside the same section."""

    PART = 0  # PHẦN I, Phần thứ hai
    UPPER = 1  # A.
    ROMAN = 2  # IV.
    ARABIC = 3  # 1.  1/  Chủ đề 1:
    DECIMAL = 4  # 2.1.
    DECIMAL3 = 5  # 2.1.1.
    DECIMAL4 = 6
    LETTER = 7  # a)
    PAREN = 8  # 1) below a), (1)
    STAR = 9  # *
    BULLET = 10  # -
    PLUS = 11  # +


@dataclass(frozen=True, slots=True)
class Label:
    """`value` is the label as meant ("III" for "I1I", "c" for "¢"), `raw` as printed, `rest` the text behind it."""

    style: Style
    value: str
    raw: str
    rest: str

    @property
    def worded(self) -> bool:
        """Whether a word stands in it ("Giai đoạn 1"), not a mere number, letter or mark."""
        return len(self.raw.split()) > 1 and self.raw[0].isalpha()


LETTERS = "abcdđeghiklmnopqrstuvxy"
_ONES = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
ROMANS = [f"{tens}{ones}" for tens in ("", "X", "XX") for ones in ("", *_ONES)][1:26]
_ORDINALS = {"nhat": "I", "mot": "I", "hai": "II", "ba": "III", "bon": "IV", "tu": "IV", "nam": "V", "sau": "VI"}

_PART = re.compile(
    r"^(phan\s+(?:thu\s+)?([ivx]{1,5}|[0-9]{1,2}|nhat|mot|hai|ba|bon|tu|nam|sau))\b\s*[.:)-]*\s*", re.IGNORECASE
)
_ROMAN = re.compile(r"^([IVX1l|]{1,6})\s*(?:[.):/]|[-–](?=\s))\s*(?=\S)")
_BARE_ROMAN = re.compile(r"^([IVX]{1,5})\s+(?=[^\W\d_]{2})")  # "II NỘI DUNG", only before capitals
_LONE_ROMAN = re.compile(r"^(?:([IVX]{1,5})[.)/]|(I{1,3}|I?V|VI{1,3}|IX))$")  # its heading stands on the next line
_ROMAN_ITEM = re.compile(r"^([IVX]{1,4}\.[0-9]{1,2}(?:\.[0-9]{1,2})?)(?:[.)]\s*|\s+)(?=\S)")  # "II.1. Rác thải"
_ABOUT = re.compile(r"^v/v\b", re.IGNORECASE)
_UPPER = re.compile(r"^([A-HĐ])\s*(?:[./:]|[-–](?=\s))\s*(?=[^\W\d_])")
_ARTICLE = re.compile(r"^((?:dieu|muc)\s+([0-9]{1,2}|[ivx]{1,4}))\s*[.:]\s*(?=\S)")
_NAMED = re.compile(
    r"^((?:chu de|noi dung|chuyen de|nhom noi dung|nhom|dot|nhiem vu|thong diep)\s+(?:thu\s+|"
    r"so\s+)?([0-9]{1,2}))\s*[.:)-]\s*"
)
_PERIOD = re.compile(
    r"^((?:giai doan|quy|thang|tuan|buoc|dot)\s+([0-9]{1,2}|[ivx]{1,4})"
    r"(?:\s?/\s?20[0-9][0-9]|,?\s+nam\s+20[0-9][0-9])?)"
    r"\s*(?=\([^)]{1,90}\)\s*[.:-]|[.:-]\s(?!(?:quy|thang|tuan|giai doan|dot|buoc)\s))(?:[.:-]\s*)?"
)
_DECIMAL = re.compile(r"^([0-9]{1,2}(?:\.[0-9]{1,2}){1,3})(?:[.)]\s*|\s+)(?=[^\W\d_]|[\"“(])")
_ARABIC = re.compile(
    r"^([0-9]{1,2})(?:\s?[.)]\s*(?=[^\d\s.,)])"
    r"|\s?[-–]\s+(?=[A-ZĐÀ-Ỹ])"  # "1- Rác thải"
    r"|\s?[.)]\s+(?=[0-9]{1,4}(?:[.,][0-9]{1,3})?\s?(?:%|[^\W\d_]{2}))"  # "5. 100% tổ dân phố …"
    r"|\s?/\s+(?=[^\W\d_]))"
)
_BARE = re.compile(r"^(?:\(?([0-9]{1,2}|[a-zđ])[.)])$")
_PAREN = re.compile(r"^\(([0-9]{1,2}|[a-zđ])\)\s*")
_LETTER = re.compile(r"^([a-zA-ZđĐ¢])(?:\s?\)\s*|\s?[./]\s+(?=[^\W\d_]))")
_BULLET = re.compile(r"^([-–—−•●▪■◦·‣➢✓→~\uf0b7\uf02d\uf0a7])\s*(?=\S)|^(o|§|v)\s{1,4}(?=[^\W\d_])")
_ROMAN_READING = str.maketrans({"1": "I", "l": "I", "|": "I"})


def parse_label(text: str) -> Label | None:
    """The label at the start of `text`, or None. Pure shape: whether an item really starts here is the caller's."""
    text = text.strip()
    if not text or _ABOUT.match(text):
        return None
    head = text[0]
    if head.isalnum() or head in "(|¢":
        return _worded(text) or _roman(text) or _numbered(text) or _lettered(text)
    return _bulleted(text)


def _worded(text: str) -> Label | None:
    if not text[0].isupper() and text[0] not in "p":
        return None
    folded = fold(text[:140])
    part = _PART.match(folded)
    if part and text[0] in "Pp":
        value = _ORDINALS.get(part[2], part[2].upper())
        return Label(Style.PART, value, text[: part.end(1)], text[part.end() :])
    article = _ARTICLE.match(folded)
    if article:
        return Label(Style.PART, article[2].upper(), text[: article.end(1)], text[article.end() :])
    named = _NAMED.match(folded) or _PERIOD.match(folded)
    if named:
        return Label(Style.ARABIC, _figure(named[2]), text[: named.end(1)], text[named.end() :])
    return None


def _figure(number: str) -> str:
    """ "01" → "1", "iv" → "4"."""
    if number.isdigit():
        return number.lstrip("0") or "0"
    return str(ROMANS.index(number.upper()) + 1) if number.upper() in ROMANS else number


def _roman(text: str) -> Label | None:
    match = _LONE_ROMAN.match(text)
    if match and (match[1] or match[2]) in ROMANS:
        return Label(Style.ROMAN, match[1] or match[2], match[1] or match[2], "")
    match = _ROMAN_ITEM.match(text)
    if match:
        style = Style.DECIMAL if match[1].count(".") == 1 else Style.DECIMAL3
        return Label(style, match[1], match[1], text[match.end() :])
    match = _ROMAN.match(text)
    if match and any(c in "IVX" for c in match[1]):
        value = match[1].translate(_ROMAN_READING)
        if value in ROMANS:
            return Label(Style.ROMAN, value, match[1], text[match.end() :])
    match = _BARE_ROMAN.match(text)
    if match and match[1] in ROMANS and is_upper(text[match.end() :]) and " " in text[match.end() :]:
        return Label(Style.ROMAN, match[1], match[1], text[match.end() :])
    match = _UPPER.match(text)
    if match:
        return Label(Style.UPPER, match[1], match[1], text[match.end() :])
    return None


def _numbered(text: str) -> Label | None:
    match = _DECIMAL.match(text)
    if match:
        style = (Style.DECIMAL, Style.DECIMAL3, Style.DECIMAL4)[match[1].count(".") - 1]
        return Label(style, match[1], match[1], text[match.end() :])
    match = _ARABIC.match(text)
    if match:
        return Label(Style.ARABIC, match[1].lstrip("0") or "0", match[0].strip(), text[match.end() :])
    match = _PAREN.match(text)
    if match:
        return Label(Style.PAREN, match[1], match[0].strip(), text[match.end() :])
    match = _BARE.match(text)
    if match:
        style = Style.ARABIC if match[1].isdigit() else Style.LETTER
        return Label(style, match[1], match[0], "")
    return None


def _lettered(text: str) -> Label | None:
    match = _LETTER.match(text)
    if match and (match[1].islower() or match[1] == "¢" or ")" in match[0]):
        value = "c" if match[1] == "¢" else match[1].lower()
        return Label(Style.LETTER, value, match[1], text[match.end() :])
    return _bulleted(text) if text[0] in "ov" else None


def _bulleted(text: str) -> Label | None:
    if text[0] == "+" and text[1:].strip():
        return Label(Style.PLUS, "+", "+", text[1:].lstrip())
    if text[0] == "*" and text[1:].strip("* "):
        return Label(Style.STAR, "*", "*", text.lstrip("* "))
    match = _BULLET.match(text)
    if not match:
        return None
    return Label(Style.BULLET, "-", match[0].strip(), text[match.end() :])


def letter_after(letter: str) -> str | None:
    """The letter that follows in the Vietnamese order (no f, j, w, z), or None at the end."""
    place = LETTERS.find(letter)
    return LETTERS[place + 1] if 0 <= place < len(LETTERS) - 1 else None
