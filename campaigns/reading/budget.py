"""The budget a plan states: rows of a table of any kind, or sentences; checked against total and words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from campaigns.reading.schema import Budget, BudgetLine, PlanWarning, Source

Warn = Callable[[PlanWarning], None]


@dataclass(slots=True)
class Draft:
    """What one way of reading found, before the check. `doubtful`: some amount could not be told; `other_totals` are
    totals stated elsewhere that differ from `total`."""

    source: Source
    lines: list[BudgetLine] = field(default_factory=list)
    total: int | None = None
    words: tuple[str, int] | None = None
    unit: tuple[str, int] | None = None
    doubtful: bool = False
    columns: tuple[str, ...] = ()
    other_totals: list[int] = field(default_factory=list)

    @property
    def sum(self) -> int | None:
        known = [line.amount for line in self.lines if line.amount is not None]
        return sum(known) if known else None


def reconcile(draft: Draft, warn: Warn) -> Budget:
    """The budget with its verdict: rows, total and words must say the same, else a person must look."""
    stated = (draft.sum, draft.total, draft.words[1] if draft.words else None, *draft.other_totals)
    figures = {v for v in stated if v is not None}
    compared = sum(v is not None for v in stated) >= 2
    consistent = (len(figures) == 1 and not draft.doubtful) if compared or draft.doubtful else None
    if consistent is False:
        warn(PlanWarning("budget_inconsistent", _sentence(draft), draft.source))
    if draft.unit is None and draft.sum is not None:
        draft.unit = ("đồng", 1)  # each amount carries its own unit
    return Budget(
        currency="VND",
        lines=tuple(draft.lines),
        stated_total=draft.total,
        sum=draft.sum,
        consistent=consistent,
        source=draft.source,
        unit=draft.unit[0] if draft.unit else None,
        unit_factor=draft.unit[1] if draft.unit else None,
        in_words=draft.words[0] if draft.words else None,
        in_words_amount=draft.words[1] if draft.words else None,
        columns=draft.columns,
    )


def _sentence(draft: Draft) -> str:
    said = [
        f"cộng các dòng được {money(draft.sum)}" if draft.sum is not None else "không cộng được các dòng",
        f"tổng ghi {money(draft.total)}" if draft.total is not None else "không ghi tổng",
    ]
    if draft.words:
        said.append(f"bằng chữ là {money(draft.words[1])}")
    said += [f"chỗ khác ghi tổng {money(total)}" for total in draft.other_totals]
    return f"Bảng kinh phí cần người xem: {', '.join(said)}."


def money(value: int | None) -> str:
    return "…" if value is None else f"{value:,}".replace(",", ".") + " đ"
