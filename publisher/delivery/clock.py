"""The clock: finds what is due, first decides, then claims; seals the log; shows that it lives.

Any number of clocks may run: every step is a conditional statement in the database.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, close_old_connections
from django.db.models import Q
from django.utils import timezone
from dramatiq.errors import ConnectionClosed
from redis import RedisError

from publisher.budget.ledger import count_up
from publisher.config import config
from publisher.delivery.accounts import lift
from publisher.delivery.broker import enqueue_asking, enqueue_lane, look_at_account, refresh_site
from publisher.delivery.claim import claim_questions, claim_round, next_moment
from publisher.delivery.deciding import drop_orphans, hold_for_review, miss_late, put_off_for_quiet, recover
from publisher.delivery.models import Account, ClockBeat, Delivery
from publisher.delivery.restoring import look_for_restore
from publisher.delivery.shaping import media
from publisher.delivery.sites import due_sites
from publisher.delivery.wake import Sleeper
from publisher.events.seal import seal_log

log = logging.getLogger("publisher.clock")
AT_REST = 5  # ticks between two decisions while nothing is under way and nothing went out
RESTING = 30.0  # seconds without anything to hand out before the clock rests
SCRAPS_AGE = 24 * 3600  # seconds: a file nobody has written to for so long was left by a killed process
ALIVE = timedelta(seconds=30)  # without a beat for longer, people are told
GAP, GAP_OF_BACKLOG = 0.05, 0.1  # seconds between two rounds at the least: many lanes end at once
ROOM = 0.5  # seconds until the next look for room, where no worker tells sooner
SITES_EVERY = 60.0  # seconds between two looks whether the public sites show what they should
LOOK_EVERY = timedelta(hours=24)  # at the credentials of an account, before they die unseen


@dataclass(frozen=True, slots=True)
class ClockState:
    alive: bool
    last_beat: datetime | None


class Clock:
    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"  # a restarted container has its pid
        self.started_at = timezone.now()
        self.stopping = threading.Event()
        self.decided_at = self.round_at = self.handed_at = self.sites_at = 0.0  # monotonic
        self.gap = GAP
        self.looked = False  # whether a restored backup has been looked for

    def run(self) -> None:
        """Ticks until `stop`. Trouble is waited out: a clock that cannot work gives no beat, and people see that."""
        with suppress(OSError):
            media().drop_scraps(time.time() - SCRAPS_AGE)
        sleeper = Sleeper()
        while not self.stopping.is_set():
            sleeper.sleep(self.round())
            self.stopping.wait(max(0.0, self.gap - (time.monotonic() - self.round_at)))
        seal_log()  # a backup restored next is older than this seal

    def round(self) -> float:
        """Decides once a tick, claims in every round; returns the seconds to sleep."""
        self.round_at = time.monotonic()
        try:
            now = timezone.now()
            if not self.looked:
                look_for_restore(now)
                self.looked = True
            if time.monotonic() - self.decided_at >= self.tick_seconds():
                decide(now)
                self.decided_at = time.monotonic()
                self.beat()
            if time.monotonic() - self.sites_at >= SITES_EVERY:
                look_at_sites(now)
                self.sites_at = time.monotonic()
            handed, short = hand_out(timezone.now())
            self.gap = GAP_OF_BACKLOG if short else GAP
            if handed:
                self.handed_at = time.monotonic()
            if short:
                return ROOM
            return GAP if handed else self.pause()
        except (OperationalError, InterfaceError, RedisError, ConnectionClosed) as error:
            log.warning("clock cannot work, trying again: %s", error)
        except Exception:
            log.exception("clock stumbled, trying again")
        close_old_connections()
        return config.tick_seconds

    def stop(self) -> None:
        self.stopping.set()

    def tick_seconds(self) -> float:
        """Seconds between two decisions: fewer while something is under way whose lease may run out."""
        busy = time.monotonic() - self.handed_at < RESTING or under_way()
        return config.tick_seconds * (1 if busy else AT_REST)

    def pause(self) -> float:
        """Seconds to the next due time, at most one tick."""
        now = timezone.now()
        due, tick = next_moment(now), self.tick_seconds()
        return tick if due is None else min(tick, max(0.01, (due - now).total_seconds()))

    def beat(self) -> None:
        ClockBeat.objects.update_or_create(
            name=self.name, defaults={"started_at": self.started_at, "beat_at": timezone.now()}
        )


def under_way() -> bool:
    return bool(Delivery.objects.filter(leased_until__isnull=False).exists())


def tick(now: datetime) -> int:
    """One whole round; returns how many deliveries went to the broker."""
    decide(now)
    return hand_out(now)[0]


def decide(now: datetime) -> None:
    """What must be settled before anything more goes out, and what is done once a tick. The claim itself refuses what
    would be against these decisions, so that nothing slips through between two ticks."""
    recover(now)
    lift_expired_holds(now)
    hold_for_review(now)
    miss_late(now)
    drop_orphans(now)
    put_off_for_quiet(now)
    look_at_accounts(now)
    count_up()
    seal_log()


def hand_out(now: datetime) -> tuple[int, bool]:
    """Gives what may go now to the broker: how many deliveries, and whether more only wait for room."""
    (lanes, short), questions = claim_round(now), claim_questions(now)
    for lane in lanes:
        enqueue_lane(lane)
    for question in questions:
        enqueue_asking(question)
    return sum(len(lane.pks) for lane in lanes) + len(questions), short


def look_at_accounts(now: datetime) -> None:
    """Once a day, one clock: the conditional UPDATE is the turn."""
    old = Q(checked_at=None) | Q(checked_at__lt=now - LOOK_EVERY)
    ours = Account.objects.filter(old, retired_at=None, held_at=None).exclude(secret="", through=None)
    for pk in ours.values_list("pk", flat=True):
        if Account.objects.filter(old, pk=pk).update(checked_at=now):
            look_at_account.send(pk)


def look_at_sites(now: datetime) -> None:
    """A site that is not what it should be goes to a worker; told twice, the second finds nothing to do."""
    for pk in due_sites(now):
        refresh_site.send(pk)


def lift_expired_holds(now: datetime) -> None:
    for account in Account.objects.filter(held_until__lte=now).exclude(held_at=None).select_related("organisation"):
        lift(account, by=None)


def clock_state() -> ClockState:
    last = ClockBeat.objects.order_by("-beat_at").values_list("beat_at", flat=True).first()
    return ClockState(alive=last is not None and timezone.now() - last < ALIVE, last_beat=last)


def other_clocks(name: str) -> list[ClockBeat]:
    """Clocks other than `name` that gave a sign of life just now."""
    return list(ClockBeat.objects.filter(beat_at__gte=timezone.now() - ALIVE).exclude(name=name))
