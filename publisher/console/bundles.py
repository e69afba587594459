"""Deliveries of the same words at the same minute, told once with all their channels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from publisher.delivery.models import Delivery


@dataclass(frozen=True, slots=True)
class Bundle:
    at: datetime
    deliveries: list[Delivery]

    @property
    def version(self) -> object:
        return self.deliveries[0].version


def bundled(deliveries: Iterable[Delivery], field: str = "due_at") -> list[Bundle]:
    """Bundles in the order of their first delivery. `field` is the time that counts."""
    found: dict[tuple[int, datetime], Bundle] = {}
    for delivery in deliveries:
        at = getattr(delivery, field)
        minute = at.replace(second=0, microsecond=0)
        found.setdefault((delivery.version_id, minute), Bundle(at, [])).deliveries.append(delivery)
    return list(found.values())
