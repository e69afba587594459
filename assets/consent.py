"""What must be known of a picture before it is used: what it shows, whose it is, who can be recognised in it. Pure."""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path
from typing import Any, Protocol

_FACTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("consent.toml").read_text("utf-8"))
LAW: dict[str, str] = _FACTS["law"]
AGE_ASKED: int = _FACTS["children"]["age"]  # years
PEOPLE: dict[str, str] = {name: one["label"] for name, one in _FACTS["people"].items()}
NOTES: dict[str, str] = {name: one["note"] for name, one in _FACTS["people"].items()}  # "": nothing need be noted
NOBODY = "none"
OUR_OWN = "Đồ họa của đơn vị"  # the source of what the publisher draws


class Declared(Protocol):
    """What people wrote beside a picture."""

    @property
    def alt(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def people(self) -> str: ...  # a key of PEOPLE; "" while nobody said
    @property
    def people_note(self) -> str: ...
    @property
    def children(self) -> bool: ...
    @property
    def children_note(self) -> str: ...


def missing(picture: Declared) -> list[str]:
    """What is still to be written before the picture may be used, in the officer's words; empty when it may."""
    found = []
    if not picture.alt.strip():
        found.append("mô tả ảnh")
    if not picture.source.strip():
        found.append("nguồn ảnh")
    if picture.people not in PEOPLE:
        found.append("có nhận ra được ai trong ảnh hay không")
    elif NOTES[picture.people] and not picture.people_note.strip():
        found.append(f"ghi chú về người trong ảnh ({NOTES[picture.people]})")
    if picture.children and not picture.children_note.strip():
        found.append("sự đồng ý của trẻ và của cha, mẹ hoặc người giám hộ")
    return found


def folded(*words: str) -> str:
    """Lower case without diacritics, for a search that finds "duong" in "Đường"."""
    decomposed = unicodedata.normalize("NFD", " ".join(words).casefold().replace("đ", "d"))
    return " ".join("".join(letter for letter in decomposed if not unicodedata.combining(letter)).split())
