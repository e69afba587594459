"""What an appendix says of its plan, and what a plan says of the document it is attached to."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from campaigns.reading.bodies import level_of
from campaigns.reading.dates import display_date, long_date, short_date
from campaigns.reading.folding import fold, one_line
from campaigns.reading.head_lines import HeadLine, is_attachment
from campaigns.reading.outline import Outline
from campaigns.reading.own_number import OwnNumber, find_number
from campaigns.reading.paragraphs import Paragraph
from campaigns.reading.places import restore_body
from campaigns.reading.schema import Issuer, PlanWarning, Source
from campaigns.reading.symbols import find_numbers

_OF_PLAN = re.compile(r"kem theo\s+(?:ke hoach|quyet dinh|van ban)\s+(?:so)?")
_HANGS_ON = re.compile(r"kem theo\s+(quyet dinh|cong van|nghi quyet|thong bao|to trinh|van ban|chi thi|chuong trinh)\b")
_BODY = re.compile(
    r"\bcủa\s+(?:Chủ tịch\s+|Giám đốc\s+|Bộ trưởng\s+|Hiệu trưởng\s+|Trưởng\s+)?"
    r"((?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân|Bộ|Sở|Phòng|Trung tâm|Trường|Công an|Bệnh viện|Ban|"
    r"Hội|Cục|Chi cục)\s[^).;,]{2,60})"
)
_TOLD = 0.9  # confidence in what another place than the letterhead tells


@dataclass(frozen=True, slots=True)
class Attachment:
    """The document a plan hangs on: "Quyết định", its number and day where they are written."""

    kind: str
    number: str | None
    day: dt.date | None
    paragraph: Paragraph


def find_attachment(outline: Outline) -> Attachment | None:
    """ "(Ban hành kèm theo Quyết định số 61/QĐ-UBND ngày 9/2/2026 …)" in the head of the plan."""
    for paragraph in outline.head:
        match = _HANGS_ON.search(fold(paragraph.text))
        if match and is_attachment(paragraph.text):
            kind = one_line(paragraph.text[match.start(1) : match.end(1)])
            number = next(find_numbers(paragraph.text), None)
            dated = _day(paragraph.text)
            return Attachment(kind, number.text if number else None, dated, paragraph)
    return None


def _day(text: str) -> dt.date | None:
    dated = long_date(text) or short_date(text)
    return dated[0] if dated else None


def told(hangs_on: Attachment) -> PlanWarning:
    number = f" số {hangs_on.number}" if hangs_on.number else ""
    day = f" ngày {display_date(hangs_on.day)}" if hangs_on.day else ""
    return PlanWarning(
        "attached_plan",
        f"Kế hoạch ban hành kèm theo {hangs_on.kind}{number}{day}; đó là số và ngày của văn bản kia, bản kế "
        "hoạch không ghi số riêng.",
        hangs_on.paragraph.source(),
    )


def issuer_of(hangs_on: Attachment) -> tuple[Issuer, Source] | None:
    """The body whose document the plan hangs on has issued the plan with it."""
    return _issuer_in(hangs_on.paragraph)


def _annexes(outline: Outline) -> list[Paragraph]:
    found = [p for part in outline.parts if part.appendix for p in part.paragraphs[:3]]
    return [p for p in found if _OF_PLAN.search(fold(p.text))]


def plan_number(outline: Outline) -> OwnNumber | None:
    """What an appendix says of the plan it belongs to: "(Kèm theo Kế hoạch số 44/KH-UBND ngày …)"."""
    for paragraph in _annexes(outline):
        match = re.search(r"[Kk]ế hoạch (số.*)", paragraph.text)
        form = find_number([HeadLine(match[1], paragraph.source(_TOLD))]) if match else None
        if form:
            return OwnNumber(form.value, form.symbol, paragraph.source(_TOLD))
    return None


def plan_date(outline: Outline) -> tuple[dt.date, Source] | None:
    for paragraph in _annexes(outline):
        day = _day(paragraph.text)
        if day and "quyet dinh" not in fold(paragraph.text):
            return day, paragraph.source(_TOLD)
    return None


def plan_issuer(outline: Outline) -> tuple[Issuer, Source] | None:
    return next((issuer for p in _annexes(outline) if (issuer := _issuer_in(p))), None)


def _issuer_in(paragraph: Paragraph) -> tuple[Issuer, Source] | None:
    match = _BODY.search(paragraph.text)
    if not match:
        return None
    name = restore_body(match[1])
    return Issuer(name, level_of(name)), paragraph.place(match.start(1), match.end(1), _TOLD)
