"""What a channel may use while it acts: pictures, credentials that may change under it, notes that outlive a crash."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from channels import contract
from channels.errors import Unavailable
from publisher.delivery import accounts
from publisher.delivery.models import Account, Delivery
from publisher.delivery.sessions import sessions_after
from publisher.delivery.shaping import media
from publisher.delivery.states import State
from publisher.mailing.audience import audience

ALONE_SECONDS = 90  # longer than any call of a renewal may take; a killed holder is waited out
STANDING = (State.DELIVERED, State.CORRECTED)
PATIENCE_SECONDS = 60.0  # how long one waits for another's renewal
_waiting = threading.Event()  # never set: a pause that needs no sleep


def desk_for(delivery: Delivery) -> contract.Desk:
    """The desk of one delivery; its notes and what it waits for included."""
    return _desk(
        delivery.account,
        ref=str(delivery.ref),
        due_at=delivery.due_at,
        notes=delivery.notes,
        keep_notes=lambda notes: keep_notes(delivery, notes),
        after=stands(delivery),
        audience=audience(delivery),
        deadline=delivery.late_until and delivery.late_until.astimezone(delivery.organisation.timezone),
        sessions_after=sessions_after(delivery.account),
    )


def desk_of_account(account: Account) -> contract.Desk:
    """A desk for looking at an account, not for publishing."""
    return _desk(account, ref="", due_at=timezone.now())


def _desk(account: Account, *, ref: str, due_at: datetime, **rest: Any) -> contract.Desk:
    zone = account.organisation.timezone
    lender = account.through or account
    return contract.Desk(
        delivery_ref=ref,
        due_at=due_at.astimezone(zone),
        now=timezone.now().astimezone(zone),
        media=media().get,
        keep_secrets=lambda renewed: accounts.set_secrets(lender, renewed, by=None),
        secrets_now=lambda: accounts.secrets_of(lender),
        alone=holder(lender),
        slow_down=lambda seconds: rest_account(lender, seconds),
        **rest,
    )


def stands(delivery: Delivery) -> contract.Remote | None:
    """What stands of the delivery this one waits for."""
    before = delivery.waits_for
    if before is None or before.state not in STANDING:
        return None
    zone = delivery.organisation.timezone
    return contract.Remote(before.remote_id, before.permalink, str(before.ref), before.due_at.astimezone(zone))


def keep_notes(delivery: Delivery, notes: Mapping[str, Any]) -> None:
    """Committed before it returns: what a killed process was doing can be taken up or cleaned up."""
    delivery.notes = dict(notes)
    Delivery.objects.filter(pk=delivery.pk).update(notes=delivery.notes)


def rest_account(account: Account, seconds: float) -> None:
    """Nothing more for this account, nor for those that borrow from it, before so many seconds have passed."""
    until = timezone.now() + timedelta(seconds=seconds)
    mine = Account.objects.filter(Q(pk=account.pk) | Q(through=account.pk))
    mine.filter(Q(rests_until=None) | Q(rests_until__lt=until)).update(rests_until=until)


def holder(account: Account) -> Callable[[], AbstractContextManager[None]]:
    @contextmanager
    def alone() -> Iterator[None]:
        """One holder per account across all processes. The row is the lock: it outlives nobody who holds it by much."""
        mine = uuid.uuid4()
        wait_for_turn(account, mine)
        try:
            yield
        finally:
            Account.objects.filter(pk=account.pk, alone_by=mine).update(alone_by=None, alone_until=None)

    return alone


def wait_for_turn(account: Account, mine: uuid.UUID) -> None:
    """Raises `Unavailable` when somebody else does not get done."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        now = timezone.now()
        free = Account.objects.filter(pk=account.pk).filter(Q(alone_until=None) | Q(alone_until__lt=now))
        if free.update(alone_by=mine, alone_until=now + timedelta(seconds=ALONE_SECONDS)):
            return
        _waiting.wait(0.1)
    raise Unavailable("Tài khoản đang được gia hạn mã ở một tiến trình khác. Hệ thống sẽ tự thử lại.")
