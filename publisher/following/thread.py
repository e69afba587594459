"""The thread that carries the log to its followers. Any number may run; nobody who publishes ever waits for it."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils import timezone

from publisher.config import config
from publisher.following import letters
from publisher.following.notices import Notices
from publisher.following.outbox import hand_out
from publisher.following.turns import CALLED, due_endpoints, give_up_stale, turn
from publisher.following.watch import Watch

log = logging.getLogger("publisher.following")
RECEIVERS = (*CALLED.values(), Notices())
ROUND = 2.0  # seconds between two looks at the log
SELDOM = timedelta(seconds=15)  # between two looks at what is not urgent
CARRIERS = 4  # endpoints spoken with at the same time; one that hangs costs the others a quarter at worst
Job = tuple[str, Callable[[], object]]  # what it is, so that it waits in line once, and how to do it


class Followers:
    """`run` until `stop`. Raises `BadSetting` or `MissingSecret` when the mail server's setting is none."""

    def __init__(self) -> None:
        if config.smtp_url:
            _ = config.mail_server
        self.stopping = threading.Event()
        self.watch = Watch(timezone.now())
        self.looked_at: datetime | None = None
        self.jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self.in_line: set[str] = set()

    def run(self) -> None:
        carriers = [
            threading.Thread(target=self.carry, name=f"báo tin {number + 1}", daemon=True) for number in range(CARRIERS)
        ]
        for carrier in carriers:
            carrier.start()
        while not self.stopping.is_set():
            self.stopping.wait(self.round())
        for _ in carriers:
            self.jobs.put(None)
        connections.close_all()

    def stop(self) -> None:
        self.stopping.set()

    def round(self) -> float:
        """Hands out what is new and lines up who is due; returns the seconds to wait."""
        try:
            handed = self.look(timezone.now())
        except (DatabaseError, InterfaceError) as error:
            log.warning("followers cannot work, trying again: %s", error)
        except Exception:
            log.exception("followers stumbled, trying again")
        else:
            return 0.0 if handed else ROUND
        close_old_connections()
        return ROUND

    def look(self, now: datetime) -> int:
        handed = hand_out(RECEIVERS, now)
        if self.looked_at is None or now - self.looked_at >= SELDOM:
            self.look_seldom(now)
        for pk in due_endpoints(now):
            self.line_up(f"endpoint {pk}", partial(self.take_turn, pk))
        return handed

    def look_seldom(self, now: datetime) -> None:
        self.looked_at = now
        self.watch.look(now)
        give_up_stale(now)
        letters.gather(now)
        for pk in letters.due_letters(now):
            self.line_up(f"letter {pk}", partial(send_letter, pk))

    def take_turn(self, pk: int) -> None:
        turn(pk, timezone.now(), self.stopping.is_set)

    def line_up(self, name: str, do: Callable[[], object]) -> None:
        if name not in self.in_line:
            self.in_line.add(name)
            self.jobs.put((name, do))

    def carry(self) -> None:
        while (job := self.jobs.get()) is not None:
            name, do = job
            try:
                do()
            except (DatabaseError, InterfaceError) as error:
                log.warning("%s: database not reached, trying again: %s", name, error)
            except Exception:
                log.exception("%s", name)
            finally:
                self.in_line.discard(name)
                close_old_connections()
        connections.close_all()


def send_letter(pk: int) -> None:
    letters.send(pk, timezone.now())
