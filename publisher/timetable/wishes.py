"""What is asked of the timetable and what it answers. Pure values; every moment is aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """One post on one account, wished for `at`.

    `key` is unique among all wishes and placements. It may be moved later, never earlier, up to `latest` (None: to the
    end of its day). `rank` decides who chooses first: urgent ones, then lower ranks, then earlier moments. `post` is
    equal for all repetitions of one post, so that repeating it is no clash; `text` is a digest, equal for equal words.
    `minutes` is its length when spoken.
    """

    key: str
    account: str
    topic: str
    text: str
    at: datetime
    latest: datetime | None = None
    urgent: bool = False
    minutes: float = 0.0
    rank: int = 0
    post: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A wish with its moment. Where it was moved, `code` and `note` (Vietnamese) say by what; else both are empty."""

    wish: Wish
    at: datetime
    note: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Unmet:
    """A wish without a place. `nearest` is a moment that would do now, all placements standing; None: none in sight."""

    wish: Wish
    code: str
    message: str
    nearest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """What is allowed but looks wrong: the same text twice on an account, or different posts in one hour."""

    code: str
    account: str
    at: datetime
    keys: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Timetable:
    """Every wish is in `placed` or in `unmet`, once; all three are in order of time."""

    placed: tuple[Placed, ...]
    unmet: tuple[Unmet, ...]
    warnings: tuple[Clash, ...]
