"""The register of a site: what its records say, in an SQLite file that answers without reading them all.

It is derived. One that is lost, damaged or of another version is made again from the records; a publication that was
killed between its files and its row is looked at again before the next (`pending`).
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from channels import files
from channels.errors import Unavailable
from channels.page import catalogue
from channels.page.catalogue import SHEET, Entry, Listed, Sheet

NAME = ".muc-luc.sqlite3"
VERSION = 2

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entry (place INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, path TEXT NOT NULL UNIQUE,
    live INTEGER NOT NULL, told TEXT NOT NULL);
CREATE TABLE list (path TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, seats INTEGER NOT NULL,
    live INTEGER NOT NULL, newest INTEGER NOT NULL, updated TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE seat (list TEXT NOT NULL, seat INTEGER NOT NULL, place INTEGER NOT NULL, live INTEGER NOT NULL,
    PRIMARY KEY (list, seat)) WITHOUT ROWID;
CREATE UNIQUE INDEX seat_once ON seat (place, list);
CREATE TABLE file (path TEXT NOT NULL, ref TEXT NOT NULL, PRIMARY KEY (path, ref)) WITHOUT ROWID;
CREATE INDEX file_of ON file (ref);
CREATE TABLE portion (kind TEXT NOT NULL, number INTEGER NOT NULL, mark TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (kind, number)) WITHOUT ROWID;
"""

Record = Mapping[str, Any]


class Damaged(Exception):
    """The register cannot be trusted: it is made again."""


