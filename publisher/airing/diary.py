"""The station's log: every session of a period, also those nobody has spoken of, each with the last word on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.utils import timezone

from publisher.airing.models import Airing, Bulletin, BulletinApproval, Ruling, Standing
from publisher.people.models import Organisation

UNCONFIRMED = "unconfirmed"  # its hour has come, and nobody said what became of it


@dataclass(frozen=True, slots=True)
class Entry:
    """One session. `airing` is the newest entry, None when there is none."""

    bulletin: Bulletin
    airing: Airing | None
    approval: BulletinApproval | None

    @property
    def outcome(self) -> str:
        return self.airing.outcome if self.airing else UNCONFIRMED

    @property
    def outcome_label(self) -> str:
        return self.airing.outcome_label if self.airing else "chưa xác nhận"

    @property
    def heard(self) -> int:
        """How many items were read to their end."""
        if self.airing is None:
            return 0
        all_of_it = len(self.airing.said) if self.airing.outcome == Standing.AIRED else 0
        return self.airing.last_item if self.airing.last_item is not None else all_of_it

    @property
    def items(self) -> int:
        return len(self.airing.said) if self.airing else 0

    @property
    def seconds(self) -> int:
        """On the air: as told, else as planned for what was read."""
        airing = self.airing
        if airing is None or airing.started_at is None:
            return 0
        if airing.ended_at is not None:
            return int((airing.ended_at - airing.started_at).total_seconds())
        return sum(one["seconds"] for one in airing.said[: self.heard])

    @property
    def corrected(self) -> bool:
        return self.airing is not None and self.airing.corrects_id is not None


@dataclass(frozen=True, slots=True)
class Totals:
    sessions: int
    aired: int
    cut_short: int
    not_aired: int
    unconfirmed: int
    items: int  # read to their end
    seconds: int


def diary(organisation: Organisation, first: date, last: date, *, account: int | None = None) -> list[Entry]:
    """Sessions whose hour came from `first` to `last`, both included, in the order of time."""
    zone = organisation.timezone
    since, before = midnight(first, zone), min(midnight(last + timedelta(days=1), zone), timezone.now())
    rows = Bulletin.objects.filter(organisation=organisation, slot_at__gte=since, slot_at__lt=before)
    rows = rows.exclude(state=Standing.EMPTY)
    rows = rows.filter(account=account) if account else rows
    airings = Prefetch("airings", Airing.objects.select_related("by"))
    approvals = Prefetch("approvals", BulletinApproval.objects.select_related("by"))
    return [entry_of(row) for row in rows.select_related("account").prefetch_related(airings, approvals)]


def entry_of(bulletin: Bulletin) -> Entry:
    approved = [one for one in bulletin.approvals.all() if one.ruling == Ruling.APPROVED]
    return Entry(bulletin, next(iter(bulletin.airings.all()), None), approved[0] if approved else None)


def totals(entries: Iterable[Entry]) -> Totals:
    found = list(entries)
    count = {outcome: sum(one.outcome == outcome for one in found) for outcome in (*Standing.values, UNCONFIRMED)}
    return Totals(
        sessions=len(found),
        aired=count[Standing.AIRED],
        cut_short=count[Standing.CUT_SHORT],
        not_aired=count[Standing.NOT_AIRED],
        unconfirmed=count[UNCONFIRMED],
        items=sum(one.heard for one in found),
        seconds=sum(one.seconds for one in found),
    )


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)
