"""The dated facts of `rules.toml`, and what follows from them for a moment. Pure."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

_RULES: dict[str, Any] = tomllib.loads((Path(__file__).with_name("rules.toml")).read_text("utf-8"))

OPENS = time.fromisoformat(_RULES["window"]["opens"])
CLOSES = time.fromisoformat(_RULES["window"]["closes"])
LAST = (datetime.combine(date(2000, 1, 1), CLOSES) - timedelta(minutes=1)).time()  # as people are told it
AGAIN = time.fromisoformat(_RULES["window"]["again"])
ZONE = ZoneInfo(_RULES["window"]["zone"])
JITTER_SECONDS: int = _RULES["window"]["jitter_seconds"]
REFUSED: set[str] = {str(code) for code in _RULES["refused"]["codes"]}
MODERATION_MINUTES: int = _RULES["moderation"]["minutes"]
EACH_DAY: int = _RULES["quota"]["each_day"]
QUOTA_READ = date.fromisoformat(_RULES["quota"]["read"])
_EACH_MONTH: dict[str, int] = _RULES["quota"]["each_month"]


@dataclass(frozen=True, slots=True)
class Target:
    """One way of choosing who gets it: the vendor's field, our setting, its label and hint."""

    field: str
    setting: str
    label: str
    hint: str


TARGETS: tuple[Target, ...] = tuple(Target(**row) for row in _RULES["target"])


def is_open(moment: datetime) -> bool:
    return OPENS <= moment.astimezone(ZONE).time() < CLOSES


def next_morning(moment: datetime, seed: str) -> timedelta:
    """How long until the next morning's time, and a little more that is always the same for one delivery."""
    local = moment.astimezone(ZONE)
    morning = local.replace(hour=AGAIN.hour, minute=AGAIN.minute, second=0, microsecond=0)
    if morning <= local:
        morning += timedelta(days=1)
    jitter = random.Random(seed).randrange(JITTER_SECONDS)  # noqa: S311 (spreads load, keeps no secret)
    return morning - local + timedelta(seconds=jitter)


def each_month(package: str) -> int | None:
    """Broadcasts a follower may get a month with this package; None when the package is not known. Not verified."""
    return next((most for word, most in _EACH_MONTH.items() if word in package.lower()), None)
