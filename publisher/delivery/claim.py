"""Claiming what is due: who gets a turn, how fast, and in which order.

The database is the queue. A claim is one UPDATE, so any number of clocks may claim at once and none gets a row twice.
An account works in lanes: a lane is a few deliveries under one lease that one worker sends one after the other. How
many lanes an account may have open, and how fast it may go, holds across all workers and also for a backlog; an
account in trouble gets a single lane, so that it delays nobody else.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from publisher.config import config
from publisher.delivery.deciding import silent_organisations, unleased
from publisher.delivery.models import Account, Delivery
from publisher.delivery.moves import Overtaken
from publisher.delivery.restoring import standing
from publisher.delivery.statements import as_literal, fetched, insert_events, open_for_update
from publisher.events.log import draft
from publisher.timetable.slots import after_quiet

Claim = tuple[int, uuid.UUID]  # delivery id and the lease to act under
ASKED = ("unknown", "processing")
LANE_DEPTH = 16  # deliveries one worker sends in a row before the account's turn is over
QUESTIONS_SEEN = 16  # times the workers: how far down the line of questions one round looks
CATCH_UP = timedelta(seconds=1)  # a paced account makes up for no longer pause of the clock than this

LINE = """
SELECT d.id FROM delivery_delivery d LEFT JOIN delivery_delivery w ON w.id = d.waits_for_id
WHERE d.state = 'scheduled' AND d.account_id = %(account)s AND d.urgent = %(urgent)s
  AND d.next_try_at <= %(now)s AND d.review_since IS NULL
  AND (d.late_until IS NULL OR d.late_until >= %(now)s)
  AND (w.id IS NULL OR w.state IN ('delivered', 'corrected'))
