"""procrastinate on PostgreSQL: deferred jobs, and its documented periodic task that finds stalled ones."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from procrastinate import App, JobContext, PsycopgConnector

from tests.bench.peers import job

app = App(
    connector=PsycopgConnector(conninfo=job.DATABASE),
    worker_defaults={"fetch_job_polling_interval": 1.0},
    import_paths=["tests.bench.peers.procrastinate_jobs"],
)


@app.task(name="deliver", retry=3)
def deliver(name: str) -> None:
    job.post_and_log(name)


@app.periodic(cron="* * * * *")
@app.task(name="retry_stalled", pass_context=True, queueing_lock="retry_stalled")
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    for stalled in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(stalled)


async def prepare() -> None:
    async with app.open_async():
        await app.schema_manager.apply_schema_async()


async def order(prefix: str, number: int, due: float) -> None:
    at = datetime.fromtimestamp(due, UTC)
    async with app.open_async():
        for start in range(0, number, 1000):
            names = [{"name": f"{prefix}-{n}"} for n in range(start, min(number, start + 1000))]
            await deliver.configure(schedule_at=at).batch_defer_async(*names)


if __name__ == "__main__":
    asyncio.run(prepare() if sys.argv[1] == "prepare" else order(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
