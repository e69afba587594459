"""A plan's reading as it stands: what was read, and over it what people corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from campaigns.corrections import apply
from campaigns.models import Plan
from publisher.intake.models import Correction


def understood(plan: Plan, *, without: Iterable[int] = ()) -> dict[str, Any]:
    """The corrected reading. `without` leaves corrections out by their id: how it stood before them."""
    rows = plan.corrections.exclude(pk__in=list(without)).order_by("pk").values_list("pointer", "value")
    return apply(plan.reading, rows)


def newest(plan: Plan) -> Mapping[str, Correction]:
    """The correction that counts at each pointer; a screen hands its `pk` back as `seen`."""
    return {row.pointer: row for row in plan.corrections.select_related("by").order_by("pk")}


def history(plan: Plan, pointer: str) -> list[Correction]:
    """Everything people said at one place, newest first."""
    return list(plan.corrections.filter(pointer=pointer).select_related("by").order_by("-pk"))
