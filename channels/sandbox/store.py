"""The memory of the sandbox: one SQLite file, committed before every answer, so that it survives being killed.

`record` is the referee: it is only ever added to, the database itself refuses anything else.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from channels.sandbox.clock import Clock
from channels.sandbox.record import Record
from channels.sandbox.schema import lay
from channels.sandbox.switches import SWITCHES


class Store:
    def __init__(self, folder: Path, machine: Callable[[], float]) -> None:
        """`machine`: the clock that the sandbox's own runs by."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._lock = threading.RLock()
        file = folder / "sandbox.sqlite3"
        self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=10)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA synchronous=NORMAL")  # a killed process loses nothing
        self._db.execute("PRAGMA journal_mode=WAL")
        lay(self._db)
        self._switches = {row["name"]: int(row["value"]) for row in self.rows("SELECT * FROM switch")}
        self._clock = Clock(machine, self.setting("clock"))
        self.record = Record(self.rows)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def clock(self) -> float:
        return self._clock.now()

    def turn_clock(self, given: Mapping[str, Any]) -> None:
        """Raises ValueError or TypeError for what is no order of a clock; see `clock`."""
        self._clock.turn(given)
        self.keep("clock", self._clock.kept())

    def clock_told(self) -> dict[str, Any]:
        return self._clock.told()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is done inside stands together, or nothing of it. Other threads wait; not to be nested."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Row | None:
        return next(iter(self.rows(sql, values)), None)

    def write(self, sql: str, values: Sequence[Any] = ()) -> int:
        """How many rows the statement touched."""
        with self._lock:
            return self._db.execute(sql, values).rowcount

    def insert(self, table: str, **values: Any) -> int:
        """The number of the new row."""
        marks = ", ".join("?" * len(values))
        sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"  # noqa: S608 (our own names)
        with self._lock:
            return self._db.execute(sql, tuple(values.values())).lastrowid or 0

    def number(self, name: str) -> int:
        """The next number of a series that never gives one twice, also after a deletion."""
        sql = "INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value"
        return int(self.rows(sql, (name,))[0]["value"])

    def note(self, vendor: str, act: str, object_id: str, content: Any, *, account: str = "", sha256: str = "") -> None:
        """One line in the record of what was really done."""
        with self._lock:
            self.write(*self.record.line(self.clock(), vendor, act, object_id, content, account, sha256))

    def switch(self, name: str) -> int:
        return self._switches.get(name, SWITCHES[name][0])

    def turn(self, name: str, value: int) -> None:
        """Raises KeyError for a switch that does not exist."""
        if name not in SWITCHES:
            raise KeyError(name)
        self.write("INSERT OR REPLACE INTO switch VALUES (?, ?)", (name, value))
        self._switches[name] = value

    def setting(self, name: str) -> dict[str, Any]:
        row = self.row("SELECT value FROM setting WHERE name = ?", (name,))
        return dict(json.loads(row["value"])) if row else {}

    def keep(self, name: str, value: Mapping[str, Any]) -> None:
        self.write("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, json.dumps(value)))
