"""What a storm came to, as a table for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tests.chaos.facts import history
from tests.chaos.storm import Order, Told
from tests.chaos.verdict import Verdict

TOLD_AT_LENGTH = 20  # violations whose history is told
LAST_WORDS = 12  # lines of each process


@dataclass
class Report:
    part: str
    order: Order
    told: Told
    verdict: Verdict
    place: str = ""

    @property
    def broken(self) -> list[str]:
        """Sentences on everything that is not as promised."""
        told = [f"{finding.rule}: {finding.delivery or '-'}: {finding.words}" for finding in self.verdict.findings]
        told += [f"{name} verify: {words}" for name, words in self.told.proofs.items() if words]
        missed = self.order.kills - sum(self.told.kills.values())
        return told + ([f"only {self.order.kills - missed} of {self.order.kills} kills"] if missed > 0 else [])

    @property
    def weathered(self) -> bool:
        return not self.broken

    def as_json(self) -> dict[str, Any]:
        return {
            "order": asdict(self.order),
            "counts": self.verdict.counts(),
            "states": self.verdict.states(),
            "lists": self.verdict.lists(),
            "kills": dict(self.told.kills),
            "ended_by_themselves": dict(self.told.ended),
            "faults": dict(self.told.faults),
            "full_disks": self.told.droughts,
            "people": self.told.acts,
            "seconds": self.told.seconds,
            "settled": self.told.settled,
            "violations": self.broken,
            "histories": self.histories(),
            "ok": self.weathered,
        }

    def histories(self) -> dict[int, list[str]]:
        concerned = list(dict.fromkeys(f.delivery for f in self.verdict.findings if f.delivery))
        return {pk: history(self.verdict.facts, pk) for pk in concerned[:TOLD_AT_LENGTH]}


def table(report: Report) -> str:
    return "\n".join(lines(report))


def lines(report: Report) -> Iterator[str]:
    told, verdict = report.told, report.verdict
    yield f"part {report.part}, seed {report.order.seed}: {'weathered' if report.weathered else 'BROKEN'}"
    yield from grid("deliveries", verdict.states())
    yield from row("counts", verdict.counts())
    yield from row("kills", {**told.kills, "all": sum(told.kills.values())})
    yield from row("ended by themselves", told.ended)
    yield from row("faults", {**told.faults, "all": sum(told.faults.values())})
    yield from row("people", told.acts)
    yield from row("seconds", {**told.seconds, "full disks": told.droughts, "settled": told.settled})
    for name, reasons in verdict.lists().items():
        yield from row(f"on a list: {name}", reasons)
    for words in report.broken:
        yield f"  VIOLATION {words}"
    for pk, events in report.histories().items():
        yield f"  history of {pk}"
        yield from (f"    {event}" for event in events)
    if report.broken:
        for name, words in told.last_words.items():
            yield f"  last words of {name}"
            yield from (f"    {line}" for line in words.splitlines()[-LAST_WORDS:])
    if report.place:
        yield f"  kept in {report.place}"


def grid(name: str, by_kind: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Channels down, states across."""
    states = sorted({state for found in by_kind.values() for state in found})
    yield f"  {name:<14}" + "".join(f"{state:>13}" for state in states) + f"{'all':>8}"
    for kind, found in by_kind.items():
        numbers = "".join(f"{found.get(state, 0) or '':>13}" for state in states)
        yield f"  {kind:<14}{numbers}{sum(found.values()):>8}"


def row(name: str, counts: Mapping[str, Any]) -> Iterator[str]:
    if counts:
        yield f"  {name}: " + " · ".join(f"{key} {value}" for key, value in sorted(counts.items(), key=str))
