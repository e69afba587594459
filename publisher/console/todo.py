"""The warnings of a plan as a work list: what is left to look at, and the value each one speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.models import Plan
from publisher.console.findings import Finding
from publisher.intake.models import Handling
from publisher.intake.warnings import Doubt, doubts

OF_CODE = {
    "missing_signer": "f-signer-name", "missing_title": "f-title", "missing_issuer": "f-issuer-name",
    "missing_date": "f-date", "issuer_differs": "f-issuer-name", "number_taken": "f-number",
    "title_needs_confirmation": "f-title", "budget_inconsistent": "f-budget-stated_total",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """One warning and the finding to mend, None where no finding stands there."""

    doubt: Doubt
    finding: Finding | None

    @property
    def left(self) -> bool:
        return self.doubt.decision is None

    @property
    def mended(self) -> bool:
        return self.finding is not None and self.finding.touched

    @property
    def done(self) -> str:
        decision = self.doubt.decision
        return str(Handling(decision.decision).label) if decision else ""


def work_list(plan: Plan, findings: Sequence[Finding]) -> list[Work]:
    """What is left first, each part in the order of the document."""
    anchored = {finding.anchor: finding for finding in findings}
    works = [Work(doubt, anchored.get(OF_CODE.get(doubt.code, "")) or at(doubt, findings)) for doubt in doubts(plan)]
    return sorted(works, key=lambda work: not work.left)


def at(doubt: Doubt, findings: Sequence[Finding]) -> Finding | None:
    """The narrowest correctable finding on the warning's first line."""
    lines = (doubt.source or {}).get("lines")
    if not lines:
        return None
    here = [f for f in findings if f.pointer and f.lines and f.lines[0] <= lines[0] <= f.lines[1]]
    return min(here, key=lambda f: (f.lines or (0, 0))[1] - (f.lines or (0, 0))[0], default=None)
