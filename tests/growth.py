"""Work counted in steps, not in seconds: the same on every machine, however busy it is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

LINEAR = 2.6  # twice the input may cost so many times the steps; what costs its square takes four


def steps(work: Callable[[], object]) -> int:
    """How many functions, Python's own among them, `work` calls. What it raises passes."""
    count = 0

    def seen(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def growth(work: Callable[[int], object], size: int) -> float:
    """How many times the steps of `work(size)` those of `work(2 * size)` are. What is done only once, such as filling
    a cache, is done beforehand."""
    work(size)
    return steps(lambda: work(2 * size)) / steps(lambda: work(size))
