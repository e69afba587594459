"""The one function that moves a delivery: conditional UPDATE, event and money in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from publisher.budget import ledger
from publisher.delivery.models import Action, Delivery
from publisher.delivery.states import FINAL, LABELS, MOVES, State
from publisher.events.log import record
from publisher.people.models import Person

MONEY: dict[State, Callable[..., None]] = {
    State.DELIVERED: ledger.confirm,
    State.FAILED: ledger.release,
    State.CANCELLED: ledger.release,
    State.MISSED: ledger.release,
}


class IllegalMove(ValueError):
    """The table of moves does not allow it: a mistake in our code or a click on a stale page."""


class Overtaken(RuntimeError):
    """Somebody else moved the delivery first; nothing was changed here."""


def move(
    delivery: Delivery,
    to: State,
    *,
    by: Person | None = None,
    under: UUID | None = None,
    data: Mapping[str, Any] | None = None,
    **columns: Any,
) -> Delivery:
    """Moves `delivery` from the state it was read in. `under` is the lease the caller acts
    under: whoever no longer holds it is fenced out.

    Raises `IllegalMove` or `Overtaken`; in both cases nothing is written.
    """
    was = State(delivery.state)
    if to not in MOVES[was]:
        raise IllegalMove(f"Không thể chuyển lượt đăng từ “{LABELS[was]}” sang “{LABELS[to]}”.")
    with transaction.atomic():
        change(delivery, to, under=under, **columns)
        record(
            f"delivery.{to}",
            f"delivery:{delivery.pk}",
            organisation=delivery.organisation,
            actor=by,
            data={"from": was, "to": to, **(data or {})},
        )
        if follow := MONEY.get(to):
            follow(delivery, by=by)
        if to is State.DELIVERED and delivery.of_id is not None:
            supersede(delivery, by=by)
    return delivery


def supersede(delivery: Delivery, *, by: Person | None) -> None:
    """What was corrected or withdrawn says so, whoever closed the order; one that was taken down stays down."""
    original = Delivery.objects.select_for_update().select_related("organisation").get(pk=delivery.of_id)
    told = {"by_delivery": delivery.pk}
    if original.state == State.HANDED_OVER and delivery.action == Action.WITHDRAW:
        move(original, State.FAILED, by=by, data=told, last_error="Đã rút lại trước khi thực hiện.")
        return
    to = State.CORRECTED if delivery.action == Action.CORRECT else State.WITHDRAWN
    if to in MOVES[State(original.state)]:
        move(original, to, by=by, data=told)


def change(delivery: Delivery, to: State, *, under: UUID | None, **columns: Any) -> None:
    """The conditional UPDATE; counts its row."""
    now = timezone.now()
    columns.setdefault("lease", None)
    columns.setdefault("leased_until", None)
    if to is State.DELIVERED:
        columns.setdefault("delivered_at", now)
    if to in FINAL or to is State.DELIVERED:
        columns.setdefault("closed_at", now)
    rows = Delivery.objects.filter(pk=delivery.pk, state=delivery.state)
    if under is not None:
        rows = rows.filter(lease=under)
    if rows.update(state=to, **columns) != 1:
        raise Overtaken(f"delivery {delivery.pk} is no longer {delivery.state}")
    for name, value in {"state": str(to), **columns}.items():
        setattr(delivery, name, value)
