"""What the engine keeps for all its workers, in memory: the store behind every `Desk` of these tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from channels.contract import Desk


@dataclass
class Vault:
    """What all workers share of one account: its secrets, the lock around them, and the notes of each delivery."""

    secrets: dict[str, str]
    at: datetime
    kept: list[dict[str, str]] = field(default_factory=list)  # renewed secrets, in the order they were stored
    notes: dict[str, dict[str, Any]] = field(default_factory=dict)
    rests: list[float] = field(default_factory=list)
    lock: Any = field(default_factory=threading.Lock)

    def keep(self, renewed: Mapping[str, str]) -> None:
        self.secrets = {**self.secrets, **renewed}
        self.kept.append(dict(renewed))

    def desk(self, ref: str = "delivery-1", **changed: Any) -> Desk:
        """A worker's desk: built anew for every act, as the engine does."""
        given: dict[str, Any] = {
            "media": {}.__getitem__,
            "keep_secrets": self.keep,
            "secrets_now": lambda: self.secrets,
            "alone": self.alone,
            "slow_down": self.rests.append,
            "notes": dict(self.notes.get(ref, {})),
            "keep_notes": lambda notes: self.notes.update({ref: dict(notes)}),
            "timeout": (0.5, 0.5),
        }
        return Desk(ref, self.at, changed.pop("now", self.at), **{**given, **changed})

    @contextmanager
    def alone(self) -> Iterator[None]:
        with self.lock:
            yield
