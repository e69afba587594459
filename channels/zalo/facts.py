"""The dated facts of `openapi.toml`, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FACTS: dict[str, Any] = tomllib.loads((Path(__file__).with_name("openapi.toml")).read_text("utf-8"))

VERSION: str = _FACTS["api"]["version"]
ADDRESS: str = _FACTS["api"]["address"]
OAUTH_ADDRESS: str = _FACTS["api"]["oauth_address"]
OAUTH_VERSION: str = _FACTS["api"]["oauth_version"]
TITLE_LIMIT: int = _FACTS["limits"]["title"]
DESCRIPTION_LIMIT: int = _FACTS["limits"]["description"]
AUTHOR_LIMIT: int = _FACTS["limits"]["author"]
PICTURE_LIMIT: int = _FACTS["limits"]["picture_bytes"]
MEDIA_TYPES: list[str] = _FACTS["limits"]["media_types"]
SKEW_SECONDS: int = _FACTS["reconcile"]["skew_seconds"]
LISTING_PAGE: int = _FACTS["reconcile"]["page"]
LISTING_PAGES: int = _FACTS["reconcile"]["pages"]
REFRESH_REFUSED: list[int] = _FACTS["oauth"]["refused"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a vendor's code means: rejected, unauthorized, throttled, expired or pending."""

    verdict: str
    message: str
    codes: tuple[int, ...] = ()
    contains: str = ""
    wait: float = 0.0  # seconds


def _verdict(row: dict[str, Any]) -> Verdict:
    return Verdict(**{**row, "codes": tuple(row["codes"])})


VERDICTS: tuple[Verdict, ...] = tuple(_verdict(row) for row in _FACTS["error"])
UNLISTED = Verdict("rejected", "Zalo không nhận bài.")


def verdict(code: int, text: str) -> Verdict:
    """The first line that fits; lines with words stand before the ones without."""
    fitting = (row for row in VERDICTS if code in row.codes and row.contains in text.lower())
    return next(fitting, UNLISTED)
