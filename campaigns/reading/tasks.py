"""Tasks of the plan and duties of named bodies, with who leads, who helps and until when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from campaigns.reading.deadlines import find_deadlines, understand_deadline
from campaigns.reading.folding import fold, one_line, squeeze
from campaigns.reading.headings import role_of
from campaigns.reading.rows import headed
from campaigns.reading.schema import Item, Task, Unit
from campaigns.reading.sections import Built
from campaigns.reading.sentences import body_name, names_body

_LEADS = re.compile(
    r"(?:^|[.;(]\s*)(?:giao |don vi chu tri\s?:\s*|co quan chu tri\s?:\s*)?([^.;:()]{3,90}?)\s+(?:chu tri|"
    r"la don vi chu tri)\b"
)
_STATED = re.compile(r"(?:don vi|co quan) (?:chu tri|thuc hien)\s?:\s*([^.;\n]{3,90})")
_PARTNERS = re.compile(
    r"(?:phoi hop (?:voi |cung )?|don vi phoi hop\s?:\s*|co quan phoi hop\s?:\s*)([^.;\n]{3,140}?)(?=\s(?:to chuc|"
    r"thuc hien|trien khai|tham muu|xay dung|bien tap|huong dan|dang tai|cung cap|tuyen truyen|trong|de|ra soat|"
    r"kiem tra)\b|[.;\n]|$)"
)

_TOTAL = re.compile(r"^\W*(?:tong|cong)\b")


def find_tasks(built: list[Built]) -> tuple[Task, ...]:
    """The items of the task sections, one task each, then the rows of tables of work wherever they stand."""
    items = (i for b in built if b.section.role == "tasks" and not b.part.appendix for i in b.section.items)
    return (*(_task(i, None) for i in items), *(task for b in built for task in _rows(b)))


def _rows(built: Built) -> Iterator[Task]:
    """One task for each row of a table of work; contents and forms in tables are themes and methods, not tasks."""
    if built.section.role in ("themes", "methods", "budget"):
        return
    for row, heads in headed(built.part.paragraphs):
        title = heads.cell(row, "name") if heads and heads.of_work else None
        if not heads or not title or _TOTAL.match(fold(title)):
            continue
        if not any(
            one_line(c) for at, c in enumerate(row.cells or ()) if at not in (heads.at.get("label"), heads.at["name"])
        ):
            continue  # a row that only heads the rows below it
        period, partners = heads.cell(row, "period"), heads.cell(row, "partners")
        yield Task(
            label=(heads.cell(row, "label") or "").strip(" .") or None,
            title=title,
            text=one_line(row.text),
            source=row.source(),
            owner=heads.cell(row, "owner"),
            partners=tuple(p.strip() for p in re.split(r"[;,](?=\s[A-ZĐ])|\n", partners or "") if p.strip()),
            deadline=understand_deadline(period) if period else None,
        )


def find_duties(built: list[Built]) -> tuple[Task, ...]:
    """What the organisation section lays on each named body: one duty for each innermost item under it."""
    sections = [b.section for b in built if b.section.role == "organisation" and not b.part.appendix]
    return tuple(task for section in sections for item in section.items for task in _duties(item, None))


def find_units(duties: Iterable[Task], tasks: Iterable[Task]) -> tuple[Unit, ...]:
    """The bodies that duties are laid on, then those that lead a task, each once."""
    found: dict[str, Unit] = {}
    for task in (*duties, *tasks):
        if task.owner:
            found.setdefault(squeeze(task.owner), Unit(task.owner, task.source))
    return tuple(found.values())


def _duties(item: Item, owner: str | None) -> Iterator[Task]:
    if not item.children:
        own = body_name(item.title) if names_body(item.title) and (_is_heading(item) or _leading_body(item)) else None
        if own or owner or not _is_heading(item):
            yield _task(item, own or owner or _leading_body(item))
        return
    inner = body_name(item.title) if _is_heading(item) and _may_be_body(item) else owner
    for child in item.children:
        yield from _duties(child, inner)


def _is_heading(item: Item) -> bool:
    return len(item.title.split()) <= 22


def _may_be_body(item: Item) -> bool:
    """Not a heading of what follows: "Về kinh phí", "Trách nhiệm các đơn vị"."""
    return names_body(item.title) or role_of(item.title) == "other"


def _leading_body(item: Item) -> str | None:
    return body_name(item.title) if ":" in item.title[:120] else None


def _task(item: Item, owner: str | None) -> Task:
    text = "\n".join(_texts(item))
    deadlines = list(find_deadlines(text))
    return Task(
        label=item.label,
        title=item.title,
        text=text,
        source=item.source,
        owner=_lead(text) or owner,
        partners=_partners(text),
        deadline=deadlines[0] if deadlines else None,
        further=tuple(deadlines[1:]),
    )


def _texts(item: Item) -> Iterator[str]:
    yield item.text
    for child in item.children:
        yield from _texts(child)


def _lead(text: str) -> str | None:
    folded = fold(text)
    match = _STATED.search(folded) or _LEADS.search(folded)
    if not match:
        return None
    name = one_line(text[match.start(1) : match.end(1)]).strip(" ,.-–")
    name = re.sub(r"^(?:Giao|giao)\s+", "", name)
    return name if name[:1].isupper() and len(name.split()) <= 14 else None


def _partners(text: str) -> tuple[str, ...]:
    match = _PARTNERS.search(fold(text))
    if not match:
        return ()
    named = one_line(text[match.start(1) : match.end(1)]).strip(" ,.")
    return tuple(part.strip() for part in re.split(r";|,(?=\s[A-ZĐ])", named) if part.strip())
