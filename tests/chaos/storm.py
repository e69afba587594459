"""One storm: parts that run, are killed by the plan and started again; faults, a full disk, people at work; then quiet.

`Storm.run` returns what happened; whether it was right is for `tests.chaos.verdict` to say.
"""

from __future__ import annotations

import heapq
import json
import resource
import shutil
import tempfile
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import requests

from tests.chaos import facts, plan
from tests.chaos.places import moving
from tests.chaos.servers import Files, Part, PostgreSQL, Redis, Role, Sandbox
from tests.processes import Command
from tests.services import free_port

LEASE, TICK, LOOK_AGAIN = 8, 0.5, 2.0  # seconds
DROUGHT_EVERY = 90.0
FOREVER = resource.RLIM_INFINITY
AGAIN = 1.0  # seconds until a process that ended by itself is started again
GROWN = {True: 2.5, False: 0.7}  # seconds until a role of ours, or a server, is at work
STILL = 2.0  # seconds without a move that count as quiet


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for. `seconds`: how long the storm lasts; `quiet`: how long it may take to settle afterwards."""

    seed: int
    kills: int
    deliveries: int
    seconds: float
    quiet: float = 600.0
    fault_every: float = 2.0  # seconds between two faults ordered from the sandbox
    harshness: float = 1.0  # times the share of calls that suffer by chance


@dataclass
class Told:
    """What happened, in counts."""

    kills: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)  # by itself, which nobody asked for
    acts: dict[str, int] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)  # that really happened to a call
    droughts: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    settled: bool = False
    proofs: dict[str, str] = field(default_factory=dict)  # command → "" or what it said
    last_words: dict[str, str] = field(default_factory=dict)


class Storm(ABC):
    """A private installation. `victims`: name → weight; subclasses say what runs."""

    name = ""
    weights: Mapping[str, int] = {}
    thirsty: tuple[str, ...] = ()  # the roles whose disk fills up

    def __init__(self, order: Order, watch: Callable[[dict[str, Any]], None] = lambda news: None) -> None:
        self.order, self.watch, self.told = order, watch, Told()
        self.place = Path(tempfile.mkdtemp(prefix="tincoso-chaos-"))
        self.var = self.place / "var"
        self.files = Files(self.var / "site")
        self.sandbox = Sandbox(self.place / "sandbox")
        self.parts: dict[str, Part] = {}
        self.people: Command | None = None
        self.limit = FOREVER
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()
        self._down: set[str] = set()  # their start is in the list
        self._born: dict[str, float] = {}  # when each was started last

    # -- what subclasses say ---------------------------------------------------------------------------------------

    def env(self) -> dict[str, str]:
        """The settings of the installation, the same for all its processes."""
        return {
            "PUBLISHER_VAR_DIR": str(self.var),
            "PUBLISHER_DATABASE_URL": "",
            "PUBLISHER_REDIS_URL": "",
            "PUBLISHER_PUBLIC_URL": self.files.url,
            "PUBLISHER_OUTBOUND_HOSTS": "127.0.0.1",
            "PUBLISHER_LEASE_SECONDS": str(LEASE),
            "PUBLISHER_TICK_SECONDS": str(TICK),
            "PUBLISHER_LOOK_AGAIN_SECONDS": str(LOOK_AGAIN),
        }

    @abstractmethod
    def database(self) -> facts.Database: ...

    @abstractmethod
    def make_parts(self) -> list[Part]:
        """Servers first, then the roles."""

    # -- from beginning to end -------------------------------------------------------------------------------------

    def run(self) -> Told:
        self.time("preparing", self.prepare)
        self.time("storm", self.rage)
        self.time("quiet", self.settle)
        self.time("proofs", self.prove)
        return self.told

    def time(self, name: str, step: Callable[[], None]) -> None:
        begun = time.monotonic()
        step()
        self.told.seconds[name] = round(time.monotonic() - begun, 1)

    def prepare(self) -> None:
        self.sandbox.start()
        self.parts = {part.name: part for part in self.make_parts()}
        for part in self.parts.values():
            if not isinstance(part, Role):
                self.start(part)
        self.before_people()
        order = self.order
        self.people = Command(
            *("--seed", str(order.seed), "--deliveries", str(order.deliveries), "--seconds", str(order.seconds)),
            *("--sandbox", self.sandbox.url),
            env=self.env(), module="tests.chaos.people",
        )  # fmt: skip
        self.people.wait_for('"ready"', 120)
        for part in self.parts.values():
            if isinstance(part, Role):
                self.start(part)

    def before_people(self) -> None:  # noqa: B027 - most need nothing
        """What must stand before anybody can sit down."""

    def rage(self) -> None:
        order = self.order
        chances = {"seed": order.seed, "rates": plan.rates(order.harshness), "seconds": 3}
        requests.post(f"{self.sandbox.url}/_chaos", json=chances, timeout=10).raise_for_status()
        self.lay_out(plan.strikes(order.seed, order.kills, order.seconds, self.weights), self.strike)
        self.lay_out(plan.troubles(order.seed, order.seconds, order.fault_every), self.trouble)
        self.lay_out(plan.droughts(order.seed, order.seconds, max(1, round(order.seconds / DROUGHT_EVERY))), self.dry)
        while self._due or not self.people_are_done():
            self.do_what_is_due()
            self.supervise()
            self.look()
            time.sleep(0.05)
        self.tell_people_and_faults()

    def settle(self) -> None:
        """Everything runs, nothing goes wrong any more: until nothing moves, or the time is up."""
        self.sandbox_clear()
        self.rain()
        self.told.settled = False
        still_since, deadline = time.monotonic(), time.monotonic() + self.order.quiet
        while time.monotonic() < deadline:
            self.supervise()
            now_moving = self.look()
            if now_moving is None or now_moving:
                still_since = time.monotonic()
            if time.monotonic() - still_since > STILL:
                self.told.settled = True
                return
            time.sleep(0.3)

    def prove(self) -> None:
        """The publisher's own proofs, then everything stops that writes."""
        if self.people is not None:
            self.people.stop()
        running = {proof: Command(proof, "verify", env=self.env()) for proof in ("audit", "budget")}
        for proof, command in running.items():
            self.told.proofs[proof] = "" if command.wait(300) == 0 else command.output[-2000:]
        told = requests.get(f"{self.sandbox.url}/_record/verify", timeout=60).json()
        self.told.proofs["record"] = "" if told["valid"] else str(told)
        for part in self.parts.values():
            if isinstance(part, Role):
                part.stop()
                self.told.last_words[part.name] = part.last_words[-4000:]

    def close(self, *, keep: bool = False) -> None:
        if self.people is not None:
            self.people.stop()
        for part in reversed(self.parts.values()):
            part.stop()
        self.sandbox.stop()
        self.files.stop()
        if not keep:
            shutil.rmtree(self.place, ignore_errors=True)

    # -- the list of what is to come -------------------------------------------------------------------------------

    def lay_out(self, things: list[Any], happen: Callable[[Any], None]) -> None:
        at = time.monotonic()
        for thing in things:
            at += thing.pause
            self.later(at, lambda thing=thing: happen(thing))
            at += getattr(thing, "seconds", 0) if isinstance(thing, plan.Drought) else 0

    def later(self, at: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._due, (at, next(self._numbers), act))

    def do_what_is_due(self) -> None:
        while self._due and self._due[0][0] <= time.monotonic():
            heapq.heappop(self._due)[2]()

    def strike(self, strike: plan.Strike) -> None:
        for victim, down in zip(strike.victims, strike.down, strict=True):
            self.hit(self.parts[victim], down)

    def hit(self, part: Part, down: float) -> None:
        """A kill counts only where something lived: what is down or just born is hit as soon as it works."""
        if not part.alive or time.monotonic() - self._born[part.name] < GROWN[isinstance(part, Role)]:
            self.later(time.monotonic() + 0.2, lambda: self.hit(part, down))
            return
        part.kill()
        self.told.kills[part.name] += 1
        self._down.add(part.name)
        self.later(time.monotonic() + down, lambda: self.start(part))

    def start(self, part: Part) -> None:
        part.start()
        self._born[part.name] = time.monotonic()
        self.squeeze(part)
        self._down.discard(part.name)

    def supervise(self) -> None:
        """What ended by itself is started again, as every platform does, and counted."""
        for part in self.parts.values():
            if not part.alive and part.name not in self._down:
                self.told.ended[part.name] += 1
                if isinstance(part, Role) and part.command is not None:
                    self.told.last_words[f"{part.name}, ended by itself"] = part.command.output[-4000:]
                self._down.add(part.name)
                self.later(time.monotonic() + AGAIN, lambda part=part: self.start(part))
        self.do_what_is_due()

    def trouble(self, trouble: plan.Trouble) -> None:
        given = {name: getattr(trouble, name) for name in ("vendor", "call", "fault", "times", "seconds")}
        answer = requests.post(f"{self.sandbox.url}/_faults", json=given, timeout=10)
        assert answer.ok, f"the sandbox does not know {trouble}: {answer.text}"

    def dry(self, drought: plan.Drought) -> None:
        self.told.droughts += 1
        self.limit = drought.size
        for part in self.parts.values():
            self.squeeze(part)
        self.later(time.monotonic() + drought.seconds, self.rain)

    def rain(self) -> None:
        self.limit = FOREVER
        for part in self.parts.values():
            self.squeeze(part)

    def squeeze(self, part: Part) -> None:
        """The size files of this process may have, from now on: the system's own limit, which needs no privileges."""
        if part.name in self.thirsty and isinstance(part, Role) and part.command is not None:
            with suppress(ProcessLookupError):
                resource.prlimit(part.command.pid, resource.RLIMIT_FSIZE, (self.limit, FOREVER))

    # -- looking ---------------------------------------------------------------------------------------------------

    def people_are_done(self) -> bool:
        assert self.people is not None
        assert self.people.process.poll() is None or '"done"' in self.people.output, self.people.output[-4000:]
        return '"done"' in self.people.output

    def tell_people_and_faults(self) -> None:
        line = next(line for line in self.people.output.splitlines() if line.startswith('{"done"'))
        self.told.acts = json.loads(line)["done"]
        for row in requests.get(f"{self.sandbox.url}/_faults", timeout=10).json():
            if taken := row["times"] - row["left"]:
                self.told.faults[f"{row['vendor']}: {row['fault']}"] += taken
        for name, struck in requests.get(f"{self.sandbox.url}/_chaos", timeout=10).json()["struck"].items():
            vendor, _, fault = name.split()
            self.told.faults[f"{vendor}: {fault}"] += struck

    def sandbox_clear(self) -> None:
        for orders in ("_faults", "_chaos"):
            requests.delete(f"{self.sandbox.url}/{orders}", timeout=10).raise_for_status()

    _looked = 0.0

    def look(self) -> int | None:
        """How many deliveries are on their way; None while the database does not answer."""
        if time.monotonic() < self._looked + 1.0:
            return self._moving
        self._looked = time.monotonic()
        try:
            rows = self.database().places()
        except facts.NotThere:
            self._moving = None
            return None
        self._moving = sum(map(moving, rows))
        states = Counter(row["state"] for row in rows)
        self.watch({"kills": sum(self.told.kills.values()), "moving": self._moving, "states": dict(states)})
        return self._moving

    _moving: int | None = None


