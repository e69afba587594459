"""Names of bodies printed in capitals, written out as prose writes them: "SỞ Y TẾ TỈNH X" → "Sở Y tế tỉnh X"."""

from __future__ import annotations

import re
from functools import cache

from campaigns.reading.bodies import kind_of, kinds, kinds_with_field, phrases
from campaigns.reading.folding import fold, is_upper, one_line
from campaigns.reading.places import level_word, restore_body, restore_place

_PLACE = re.compile(r"(?<!\S)((?:[A-ZĐÀ-Ỹ][a-zà-ỹđ]+\s){0,3}[A-ZĐÀ-Ỹ][a-zà-ỹđ]+),\s*ngày")
_UNIT = re.compile(
    r"\b(?:tỉnh|thành phố|huyện|quận|thị xã|phường|xã|thị trấn)\s((?:[A-ZĐÀ-Ỹ][a-zà-ỹđ]+\s){1,3}?"
    r"[A-ZĐÀ-Ỹ][a-zà-ỹđ]+)(?!\s[A-ZĐÀ-Ỹ])"
)
_VOWEL = re.compile(r"[aeiouy]")
_ROMAN = re.compile(r"[IVX]{1,4}")
_SCHOOL = re.compile(
    r"(?:truong|bch doan truong)\s+(?:pho thong dan toc noi tru|ptdtbt|ptdtnt|th&thcs|thcs&thpt|th va thcs|"
    r"thcs|thpt|th|mn|tieu hoc va thcs|tieu hoc|mam non|mau giao)\s+"
)
_COMMITTEE = ("uy ban nhan dan", "ubnd")
_LINKS = ("và", "-", "–", "&")
_UNIT_ORGAN = re.compile(r"(?:tinh|thanh|huyen|quan|thi|xa|phuong) (?:uy|doan)\s")


def display_name(name: str, body: str) -> str:
    """The usual writing of a body's name: as `body`, the text of the document, writes it in small letters, else by the
    kinds of bodies, their fields, levels and places."""
    return _placed(_written(one_line(name), body), body)


def _written(name: str, body: str) -> str:
    if level_word(name) and not kind_of(name):
        name = f"UBND {name}"
    if fold(name).startswith(_COMMITTEE):
        return _with_level(restore_body(name))
    if not is_upper(name):
        return name
    return _mixed(name, body) or _with_level(_school(_proper(name), body))


def _placed(name: str, body: str) -> str:
    """The place of the date line ("Bến Cũ, ngày …") or of a unit in the text ("tỉnh Bến Cũ") in its own capitals where
    the name holds it."""
    for match in (*_PLACE.finditer(body), *_UNIT.finditer(body)):
        place = one_line(match[1])
        at = name.lower().find(place.lower())
        if at > 0 and not place.isupper() and not name[at + len(place) : at + len(place) + 1].isalnum():
            name = name[:at] + place + name[at + len(place) :]
    return name


def _proper(name: str) -> str:
    """Capitals for the kind, its field of work, known phrases, abbreviations and Roman numbers; the rest small."""
    words = [w if _is_abbreviation(w) else w.lower() for w in name.split()]
    kind = kind_of(name) or ""
    behind = kind.count(" ") + 1
    fielded = kind in kinds_with_field()
    for i, word in enumerate(words):
        linked = fielded and i > behind and (words[i - 1] in _LINKS or words[i - 1].endswith(","))
        if i == 0 or (fielded and i == behind and word not in _LINKS) or linked:
            words[i] = word[:1].upper() + word[1:]
    text = " ".join(words)
    if kind:
        text = kinds()[kind][0] + text[len(kind) :]
    return _spelled(text, fielded)


def _is_abbreviation(word: str) -> bool:
    bare = word.strip("().,;:")
    return (
        bool(_ROMAN.fullmatch(bare)) or (bare in ("UBND", "UBBC")) or (len(bare) > 1 and not _VOWEL.search(fold(bare)))
    )


def _spelled(text: str, fielded: bool) -> str:
    folded = fold(text)
    for phrase, pattern in _patterns(fielded):
        for match in pattern.finditer(folded):
            written = text[match.start() : match.end()]
            if fold(phrase) == fold(written):
                text = text[: match.start()] + phrase + text[match.end() :]
    return text


@cache
def _patterns(fielded: bool) -> list[tuple[str, re.Pattern[str]]]:
    return [(phrase, re.compile(rf"\b{re.escape(fold(phrase))}\b")) for phrase in phrases(fielded)]


def _school(name: str, body: str) -> str:
    """A school's own name, which stands behind its kind and is that of a person or a place: every word a capital."""
    match = _SCHOOL.match(fold(name) + " ")
    if not match or match.end() > len(name):
        return name
    rest = name[match.end() :]
    own = _mixed(rest, body, anywhere=True) or " ".join(w if w == "số" else _capital(w) for w in rest.split())
    return name[: match.end()] + own


def _mixed(name: str, body: str, anywhere: bool = False) -> str | None:
    """`name` as the text writes it in mixed case; `anywhere` takes any capitals, else the first letter must be one."""
    for match in re.finditer(re.escape(fold(name)), fold(body)):
        written = body[match.start() : match.end()]
        if not is_upper(written) and (written != written.lower() if anywhere else written[:1].isupper()):
            return one_line(written)
    return None


def _with_level(name: str) -> str:
    """Capitals for the place behind a level word: "phường SÔNG VÀNG" → "phường Sông Vàng"."""
    words = name.split()
    if _UNIT_ORGAN.match(fold(name)):  # "Huyện ủy Bến Lúa", "Thị đoàn Bến Sim"
        return " ".join([words[0].capitalize(), words[1].lower(), *map(_capital, words[2:])])
    for index, word in enumerate(words):
        found = level_word(" ".join(words[index : index + 2]))
        if not found or index + found[2] >= len(words) or (index and fold(word) == "quan" and word.isascii()):
            continue
        if _UNIT_ORGAN.match(fold(" ".join(words[index:])) + " "):
            return " ".join([*words[:index], _with_level(" ".join(words[index:]))])
        place = " ".join(w if not (w.isupper() or w.islower()) else _capital(w) for w in words[index + found[2] :])
        level = " ".join(words[index : index + found[2]])
        level = found[0] if level.isupper() else level
        return " ".join([*words[:index], level, restore_place(place) or place])
    return name


def _capital(word: str) -> str:
    return word if _ROMAN.fullmatch(word) else "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))
