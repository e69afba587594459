"""The hot statements in plain SQL: what every single delivery costs. All else goes through the ORM.

One text serves both databases. PostgreSQL gets it with server-side parameters, so that each statement is planned once
per connection; states stand in it as literals, because a partial index is not used for a parameter.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections
from psycopg.types.json import Jsonb

from publisher.events.models import Event

_NAMED = re.compile(r"%\((\w+)\)s")
AT_A_TIME = 16  # rows of one INSERT
EVENT = ("uid", "organisation_id", "at", "actor_id", "actor_name", "kind", "subject", "data", "mac")


def changed(sql: str, parameters: Mapping[str, Any]) -> int:
    """Runs a statement; how many rows it touched."""
    return int(_run(sql, parameters).rowcount)


def fetched(sql: str, parameters: Mapping[str, Any], *, kept: bool = True) -> list[tuple[Any, ...]]:
    """Runs a statement and returns its rows. `kept` False: its text is made for this once and not to be remembered."""
    return list(_run(sql, parameters, kept=kept).fetchall())


def _run(sql: str, parameters: Mapping[str, Any], *, kept: bool = True) -> Any:
    here = connections[DEFAULT_DB_ALIAS]  # looked up once: each question to the proxy costs as much as a value
    here.ensure_connection()
    with here.wrap_database_errors:
        if here.vendor == "postgresql":
            values = {name: for_postgresql(value) for name, value in parameters.items()}
            return psycopg.Cursor(here.connection).execute(sql, values, prepare=kept)
        values = {name: as_text(value) for name, value in parameters.items()}
        return here.connection.execute(for_sqlite(sql) if kept else _NAMED.sub(r":\1", sql), values)


@cache
def for_sqlite(sql: str) -> str:
    return _NAMED.sub(r":\1", sql)


def open_for_update(table: str) -> str:
    """Two clocks pass each other by instead of waiting; SQLite has one writer at a time anyway."""
    return f"FOR UPDATE OF {table} SKIP LOCKED" if connection.vendor == "postgresql" else ""


def as_literal(value: uuid.UUID) -> str:
    """A UUID to stand in a statement as text; it holds nothing but hexadecimal digits."""
    return f"'{value}'::uuid" if connection.vendor == "postgresql" else f"'{value.hex}'"


def for_postgresql(value: object) -> object:
    return Jsonb(value) if isinstance(value, dict | list) else value


def as_text(value: object) -> object:
    """A value as SQLite keeps it: UUIDs, times (UTC, as Django writes them) and documents are text."""
    if isinstance(value, str | int) or value is None:
        return value
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value


def insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], returning: str = "") -> list[Any]:
    """Several rows by one statement; the values of the column `returning`."""
    if len(rows) > AT_A_TIME:  # few texts to plan and to remember, however many rows there are
        rest = insert(table, columns, rows[AT_A_TIME:], returning)
        return [*insert(table, columns, rows[:AT_A_TIME], returning), *rest]
    if not rows:
        return []
    sql = insert_text(table, tuple(columns), len(rows), returning)
    values = {f"v{n}": value for n, value in enumerate(value for row in rows for value in row)}
    if returning:
        return [row[0] for row in fetched(sql, values)]
    changed(sql, values)
    return []


@cache
def insert_text(table: str, columns: tuple[str, ...], rows: int, returning: str) -> str:
    width = len(columns)
    places = (", ".join(f"%(v{n})s" for n in range(row * width, (row + 1) * width)) for row in range(rows))
    text = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join(f'({place})' for place in places)}"  # noqa: S608
    return f"{text} RETURNING {returning}" if returning else text


def insert_events(events: Iterable[Event]) -> None:
    insert("events_event", EVENT, [[getattr(event, name) for name in EVENT] for event in events])
