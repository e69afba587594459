"""python -m tests.chaos [--part a|b] [--seed 1] [--kills N] [--deliveries N] [--seconds S] [--json] [--keep]

Part a: PostgreSQL, Redis, two workers, two clocks. Part b: SQLite and one process. Without --part both, one after the
other. Exit status 1 when a promise was broken; then the history of each delivery it concerns is told.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from tqdm import tqdm

from tests.chaos.facts import gather
from tests.chaos.report import Report, table
from tests.chaos.standing import read
from tests.chaos.storm import PARTS, Order
from tests.chaos.verdict import Verdict

FULL = {"a": Order(1, 200, 2000, 540.0), "b": Order(1, 100, 2000, 380.0)}


def main() -> int:
    given = arguments()
    for name in [name for name in os.environ if name.startswith("PUBLISHER_")]:
        del os.environ[name]  # an installation's own settings must not reach the storm
    reports = [weather(part, ordered(given, part), given) for part in ([given.part] if given.part else PARTS)]
    if given.json:
        print(json.dumps({report.part: report.as_json() for report in reports}, ensure_ascii=False, indent=1))
    return 0 if all(report.weathered for report in reports) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__.split("\n\n")[1])
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--seed", type=int, default=1, help="the same seed draws the same plan of kills and faults")
    parser.add_argument("--kills", type=int, help="default: 200 in part a, 100 in part b")
    parser.add_argument("--deliveries", type=int, help="publications to order, at least; default: 2000")
    parser.add_argument("--seconds", type=float, help="length of the storm; default: in proportion to the kills")
    parser.add_argument("--quiet", type=float, default=600.0, help="seconds it may take to settle afterwards")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--keep", action="store_true", help="keep the folder, and say where it is")
    return parser.parse_args()


def ordered(given: argparse.Namespace, part: str) -> Order:
    full = FULL[part]
    kills, deliveries = given.kills or full.kills, given.deliveries or full.deliveries
    seconds = given.seconds or max(10.0, full.seconds * kills / full.kills)
    return Order(given.seed, kills, deliveries, seconds, given.quiet)


def weather(part: str, order: Order, given: argparse.Namespace) -> Report:
    with tqdm(total=order.kills, desc=f"part {part}", unit=" kills", mininterval=1, file=sys.stderr) as bar:
        report = run(part, order, lambda news: show(bar, news), keep=given.keep)
    if not given.json:
        print(table(report), flush=True)
    return report


def run(part: str, order: Order, watch: Any = lambda news: None, *, keep: bool = False) -> Report:
    storm = PARTS[part](order, watch)
    try:
        told = storm.run()
        facts = gather(storm.database(), storm.sandbox.url, storm.var)
        return Report(part, order, told, Verdict(facts, read(facts)), str(storm.place) if keep else "")
    finally:
        storm.close(keep=keep)


def show(bar: Any, news: dict[str, Any]) -> None:
    bar.update(news["kills"] - bar.n)
    bar.set_postfix(news["states"] | {"moving": news["moving"]})


if __name__ == "__main__":
    sys.exit(main())
