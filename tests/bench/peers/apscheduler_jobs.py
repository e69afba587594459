"""APScheduler with one job a post on a job store in PostgreSQL, sixteen threads; a late job is done all the same.

Jobs that another process adds do not wake it, so it takes its orders on standard input: PREFIX N EPOCH.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from tests.bench.peers import job

THREADS = 16


def main() -> None:
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=job.DATABASE.replace("postgresql://", "postgresql+psycopg://"))},
        executors={"default": ThreadPoolExecutor(THREADS)},
        job_defaults={"misfire_grace_time": None, "coalesce": True},
        timezone=UTC,
    )
    scheduler.start()
    print("ready", flush=True)
    for line in sys.stdin:
        prefix, number, due = line.split()
        scheduler.pause()
        at = datetime.fromtimestamp(float(due), UTC)
        for n in range(int(number)):
            scheduler.add_job(job.post_and_log, "date", run_date=at, args=[f"{prefix}-{n}"])
        scheduler.resume()
        print(f"ordered {prefix}", flush=True)


if __name__ == "__main__":
    main()
