"""Whether what reads, cuts and speaks text costs its length and not its square, regular expressions included.

    python -m tests.bench.bench_growth

Each is timed at a size and at twice that size in turn, the least of several rounds each; a cost that grows like the
length gives a ratio of 2, like its square 4. Exit status 1 for a ratio above 3.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from campaigns.reading import PlanRefused, read_plan
from channels.loudspeaker.spoken import default_voice, speak
from channels.text import shorten
from tests.bench.material import HOSTILE

WORST = 3.0
ROUNDS = 5
LEAST = 0.01  # seconds of the larger run below which a ratio tells nothing
READ, SPOKEN = 9_000, 15_000  # letters; a line of more than 20,000 is refused
SIGNS = (
    " ",
    " \t",
    "\N{NO-BREAK SPACE}",
    "-",
    "A-",
    "T2-",
    "1-",
    "(",
    ".",
    "1.",
    "a@",
    "0912.",
    "1, ",
    "I, ",
    "/a",
    "1x",
    "(A)",
)


def reading(run: str) -> Callable[[int], None]:
    def read(size: int) -> None:
        text = (run * size)[:size]
        whole = f"KẾ HOẠCH\nTuyên truyền\nI. MỤC ĐÍCH\n1. Một.\nII. NỘI DUNG\n{text}\n\nIII. KINH PHÍ\n- {text}"
        try:
            read_plan(whole.encode(), "x.txt")
        except PlanRefused:
            return

    return read


def speaking(run: str) -> Callable[[int], None]:
    voice = default_voice()
    return lambda size: (speak("x" + run * (size // len(run)) + "x", voice), None)[1]


def cutting(size: int) -> None:
    shorten("x" + " " * size + "y z " * 20, size + 60)


def seconds(work: Callable[[int], None], size: int) -> float:
    start = time.process_time()
    work(size)
    return time.process_time() - start


def ratio(work: Callable[[int], None], size: int) -> tuple[float, float]:
    """Least seconds at twice the size, and how many times those at the size they are."""
    rounds = [(seconds(work, size), seconds(work, 2 * size)) for _ in range(ROUNDS)]
    small, large = min(a for a, _ in rounds), min(b for _, b in rounds)
    return large, large / max(small, 1e-9)


def main() -> int:
    works = {f"reading {name}": (reading(run), READ) for name, run in HOSTILE.items()}
    works |= {f"speaking {run!r}": (speaking(run), SPOKEN) for run in SIGNS}
    works["cutting"] = (cutting, 200_000)
    bad = []
    for name, (work, size) in works.items():
        large, times = ratio(work, size)
        print(f"{name:20} {large:8.3f} s at {2 * size:7}   x {times:4.1f}")
        if large > LEAST and times > WORST:
            bad.append(name)
    if bad:
        print(f"grows faster than its length: {', '.join(bad)}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
