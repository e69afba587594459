"""Reading documents behind the screens: two threads of the process that took the document in.

The row is the truth: it says who reads (a lease), how far it is, and when that process last gave a sign of life. So a
process that dies loses nothing but its reading, which anybody may start again from the bytes that are kept.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import DatabaseError, InterfaceError, close_old_connections, connection, connections
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.reading import PlanRefused
from publisher.intake.models import Document, DocumentState
from publisher.intake.plans import documents, import_plan
from publisher.intake.source_lines import keep_lines

log = logging.getLogger("publisher.intake")
THREADS = 2  # as many files as one process reads at once (campaigns.reading.guarded)
OFTEN = 0.3  # seconds between two writes of one progress, at least
BEAT = 3.0  # seconds between two signs of life, at most
SILENT = timedelta(seconds=20)  # without a sign of life for longer, whoever read is gone
BROKEN = "Đang đọc thì gặp lỗi ngoài dự kiến. Tệp vẫn được giữ nguyên: bấm “Đọc lại”; nếu vẫn lỗi, báo người quản trị."


@dataclass(slots=True)
class Job:
    """One document in this process. The reader writes into `done` and `total`, the pulse writes them to the row."""

    pk: int
    lease: UUID
    done: int = 0
    total: int = 0
    written: tuple[int, int] = (0, 0)
    beat: float = 0.0
    finished: threading.Event = field(default_factory=threading.Event)

    def progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total


class Readers:
    """The reading threads of one process, started when first needed; daemons, for the row survives them."""

    def __init__(self) -> None:
        self.waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self.jobs: dict[int, Job] = {}
        self.lock = threading.Lock()
        self.bell = threading.Event()
        self.threads: list[threading.Thread] = []
        self.pulse: threading.Thread | None = None  # lives as long as there is a job

    def start(self, document: Document) -> Job:
        """Takes the document on: the row is this process's from now on."""
        job = Job(document.pk, taken(document))
        with self.lock:
            self.jobs[job.pk] = job
            if self.pulse is None or not self.pulse.is_alive():
                self.pulse = begun(self.keep_alive)
            self.threads = self.threads or [begun(self.work) for _ in range(THREADS)]
        self.waiting.put(job)
        return job

    def work(self) -> None:
        while True:
            job = self.waiting.get()
            try:
                read(job)
            except Exception:
                log.exception("reading document %s was given up", job.pk)
            finally:
                connections.close_all()
                self.leave(job)

    def leave(self, job: Job) -> None:
        with self.lock:
            self.jobs.pop(job.pk, None)
            pulse = None if self.jobs else self.pulse
        self.bell.set()
        if pulse:
            pulse.join(OFTEN)
        job.finished.set()

    def keep_alive(self) -> None:
        """Writes progress and signs of life of all jobs of this process, as long as there are any."""
        elapsed = 0.0
        while jobs := self.standing():
            try:
                for job in jobs:
                    beat(job, elapsed)
            except (DatabaseError, InterfaceError) as error:
                log.warning("progress not written: %s", error)
                close_old_connections()
            self.bell.wait(OFTEN)
            self.bell.clear()
            elapsed += OFTEN

    def standing(self) -> list[Job]:
        """The jobs; where there are none the pulse ends, and leaves no connection behind."""
        with self.lock:
            if self.jobs:
                return list(self.jobs.values())
        connections.close_all()
        with self.lock:
            self.pulse = begun(self.keep_alive) if self.jobs else None  # one that came in between has a new one
        return []


def begun(target: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=target, name="đọc kế hoạch", daemon=True)
    thread.start()
    return thread


READERS = Readers()


def start(document: Document, wait: float) -> None:
    """Begins to read and waits up to `wait` seconds for the end. Inside somebody's transaction no other thread could
    see the row, so there it is read at once, to the end."""
    if connection.in_atomic_block:
        read(Job(document.pk, taken(document)))
    else:
        READERS.start(document).finished.wait(wait)


def taken(document: Document) -> UUID:
    """Gives the row a new lease: whoever held it before is fenced out."""
    lease = uuid4()
    Document.objects.filter(pk=document.pk).update(
        state=DocumentState.WAITING, lease=lease, beat_at=timezone.now(), done=0, total=0, message="", code=""
    )
    return lease


def beat(job: Job, elapsed: float) -> None:
    now = (job.done, job.total)
    if now == job.written and elapsed - job.beat < BEAT:
        return
    job.written, job.beat = now, elapsed
    held(job).update(done=now[0], total=now[1], beat_at=timezone.now())


def held(job: Job) -> QuerySet[Document]:
    return Document.objects.filter(pk=job.pk, lease=job.lease)


def read(job: Job) -> None:
    """Reads one document to its end, whatever that is."""
    if not held(job).update(state=DocumentState.READING, beat_at=timezone.now()):
        return  # somebody started it again
    document = Document.objects.select_related("organisation", "by").get(pk=job.pk)
    try:
        imported = import_plan(
            documents().get(document.sha256),
            document.name,
            organisation=document.organisation,
            by=document.by,
            progress=job.progress,
        )
    except PlanRefused as refusal:
        close(job, DocumentState.REFUSED, message=refusal.message, code=refusal.code)
    except Exception:
        close(job, DocumentState.INTERRUPTED, message=BROKEN)
        raise
    else:
        keep_lines(imported.plan)
        close(job, DocumentState.READ, plan=imported.plan, fresh=imported.created)


def close(job: Job, state: DocumentState, **columns: object) -> None:
    held(job).update(state=state, lease=None, done=job.total, total=job.total, beat_at=timezone.now(), **columns)
