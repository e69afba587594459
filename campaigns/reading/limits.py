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
    line_characters: int = 200_000


DEFAULT = Limits()