class ManyMachines(Storm):
    """PostgreSQL, Redis, two workers, two clocks; the site's disk is what the workers write on."""

    name = "a"
    weights = {"worker 1": 4, "worker 2": 4, "clock 1": 3, "clock 2": 3, "redis": 5, "postgresql": 5}
    thirsty = ("worker 1", "worker 2")

    def make_parts(self) -> list[Part]:
        self.postgresql, self.redis = PostgreSQL(), Redis()
        self.url = ""
        roles = [(f"{role} {number}", role) for role in ("worker", "clock") for number in (1, 2)]
        return [
            self.postgresql,
            self.redis,
            *(Role(name, lambda role=role: Command(role, env=self.env())) for name, role in roles),
        ]

    def before_people(self) -> None:
        self.url = self.postgresql.create_database()

    def env(self) -> dict[str, str]:
        return {**super().env(), "PUBLISHER_DATABASE_URL": self.url, "PUBLISHER_REDIS_URL": self.redis.url}

    def database(self) -> facts.Database:
        return facts.OnPostgreSQL(self.url)


class OneProcess(Storm):
    """SQLite, and web, clock and worker in one process, which dies whole; its disk holds the database too."""

    name = "b"
    weights = {"all in one": 1}
    thirsty = ("all in one",)

    def make_parts(self) -> list[Part]:
        port = str(free_port())
        return [
            Role("all in one", lambda: Command(env={**self.env(), "PORT": port}, module="tests.chaos.embedded")),
        ]

    def database(self) -> facts.Database:
        return facts.OnSQLite(self.var / "publisher.sqlite3")


PARTS: dict[str, type[Storm]] = {storm.name: storm for storm in (ManyMachines, OneProcess)}
