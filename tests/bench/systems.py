"""The systems that are compared, each with servers of its own: started, given orders, killed, asked what they did."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import psycopg
import requests

from tests.bench.installation import Installation, arrived, installation, run, sink, stamps
from tests.bench.peers import job
from tests.chaos.servers import Sandbox
from tests.processes import ROOT, Command
from tests.services import postgresql, redis_server, stop_process

PEER_WARM = 6.0  # seconds: Celery's beat and two workers need about four
BATCHED = 25_000.0  # orders a second that are taken in bulk
ONE_BY_ONE = 450.0  # … and where each is a call, on a slow machine


class System(Protocol):
    """What a measurement asks of a system."""

    sink: str
    logs: bool  # whether it leaves a durable record of what it did
    orders_a_second: float

    def order(self, number: int, due: float) -> None: ...

    def recorded(self) -> int:
        """How many deliveries its own record says were done, since it was started."""

    def arrived(self) -> int:
        """How many different deliveries reached the other side."""

    def calls(self) -> list[str]:
        """What reached it, by name, as often as it did."""

    def roots(self) -> list[int]: ...

    def kill_workers(self) -> None: ...

    def restart_workers(self) -> None: ...


class AtSink:
    """What reaches the sink."""

    sink: str

    def arrived(self) -> int:
        return arrived(self.sink)

    def calls(self) -> list[str]:
        return [name for name, _ in stamps(self.sink)]


@dataclass
class Ours(AtSink):
    place: Installation
    workers: int
    logs: bool = True
    orders_a_second: float = BATCHED

    @property
    def sink(self) -> str:
        return self.place.sink

    def order(self, number: int, due: float) -> None:
        self.place.run("tests.bench.seed", "due", str(number), repr(due))

    def recorded(self) -> int:
        return self.place.delivered()

    def roots(self) -> list[int]:
        return self.place.roots()

    def kill_workers(self) -> None:
        for name, part in self.place.parts.items():
            if name.startswith("worker") or not self.workers:
                part.kill()

    def restart_workers(self) -> None:
        if self.workers:
            self.place.start_workers(self.workers)
        else:
            self.place.start("all in one", module="tests.chaos.embedded")


@dataclass
class OnFacebook(Ours):
    """Ours, each delivery a post of its own on the sandbox's Page, which knows no key against repeats."""

    sandbox: str = ""

    def order(self, number: int, due: float) -> None:
        self.place.run("tests.bench.seed", "posts", str(number), repr(due))

    def arrived(self) -> int:
        return len(set(self.calls()))

    def calls(self) -> list[str]:
        told = requests.get(f"{self.sandbox}/_posts", params={"vendor": "facebook"}, timeout=60).json()
        return [post["message"] for post in (told if isinstance(told, list) else told["posts"])]


@dataclass
class Peer(AtSink):
    """`workers` and `others` are the modules to start with their arguments; `orders`: the module that takes orders."""

    sink: str
    env: dict[str, str]
    servers: list[int]
    workers: Sequence[Sequence[str]]
    others: Sequence[Sequence[str]]
    orders: str
    logs: bool
    orders_a_second: float
    stack: ExitStack = field(repr=False)
    running: list[Command] = field(default_factory=list)
    beside: list[Command] = field(default_factory=list)
    runs: int = 0

    def start(self, module: str, *args: str) -> Command:
        command = Command(*args, env=self.env, module=module)
        self.stack.callback(command.stop)
        return command

    def begin(self) -> None:
        self.beside = [self.start(*words) for words in self.others]
        self.restart_workers()
        time.sleep(PEER_WARM)

    def order(self, number: int, due: float) -> None:
        self.runs += 1
        run(self.orders, f"{self.runs}", str(number), repr(due), env=self.env)

    def recorded(self) -> int:
        with psycopg.connect(self.env["BENCH_DATABASE"]) as connection:
            return int((connection.execute("SELECT COUNT(DISTINCT name) FROM peer_log").fetchone() or [0])[0])

    def roots(self) -> list[int]:
        return [*self.servers, *(part.pid for part in (*self.running, *self.beside))]

    def kill_workers(self) -> None:
        for command in self.running:
            command.kill()

    def restart_workers(self) -> None:
        self.running = [self.start(*words) for words in self.workers]


