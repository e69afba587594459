"""The tables of `make bench` for people (text, Markdown) and the goals, passed or missed."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import rush, systems
from tests.bench.installation import Result
from tests.bench.killed import Kill
from tests.bench.measuring import middle, percentile
from tests.bench.waiting import Wait
from tests.services import postgresql_bin, redis_path

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"


@dataclass(frozen=True, slots=True)
class Goal:
    words: str
    found: str
    met: bool


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    goals: Sequence[Goal] = ()
    note: str = ""

    def markdown(self) -> str:
        lines = [f"### {self.title}", "", _row(self.head), _row(["---"] * len(self.head)), *map(_row, self.rows)]
        lines += ["", self.note] if self.note else []
        lines += [""] if self.goals else []
        lines += [f"- {'met' if goal.met else '**missed**'}: {goal.words} ({goal.found})" for goal in self.goals]
        return "\n".join(lines)

    def text(self) -> str:
        width = [max(len(row[at]) for row in (self.head, *self.rows)) for at in range(len(self.head))]
        lines = ["  ".join(cell.ljust(size) for cell, size in zip(row, width, strict=True)) for row in
                 (self.head, *self.rows)]  # fmt: skip
        lines += [self.note] if self.note else []
        lines += [f"{'PASS' if goal.met else 'FAIL'}  {goal.words}: {goal.found}" for goal in self.goals]
        return "\n".join([f"== {self.title}", *(line.rstrip() for line in lines), ""])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


@dataclass(frozen=True, slots=True)
class Middle:
    """The medians of the runs of one system at one size."""

    runs: int
    seconds: float
    rate: float
    steady: float
    p50: float
    p99: float
    cpu: float
    spread: str
    twice: int


def middles(results: Iterable[Result]) -> dict[tuple[str, int], Middle]:
    by: dict[tuple[str, int], list[Result]] = {}
    for result in results:
        by.setdefault((result.system, result.number), []).append(result)
    return {key: _middle(found) for key, found in by.items()}


def _middle(found: list[Result]) -> Middle:
    def of(name: str) -> float:
        return middle(getattr(result, name) for result in found)

    rates = [result.rate for result in found]
    spread = f"{min(rates):.0f}-{max(rates):.0f}" if len(rates) > 1 else "-"
    twice = sum(result.twice for result in found)
    return Middle(len(found), *map(of, ("seconds", "rate", "steady", "p50", "p99", "cpu")), spread, twice)


def rush_table(title: str, results: list[Result], goals: Sequence[Goal], note: str) -> Table:
    head = ("system", "due at once", "all, s", "per second", "runs: from-to", "steady /s",
            "p50 / p99 of first 1,000, ms", "CPU s per 10,000", "twice")  # fmt: skip
    rows = [
        (
            name, f"{number:,}", f"{m.seconds:.2f}", f"{m.rate:.0f}", f"{m.runs}: {m.spread}", f"{m.steady:.0f}",
            f"{m.p50:,.0f} / {m.p99:,.0f}", f"{m.cpu / number * 10_000:.1f}", str(m.twice),
        )
        for (name, number), m in sorted(middles(results).items(), key=lambda row: row[0][1])
    ]  # fmt: skip
    return Table(title, head, rows, goals, note)


def compared(results: list[Result]) -> Table:
    return rush_table(
        "1. Due at the same instant, PostgreSQL + Redis, 2 worker processes × 8 threads",
        results,
        goals_beside(middles(results)),
        "Ideal with 16 slots and a channel of 20 ms: 800 a second. Bare Dramatiq keeps no row, no log and no money.",
    )


def goals_beside(found: dict[tuple[str, int], Middle]) -> list[Goal]:
    goals = []
    for number in sorted({number for _, number in found}):
        if not {(rush.OURS, number), (rush.BARE, number)} <= set(found):
            continue
        ours, bare = found[rush.OURS, number], found[rush.BARE, number]
        share, at = 100 * ours.rate / bare.rate, f"at {number:,}"
        goals.append(Goal(f"at least 80 % of bare Dramatiq's rate {at}", f"{share:.0f} %", share >= 80))
        told = f"{ours.p99:,.0f} against {bare.p99:,.0f} ms"
        goals.append(Goal(f"p99 no later than bare Dramatiq's {at}", told, ours.p99 <= bare.p99))
        for name in ("Celery threads", "Celery prefork", "procrastinate"):
            if peer := found.get((name, number)):
                told = f"{ours.rate:.0f} against {peer.rate:.0f}/s, p99 {ours.p99:,.0f} against {peer.p99:,.0f} ms"
                goals.append(Goal(f"ahead of {name} in both {at}", told, ours.rate > peer.rate and ours.p99 < peer.p99))
    return goals


def embedded(results: list[Result]) -> Table:
    most = max((number for _, number in middles(results)), default=0)
    rate = middle(result.rate for result in results if result.number == most)
    goal = Goal(f"at least 500 a second at {most:,}", f"{rate:.0f}/s", rate >= 500)
    return rush_table("2. The embedded mode: SQLite, 16 threads, one process", results, [goal], "")


def waiting(waits: list[Wait], seconds: float) -> Table:
    head = ("database", "scheduled", "store, MB", "memory, MB (PSS)", "idle CPU, % of a core",
            "claim the next 100: median / p95, ms")  # fmt: skip
    rows = [
        (
            w.database, f"{w.number:,}", f"{w.store_mb:.0f}",
            ", ".join(f"{name} {size:.0f}" for name, size in w.memory.items()),
            f"{w.engine_cpu:.2f} ({', '.join(f'{name} {share:.2f}' for name, share in w.cpu.items())})",
            f"{w.claim:.1f} / {w.worst:.1f}",
        )
        for w in waits
    ]  # fmt: skip
    note = f"Idle for {seconds:.0f} s, nothing due, all processes of the installation."
    return Table("3. What waits", head, rows, goals_of_waiting(waits), note)


def goals_of_waiting(waits: list[Wait]) -> list[Goal]:
    goals = []
    for database in dict.fromkeys(w.database for w in waits):
        mine = sorted((w for w in waits if w.database == database), key=lambda w: w.number)
        few, many = mine[0], mine[-1]
        times = many.claim / max(few.claim, 1e-3)
        told = f"{few.claim:.1f} ms at {few.number:,}, {many.claim:.1f} ms at {many.number:,}: × {times:.2f}"
        goals.append(Goal(f"{database}: claim at the most within 1.3 × of that at the least", told, times <= 1.3))
        most = max(max(w.cpu.values()) for w in mine)
        told = f"the busiest process {most:.2f} %, all together {many.engine_cpu:.2f} % at {many.number:,}"
        goals.append(Goal(f"{database}: idle CPU under 1 % of a core", told, many.engine_cpu < 1))
    return goals


def singles(found: dict[str, list[float]]) -> Table:
    head = ("mode", "deliveries", "p50, ms", "p99, ms", "latest, ms", "earliest, ms")
    rows = [
        (
            mode, str(len(late)), f"{percentile(late, 0.5):.0f}", f"{percentile(late, 0.99):.0f}", f"{max(late):.0f}",
            f"{min(late):.0f}",
        )
        for mode, late in found.items()
    ]  # fmt: skip
    goals = [
        Goal(f"{mode}: p99 under 100 ms", f"{percentile(late, 0.99):.0f} ms", percentile(late, 0.99) < 100)
        for mode, late in found.items()
    ]
    return Table("4. A single delivery on an idle system: how late it arrives", head, rows, goals)


def kills(found: list[Kill]) -> Table:
    head = (
        "system",
        "deliveries",
        "never posted",
        "posted twice",
        "no record",
        "waits for a person",
        "all there after, s",
    )
    rows = [
        (
            k.system, f"{k.number:,}", str(k.never), str(k.twice), "keeps none" if k.record is None else str(k.record),
            str(k.doubts), f"{k.recovered:.0f}" if k.recovered is not None else f"not within {k.waited:.0f}",
        )
        for k in found
    ]  # fmt: skip
    goals = []
    for k in found:
        if k.system.startswith("ours"):
            lost = max(0, k.never - k.doubts) + max(0, (k.record or 0) - k.doubts)
            goals.append(Goal(f"{k.system}: nothing lost", f"{lost}", lost == 0))
            if WITH_KEY not in k.system:
                goals.append(Goal(f"{k.system}: nothing twice", f"{k.twice}", k.twice == 0))
    return Table("5. kill -9 of all workers at 30 %, started again after 2 s", head, rows, goals, KILL_NOTE)


WITH_KEY = "webhook"
KILL_NOTE = (
    "Facebook (the sandbox) knows no key against repeats: there the engine reads back before it sends again. A webhook "
    "whose answer was lost is repeated on purpose, under the same id in `X-Tincoso-Delivery`, which its receiver "
    "drops; the sink does not, so that every call shows. The lease of ours is 10 s."
)


def conditions() -> list[tuple[str, str]]:
    """The machine and what was installed on it."""
    postgres = _said([str(postgresql_bin() / "postgres"), "--version"])
    redis = re.search(r"v=([\d.]+)", _said([redis_path(), "--version"]))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return [
        ("day", f"{datetime.now(UTC):%Y-%m-%d}"),
        ("machine", f"{os.cpu_count()} cores ({_model()}), {memory:.0f} GiB, {platform.system()} {platform.release()}"),
        ("load before", " ".join(f"{load:.1f}" for load in os.getloadavg())),
        ("Python", platform.python_version()),
        ("servers", f"{postgres}; Redis {redis[1] if redis else '?'}; SQLite {sqlite3.sqlite_version}"),
        ("packages", systems.versions()),
    ]


def _said(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _model() -> str:
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return " ".join(found[1].split()) if found else platform.machine()


def figures(tables: Sequence[Table], told: Sequence[tuple[str, str]], command: str) -> str:
    facts = [
        _row(("condition", "")),
        _row(("---", "---")),
        *(_row(pair) for pair in told),
        _row(("command", f"`{command}`")),
    ]
    return "\n\n".join(["\n".join(facts), *(table.markdown() for table in tables)])


def write(text: str) -> None:
    """Puts the figures into docs/benchmarks.md, between its marks."""
    page = PAGE.read_text("utf-8")
    before, rest = page.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")
