"""When to try again, by class of error. Pure: decisions are values, and what they decide stands in the row."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again after `wait`; `give_up` when enough has been tried."""

    wait: timedelta
    give_up: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """Capped exponential with jitter of ±20 %: `first`, twice that … `longest`; `most` tries (None: no end)."""

    first: timedelta
    longest: timedelta
    most: int | None = None

    def after(self, tries: int, chance: random.Random | None = None) -> Retry:
        """`tries`: how many have failed, this one included."""
        if self.most is not None and tries >= self.most:
            return Retry(timedelta(0), give_up=True)
        factor = (chance or random.Random()).uniform(0.8, 1.2)  # noqa: S311 (spreads load, keeps no secret)
        doubled = self.first * 2 ** min(max(tries, 1) - 1, 30)
        return Retry(min(doubled, self.longest) * factor)


# Nothing was sent: about three hours of an unreachable vendor, then a person decides.
UNAVAILABLE = Policy(timedelta(seconds=10), timedelta(minutes=30), most=10)
# The whole account rests after calls in a row that did not get through, whatever delivery they were for.
STUMBLES = Policy(timedelta(seconds=5), timedelta(minutes=2))
# The remote works: Zalo fetches pictures in seconds, a video may take an hour; after a day somebody must look.
PROCESSING = Policy(timedelta(seconds=3), timedelta(minutes=10), most=160)
# Sent, in doubt, and proved absent: at once the first time, then ever slower, then a person decides.
DOUBTS = Policy(timedelta(seconds=15), timedelta(minutes=30), most=8)
# Reading back did not work: asked for about a day, then a person looks.
READING_BACK = Policy(timedelta(seconds=30), timedelta(minutes=30), most=50)
