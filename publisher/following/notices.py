"""Telling people: whom it concerns gets one notice of one cause, in the console and, where wanted, by letter."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.utils import timezone

from publisher.events.models import Event
from publisher.following.models import Notice, NoticeChoice
from publisher.following.tells import TELLS, Said, Tell, crowd
from publisher.people.models import Member, Organisation, Person
from publisher.people.rights import Role

log = logging.getLogger("publisher.following")
FEW = 3  # more at once, of one kind in one organisation, are told in one sentence


class Notices:
    kind = "notice"

    def receive(self, events: Sequence[Event], now: datetime) -> None:
        tell([event for event in events if event.kind in TELLS and TELLS[event.kind].applies(event)], now)


def tell(events: Iterable[Event], now: datetime) -> None:
    """Inside the caller's transaction."""
    alike: dict[tuple[str, int | None], list[Event]] = defaultdict(list)
    for event in events:
        alike[event.kind, event.organisation_id].append(event)
    for (kind, _), same in alike.items():
        told = TELLS[kind]
        lots = [same] if len(same) > FEW else [[event] for event in same]
        for lot in lots:
            said = crowd(told, lot) if len(lot) > 1 else words_of(told, lot[0])
            give(lot[0].organisation, told.roles, f"event:{lot[0].uid}", kind, said, now, besides=lot[0].actor_id)


def words_of(told: Tell, event: Event) -> Said:
    """One event nobody finds words for must not keep the others from being told."""
    try:
        return told.one(event)
    except (LookupError, ValueError, ObjectDoesNotExist) as error:
        log.warning("no words for event %s: %s", event.pk, error)
        return crowd(told, [event])


def give(
    organisation: Organisation | None,
    roles: frozenset[Role],
    cause: str,
    kind: str,
    said: Said,
    now: datetime,
    besides: int | None = None,
) -> None:
    """A notice for everybody in these roles but the one who did it; without an organisation, in all of them."""
    members = Member.objects.filter(role__in=roles, left_at=None, person__is_active=True, organisation__retired_at=None)
    if organisation is not None:
        members = members.filter(organisation=organisation)
    concerned = dict(members.exclude(person=besides).order_by("-pk").values_list("person_id", "organisation_id"))
    words, address = said
    Notice.objects.bulk_create(
        [
            Notice(
                person_id=person, organisation_id=place, cause=cause, kind=kind,
                words=words.strip()[:500], address=address, at=now,
            )
            for person, place in concerned.items()
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def notices_of(person: Person, organisation: Organisation) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person, organisation=organisation).order_by("-pk")


def unread(person: Person, organisation: Organisation) -> int:
    return notices_of(person, organisation).filter(read_at=None).count()


def mark_read(person: Person, organisation: Organisation, pk: int | None = None) -> int:
    """That one, or all of them."""
    rows = notices_of(person, organisation).filter(read_at=None)
    return rows.filter(**({"pk": pk} if pk else {})).update(read_at=timezone.now())


def by_letter(person: Person) -> bool:
    return not NoticeChoice.objects.filter(person=person, by_letter=False).exists()


def choose(person: Person, *, by_letter: bool) -> None:
    NoticeChoice.objects.update_or_create(person=person, defaults={"by_letter": by_letter})
