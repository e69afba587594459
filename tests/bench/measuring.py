"""What processes cost, from /proc: CPU seconds and memory of a tree of processes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from statistics import median

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def percentile(values: Iterable[float], share: float) -> float:
    """The least value that `share` of all do not pass; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def middle(values: Iterable[float]) -> float:
    known = list(values)
    return median(known) if known else 0.0


def tree(roots: Iterable[int]) -> set[int]:
    """The processes and all that descend from them."""
    parents: dict[int, int] = {}
    for path in PROC.glob("[0-9]*"):
        with suppress(OSError):
            parents[int(path.name)] = int(_stat(int(path.name))[1])
    found = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found & set(parents)


def cpu_seconds(roots: Iterable[int]) -> float:
    """User and system time of a tree, of children that ended included."""
    spent = 0
    for pid in tree(roots):
        with suppress(OSError):
            spent += sum(int(ticks) for ticks in _stat(pid)[11:15])
    return spent / TICKS


def memory_mb(pid: int) -> float:
    """Proportional set size: shared pages count by their share. RSS where the kernel does not say."""
    with suppress(OSError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return rss_mb(pid)


def rss_mb(pid: int) -> float:
    with suppress(OSError, IndexError):
        return int((PROC / str(pid) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return 0.0


def memory_of(roots: Iterable[int]) -> float:
    return sum(memory_mb(pid) for pid in tree(roots))


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the state on: 1 is the parent, 11 to 14 are CPU ticks."""
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
