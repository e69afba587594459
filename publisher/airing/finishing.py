"""What follows a decision outside the database: papers with the approver's name, what was not read, the episode.

Everything here may be done again: what a killed process left undone is found by the next look.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from channels import loudspeaker
from channels.errors import ChannelError
from channels.loudspeaker.folder import Folder, name_of
from publisher.airing.carrying import carry_stranded
from publisher.airing.models import TOLD, Airing, Bulletin, BulletinApproval
from publisher.airing.podcast import has_episode, is_wanted, put_episode_of
from publisher.airing.rules import deliveries_of
from publisher.airing.sessions import KIND, session_of
from publisher.delivery.accounts import as_channel_sees
from publisher.delivery.models import Account
from publisher.delivery.secrets import UnreadableSecret

log = logging.getLogger("publisher.airing")
RECENT = timedelta(days=2)  # so far back unfinished ends are looked for


def finish_soon(bulletin: Bulletin) -> None:
    transaction.on_commit(partial(finish, bulletin.pk))


def finish(pk: int) -> None:
    """After a session is over: its folder is closed, what was not read goes on, the episode goes out."""
    bulletin = Bulletin.objects.select_related("organisation", "account__organisation").get(pk=pk)
    attempt("closing the session", lambda: close_folder(bulletin))
    attempt("carrying on", lambda: carry_stranded(bulletin.account))
    attempt("episode", lambda: put_episode_of(bulletin))


def attempt(what: str, do: Callable[[], object]) -> None:
    """One end that cannot be finished now must not keep the others, nor undo what was decided."""
    try:
        do()
    except (ChannelError, UnreadableSecret, OSError, KeyError) as error:
        log.warning("%s not done, the next look tries again: %s", what, error)


def close_folder(bulletin: Bulletin) -> None:
    airing = bulletin.airings.select_related("by").first()
    if airing is None:
        return
    loudspeaker.close_session(as_channel_sees(bulletin.account), local_slot(bulletin), outcome_of(airing))


def outcome_of(airing: Airing) -> dict[str, object]:
    """For people who open the folder."""
    return {
        "ket-qua": airing.outcome_label,
        "bat-dau": airing.started_at.isoformat() if airing.started_at else "",
        "tin-cuoi": airing.last_item,
        "ly-do": airing.reason,
        "nguoi-ghi": str(airing.by),
    }


def print_soon(approval: BulletinApproval) -> None:
    transaction.on_commit(partial(attempt, "printing the approval", partial(print_approval, approval)))


def print_approval(approval: BulletinApproval) -> None:
    """The papers carry the approver's name from now on."""
    bulletin = approval.bulletin
    zone = bulletin.organisation.timezone
    given = loudspeaker.Approval(
        by=named(approval), at=approval.at.astimezone(zone), digest=approval.digest, credits=credits_of(bulletin)
    )
    loudspeaker.approve_session(as_channel_sees(bulletin.account), local_slot(bulletin), given)


def named(approval: BulletinApproval) -> str:
    person = approval.by
    if person is None:
        return ""
    return f"{person}, {person.position}" if person.position else str(person)


def credits_of(bulletin: Bulletin) -> dict[str, loudspeaker.Credit]:
    session = session_of(bulletin)
    rows = deliveries_of(bulletin.account, [item.ref for item in session.items] if session else [])
    found = {}
    for delivery in rows.select_related("version__post__author").prefetch_related("version__approvals__by"):
        decided = [one for one in delivery.version.approvals.all() if one.decision == "approved"]
        author, approver = delivery.version.post.author, decided[0].by if decided else None
        found[str(delivery.ref)] = loudspeaker.Credit(author=str(author or ""), approver=str(approver or ""))
    return found


def local_slot(bulletin: Bulletin) -> datetime:
    return bulletin.slot_at.astimezone(bulletin.organisation.timezone)


def finish_unfinished(now: datetime | None = None) -> None:
    """Ends that a killed process left: folders still open of sessions that are over, items in them."""
    now = now or timezone.now()
    over = Bulletin.objects.filter(state__in=TOLD, airings__at__gte=now - RECENT).distinct()
    for bulletin in over.select_related("organisation", "account__organisation"):
        attempt("closing the session", partial(close_if_open, bulletin))
        attempt("episode", partial(put_missing_episode, bulletin))
    for account in Account.objects.filter(kind=KIND, retired_at=None).select_related("organisation"):
        attempt("carrying on", partial(carry_stranded, account, now))


def put_missing_episode(bulletin: Bulletin) -> None:
    if is_wanted(bulletin.account) and not has_episode(bulletin):
        put_episode_of(bulletin)


def close_if_open(bulletin: Bulletin) -> None:
    folder = Folder.of(as_channel_sees(bulletin.account))
    name = name_of(local_slot(bulletin))
    if folder.paths(name) and folder.closed(name) is None:
        close_folder(bulletin)
