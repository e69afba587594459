"""What is true after the storm, read without the engine: rows by plain SQL, the referee's record, files on disk."""

from __future__ import annotations

import json
import sqlite3
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import requests
from psycopg.rows import dict_row

Row = dict[str, Any]

PLACES = """
SELECT d.id, d.state, d.action, d.last_error, d.review_since, d.review_why, d.next_try_at, a.kind,
  a.held_at, a.held_reason, w.state AS before_state, w.review_since AS before_review_since,
  w.last_error AS before_words, wa.held_at AS before_held_at,
  (SELECT MAX(reason) FROM delivery_enginehold WHERE lifted_at IS NULL) AS engine_held
FROM delivery_delivery d JOIN delivery_account a ON a.id = d.account_id
LEFT JOIN delivery_delivery w ON w.id = d.waits_for_id LEFT JOIN delivery_account wa ON wa.id = w.account_id
"""
TABLES = {
    "deliveries": """
SELECT d.id, d.ref, d.action, d.of_id, d.state, d.digest, d.version_id, d.account_id, d.remote_id, d.due_at, d.cost,
  d.budget_line_id, d.last_error, d.attempts_made, a.kind, o.slug
FROM delivery_delivery d JOIN delivery_account a ON a.id = d.account_id
JOIN people_organisation o ON o.id = d.organisation_id ORDER BY d.id""",
    "renderings": "SELECT version_id, account_id, kind, body, digest FROM campaigns_rendering",
    "versions": """
SELECT v.id, v.post_id, p.ref FROM campaigns_postversion v JOIN campaigns_post p ON p.id = v.post_id""",
    "approvals": "SELECT version_id, decision, at FROM campaigns_approval",
    "attempts": "SELECT delivery_id, number, ended_at, outcome, error_class FROM delivery_attempt",
    "events": "SELECT id, at, kind, subject, data FROM events_event WHERE subject LIKE 'delivery:%' ORDER BY id",
    "entries": "SELECT line_id, delivery_id, kind, amount FROM budget_ledgerentry",
    "copies": "SELECT delivery_id, subscriber_id, state FROM mailing_copy",
    "holds": "SELECT id, reason FROM delivery_enginehold",
    "lines": "SELECT id, committed, spent, amount FROM budget_budgetline",
}
TIMES = ("at", "due_at", "ended_at", "review_since", "next_try_at", "held_at")
DOCUMENTS = ("body", "data")


class NotThere(Exception):
    """The database does not answer now."""


class Database(ABC):
    @abstractmethod
    def rows(self, sql: str) -> list[Row]:
        """Raises `NotThere`."""

    def places(self) -> list[Row]:
        return self.rows(PLACES)


class OnPostgreSQL(Database):
    def __init__(self, url: str) -> None:
        self.url = url

    def rows(self, sql: str) -> list[Row]:
        try:
            with psycopg.connect(self.url, connect_timeout=2, row_factory=dict_row) as connection:
                return list(map(plain, connection.execute(sql.replace("%", "%%")).fetchall()))
        except psycopg.OperationalError as error:
            raise NotThere(str(error)) from error


class OnSQLite(Database):
    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self, sql: str) -> list[Row]:
        try:
            with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=5)) as connection:
                connection.row_factory = sqlite3.Row
                return [plain(dict(row)) for row in connection.execute(sql)]
        except sqlite3.OperationalError as error:
            raise NotThere(str(error)) from error


def plain(row: Row) -> Row:
    """The same values whichever database they come from."""
    for name, value in row.items():
        if name == "ref" and value is not None:
            with suppress(ValueError):
                row[name] = str(uuid.UUID(str(value)))
        elif name in TIMES and isinstance(value, str):
            moment = datetime.fromisoformat(value)
            row[name] = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        elif name in DOCUMENTS and isinstance(value, str):
            row[name] = json.loads(value)
    return row


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the referee's record. `at`: epoch seconds."""

    vendor: str
    act: str
    object: str
    at: float
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Facts:
    """Everything the verdict rests on."""

    places: list[Row]
    tables: dict[str, list[Row]]
    record: list[Act]
    site: Path  # the folder of all sites, one below by organisation
    desk: Path

    def __getattr__(self, name: str) -> list[Row]:
        try:
            return self.tables[name]
        except KeyError:
            raise AttributeError(name) from None


def gather(database: Database, sandbox_url: str, var: Path) -> Facts:
    tables = {name: database.rows(sql) for name, sql in TABLES.items()}
    return Facts(database.places(), tables, list(record(sandbox_url)), var / "site", var / "desk")


def record(url: str) -> Iterable[Act]:
    """The whole record, page by page where the sandbox pages it."""
    last = 0
    while True:
        told = requests.get(f"{url}/_record", params={"after": last}, timeout=30).json()
        lines = told if isinstance(told, list) else told["record"]
        fresh = [line for line in lines if line["id"] > last]
        if not fresh:
            return
        for line in fresh:
            content = line["content"]
            content = json.loads(content) if isinstance(content, str) else content
            yield Act(line["vendor"], line["act"], line["object"], float(line["at"]), content)
        last = fresh[-1]["id"]


def history(facts: Facts, delivery: int) -> list[str]:
    """All that the log knows of one delivery, in order."""
    return [
        f"{event['at']:%H:%M:%S.%f} {event['kind']} {json.dumps(event['data'], ensure_ascii=False, default=str)}"
        for event in facts.events
        if event["subject"] == f"delivery:{delivery}"
    ]
