"""Django's SQLite backend, but for the mode of a new file and for who waits how.

Sessions and password hashes are for the owner alone; what SQLite puts beside its file takes the same mode. The file is
made at the first connection, not before: a command that is refused leaves nothing behind.

SQLite has one writer at a time, and whoever finds it busy sleeps and tries again, for a tenth of a second and more.
Threads of one process take turns instead: the next one begins when the last has ended.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

LOOK = 1.0  # seconds between two looks whether the thread whose turn it is still lives


class Turn:
    """One writer of this process at a time. A thread that died in its turn is passed over."""

    def __init__(self) -> None:
        self._free = threading.Lock()
        self._whose: Holder | None = None

    def take(self, patience: float) -> Holder | None:
        """None after `patience` seconds: then SQLite itself decides, as between processes."""
        ends = time.monotonic() + patience
        while not self._free.acquire(timeout=min(LOOK, max(0.0, ends - time.monotonic()))):
            holder = self._whose
            if holder is not None and not holder.thread.is_alive():
                self.give_up(holder)
            elif time.monotonic() >= ends:
                return None
        self._whose = Holder(threading.current_thread())
        return self._whose

    def give_up(self, holder: Holder) -> None:
        """Ends the turn of `holder`, and nobody else's: one that was passed over has none any more."""
        if self._whose is holder:
            self._whose = None
            self._free.release()


@dataclass(frozen=True, slots=True, eq=False)
class Holder:
    thread: threading.Thread


_turns: defaultdict[str, Turn] = defaultdict(Turn)


class DatabaseWrapper(base.DatabaseWrapper):
    _my_turn: Holder | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not str(conn_params["database"]).startswith("file:"):  # a database in memory
            Path(conn_params["database"]).touch(mode=0o600)
        return super().get_new_connection(conn_params)

    def _start_transaction_under_autocommit(self) -> None:
        self._my_turn = self._turn.take(float(self.settings_dict["OPTIONS"].get("timeout", 5)))
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._end_turn()

    @property
    def _turn(self) -> Turn:
        return _turns[str(self.settings_dict["NAME"])]

    def _end_turn(self) -> None:
        holder, self._my_turn = self._my_turn, None
        if holder is not None:
            self._turn.give_up(holder)
