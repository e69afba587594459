"""Money follows deliveries: reserve, confirm, release. Every function runs inside the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import F, Q, Sum
from django.utils import timezone

from campaigns.models import Plan
from publisher.budget.models import BudgetLine, EntryKind, LedgerEntry
from publisher.people.models import Organisation, Person


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
