"""Sentences offered in place of titles a scan left without their marks: from plans the organisation has read before.

Offered, never put in place: accepting one is a correction by a person, marked with the plan it came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from campaigns.deriving import confirmed, pointers_of, walk
from campaigns.models import Plan
from campaigns.reading.alignment import FLOOR, Known, suggest
from publisher.intake.corrections import correct
from publisher.intake.models import Correction
from publisher.intake.understanding import understood
from publisher.people.models import Person

MOST_PLANS = 30  # the newest; more would make a page wait


@dataclass(frozen=True, slots=True)
class Offer:
    """`text` for what stands at `pointer` now (`read`); `likeness` 0..1; `plan` and `lines` say where it stands."""

    pointer: str
    read: str
    text: str
    likeness: float
    plan: str
    lines: tuple[int, int]


def suggestions(plan: Plan, *, floor: float = FLOOR) -> list[Offer]:
    """Offers for the plan's title and contents that no person has seen to. Empty for a plan that was read well."""
    if not plan.reading.get("ocr"):
        return []
    waiting = list(unconfirmed(plan))
    found = suggest([title for _, title in waiting], library(plan), floor=floor)
    return [
        Offer(pointer, title, offer.text, offer.likeness, offer.known.plan, offer.known.lines)
        for (pointer, title), offer in zip(waiting, found, strict=True)
        if offer and offer.text != title
    ]


def accept(plan: Plan, offer: Offer, *, by: Person | None, seen: int | None = None) -> Correction:
    """Takes an offer: a correction that says where its words come from."""
    note = f"gợi ý từ kế hoạch {offer.plan}, dòng {offer.lines[0]}"
    return correct(plan, offer.pointer, offer.text, by=by, note=note, seen=seen)


def unconfirmed(plan: Plan) -> Iterator[tuple[str, str]]:
    reading = understood(plan)
    if reading.get("title") and not plan.corrections.filter(pointer="/title").exists():
        yield "/title", reading["title"]
    for pointer, (_, _, node) in zip(pointers_of(reading["themes"]), walk(reading["themes"]), strict=True):
        if node["title"] and not node.get("excluded") and not confirmed(node):
            yield f"{pointer}/title", node["title"]


def library(plan: Plan) -> list[Known]:
    """Titles of the organisation's other plans that were read from good text, newest plan first."""
    others = Plan.objects.filter(organisation=plan.organisation).exclude(pk=plan.pk).exclude(reading__ocr=True)
    return [known for other in others.order_by("-pk")[:MOST_PLANS] for known in sentences(other)]


def sentences(plan: Plan) -> Iterator[Known]:
    reading = understood(plan)
    name = plan.number or plan.source_name
    if reading.get("title"):
        yield Known(reading["title"], name, lines_of((reading.get("sources") or {}).get("title")))
    for _, _, node in walk(reading.get("themes", [])):
        if node["title"] and not node.get("excluded"):
            yield Known(node["title"], name, lines_of(node.get("source")))


def lines_of(source: Any) -> tuple[int, int]:
    first, last = (source or {}).get("lines") or (0, 0)
    return int(first), int(last)
