"""A station with sessions to approve and air: items laid into its folder as the engine lays them, at any hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import uuid4

from django.utils import timezone

from campaigns.models import Campaign, PostPicture
from channels.registry import CHANNELS
from publisher.airing.models import Bulletin, Standing
from publisher.airing.sessions import Session, kept_bulletins, look, session_of
from publisher.airing.telling import Told
from publisher.approval.drafting import keep_picture, new_post
from publisher.approval.review import submit
from publisher.delivery.accounts import as_channel_sees
from publisher.delivery.desks import desk_for
from publisher.delivery.models import Account, Delivery
from publisher.delivery.moves import move
from publisher.delivery.shaping import payload_of
from publisher.delivery.states import State
from publisher.people.models import Person
from tests.ward import DECLARED, picture

TITLES = ("Lịch thu gom rác tháng 12", "Tiêm chủng cho trẻ em", "Họp tổ dân phố số 5")
BODY = "Mời bà con mang rác ra nhà văn hóa trước bảy giờ sáng thứ bảy. Mỗi nhà cử một người."


def day_before(clock: time, days: int = 1) -> datetime:
    """That clock time some days ago, where the stations are."""
    day = timezone.localdate() - timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, clock))


def lay(
    account: Account, campaign: Campaign, by: Person, slot: datetime, *titles: str, urgent: bool = False
) -> list[Delivery]:
    """Handed over an hour before the session, one delivery a title."""
    return [lay_one(account, campaign, by, slot, title, urgent=urgent) for title in titles or TITLES]


def lay_one(
    account: Account, campaign: Campaign, by: Person, slot: datetime, title: str, *, urgent: bool = False,
    at: datetime | None = None, body: str = BODY,
) -> Delivery:  # fmt: skip
    post = new_post(campaign, by=by, accounts=[account], title=title, lead="", body=body, urgent=urgent)
    PostPicture.objects.create(post=post, asset=keep_picture(post, picture(), "Xe thu gom rác", by, "", **DECLARED))
    version = submit(post, by=by)  # its own picture spares drawing a title card
    delivery = Delivery.objects.create(
        organisation=account.organisation, version=version, account=account, due_at=slot, next_try_at=slot,
        digest=version.renderings.get(account=account).digest, urgent=urgent,
    )  # fmt: skip
    for state in (State.QUEUED, State.SENDING):
        move(delivery, state)
    hand_over(delivery, at or slot - timedelta(hours=1))
    return delivery


def hand_over(delivery: Delivery, at: datetime) -> None:
    """As the engine does at `at`: the channel lays it into the folder."""
    local = at.astimezone(delivery.organisation.timezone)
    rendering = delivery.version.renderings.get(account=delivery.account)
    desk = replace(desk_for(delivery), now=local)
    outcome = CHANNELS["loudspeaker"].send(payload_of(rendering), as_channel_sees(delivery.account), desk)
    move(delivery, State.HANDED_OVER, remote_id=outcome.remote_id)


def bulletin_at(account: Account, slot: datetime) -> Bulletin:
    found = look([account], slot, slot)
    return kept_bulletins(account.organisation, found)[account.pk, slot]


def session_at(bulletin: Bulletin) -> Session:
    session = session_of(bulletin)
    assert session is not None
    return session


def aired(bulletin: Bulletin, **given: object) -> Told:
    """What an operator says who read it all, on time."""
    return Told(**{"key": uuid4(), "outcome": Standing.AIRED, "started_at": bulletin.slot_at, **given})


def states(*deliveries: Delivery) -> list[str]:
    return [Delivery.objects.values_list("state", flat=True).get(pk=delivery.pk) for delivery in deliveries]