ORDER BY d.next_try_at, d.id LIMIT %(limit)s {lock}
"""
TAKE = """
UPDATE delivery_delivery SET state = 'queued', lease = v.column2, leased_until = %(until)s
FROM (VALUES {rows}) AS v
WHERE delivery_delivery.id = v.column1 AND delivery_delivery.state = 'scheduled'
RETURNING delivery_delivery.id
"""
# +account_id: SQLite would walk through the whole index of accounts to spare itself the grouping.
AT_WORK = """
SELECT +account_id, COUNT(DISTINCT lease), SUM(CASE WHEN state = 'queued' THEN 1 ELSE 0 END)
FROM delivery_delivery WHERE leased_until IS NOT NULL AND state IN ('queued', 'sending') GROUP BY +account_id
"""


@dataclass(frozen=True, slots=True)
class Lane:
    """Deliveries of one account that one worker sends in this order, under one lease."""

    lease: uuid.UUID
    pks: tuple[int, ...]
    urgent: bool = False


@dataclass(slots=True)
class Room:
    """What the workers can still take: rows in all, and lanes of accounts in trouble. `short`: somebody had to wait."""

    rows: int
    lanes: Counter[int]
    troubled: int
    short: bool = False

    @classmethod
    def now(cls) -> Room:
        at_work = fetched(AT_WORK, {})
        troubled = in_trouble()
        return cls(
            rows=config.queue_depth - sum(int(queued) for *_, queued in at_work),
            lanes=Counter({account: lanes for account, lanes, _ in at_work}),
            troubled=max(1, config.worker_threads // 2)
            - sum(lanes for account, lanes, _ in at_work if account in troubled),
        )

    def lanes_for(self, account: Account) -> int:
        most = account.at_once or 2 * config.worker_threads
        if account.stumbles:
            return min(1 - self.lanes[account.pk], self.troubled)
        return most - self.lanes[account.pk]

    def take(self, account: Account, lane: Lane) -> None:
        self.rows -= len(lane.pks)
        self.lanes[account.pk] += 1
        self.troubled -= bool(account.stumbles)


def in_trouble() -> frozenset[int]:
    """Accounts whose last calls did not get through."""
    return frozenset(Account.objects.filter(stumbles__gt=0).values_list("pk", flat=True))


def claim_due(now: datetime) -> list[Claim]:
    """Everything `claim_lanes` takes, delivery by delivery."""
    return [(pk, lane.lease) for lane in claim_lanes(now) for pk in lane.pks]


def claim_lanes(now: datetime) -> list[Lane]:
    return claim_round(now)[0]


def claim_round(now: datetime) -> tuple[list[Lane], bool]:
    """Takes what is due and what the workers have room for, and tells whether more could go as soon as there is room.

    A restored backup gives nothing before a person says so.
    """
    if standing() or not due(now).exists():
        return [], False
    room, silent = Room.now(), silent_organisations(now)
    lanes: list[Lane] = []
    for urgent in (True, False):
        for account in ready_accounts(now, urgent=urgent):
            if urgent or not (account.organisation_id in silent or in_quiet_hours(account, now)):
                lanes += claim_turn(account, now, room, urgent=urgent)
    return lanes, room.short


def due(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state="scheduled", next_try_at__lte=now, review_since=None)


def ready_accounts(now: datetime, *, urgent: bool) -> Iterator[Account]:
    """Accounts that may speak now and have something to say: the sound ones first, then who has waited longest."""
    waiting = due(now).filter(account=OuterRef("pk"), urgent=urgent)
    rows = Account.objects.filter(Exists(waiting), held_at=None, retired_at=None).filter(open_at("", now))
    rows = rows.filter(Q(through=None) | Q(through__held_at=None) & open_at("through__", now))
    order = (F("stumbles").asc(), F("paced_until").asc(nulls_first=True), "pk")
    return iter(rows.select_related("organisation").order_by(*order))


def open_at(path: str, now: datetime) -> Q:
    """Neither its pace nor a vendor that wants rest stands in the way."""
    paced = Q(**{f"{path}paced_until": None}) | Q(**{f"{path}paced_until__lte": now})
    return paced & (Q(**{f"{path}rests_until": None}) | Q(**{f"{path}rests_until__lte": now}))


def in_quiet_hours(account: Account, now: datetime) -> bool:
    return after_quiet(now, account.quiet_from, account.quiet_until, account.organisation.timezone) > now


def claim_turn(account: Account, now: datetime, room: Room, *, urgent: bool) -> list[Lane]:
    """What one account may have now. A paced account's row is the turnstile for every clock and for the backlog."""
    free = min(room.lanes_for(account), room.rows)
    if free <= 0:
        room.short = True
        return []
    if not account.pace_per_minute:
        return claim_free(account, now, room, free, urgent=urgent)
    step = timedelta(minutes=1) / account.pace_per_minute
    since = account.paced_until if account.paced_until and now - account.paced_until < CATCH_UP else now
    turns = min(1 + (now - since) // step, room.rows, free * LANE_DEPTH)
    with transaction.atomic():
        mine = Account.objects.filter(pk=account.pk, paced_until=account.paced_until)
        if not mine.update(paced_until=since + turns * step):
            return []
        lanes = claim_free(account, now, room, free, urgent=urgent, most=turns)
        taken = sum(len(lane.pks) for lane in lanes)
        until = since + taken * step if taken else account.paced_until
        Account.objects.filter(pk=account.pk).update(paced_until=until)
    return lanes


@transaction.atomic
def claim_free(
    account: Account, now: datetime, room: Room, free: int, *, urgent: bool, most: int | None = None
) -> list[Lane]:
    """Spreads what is due over the free lanes: a lane each while there are enough, else in rows."""
    most = min(room.rows, free * LANE_DEPTH) if most is None else most
    named = {"account": account.pk, "urgent": urgent, "now": now, "limit": most + 1}
    line = [pk for (pk,) in fetched(LINE.format(lock=open_for_update("d")), named)]
    backlog = len(line) > most
    room.short |= backlog
    depth = LANE_DEPTH if backlog else min(LANE_DEPTH, ceil(len(line) / free))
    lanes = [Lane(uuid.uuid4(), tuple(part), urgent) for part in in_rows(line[:most], depth)]
    take(account, lanes, now)
    for lane in lanes:
        room.take(account, lane)
    return lanes


def in_rows(line: list[int], depth: int) -> Iterator[list[int]]:
    return (line[start : start + depth] for start in range(0, len(line), depth or 1))


def take(account: Account, lanes: list[Lane], now: datetime) -> None:
    """scheduled → queued for every row of the lanes, with their events; the rows are locked by the caller."""
    pairs = [(pk, lane.lease) for lane in lanes for pk in lane.pks]
    if not pairs:
        return
    rows = ", ".join(f"({int(pk)}, {as_literal(lease)})" for pk, lease in pairs)
    until = now + timedelta(seconds=config.lease_seconds)
    taken = len(fetched(TAKE.format(rows=rows), {"until": until}, kept=False))
    if taken != len(pairs):
        raise Overtaken(f"{len(pairs) - taken} of {len(pairs)} rows were taken meanwhile")
    told = {"from": "scheduled", "to": "queued"}
    insert_events(
        draft("delivery.queued", f"delivery:{pk}", organisation_id=account.organisation_id, data=told)
        for pk, _ in pairs
    )


def claim_questions(now: datetime) -> list[Claim]:
    """Unknown and processing deliveries whose time to be asked about has come.

    An account that is held or rests is not asked; what waits for a person is not asked again.
    """
    waiting = [state for state in ASKED if questions(state, now).exists()]
    return ask_in_turn(waiting, now) if waiting else []


def ask_in_turn(waiting: Iterable[str], now: datetime) -> list[Claim]:
    busy = Busy.now(now)
    claims: list[Claim] = []
    for state in waiting:
        rows = questions(state, now).exclude(account__in=busy.full()).order_by("next_try_at")
        for pk, account in rows.values_list("pk", "account")[: QUESTIONS_SEEN * config.worker_threads]:
            lease = uuid.uuid4()
            mine = Delivery.objects.filter(pk=pk, state=state).filter(unleased(now))
            until = now + timedelta(seconds=config.lease_seconds)
            if busy.has_room(account) and mine.update(lease=lease, leased_until=until):
                busy.asked[account] += 1
                claims.append((pk, lease))
    return claims


def questions(state: str, now: datetime) -> QuerySet[Delivery]:
    rested = Q(account__rests_until=None) | Q(account__rests_until__lte=now)
    lent = Q(account__through=None) | Q(account__through__held_at=None)
    due = Delivery.objects.filter(state=state, next_try_at__lte=now, review_since=None)
    return due.filter(rested, lent, unleased(now), account__held_at=None)


@dataclass(frozen=True, slots=True)
class Busy:
    """Questions under way, by account. One may last as long as a call, so they never take every worker: an account
    gets half of them, one in trouble a single one, and all in trouble together half."""

    asked: Counter[int]
    troubled: frozenset[int]

    @classmethod
    def now(cls, now: datetime) -> Busy:
        rows = [Delivery.objects.filter(state=state, leased_until__gt=now) for state in ASKED]
        asked = Counter(account for of_state in rows for account in of_state.values_list("account", flat=True))
        return cls(asked, in_trouble())

    def full(self) -> list[int]:
        return [account for account in self.asked if not self.has_room(account)]

    def has_room(self, account: int) -> bool:
        half = max(1, config.worker_threads // 2)
        if account not in self.troubled:
            return self.asked[account] < half and self.asked.total() < config.worker_threads
        return not self.asked[account] and sum(self.asked[other] for other in self.troubled) < half


def next_moment(now: datetime) -> datetime | None:
    """When there is something to do next, as far as the tables know: something falls due, or an account may go on."""
    lines = [due(now).filter(account=OuterRef("pk"), urgent=urgent) for urgent in (True, False)]  # as the index has it
    waiting = Exists(lines[0]) | Exists(lines[1])
    ahead = [Delivery.objects.filter(state=state, next_try_at__gt=now) for state in ("scheduled", *ASKED)]
    soonest = [rows.order_by("next_try_at").values_list("next_try_at", flat=True).first() for rows in ahead]
    for column in ("paced_until", "rests_until"):
        rows = Account.objects.filter(waiting, held_at=None, **{f"{column}__gt": now}).order_by(column)
        soonest.append(rows.values_list(column, flat=True).first())
    return min((moment for moment in soonest if moment), default=None)
