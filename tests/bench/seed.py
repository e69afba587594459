"""Deliveries for a benchmark, made by one statement: run as a child with the environment of the installation measured.

python -m tests.bench.seed ward URL            an invented ward with webhook accounts that call URL
python -m tests.bench.seed due N EPOCH [COST]  N approved deliveries due at that moment, a paid one each
python -m tests.bench.seed far N               N deliveries due in a year
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import django

COST = 1000
ACCOUNTS = 4


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
            organisation=ward.organisation, kind="webhook", name=f"đích {number}", settings={"url": url},
            pace_per_minute=0, at_once=0, rate=COST, budget_line=ward.line,
        )  # fmt: skip
        set_secrets(account, {"signing_secret": "bí mật của phép đo"}, by=ward.admin)
        ward.accounts[f"webhook{number}"] = account
        kinds.append(f"webhook{number}")
    version = ward.submitted(*kinds)
    version.approvals.create(by=ward.approver, decision="approved", digest=version.digest)
    print(Rendering.objects.filter(version=version).count())


def make_due(number: int, at: datetime, cost: int = COST) -> None:
    from django.db.models import F

    from campaigns.models import Rendering
    from publisher.budget.models import BudgetLine, EntryKind, LedgerEntry
    from publisher.delivery.models import Delivery

    renderings = list(Rendering.objects.select_related("account", "version__post").order_by("pk"))
    line = BudgetLine.objects.get()
    base = Delivery.objects.count()
    rows = []
    for n in range(number):
        rendering = renderings[n % len(renderings)]
        rows.append(
            Delivery(
                organisation_id=rendering.account.organisation_id,
                version=rendering.version,
                account=rendering.account,
                digest=rendering.digest,
                ref=uuid4(),
                due_at=at + timedelta(microseconds=base + n),
                next_try_at=at,
                cost=cost,
                budget_line=line if cost else None,
            )
        )
    for start in range(0, number, 5000):
        made = Delivery.objects.bulk_create(rows[start : start + 5000])
        if cost:
            LedgerEntry.objects.bulk_create(
                LedgerEntry(line=line, delivery=d, kind=EntryKind.RESERVE, amount=cost, at=d.created_at) for d in made
            )
    BudgetLine.objects.filter(pk=line.pk).update(committed=F("committed") + cost * number)


def main() -> None:
    django.setup()
    match sys.argv[1:]:
        case ["ward", url]:
            make_ward(url)
        case ["due", number, epoch, *cost]:
            make_due(int(number), datetime.fromtimestamp(float(epoch), UTC), *(int(c) for c in cost))
        case ["far", number]:
            make_due(int(number), datetime.now(UTC) + timedelta(days=365), 0)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
