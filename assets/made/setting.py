"""Typesetting: words into lines, evenly filled, never wider than their box. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from pathlib import Path

from assets.made.faces import breadth

SAFE = 1.01  # what rounding to whole pixels may add
_PAUSES = (",", ";", ":", ".", "!", "?", "–", "”")
_AT_PAUSE = -0.03  # what a break costs beside the square of the room it leaves, as a share of the width
_AFTER_FIRST = 0.12  # one word of a clause left behind: "cài / đặt"
_IN_NAME = 0.2  # between two words of a name, or a number and what it counts
_IN_WORD = 0.15  # between the syllables of one word
_LEAST_LAST = 0.25  # of the width: a shorter last line is evened out
_COMPOUNDS = frozenset(
    word.strip()
    for line in Path(__file__).with_name("compounds.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split(";")
)


@dataclass(frozen=True, slots=True)
class Lines:
    lines: tuple[str, ...]
    broken: bool = False  # a word is longer than a line and was parted
    cut: bool = False  # words are missing, "…" stands for them
    cost: float = 0.0  # how badly the lines break


def length(words: str, face: str, size: float) -> float:
    return breadth(face, words) * size * SAFE


def wrapped(words: str, face: str, size: float, width: float, *, even: bool = True, filling: bool = False) -> Lines:
    """Lines of at most `width`; `even`: no more of them, of like lengths, broken where a reader pauses; `filling`: as
    full as they go unless that leaves a word or two on the last."""
    full = filled(words, face, size, width)
    if not even or len(full.lines) < 2 or full.broken:
        return full
    if filling and length(full.lines[-1], face, size) > _LEAST_LAST * width:
        return full
    return _evened(words.split(), len(full.lines), face, size, width)


def _evened(words: list[str], count: int, face: str, size: float, width: float) -> Lines:
    """The cheapest of all ways to set the words in `count` lines."""
    space = length(" ", face, size)
    ends = [0.0]
    for word in words:
        ends.append(ends[-1] + length(word, face, size) + space)
    mean = min(width, (ends[-1] / count) * 1.06)
    best: list[tuple[float, tuple[int, ...]]] = [(inf, ())] * (len(words) + 1)  # cost, breaks
    best[0] = (0.0, ())
    for _ in range(count):
        following: list[tuple[float, tuple[int, ...]]] = [(inf, ())] * (len(words) + 1)
        for start, (paid, breaks) in enumerate(best):
            if paid == inf:
                continue
            for end in range(start + 1, len(words) + 1):
                long = ends[end] - ends[start] - space
                if long > width:
                    break
                cost = paid + ((mean - long) / width) ** 2 + _break_cost(words, end)
                if cost < following[end][0]:
                    following[end] = (cost, (*breaks, end))
        best = following
    cost, breaks = best[-1]
    lines = (" ".join(words[start:end]) for start, end in zip((0, *breaks), breaks, strict=False))
    return Lines(tuple(lines), cost=cost)


def _break_cost(words: list[str], end: int) -> float:
    if end >= len(words):
        return 0.0
    last, coming = words[end - 1], words[end]
    if last.endswith(_PAUSES):
        return _AT_PAUSE
    if end >= 2 and words[end - 2].endswith(_PAUSES):
        return _AFTER_FIRST
    if f"{last} {coming}".casefold().rstrip(",;:.!?”") in _COMPOUNDS:
        return _IN_WORD
    return _IN_NAME if _belong(last, coming) else 0.0


def _belong(last: str, coming: str) -> bool:
    return (last[0].isupper() and coming[0].isupper()) or last.isdigit() or coming[0].isdigit()


def shortened(set_lines: Lines, face: str, size: float, width: float, count: int) -> Lines:
    """The first `count` lines, the last of them ending in "…"."""
    if len(set_lines.lines) <= count:
        return set_lines
    *kept, last = set_lines.lines[:count]
    while last and length(f"{last}…", face, size) > width:
        last = last[:-1].rstrip()
    return Lines((*kept, f"{last.rstrip(' ,;:.–-')}…"), set_lines.broken, cut=True)


def filled(words: str, face: str, size: float, width: float) -> Lines:
    """One line after the other as full as it goes."""
    lines: list[str] = []
    space, used, broken = length(" ", face, size), 0.0, False
    for word in words.split():
        long = length(word, face, size)
        if lines and used + space + long <= width:
            lines[-1] += f" {word}"
            used += space + long
        elif long <= width:
            lines.append(word)
            used = long
        else:
            parts = _parted(word, face, size, width)
            lines += parts
            used, broken = length(parts[-1], face, size), True
    return Lines(tuple(lines) or ("",), broken)


def _parted(word: str, face: str, size: float, width: float) -> list[str]:
    parts = [""]
    for letter in word:
        if parts[-1] and length(parts[-1] + letter, face, size) > width:
            parts.append(letter)
        else:
            parts[-1] += letter
    return parts
