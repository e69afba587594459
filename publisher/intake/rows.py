"""The rows that repeat a value of the reading, brought level with a corrected one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F, Max
from django.utils import timezone

from campaigns.corrections import Place, find
from campaigns.deriving import pointers_of, walk
from campaigns.fields import BadCorrection
from campaigns.models import Plan, Target, Theme
from publisher.budget.ledger import dong
from publisher.budget.models import BudgetLine

Json = dict[str, Any]
ADDED = 1000  # what people add is ordered behind whatever was read
NO_LINE = "không phải dòng dự toán của kế hoạch"


def settle(plan: Plan, where: Place, reading: Json) -> None:
    """Brings the rows level that hold what `where` names; lists without rows have none."""
    SETTLED.get(where.kind, lambda *_: None)(plan, where, reading)


def settle_plan(plan: Plan, where: Place, reading: Json) -> None:
    columns = {
        "number": reading["number"] or "",
        "date": reading["date"],
        "title": reading["title"] or plan.source_name,
        "issuer": (reading["issuer"] or {}).get("name") or "",
        "year": reading["year"],
    }
    Plan.objects.filter(pk=plan.pk).update(**columns)
    plan.refresh_from_db()


def settle_themes(plan: Plan, where: Place, reading: Json) -> None:
    rows = {theme.pointer: theme for theme in plan.themes.all()}
    standing: dict[str, Theme] = {}
    excluded: set[str] = set()
    order = plan.themes.aggregate(last=Max("order"))["last"] or 0
    for pointer, (path, parent, node) in zip(pointers_of(reading["themes"]), walk(reading["themes"]), strict=True):
        if node.get("excluded") or parent in excluded:
            excluded.add(path)
        columns = theme_columns(path, node, excluded=path in excluded)
        row = rows.get(pointer)
        if row is None:
            order += 1
            row = Theme(plan=plan, parent=standing.get(parent or ""), order=order, pointer=pointer, **columns)
            row.save()
        else:
            change(row, columns)
        standing[path] = row
    kept = {row.pk for row in standing.values()}
    plan.themes.exclude(pk__in=kept).update(excluded=True)  # additions that were withdrawn


def theme_columns(path: str, node: Any, *, excluded: bool = False) -> Json:
    return {
        "path": path[:40],
        "label": (node["label"] or "")[:20],
        "title": node["title"],
        "text": node.get("text") or "",
        "source": node.get("source") or {},
        "excluded": excluded,
    }


def change(row: Any, columns: Json) -> None:
    """Saves only what differs."""
    changed = [name for name, value in columns.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, columns[name])
    if changed:
        row.save(update_fields=changed)


def settle_target(plan: Plan, where: Place, reading: Json) -> None:
    node = find(reading, where.steps)
    rows = plan.targets.filter(order=order_of(where))
    if node is None:
        rows.update(excluded=True)
        return
    columns = target_columns(node)
    if not rows.update(**columns):
        Target.objects.create(plan=plan, order=order_of(where), **columns)


def target_columns(node: Any) -> Json:
    return {
        "text": node["text"],
        "count": node["count"],
        "unit": (node["unit"] or "")[:60],
        "period": (node["period"] or "")[:40],
        "op": node["op"] or "",
        "channel": (node["channel"] or "")[:120],
        "implied_count": node.get("implied_count"),
        "owner": (node.get("owner") or "")[:200],
        "source": node.get("source") or {},
        "excluded": bool(node.get("excluded")),
    }


def settle_line(plan: Plan, where: Place, reading: Json) -> None:
    node = find(reading, where.steps)
    rows = BudgetLine.objects.filter(plan=plan, order=order_of(where), origin="plan")
    row = rows.first()
    if row is None and node is not None and where.steps[-1].startswith("+"):
        BudgetLine.objects.create(
            organisation=plan.organisation, plan=plan, order=order_of(where), **line_columns(node)
        )
    elif row is None:
        raise BadCorrection("Dòng dự toán này đã chuyển sang kế hoạch thay thế; hãy sửa ở kế hoạch đó.")
    elif node is None or node.get("excluded"):
        shut(row, NO_LINE)
    else:
        set_line(row, line_columns(node) | reopened(row))


def reopened(row: BudgetLine) -> Json:
    return {"closed_at": None, "closed_why": ""} if row.closed_why == NO_LINE else {}


def line_columns(node: Any) -> Json:
    return {
        "label": (node["label"] or "")[:20],
        "name": node["name"],
        "amount": node["amount"],
        "payees": node["payees"],
        "period": (node["period"] or "")[:120],
        "owner": (node["owner"] or "")[:200],
        "source": node.get("source") or {},
    }


def set_line(row: BudgetLine, columns: Json) -> None:
    """One conditional UPDATE: an amount below what is bound is refused, whoever commits at the same moment."""
    bound = F("committed") + F("spent")
    amount = columns["amount"]
    rows = BudgetLine.objects.filter(pk=row.pk)
    fits = rows.filter(committed=0, spent=0) if amount is None else rows.alias(bound=bound).filter(bound__lte=amount)
    if not fits.update(**columns):
        row.refresh_from_db()
        raise BadCorrection(
            f"Dòng dự toán “{row.name}” đã cam kết {dong(row.committed)} và chi {dong(row.spent)}; không thể "
            f"{'để trống dự toán' if amount is None else f'ghi dự toán là {dong(amount)}'}. "
            "Hủy bớt lượt đăng có chi phí rồi sửa lại."
        )


def shut(row: BudgetLine, why: str) -> None:
    """Nothing more is committed on the line. Raises `BadCorrection` while money is bound to it."""
    if not BudgetLine.objects.filter(pk=row.pk, committed=0, spent=0).update(closed_at=timezone.now(), closed_why=why):
        raise BadCorrection(
            f"Dòng dự toán “{row.name}” đã có tiền cam kết hoặc chi nên không bỏ được. Chuyển các lượt đăng có chi phí "
            "sang dòng khác trước."
        )


def order_of(where: Place) -> int:
    step = where.steps[-1]
    return ADDED + int(step) if step.startswith("+") else int(step) + 1


SETTLED: dict[str, Callable[[Plan, Place, Json], None]] = {
    "": settle_plan,
    "themes": settle_themes,
    "targets": settle_target,
    "budget/lines": settle_line,
}
