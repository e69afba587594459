"""How much a document may hold before it is refused: what a plan of any level needs, many times over."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    file_bytes: int = 25_000_000
    unzipped_bytes: int = 60_000_000
    zip_entries: int = 2_000
    pages: int = 400
    lines: int = 60_000
    characters: int = 2_000_000
    line_characters: int = 20_000
    paragraphs: int = 10_000
    items: int = 5_000
    page_bytes: int = 1_000_000  # drawing instructions of one PDF page, unpacked
    all_page_bytes: int = 40_000_000
    page_characters: int = 20_000
    page_drawings: int = 5_000  # lines, boxes and curves of one PDF page


DEFAULT = Limits()
