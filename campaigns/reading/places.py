"""Places in the names of bodies: one spelling for display, marks given back to what OCR took them from.

Only words of a closed list are restored (levels, place names of the data file); everything else stays as found.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from campaigns.reading.folding import fold, near, squeeze

_FILE = Path(__file__).parent / "data" / "places.toml"
LEVELS = {
    "thanh pho": ("thành phố", "tinh"),
    "tp": ("thành phố", "tinh"),
    "tp.": ("thành phố", "tinh"),
    "tinh": ("tỉnh", "tinh"),
    "huyen": ("huyện", "huyen"),
    "quan": ("quận", "huyen"),
    "thi xa": ("thị xã", "huyen"),
    "phuong": ("phường", "xa"),
    "thi tran": ("thị trấn", "xa"),
    "dac khu": ("đặc khu", "xa"),
    "xa": ("xã", "xa"),
}
# Words that are no level though they look like one without their marks: "quân sự", "địa phương", "tính".
_OTHER_WORDS = frozenset(("quân", "quản", "quán", "phương", "phượng", "tính", "tình", "huyền", "xạ", "xả", "xà"))
_SOCIETY = frozenset(("hội", "hôi"))  # "xã hội"
_COMMITTEE = re.compile(r"^(?:uy ban nhan dan|u\.?b\.?n\.?d\.?)(?=\s|$)")


@cache
def place_names() -> dict[str, str]:
    """Place names by their squeezed form."""
    with _FILE.open("rb") as file:
        data = tomllib.load(file)
    return {squeeze(name): name for name in (*data["provinces"], *data["districts"])}


def restore_place(name: str) -> str | None:
    """The right spelling of a place whose marks are lost ("Ha N¢i"), None when the list does not know it."""
    found = place_names().get(squeeze(name))
    if found or len(squeeze(name)) < 5:
        return found
    matches = [right for key, right in place_names().items() if near(name, key)]
    return matches[0] if len(matches) == 1 else None


def level_word(text: str) -> tuple[str, str, int] | None:
    """The level at the start of `text`, through OCR: (word as spelled right, level, words used)."""
    words = text.split()
    for used in (2, 1):
        head = " ".join(words[:used])
        found = LEVELS.get(fold(head)) or (_garbled(head) if used == 2 else None)
        if found and (used == 2 or _is_level(head, words[1:2])):
            return (*found, used)
    return None


def _garbled(head: str) -> tuple[str, str] | None:
    """A level of two words with a letter lost ("thanh phd"); one word alone would fall together with others."""
    return next((found for key, found in LEVELS.items() if len(key) > 7 and near(head, key)), None)


def _is_level(word: str, following: list[str]) -> bool:
    lower = word.lower()
    if lower == "xã" and following and following[0].lower() in _SOCIETY:
        return False
    return lower not in _OTHER_WORDS


def restore_body(text: str) -> str:
    """A body's name in display form: "ỦY BAN NHÂN DÂN" as "UBND", level and place in their right spelling."""
    text = text.strip(" .,;:-–")
    match = _COMMITTEE.match(fold(text))
    if not match:
        return text
    rest = text[match.end() :].strip()
    found = level_word(rest)
    if not found:
        return f"UBND {rest}".strip()
    word, _, used = found
    words = rest.split()
    if words[0][:1].isupper() and not rest.isupper():
        word = word[:1].upper() + word[1:]
    name = " ".join(words[used:])
    name = restore_place(name) or name
    return f"UBND {word} {name}".strip()
