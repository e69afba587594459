"""What one delivery remembers between its attempts: photos that are up, an upload under way, a refusal met before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from channels.contract import Desk


class Notes:
    """Every change is stored before anything is built on it. JSON values only, moments as ISO 8601."""

    def __init__(self, desk: Desk) -> None:
        self._kept: dict[str, Any] = dict(desk.notes)
        self._keep = desk.keep_notes

    def get(self, name: str) -> Any:
        return self._kept.get(name)

    def keep(self, **changes: Any) -> None:
        """Stores what changed; None forgets."""
        self._kept = {name: value for name, value in {**self._kept, **changes}.items() if value is not None}
        self._keep(dict(self._kept))


def is_young(noted: Any, now: datetime, seconds: float) -> bool:
    """Whether a kept moment lies less than so many seconds back; what is no moment is old."""
    try:
        return (now - datetime.fromisoformat(noted)).total_seconds() < seconds
    except (TypeError, ValueError):
        return False
