"""All workers killed with -9 in the middle of a rush, and started again after two seconds (table 5)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tests.bench import systems
from tests.bench.installation import forget, wait_for
from tests.bench.rush import LEAD
from tests.bench.systems import System

SHARE = 0.3
DOWN_SECONDS = 2.0
SETTLED_SECONDS = 5.0  # after all is there: what is repeated shows by then
LEASE = {"PUBLISHER_LEASE_SECONDS": "10", "PUBLISHER_LOOK_AGAIN_SECONDS": "2"}  # the sandbox lists at once


@dataclass(frozen=True, slots=True)
class Kill:
    """`record` is None for a system that keeps none; `recovered`: seconds from the kill until all was there, None when
    it was not within the wait. `doubts`: what waits for a person, with the reason."""

    system: str
    number: int
    never: int
    twice: int
    record: int | None
    recovered: float | None
    waited: float
    doubts: int = 0


SYSTEMS: dict[str, Callable[[], AbstractContextManager[System]]] = {
    "ours 2×8, Facebook": lambda: systems.on_facebook(**LEASE),
    "ours, one process ×16, SQLite, Facebook": lambda: systems.on_facebook(scaled=False, threads=16, **LEASE),
    "ours 2×8, webhook": lambda: systems.ours(**LEASE),
    "bare Dramatiq": systems.bare_dramatiq,
    "Celery threads, visibility 20 s": systems.celery("threads", 20),
    "Celery prefork, visibility 20 s": systems.celery("prefork", 20),
    "APScheduler": systems.apscheduler,
    "procrastinate": systems.procrastinate,
}


def kills(number: int, patience: float) -> list[Kill]:
    """All at the same time: they mostly wait for their time-outs, and no speed is measured."""
    with ThreadPoolExecutor(len(SYSTEMS)) as pool:
        return list(pool.map(lambda name: kill(name, number, patience), SYSTEMS))


def kill(name: str, number: int, patience: float) -> Kill:
    with SYSTEMS[name]() as system:
        forget(system.sink)
        due = time.time() + 3 * LEAD + number / system.orders_a_second
        system.order(number, due)
        wait_for(lambda: system.arrived(), int(SHARE * number), f"{name}: a third", due - time.time() + 300)
        killed = time.monotonic()
        system.kill_workers()
        time.sleep(DOWN_SECONDS)
        system.restart_workers()
        whole = wait_for(lambda: done(system), number, f"{name}: {number} after a kill", patience)
        passed = time.monotonic() - killed
        if whole:
            time.sleep(SETTLED_SECONDS)
        return judged(name, system, number, passed if whole else None, passed)


def done(system: System) -> int:
    return min(system.arrived(), system.recorded()) if system.logs else system.arrived()


def judged(name: str, system: System, number: int, recovered: float | None, waited: float) -> Kill:
    calls = Counter(system.calls())
    record = number - system.recorded() if system.logs else None
    twice = sum(1 for times in calls.values() if times > 1)
    return Kill(name, number, number - len(calls), twice, record, recovered, waited, doubts(system))


def doubts(system: System) -> int:
    """Deliveries that wait for somebody to look, with the reason: neither lost nor repeated."""
    if not isinstance(system, systems.Ours):
        return 0
    return system.place.one("SELECT COUNT(*) FROM delivery_delivery WHERE review_since IS NOT NULL")
