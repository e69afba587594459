"""Asking about what is not settled: a remote that still works, or an answer that was lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from channels.errors import ChannelError, Rejected, Unsupported
from publisher.delivery import accounts
from publisher.delivery.desks import desk_for
from publisher.delivery.models import Action, Delivery
from publisher.delivery.moves import Overtaken, move
from publisher.delivery.secrets import UnreadableSecret
from publisher.delivery.sending import (
    NotAsApproved,
    approved_payload,
    load,
    record_error,
    record_outcome,
    trouble_of_account,
)
from publisher.delivery.states import State

PATIENCE = timedelta(seconds=30)  # between looks that could not tell


def ask(pk: int, lease: UUID) -> None:
    """Polls a processing delivery or looks for an unknown one, under the lease it was claimed with."""
    delivery = load(pk)
    if delivery.lease != lease:
        return
    try:
        poll(delivery, lease) if delivery.state == State.PROCESSING else look(delivery, lease)
    except (ChannelError, UnreadableSecret, NotAsApproved) as error:
        trouble_of_account(delivery.account, error, delivery.attempts_made)
        later(delivery, lease, PATIENCE, getattr(error, "message", str(error)))
    except Overtaken:
        return


def poll(delivery: Delivery, lease: UUID) -> None:
    channel, account = accounts.ready(delivery.account)
    try:
        outcome = channel.poll(delivery.token, approved_payload(delivery), account, desk_for(delivery))
    except (Rejected, Unsupported, NotAsApproved) as error:
        record_error(delivery, None, lease, error)
        return
    if outcome.result.value == State.PROCESSING:
        later(delivery, lease, timedelta(seconds=5), "")
        return
    record_outcome(delivery, None, lease, outcome)


def look(delivery: Delivery, lease: UUID) -> None:
    """Reads back. Found: delivered. Absent often and long enough: back in line. Cannot tell: a person decides."""
    if delivery.action != Action.PUBLISH:
        back_in_line(delivery, lease)  # correcting or taking down twice has the effect of once
        return
    channel, account = accounts.ready(delivery.account)
    since = first_attempt(delivery)
    found = channel.reconcile(approved_payload(delivery), account, desk_for(delivery), since)
    if found is not None:
        record_outcome(delivery, None, lease, found)
    elif absence_proved(delivery, channel.listing_lag):
        back_in_line(delivery, lease)
    else:
        later(delivery, lease, timedelta(seconds=channel.listing_lag), delivery.last_error, looks=delivery.looks + 1)


def first_attempt(delivery: Delivery) -> datetime:
    return delivery.attempts.order_by("number").values_list("started_at", flat=True).first() or delivery.due_at


def absence_proved(delivery: Delivery, listing_lag: float) -> bool:
    """Files tell at once; a remote listing may lag, so it takes two looks with the lag between them."""
    return listing_lag == 0 or delivery.looks >= 1


def back_in_line(delivery: Delivery, lease: UUID) -> None:
    words = "Đã đối chiếu: bài chưa được đăng. Sẽ gửi lại."
    move(
        delivery,
        State.SCHEDULED,
        under=lease,
        data={"why": "absence proved", "looks": delivery.looks + 1},
        next_try_at=timezone.now(),
        last_error=words,
        looks=0,
    )


def later(delivery: Delivery, lease: UUID, wait: timedelta, words: str, **columns: object) -> None:
    """Gives the row back for another question; its state does not change."""
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk, lease=lease, state=delivery.state).update(
            lease=None, leased_until=None, next_try_at=timezone.now() + wait, last_error=words, **columns
        )
