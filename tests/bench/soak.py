"""Half an hour of mixed load: whether the memory of each process stays flat.

    python -m tests.bench.soak --minutes 30 [--embedded] [--json FILE]

Posts go to the sandbox (page, feed, Facebook, Zalo, loudspeaker, contracted, webhook) by the people of `make chaos`,
who also correct, withdraw and cancel, and all the while deliveries fall due at a webhook with 20 ms latency. Nothing is
killed and nothing fails. RSS of each process is sampled every five seconds; exit status 1 when the mean of the last
five minutes is more than 5 % over that of the first five after the warm-up.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.installation import Installation, forget, installation
from tests.bench.measuring import rss_mb
from tests.chaos.servers import Sandbox
from tests.processes import ROOT, Command

EVERY = 5.0  # seconds between two samples
WARM_MINUTES = 2.0  # caches fill, threads open their connections
GROWTH = 1.05
BURST, BURST_EVERY = 100, 15.0  # deliveries to the webhook, and seconds between two orders of them
POSTS_A_SECOND = 0.4
Samples = dict[str, list[tuple[float, float]]]  # process → (seconds since the start, MB)


def soak(place: Installation, minutes: float) -> Samples:
    samples: Samples = {}
    began, burst = time.monotonic(), 0.0
    while (passed := time.monotonic() - began) < 60 * minutes:
        if passed >= burst:
            burst = passed + BURST_EVERY
            forget(place.sink)
            place.run("tests.bench.seed", "due", str(BURST), repr(time.time() + 1))
        for name, pid in processes(place).items():
            samples.setdefault(name, []).append((passed, rss_mb(pid)))
        for name, part in place.parts.items():
            assert part.process.poll() is None, f"{name} ended:\n{part.output[-3000:]}"
        time.sleep(EVERY)
    return samples


def processes(place: Installation) -> dict[str, int]:
    """Ours by role, and the servers: of PostgreSQL only the postmaster."""
    return {**{name: part.pid for name, part in place.parts.items()}, **place.servers}


def flat(samples: Samples, minutes: float) -> list[tuple[str, float, float, bool]]:
    """By process: mean MB of the first and of the last window, and whether it grew no more than allowed."""
    calm = min(WARM_MINUTES, minutes / 4)
    window, warm, end = 60 * min(5.0, (minutes - calm) / 3), 60 * calm, 60 * minutes
    found = []
    for name, seen in samples.items():
        first = [mb for at, mb in seen if warm <= at < warm + window]
        last = [mb for at, mb in seen if at >= end - window]
        if first and last:
            before, after = sum(first) / len(first), sum(last) / len(last)
            found.append((name, before, after, after <= GROWTH * before))
    return found


def people(place: Installation, sandbox: str, minutes: float) -> Command:
    number = str(int(60 * minutes * POSTS_A_SECOND))
    told = ["--seed", "1", "--deliveries", number, "--seconds", str(60 * minutes), "--sandbox", sandbox]
    return Command(*told, env=place.env, module="tests.chaos.people")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--embedded", action="store_true", help="SQLite and one process, not PostgreSQL and Redis")
    parser.add_argument("--json", type=Path, default=ROOT / "var" / "bench" / "soak.json")
    given = parser.parse_args()
    with ExitStack() as stack:
        sandbox = Sandbox(Path(stack.enter_context(TemporaryDirectory(prefix="tincoso-bench-"))))
        sandbox.start()
        stack.callback(sandbox.stop)
        place = stack.enter_context(installation(scaled=not given.embedded, threads=16 if given.embedded else 8))
        crowd = people(place, sandbox.url, given.minutes)
        stack.callback(crowd.stop)
        samples = soak(place, given.minutes)
        done, open_ = place.delivered(), place.one("SELECT COUNT(*) FROM delivery_delivery WHERE state = 'unknown'")
        assert crowd.process.poll() is None, f"the people went home:\n{crowd.output[-3000:]}"
        words = crowd.output.splitlines()[-1:]
    rows = flat(samples, given.minutes)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps({"samples": samples, "rows": rows, "delivered": done}), "utf-8")
    print(f"{given.minutes:g} minutes, {done} delivered, {open_} in doubt; people: {''.join(words)[:200]}")
    for name, before, after, good in rows:
        sign, change = "PASS" if good else "FAIL", 100 * (after / before - 1)
        print(f"{sign}  {name:12} {before:6.1f} → {after:6.1f} MB ({change:+.1f} %)")
    return 0 if rows and all(good for *_, good in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
