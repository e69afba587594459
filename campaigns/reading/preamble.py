"""What stands before the first section: letterhead, number, date, title."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from campaigns.reading import attachment, issue_date, own_number, titles
from campaigns.reading.attachment import Attachment
from campaigns.reading.document import Document
from campaigns.reading.folding import fold
from campaigns.reading.head_lines import HeadLine, columns, own
from campaigns.reading.issuers import find_issuer
from campaigns.reading.outline import Outline
from campaigns.reading.paragraphs import Paragraph
from campaigns.reading.schema import Issuer, PlanWarning, Source

Warn = Callable[[PlanWarning], None]


@dataclass(slots=True)
class Preamble:
    issuer: Issuer | None = None
    number: str | None = None
    symbol: str | None = None
    date: dt.date | None = None
    title: str | None = None
    year: int | None = None
    sources: dict[str, Source] = field(default_factory=dict)


def read_preamble(document: Document, outline: Outline, ocr: bool, warn: Warn) -> Preamble:
    """Everything the letterhead and title state. Missing values stay None, each with its warning."""
    found = Preamble()
    above = _letterhead(outline)
    lines = columns(own(above), document.file)
    hangs_on = attachment.find_attachment(outline)
    _title(found, outline, warn)
    _number(found, lines, outline, hangs_on, warn)
    _date(found, lines, outline, ocr, warn)
    _issuer(found, lines, outline, document, hangs_on, ocr, warn)
    _year(found)
    return found


def _letterhead(outline: Outline) -> list[Paragraph]:
    """What stands above the line "KẾ HOẠCH"; below it only what plainly belongs there ("Số: …")."""
    at = outline.type_at
    if at is None:
        return list(itertools.takewhile(lambda p: not titles.INTRO.match(fold(p.text)), outline.head[:6]))
    below = [p for p in outline.head[at + 1 : at + 6] if re.match(r"so\s?:[\s0-9.…_]*/", fold(p.text))]
    return [*outline.head[:at], *below]


def _title(found: Preamble, outline: Outline, warn: Warn) -> None:
    title = titles.find_title(outline)
    if title:
        found.title, found.sources["title"] = title.text, title.source
    else:
        _title_said(found, outline, warn)


def _title_said(found: Preamble, outline: Outline, warn: Warn) -> None:
    said = titles.title_of_sentence(outline)
    if said is None:
        warn(PlanWarning("missing_title", "Không tìm thấy tên (trích yếu) của kế hoạch; cần người điền."))
        return
    found.title, found.sources["title"] = said.text, said.source
    warn(
        PlanWarning(
            "title_from_sentence",
            "Văn bản thiếu dòng tên kế hoạch; tên được lấy từ câu ban hành, cần người kiểm tra.",
            said.source,
        )
    )


def _number(found: Preamble, lines: list[HeadLine], outline: Outline, hangs_on: Attachment | None, warn: Warn) -> None:
    number = own_number.find_number(lines)
    if number:
        found.number, found.symbol = number.value, number.symbol
        found.sources["number"] = found.sources["symbol"] = number.source
        if not number.is_plan and number.symbol.startswith(("QĐ", "NQ", "CT-", "TB")):
            warn(own_number.of_decision(number))
    elif hangs_on:
        warn(attachment.told(hangs_on))
    inside = attachment.plan_number(outline)
    if inside:
        found.symbol = found.symbol or inside.symbol
        if found.number is None and inside.value:
            found.number, found.sources["number"] = inside.value, inside.source
        elif found.number and inside.value and inside.value != found.number:
            warn(own_number.conflicting(inside, found.number))
        found.sources.setdefault("number", inside.source)
        found.sources.setdefault("symbol", inside.source)
    if found.number is None:
        warn(own_number.missing(found.sources.get("number")))


def _date(found: Preamble, lines: list[HeadLine], outline: Outline, ocr: bool, warn: Warn) -> None:
    issued = issue_date.find_date(lines, ocr)
    if issued is None:
        issued = issue_date.date_above_signature(_last_lines(outline))
    if issued:
        found.date, found.sources["date"] = issued.day, issued.source
        if issued.day is None and not issued.blank:
            warn(issue_date.invalid(issued.source))
            return
    inside = attachment.plan_date(outline)
    if inside and found.date is None:
        found.date, found.sources["date"] = inside
    elif inside and found.date != inside[0]:
        warn(issue_date.conflicting(inside[0], found.date, inside[1]))  # type: ignore[arg-type]
    if found.date is None:
        warn(issue_date.missing(found.sources.get("date")))


def _last_lines(outline: Outline) -> list[HeadLine]:
    bodies = [part for part in outline.parts if not part.appendix]
    last = bodies[-1].paragraphs[-3:] if bodies else []
    return columns([*last, *outline.tail], last[0].file if last else "")


def _issuer(
    found: Preamble,
    lines: list[HeadLine],
    outline: Outline,
    document: Document,
    hangs_on: Attachment | None,
    ocr: bool,
    warn: Warn,
) -> None:
    body = "\n".join(line.text for line in document.lines[:400])
    stated = find_issuer(lines, outline, document.file, body, found.title or "")
    stated = stated or attachment.plan_issuer(outline) or (attachment.issuer_of(hangs_on) if hangs_on else None)
    if stated is None:
        warn(PlanWarning("missing_issuer", "Không đọc được cơ quan ban hành; cần người điền."))
        return
    found.issuer, found.sources["issuer"] = stated
    if ocr:
        warn(
            PlanWarning(
                "issuer_needs_confirmation",
                f"Tên cơ quan «{found.issuer.name}» lấy từ bản nhận dạng chữ; cần người xác nhận.",
                found.sources["issuer"],
            )
        )


def _year(found: Preamble) -> None:
    titled = titles.year_of(found.title or "")
    blank = found.sources.get("date")
    left = re.search(r"nam\s+(20[0-9][0-9])\b", fold(blank.raw)) if blank else None
    if titled:
        found.year, found.sources["year"] = titled, found.sources["title"]
    elif found.date:
        found.year, found.sources["year"] = found.date.year, found.sources["date"]
    elif blank and left:
        found.year, found.sources["year"] = int(left[1]), blank
