"""How far a slow command is, shown to a person at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

LATER = 1.0  # seconds: what is done sooner needs no bar


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A function of (done, total) that draws a bar on stderr once the work has taken a second; nothing elsewhere."""
    with tqdm(
        desc=what, delay=LATER, mininterval=0, miniters=1, leave=False, file=sys.stderr,
        disable=not sys.stderr.isatty(), bar_format="{desc}: {percentage:3.0f}% |{bar}| {n_fmt}/{total_fmt}",
    ) as bar:  # fmt: skip

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
