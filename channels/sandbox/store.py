"""The memory of the sandbox: one SQLite file, committed before every answer, so that it survives being killed.

`record` is the referee: it is only ever added to, the database itself refuses anything else.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from channels.sandbox import accounts
from channels.sandbox.switches import SWITCHES

TOKEN_SECONDS = 90000  # life of an OA access token, 25 hours
REFRESH_SECONDS = 90 * 86400  # life of a refresh token, three months

SCHEMA = """
CREATE TABLE IF NOT EXISTS record (id INTEGER PRIMARY KEY, at REAL NOT NULL, vendor TEXT NOT NULL, act TEXT NOT NULL,
  object TEXT NOT NULL, content TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS record_is_kept BEFORE DELETE ON record
  BEGIN SELECT RAISE(ABORT, 'the record is kept'); END;
CREATE TRIGGER IF NOT EXISTS record_is_fixed BEFORE UPDATE ON record
  BEGIN SELECT RAISE(ABORT, 'the record is fixed'); END;
CREATE TABLE IF NOT EXISTS post (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, message TEXT NOT NULL,
  link TEXT NOT NULL, state TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL, scheduled REAL);
CREATE TABLE IF NOT EXISTS photo (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, data BLOB NOT NULL,
  media_type TEXT NOT NULL, sha256 TEXT NOT NULL, alt TEXT NOT NULL, caption TEXT NOT NULL, created REAL NOT NULL,
  post TEXT NOT NULL DEFAULT '', place INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS article (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, content TEXT NOT NULL,
  state TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL);
CREATE TABLE IF NOT EXISTS task (number INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, article TEXT NOT NULL,
  act TEXT NOT NULL, content TEXT NOT NULL, looks INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS fetched (url TEXT PRIMARY KEY, sha256 TEXT NOT NULL, media_type TEXT NOT NULL,
  data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS pair (number INTEGER PRIMARY KEY, access TEXT NOT NULL UNIQUE, refresh TEXT NOT NULL UNIQUE,
  alive INTEGER NOT NULL, fresh INTEGER NOT NULL, created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS fault (id INTEGER PRIMARY KEY, vendor TEXT NOT NULL, call TEXT NOT NULL, fault TEXT NOT NULL,
  times INTEGER NOT NULL, left INTEGER NOT NULL, seconds REAL NOT NULL);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS switch (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


class Store:
    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.clock = clock
        self._lock = threading.RLock()
        file = folder / "sandbox.sqlite3"
        self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=10)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)
        if not self.rows("SELECT 1 FROM pair"):
            self.consent()

    def close(self) -> None:
        with self._lock:
            self._db.close()

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

    def insert(self, sql: str, values: Sequence[Any]) -> int:
        """The number of the new row."""
        with self._lock:
            return self._db.execute(sql, values).lastrowid or 0

    def number(self, name: str) -> int:
        """The next number of a series that never gives one twice, also after a deletion."""
        sql = "INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value"
        return int(self.rows(sql, (name,))[0]["value"])

    def note(self, vendor: str, act: str, object_id: str, content: Any) -> None:
        """One line in the record of what was really done."""
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        self.insert(
            "INSERT INTO record (at, vendor, act, object, content) VALUES (?, ?, ?, ?, ?)",
            (self.clock(), vendor, act, object_id, text),
        )

    def switch(self, name: str) -> int:
        row = self.row("SELECT value FROM switch WHERE name = ?", (name,))
        return int(row["value"]) if row else SWITCHES[name][0]

    def turn(self, name: str, value: int) -> None:
        """Raises KeyError for a switch that does not exist."""
        if name not in SWITCHES:
            raise KeyError(name)
        self.write("INSERT OR REPLACE INTO switch VALUES (?, ?)", (name, value))

    def consent(self) -> None:
        """As if the OA's administrator had just consented: the first pair of tokens is good again, all others dead."""
        with self.transaction():
            self.write("DELETE FROM pair")
            self._put_pair(accounts.OA_TOKEN, accounts.OA_REFRESH_TOKEN)

    def rotate(self, refresh: str) -> tuple[str, str] | None:
        """A new pair for an unspent refresh token; the old access token dies with it. None: spent or unknown."""
        with self.transaction():
            oldest = self.clock() - REFRESH_SECONDS
            spend = "UPDATE pair SET alive = 0, fresh = 0 WHERE refresh = ? AND fresh = 1 AND created > ?"
            if not self.write(spend, (refresh, oldest)):
                return None
            pair = (f"sandbox-oa-{secrets.token_hex(16)}", f"sandbox-refresh-{secrets.token_hex(16)}")
            self._put_pair(*pair)
            return pair

    def _put_pair(self, access: str, refresh: str) -> None:
        self.insert(
            "INSERT INTO pair (access, refresh, alive, fresh, created) VALUES (?, ?, 1, 1, ?)",
            (access, refresh, self.clock()),
        )

    def token_lives(self, access: str) -> bool:
        oldest = self.clock() - TOKEN_SECONDS
        return bool(self.rows("SELECT 1 FROM pair WHERE access = ? AND alive = 1 AND created > ?", (access, oldest)))
