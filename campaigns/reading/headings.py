"""What a section is for, by the words of its heading; never by its number."""

from __future__ import annotations

import re
from functools import lru_cache

from campaigns.reading.folding import near, squeeze, words
from campaigns.reading.schema import Role

# Folded phrases, most telling first inside one role; the phrase that stands first in the heading decides.
_PHRASES: tuple[tuple[str, Role], ...] = (
    ("noi dung nhiem vu", "tasks"),
    ("noi dung cong viec", "tasks"),
    ("noi dung va hinh thuc", "themes"),
    ("phan cong", "organisation"),
    ("to chuc thuc hien", "organisation"),
    ("to chuc trien khai", "organisation"),
    ("trach nhiem", "organisation"),
    ("che do bao cao", "organisation"),
    ("cong tac bao cao", "organisation"),
    ("du toan", "budget"),
    ("kinh phi", "budget"),
    ("nguon kinh phi", "budget"),
    ("muc dich", "purpose"),
    ("muc tieu", "purpose"),
    ("y nghia", "purpose"),
    ("yeu cau", "requirements"),
    ("nguyen tac", "requirements"),
    ("nhiem vu", "tasks"),
    ("hoat dong", "tasks"),
    ("cong viec", "tasks"),
    ("noi dung", "themes"),
    ("chu de", "themes"),
    ("thong diep", "themes"),
    ("chu diem", "themes"),
    ("trong tam tuyen truyen", "themes"),
    ("trong tam thong tin", "themes"),
    ("phuong thuc", "methods"),
    ("hinh thuc", "methods"),
    ("phuong phap", "methods"),
    ("cach thuc", "methods"),
    ("bien phap", "methods"),
    ("giai phap", "methods"),
    ("kenh", "methods"),
)
_ABOUT_COMMUNICATION = ("tuyen truyen", "truyen thong", "thong tin", "pho bien", "van dong")
_SPREADING = re.compile(r"\bpho bien\b")  # "phổ biến pháp luật" holds no "biện pháp"
_APPENDIX = re.compile(r"^(?:phuluc|phulucso)(?:[ivx]{1,4}|[0-9]{1,2})?$")


@lru_cache(maxsize=4096)
def role_of(title: str) -> Role:
    """The role named by the earliest known phrase of `title`, "other" when none is known."""
    found = role_place(title)
    return found[1] if found else "other"


@lru_cache(maxsize=4096)
def role_place(title: str) -> tuple[int, Role] | None:
    """Word position and role of the earliest role phrase; among phrases at one place the first listed wins."""
    heading = _SPREADING.sub("phobien", " ".join(words(title)[:24])).split()
    best: tuple[int, Role] | None = None
    for phrase, role in _PHRASES:
        place = _find(heading, phrase)
        if place is not None and (best is None or place < best[0]):
            best = (place, role)
    return best


def _find(heading: list[str], phrase: str) -> int | None:
    length = phrase.count(" ") + 1
    for start in range(len(heading) - length + 1):
        window = " ".join(heading[start : start + length])
        if window == phrase or (length > 1 and near(window, phrase)):
            return start
    return None


def about_communication(title: str) -> bool:
    heading = words(title)
    return any(_find(heading, phrase) is not None for phrase in _ABOUT_COMMUNICATION)


def is_appendix(text: str) -> bool:
    """ "PHỤ LỤC", "Phụ lục II", "PHỤ LỤC SỐ 1" standing alone."""
    return bool(_APPENDIX.match(squeeze(text)))
