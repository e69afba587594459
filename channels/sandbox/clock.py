"""The sandbox's own clock: it runs with the machine's, runs ahead or behind, or stands still. Kept over a restart.

`POST /_clock` with JSON: {"advance": seconds} · {"offset": seconds} · {"now": epoch seconds or ISO 8601} ·
{"frozen": true or false} · {"reset": true}. Several may be given at once. Tokens, photos, moderation, scheduled posts
and the night go by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock:
    def __init__(self, machine: Callable[[], float], kept: Mapping[str, Any]) -> None:
        self._machine = machine
        self._offset = float(kept.get("offset", 0.0))
        self._frozen: float | None = kept.get("frozen")

    def now(self) -> float:
        """Epoch seconds."""
        return self._machine() + self._offset if self._frozen is None else self._frozen

    def turn(self, given: Mapping[str, Any]) -> None:
        """Raises ValueError or TypeError for what is no number, moment or truth value."""
        known = {"reset", "offset", "now", "advance", "frozen"}
        if not given or set(given) - known:
            raise ValueError("unknown order")
        offset, frozen = (0.0, None) if given.get("reset") else (self._offset, self._frozen)
        if "offset" in given:
            offset, frozen = float(given["offset"]), None
        now = self._machine() + offset if frozen is None else frozen
        if "now" in given:
            now = _moment(given["now"])
        now += float(given.get("advance", 0.0))
        _readable(now)
        stands = bool(given.get("frozen", frozen is not None))
        self._offset, self._frozen = now - self._machine(), now if stands else None
        if given.get("reset") and len(given) == 1:
            self._offset = 0.0

    def kept(self) -> dict[str, Any]:
        return {"offset": self._offset, "frozen": self._frozen}

    def told(self) -> dict[str, Any]:
        now = self.now()
        return {
            "now": now,
            "iso": _readable(now),
            "offset": round(now - self._machine(), 3),
            "frozen": self._frozen is not None,
        }


def _moment(value: Any) -> float:
    if isinstance(value, str):
        told = datetime.fromisoformat(value)
        return (told if told.tzinfo else told.replace(tzinfo=ZONE)).timestamp()
    return float(value)


def _readable(at: float) -> str:
    try:
        return datetime.fromtimestamp(at, UTC).astimezone(ZONE).isoformat(timespec="seconds")
    except (OverflowError, OSError) as error:
        raise ValueError("no such moment") from error
