"""Pages of a rebuild made ahead by processes of their own: drawing a page takes longer than writing it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from channels import files
from channels.page import register, render
from channels.page.frame import Frame
from channels.page.lists import Site
from channels.page.site import Record, record_at

WORTH_IT = 1_000  # articles; starting the processes takes about as long as three hundred pages
HELD = 4  # portions made and not yet written

Pages = dict[str, tuple[str, bytes]]  # by path: digest of the record, page


@contextlib.contextmanager
def pages(
    place: Site, frame: Frame, starts: Sequence[int], articles: int, some: int
) -> Iterator[Iterator[tuple[int, Pages]]]:
    """For each start its pages; none where a small site is not worth it, or no process can be started."""
    if articles < WORTH_IT:
        yield ((first, {}) for first in starts)
        return
    pool = ProcessPoolExecutor(min(4, os.cpu_count() or 1), mp_context=multiprocessing.get_context("spawn"))
    try:
        yield _made(pool, place, frame, starts, some)
    finally:
        pool.shutdown(cancel_futures=True)


def _made(
    pool: ProcessPoolExecutor, place: Site, frame: Frame, starts: Sequence[int], some: int
) -> Iterator[tuple[int, Pages]]:
    waiting: deque[tuple[int, Future[Pages]]] = deque()
    left = deque(starts)
    while left or waiting:
        while left and len(waiting) < HELD:
            first = left.popleft()
            with contextlib.suppress(BrokenProcessPool, OSError):
                waiting.append((first, pool.submit(make, place, frame, first, first + some)))
                continue
            yield first, {}
        if waiting:
            first, made = waiting.popleft()
            try:
                ready = made.result()
            except (BrokenProcessPool, OSError):
                ready = {}
            yield first, ready


def make(place: Site, frame: Frame, first: int, after: int) -> Pages:
    """What a process does. Holds no lock: whoever writes looks whether the record is still the same."""
    made: Pages = {}
    with register.opened(place.root) as known:
        paths = known.paths(first, after)
    for path in paths:
        read = files.sha256(files.inside(place.root, path + "bai.json"))
        record = record_at(place, path)
        if record is not None:
            made[path] = read, page_of(record, frame, place)
    return made


def page_of(record: Record, frame: Frame, place: Site) -> bytes:
    draw = render.withdrawn if record["withdrawn"] else render.article
    return draw(record, frame, place.base_url)
