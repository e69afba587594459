"""Kinds of public bodies, by the data file beside this module: how a name begins, and the level the kind tells."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from campaigns.reading.folding import fold
from campaigns.reading.places import level_word
from campaigns.reading.schema import Level

_FILE = Path(__file__).parent / "data" / "bodies.toml"
_LEVELS: dict[str, Level] = {"tinh": "tinh", "huyen": "huyen", "xa": "xa"}
_COMMITTEE = re.compile(r"(?:uy ban nhan dan|ubnd|hdnd|hoi dong nhan dan)\b\s*")
# The Party, the Front and the unions are built up by units of the state and bear the name of theirs.
_BY_UNIT = frozenset((
    "dang uy", "dang bo", "huyen uy", "quan uy", "thi uy", "tinh uy", "thanh uy", "hoi", "doan", "cong doan",
    "mat tran", "lien doan", "lien doan lao dong", "uy ban", "mttq", "ubmttq", "tinh doan", "thanh doan",
    "huyen doan", "quan doan", "thi doan", "xa doan", "phuong doan",
))  # fmt: skip
_ORGAN = re.compile(r"(?:ban (?:thuong vu|chap hanh|thuong truc)|btv|bch)\s+(?=\S)")
_INSIDE = re.compile(r"\b(?:truong|benh vien|cong ty|co quan|chi bo|so y te|khoi)\b")
_CENTRAL = re.compile(r"\btrung uong\b|^chinh phu\b|^bo (?!chi huy|tu lenh|chqs)")


@cache
def _data() -> dict[str, Any]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


@cache
def kinds() -> dict[str, tuple[str, Level]]:
    """Folded kind → its spelling and level, longest kind first."""
    found = {fold(name): (name, _level(level)) for level, names in _data()["kinds"].items() for name in names}
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def _level(key: str) -> Level:
    return "tw" if key == "tw" else "so" if key == "so" else "khac"


@cache
def kinds_with_field() -> frozenset[str]:
    """Folded kinds whose name goes on with a field of work, which takes a capital."""
    return frozenset(fold(name) for name in _data()["with_field"])


@cache
def phrases(fielded: bool) -> tuple[str, ...]:
    """Parts of bodies' names that keep their own capitals, shortest first so that a longer one has the last word;
    `fielded` with the fields of work as well."""
    spelling = _data()["spelling"]
    return tuple(sorted([*spelling["phrases"], *(spelling["fields"] if fielded else [])], key=len))


def in_full(name: str) -> str:
    """A name with its usual abbreviations written out: "Hội LHPN …" → "Hội Liên hiệp Phụ nữ …"."""
    full: dict[str, str] = _data()["abbreviations"]
    return " ".join(full.get(word, word) for word in name.split())


def kind_of(text: str) -> str | None:
    """The folded kind of body that `text` begins with, the longest that fits."""
    folded = fold(text)
    return next((k for k in kinds() if folded.startswith(k) and not folded[len(k) : len(k) + 1].isalnum()), None)


def starts_body(text: str) -> bool:
    return kind_of(text) is not None or level_word(text) is not None


def level_of(name: str, parent: str | None = None) -> Level:
    """The administrative level a body's name states: UBND by its level word, departments "so", others "khac"."""
    name = name[len(organ[0]) :] if (organ := _ORGAN.match(fold(name))) else name
    folded = fold(name)
    committee = _COMMITTEE.match(folded)
    if committee:
        found = level_word(name[committee.end() :])
        if found and found[1] == "tinh" and parent and fold(parent).startswith(("ubnd tinh", "ubnd thanh pho")):
            return "huyen"  # a town below a province bears the same word as a city of the first order
        return _LEVELS[found[1]] if found else "khac"
    if _CENTRAL.search(folded) or re.search(r"\btrung uong\b", fold(parent or "")):
        return "tw"
    kind = kind_of(name)
    if kind in _BY_UNIT and not _INSIDE.search(folded):
        return _level_of_unit(name)
    return kinds()[kind][1] if kind else "khac"


def _level_of_unit(name: str) -> Level:
    """The level of the unit that a committee of the Party, the Front or a union names as its own."""
    first = level_word(name)
    words = name.split()
    units = ([first] if first else []) + [
        found for i in range(1, len(words)) if (found := level_word(" ".join(words[i:])))
    ]
    return _LEVELS[units[-1][1]] if units else "khac"
