"""A ward's station, who works there, and a session of yesterday morning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from publisher.airing.approving import approve
from publisher.airing.models import Bulletin, BulletinApproval
from publisher.delivery.models import Account, Delivery
from publisher.people.models import Organisation, Person
from publisher.people.rights import Role
from tests.airing.stations import bulletin_at, day_before, lay, session_at
from tests.ward import Ward, make_ward, person

MORNING = time(7, 30)


@dataclass
class Station:
    ward: Ward
    operator: Person

    @property
    def organisation(self) -> Organisation:
        return self.ward.organisation

    @property
    def account(self) -> Account:
        return self.ward.account("loudspeaker")

    @property
    def morning(self) -> datetime:
        """Of yesterday: its hour has come whatever the time is."""
        return day_before(MORNING)

    def lay(self, slot: datetime | None = None, *titles: str, urgent: bool = False) -> list[Delivery]:
        return lay(self.account, self.ward.campaign, self.ward.officer, slot or self.morning, *titles, urgent=urgent)

    def bulletin(self, slot: datetime | None = None) -> Bulletin:
        return bulletin_at(self.account, slot or self.morning)

    def approved(self, bulletin: Bulletin, **given: object) -> BulletinApproval:
        """An hour before it is aired, unless told otherwise."""
        session = session_at(bulletin)
        told = {"now": bulletin.slot_at - timedelta(hours=1), "digest": session.digest, "by": self.ward.approver}
        return approve(bulletin, session, **{**told, **given})


def new_station() -> Station:
    ward = make_ward()
    return Station(ward, person(ward.organisation, Role.OPERATOR))
