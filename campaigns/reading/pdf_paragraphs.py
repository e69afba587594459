"""Where paragraphs begin on a PDF page, as far as its geometry proves it."""

from __future__ import annotations

import itertools
from collections import Counter

from campaigns.reading.pdf_page import Word

_CENTRED = 12.0
_INDENTED = 8.0
_USUAL = 3  # so many paragraphs of a page begin at an indent before it counts as one


def begun(lines: list[list[Word]]) -> set[int]:
    """The `id` of each line that begins a paragraph for certain: its first word had room on the line above, or it
    stands at the indent at which the paragraphs of the page begin. Centred lines, broken for their looks, do not count.
    """
    if len(lines) < 4:
        return set()
    left, right = min(line[0].left for line in lines), max(line[-1].right for line in lines)
    roomy = {
        id(line)
        for above, line in itertools.pairwise(lines)
        if _had_room(above, line, left, right) and not _is_centred(line, left, right)
    }
    starts = Counter(round(line[0].left) for line in lines if id(line) in roomy)
    uses = Counter(round(line[0].left) for line in lines)
    indents = {x for x, n in starts.items() if n >= _USUAL and x - left > _INDENTED and n * 1.5 >= uses[x]}
    return roomy | {id(line) for line in lines[1:] if round(line[0].left) in indents}


def _had_room(above: list[Word], line: list[Word], left: float, right: float) -> bool:
    word = line[0]
    room = right - above[-1].right - word.size * 0.6
    return word.right - word.left < room and above[0].left - left < (right - left) * 0.25


def _is_centred(line: list[Word], left: float, right: float) -> bool:
    return abs(line[0].left + line[-1].right - left - right) < _CENTRED and line[0].left - left > _CENTRED
