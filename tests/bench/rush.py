"""Many deliveries due at one instant (tables 1 and 2), and a single one on an idle system (table 4)."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from tests.bench import systems
from tests.bench.installation import Result, arrived, forget, result_of, stamps, wait_for
from tests.bench.measuring import cpu_seconds
from tests.bench.systems import System

Start = Callable[[], AbstractContextManager[System]]
OURS, BARE = "ours 2×8", "bare Dramatiq"
EMBEDDED, MORE = "ours, one process ×16, SQLite", "ours 2×32"
PEERS: dict[str, Start] = {
    "Celery threads": systems.celery("threads"),
    "Celery prefork": systems.celery("prefork"),
    "APScheduler": systems.apscheduler,
    "procrastinate": systems.procrastinate,
}
SYSTEMS: dict[str, Start] = {
    OURS: systems.ours,
    BARE: systems.bare_dramatiq,
    **PEERS,
    MORE: lambda: systems.ours(threads=32),
}
WARM_UP = 200  # deliveries before the first that counts: lines to the sink and to the database stand
LEAD = 4.5 + min(5.0, os.getloadavg()[0])  # seconds between the orders and the moment; a busy machine needs more
PATIENCE = 300.0


def rush(name: str, system: System, number: int) -> Result:
    """Orders `number` deliveries due at one instant and waits until all arrived and are recorded."""
    before = system.recorded() if system.logs else 0
    forget(system.sink)
    due = time.time() + LEAD + number / system.orders_a_second
    system.order(number, due)
    assert time.time() < due - 0.5, f"{name}: the orders took too long, give more time"
    time.sleep(max(0.0, due - 0.2 - time.time()))
    spent = cpu_seconds(system.roots())
    here = wait_for(lambda: arrived(system.sink), number, f"{name}: {number} deliveries", PATIENCE)
    if system.logs and here:
        wait_for(lambda: system.recorded() - before, number, f"{name}: {number} records", 60)
    return result_of(name, system.sink, number, due, cpu_seconds(system.roots()) - spent)


def rushes(name: str, start: Start, numbers: list[int]) -> list[Result]:
    """One start of a system, and a rush of each size, one after the other."""
    with start() as system:
        rush(name, system, WARM_UP)
        return [rush(name, system, number) for number in numbers]


def compared(small: int, large: int, rounds: int, say: Callable[[str], None]) -> list[Result]:
    """Every system in turn; then ours and the bare one again, so that they stand before and after the others."""
    found: list[Result] = []
    for turn in range(rounds):
        for name in SYSTEMS if turn == 0 else (OURS, BARE):
            for result in rushes(name, SYSTEMS[name], [small, large, small]):
                say(f"  {name:16} {result.number:6}: {result.rate:5.0f}/s, p99 {result.p99:5.0f} ms")
                found.append(result)
    return found


def embedded(small: int, large: int, rounds: int, say: Callable[[str], None]) -> list[Result]:
    found = []
    for _ in range(rounds):
        for result in rushes(EMBEDDED, lambda: systems.ours(scaled=False, threads=16), [small, large]):
            say(f"  {EMBEDDED} {result.number:6}: {result.rate:5.0f}/s, p99 {result.p99:5.0f} ms")
            found.append(result)
    return found


def singles(start: Start, number: int, apart: float, seed: int = 1) -> list[float]:
    """Milliseconds after its time at which each of `number` single deliveries arrived on an idle system."""
    chance = random.Random(seed)  # noqa: S311 (moments, no secrets)
    with start() as system:
        rush("warm-up", system, WARM_UP)
        forget(system.sink)
        now = time.time() + LEAD
        moments = []
        for _ in range(number):
            now += chance.uniform(0.5 * apart, 1.5 * apart)
            moments.append(now)
        order_each(system, moments)
        wait_for(lambda: arrived(system.sink), number, "single deliveries", now - time.time() + 30)
        return late_each(system.sink, moments)


def order_each(system: System, moments: list[float]) -> None:
    assert isinstance(system, systems.Ours)
    system.place.run("tests.bench.seed", "each", *(repr(moment) for moment in moments))


def late_each(sink: str, moments: list[float]) -> list[float]:
    """Arrivals in order belong to moments in order: they are farther apart than anything is late."""
    seen = sorted(dict(reversed(stamps(sink))).values())
    assert len(seen) == len(moments), f"{len(seen)} of {len(moments)} arrived"
    return [1000 * (at - moment) for at, moment in zip(seen, moments, strict=True)]
