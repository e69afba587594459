"""Celery with beat: each second one task claims what is due from PostgreSQL and sends a task for each row."""

from __future__ import annotations

import os
import sys

import psycopg
from celery import Celery

from tests.bench.peers import job

BATCH = 5000
CLAIM = """
UPDATE peer_job SET state = 'queued' WHERE id IN (
  SELECT id FROM peer_job WHERE state = 'waiting' AND due_at <= now() ORDER BY due_at, id LIMIT %s
  FOR UPDATE SKIP LOCKED)
RETURNING name
"""
app = Celery("bench", broker=job.REDIS or "redis://")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": float(os.environ.get("BENCH_VISIBILITY", "3600"))},
    beat_schedule={"tick": {"task": "tick", "schedule": 1.0}},
    beat_max_loop_interval=1,
)


@app.task(name="tick", expires=10)
def tick() -> None:
    with psycopg.connect(job.DATABASE) as connection:
        rows = connection.execute(CLAIM, [BATCH]).fetchall()
    for (name,) in rows:
        deliver.delay(name)


@app.task(name="deliver")
def deliver(name: str) -> None:
    job.post_and_log(name)


def order(prefix: str, number: int, due: float) -> None:
    with psycopg.connect(job.DATABASE) as connection:
        connection.execute(
            "INSERT INTO peer_job (name, due_at) SELECT %s || '-' || n, to_timestamp(%s) FROM generate_series(1, %s) n",
            [prefix, due, number],
        )


if __name__ == "__main__":
    order(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
