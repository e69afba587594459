"""Posts as a table for Excel and back (CSV). Pure.

Written: UTF-8 with BOM, commas, every cell safe from being taken for a formula. Read: UTF-8 or UTF-16, comma,
semicolon or tab; every error at once, with line, column and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post. Texts are cleaned (NFC, no spaces at the ends, line ends "\\n"). `channels` are names of accounts."""

    campaign: str
    title: str
    lead: str = ""
    body: str = ""
    channels: tuple[str, ...] = ()
    day: date | None = None
    clock: time | None = None
    rule: str = ""  # RFC 5545, "" means once
    until: date | None = None
    topic: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class CellError:
    """`line` is the line of the file (1 is the heading), `column` its heading ("" where the whole line is meant)."""

    line: int
    column: str
    code: str
    message: str


class BadTable(ValueError):
    """`errors`: everything that is wrong, in order of lines."""

    def __init__(self, errors: list[CellError]) -> None:
        super().__init__("; ".join(f"Dòng {e.line}: {e.message}" for e in errors[:5]))
        self.errors = errors


def write(rows: Iterable[PostRow]) -> bytes:
    raise NotImplementedError


def read(data: bytes) -> list[tuple[int, PostRow]]:
    """Line number and post of every line. Raises `BadTable`; then nothing of the file is to be used."""
    raise NotImplementedError
