"""Columns that a PDF page sets without rules: a letterhead, a signature block, a table told by its gaps alone."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.reading.labels import parse_label
from campaigns.reading.pdf_page import Word
from campaigns.reading.pdf_tables import in_lines

_GAP = 1.7  # heights of a letter between two columns, where the words of a justified line never are so far apart
_STEP = 3.2  # heights of a letter from one line of a block to the next
_CENTRED = 12.0
_MOST_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive lines that stand in columns; `rows` as they are read, each with the distance of its top."""

    rows: list[tuple[float, tuple[str, ...]]]


Segments = list[list[Word]]
Piece = list[Word] | Block


def pieces(lines: list[list[Word]]) -> list[Piece]:
    """The lines in order, those that stand in columns together as blocks."""
    parted = [_segments(line) for line in lines]
    result: list[Piece] = []
    at = 0
    while at < len(lines):
        end = _end_of_block(parted, at) if len(parted[at]) > 1 else at
        if end == at:
            result.append(lines[at])
            at += 1
            continue
        start = _above(parted, at, end, len(result))
        del result[len(result) - (at - start) :]
        result += _read(parted[start:end])
        at = end
    return result


def _segments(line: list[Word]) -> Segments:
    """A line parted at wide gaps; a label or bullet stays with the words that a tab keeps from it."""
    parts: Segments = [[line[0]]]
    for word in line[1:]:
        gap = word.left - parts[-1][-1].right
        if gap > _GAP * min(word.size, parts[-1][-1].size) and not (len(parts) == 1 and _is_label(parts[0])):
            parts.append([word])
        else:
            parts[-1].append(word)
    return parts


def _is_label(words: list[Word]) -> bool:
    text = " ".join(w.text for w in words)
    label = parse_label(text + " x")
    return len(text) <= 6 and label is not None and label.rest == "x"


def _end_of_block(parted: list[Segments], start: int) -> int:
    """The first line behind `start` that runs across the gutters, or stands too far below to belong."""
    columns = [(s[0].left, s[-1].right) for s in parted[start]]
    end = start + 1
    while end < len(parted) and _follows(parted[end - 1], parted[end]):
        merged = _merged(columns, parted[end])
        if merged is None:
            break
        columns, end = merged, end + 1
    return end


def _follows(above: Segments, below: Segments) -> bool:
    size = below[0][0].size
    return below[0][0].top - above[0][0].top <= _STEP * size


def _merged(columns: list[tuple[float, float]], line: Segments) -> list[tuple[float, float]] | None:
    """The columns widened by a line, None when it does not keep to them."""
    result = list(columns)
    for segment in line:
        left, right = segment[0].left, segment[-1].right
        met = [i for i, (a, b) in enumerate(result) if left < b + 2 and right > a - 2]
        if len(met) > 1:
            return None
        if not met:
            if len(line) == 1 or len(result) >= _MOST_COLUMNS:
                return None
            result = sorted([*result, (left, right)])
            continue
        a, b = result[met[0]]
        if len(line) == 1 and len(columns) == 2 and not _is_aligned(left, right, a, b):
            return None
        result[met[0]] = (min(a, left), max(b, right))
    return result


def _is_aligned(left: float, right: float, a: float, b: float) -> bool:
    return abs(left - a) <= _CENTRED or abs((left + right) / 2 - (a + b) / 2) <= _CENTRED


def _above(parted: list[Segments], start: int, end: int, most: int) -> int:
    """Where the block really begins: lines above it that keep to one of its columns ("UBND XÃ" over two lines)."""
    columns = _columns(parted[start:end])
    while start and most and len(columns) == 2 and len(parted[start - 1]) == 1:
        line = parted[start - 1]
        if not _follows(line, parted[start]) or _merged(columns, line) is None or _is_text(line, columns):
            break
        start, most = start - 1, most - 1
    return start


def _is_text(line: Segments, columns: list[tuple[float, float]]) -> bool:
    """Whether a line above a block is the running text before it: it begins where the block begins."""
    return abs(line[0][0].left - columns[0][0]) <= _CENTRED and not line[0][0].text.isupper()


def _columns(block: list[Segments]) -> list[tuple[float, float]]:
    columns = [(s[0].left, s[-1].right) for s in block[0]]
    for line in block[1:]:
        columns = _merged(columns, line) or columns
    return columns


def _read(block: list[Segments]) -> list[Piece]:
    columns = _columns(block)
    full = sum(len(line) == len(columns) for line in block)
    if len(columns) >= 3 and full >= 2:
        return [Block(_rows(block, columns))]
    if len(columns) == 2:
        return [Block([(block[0][0][0].top, _side_by_side(block, columns))])]
    return [[word for segment in line for word in segment] for line in block]


def _side_by_side(block: list[Segments], columns: list[tuple[float, float]]) -> tuple[str, ...]:
    cells: list[list[Word]] = [[] for _ in columns]
    for line in block:
        for segment in line:
            cells[_column_of(segment, columns)] += segment
    return tuple(in_lines(words) for words in cells)


def _rows(block: list[Segments], columns: list[tuple[float, float]]) -> list[tuple[float, tuple[str, ...]]]:
    """A row begins where its first cell or at least half of its cells do; other lines go on with the row above."""
    rows: list[tuple[float, list[list[Word]]]] = []
    for line in block:
        places = [_column_of(segment, columns) for segment in line]
        if not rows or places[0] == 0 or len(line) * 2 >= len(columns) + 1:
            rows.append((line[0][0].top, [[] for _ in columns]))
        for place, segment in zip(places, line, strict=True):
            rows[-1][1][place] += segment
    return [(top, tuple(in_lines(cell) for cell in cells)) for top, cells in rows]


def _column_of(segment: list[Word], columns: list[tuple[float, float]]) -> int:
    middle = (segment[0].left + segment[-1].right) / 2
    return min(
        range(len(columns)),
        key=lambda i: (
            abs((columns[i][0] + columns[i][1]) / 2 - middle)
            if not (columns[i][0] - 1 <= middle <= columns[i][1] + 1)
            else -1
        ),
    )
