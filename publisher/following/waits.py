"""How long to wait for whom. Pure."""

from __future__ import annotations

import random
from datetime import timedelta

FIRST = timedelta(seconds=10)
LONGEST = timedelta(hours=6)  # between two tries of one dispatch
PATIENCE = timedelta(days=1)  # then it is given up, and a person may send it again
FIRST_REST = timedelta(seconds=5)
LONGEST_REST = timedelta(minutes=10)  # of an endpoint that does not answer
DOUBLINGS = 20  # beyond, every wait is the longest anyway


def before_try(tries: int, chance: random.Random | None = None) -> timedelta:
    """After that many failed tries: 10 s, 20 s, 40 s … 6 h, each ± 20 %."""
    return _growing(FIRST, LONGEST, tries, chance)


def before_turn(stumbles: int, chance: random.Random | None = None) -> timedelta:
    """After that many bad turns of one endpoint: 5 s, 10 s … 10 min, each ± 20 %."""
    return _growing(FIRST_REST, LONGEST_REST, stumbles, chance)


def _growing(first: timedelta, longest: timedelta, times: int, chance: random.Random | None) -> timedelta:
    factor = (chance or random.Random()).uniform(0.8, 1.2)  # noqa: S311 (spreads load, keeps no secret)
    return min(first * 2.0 ** min(times - 1, DOUBLINGS), longest) * factor
