"""The document's own lines, in windows where it is long, with a mark at each line that was understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from campaigns.models import Plan
from publisher.console.findings import Finding
from publisher.intake.source_lines import NoSource, SourceLine, lines_of

WINDOW = 3000  # lines on one page: some 60 sheets of paper
BLOCK = 40  # lines a browser may leave undrawn together


@dataclass(frozen=True, slots=True)
class Row:
    """A line with what was understood from it: `marks` are the findings that begin here."""

    line: SourceLine
    marks: tuple[Finding, ...]
    covered: bool

    @property
    def text(self) -> str:
        return "\t".join(self.line.cells)


@dataclass(frozen=True, slots=True)
class Pane:
    """One window of the document. `problem` says why there is none."""

    blocks: tuple[tuple[Row, ...], ...] = ()
    window: int = 1
    windows: int = 1
    problem: str = ""

    @property
    def others(self) -> Iterable[int]:
        return range(1, self.windows + 1)


def pane_of(plan: Plan, findings: Sequence[Finding], asked: str) -> Pane:
    """The window asked for; the first one where the asking is no number."""
    try:
        lines = lines_of(plan)
    except NoSource as error:
        return Pane(problem=str(error))
    windows = window_at(lines[-1].no) if lines else 1
    window = min(window_asked(asked), windows)
    rows = list(marked([line for line in lines if window_at(line.no) == window], findings))
    blocks = tuple(tuple(rows[at : at + BLOCK]) for at in range(0, len(rows), BLOCK))
    return Pane(blocks, window, windows)


def window_at(line: int) -> int:
    """Which window holds the line, counted from 1."""
    return (line - 1) // WINDOW + 1


def window_asked(asked: str) -> int:
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 6 else 1


def marked(lines: Sequence[SourceLine], findings: Sequence[Finding]) -> Iterator[Row]:
    marks: dict[int, list[Finding]] = {}
    covered: set[int] = set()
    for finding in findings:
        if finding.lines:
            marks.setdefault(finding.lines[0], []).append(finding)
            covered.update(range(finding.lines[0], min(finding.lines[1], finding.lines[0] + WINDOW) + 1))
    for line in lines:
        yield Row(line, tuple(marks.get(line.no, ())), line.no in covered)
