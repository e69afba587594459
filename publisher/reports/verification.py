"""Proofs: the log is untouched, every delivery is where its log says, and the ledger is a function of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from publisher.budget.ledger import count_up
from publisher.budget.models import BudgetLine, EntryKind, LedgerEntry
from publisher.delivery.models import Delivery
from publisher.delivery.states import MOVES, State
from publisher.events.models import Event
from publisher.events.seal import Finding, verify_log

MOVED = {f"delivery.{state}" for state in State}
FIXED = {"digest": "digest", "account": "account_id", "version": "version_id", "cost": "cost"}  # logged at birth
LOOKS = 3
SPENT = {State.DELIVERED, State.CORRECTED, State.WITHDRAWN}
Entry = tuple[int, int]  # đồng, line
FREED = {State.FAILED, State.CANCELLED, State.MISSED}


def verify_audit() -> list[Finding]:
    """Everything wrong with the log or between the log and the deliveries; empty when all is well."""
    return steady(lambda: [*verify_log(), *verify_deliveries()])


def verify_deliveries() -> Iterator[Finding]:
    """Replays the moves of every delivery and compares the end with the row."""
    ends: dict[str, str] = {}
    born: dict[str, dict[str, Any]] = {}
    for event in Event.objects.filter(kind__in=MOVED).order_by("id").iterator():
        was, to = event.data.get("from"), event.data.get("to")
        if not follows(ends.get(event.subject), was, to):
            yield Finding("chain", event.subject, f"{event.subject}: thiếu bước trước dòng nhật ký {event.pk} ({to}).")
        ends[event.subject] = str(to)
        if was is None:
            born[event.subject] = event.data
    for row in Delivery.objects.values("pk", "state", *FIXED.values()).iterator():
        pk, state = row["pk"], row["state"]
        end = ends.pop(f"delivery:{pk}", None)
        yield from rewritten(row, born.get(f"delivery:{pk}", {}))
        if end is None:
            yield Finding("inserted", f"delivery:{pk}", f"Lượt đăng {pk} không có trong nhật ký.")
        elif end != state:
            yield Finding("changed", f"delivery:{pk}", f"Lượt đăng {pk} ghi “{state}” nhưng nhật ký dừng ở “{end}”.")
    for subject in ends:
        yield Finding("removed", subject, f"Nhật ký có {subject} nhưng lượt đăng đó không còn.")


def rewritten(row: dict[str, Any], born: dict[str, Any]) -> Iterator[Finding]:
    """Facts that no move changes: what was approved, for which account, at what cost."""
    wrong = [name for name, column in FIXED.items() if name in born and born[name] != row[column]]
    if wrong:
        pk = row["pk"]
        yield Finding("changed", f"delivery:{pk}", f"Lượt đăng {pk} đã bị sửa so với nhật ký: {', '.join(wrong)}.")


def follows(last: str | None, was: str | None, to: str | None) -> bool:
    """Whether a logged step continues the one before it and is a legal move."""
    if was is None:
        return last is None and to == State.SCHEDULED
    return last == was and State(str(to)) in MOVES[State(was)]


def verify_budget() -> list[Finding]:
    """Recomputes the ledger from the deliveries and the lines from the ledger; empty when both are equal."""
    return steady(look_at_money)


def look_at_money() -> list[Finding]:
    count_up()  # entries of the last second are in no total yet
    return [*verify_entries(), *verify_lines()]


def steady(look: Callable[[], list[Finding]]) -> list[Finding]:
    """Findings that stay. What moves while we look seems wrong for a moment, so a finding must be found every time."""
    found = look()
    for _ in range(LOOKS - 1):
        if not found:
            break
        again = set(look())
        found = [finding for finding in found if finding in again]
    return found


def verify_entries() -> Iterator[Finding]:
    kept: dict[int, dict[str, Entry]] = defaultdict(dict)
    columns = ("delivery_id", "kind", "amount", "line_id")
    for delivery, kind, amount, line in LedgerEntry.objects.values_list(*columns).iterator():
        kept[delivery][kind] = (amount, line)
    for delivery in Delivery.objects.only("pk", "state", "cost", "budget_line_id").iterator():
        found = {k: v for k, v in kept.pop(delivery.pk, {}).items() if k != EntryKind.ADJUST}
        if found != expected(delivery):
            yield Finding(
                "changed", f"delivery:{delivery.pk}", f"Bút toán của lượt {delivery.pk} không khớp trạng thái của nó."
            )


def expected(delivery: Delivery) -> dict[str, Entry]:
    """The entries a delivery in its state must have."""
    if not delivery.cost:
        return {}
    entry = (delivery.cost, delivery.budget_line_id)
    entries = {str(EntryKind.RESERVE): entry}
    if delivery.state in SPENT:
        entries[str(EntryKind.CONFIRM)] = entry
    if delivery.state in FREED:
        entries[str(EntryKind.RELEASE)] = entry
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
