"""The history of a bulletin, in the transaction of the change it tells of."""

from __future__ import annotations

from publisher.airing.models import Bulletin
from publisher.events.log import record
from publisher.people.models import Person


def say(bulletin: Bulletin, what: str, by: Person | None, **data: object) -> None:
    told = {"slot": bulletin.slot_at.isoformat(), "account": bulletin.account_id, **data}
    record(f"bulletin.{what}", f"bulletin:{bulletin.pk}", organisation=bulletin.organisation, actor=by, data=told)
