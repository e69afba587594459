"""What every delivery costs the database: opening its attempt, closing it when all went well, giving a lane back.

Each is one transaction. PostgreSQL does it in one statement, so that nobody waits for a lock while a network round trip
goes by; SQLite, which is in the process, does the same step by step. Both leave the same rows as `moves.move` would.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from publisher.delivery.models import Delivery
from publisher.delivery.statements import EVENT, changed, fetched, insert, insert_events
from publisher.events.log import draft
from publisher.events.models import Event

SKEW = timedelta(seconds=2)  # a clock this much ahead of its worker may find a rest over: nobody gives back in circles
EVENT_ROW = ", ".join(f"%(event_{name})s" for name in EVENT)
OPEN = """
UPDATE delivery_delivery SET state = 'sending', attempts_made = %(number)s, leased_until = %(until)s
WHERE id = %(id)s AND state = 'queued' AND lease = %(lease)s AND attempts_made = %(number)s - 1
  AND (late_until IS NULL OR late_until >= %(now)s)
  AND EXISTS (SELECT 1 FROM delivery_account a LEFT JOIN delivery_account t ON t.id = a.through_id
              WHERE a.id = %(account)s AND a.held_at IS NULL AND a.retired_at IS NULL AND t.held_at IS NULL
                AND (a.rests_until IS NULL OR a.rests_until <= %(rested)s)
                AND (t.rests_until IS NULL OR t.rests_until <= %(rested)s))
RETURNING id
"""
ATTEMPT = """
INSERT INTO delivery_attempt
  (delivery_id, number, worker, started_at, outcome, error_class, error, code, subcode, trace, detail)
{rows} RETURNING id
"""
ATTEMPT_ROW = "%(id)s, %(number)s, %(worker)s, %(now)s, '', '', '', '', '', '', '{}'"
CLOSE = """
UPDATE delivery_delivery SET state = 'delivered', lease = NULL, leased_until = NULL, remote_id = %(remote_id)s,
  permalink = %(permalink)s, token = %(token)s, last_error = '', looks = 0, next_try_at = %(now)s,
  delivered_at = %(now)s, closed_at = %(now)s
WHERE id = %(id)s AND state = 'sending' AND lease = %(lease)s
RETURNING id
"""
CLOSE_ATTEMPT = """
UPDATE delivery_attempt SET ended_at = %(now)s, outcome = 'delivered', detail = %(detail)s WHERE id = %(attempt)s
"""
EVIDENCE = ("delivery_id", "kind", "label", "value", "sha256", "at")
ENTRY = """
INSERT INTO budget_ledgerentry (line_id, delivery_id, kind, amount, at, note, counted) {rows}
"""
ENTRY_ROW = "%(line)s, %(id)s, 'confirm', %(cost)s, %(now)s, '', FALSE"  # see publisher.budget.ledger.count_up
GIVE_BACK = """
UPDATE delivery_delivery SET state = 'scheduled', lease = NULL, leased_until = NULL
WHERE state = 'queued' AND lease = %(lease)s AND id IN ({ids}) RETURNING id
"""


def one_statement() -> bool:
    return bool(connection.vendor == "postgresql")


def open_attempt(
    delivery: Delivery, *, lease: UUID, until: datetime, number: int, worker: str, now: datetime, event: Event
) -> int | None:
    """queued → sending with its attempt and event; the attempt's key, or None where the row is no longer ours."""
    named = {
        "id": delivery.pk, "account": delivery.account_id, "lease": lease, "until": until, "number": number,
        "worker": worker, "now": now, "rested": now + SKEW,
    }  # fmt: skip
    if one_statement():
        made = fetched(OPEN_AT_ONCE, {**named, **event_row(event)})
        return int(made[0][0]) if made else None
    with transaction.atomic():
        if not fetched(OPEN, named):
            return None
        made = fetched(ATTEMPT.format(rows=f"VALUES ({ATTEMPT_ROW})"), named)
        insert_events([event])
    return int(made[0][0])


OPEN_AT_ONCE = f"""
WITH d AS ({OPEN}),
  a AS ({ATTEMPT.format(rows=f"SELECT {ATTEMPT_ROW} FROM d")}),
  e AS (INSERT INTO events_event ({", ".join(EVENT)}) SELECT {EVENT_ROW} FROM d)
SELECT id FROM a
"""


def close_delivered(
    delivery: Delivery, *, lease: UUID, attempt: int, now: datetime, columns: Mapping[str, str],
    detail: dict[str, Any], proofs: Sequence[tuple[str, str, str, str]], event: Event,
) -> bool:  # fmt: skip
    """sending → delivered with attempt, evidence, event and money; False where the row is no longer ours."""
    named = {"id": delivery.pk, "lease": lease, "attempt": attempt, "now": now, "detail": detail, **columns}
    money = {"cost": delivery.cost, "line": delivery.budget_line_id}
    rows = [[delivery.pk, *proof, now] for proof in proofs]
    if one_statement():
        return close_at_once(named, money, rows, event)
    with transaction.atomic():
        if not fetched(CLOSE, named):
            return False
        changed(CLOSE_ATTEMPT, named)
        insert("delivery_evidence", EVIDENCE, rows)
        insert_events([event])
        if delivery.cost:
            changed(ENTRY.format(rows=f"VALUES ({ENTRY_ROW})"), {**named, **money})
    return True


def close_at_once(named: dict[str, Any], money: dict[str, Any], rows: list[list[Any]], event: Event) -> bool:
    proofs = {f"p{n}_{at}": value for n, row in enumerate(rows) for at, value in enumerate(row)}
    text = closing_text(len(rows), paid=bool(money["cost"]))
    return bool(fetched(text, {**named, **(money if money["cost"] else {}), **proofs, **event_row(event)}))


@cache
def closing_text(proofs: int, *, paid: bool) -> str:
    casts = ("bigint", "text", "text", "text", "text", "timestamptz")
    rows = " UNION ALL ".join(
        "SELECT " + ", ".join(f"%(p{n}_{at})s::{cast}" for at, cast in enumerate(casts)) for n in range(proofs)
    )
    steps = [
        f"d AS ({CLOSE})",
        f"a AS ({CLOSE_ATTEMPT} AND EXISTS (SELECT 1 FROM d))",
        f"v AS (INSERT INTO delivery_evidence ({', '.join(EVIDENCE)}) SELECT x.* FROM ({rows}) x, d)",
        f"e AS (INSERT INTO events_event ({', '.join(EVENT)}) SELECT {EVENT_ROW} FROM d)",
    ]
    if paid:
        steps.append(f"l AS ({ENTRY.format(rows=f'SELECT {ENTRY_ROW} FROM d')})")
    return f"WITH {', '.join(steps)} SELECT id FROM d"


def event_row(event: Event) -> dict[str, Any]:
    return {f"event_{name}": getattr(event, name) for name in EVENT}


def give_back(rows: Sequence[Delivery], lease: UUID) -> int:
    """queued → scheduled for the rest of a lane; how many were still ours."""
    ids = ", ".join(str(int(row.pk)) for row in rows)
    with transaction.atomic():
        back = {pk for (pk,) in fetched(GIVE_BACK.format(ids=ids), {"lease": lease}, kept=False)}
        told = {"from": "queued", "to": "scheduled", "why": "turn over"}
        insert_events(
            draft("delivery.scheduled", f"delivery:{row.pk}", organisation_id=row.organisation_id, data=told)
            for row in rows
            if row.pk in back
        )
    return len(back)
