"""Sections with their roles, labels as meant, and item trees."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass

from campaigns.reading.folding import is_upper, one_line, squeeze
from campaigns.reading.headings import role_of
from campaigns.reading.items import build, clean_title, to_items
from campaigns.reading.labels import ROMANS, Label, Style
from campaigns.reading.outline import Outline, Part
from campaigns.reading.paragraphs import Paragraph
from campaigns.reading.schema import PlanWarning, Role, Section

Warn = Callable[[PlanWarning], None]
_UPPERS = "ABCDĐEGH"
ROW_LABEL = re.compile(r"[0-9]{1,3}|[IVX]{1,5}|[a-zđ]")
_ANNEX = re.compile(r"^(ph[uụ]\s*l[uụ]c(?:\s+s[oố])?(?:\s+(?:[IVX]{1,4}|[0-9]{1,2}))?)\b[\s.:–-]*(.*)$", re.IGNORECASE)


@dataclass(slots=True)
class Built:
    """A section with the paragraphs it was built from; `lead` are those before its first item."""

    section: Section
    part: Part
    lead: list[Paragraph]


def read_sections(outline: Outline, file: str, warn: Warn) -> list[Built]:
    """All sections in order, appendices last; irregular numbering is reported and never mended silently."""
    built: list[Built] = []
    running: str | None = None
    seen: set[str] = set()
    above: str | None = None
    outer, inside = _outer(outline), False
    for at, part in enumerate(outline.parts):
        if part.appendix:
            built.append(_appendix(part))
            continue
        label = part.heading.label
        if label and outer is not None and label.style > outer and not inside:
            running, seen, inside = None, set(), True
        elif label and label.style == outer and inside:
            running, seen, inside = above, set(), False
        expected = _expected(running, label)
        _check(part, label, expected, seen, warn)
        running = expected if label and label.value in seen else (label.value if label else running)
        if label:
            seen.add(label.value)
            above = above if inside else running
        own = _section(part, expected, file, warn)
        if label and label.style == outer and not part.paragraphs and outline.parts[at + 1 :]:
            own.section = dataclasses.replace(own.section, role="other")  # only the heading of the sections below it
        built.append(own)
    _check_titles(built, warn)
    return built


def _check_titles(built: list[Built], warn: Warn) -> None:
    """Tell of a section that bears the very name of an earlier one: one of both is likely to be misnamed."""
    seen: dict[str, Section] = {}
    for section in (b.section for b in built if not b.part.appendix and b.section.role != "other"):
        before = seen.setdefault(squeeze(section.title or ""), section)
        if before is not section:
            warn(
                PlanWarning(
                    "duplicate_section",
                    f"Mục «{section.title}» trùng tên với mục ở dòng {before.source.lines[0]}; cả hai được giữ, hãy "
                    "xem tên nào ghi nhầm.",
                    section.source,
                )
            )


def _outer(outline: Outline) -> Style | None:
    """The style of PHẦN or A., B. headings that hold numbered sections of their own; None in a plan of one level."""
    styles = {part.heading.label.style for part in outline.parts if part.heading.label and not part.appendix}
    outer = min(styles, default=None)
    return outer if outer in (Style.PART, Style.UPPER) and len(styles) > 1 else None


def _expected(running: str | None, label: Label | None) -> str | None:
    if label is None:
        return None
    order = _UPPERS if label.style is Style.UPPER else ROMANS
    if label.value.isdigit():
        return str(int(running) + 1) if running and running.isdigit() else "1"
    if running is None:
        return order[0]
    place = order.index(running) if running in order else -1
    return order[place + 1] if 0 <= place < len(order) - 1 else None


def _check(part: Part, label: Label | None, expected: str | None, seen: set[str], warn: Warn) -> None:
    if label is None or label.value == expected:
        return
    title, source = clean_title(part.heading.body), part.heading.source()
    if label.value in seen:
        warn(
            PlanWarning(
                "duplicate_label", f"Hai mục cùng mang số {label.value}; mục «{title}» đúng ra là {expected}.", source
            )
        )
    elif expected:
        warn(
            PlanWarning(
                "skipped_label",
                f"Mục «{title}» mang số {label.value} nhưng chờ {expected}; không có mục {expected}.",
                source,
            )
        )


def _section(part: Part, expected: str | None, file: str, warn: Warn) -> Built:
    heading, label = part.heading, part.heading.label
    lead, nodes = build(part.paragraphs)
    items = to_items(nodes, file, warn)
    rows = [] if items else numbered_rows(part.paragraphs)
    title = _heading(heading.body) or None
    return Built(
        Section(
            label=label.value if label else None,
            title=title,
            role=role_of(title or ""),
            source=heading.source(),
            raw_label=label.raw if label else None,
            expected_label=expected if label and expected != label.value else None,
            item_count=len(items or rows),
            items=items,
        ),
        part,
        lead,
    )


def _heading(body: str) -> str:
    """A heading without the text that goes on behind its colon in small letters."""
    title, _, rest = one_line(body).partition(":")
    return (title if is_upper(title) and rest and not is_upper(rest) else one_line(body)).strip(" :;*_")


def _appendix(part: Part) -> Built:
    match = _ANNEX.match(part.heading.text)
    label, title = (one_line(match[1]), match[2]) if match else (None, part.heading.text)
    title = re.sub(r"\(.*$", "", title).strip(" :.–-")
    if not title and part.paragraphs and part.paragraphs[0].cells is None and is_upper(part.paragraphs[0].text):
        title = part.paragraphs[0].text.strip(" :.")
    role: Role = role_of(title) if title else "other"
    count = len(numbered_rows(part.paragraphs))
    section = Section(label, title or None, role, part.heading.source(), raw_label=label, item_count=count)
    return Built(section, part, part.paragraphs)


def numbered_rows(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """The rows of a table that bear a number in their first cell ("1", "II", "a"): what it lists, without its head and
    its sum."""
    return [p for p in paragraphs if p.cells and len(p.cells) > 1 and ROW_LABEL.fullmatch(p.cells[0].strip(" .)("))]
