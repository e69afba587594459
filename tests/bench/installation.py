"""An installation of its own to measure: private servers, real processes, a sink; and what it came to."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import requests

from tests.processes import ROOT, Command
from tests.services import free_port, postgresql, redis_server, stop_process, wait_until

WARM_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Result:
    """`lateness` of the first thousand that arrived, in milliseconds; `seconds` from the due moment to the last."""

    system: str
    number: int
    seconds: float
    lateness: list[float] = field(repr=False)
    twice: int = 0

    @property
    def rate(self) -> float:
        return self.number / self.seconds

    def percentile(self, share: float) -> float:
        return sorted(self.lateness)[min(len(self.lateness) - 1, int(share * len(self.lateness)))]


@contextmanager
def sink(milliseconds: float = 20) -> Iterator[str]:
    """The address of a fresh sink."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.sink", "--milliseconds", str(milliseconds)],
        cwd=ROOT, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        stop_process(process)


def stamps(url: str) -> list[tuple[str, float]]:
    return [(name, at) for name, at in requests.get(f"{url}/stamps", timeout=60).json()]


def result_of(system: str, url: str, number: int, due: float) -> Result:
    seen: dict[str, float] = {}
    arrived = stamps(url)
    for name, at in arrived:
        seen.setdefault(name, at)
    late = sorted(at - due for at in seen.values())
    assert len(seen) == number, f"{system}: {len(seen)} of {number} arrived"
    return Result(system, number, late[-1], [1000 * seconds for seconds in late[:1000]], len(arrived) - len(seen))


@dataclass
class Installation:
    env: dict[str, str]
    sink: str
    database: str
    parts: list[Command]
    stack: ExitStack = field(repr=False)

    def run(self, module: str, *args: str) -> str:
        command = [sys.executable, "-m", module, *args]
        done = subprocess.run(
            command, cwd=ROOT, env={**_environment(), **self.env}, check=True, capture_output=True, text=True
        )
        return done.stdout

    def start(self, *args: str, module: str = "publisher") -> Command:
        command = Command(*args, env=self.env, module=module)
        self.parts.append(command)
        self.stack.callback(command.stop)
        return command

    def delivered(self) -> int:
        return self.one("SELECT COUNT(*) FROM delivery_delivery WHERE state = 'delivered'")

    def one(self, sql: str) -> int:
        if self.database:
            with psycopg.connect(self.database) as connection:
                return int((connection.execute(sql).fetchone() or [0])[0])
        path = Path(self.env["PUBLISHER_VAR_DIR"]) / "publisher.sqlite3"
        with sqlite3.connect(path, timeout=30) as connection:
            return int(connection.execute(sql).fetchone()[0])

    def due(self, number: int, system: str, ahead: float) -> Result:
        """Makes `number` deliveries due at one instant and waits until the last is delivered."""
        before = self.delivered()
        self.forget()
        due = time.time() + ahead
        self.run("tests.bench.seed", "due", str(number), repr(due))
        assert time.time() < due, "the deliveries were not made in time: give more time ahead"
        wait_until(lambda: self.delivered() - before >= number, f"{number} deliveries", 600)
        return result_of(system, self.sink, number, due)

    def forget(self) -> None:
        requests.post(f"{self.sink}/forget", timeout=60)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "publisher.settings"}


@contextmanager
def installation(
    *, scaled: bool, threads: int = 8, workers: int = 2, milliseconds: float = 20
) -> Iterator[Installation]:
    """`scaled`: PostgreSQL, Redis, `workers` workers and a clock; else SQLite and one process."""
    with ExitStack() as stack:
        var = stack.enter_context(TemporaryDirectory(prefix="tincoso-bench-"))
        env = {
            "PUBLISHER_VAR_DIR": var, "PUBLISHER_WORKER_THREADS": str(threads), "PUBLISHER_DATABASE_URL": "",
            "PUBLISHER_OUTBOUND_HOSTS": "127.0.0.1", "PORT": str(free_port()),
        }  # fmt: skip
        database = ""
        if scaled:
            database = stack.enter_context(postgresql()).create_database()
            env |= {
                "PUBLISHER_DATABASE_URL": database,
                "PUBLISHER_REDIS_URL": stack.enter_context(redis_server()).url,
            }
        made = Installation(env, stack.enter_context(sink(milliseconds)), database, [], stack)
        made.run("publisher", "migrate", "--verbosity", "0")
        made.run("tests.bench.seed", "ward", f"{made.sink}/nhan")
        if scaled:
            for _ in range(workers):
                made.start("worker")
            made.start("clock")
        else:
            made.start(module="tests.chaos.embedded")
        time.sleep(WARM_SECONDS)
        yield made