@dataclass
class Told(Peer):
    """APScheduler: the process that works is also the one that takes the orders, on its standard input."""

    speaker: subprocess.Popen[str] | None = None

    def restart_workers(self) -> None:
        env = {**os.environ, "PYTHONPATH": str(ROOT), **self.env}
        self.speaker = subprocess.Popen(
            [sys.executable, "-u", "-m", self.orders], cwd=ROOT, env=env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.stack.callback(stop_process, self.speaker)
        self.heard("ready")

    def order(self, number: int, due: float) -> None:
        self.runs += 1
        assert self.speaker is not None
        assert self.speaker.stdin is not None
        self.speaker.stdin.write(f"{self.runs} {number} {due!r}\n")
        self.speaker.stdin.flush()
        self.heard("ordered")

    def heard(self, word: str) -> None:
        assert self.speaker is not None
        assert self.speaker.stdout is not None
        line = self.speaker.stdout.readline()
        assert line.startswith(word), f"{self.orders} said {line!r}"

    def roots(self) -> list[int]:
        return [*self.servers, *([self.speaker.pid] if self.speaker else [])]

    def kill_workers(self) -> None:
        assert self.speaker is not None
        self.speaker.kill()
        self.speaker.wait()


@contextmanager
def ours(*, scaled: bool = True, threads: int = 8, **env: str) -> Iterator[System]:
    with installation(scaled=scaled, threads=threads, **env) as place:
        yield Ours(place, 2 if scaled else 0)


@contextmanager
def on_facebook(*, scaled: bool = True, threads: int = 8, **env: str) -> Iterator[System]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="tincoso-bench-")))
        sandbox = Sandbox(folder)
        sandbox.start()
        stack.callback(sandbox.stop)
        place = stack.enter_context(installation(scaled=scaled, threads=threads, **env))
        place.run("tests.bench.seed", "facebook", sandbox.url)
        yield OnFacebook(place, 2 if scaled else 0, sandbox=sandbox.url)


@contextmanager
def peer(
    orders: str, workers: Sequence[Sequence[str]], others: Sequence[Sequence[str]] = (), *, prepare: bool = False,
    logs: bool = True, redis: bool = True, orders_a_second: float = BATCHED, kind: type[Peer] = Peer, **env: str,
) -> Iterator[System]:  # fmt: skip
    with ExitStack() as stack:
        url = stack.enter_context(sink())
        cluster = stack.enter_context(postgresql())
        database = cluster.create_database()
        servers = [cluster.process.pid]
        told = {"BENCH_SINK": url, "BENCH_DATABASE": database, **env}
        if redis:
            server = stack.enter_context(redis_server())
            servers.append(server.process.pid)
            told["BENCH_REDIS"] = server.url
        with psycopg.connect(database) as connection:
            connection.execute(job.SCHEMA)
        if prepare:
            run(orders, "prepare", env=told)
        made = kind(url, told, servers, workers, others, orders, logs, orders_a_second, stack)
        made.begin()
        yield made


PEERS = "tests.bench.peers"


def bare_dramatiq() -> AbstractContextManager[System]:
    module = f"{PEERS}.bare_dramatiq"
    workers = [["dramatiq", module, "--processes", "2", "--threads", "8"]]
    return peer(module, workers, logs=False, orders_a_second=ONE_BY_ONE)


def celery(pool: str, visibility: int = 3600) -> Callable[[], AbstractContextManager[System]]:
    module = f"{PEERS}.celery_beat"
    app = ["celery", "-A", module]

    @contextmanager
    def started() -> Iterator[System]:
        with TemporaryDirectory(prefix="tincoso-bench-") as folder:
            quiet = ["--without-gossip", "--without-mingle", "--loglevel", "ERROR"]
            workers = [[*app, "worker", "-P", pool, "-c", "8", "-n", f"w{number}@bench", *quiet] for number in (1, 2)]
            beat = [*app, "beat", "--schedule", f"{folder}/beat", "--loglevel", "ERROR"]
            with peer(module, workers, [beat], BENCH_VISIBILITY=str(visibility)) as system:
                yield system

    return started


def apscheduler() -> AbstractContextManager[System]:
    return peer(f"{PEERS}.apscheduler_jobs", [], redis=False, orders_a_second=ONE_BY_ONE, kind=Told)


def procrastinate() -> AbstractContextManager[System]:
    module = f"{PEERS}.procrastinate_jobs"
    worker = ["procrastinate", f"--app={module}.app", "worker", "--concurrency", "8"]
    return peer(module, [worker, worker], prepare=True, redis=False, orders_a_second=2000.0)


def versions() -> str:
    """What is compared, with the versions that are installed."""
    from importlib.metadata import version

    names = (
        "dramatiq",
        "celery",
        "APScheduler",
        "SQLAlchemy",
        "procrastinate",
        "psycopg",
        "redis",
        "requests",
        "Django",
    )
    return json.dumps({name: version(name) for name in names})
