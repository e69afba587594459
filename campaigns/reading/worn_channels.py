"""Channels in text that has lost its marks: a short list of names, found by likeness and written right."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz

from campaigns.reading.likeness import levels_behind, worn

_NAMES = (
    ("Cổng thông tin điện tử", "page"),
    ("Trang thông tin điện tử", "page"),
    ("Đài truyền thanh", "loudspeaker"),
    ("Hệ thống truyền thanh", "loudspeaker"),
    ("loa truyền thanh", "loudspeaker"),
)
_WORN = tuple((name, worn(name).split(), kind) for name, kind in _NAMES)
_LIKE = 82.0
_OR = "hoac"


def worn_channels(text: str) -> Iterator[tuple[str, str]]:
    """Name and kind of each channel in one sentence; two pages joined by "hoặc" are one channel."""
    said = worn(text).split()
    pending: tuple[str, str] | None = None
    at = 0
    while at < len(said):
        hit = _named(said, at)
        if hit is None:
            if pending:
                yield pending
                pending = None
            at += 1
            continue
        name, kind, at = hit
        levels, at = levels_behind(said, at)
        name = f"{name} {levels}".strip()
        pending = (f"{pending[0]} hoặc {name}", kind) if pending else (name, kind)
        if kind == "page" and at < len(said) and fuzz.ratio(said[at], _OR) >= 75 and _named(said, at + 1):
            at += 1
            continue
        yield pending
        pending = None


def _named(said: list[str], at: int) -> tuple[str, str, int] | None:
    """The likest name of the list at this word: name, kind, index of the word behind it."""
    scored = [
        (fuzz.ratio(" ".join(said[at : at + len(form)]), " ".join(form)), name, kind, at + len(form))
        for name, form, kind in _WORN
        if fuzz.ratio(said[at], form[0]) >= 50
    ]
    best = max(scored, default=None)
    return best[1:] if best and best[0] >= _LIKE else None
