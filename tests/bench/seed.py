"""Deliveries for a benchmark: run as a child with the environment of the installation measured.

python -m tests.bench.seed ward URL            an invented ward with webhook accounts that call URL
python -m tests.bench.seed due N EPOCH [COST]  N approved deliveries due at that moment, a paid one each
python -m tests.bench.seed each EPOCH …        one paid delivery at each of these moments
python -m tests.bench.seed facebook URL        an account on the Page of the sandbox at URL
python -m tests.bench.seed posts N EPOCH       N deliveries to that Page due at that moment, no two of the same words
python -m tests.bench.seed far N [EVENTS]      N deliveries due in a year, by one statement; so many sealed events
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import django

COST = 1000
ACCOUNTS = 4
NAME = "đích"
YEAR = timedelta(days=365)


def make_ward(url: str) -> None:
    from campaigns.models import Rendering
    from publisher.budget.models import BudgetLine
    from publisher.delivery.accounts import set_secrets
    from publisher.delivery.models import Account
    from tests.ward import make_ward

    ward = make_ward()
    BudgetLine.objects.filter(pk=ward.line.pk).update(amount=10**12)
    kinds = []
    for number in range(ACCOUNTS):
        account = Account.objects.create(
            organisation=ward.organisation, kind="webhook", name=f"{NAME} {number}", settings={"url": url},
            pace_per_minute=0, at_once=0, rate=COST, budget_line=ward.line,
        )  # fmt: skip
        set_secrets(account, {"secret": "khóa của phép đo này"}, by=ward.admin)
        ward.accounts[f"webhook{number}"] = account
        kinds.append(f"webhook{number}")
    version = ward.submitted(*kinds)
    version.approvals.create(by=ward.approver, decision="approved", digest=version.digest)
    print(Rendering.objects.filter(version=version).count())


def make_due(number: int, at: datetime, cost: int = COST) -> None:
    """`number` deliveries spread over the accounts, to be tried at `at`; their money is reserved."""
    made: list[int] = []
    for rest, rendering in enumerate(renderings()):
        if (mine := (number - rest + ACCOUNTS - 1) // ACCOUNTS) > 0:
            first = make_one(rendering, at, cost)
            made.append(first)
            copy("delivery.Delivery", first, mine - 1, {**fresh("ref"), "due_at": later("due_at", "0.001")})
    if cost:
        reserve(min(made), cost * number)
    if number > ACCOUNTS:
        analyse()


def make_far(number: int, events: int = 0) -> None:
    """A second between two of an account, from a year ahead on."""
    spread = later("due_at", "1")
    for rendering in renderings():
        first = make_one(rendering, datetime.now(UTC) + YEAR, 0)
        copy(
            "delivery.Delivery",
            first,
            number // ACCOUNTS - 1,
            {**fresh("ref"), "due_at": spread, "next_try_at": spread},
        )
    if events:
        make_events(events)
    analyse()


def open_page(url: str) -> None:
    from channels.sandbox import credentials
    from publisher.delivery.accounts import set_secrets
    from publisher.delivery.models import Account
    from publisher.people.models import Organisation, Person

    given = credentials(url)["facebook"]
    account = Account.objects.create(
        organisation=Organisation.objects.get(), kind="facebook", name="Trang", settings=given["settings"],
        pace_per_minute=0, at_once=0,
    )  # fmt: skip
    set_secrets(account, given["secrets"], by=Person.objects.filter(username__startswith="admin")[0])


def make_posts(number: int, at: datetime) -> None:
    from campaigns.models import PostVersion, Rendering
    from channels.contract import Payload
    from publisher.delivery.models import Account, Delivery

    account = Account.objects.get(kind="facebook")
    first = PostVersion.objects.select_related("post").get()
    common = {"post": first.post, "revision": first.revision, "title": first.title, "content": first.content,
              "digest": first.digest, "submitted_by_id": first.submitted_by_id}  # fmt: skip
    versions = PostVersion.objects.bulk_create(PostVersion(number=n, **common) for n in range(2, number + 2))
    page = account.settings["page_id"]
    bodies = [
        {"page_id": page, "message": f"Thông báo số {n} của phường", "link": "", "pictures": []} for n in range(number)
    ]
    frozen = Rendering.objects.bulk_create(
        Rendering(version=version, account=account, kind="facebook", body=body, digest=Payload("facebook", body).digest)
        for version, body in zip(versions, bodies, strict=True)
    )
    Delivery.objects.bulk_create(
        Delivery(
            organisation_id=account.organisation_id, version=rendering.version, account=account,
            digest=rendering.digest, ref=uuid4(), due_at=at, next_try_at=at,
        )
        for rendering in frozen
    )  # fmt: skip
    analyse()


def renderings() -> list[Any]:
    from campaigns.models import Rendering

    mine = Rendering.objects.filter(account__kind="webhook", account__name__startswith=NAME)
    return list(mine.select_related("account", "version__post").order_by("pk"))


def make_one(rendering: Any, at: datetime, cost: int) -> int:
    from publisher.delivery.models import Delivery

    made = Delivery.objects.create(
        organisation_id=rendering.account.organisation_id, version=rendering.version, account=rendering.account,
        digest=rendering.digest, ref=uuid4(), due_at=at, next_try_at=at, cost=cost,
        budget_line=rendering.account.budget_line if cost else None,
    )  # fmt: skip
    return int(made.pk)


def reserve(first: int, cost: int) -> None:
    """Entries and total for every delivery from `first` on."""
    from django.db import connection
    from django.db.models import F

    from publisher.budget.models import BudgetLine

    line = renderings()[0].account.budget_line_id
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO budget_ledgerentry (line_id, delivery_id, kind, amount, at, note) "
            "SELECT budget_line_id, id, 'reserve', cost, created_at, '' FROM delivery_delivery "
            "WHERE id >= %s AND budget_line_id = %s",
            [first, line],
        )
    BudgetLine.objects.filter(pk=line).update(committed=F("committed") + cost)


def fresh(column: str) -> dict[str, str]:
    """An UUID of its own for each copy."""
    return {column: on({"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"})}


def later(column: str, seconds: str) -> str:
    """`column` so many seconds later for each copy."""
    return on(
        {
            "postgresql": f"{column} + n * interval '{seconds} seconds'",
            "sqlite": f"strftime('%Y-%m-%d %H:%M:%f000', {column}, (n * {seconds}) || ' seconds')",
        }
    )


def on(texts: dict[str, str]) -> str:
    from django.db import connection

    return texts[connection.vendor]


def analyse() -> None:
    """As the server's own upkeep does a little later."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(on({"postgresql": "ANALYZE", "sqlite": "PRAGMA wal_checkpoint(PASSIVE)"}))


