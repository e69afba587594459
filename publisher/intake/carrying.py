"""Money when one plan replaces another: never split, never lost.

A line both plans have stays one row, with its ledger: it moves to the new plan and takes the new amount. The row the
new plan had brought changes places with it and shows, closed, what the old plan said. So nothing is deleted, the ledger
is untouched, and going back is the same exchange.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from campaigns.models import Campaign, Plan
from campaigns.revising import Comparison
from publisher.budget.ledger import dong
from publisher.budget.models import BudgetLine
from publisher.delivery.models import Account, Delivery
from publisher.events.log import record
from publisher.people.models import Person

FACTS = (
    "plan_id",
    "order",
    "label",
    "name",
    "amount",
    "payees",
    "period",
    "owner",
    "source",
    "closed_at",
    "closed_why",
)


class CannotRevise(Exception):
    """The replacement, or going back, would tear money or history apart; nothing changed. Says what to do."""


def carry_lines(old: Plan, new: Plan, found: Comparison, by: Person | None) -> tuple[dict[str, Any], list[str]]:
    """Exchanges the lines both plans have, closes those only the old one had. What undoing needs, and sentences for a
    person."""
    rows = {plan.pk: {row.order: row for row in plan.budget_lines.filter(origin="plan")} for plan in (old, new)}
    swapped, closed, to_see = [], [], []
    accounts: dict[str, list[int]] = {}  # those that paid from a line of the new plan, by that line
    for change in found.lines:
        here = rows[old.pk].get(change.old + 1) if change.old is not None else None
        there = rows[new.pk].get(change.new + 1) if change.new is not None else None
        if here and there:
            accounts[str(there.pk)] = list(Account.objects.filter(budget_line=there).values_list("pk", flat=True))
            to_see += exchange(here, there, f"đã chuyển sang kế hoạch {name_of(new)}", by)
            swapped.append([here.pk, there.pk])
        elif here and here.closed_at is None:
            to_see += close(here, f"kế hoạch {name_of(new)} không còn dòng này", by)
            closed.append(here.pk)
    own = list(old.budget_lines.filter(origin="own").values_list("pk", flat=True))
    BudgetLine.objects.filter(pk__in=own).update(plan=new)
    return {"swapped": swapped, "closed": closed, "own": own, "accounts": accounts}, to_see


def exchange(here: BudgetLine, there: BudgetLine, why: str, by: Person | None) -> list[str]:
    """`here` keeps its ledger and takes the place of `there`. Raises `CannotRevise` where `there` is used already."""
    if there.committed or there.spent or Delivery.objects.filter(budget_line=there).exists():
        raise CannotRevise(
            f"Dòng dự toán “{there.name}” của kế hoạch mới đã có lượt đăng. Chuyển các lượt đó sang dòng cùng tên của "
            "kế hoạch cũ, hoặc hủy chúng, rồi thay thế lại."
        )
    locked = BudgetLine.objects.select_for_update().get(pk=here.pk)
    was = {name: getattr(locked, name) for name in FACTS}
    to = {name: getattr(there, name) for name in FACTS}
    amount, said = within_bounds(locked, to["amount"])
    BudgetLine.objects.filter(pk=here.pk).update(**{**to, "amount": amount, "closed_at": None, "closed_why": ""})
    BudgetLine.objects.filter(pk=there.pk).update(**{**was, "closed_at": timezone.now(), "closed_why": why})
    Campaign.objects.filter(budget_line=there).update(budget_line=here)
    Account.objects.filter(budget_line=there).update(budget_line=here)
    told = {
        "was": was["amount"],
        "stated": to["amount"],
        "amount": amount,
        "plan": to["plan_id"],
        "from": was["plan_id"],
    }
    record("budget.line_carried", f"line:{here.pk}", organisation=here.organisation, actor=by, data=told)
    return said


def within_bounds(line: BudgetLine, amount: int | None) -> tuple[int | None, list[str]]:
    """The new limit: what the new plan states, but never less than what is bound already."""
    bound = line.committed + line.spent
    if not bound or (amount is not None and amount >= bound):
        return amount, []
    stated = "không ghi số tiền" if amount is None else f"chỉ ghi {dong(amount)}"
    return bound, [
        f"Dòng dự toán “{line.name}”: kế hoạch mới {stated} nhưng đã cam kết và chi {dong(bound)}. Hạn mức giữ ở số đã "
        "cam kết nên không cam kết thêm được; cần điều chỉnh dự toán hoặc hủy bớt lượt đăng."
    ]


def close(line: BudgetLine, why: str, by: Person | None) -> list[str]:
    BudgetLine.objects.filter(pk=line.pk).update(closed_at=timezone.now(), closed_why=why)
    bound = line.committed + line.spent
    record("budget.line_closed", f"line:{line.pk}", organisation=line.organisation, actor=by, data={"why": why})
    return [f"Dòng dự toán “{line.name}” bị bỏ nhưng đã cam kết và chi {dong(bound)}; số đó được giữ."] if bound else []


def take_back(old: Plan, new: Plan, before: dict[str, Any], by: Person | None) -> None:
    """The same exchange once more, after the campaigns are back under their plans: those of `new` pay from its own
    line again. Raises `CannotRevise` where more is bound by now than the old line allowed."""
    for here, there in before["swapped"]:
        carried, history = (BudgetLine.objects.select_for_update().get(pk=pk) for pk in (here, there))
        bound = carried.committed + carried.spent
        if bound and (history.amount is None or history.amount < bound):
            raise CannotRevise(
                f"Dòng dự toán “{carried.name}” đã cam kết và chi {dong(bound)}, nhiều hơn dự toán của kế hoạch cũ. "
                "Hủy bớt lượt đăng có chi phí rồi hoàn tác lại."
            )
        exchange_back(carried, history, by)
        Campaign.objects.filter(plan=new, budget_line=carried).update(budget_line=history)
        Account.objects.filter(pk__in=before.get("accounts", {}).get(str(there), ())).filter(
            budget_line=carried
        ).update(budget_line=history)
    BudgetLine.objects.filter(pk__in=before["closed"]).update(closed_at=None, closed_why="")
    BudgetLine.objects.filter(pk__in=before["own"]).update(plan=old)


def exchange_back(carried: BudgetLine, history: BudgetLine, by: Person | None) -> None:
    now = {name: getattr(carried, name) for name in FACTS}
    was = {name: getattr(history, name) for name in FACTS} | {"closed_at": None, "closed_why": ""}
    BudgetLine.objects.filter(pk=carried.pk).update(**was)
    BudgetLine.objects.filter(pk=history.pk).update(**now)
    told = {"was": now["amount"], "amount": was["amount"], "plan": was["plan_id"], "from": now["plan_id"]}
    record("budget.line_carried", f"line:{carried.pk}", organisation=carried.organisation, actor=by, data=told)


def name_of(plan: Plan) -> str:
    return f"số {plan.number}" if plan.number else f"“{plan.title[:80]}”"
