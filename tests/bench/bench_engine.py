"""The engine beside its peers, in one run on one machine; docs/benchmarks.md says what each figure means.

    python -m tests.bench.bench_engine [--only 1,3] [--quick] [--markdown] [--json FILE]

1 due at once, beside Dramatiq, Celery, APScheduler and procrastinate · 2 the same embedded · 3 what waits ·
4 a single delivery · 5 kill -9. `--markdown` writes docs/benchmarks.md. Exit status 1 for a missed goal, but with
`--quick`, whose figures tell nothing, only for what breaks.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench import killed, rush, systems, telling, waiting
from tests.bench.telling import Table
from tests.processes import ROOT


@dataclass(frozen=True, slots=True)
class Size:
    small: int
    large: int
    rounds: int
    waiting: tuple[int, ...]
    idle_seconds: float
    singles: int
    killed: int
    patience: float  # seconds that a killed system gets to recover


FULL = Size(1000, 10_000, 2, (10_000, 100_000, 1_000_000), 15, 100, 2000, 130)
QUICK = Size(200, 400, 1, (1_000, 4_000), 5, 10, 200, 20)
Part = tuple[Table, Any]
say = partial(print, flush=True)


def part_1(size: Size) -> Part:
    found = rush.compared(size.small, size.large, size.rounds, say)
    return telling.compared(found), [asdict(result) for result in found]


def part_2(size: Size) -> Part:
    found = rush.embedded(size.small, size.large, min(2, size.rounds), say)
    return telling.embedded(found), [asdict(result) for result in found]


def part_3(size: Size) -> Part:
    found = []
    for database in ("postgresql", "sqlite"):
        for number in size.waiting:
            found.append(waiting.wait(database, number, size.idle_seconds))
            say(f"  {database} {number:9,}: claim {found[-1].claim:.1f} ms, idle {found[-1].engine_cpu:.2f} %")
    return telling.waiting(found, size.idle_seconds), [asdict(wait) for wait in found]


def part_4(size: Size) -> Part:
    starts = {
        "embedded": partial(systems.ours, scaled=False, threads=16),
        "scaled": systems.ours,
    }
    found = {mode: rush.singles(start, size.singles, 0.3) for mode, start in starts.items()}
    return telling.singles(found), found


def part_5(size: Size) -> Part:
    found = killed.kills(size.killed, size.patience)
    return telling.kills(found), [asdict(kill) for kill in found]


PARTS: dict[str, Callable[[Size], Part]] = {"1": part_1, "2": part_2, "3": part_3, "4": part_4, "5": part_5}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(PARTS), help="which of the parts 1 to 5, by comma")
    parser.add_argument("--quick", action="store_true", help="small numbers: whether it works, not how fast")
    parser.add_argument("--markdown", action="store_true", help="write the figures into docs/benchmarks.md")
    parser.add_argument("--rounds", type=int, help="how often ours and bare Dramatiq take their turn in part 1")
    parser.add_argument("--json", type=Path, default=ROOT / "var" / "bench" / "engine.json")
    given = parser.parse_args()
    size, told, tables, raw = QUICK if given.quick else FULL, telling.conditions(), [], {}
    size = replace(size, rounds=given.rounds or size.rounds)
    for number in given.only.split(","):
        began = time.monotonic()
        table, raw[number] = PARTS[number.strip()](size)
        tables.append(table)
        say(f"{table.text()}({time.monotonic() - began:.0f} s)\n")
    keep(given.json, dict(told), raw)
    if given.markdown:
        telling.write(telling.figures(tables, told, f"python -m tests.bench.bench_engine {' '.join(sys.argv[1:])}"))
    missed = [goal for table in tables for goal in table.goals if not goal.met]
    return 1 if missed and not given.quick else 0


def keep(path: Path, told: dict[str, str], raw: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"conditions": told, "parts": raw}, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
