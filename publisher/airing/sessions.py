"""The sessions of an organisation's stations: rows beside what lies in the operator's folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from channels import loudspeaker
from channels.errors import ChannelError
from channels.loudspeaker.bulletin import Kind, Part
from channels.loudspeaker.folder import PAPERS, Folder, name_of
from channels.loudspeaker.marks import SoundFile, kept_sound
from publisher.airing.hours import span_of
from publisher.airing.models import OPEN, TOLD, Bulletin, Standing
from publisher.delivery.accounts import as_channel_sees
from publisher.delivery.models import Account, Delivery
from publisher.delivery.secrets import UnreadableSecret
from publisher.people.models import Organisation

KIND = "loudspeaker"


@dataclass(frozen=True, slots=True)
class Item:
    """One item as the log keeps it. `seconds` with its lead and pauses."""

    ref: str
    title: str
    seconds: int
    urgent: bool

    def record(self) -> dict[str, Any]:
        return {"ref": self.ref, "title": self.title, "seconds": self.seconds, "urgent": self.urgent}


class Session:
    """One session that holds items, as it lies in the folder now. Its recording is only looked at when asked for."""

    def __init__(self, path: Path, bulletin: loudspeaker.Bulletin, slot: datetime) -> None:
        self.path = path
        self.bulletin = bulletin
        self.slot = slot  # aware

    @property
    def name(self) -> str:
        """ "2026-11-23-0730"."""
        return self.path.name

    @cached_property
    def digest(self) -> str:
        return self.bulletin.digest

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        return self.bulletin.parts

    @cached_property
    def seconds(self) -> int:
        return self.bulletin.seconds

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """In the order in which they are read."""
        titles = {item.ref: item.title for item in self.bulletin.items}
        spoken = (part for part in self.parts if part.kind is Kind.ITEM)
        return tuple(Item(part.ref, titles[part.ref], round(part.seconds), part.urgent) for part in spoken)

    @property
    def all_urgent(self) -> bool:
        return all(item.urgent for item in self.items)

    @cached_property
    def sound(self) -> SoundFile | None:
        """The recording of these very words."""
        return kept_sound(self.path, self.digest)

    @property
    def papers(self) -> list[str]:
        return [name for name in PAPERS if (self.path / name).is_file()]


@dataclass(slots=True)
class Look:
    """What a look at the folders found. `problems` are sentences for people: what could not be read."""

    sessions: dict[tuple[int, datetime], Session]
    problems: list[str]


def stations(organisation: Organisation) -> QuerySet[Account]:
    rows = Account.objects.filter(organisation=organisation, kind=KIND).select_related("organisation")
    return rows.order_by("retired_at", "pk")


def look(accounts: Iterable[Account], first: datetime, last: datetime) -> Look:
    """Every session of these accounts from `first` to `last`."""
    found: dict[tuple[int, datetime], Session] = {}
    problems = []
    for account in accounts:
        zone = account.organisation.timezone
        try:
            folder = Folder.of(as_channel_sees(account))
            names = folder.names(name_of(first.astimezone(zone)), name_of(last.astimezone(zone)))
        except (ChannelError, UnreadableSecret, OSError) as error:
            problems.append(f"{account.name}: {error}")
            continue
        for name in names:
            try:
                session = read(folder, name, account)
            except ChannelError as error:  # one that is broken hides no other
                problems.append(f"{account.name}, buổi {name}: {error}")
            except KeyError:  # its last item was taken out just now
                continue
            else:
                found[account.pk, session.slot] = session
    return Look(found, problems)


def session_of(bulletin: Bulletin) -> Session | None:
    """None when nothing is to be said any more. Raises `ChannelError` when it cannot be read."""
    folder = Folder.of(as_channel_sees(bulletin.account))
    name = name_of(bulletin.slot_at.astimezone(bulletin.organisation.timezone))
    return read(folder, name, bulletin.account) if folder.paths(name) else None


def read(folder: Folder, name: str, account: Account) -> Session:
    slot = datetime.strptime(name, "%Y-%m-%d-%H%M").replace(tzinfo=account.organisation.timezone)
    bulletin = folder.bulletin(name)
    if slot <= timezone.now() and (approved := folder.as_approved(name)):
        bulletin = approved  # what the account says since does not change what was read
    return Session(folder.root / name, bulletin, slot)


def kept_bulletins(organisation: Organisation, found: Look) -> dict[tuple[int, datetime], Bulletin]:
    """The rows of these sessions, made where there was none."""
    if not found.sessions:
        return {}
    accounts = {account for account, _ in found.sessions}
    slots = [slot for _, slot in found.sessions]
    rows = Bulletin.objects.filter(account__in=accounts, slot_at__gte=min(slots), slot_at__lte=max(slots))
    known = {(row.account_id, row.slot_at) for row in rows}
    missing = [key for key in found.sessions if key not in known]
    if missing:
        Bulletin.objects.bulk_create(
            [Bulletin(organisation=organisation, account_id=account, slot_at=slot) for account, slot in missing],
            ignore_conflicts=True,  # somebody else saw it first
        )
    rows = rows.select_related("organisation", "account__organisation").order_by("slot_at", "pk")
    return {key: reopened(row) for row in rows if (key := (row.account_id, row.slot_at)) in found.sessions}


def reopened(bulletin: Bulletin) -> Bulletin:
    """Items came again into what had been emptied."""
    emptied = Bulletin.objects.filter(pk=bulletin.pk, state=Standing.EMPTY)
    if bulletin.state == Standing.EMPTY and emptied.update(state=Standing.WAITING):
        bulletin.state = Standing.WAITING
    return bulletin


def window(now: datetime) -> tuple[datetime, datetime]:
    """Between which moments sessions are looked for."""
    return now - span_of("look_back_days"), now + span_of("look_ahead_days")


def open_bulletins(organisation: Organisation, before: datetime) -> QuerySet[Bulletin]:
    """Sessions whose hour has come and of which nobody has said what became of them, oldest first."""
    rows = Bulletin.objects.filter(organisation=organisation, state__in=OPEN, slot_at__lte=before)
    return rows.select_related("organisation", "account__organisation").order_by("slot_at", "pk")


def late(bulletin: Bulletin, seconds: int, now: datetime) -> bool:
    """Whether people should have said by now what became of it."""
    return now >= bulletin.slot_at + timedelta(seconds=seconds) + span_of("unconfirmed_hours")


def bulletins_to_approve(organisation: Organisation, now: datetime) -> list[Bulletin]:
    """Sessions to come that nobody has approved, the next first."""
    rows = Bulletin.objects.filter(organisation=organisation, state=Standing.WAITING, slot_at__gt=now)
    return list(rows.select_related("account").order_by("slot_at", "pk"))


def session_row(delivery: Delivery) -> Bulletin | None:
    """The row of the session in which the delivery is to be read; None for what is read in none, or in one that is
    over. The folder knows it: what was told at the handing over may have had to make room since."""
    if delivery.account.kind != KIND:
        return None
    name, _, ref = delivery.remote_id.rpartition("/")
    try:
        name = Folder.of(as_channel_sees(delivery.account)).where(ref or str(delivery.ref)) or name
        slot = datetime.strptime(name, "%Y-%m-%d-%H%M").replace(tzinfo=delivery.organisation.timezone)
    except (ChannelError, UnreadableSecret, ValueError):
        return None
    row, _ = Bulletin.objects.get_or_create(
        account=delivery.account, slot_at=slot, defaults={"organisation": delivery.organisation}
    )
    return row if row.state not in TOLD else None
