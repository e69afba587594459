"""A sentence whose marks OCR took, found again with its marks in a plan already read. Offered, never put in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from campaigns.reading.likeness import worn

FLOOR = 0.9
"""Likeness below which nothing is offered; chosen on two plans of which one has lost its marks (see the tests)."""
_SAME_WORD = 45.0
_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Known:
    """A sentence with its marks, and where it stands: the plan's file (or number) and its lines."""

    text: str
    plan: str
    lines: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a person may accept in place of a poorly read title. `likeness` 0..1 on the form without marks."""

    text: str
    likeness: float
    known: Known


def suggest(titles: Sequence[str], library: Sequence[Known], *, floor: float = FLOOR) -> list[Suggestion | None]:
    """For each title the likest sentence of the library, None where none reaches `floor` or none is the same sentence.

    The same sentence has the same words in the same order: one with another place, year or clause is not offered, for a
    wrong suggestion is worse than none. Pure; about a millisecond for each title and thousand sentences.
    """
    forms = [worn(known.text) for known in library]
    return [_best(worn(title), library, forms, floor) for title in titles]


def _best(title: str, library: Sequence[Known], forms: list[str], floor: float) -> Suggestion | None:
    if not title:
        return None
    likest = process.extract(title, forms, scorer=fuzz.ratio, score_cutoff=floor * 100, limit=_CANDIDATES)
    for form, score, at in likest:
        if same_words(title, form):
            return Suggestion(library[at].text, round(score / 100, 3), library[at])
    return None


def same_words(title: str, form: str) -> bool:
    """Whether two worn texts have as many words, and each word of one is likely that of the other."""
    ours, theirs = title.split(), form.split()
    if len(ours) == len(theirs):
        return all(_same(a, b) for a, b in zip(ours, theirs, strict=True))
    return False


def _same(a: str, b: str) -> bool:
    if a.isdigit() or b.isdigit():
        return a == b
    return len(a) <= 2 >= len(b) - 1 or fuzz.ratio(a, b) >= _SAME_WORD
