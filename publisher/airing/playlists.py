"""Secret addresses for loudspeakers on the network: what is approved and recorded. Only a digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from publisher.airing.approving import silent_for, standing_approval
from publisher.airing.models import OPEN, Bulletin, PlaylistAddress
from publisher.airing.sessions import Session, look
from publisher.delivery.models import Account
from publisher.events.log import record
from publisher.people.models import Organisation, Person

BACK, AHEAD = timedelta(minutes=45), timedelta(hours=36)  # a session that is on is still fetched; the next is, too
READ_AGAIN = timedelta(hours=1)  # how exactly it is kept when an address was last asked


@transaction.atomic
def open_address(account: Account, label: str, *, by: Person) -> str:
    """The token of a new address. It is shown once and kept nowhere."""
    token = secrets.token_urlsafe(32)
    address = PlaylistAddress.objects.create(
        organisation=account.organisation,
        account=account,
        token_sha256=digest(token),
        label=label.strip(),
        created_by=by,
    )
    note(address, "opened", by, account=account.pk, label=address.label)
    return token


@transaction.atomic
def revoke_address(address: PlaylistAddress, *, by: Person) -> None:
    if PlaylistAddress.objects.filter(pk=address.pk, revoked_at=None).update(revoked_at=timezone.now()):
        note(address, "revoked", by)


def addresses_of(organisation: Organisation) -> QuerySet[PlaylistAddress]:
    rows = PlaylistAddress.objects.filter(organisation=organisation, revoked_at=None)
    return rows.select_related("account", "created_by")


def address_of(token: str) -> PlaylistAddress | None:
    """The address a token opens; None when it was revoked or its station given up."""
    rows = PlaylistAddress.objects.filter(
        token_sha256=digest(token), revoked_at=None, organisation__retired_at=None, account__retired_at=None
    )
    found = rows.select_related("account__organisation").first()
    if found is not None:
        long_ago = Q(read_at=None) | Q(read_at__lt=timezone.now() - READ_AGAIN)
        PlaylistAddress.objects.filter(long_ago, pk=found.pk).update(read_at=timezone.now())
    return found


def playable(account: Account, now: datetime) -> list[Session]:
    """Sessions that may be played: approved as they are, recorded, not told to be over, not silenced since."""
    found = look([account], now - BACK, now + AHEAD)
    rows = Bulletin.objects.filter(account=account, slot_at__in=[slot for _, slot in found.sessions])
    known = {row.slot_at: row for row in rows.select_related("organisation", "account__organisation")}
    return [one for (_, slot), one in sorted(found.sessions.items()) if may_play(known.get(slot), one)]


def may_play(bulletin: Bulletin | None, session: Session) -> bool:
    if bulletin is None or bulletin.state not in OPEN or session.sound is None:
        return False
    approval = standing_approval(bulletin, session.digest)
    if approval is None:
        return False
    return not silent_for(bulletin, session) or bool(session.all_urgent and approval.order)


def digest(token: str) -> str:
    """The token has 256 bits of chance: a plain digest gives nothing away."""
    return hashlib.sha256(token.encode()).hexdigest()


def note(address: PlaylistAddress, what: str, by: Person, **data: object) -> None:
    record(f"playlist.{what}", f"playlist:{address.pk}", organisation=address.organisation, actor=by, data=data)
