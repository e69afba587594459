"""Correcting what was read of a plan: kept beside the read value, with who and when, and the rows follow.

Every correction is one transaction: its row, the columns of plan, theme, target or budget line that hold the value,
what was derived from it and nobody has touched since, and an event. Posts people wrote, deliveries and money stay.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from campaigns.corrections import Place, checked, next_addition, place, value_at, words_of
from campaigns.fields import BadCorrection
from campaigns.models import Plan
from publisher.events.log import record
from publisher.intake.following import follow
from publisher.intake.models import Correction
from publisher.intake.rows import settle
from publisher.intake.understanding import newest, understood
from publisher.people.models import Person

__all__ = ["BadCorrection", "Overtaken", "add", "confirm", "correct", "exclude", "withdraw"]


class Overtaken(Exception):
    """Somebody else corrected the same place since the page was opened; nothing was saved."""


@transaction.atomic
def correct(
    plan: Plan, pointer: str, value: Any, *, by: Person | None, note: str = "", seen: int | None = None
) -> Correction:
    """Says what stands at `pointer`. `seen` is the id of the correction the person saw there (0: none; None: whoever
    calls does not care). The value that was read, given again, confirms it.

    Raises `BadCorrection` (the value does not fit, or money is bound to it) and `Overtaken`; then nothing changed.
    """
    locked = Plan.objects.select_for_update().select_related("organisation").get(pk=plan.pk)
    before, where = understood(locked), place(pointer)
    refuse_overtaken(locked, pointer, seen)
    value = None if where.adds and value is None else checked(before, pointer, value)
    row = Correction(
        plan=locked,
        pointer=pointer,
        read=value_at(locked.reading, pointer),
        value=value,
        note=note.strip()[:500],
        by=by,
    )
    row.save()
    after = understood(locked)
    settle(locked, where, after)
    tell(locked, where, before, row, by)
    follow(locked, before, after, by)
    plan.refresh_from_db()
    return row


def add(plan: Plan, around: str, value: dict[str, Any], *, by: Person | None, note: str = "") -> Correction:
    """Adds what the reader missed to a list: "/themes", "/themes/0/children", "/targets", "/budget/lines" …"""
    taken = plan.corrections.filter(pointer__startswith=f"{around}/+").values_list("pointer", flat=True)
    return correct(plan, next_addition(plan.reading, around, taken), value, by=by, note=note)


def exclude(plan: Plan, item: str, *, by: Person | None, note: str = "") -> Correction:
    """Says that what was read at `item` ("/themes/2") is no such thing. `correct(plan, item + "/excluded", False)`
    takes it back."""
    return correct(plan, f"{item}/excluded", True, by=by, note=note)


def withdraw(plan: Plan, pointer: str, *, by: Person | None, note: str = "") -> Correction:
    """Goes back to what was read; of an addition: takes it away."""
    value = None if place(pointer).adds else value_at(plan.reading, pointer)
    return correct(plan, pointer, value, by=by, note=note)


def confirm(plan: Plan, pointer: str, *, by: Person | None, note: str = "") -> Correction:
    """Says that the value standing there is right: a title read from poor text waits for this."""
    return correct(plan, pointer, value_at(understood(plan), pointer), by=by, note=note)


def refuse_overtaken(plan: Plan, pointer: str, seen: int | None) -> None:
    last = newest(plan).get(pointer)
    if seen is not None and seen != (last.pk if last else 0):
        who = last.by if last and last.by else "Người khác"
        raise Overtaken(f"{who} vừa sửa chỗ này. Tải lại trang để xem giá trị mới rồi sửa tiếp nếu cần.")


def tell(plan: Plan, where: Place, before: dict[str, Any], row: Correction, by: Person | None) -> None:
    told = {
        "pointer": where.pointer,
        "place": words_of(where.pointer),
        "was": value_at(before, where.pointer),
        "value": row.value,
        "note": row.note,
    }
    record("plan.corrected", f"plan:{plan.pk}", organisation=plan.organisation, actor=by, data=told)
