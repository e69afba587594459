"""What goes wrong when: drawn from a seed before anything starts, so the same seed gives the same storm. Pure."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SIZES = (1, 1, 1, 2, 2, 3)  # how many are killed at once
DOWN = (0.0, 1.5)  # seconds a victim stays down
LATE, NONE = (1.0, 5.0), (0.0, 0.0)  # seconds
NEVER = 0.3  # of what was drawn to never answer does: each ties a thread up for half a minute
SMALL_FILES = (0, 700, 4_000, 12_000)  # bytes the largest file may have while the disk is full


@dataclass(frozen=True, slots=True)
class Strike:
    """Several victims killed at the same moment. `pause`: seconds after the strike before."""

    pause: float
    victims: tuple[str, ...]
    down: tuple[float, ...]  # seconds until each is started again


@dataclass(frozen=True, slots=True)
class Trouble:
    """One fault ordered from the sandbox."""

    pause: float
    vendor: str
    call: str
    fault: str
    times: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Drought:
    """The disk of the site takes no more for a while: no file may grow beyond `size` bytes."""

    pause: float
    seconds: float
    size: int


# Of the calls that publish or change something, this share suffers by chance (`POST /_chaos`), whenever it comes.
RATES = {
    "hang_after_commit": 0.03,
    "reset_before_commit": 0.03,
    "reset_after_commit": 0.04,
    "truncated_json": 0.03,
    "html_502_after_commit": 0.03,
    "error_500_after_commit": 0.04,
    "status_after_commit": 0.06,
}
# What a vendor does to a call before or after it has carried it out: fault, seconds.
WRITES = {"facebook": ("feed", "photos", "edit", "delete"), "zalo": ("create", "verify", "update", "remove")}
READS = {"facebook": ("read", "object"), "zalo": ("getslice", "getdetail")}
FAULTS: tuple[tuple[str, tuple[float, float]], ...] = (
    ("hang_after_commit", LATE),
    ("hang_before_commit", LATE),
    ("never", NONE),
    ("reset_before_commit", NONE),
    ("reset_after_commit", NONE),
    ("half_answer", NONE),
    ("truncated_json", NONE),
    ("empty_answer", NONE),
    ("html_502", NONE),
    ("html_502_after_commit", NONE),
)
OWN: dict[str, tuple[tuple[str, str], ...]] = {  # (call, fault) only this vendor has
    "facebook": (
        ("feed", "error_500_after_commit"),
        ("feed", "code_1_99_after_commit"),
        ("feed", "bare_answer"),
        ("read", "empty_page"),
        ("feed", "code_190_463"),
        ("feed", "code_368"),
    ),
    "webhook": (("post", "status"), ("post", "status_after_commit"), ("post", "hang_after_commit")),
    "zalo": (("create", "code_-216"), ("verify", "code_-214"), ("getslice", "code_-216"), ("refresh", "html_502")),
}


def chance(what: str, seed: int) -> random.Random:
    """A source of chance of its own for each part of the plan: one more of this changes nothing of that."""
    return random.Random(f"{what} {seed}")  # noqa: S311 (repeatable, and keeps no secret)


def strikes(seed: int, kills: int, seconds: float, weights: Mapping[str, int]) -> list[Strike]:
    """Exactly `kills` kills of these victims, more often of those that weigh more, spread over `seconds`."""
    draw = chance("strikes", seed)
    sizes: list[int] = []
    while sum(sizes) < kills:
        sizes.append(min(draw.choice(SIZES), len(weights), kills - sum(sizes)))
    mean = seconds / len(sizes)
    return [_strike(draw, size, mean, weights) for size in sizes]


def _strike(draw: random.Random, size: int, mean: float, weights: Mapping[str, int]) -> Strike:
    left, victims = dict(weights), []
    for _ in range(size):
        victims.append(draw.choices(list(left), list(left.values()))[0])
        del left[victims[-1]]
    down = tuple(draw.uniform(*DOWN) for _ in victims)
    return Strike(draw.uniform(0.4, 1.6) * mean, tuple(victims), down)


def troubles(seed: int, seconds: float, every: float) -> list[Trouble]:
    """About one fault each `every` seconds, most of them where something is published."""
    draw = chance("troubles", seed)
    made: list[Trouble] = []
    left = seconds
    while left > 0:
        pause = draw.uniform(0.2, 1.8) * every
        left -= pause
        made.append(_trouble(draw, pause))
    return made


def _trouble(draw: random.Random, pause: float) -> Trouble:
    vendor = draw.choice(("facebook", "facebook", "zalo", "zalo", "webhook"))
    if vendor == "webhook" or draw.random() < 0.2:
        call, fault = draw.choice(OWN[vendor])
        return Trouble(pause, vendor, call, fault, 1, 0)
    fault, (least, most) = draw.choice(FAULTS)
    if fault == "never" and draw.random() > NEVER:
        fault = "reset_after_commit"
    call = draw.choice((WRITES if draw.random() < 0.75 else READS)[vendor])
    return Trouble(pause, vendor, call, fault, draw.choice((1, 1, 2)), round(draw.uniform(least, most), 1))


def rates(harshness: float) -> dict[str, float]:
    """By kind, the share of calls that suffer."""
    return {kind: rate * harshness for kind, rate in RATES.items()}


def droughts(seed: int, seconds: float, number: int) -> list[Drought]:
    draw = chance("droughts", seed)
    share = seconds / max(1, number)
    lengths = [draw.uniform(0.2, 0.4) * share for _ in range(number)]
    return [Drought(share - length, min(length, 12.0), draw.choice(SMALL_FILES)) for length in lengths]


def kills_of(plan: Sequence[Strike]) -> int:
    return sum(len(strike.victims) for strike in plan)
