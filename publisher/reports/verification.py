"""Proofs: the log is untouched, every delivery is where its log says, and the ledger is a function of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from publisher.budget.models import BudgetLine, EntryKind, LedgerEntry
from publisher.delivery.models import Delivery
from publisher.delivery.states import MOVES, State
from publisher.events.models import Event
from publisher.events.seal import Finding, verify_log

MOVED = {f"delivery.{state}" for state in State}
SPENT = {State.DELIVERED, State.CORRECTED, State.WITHDRAWN}
FREED = {State.FAILED, State.CANCELLED, State.MISSED}


def verify_audit() -> list[Finding]:
    """Everything wrong with the log or between the log and the deliveries; empty when all is well."""
    return [*verify_log(), *verify_deliveries()]


def verify_deliveries() -> Iterator[Finding]:
    """Replays the moves of every delivery and compares the end with the row."""
    ends: dict[str, str] = {}
    for event in Event.objects.filter(kind__in=MOVED).order_by("id").iterator():
        was, to = event.data.get("from"), event.data.get("to")
        if not follows(ends.get(event.subject), was, to):
            yield Finding("chain", event.subject, f"{event.subject}: thiếu bước trước dòng nhật ký {event.pk} ({to}).")
        ends[event.subject] = str(to)
    for pk, state in Delivery.objects.values_list("pk", "state").iterator():
        end = ends.pop(f"delivery:{pk}", None)
        if end is None:
            yield Finding("inserted", f"delivery:{pk}", f"Lượt đăng {pk} không có trong nhật ký.")
        elif end != state:
            yield Finding("changed", f"delivery:{pk}", f"Lượt đăng {pk} ghi “{state}” nhưng nhật ký dừng ở “{end}”.")
    for subject in ends:
        yield Finding("removed", subject, f"Nhật ký có {subject} nhưng lượt đăng đó không còn.")


def follows(last: str | None, was: str | None, to: str | None) -> bool:
    """Whether a logged step continues the one before it and is a legal move."""
    if was is None:
        return last is None and to == State.SCHEDULED
    return last == was and State(str(to)) in MOVES[State(was)]


def verify_budget() -> list[Finding]:
    """Recomputes the ledger from the deliveries and the lines from the ledger; empty when both are equal."""
    return [*verify_entries(), *verify_lines()]


def verify_entries() -> Iterator[Finding]:
    kept: dict[int, dict[str, int]] = defaultdict(dict)
    for delivery, kind, amount in LedgerEntry.objects.values_list("delivery_id", "kind", "amount").iterator():
        kept[delivery][kind] = amount
    for delivery in Delivery.objects.only("pk", "state", "cost").iterator():
        found = {k: v for k, v in kept.pop(delivery.pk, {}).items() if k != EntryKind.ADJUST}
        if found != expected(delivery):
            yield Finding(
                "changed", f"delivery:{delivery.pk}", f"Bút toán của lượt {delivery.pk} không khớp trạng thái của nó."
            )


def expected(delivery: Delivery) -> dict[str, int]:
    """The entries a delivery in its state must have."""
    if not delivery.cost:
        return {}
    entries = {str(EntryKind.RESERVE): delivery.cost}
    if delivery.state in SPENT:
        entries[str(EntryKind.CONFIRM)] = delivery.cost
    if delivery.state in FREED:
        entries[str(EntryKind.RELEASE)] = delivery.cost
    return entries


def verify_lines() -> Iterator[Finding]:
    committed: dict[int, int] = defaultdict(int)
    spent: dict[int, int] = defaultdict(int)
    for line, kind, amount in LedgerEntry.objects.values_list("line_id", "kind", "amount").iterator():
        committed[line] += {"reserve": amount, "confirm": -amount, "release": -amount}.get(kind, 0)
        spent[line] += amount if kind in {"confirm", "adjust"} else 0
    for line in BudgetLine.objects.iterator():
        if (line.committed, line.spent) != (committed[line.pk], spent[line.pk]):
            yield Finding(
                "changed", f"line:{line.pk}", f"Dòng dự toán “{line.name}” ghi cam kết/chi khác với tổng bút toán."
            )
