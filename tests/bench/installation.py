"""An installation of ours to measure: private servers, real processes, a sink; and what came of it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import requests

from tests.bench.measuring import percentile
from tests.processes import ROOT, Command
from tests.services import free_port, postgresql, redis_server, stop_process, wait_until

WARM_SECONDS = 5.0
FIRST = 1000  # how many of those that arrived first tell the lateness


@dataclass(frozen=True, slots=True)
class Result:
    """`seconds` from the due moment to the last arrival, `lateness` in milliseconds, `cpu` in seconds of all processes
    of the system; `steady` deliveries a second between the tenth and the ninetieth of a hundred."""

    system: str
    number: int
    seconds: float
    steady: float
    lateness: list[float] = field(repr=False)
    twice: int = 0
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        return self.number / self.seconds

    @property
    def p50(self) -> float:
        return percentile(self.lateness, 0.5)

    @property
    def p99(self) -> float:
        return percentile(self.lateness, 0.99)


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


def forget(url: str) -> None:
    requests.post(f"{url}/forget", timeout=60)


def arrived(url: str) -> int:
    """How many different deliveries the sink has seen."""
    return int(requests.get(f"{url}/count", timeout=60).json())


def result_of(system: str, url: str, number: int, due: float, cpu: float = 0.0) -> Result:
    seen: dict[str, float] = {}
    calls = stamps(url)
    for name, at in calls:
        seen.setdefault(name, at)
    late = sorted(at - due for at in seen.values())
    assert len(seen) == number, f"{system}: {len(seen)} of {number} arrived"
    first, last = late[number // 10], late[(9 * number) // 10]
    steady = 0.8 * number / max(last - first, 1e-3)
    lateness = [1000 * seconds for seconds in late[:FIRST]]
    return Result(system, number, late[-1], steady, lateness, len(calls) - len(seen), cpu)


def run(module: str, *args: str, env: Mapping[str, str]) -> str:
    """Runs a module to its end as a child; its standard output."""
    whole = {**os.environ, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "publisher.settings", **env}
    done = subprocess.run(
        [sys.executable, "-m", module, *args], cwd=ROOT, env=whole, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{module} {' '.join(args)}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout


@dataclass
class Installation:
    """`parts`: its processes by role; `servers`: process ids of PostgreSQL and Redis, empty for SQLite."""

    env: dict[str, str]
    sink: str
    database: str
    servers: dict[str, int]
    stack: ExitStack = field(repr=False)
    parts: dict[str, Command] = field(default_factory=dict)

    def run(self, module: str, *args: str) -> str:
        return run(module, *args, env=self.env)

    def asked(self, module: str, *args: str) -> Any:
        """What a child answered as JSON on its last line."""
        return json.loads(self.run(module, *args).splitlines()[-1])

    def start(self, name: str, *args: str, module: str = "publisher") -> Command:
        command = Command(*args, env=self.env, module=module)
        self.parts[name] = command
        self.stack.callback(command.stop)
        return command

    def begin(self, workers: int) -> None:
        """The processes of one machine (`workers` is 0), or a clock and so many workers."""
        self.start_workers(workers)
        if workers:
            self.start("clock", "clock")
        else:
            self.start("all in one", module="tests.chaos.embedded")
        time.sleep(WARM_SECONDS)

    def start_workers(self, workers: int) -> None:
        for number in range(1, workers + 1):
            self.start(f"worker {number}", "worker")

    def roots(self) -> list[int]:
        """Process ids of all that works for it."""
        return [*self.servers.values(), *(part.pid for part in self.parts.values())]

    def delivered(self) -> int:
        return self.one("SELECT COUNT(*) FROM delivery_delivery WHERE state = 'delivered'")

    def one(self, sql: str) -> int:
        if self.database:
            with psycopg.connect(self.database) as connection:
                return int((connection.execute(sql).fetchone() or [0])[0])
        with sqlite3.connect(self.file, timeout=30) as connection:
            return int(connection.execute(sql).fetchone()[0])

    @property
    def file(self) -> Path:
        """The SQLite database."""
        return Path(self.env["PUBLISHER_VAR_DIR"]) / "publisher.sqlite3"


@contextmanager
def installation(
    *, scaled: bool, threads: int = 8, workers: int = 2, milliseconds: float = 20, idle: bool = False, **env: str
) -> Iterator[Installation]:
    """`scaled`: PostgreSQL, Redis, `workers` workers and a clock; else SQLite and one process. `idle`: none started."""
    with ExitStack() as stack:
        var = stack.enter_context(TemporaryDirectory(prefix="tincoso-bench-"))
        settings = {
            "PUBLISHER_VAR_DIR": var, "PUBLISHER_WORKER_THREADS": str(threads), "PUBLISHER_DATABASE_URL": "",
            "PUBLISHER_REDIS_URL": "", "PUBLISHER_OUTBOUND_HOSTS": "127.0.0.1", "PORT": str(free_port()), **env,
        }  # fmt: skip
        database, servers = "", {}
        if scaled:
            cluster, redis = stack.enter_context(postgresql()), stack.enter_context(redis_server())
            database = cluster.create_database()
            settings |= {"PUBLISHER_DATABASE_URL": database, "PUBLISHER_REDIS_URL": redis.url}
            servers = {"PostgreSQL": cluster.process.pid, "Redis": redis.process.pid}
        made = Installation(settings, stack.enter_context(sink(milliseconds)), database, servers, stack)
        made.run("publisher", "migrate", "--verbosity", "0")
        made.run("tests.bench.seed", "ward", f"{made.sink}/nhan")
        if not idle:
            made.begin(workers if scaled else 0)
        yield made


def wait_for(seen: Any, number: int, what: str, seconds: float) -> bool:
    """Whether `seen()` reached `number` in time."""
    try:
        wait_until(lambda: seen() >= number, what, seconds)
    except TimeoutError:
        return False
    return True
