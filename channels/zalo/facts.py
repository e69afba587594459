"""The dated facts of `openapi.toml`, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
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
VIDEO_LIMIT: int = _FACTS["limits"]["video_bytes"]
VIDEO_TYPES: list[str] = _FACTS["limits"]["video_types"]
SKEW_SECONDS: int = _FACTS["reconcile"]["skew_seconds"]
LISTING_PAGE: int = _FACTS["reconcile"]["page"]
LISTING_PAGES: int = _FACTS["reconcile"]["pages"]
LISTING_LAG: float = _FACTS["reconcile"]["listing_lag_seconds"]
GONE: set[str] = {str(code) for code in _FACTS["reconcile"]["gone"]}
LOW_SHARE: float = _FACTS["pace"]["low_share"]
SHARED_LIMITS: set[str] = {str(code) for code in _FACTS["pace"]["shared"]}
REST_SECONDS: float = _FACTS["pace"]["rest_seconds"]
RENEW_AFTER = timedelta(seconds=_FACTS["oauth"]["renew_after_seconds"])
REFRESH_LIFE = timedelta(days=_FACTS["oauth"]["refresh_days"])
WARN_BEFORE = timedelta(days=_FACTS["oauth"]["warn_days"])


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a vendor's code means for us; see the comment over the rows in `openapi.toml`."""

    verdict: str
    message: str
    codes: tuple[int, ...] = ()  # none: any code
    contains: str = ""
    wait: float = 0.0  # seconds


@dataclass(frozen=True, slots=True)
class VideoState:
    """`verdict`: ready, working or failed."""

    state: int
    verdict: str
    message: str


def _verdict(row: dict[str, Any]) -> Verdict:
    told = {name: row[name] for name in ("verdict", "message", "contains", "wait") if name in row}
    return Verdict(**told, codes=tuple(row["codes"]))


VERDICTS: tuple[Verdict, ...] = tuple(_verdict(row) for row in _FACTS["error"])
UNLISTED = Verdict("rejected", "Zalo không nhận bài.")
OAUTH_REFUSALS: dict[int, str] = {code: row["message"] for row in _FACTS["oauth_error"] for code in row["codes"]}
_STATES: dict[int, VideoState] = {row["state"]: VideoState(**row) for row in _FACTS["video_state"]}


def verdict(code: int, text: str) -> Verdict:
    """The first line that fits; lines with words stand before the ones without."""
    lower = text.lower()
    fitting = (row for row in VERDICTS if (not row.codes or code in row.codes) and row.contains in lower)
    return next(fitting, UNLISTED)


def video_state(told: Any) -> VideoState:
    """An unlisted state counts as unknown: ask again."""
    try:
        return _STATES.get(int(told), _STATES[0])
    except (TypeError, ValueError):
        return _STATES[0]
