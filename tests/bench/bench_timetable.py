"""A year of 200 campaigns on 6 channels: how long its timetable takes, beside merely sorting the same wishes.

    .venv/bin/python tests/bench/bench_timetable.py

Exits 1 above `MOST` seconds. The whole way is measured: counts spread, wishes placed, clashes found.
"""

from __future__ import annotations

import sys
import time as stopwatch
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from publisher.timetable.bounds import Bounds
from publisher.timetable.days import Days
from publisher.timetable.planner import Wish, timetable
from publisher.timetable.spread import Unit, phase_of, spread_periods

Answer = TypeVar("Answer")

CAMPAIGNS, A_MONTH, YEAR = 200, 2, 2026
MOST = 5.0  # seconds on one core
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(YEAR - 1, 12, 31, 8, tzinfo=ZONE)
QUIET = (time(21), time(6))
WEEK = timedelta(days=7)

LOOSE = {f"kênh {n}": Bounds(quiet=QUIET, distance=WEEK, pace_per_minute=6) for n in range(6)}
TIGHT = LOOSE | {  # a cap just above the average, office hours, a loudspeaker: much has to move, some has no place
    "kênh 0": Bounds(quiet=QUIET, working_days_only=True, cap_per_day=20, distance=WEEK),
    "kênh 1": Bounds(slots=((time(8), time(11)), (time(14), time(16, 30))), cap_per_day=14, pace_per_minute=1),
    "kênh 2": Bounds(sessions=(time(7, 30), time(16, 30)), session_minutes=15, holidays_off=True),
}


def wishes(days: Days) -> list[Wish]:
    found = []
    for campaign in range(CAMPAIGNS):
        topics = [f"{campaign}.{letter}" for letter in "abcde"]
        year = date(YEAR, 1, 1), date(YEAR, 12, 31)
        items = spread_periods(topics, A_MONTH, Unit.MONTH, *year, days, phase=phase_of(f"chiến dịch {campaign}")).items
        for at, (topic, day) in enumerate(items):
            moment = datetime.combine(day, time(6 + (campaign * 7 + at) % 14, campaign * 13 % 60), tzinfo=ZONE)
            found += [
                Wish(
                    key=f"{campaign}/{at}/{account}",
                    account=f"kênh {account}",
                    topic=topic,
                    text=f"{campaign}/{at}",
                    at=moment,
                    latest=moment + timedelta(days=3),
                    minutes=1.5,
                )
                for account in range(6)
            ]
    return found


def measured(work: Callable[[], Answer]) -> tuple[float, Answer]:
    began = stopwatch.process_time()
    answer = work()
    return stopwatch.process_time() - began, answer


def show(name: str, reckoning: float, sorting: float, bounds: dict[str, Bounds], asked: list[Wish]) -> float:
    placing, found = measured(lambda: timetable(asked, bounds, Days(), ZONE, now=NOW))
    taken = reckoning + placing
    moved = sum(1 for placed in found.placed if placed.code)
    print(f"{name}: {taken:.2f} s on one core ({taken / sorting:.0f} times sorting alone, {sorting:.3f} s)")
    print(f"  {len(asked)} wishes: {len(found.placed)} placed, {moved} of them moved; {len(found.warnings)} warnings")
    for code, count in sorted(Counter(unmet.code for unmet in found.unmet).items()):
        print(f"  not placed, {code}: {count}")
    return taken


def main() -> int:
    reckoning, asked = measured(lambda: wishes(Days()))
    sorting, _ = measured(lambda: sorted(asked, key=lambda wish: (wish.at, wish.key)))
    loose = show("room for all", reckoning, sorting, LOOSE, asked)
    tight = show("crowded", reckoning, sorting, TIGHT, asked)
    if max(loose, tight) <= MOST:
        return 0
    print(f"slower than {MOST} s", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
