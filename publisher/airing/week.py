"""The broadcasting schedule of a week as it is laid before whoever signs it: every session, its items, its minutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from channels.errors import ChannelError
from publisher.airing.approving import standing_approval
from publisher.airing.carrying import sessions_after
from publisher.airing.diary import midnight
from publisher.airing.models import Bulletin
from publisher.airing.sessions import Look, Session, look
from publisher.delivery.models import Account, Action, Delivery
from publisher.delivery.secrets import UnreadableSecret
from publisher.delivery.states import State

COMING = (State.SCHEDULED, State.QUEUED, State.SENDING)
ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Planned:
    """One session of the week. `titles` of what lies in the folder, else of what is approved and still to be laid."""

    slot: datetime  # local
    account: Account
    titles: tuple[str, ...]
    seconds: int  # 0: not known yet
    approver: str
    pk: int | None  # of the bulletin's row

    @property
    def minutes(self) -> int:
        return -(-self.seconds // 60)


@dataclass(frozen=True, slots=True)
class Week:
    monday: date
    sessions: tuple[Planned, ...]
    problems: tuple[str, ...]

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def minutes(self) -> int:
        return sum(one.minutes for one in self.sessions)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_of(accounts: Iterable[Account], monday: date) -> Week:
    planned: list[Planned] = []
    problems: list[str] = []
    for account in accounts:
        try:
            planned += week_of_one(account, monday, problems)
        except (ChannelError, UnreadableSecret) as error:
            problems.append(f"{account.name}: {error}")
    planned.sort(key=lambda one: (one.slot, one.account.pk))
    return Week(monday, tuple(planned), tuple(dict.fromkeys(problems)))


def week_of_one(account: Account, monday: date, problems: list[str]) -> list[Planned]:
    zone = account.organisation.timezone
    first = midnight(monday, zone)
    last = midnight(monday + timedelta(days=7), zone) - ONE_SECOND
    found = look([account], first, last)
    problems += found.problems
    hours = []
    for slot in sessions_after(account, first - ONE_SECOND):
        if slot > last:
            break
        hours.append(slot)
    slots = sorted({*hours, *(slot for _, slot in found.sessions)})
    coming = titles_to_come(account, slots, last)
    rows = {row.slot_at: row for row in Bulletin.objects.filter(account=account, slot_at__in=slots)}
    return [planned_at(account, slot, found, coming, rows.get(slot)) for slot in slots]


def planned_at(
    account: Account, slot: datetime, found: Look, coming: dict[datetime, list[str]], row: Bulletin | None
) -> Planned:
    session = found.sessions.get((account.pk, slot))
    laid = tuple(item.title for item in session.items) if session else ()
    return Planned(
        slot=slot,
        account=account,
        titles=(*laid, *coming.get(slot, ())),
        seconds=session.seconds if session else 0,
        approver=approver_of(row, session),
        pk=row.pk if row else None,
    )


def approver_of(row: Bulletin | None, session: Session | None) -> str:
    approval = standing_approval(row, session.digest) if row and session else None
    return str(approval.by) if approval else ""


def titles_to_come(account: Account, slots: list[datetime], last: datetime) -> dict[datetime, list[str]]:
    """Approved and scheduled, not yet in the folder: each under the first session at or after its time."""
    if not slots:
        return {}
    rows = Delivery.objects.filter(account=account, state__in=COMING, action=Action.PUBLISH)
    rows = rows.filter(due_at__gte=slots[0], due_at__lte=last).select_related("version").order_by("due_at", "pk")
    found: dict[datetime, list[str]] = {}
    for delivery in rows:
        slot = next((one for one in slots if one >= delivery.due_at), None)
        if slot is not None:
            found.setdefault(slot, []).append(delivery.version.title)
    return found
