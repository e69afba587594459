"""What was not read in a session goes to a later one, or nowhere; both can be seen afterwards."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain, takewhile
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from channels.errors import ChannelError
from channels.loudspeaker.bulletin import Item
from channels.loudspeaker.carrying import carry_on
from channels.loudspeaker.folder import Folder
from channels.loudspeaker.practice import Practice
from publisher.airing.models import TOLD, Airing, Bulletin
from publisher.approval.review import Refused
from publisher.delivery.accounts import as_channel_sees
from publisher.delivery.desk import NotPossible, refuse
from publisher.delivery.desks import desk_for
from publisher.delivery.models import Account, Action, Delivery
from publisher.delivery.moves import Overtaken
from publisher.delivery.secrets import UnreadableSecret
from publisher.delivery.sessions import HORIZON
from publisher.delivery.sessions import sessions_after as timetable
from publisher.delivery.states import State
from publisher.events.log import record
from publisher.people.models import Person
from publisher.timetable.obstacles import at_clock

log = logging.getLogger("publisher.airing")


def sessions_after(account: Account, moment: datetime) -> Iterator[datetime]:
    """Local moments after `moment` at which the account airs: the timetable's, or the station's own hours where its
    account names none. A blackout that is on does not count: nobody knows when it ends, and approving asks again."""
    coming = timetable(account)(moment)
    first = next(coming, None)
    if first is not None:
        yield from chain([first], coming)
        return
    practice = Practice.of(as_channel_sees(account))
    hours = practice.sessions_after(moment.astimezone(account.organisation.timezone))
    yield from takewhile(lambda slot: slot < moment + HORIZON, hours)


def next_session(account: Account, after: datetime) -> datetime | None:
    """The next session of which nobody has said what became of it."""
    for slot in sessions_after(account, after):
        if not Bulletin.objects.filter(account=account, slot_at=slot, state__in=TOLD).exists():
            return slot
    return None


def drop_rest(airing: Airing, rows: Iterable[Delivery], by: Person) -> None:
    for delivery in rows:
        try:
            refuse(delivery, by=by, reason=airing.reason)
        except NotPossible as error:
            raise Refused(str(error)) from error


def carry_stranded(account: Account, now: datetime | None = None) -> list[Delivery]:
    """Moves on what lies in a session that is over and was not closed with it: not read, or come too late. What had
    to make room for others gets the moment of the session it lies in.

    The folder first, the row after it: whoever is killed in between leaves nothing to mend.
    """
    now = now or timezone.now()
    rows = Delivery.objects.filter(account=account, state=State.HANDED_OVER, due_at__lte=now)
    rows = rows.exclude(action=Action.WITHDRAW).select_related("organisation", "account__organisation", "version")
    over = dict(Bulletin.objects.filter(account=account, state__in=TOLD).values_list("slot_at", "pk"))
    moved = []
    for delivery in rows:
        try:
            if carry_one(delivery, over, now):
                moved.append(delivery)
        except (ChannelError, UnreadableSecret, Overtaken, OSError, KeyError, ValueError) as error:
            log.warning("delivery %s not carried on: %s", delivery.pk, error)
    return moved


def carry_one(delivery: Delivery, over: dict[datetime, int], now: datetime) -> bool:
    seen, zone = as_channel_sees(delivery.account), delivery.organisation.timezone
    name = Folder.of(seen).where(str(delivery.ref))
    if not name:
        return False
    if (slot := slot_of(name, zone)) not in over:
        return follow(delivery, slot, last_why(Folder.of(seen), name, str(delivery.ref)))
    desk = replace(desk_for(delivery), now=now.astimezone(zone))
    why = why_carried(over[slot])
    placed = carry_on(seen, desk, why)
    note_carried(delivery, slot, slot_of(placed.name, zone), why)
    return True


def last_why(folder: Folder, name: str, ref: str) -> str:
    moves = Item.of(folder.records(name)[ref]).moves
    return moves[-1].why if moves else ""


def follow(delivery: Delivery, slot: datetime, why: str) -> bool:
    """Pushed on to `slot` by what was laid into its session before it began."""
    zone = delivery.organisation.timezone
    was = delivery.due_at.astimezone(zone).replace(second=0, microsecond=0)
    if slot <= was or slot <= timezone.now():
        return False
    note_carried(delivery, was, slot, why)
    return True


def slot_of(name: str, zone: ZoneInfo) -> datetime:
    """The moment the folder of a session is named after."""
    return datetime.strptime(name, "%Y-%m-%d-%H%M").replace(tzinfo=zone)


def why_carried(bulletin: int) -> str:
    said = Airing.objects.filter(bulletin=bulletin).first()
    return said.reason if said and said.reason else "Đến sau khi buổi ấy đã ghi xong."


@transaction.atomic
def note_carried(delivery: Delivery, slot: datetime, to: datetime, why: str) -> None:
    """Its new moment is that of the session it lies in now, unless the same words are due there already."""
    same = Delivery.objects.filter(version=delivery.version, account=delivery.account, action=delivery.action)
    if not same.filter(due_at=to).exclude(pk=delivery.pk).exists():
        waiting = Delivery.objects.filter(pk=delivery.pk, state=State.HANDED_OVER)
        if not waiting.update(due_at=to, remote_id=f"{to:%Y-%m-%d-%H%M}/{delivery.ref}"):
            raise Overtaken(f"delivery {delivery.pk} is no longer with people")
        delivery.due_at = to
    words = f"Từ buổi {at_clock(slot)} sang buổi {at_clock(to)}. {why}".strip()
    record(
        "delivery.carried",
        f"delivery:{delivery.pk}",
        organisation=delivery.organisation,
        data={"was": slot.isoformat(), "to": to.isoformat(), "reason": words},
    )
