"""A reading held against its truth, field by field: agree, differ, or not claimed.

    findings = compare(read_plan(data, name), truth)
    print(table(findings)); share(findings)

Every key of a truth has a rule (`sameness.py` names them); a key without one differs, so none is passed over in
silence. Words that only describe ("irregularities", notes) are held against the warnings that must stand for them
(`irregularities.py`), and are listed as descriptions where no warning can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from campaigns.reading import Reading
from tests.plans.sameness import Same, exact

Truth = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """`verdict`: "agree", "differ", "not claimed" (read, but the truth is silent) or "description"."""

    field: str
    verdict: str
    wanted: Any = None
    found: Any = None


@dataclass(slots=True)
class Comparison:
    reading: Reading
    truth: Truth
    misread: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def ocr(self) -> bool:
        """Whether the truth says that the text is poorly read: only then is likeness enough."""
        return bool(self.truth.get("ocr_quality"))

    def hold(self, name: str, wanted: Any, found: Any, same: Same = exact) -> None:
        agree = same(wanted, found, self.ocr)
        self.findings.append(Finding(name, "agree" if agree else "differ", wanted, found))

    def describe(self, name: str, wanted: Any) -> None:
        self.findings.append(Finding(name, "description", wanted))

    def unclaimed(self, name: str, found: Any) -> None:
        self.findings.append(Finding(name, "not claimed", None, found))

    def warned(self, name: str, claim: str, code: str, lines: tuple[int, int] | None = None) -> None:
        """A description that a warning must stand for, inside `lines` where given."""
        codes = {w.code for w in self.reading.warnings if lines is None or (w.source and _meet(w.source.lines, lines))}
        self.findings.append(Finding(name, "agree" if code in codes else "differ", f"{claim} → {code}", sorted(codes)))


def _meet(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


Rule = Callable[[Comparison, Any], None]


def compare(reading: Reading, truth: Truth) -> list[Finding]:
    """Every claim of the truth, in its order, and what was read beyond them."""
    from tests.plans import claims_of_demand, claims_of_form, irregularities

    rules: dict[str, Rule] = {**claims_of_form.RULES, **claims_of_demand.RULES, **irregularities.RULES}
    comparison = Comparison(reading, truth, irregularities.misread(truth))
    for key, claim in truth.items():
        if key in rules:
            rules[key](comparison, claim)
        else:
            comparison.findings.append(Finding(key, "differ", claim, "no rule for this field"))
    for key, read in _silent(reading).items():
        if key not in truth and read:
            comparison.unclaimed(key, read)
    return comparison.findings


def _silent(reading: Reading) -> dict[str, Any]:
    """What a reading holds beside the usual claims, as counts: shown where a truth is silent about it."""
    return {
        "methods": len(reading.methods),
        "duties": len(reading.duties),
        "funding": len(reading.funding),
        "responsible_units": len(reading.responsible_units),
        "deadlines": sum(task.deadline is not None for task in (*reading.tasks, *reading.duties)),
    }


def share(findings: Iterable[Finding]) -> float:
    """How many of the claims agree, 0 to 1; descriptions and what is not claimed do not count."""
    verdicts = [f.verdict for f in findings if f.verdict in ("agree", "differ")]
    return verdicts.count("agree") / len(verdicts) if verdicts else 1.0


def table(findings: Iterable[Finding], full: bool = True) -> str:
    """One line a field; of those that differ both values. `full` False leaves out what agrees."""
    lines = []
    for f in findings:
        if f.verdict == "agree" and not full:
            continue
        lines.append(f"{f.verdict:12} {f.field}" + ("" if f.verdict == "agree" else f": {_short(f)}"))
    return "\n".join(lines)


def _short(finding: Finding) -> str:
    wanted, found = (f"{value!r:.300}" for value in (finding.wanted, finding.found))
    return {"differ": f"truth {wanted} | read {found}", "description": wanted}.get(finding.verdict, found)
