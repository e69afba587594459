"""The habits of a region, read from `regions.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("regions.toml")


@dataclass(frozen=True, slots=True)
class Region:
    """One way of speaking: the words that differ between north, centre and south."""

    label: str
    also: tuple[str, ...]  # other names of the region
    thousand: str
    zero_tens: str
    four: str  # after "mươi"
    quarter_four: str  # after "quý"
    early_day: str  # before days 1 to 10, "" for none
    lunar_day: str  # before days 1 to 10 of the old calendar
    over: str  # the slash of a house number


SWITCHES = tuple(field.name for field in fields(Region) if field.name not in ("label", "also"))


@cache
def regions() -> dict[str, Region]:
    with _FILE.open("rb") as file:
        rows = tomllib.load(file).items()
    return {name: Region(**{**row, "also": tuple(row["also"])}) for name, row in rows}


def region(name: str = "north") -> Region:
    """A region by any of its names, with single switches after it: "north, four=tư, early_day=". Raises `KeyError`."""
    first, *switches = (part.strip() for part in name.split(","))
    known = {other: row for key, row in regions().items() for other in (key, *row.also)}
    choices: dict[str, Any] = {key.strip(): said.strip() for key, _, said in (one.partition("=") for one in switches)}
    choices.pop("", None)
    if unknown := set(choices) - set(SWITCHES):
        raise KeyError(", ".join(sorted(unknown)))
    return replace(known[first.lower()], **choices)


def is_region(name: str) -> bool:
    try:
        return bool(region(name))
    except KeyError:
        return False
