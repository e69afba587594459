"""Whether a cited document still stands, by the dated, sourced data file beside this module."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "legal_status.toml"


@dataclass(frozen=True, slots=True)
class Repeal:
    number: str
    repealed_from: dt.date | None
    by: str
    source: str


@cache
def repeals() -> dict[str, Repeal]:
    """Repealed documents by normalised number."""
    with _FILE.open("rb") as file:
        entries = tomllib.load(file)["document"]
    return {e["number"]: Repeal(e["number"], e.get("repealed_from"), e["by"], e["source"]) for e in entries}
