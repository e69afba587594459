"""A restored backup must publish nothing twice: it starts in a hold, looks at the channels, then asks.

Seals are announced outside the database. A database that does not know the newest of them is older than what went out:
everything that fell due since its last moment may stand in public already.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from publisher.delivery.models import ClockBeat, Delivery, EngineHold
from publisher.delivery.moves import Overtaken, move
from publisher.delivery.states import State
from publisher.delivery.wake import wake
from publisher.events.log import record
from publisher.events.models import Event
from publisher.events.seal import announced_more, never_announced
from publisher.people.models import Person
from publisher.timetable.obstacles import at_clock

log = logging.getLogger("publisher.clock")
WORDS = (
    "Cơ sở dữ liệu vừa được khôi phục từ bản sao lưu cũ hơn những gì đã đăng. Hệ thống tạm dừng mọi lượt đăng, "
    "đối chiếu với từng kênh rồi hỏi lại người phụ trách."
)
DOUBT = "Có thể đã đăng sau khi sao lưu (trước lúc khôi phục). Hệ thống đang đối chiếu với kênh."


class StillInDoubt(Exception):
    """Some deliveries are not settled; the message says how many and what to do."""


def standing() -> EngineHold | None:
    return EngineHold.objects.filter(lifted_at=None).first()


def look_for_restore(now: datetime) -> EngineHold | None:
    """Starts the hold when the database is older than the seals that were announced."""
    if standing() or not announced_more():
        return standing()
    if never_announced() and other_clocks(now):
        return None  # a further machine, with a var folder of its own, beside a clock that knows its seals
    return start(WORDS, now)


def other_clocks(now: datetime) -> bool:
    return ClockBeat.objects.filter(beat_at__gte=now - timedelta(seconds=30)).exists()


@transaction.atomic
def start(reason: str, now: datetime, *, by: Person | None = None) -> EngineHold:
    """Holds everything, and puts in doubt what fell due between the last moment the rows know and `now`."""
    backup_at = Event.objects.order_by("-id").values_list("at", flat=True).first()
    hold = EngineHold.objects.create(since=now, reason=reason, backup_at=backup_at)
    doubted = [delivery.pk for delivery in in_doubt(now) if put_in_doubt(delivery)]
    when = backup_at.isoformat() if backup_at else None
    told = {"reason": reason, "backup_at": when, "doubted": len(doubted)}
    record("engine.held", f"hold:{hold.pk}", organisation=None, actor=by, data=told)
    log.warning("restored from a backup: everything is held, %s deliveries are looked for", len(doubted))
    return hold


def in_doubt(now: datetime) -> list[Delivery]:
    """What may have gone out since the backup: all that was due by now, and all that was under way then."""
    due = Q(state="scheduled", next_try_at__lte=now)  # a person may have let go what waits for one here
    rows = Delivery.objects.filter(due | Q(state__in=["queued", "sending", "processing", "unknown"]))
    return list(rows.select_related("organisation", "account"))


def put_in_doubt(delivery: Delivery) -> bool:
    told = {"why": "restored from backup"}
    columns = {
        "from_backup": True, "next_try_at": timezone.now(), "last_error": DOUBT, "looks": 0, "unanswered": 0,
        "review_since": None, "review_why": "",
    }  # fmt: skip
    try:
        if delivery.state == State.UNKNOWN:
            Delivery.objects.filter(pk=delivery.pk).update(**columns)
            return True
        if delivery.state == State.QUEUED:
            move(delivery, State.SCHEDULED, data=told)
        delivery.attempts.filter(ended_at=None).update(ended_at=timezone.now(), outcome=State.UNKNOWN, error=DOUBT)
        move(delivery, State.UNKNOWN, data=told, **columns)
    except Overtaken:
        return False
    return True


def open_questions() -> int:
    """How many of the doubted deliveries nobody has settled yet."""
    return Delivery.objects.filter(from_backup=True, state=State.UNKNOWN).count()


@transaction.atomic
def lift(hold: EngineHold, by: Person | None) -> None:
    """Publishing goes on. Raises `StillInDoubt` while a delivery is neither found, nor missing, nor decided."""
    if waiting := open_questions():
        raise StillInDoubt(
            f"Còn {waiting} lượt chưa rõ đã đăng hay chưa. Chờ đối chiếu xong, hoặc quyết định từng lượt "
            "trong “Chưa rõ kết quả”, rồi cho chạy lại."
        )
    now = timezone.now()
    if not EngineHold.objects.filter(lifted_at=None).update(lifted_at=now, lifted_by=by):  # two clocks may find one
        return
    Delivery.objects.filter(from_backup=True).update(from_backup=False)
    record("engine.lifted", f"hold:{hold.pk}", organisation=None, actor=by, data={"since": at_clock(hold.since)})
    transaction.on_commit(wake)
