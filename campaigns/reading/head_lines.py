"""The lines of a letterhead, its two columns apart."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.reading.document import Line
from campaigns.reading.folding import fold
from campaigns.reading.paragraphs import Paragraph
from campaigns.reading.schema import Source

_WIDE = re.compile(r"\s{4,}(?=[A-ZĐÀ-Ỹ])|\t+")
_NUMBER_BEHIND = re.compile(r"(?<=[^\W\d_])\s+(?=S[ốố]\s?:)")
_ASIDE = re.compile(
    r"^\W*(?:ban hanh )?(?:kem theo|theo)\b|\bkem theo (?:quyet dinh|cong van|ke hoach|nghi quyet) so\b"
)
JOINED = 0.9  # confidence in what two lines had to be put together for


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A line of the letterhead, one column of it."""

    text: str
    source: Source


def columns(paragraphs: list[Paragraph], file: str) -> list[HeadLine]:
    """Letterhead lines, left column before right where the format keeps them apart."""
    result: list[HeadLine] = []
    for line in (line for paragraph in paragraphs for line in paragraph.lines):
        texts = [t for cell in line.cells for t in cell.split("\n")] if line.cells else _WIDE.split(line.text.strip())
        texts = [part for text in texts for part in _NUMBER_BEHIND.split(text)]
        result += [HeadLine(text.strip(), _source(file, line, text)) for text in texts if text.strip()]
    return result


def own(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """The paragraphs without those that tell of the document this one is attached to."""
    return [p for p in paragraphs if not is_attachment(p.text)]


def is_attachment(text: str) -> bool:
    """ "(Ban hành kèm theo Quyết định số …)"."""
    return bool(_ASIDE.search(fold(text[:120])))


def pairs(lines: list[HeadLine]) -> Iterator[HeadLine]:
    """Each line, then each two neighbours as one: what a narrow column broke in two."""
    yield from lines
    for upper, lower in itertools.pairwise(lines):
        yield HeadLine(f"{upper.text} {lower.text}", span(upper.source, lower.source, JOINED))


def span(a: Source, b: Source, confidence: float = 1.0) -> Source:
    """One source from the first line of `a` to the last of `b`."""
    lines = (min(a.lines[0], b.lines[0]), max(a.lines[1], b.lines[1]))
    return Source(a.file, a.page, lines, f"{a.raw}\n{b.raw}", min(a.confidence, b.confidence, confidence))


def _source(file: str, line: Line, raw: str, confidence: float = 1.0) -> Source:
    return Source(file, line.page, (line.no, line.no), raw.strip(), confidence)
