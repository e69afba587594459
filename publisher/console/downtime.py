"""The last time no clock ran, as far as the clocks' own beats tell, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from publisher.delivery.clock import ALIVE
from publisher.delivery.models import ClockBeat, Delivery
from publisher.delivery.states import State
from publisher.people.models import Organisation

TOLD = timedelta(hours=24)  # after the clock runs again
REACH = timedelta(days=30)  # beats looked at


@dataclass(frozen=True, slots=True)
class Downtime:
    since: datetime
    until: datetime
    missed: int
    late: int


def last_downtime(organisation: Organisation, now: datetime) -> Downtime | None:
    """The newest gap between the lives of the clocks, told for a day when it cost this organisation something."""
    gap = newest_gap(now)
    if gap is None or gap[1] < now - TOLD:
        return None
    since, until = gap
    due = Delivery.objects.filter(organisation=organisation, due_at__gte=since, due_at__lte=until)
    missed = due.filter(state=State.MISSED, closed_at__gte=until).count()
    late = due.filter(delivered_at__gte=until).count()
    return Downtime(since, until, missed, late) if missed or late else None


def newest_gap(now: datetime) -> tuple[datetime, datetime] | None:
    """From the last beat of all earlier clocks to the start of the next one, where that is longer than a pause."""
    lives = ClockBeat.objects.filter(beat_at__gte=now - REACH).order_by("started_at", "pk")
    found, reach = None, None
    for started_at, beat_at in lives.values_list("started_at", "beat_at"):
        if reach is not None and started_at - reach > ALIVE:
            found = (reach, started_at)
        reach = beat_at if reach is None else max(reach, beat_at)
    return found
