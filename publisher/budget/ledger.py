"""Money follows deliveries: reserve, confirm, release. Every function runs inside the caller's transaction."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from campaigns.models import Plan
from publisher.budget.models import BudgetLine, EntryKind, LedgerEntry
from publisher.people.models import Organisation, Person

AT_A_TIME = 900  # entries counted in one transaction; SQLite takes a thousand parameters


class Costly(Protocol):
    """What the ledger needs to know of a delivery."""

    pk: int
    cost: int
    budget_line_id: int | None


class OverLimit(Exception):
    """The line cannot carry the cost; nothing was reserved. The message says how much is missing."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Totals in đồng over lines that state an amount; `unstated` counts those that do not."""

    planned: int
    committed: int
    spent: int
    unstated: int

    @property
    def left(self) -> int:
        return self.planned - self.committed - self.spent


def reserve(delivery: Costly, *, by: Person | None = None) -> None:
    """Commits the cost. One conditional UPDATE is the limit check and the lock. Raises `OverLimit`."""
    if not delivery.cost:
        return
    line = BudgetLine.objects.filter(pk=delivery.budget_line_id)
    if not line.filter(closed_at=None, amount__gte=F("committed") + F("spent") + delivery.cost).update(
        committed=F("committed") + delivery.cost
    ):
        raise OverLimit(over_limit_message(line.get(), delivery.cost))
    enter(delivery, EntryKind.RESERVE, by=by)


def confirm(delivery: Costly, *, by: Person | None = None) -> None:
    """The reserved cost is spent."""
    if not delivery.cost:
        return
    line = BudgetLine.objects.filter(pk=delivery.budget_line_id)
    line.update(committed=F("committed") - delivery.cost, spent=F("spent") + delivery.cost)
    enter(delivery, EntryKind.CONFIRM, by=by)


def count_up() -> int:
    """Brings the running totals of lines up to their entries; how many entries there were.

    Every paid delivery confirms on its line, and a line is one row: updating it in the delivery's own transaction would
    let all of them wait for each other's commit. What is bound, committed and spent together, does not change by it,
    so the limit holds meanwhile.
    """
    counted = 0
    while found := count_some():
        counted += found
    return counted


@transaction.atomic
def count_some() -> int:
    rows = LedgerEntry.objects.filter(counted=False, kind=EntryKind.CONFIRM).order_by("id")
    found = list(rows.select_for_update(skip_locked=True).values_list("pk", "line", "amount")[:AT_A_TIME])
    totals: Counter[int] = Counter()
    for _, line, amount in found:
        totals[line] += amount
    LedgerEntry.objects.filter(pk__in=[pk for pk, *_ in found]).update(counted=True)
    for line, total in sorted(totals.items()):
        rows = BudgetLine.objects.filter(pk=line)
        rows.update(committed=F("committed") - total, spent=F("spent") + total)
    return len(found)


def release(delivery: Costly, *, by: Person | None = None) -> None:
    """The reserved cost is free again."""
    if not delivery.cost:
        return
    BudgetLine.objects.filter(pk=delivery.budget_line_id).update(committed=F("committed") - delivery.cost)
    enter(delivery, EntryKind.RELEASE, by=by)


def enter(delivery: Costly, kind: EntryKind, *, by: Person | None, at: datetime | None = None) -> LedgerEntry:
    return LedgerEntry.objects.create(
        line_id=delivery.budget_line_id,
        delivery_id=delivery.pk,
        kind=kind,
        amount=delivery.cost,
        at=at or timezone.now(),
        by=by,
    )


def over_limit_message(line: BudgetLine, cost: int) -> str:
    if line.closed_at is not None:
        return (
            f"Dòng dự toán “{line.name}” đã đóng ({line.closed_why}). Hãy chọn dòng khác của kế hoạch đang có hiệu lực."
        )
    if line.left is None:
        return f"Dòng dự toán “{line.name}” chưa ghi số tiền nên không thể cam kết {dong(cost)}. Hãy ghi dự toán trước."
    return (
        f"Dòng dự toán “{line.name}” chỉ còn {dong(line.left)} để cam kết, lượt này cần {dong(cost)}. "
        "Hãy giảm số lượt, chọn dòng khác hoặc điều chỉnh dự toán."
    )


def dong(amount: int) -> str:
    """1600000000 → "1.600.000.000 đ"."""
    return f"{amount:,}".replace(",", ".") + " đ"


def summary(organisation: Organisation, plan: Plan | None = None) -> Summary:
    lines = BudgetLine.objects.filter(organisation=organisation)
    if plan is not None:
        lines = lines.filter(plan=plan)
    totals = lines.aggregate(
        open=Sum("amount", filter=Q(closed_at=None)),
        bound=Sum(F("committed") + F("spent"), filter=~Q(closed_at=None)),  # what a closed line holds stays its plan
        committed=Sum("committed"),
        spent=Sum("spent"),
    )
    return Summary(
        planned=(totals["open"] or 0) + (totals["bound"] or 0),
        committed=totals["committed"] or 0,
        spent=totals["spent"] or 0,
        unstated=lines.filter(amount=None, closed_at=None).count(),
    )
