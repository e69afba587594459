"""The whole way from the bytes of a file to what the plan in it says."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

from campaigns.reading.audiences import find_audiences
from campaigns.reading.channels import find_channels, find_methods
from campaigns.reading.document import Document, Progress
from campaigns.reading.doubt import at_most
from campaigns.reading.endings import starts_tail
from campaigns.reading.find_budget import find_budget
from campaigns.reading.folding import fold, looks_unaccented
from campaigns.reading.formats import load
from campaigns.reading.funding import find_funding
from campaigns.reading.head_lines import columns, own
from campaigns.reading.headings import about_communication, role_of
from campaigns.reading.kinds import IN_SUBSTANCE, is_letter, refuse, type_of_line
from campaigns.reading.legal_status import judge
from campaigns.reading.letterhead import is_state
from campaigns.reading.limits import DEFAULT, Limits
from campaigns.reading.outline import Outline, Part, divide
from campaigns.reading.own_number import find_number
from campaigns.reading.paragraphs import Paragraph, join, notes
from campaigns.reading.preamble import Preamble, read_preamble
from campaigns.reading.references import named_laws, references, unique
from campaigns.reading.refusal import PlanRefused
from campaigns.reading.reports import find_indices, find_reports
from campaigns.reading.rivals import find_rivals
from campaigns.reading.schema import Budget, Note, PlanWarning, Reading, Reference, Role, Section, Source
from campaigns.reading.sections import Built, read_sections
from campaigns.reading.sentences import sentences
from campaigns.reading.signer import Tail, read_tail
from campaigns.reading.symbols import find_numbers
from campaigns.reading.targets import find_targets
from campaigns.reading.tasks import find_duties, find_tasks, find_units
from campaigns.reading.themes import find_forms, find_themes

OCR_CONFIDENCE = 0.5
_CHANGES = re.compile(r"\b(?:dieu chinh|sua doi|bo sung|thay the)\b[^.;:]{0,40}\bso\s*$")
_BY_TITLE = 0.6
_LETTERHEAD = 10  # paragraphs
_CONFIRM_ALL = (
    "Văn bản là kết quả nhận dạng chữ đã mất dấu; mọi tên, tiêu đề lấy từ đó phải được người xác nhận trước khi dùng."
)
_CONFIRM_TITLE = "Tên kế hoạch lấy từ chữ nhận dạng mất dấu; cần người xác nhận trước khi đăng."
_OTHER_NAME = (
    "Văn bản mang tên «{kind}», không phải «Kế hoạch»; được đọc như kế hoạch vì nêu nội dung tuyên truyền và việc tổ "
    "chức thực hiện. Hãy kiểm tra trước khi dùng."
)


def read_plan(data: bytes, name: str, limits: Limits = DEFAULT, progress: Progress | None = None) -> Reading:
    """What the plan in `data` says. `name` is shown and kept in sources; the content decides the format. `progress`
    is told units done and units in all: pages of a PDF, parts of anything else.

    Raises PlanRefused (with `code` and a Vietnamese `message`) for what cannot be read or is no plan; nothing else.
    """
    document = load(data, name, limits, progress)
    return understand(document, limits, None if document.format in ("pdf", "docx") else progress)


def understand(document: Document, limits: Limits = DEFAULT, progress: Progress | None = None) -> Reading:
    """The plan in a document already turned into lines; its parts are paragraphs, outline and values.

    Raises PlanRefused `not_a_plan`, `too_many_items`.
    """
    done = progress or (lambda _done, _total: None)
    paragraphs = join(document)
    _bound("đoạn", len(paragraphs), limits.paragraphs)
    done(1, 3)
    outline = divide(paragraphs)
    if not _is_plan(outline):
        raise refuse(paragraphs)
    done(2, 3)
    warnings: list[PlanWarning] = list(document.warnings)
    reading = _read(document, outline, warnings)
    done(3, 3)
    _bound("chỉ tiêu", len(reading.targets), limits.items)
    _bound("cảnh báo", len(warnings), limits.items)
    reading = dataclasses.replace(reading, warnings=tuple(_in_order(warnings)))
    return at_most(reading, OCR_CONFIDENCE) if reading.ocr else reading


def _bound(what: str, count: int, most: int) -> None:
    if count > most:
        raise PlanRefused(
            "too_many_items",
            f"Văn bản có {count} {what}, quá giới hạn {most} của một kế hoạch. Hãy tách riêng phần kế hoạch rồi nạp "
            "lại.",
        )


def _is_plan(outline: Outline) -> bool:
    """A plan names itself one and has at least one part of a plan, or names a plan in its title and has three of them
    and the marks of an issued document."""
    roles = {role_of(part.heading.body) for part in outline.parts if not part.appendix} - {"other"}
    if outline.type_at is not None:
        return bool(roles) and (_kind(outline) == "Kế hoạch" or _in_substance(outline, roles))
    if _is_numbered_plan(outline):
        return True
    named = any("kế hoạch" in p.text[:80].lower() for p in outline.head[:6] if type_of_line(p) is None)
    another = any(type_of_line(p) for p in outline.head) or is_letter(outline.head)
    return named and len(roles) >= 3 and not another and (bool(outline.tail) or any(map(is_state, outline.head)))


def _is_numbered_plan(outline: Outline) -> bool:
    """A letterhead with the number form of a plan: the line "KẾ HOẠCH" and the headings were lost in copying."""
    above = outline.head[:_LETTERHEAD]
    if any(type_of_line(p) for p in outline.head):  # a report names the plan it reports on, and says itself what it is
        return False
    number = find_number(columns(own(above), above[0].file)) if above else None
    return number is not None and number.is_plan and any(map(is_state, above)) and not is_letter(above)


def _kind(outline: Outline) -> str:
    """ "Kế hoạch", or the other name under which a document is one."""
    named = type_of_line(outline.head[outline.type_at]) if outline.type_at is not None else None
    return named if named in IN_SUBSTANCE else "Kế hoạch"


def _in_substance(outline: Outline, roles: set[Role]) -> bool:
    titled = " ".join(p.text for p in outline.head[outline.type_at or 0 :][:3])
    return (
        about_communication(titled) and bool(roles & {"themes", "tasks"}) and bool(roles & {"organisation", "methods"})
    )


def _read(document: Document, outline: Outline, warnings: list[PlanWarning]) -> Reading:
    warn = warnings.append
    kind = _kind(outline)
    if kind != "Kế hoạch":
        warn(PlanWarning("plan_by_another_name", _OTHER_NAME.format(kind=kind)))
    ocr = _is_ocr(document, warn)
    preamble = read_preamble(document, outline, ocr, warn)
    built = read_sections(outline, document.file, warn)
    bases, others = _cited(document, outline, preamble, warnings)
    if ocr and preamble.title:
        warn(PlanWarning("title_needs_confirmation", _CONFIRM_TITLE, preamble.sources["title"]))
    tail = read_tail(outline.tail or _signed_inside(outline), warn)
    budget, home = find_budget(document, built, warn)
    themes = find_themes(built, preamble.title, warn)
    forms, tasks, duties = find_forms(built), find_tasks(built), find_duties(built)
    said = list(sentences(built))
    return Reading(
        file=document.file,
        format=document.format,
        doc_type=kind,
        is_plan=True,
        issuer=preamble.issuer,
        number=preamble.number,
        date=preamble.date,
        title=preamble.title,
        year=preamble.year,
        signer=tail.signer,
        symbol=preamble.symbol,
        ocr=ocr,
        title_confidence=None if preamble.title is None else (OCR_CONFIDENCE if ocr else 1.0),
        legal_bases=tuple(bases),
        other_refs=tuple(r for r in others if r.number),
        sections=_sections(built, home, budget),
        themes=themes,
        forms=forms,
        methods=find_methods(forms),
        channels=find_channels(said, ocr, preamble.issuer.level if preamble.issuer else None),
        audiences=find_audiences(said, ocr),
        targets=find_rivals(find_targets(said), warn),
        tasks=tasks,
        duties=duties,
        responsible_units=find_units(duties, tasks),
        funding=find_funding(said),
        reports=find_reports(said),
        indices=find_indices(" ".join(s.text for s in said)),
        budget=budget,
        recipients=tail.recipients,
        notes=tuple(Note(p.text, p.source()) for p in notes(document)),
        sources=_sources(outline, preamble, tail),
    )


def _cited(
    document: Document, outline: Outline, preamble: Preamble, warnings: list[PlanWarning]
) -> tuple[list[Reference], list[Reference]]:
    """What the plan stands on, and the other documents it mentions, each judged by the dated list of standing."""
    warn = warnings.append
    grounds = [p for part in outline.parts if _is_grounds(part) for p in part.paragraphs]
    articles = [p for p in outline.head if _is_article(p)]
    cited_in = [*(p for p in outline.head if not _is_article(p)), *grounds]
    cited = sorted([*references(cited_in, warn), *named_laws(cited_in)], key=lambda r: r.source.lines)
    changed = _changed(outline, preamble)
    bases = [r for r in unique(cited, [], preamble.number, warn) if not r.number or r.number not in changed]
    titled = [p for p in outline.head if any(number in p.text for number in changed)]
    body = [
        *titled,
        *articles,
        *(p for part in outline.parts for p in (part.heading, *part.paragraphs)),
        *notes(document),
    ]
    mentioned = references(body, warn)
    replaced = {r.number for r in mentioned if r.replaced}
    bases = [dataclasses.replace(base, replaced=base.replaced or base.number in replaced) for base in bases]
    others = unique(mentioned, bases, preamble.number, warn)
    return judge(bases, preamble.date, preamble.year, warnings), judge(others, preamble.date, preamble.year, warnings)


def _changed(outline: Outline, preamble: Preamble) -> set[str]:
    """Numbers of the plans that this one amends or replaces by its title: no grounds of it, however often cited."""
    title = preamble.title or ""
    return {n.text for n in find_numbers(title) if _CHANGES.search(fold(title[: n.start]))}


def _sources(outline: Outline, preamble: Preamble, tail: Tail) -> dict[str, Source]:
    """The place of each scalar."""
    found = dict(preamble.sources)
    if tail.source:
        found["signer"] = tail.source
    if outline.type_at is not None:
        found["doc_type"] = outline.head[outline.type_at].source()
    elif preamble.title:  # told by the title and by the sections
        found["doc_type"] = dataclasses.replace(preamble.sources["title"], confidence=_BY_TITLE)
    return found


def _is_article(paragraph: Paragraph) -> bool:
    """What a decision decides ("Điều 2. … thay thế Quyết định số …"): not what it stands on."""
    return bool(re.match(r"\W*dieu\s[0-9]", fold(paragraph.text)))


def _is_grounds(part: Part) -> bool:
    """A section that does the work of the preamble: "I. CĂN CỨ XÂY DỰNG KẾ HOẠCH"."""
    return not part.appendix and bool(re.match(r"(?:cac )?can cu\b|co so phap ly\b", fold(part.heading.body)))


def _is_ocr(document: Document, warn: Callable[[PlanWarning], None]) -> bool:
    """Whether the text has lost its marks, with a warning that nothing of it is ready to be published."""
    ocr = looks_unaccented(" ".join(line.text for line in document.lines[:600]))
    if ocr:
        warn(PlanWarning("ocr_text", _CONFIRM_ALL))
    return ocr


def _sections(built: list[Built], home: Built | None, budget: Budget | None) -> tuple[Section, ...]:
    """The sections, with the appendix that holds the budget known as such and its rows counted."""
    result = []
    for b in built:
        section = b.section
        if b is home and budget:
            section = dataclasses.replace(section, role="budget", item_count=len(budget.lines))
        result.append(section)
    return tuple(result)


def _signed_inside(outline: Outline) -> list[Paragraph]:
    """Where a signature may stand when the plan has none at its end: that of the decision it hangs on, or the last
    paragraphs of the body, not told from the text."""
    above = outline.head[: outline.type_at or 0]
    if len(above) > 12 or any(starts_tail(p) for p in above):
        return above
    parts = [part for part in outline.parts if not part.appendix]
    return parts[-1].paragraphs[-6:] if parts else outline.head[-_LETTERHEAD:]


def _in_order(warnings: list[PlanWarning]) -> list[PlanWarning]:
    """Each warning once, by place."""
    once = list(dict.fromkeys(warnings))
    return sorted(once, key=lambda w: w.source.lines[0] if w.source else 0)
