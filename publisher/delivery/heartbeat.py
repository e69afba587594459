"""Keeping the leases of work under way alive, so that a long upload is not taken for a dead worker.

One thread a process renews them all at once. A process that is killed stops renewing, and its rows are found; a call
that hangs is renewed for `LONGEST` at most.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from publisher.config import config
from publisher.delivery.models import Delivery

log = logging.getLogger("publisher.delivery")
LONGEST = 900.0  # seconds; a video of the largest size on a slow line
_lock = threading.Lock()
_under_way: dict[object, tuple[uuid.UUID, float]] = {}  # who works → under which lease and since when, monotonic
_stopping = threading.Event()  # never set: a pause that can be seen in a thread dump
_thread: list[threading.Thread] = []


@contextmanager
def beating(lease: uuid.UUID) -> Iterator[None]:
    """Holds `lease` for as long as the block runs."""
    mine = object()  # a message may come twice: whoever is done first does not end the other's
    with _lock:
        _under_way[mine] = (lease, time.monotonic())
        if not _thread:
            _thread.append(threading.Thread(target=_beat_for_ever, name="nhịp giữ việc", daemon=True))
            _thread[0].start()
    try:
        yield
    finally:
        with _lock:
            _under_way.pop(mine, None)


def leases() -> list[uuid.UUID]:
    now = time.monotonic()
    with _lock:
        return [lease for lease, began in _under_way.values() if now - began < LONGEST]


def beat() -> int:
    """Renews every lease under way; how many rows."""
    held = leases()
    if not held:
        return 0
    until = timezone.now() + timedelta(seconds=config.lease_seconds)
    return int(Delivery.objects.filter(leased_until__isnull=False, lease__in=held).update(leased_until=until))


def _beat_for_ever() -> None:
    while not _stopping.wait(config.lease_seconds / 3):
        try:
            beat()
        except (DatabaseError, InterfaceError) as error:
            log.warning("leases not renewed: %s", error)
            connection.close()