class Register:
    """Hold the lock of the site around it. Nothing is kept before `save`."""

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        with _told(path):
            self._db = sqlite3.connect(path, isolation_level=None, timeout=5, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=TRUNCATE" if durable else "PRAGMA journal_mode=OFF")
            self._db.execute("PRAGMA synchronous=FULL" if durable else "PRAGMA synchronous=OFF")
        self._path = path

    def close(self) -> None:
        self._db.close()

    def begin(self) -> None:
        if not self._db.in_transaction:
            self._run("BEGIN IMMEDIATE")

    def save(self) -> None:
        if self._db.in_transaction:
            self._run("COMMIT")

    def forget(self) -> None:
        """Takes back what was not saved."""
        if self._db.in_transaction:
            self._run("ROLLBACK")

    def is_current(self) -> bool:
        row = self._one("PRAGMA user_version")
        return row is not None and row[0] == VERSION

    def lay_out(self) -> None:
        with _told(self._path):
            self._db.executescript(_TABLES + f"PRAGMA user_version = {VERSION};")

    def note(self, name: str, value: str) -> None:
        self._run("INSERT OR REPLACE INTO meta VALUES (?, ?)", name, value)

    def noted(self, name: str) -> str:
        row = self._one("SELECT value FROM meta WHERE name = ?", name)
        return str(row[0]) if row else ""

    # Articles

    def size(self) -> int:
        """Seats in the list of everything, which are the places of the articles."""
        row = self._one("SELECT max(place) + 1 FROM entry")
        return int(row[0] or 0) if row else 0

    def count(self) -> int:
        """Articles, withdrawn or not."""
        row = self._one("SELECT count(*) FROM entry")
        return int(row[0]) if row else 0

    def path_of(self, ref: str) -> str:
        row = self._one("SELECT path FROM entry WHERE ref = ?", ref)
        return str(row[0]) if row else ""

    def paths(self, first: int, after: int) -> list[str]:
        """Where the articles from place `first` to before `after` stand, withdrawn or not, the oldest first."""
        asked = "SELECT path FROM entry WHERE place >= ? AND place < ? ORDER BY place"
        return [path for (path,) in self._run(asked, first, after)]

    def entries(self, first: int, after: int) -> list[Entry]:
        """Those that stand from place `first` to before `after`, the newest first."""
        asked = "SELECT told FROM entry WHERE place >= ? AND place < ? AND live ORDER BY place DESC"
        return [json.loads(told) for (told,) in self._run(asked, first, after)]

    def entry(self, ref: str) -> Entry | None:
        row = self._one("SELECT told FROM entry WHERE ref = ?", ref)
        return json.loads(row[0]) if row else None

    def seats_for(self, ref: str, wanted: Iterable[Listed]) -> list[dict[str, Any]]:
        """The seats of an article, old and left ones too, with a new one at the end of each list it is new in."""
        known = self.seats_of(ref)
        held = {seat["path"] for seat in known}
        for listed in wanted:
            if listed.path not in held:
                made = {"kind": listed.kind, "title": listed.title, "path": listed.path}
                known.append({**made, "seat": self.seats(listed.path)})
        return sorted(known, key=lambda seat: str(seat["path"]))

    def clashes(self, record: Record) -> bool:
        """Whether the record names no seats, or one somebody else has."""
        seats = record.get("seats") or []
        place = next((seat["seat"] for seat in seats if seat["path"] == ""), None)
        asked = "SELECT 1 FROM seat WHERE list = ? AND seat = ? AND place <> ?"
        return place is None or any(self._one(asked, seat["path"], seat["seat"], place) for seat in seats)

    def seats_of(self, ref: str) -> list[dict[str, Any]]:
        asked = """SELECT list.kind, list.title, list.path, seat.seat FROM entry JOIN seat USING (place)
            JOIN list ON list.path = seat.list WHERE ref = ? ORDER BY list.path"""
        names = ("kind", "title", "path", "seat")
        return [dict(zip(names, row, strict=True)) for row in self._run(asked, ref)]

    def put(self, record: Record) -> None:
        """Takes in what a record says now, in the place of what it said before. Its seats are those it names."""
        entry = catalogue.entry_of(record)
        live = not entry["withdrawn"]
        place = next(seat["seat"] for seat in record["seats"] if seat["path"] == "")
        told = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self._run("DELETE FROM entry WHERE ref = ? AND place <> ?", record["ref"], place)
        asked = "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?)"
        self._run(asked, place, record["ref"], record["path"], live, told)
        current = {listed.path for listed in catalogue.lists_of(record)} if live else set()
        for seat in record["seats"]:
            self._seat(seat, place, seat["path"] in current, entry["updated"])
        self._run("DELETE FROM file WHERE ref = ?", record["ref"])
        for path in catalogue.files_of(record["body"]):
            self._run("INSERT INTO file VALUES (?, ?)", path, record["ref"])

    def _seat(self, seat: Mapping[str, Any], place: int, live: bool, updated: str) -> None:
        row = self._one("SELECT live FROM seat WHERE list = ? AND seat = ?", seat["path"], seat["seat"])
        before = bool(row and row[0])
        self._run("INSERT OR REPLACE INTO seat VALUES (?, ?, ?, ?)", seat["path"], seat["seat"], place, live)
        asked = """INSERT INTO list VALUES (?, ?, ?, ?, ?, -1, ?) ON CONFLICT (path) DO UPDATE SET
            seats = max(seats, excluded.seats), live = live + ?, updated = max(updated, excluded.updated)"""
        named = (seat["path"], seat["kind"], seat["title"], seat["seat"] + 1, int(live), updated)
        self._run(asked, *named, int(live) - int(before))
        newest = "(SELECT place FROM seat WHERE list = ? AND live ORDER BY seat DESC LIMIT 1)"
        self._run(f"UPDATE list SET newest = coalesce({newest}, -1) WHERE path = ?", seat["path"], seat["path"])  # noqa: S608

    # Files

    def files_of(self, ref: str) -> set[str]:
        """What this article shows; "" stands for the frame."""
        return {path for (path,) in self._run("SELECT path FROM file WHERE ref = ?", ref)}

    def keep_file(self, path: str, ref: str) -> None:
        self._run("INSERT OR IGNORE INTO file VALUES (?, ?)", path, ref)

    def let_go(self, path: str, ref: str) -> None:
        self._run("DELETE FROM file WHERE path = ? AND ref = ?", path, ref)

    def in_use(self, path: str) -> bool:
        return self._one("SELECT 1 FROM file WHERE path = ? LIMIT 1", path) is not None

    # Lists

    def seats(self, path: str) -> int:
        row = self._one("SELECT seats FROM list WHERE path = ?", path)
        return int(row[0]) if row else 0

    def listed(self, path: str) -> Listed:
        """The list whose front is at `path`."""
        row = self._one("SELECT kind, title, path, live, updated FROM list WHERE path = ?", path)
        return Listed(*row) if row else Listed("tat-ca", "", path)

    def lists(self, kind: str) -> list[Listed]:
        """Those with an article in them, the most recently used first; months from the newest."""
        order = "title DESC" if kind == "thang" else "newest DESC, path"
        asked = f"SELECT kind, title, path, live, updated FROM list WHERE kind = ? AND live > 0 ORDER BY {order}"  # noqa: S608
        return [Listed(*row) for row in self._run(asked, kind)]

    def every_list(self) -> list[Listed]:
        """Also those nothing is left in."""
        asked = "SELECT kind, title, path, live, updated FROM list ORDER BY path"
        return [Listed(*row) for row in self._run(asked)]

    def sheet(self, path: str, number: int) -> Sheet:
        """One page of the list at `path`."""
        asked = """SELECT seat.seat, entry.told FROM seat JOIN entry USING (place)
            WHERE seat.list = ? AND seat.live AND seat.seat >= ? AND seat.seat < ? ORDER BY seat.seat DESC LIMIT ?"""
        if not number:
            return catalogue.front(self._held(asked, path, 0, 1 << 62, SHEET + 1))
        held = self._held(asked, path, (number - 1) * SHEET, number * SHEET, SHEET)
        return catalogue.sheet(number, self.seats(path), held)

    def _held(self, asked: str, *given: object) -> list[tuple[int, Entry]]:
        return [(seat, json.loads(told)) for seat, told in self._run(asked, *given)]

    # Portions of what is cut by place: the search index, the sitemap

    def put_portion(self, kind: str, number: int, mark: str, count: int) -> None:
        self._run("INSERT OR REPLACE INTO portion VALUES (?, ?, ?, ?)", kind, number, mark, count)

    def portions(self, kind: str) -> list[tuple[int, str, int]]:
        """(number, mark, count), by number."""
        return self._run("SELECT number, mark, count FROM portion WHERE kind = ? ORDER BY number", kind)

    def dump(self) -> list[str]:
        """Everything in words: two registers of the same records tell the same."""
        tables = ("entry", "list", "seat", "file", "portion")
        return [f"{name} {row}" for name in tables for row in self._run(f"SELECT * FROM {name} ORDER BY 1, 2")]  # noqa: S608

    def _one(self, asked: str, *given: object) -> Sequence[Any] | None:
        rows = self._run(asked, *given)
        return rows[0] if rows else None

    def _run(self, asked: str, *given: object) -> list[Any]:
        with _told(self._path):
            return self._db.execute(asked, given).fetchall()


@contextlib.contextmanager
def opened(root: Path) -> Iterator[Register]:
    """The register of the site at `root`. Raises `Damaged` where there is none that can be read."""
    path = root / NAME
    if not path.is_file():
        raise Damaged("lost")
    register = Register(path)
    try:
        if not register.is_current():
            raise Damaged("of another version")
        yield register
    finally:
        register.close()


def make(
    root: Path,
    records: Iterable[Record],
    record_at: Callable[[str], Record | None],
    finish: Callable[[Register], None] = lambda register: None,
) -> None:
    """Makes the register of these records, in any order, and puts it in the place of the old one. Records without
    seats of their own come last, in the order of publication. `finish` adds what follows from all of them."""
    hidden, path = root / f"{NAME}.part", root / NAME
    with files.clear_errors(NAME):
        hidden.unlink(missing_ok=True)
    register = Register(hidden, durable=False)
    try:
        register.lay_out()
        register.begin()
        _take_in(register, records, record_at)
        finish(register)
        register.save()
    finally:
        register.close()
    with files.clear_errors(NAME):
        handle = os.open(hidden, os.O_RDWR | os.O_CLOEXEC)
        try:
            os.fchmod(handle, files.MODE)
            os.fsync(handle)
        finally:
            os.close(handle)
        (root / f"{NAME}-journal").unlink(missing_ok=True)
        hidden.replace(path)


def _take_in(register: Register, records: Iterable[Record], record_at: Callable[[str], Record | None]) -> None:
    late = []
    for record in records:
        if register.clashes(record):
            late.append((record["published"], record["ref"], record["path"]))
        else:
            register.put(record)
    for _, ref, path in sorted(late):
        if (again := record_at(path)) is not None:
            register.put({**again, "seats": register.seats_for(ref, catalogue.lists_of(again))})


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """A full disk is the reader's matter; what cannot be read is made again."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "no such" in str(error):
            raise Damaged(str(error)) from error
        message = (
            f"Chưa gửi gì: không ghi được “{path.name}”. Đĩa đã đầy hoặc không có quyền ghi: xem lại đĩa rồi gửi lại."
        )
        raise Unavailable(message, code="SQLITE") from error
    except sqlite3.DatabaseError as error:
        raise Damaged(str(error)) from error
