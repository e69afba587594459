"""Whether every query of the clock's round is answered by an index, however much is scheduled.

    python -m tests.bench.explain [--number 1000000] [--plans]

Fills a database of each kind, with some deliveries in every state the clock looks at, lets the clock decide, claim and
look for its next moment, and asks the database how it answers each statement it was given. Exit status 1 for a
statement that walks through a whole table that grows.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import django

GROWING = ("delivery_delivery", "delivery_attempt", "delivery_evidence", "events_event", "budget_ledgerentry")
SMALL = 100.0  # what PostgreSQL reckons for a table of a few pages
OFTEN = 8  # PostgreSQL thinks of a plan without values after the fifth time
_NAMED = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Plan:
    step: str
    sql: str
    lines: list[str]
    walks: bool


class Heard:
    """Statements by the step that gave them, each kind once."""

    def __init__(self) -> None:
        self.step = ""
        self.deaf = False  # to what the measurement itself asks
        self.statements: dict[str, tuple[str, Any, bool]] = {}  # text without numbers → step, parameters, prepared

    def note(self, sql: str, parameters: Any, *, prepared: bool) -> None:
        if not self.deaf and sql.lstrip().upper().startswith(("SELECT", "UPDATE", "INSERT", "WITH", "DELETE")):
            self.statements.setdefault(sql, (self.step, parameters, prepared))

    def wrapper(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.note(sql, params, prepared=False)
        return execute(sql, params, many, context)


@contextmanager
def listening(heard: Heard) -> Iterator[None]:
    from django.db import connection

    from publisher.delivery import statements

    run = statements._run

    def told(sql: str, parameters: Any) -> Any:
        heard.note(sql, {name: statements.plain(value) for name, value in parameters.items()}, prepared=True)
        return run(sql, parameters)

    statements._run = told
    try:
        with connection.execute_wrapper(heard.wrapper):
            yield
    finally:
        statements._run = run


def stir() -> None:
    """A few deliveries in every state the clock looks at."""
    from django.utils import timezone

    from publisher.delivery.models import Account, Delivery

    now = timezone.now()
    pks = iter(Delivery.objects.order_by("due_at").values_list("pk", flat=True)[:400])

    def some(number: int, **columns: Any) -> None:
        Delivery.objects.filter(pk__in=[next(pks) for _ in range(number)]).update(**columns)

    past = now - 2 * (now - now.replace(year=now.year - 1)) / 365
    some(200, next_try_at=past)
    some(20, next_try_at=past, late_until=past)
    some(20, state="queued", leased_until=past, lease="0" * 32)
    some(5, state="sending", leased_until=now.replace(year=now.year + 1), lease="1" * 32)
    some(20, state="unknown", next_try_at=past)
    some(5, state="processing", next_try_at=now.replace(year=now.year + 1))
    some(20, review_since=past, next_try_at=past)
    Account.objects.filter(pk=Account.objects.order_by("pk")[0].pk).update(pace_per_minute=60, paced_until=past)


def listen() -> Heard:
    from django.utils import timezone

    from publisher.delivery import claim, clock, deciding

    heard = Heard()
    with listening(heard):
        for name in (
            "recover", "lift_expired_holds", "hold_for_review", "miss_late", "drop_orphans", "put_off_for_quiet",
            "seal_log",
        ):  # fmt: skip
            heard.step = f"decide: {name}"
            step = getattr(clock, name)
            step() if name == "seal_log" else step(timezone.now())
        heard.step = "decide: due now"
        list(deciding.silent_organisations(timezone.now()))
        heard.step = "claim_round"
        claim.claim_round(timezone.now())
        heard.step = "claim_questions"
        claim.claim_questions(timezone.now())
        heard.step = "next_moment"
        claim.next_moment(timezone.now())
        heard.step = "beat"
        clock.Clock().beat()
        heard.step = "send"
        send_one(heard)
    return heard


def send_one(heard: Heard) -> None:
    """What a worker asks the database for one delivery that goes well, the call left out."""
    from channels.contract import Outcome, Result
    from publisher.delivery import heartbeat, recording, sending
    from publisher.delivery.claim import Lane
    from publisher.delivery.models import Delivery

    heard.deaf = True
    first = Delivery.objects.filter(state="queued", lease__isnull=False).order_by("-leased_until")[0]
    lane = Lane(first.lease, tuple(Delivery.objects.filter(lease=first.lease).values_list("pk", flat=True)))
    heard.deaf = False
    with heartbeat.beating(lane.lease):
        heartbeat.beat()
    rows = sending.load_lane(lane.pks, lane.lease)
    sending.voided_versions(rows)
    attempt = recording.begin(rows[0], lane.lease, worker="bench")
    recording.record_outcome(rows[0], attempt, lane.lease, Outcome(Result.DELIVERED, "1"))
    sending.give_back(rows[1:], lane.lease)


def plan_of(sql: str, parameters: Any, *, prepared: bool) -> list[str]:
    from django.db import connection, transaction

    if connection.vendor == "sqlite":
        named = _NAMED.sub(r":\1", sql)
        if not prepared:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
                return [str(row[-1]) for row in cursor.fetchall()]
        return [str(row[-1]) for row in connection.connection.execute(f"EXPLAIN QUERY PLAN {named}", parameters)]
    with transaction.atomic(), connection.cursor() as cursor:
        if prepared:
            return settled_plan(cursor, sql, parameters)
        cursor.execute(f"EXPLAIN {sql}", parameters)
        return [str(row[0]) for row in cursor.fetchall()]


def settled_plan(cursor: Any, sql: str, parameters: dict[str, Any]) -> list[str]:
    """As a connection has it that gave the statement often: then it may be planned without knowing the values."""
    names: list[str] = []

    def place(found: re.Match[str]) -> str:
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    text = _NAMED.sub(place, sql)
    cursor.execute(f"PREPARE measured AS {text.replace('%', '%%')}")
    given = f"({', '.join(['%s'] * len(names))})" if names else ""
    for _ in range(OFTEN):
        cursor.execute(f"EXPLAIN EXECUTE measured {given}", [parameters[name] for name in names])
    plan = [str(row[0]) for row in cursor.fetchall()]
    cursor.execute("DEALLOCATE measured")
    return plan


def walks(lines: list[str]) -> bool:
    """Whether a growing table is read from end to end: on SQLite also along an index that is not a partial one."""
    for line in lines:
        if found := re.search(r"Seq Scan on (\w+).*\.\.([\d.]+) rows", line):
            if found[1] in GROWING and float(found[2]) > SMALL:
                return True
        elif (found := re.match(r"SCAN (\w+)", line.strip())) and whole(found[1], line):
            return True
    return False


def whole(table: str, line: str) -> bool:
    small = {"delivery_due", "delivery_line_of_account", "delivery_leased", "delivery_asked_again", "event_unsealed"}
    aliases = {"d": "delivery_delivery", "w": "delivery_delivery", "U0": "delivery_delivery"}
    index = re.search(r"INDEX (\w+)", line)
    narrow = index is not None and index[1] in small - {"delivery_due", "delivery_line_of_account"}
    return aliases.get(table, table) in GROWING and not narrow


def child() -> None:
    """In the environment of an installation: prints the plans as JSON."""
    django.setup()
    stir()
    heard = listen()
    plans = []
    for sql, (step, parameters, prepared) in heard.statements.items():
        lines = plan_of(sql, parameters, prepared=prepared)
        plans.append(asdict(Plan(step, sql, lines, walks(lines))))
    print(json.dumps(plans, default=str))


def plans_of(database: str, number: int) -> list[Plan]:
    from tests.bench.installation import installation

    with installation(scaled=database == "postgresql", idle=True) as place:
        place.run("tests.bench.seed", "far", str(number), str(number // 2))
        return [Plan(**plan) for plan in json.loads(place.run("tests.bench.explain", "child"))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=1_000_000)
    parser.add_argument("--plans", action="store_true", help="show every plan, not only the bad ones")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], action="append")
    given = parser.parse_args()
    bad = 0
    for database in given.database or ["postgresql", "sqlite"]:
        plans = plans_of(database, given.number)
        walking = [plan for plan in plans if plan.walks]
        bad += len(walking)
        print(f"{database}: {len(plans)} statements of the clock's round, {len(walking)} walk through a growing table")
        for plan in plans if given.plans else walking:
            mark = "WALKS" if plan.walks else "ok"
            print(f"\n[{mark}] {plan.step}\n  {' '.join(plan.sql.split())[:700]}", *plan.lines, sep="\n    ")
    return 1 if bad else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["child"]:
        child()
    else:
        sys.exit(main())
