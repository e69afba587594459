"""Where money may stand in a plan, and which way of reading it to believe."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator

from campaigns.reading.budget import Draft, reconcile
from campaigns.reading.budget_fragments import read_fragments
from campaigns.reading.budget_prose import read_prose
from campaigns.reading.budget_tables import read_table, total_below
from campaigns.reading.document import Document, Line
from campaigns.reading.headings import role_of
from campaigns.reading.labels import Style
from campaigns.reading.money import table_unit
from campaigns.reading.paragraphs import Paragraph
from campaigns.reading.schema import Budget, PlanWarning
from campaigns.reading.sections import Built

Warn = Callable[[PlanWarning], None]


def find_budget(document: Document, built: list[Built], warn: Warn) -> tuple[Budget | None, Built | None]:
    """The budget of the plan and the appendix it stands in (None: in the body). Tables, then fragments, then prose."""
    drafts = [*_tables(document, warn), *_fragments(document, built)]
    if not drafts:
        prose = read_prose(_body(built), _headed(built))
        drafts = [prose] if prose else []
    if not drafts:
        return None, None
    best = max(drafts, key=_weight)
    home = next((b for b in built if b.part.appendix and _inside(b, best, document)), None)
    return reconcile(best, warn), home


def _weight(draft: Draft) -> tuple[bool, bool, int]:
    agrees = draft.sum is not None and draft.sum in (draft.total, draft.words[1] if draft.words else None)
    return (agrees and not draft.doubtful, draft.sum is not None, draft.total or draft.sum or 0)


def _tables(document: Document, warn: Warn) -> Iterator[Draft]:
    unit: tuple[str, int] | None = None
    for is_row, group in itertools.groupby(_without_gaps(document.lines), key=lambda line: line.cells is not None):
        lines = list(group)
        if not is_row:
            near = [line.text for line in lines[-4:]]
            wrapped = " ".join(near)  # a line may end between "đơn vị:" and the unit
            stated = [u for u in map(table_unit, (wrapped, *near)) if u]
            unit = stated[-1] if stated else None
            continue
        for _, rows in itertools.groupby(lines, key=lambda line: line.table):
            draft = read_table(list(rows), document.file, unit, warn)
            if draft:
                yield _after_table(draft, document)


def _without_gaps(lines: list[Line]) -> Iterator[Line]:
    """The lines without the blank ones between two rows of a table."""
    for index, line in enumerate(lines):
        if line.text.strip() or line.cells is not None or not (index and lines[index - 1].cells is not None):
            yield line


def _after_table(draft: Draft, document: Document) -> Draft:
    """Total and words may stand in a sentence right below the table."""
    return total_below(draft, document)


def _fragments(document: Document, built: list[Built]) -> Iterator[Draft]:
    for b in built:
        money = b.part.appendix or b.section.role == "budget"
        if not money or any(p.cells is not None for p in b.part.paragraphs):
            continue
        first, last = b.part.heading.first.no, _end(b, built, document)
        draft = read_fragments([line for line in document.lines if first < line.no <= last], document.file)
        if draft:
            yield draft


def _end(b: Built, built: list[Built], document: Document) -> int:
    later = [o.part.heading.first.no for o in built if o.part.heading.first.no > b.part.heading.first.no]
    return min(later) - 1 if later else document.lines[-1].no


def _inside(b: Built, draft: Draft, document: Document) -> bool:
    first = b.part.heading.first.no
    last = max((p.last.no for p in b.part.paragraphs), default=first)
    return first <= draft.source.lines[0] <= last


def _body(built: list[Built]) -> Iterable[Paragraph]:
    return [p for b in built for p in b.part.paragraphs]


def _headed(built: list[Built]) -> set[int]:
    """Paragraphs under a heading about money: a budget section, or an item "1. Về kinh phí" up to the next item."""
    inside: set[int] = set()
    for b in built:
        under: Style | None = None
        whole = b.section.role == "budget"
        for paragraph in b.part.paragraphs:
            label = paragraph.label
            if label and label.style < Style.STAR and (under is None or label.style <= under):
                short = len(paragraph.body.split()) <= 12
                under = label.style if short and role_of(paragraph.body) == "budget" else None
            if whole or under is not None:
                inside.add(id(paragraph))
    return inside