def copy(name: str, pk: int, times: int, changed: dict[str, str]) -> None:
    """Row `pk` of a model so many times more, in the database itself; `changed`: columns by expressions of `n`."""
    from django.apps import apps
    from django.db import connection

    if times <= 0:
        return
    model = apps.get_model(name)
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {times})"  # noqa: S608
    chosen = ", ".join(changed.get(column, column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{numbers} INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608
            f"SELECT {chosen} FROM {table}, numbers WHERE {table}.id = {pk}"
        )


def make_events(number: int) -> None:
    """Sealed ones, as old ones are."""
    from publisher.events.models import Event
    from publisher.events.seal import seal_log

    while seal_log():
        pass
    last = Event.objects.order_by("-pk")[0]
    copy("events.Event", last.pk, number, fresh("uid"))


def main() -> None:
    django.setup()
    match sys.argv[1:]:
        case ["ward", url]:
            make_ward(url)
        case ["due", number, epoch, *cost]:
            make_due(int(number), datetime.fromtimestamp(float(epoch), UTC), *(int(c) for c in cost))
        case ["each", *epochs]:
            for epoch in epochs:
                make_due(1, datetime.fromtimestamp(float(epoch), UTC))
        case ["facebook", url]:
            open_page(url)
        case ["posts", number, epoch]:
            make_posts(int(number), datetime.fromtimestamp(float(epoch), UTC))
        case ["far", number, *events]:
            make_far(int(number), *(int(n) for n in events))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
