"""Dramatiq as it comes, on Redis, with a delay: no row, no log, only the POST."""

from __future__ import annotations

import sys
import time

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from tests.bench.peers import job

dramatiq.set_broker(RedisBroker(url=job.REDIS))


@dramatiq.actor(max_retries=3)
def deliver(name: str) -> None:
    job.post(name)


def order(prefix: str, number: int, due: float) -> None:
    for n in range(number):
        delay = max(0, round(1000 * (due - time.time())))
        deliver.send_with_options(args=(f"{prefix}-{n}",), delay=delay or None)


if __name__ == "__main__":
    order(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
