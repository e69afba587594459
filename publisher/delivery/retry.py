"""When to try again. Pure: decisions are values."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

FIRST = timedelta(seconds=10)
LONGEST = timedelta(minutes=30)
TRIES = 10  # about three hours of an unreachable vendor, then a person decides


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again after `wait`; `give_up` when enough has been tried."""

    wait: timedelta
    give_up: bool = False


def after_unavailable(attempts_made: int, chance: random.Random | None = None) -> Retry:
    """Capped exponential with jitter in ±20 %: 10 s, 20 s, 40 s … 30 min."""
    if attempts_made >= TRIES:
        return Retry(timedelta(0), give_up=True)
    factor = (chance or random.Random()).uniform(0.8, 1.2)  # noqa: S311 (spreads load, keeps no secret)
    return Retry(min(FIRST * 2 ** (attempts_made - 1), LONGEST) * factor)
