"""The habits of a region, read from `regions.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("regions.toml")


@dataclass(frozen=True, slots=True)
class Region:
    """One way of speaking: the words that differ between north, centre and south."""

    label: str
    thousand: str
    zero_tens: str
    four: str  # after "mươi"
    early_day: str  # before days 1 to 10, "" for none
    over: str  # the slash of a house number


@cache
def regions() -> dict[str, Region]:
    with _FILE.open("rb") as file:
        return {name: Region(**row) for name, row in tomllib.load(file).items()}


def region(name: str = "north") -> Region:
    """Raises `KeyError` for a name that is not in the file."""
    return regions()[name]
