"""The dated facts of `graph.toml`, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FACTS: dict[str, Any] = tomllib.loads((Path(__file__).with_name("graph.toml")).read_text("utf-8"))

VERSION: str = _FACTS["api"]["version"]
ADDRESS: str = _FACTS["api"]["address"]
VIDEO_ADDRESS: str = _FACTS["api"]["video_address"]
SITE: str = _FACTS["api"]["site"]
MESSAGE_LIMIT: int = _FACTS["limits"]["message"]
PICTURE_LIMIT: int = _FACTS["limits"]["picture_bytes"]
PICTURES_LIMIT: int = _FACTS["limits"]["pictures"]
MEDIA_TYPES: list[str] = _FACTS["limits"]["media_types"]
VIDEO_TYPES: list[str] = _FACTS["limits"]["video_types"]
VIDEO_TITLE: int = _FACTS["limits"]["video_title"]
PHOTO_SECONDS: int = _FACTS["photos"]["kept_seconds"]
SESSION_SECONDS: int = _FACTS["video"]["kept_seconds"]
STALLS: int = _FACTS["video"]["stalls"]
SKEW_SECONDS: int = _FACTS["reconcile"]["skew_seconds"]
LISTING_PAGE: int = _FACTS["reconcile"]["page"]
DUPLICATE: set[str] = {str(code) for code in _FACTS["reconcile"]["duplicate"]}
LISTING_PAGES: int = _FACTS["reconcile"]["pages"]
USAGE_TYPES: list[str] = _FACTS["usage"]["types"]
USAGE_STEPS: list[tuple[float, float]] = [(float(at), float(wait)) for at, wait in _FACTS["usage"]["steps"]]
SCOPES: list[str] = _FACTS["check"]["scopes"]
SCOPES_FOR_VIDEO: list[str] = _FACTS["check"]["scopes_for_video"]
TASK: str = _FACTS["check"]["task"]
DAYS_BEFORE: int = _FACTS["check"]["days_before"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a vendor's error means: `verdict` is rejected, unauthorized, throttled, unknown or transient."""

    verdict: str
    message: str
    codes: tuple[int, ...] = ()
    subcodes: tuple[int, ...] = ()
    range: tuple[int, ...] = ()
    contains: str = ""
    wait: float = 0.0  # seconds

    def covers(self, code: int) -> bool:
        return code in self.codes or (bool(self.range) and self.range[0] <= code <= self.range[1])


def _verdict(row: dict[str, Any]) -> Verdict:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Verdict(**values)


VERDICTS: tuple[Verdict, ...] = tuple(_verdict(row) for row in _FACTS["error"])
UNLISTED = Verdict("rejected", "Facebook không nhận bài.")
UNLISTED_TRANSIENT = Verdict("transient", "Facebook đang trục trặc.")


def verdict(code: int, subcode: int, text: str, *, transient: bool) -> Verdict:
    """The most particular line that fits: code and subcode, code and words, subcode alone, code alone."""
    plain = [row for row in VERDICTS if not row.subcodes and not row.contains]
    sieves = (
        [row for row in VERDICTS if row.covers(code) and subcode in row.subcodes],
        [row for row in VERDICTS if row.covers(code) and row.contains and row.contains in text.lower()],
        [row for row in plain if subcode in row.codes and subcode > 1_000_000],
        [row for row in plain if code in row.codes],
        [row for row in plain if row.covers(code)],
    )
    found = next((rows[0] for rows in sieves if rows), None)
    return found or (UNLISTED_TRANSIENT if transient else UNLISTED)
