"""What one publication costs the feeds of a large site, and that it does not grow with the site.

    python -m tests.bench.bench_feeds [--items 1000 10000] [--rounds 5]

Each size is a folder of items spread over 40 campaigns and 12 themes. Measured: making everything again from the
records, then publishing one more, correcting an item of the oldest archive and withdrawing one; milliseconds are the
least of the rounds, files are those whose bytes changed. Exit status 1 when publishing one more takes more than 300 ms
at the largest size, or touches more files there than at the smallest.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from channels.contract import Desk, Outcome, Remote
from channels.feed import Feed, Shelf, regenerate
from tests.channels.feed.stock import account, at, content, stocked

MOST = 300.0  # ms for one more publication
CHANNEL = Feed()
Act = Callable[[int], Outcome]


Marks = dict[str, tuple[int, int]]


def differing(before: Marks, after: Marks) -> int:
    return sum(before.get(path) != after.get(path) for path in {*before, *after})


def files(root: Path) -> Marks:
    return {str(path): ((s := path.stat()).st_ino, s.st_mtime_ns) for path in root.rglob("*") if path.is_file()}


def desk(name: str, number: int) -> Desk:
    return Desk(name, at(number), at(number), {}.__getitem__)


def timed(root: Path, act: Act, rounds: int) -> tuple[float, int]:
    """Least milliseconds, most files touched."""
    told = []
    for number in range(rounds):
        before = files(root)
        start = time.perf_counter()
        act(number)
        spent = (time.perf_counter() - start) * 1000
        told.append((spent, differing(before, files(root))))
    return min(spent for spent, _ in told), max(count for _, count in told)


def measured(items: int, rounds: int) -> dict[str, tuple[float, int]]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "trang"
        shelf = stocked(root, items)
        seen = account(root)

        def publish(number: int) -> Outcome:
            told = items + number
            return CHANNEL.send(CHANNEL.shape(content(told), seen), seen, desk(f"d{told}", told))

        def correct(number: int) -> Outcome:
            first = CHANNEL.shape(content(number), seen)
            changed = CHANNEL.shape(replace(content(number), lead="Lịch đã đổi."), seen)
            remote = Remote(first.body["guid"], "", f"d{number}", at(number))
            return CHANNEL.update(remote, changed, seen, desk(f"c{number}", items + 100 + number))

        def withdraw(number: int) -> Outcome:
            gone = CHANNEL.shape(content(20 + number), seen)
            remote = Remote(gone.body["guid"], "", f"d{20 + number}", at(20 + number))
            return CHANNEL.withdraw(remote, seen, desk(f"w{number}", items + 200 + number))

        start = time.perf_counter()
        regenerate(shelf)
        again = (time.perf_counter() - start) * 1000
        told = {
            "publish": timed(root, publish, rounds),
            "correct": timed(root, correct, rounds),
            "withdraw": timed(root, withdraw, rounds),
        }
        return {"regenerate": (again, changed_by(root, shelf))} | told


def changed_by(root: Path, shelf: Shelf) -> int:
    """Files that making everything again after all these acts changes: none, when bytes are stable."""
    before = files(root)
    regenerate(shelf)
    return differing(before, files(root))


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--items", type=int, nargs="+", default=[1000, 10000])
    asked.add_argument("--rounds", type=int, default=5)
    given = asked.parse_args()
    sizes = sorted(given.items)
    told = {items: measured(items, given.rounds) for items in sizes}
    print("items   act         ms       files changed")
    for items, acts in told.items():
        for act, (spent, count) in acts.items():
            print(f"{items:6}  {act:10}  {spent:8.1f}  {count}")
    spent, touched = told[sizes[-1]]["publish"]
    return 1 if spent > MOST or touched > told[sizes[0]]["publish"][1] + 6 else 0


if __name__ == "__main__":
    sys.exit(main())
