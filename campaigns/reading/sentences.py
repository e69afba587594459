"""Sentences of a plan with their place, and whom the text around them speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from campaigns.reading.folding import fold, one_line
from campaigns.reading.labels import Style
from campaigns.reading.money import amounts
from campaigns.reading.paragraphs import Paragraph
from campaigns.reading.rows import headed
from campaigns.reading.schema import Role, Source
from campaigns.reading.sections import Built

_SENTENCE = re.compile(r"(?:[^.;!?]|\.(?=\S)|[.](?=\s[a-zà-ỹđ]))+[.;!?]?")
_BODY = re.compile(
    r"^(?:cac |doi voi )*(?:ubnd|uy ban|so[ ,]|phong[ ,]|van phong|cong an|trung tam|ban |hoi |doan |"
    r"to (?!chuc\b)[a-z]|hat |thon |truong |nghiep doan |hop tac xa |"
    r"dai |co quan|don vi|de nghi|cong chuc|chi doan|chi bo|chi hoi|bo phan|mat tran|tram y te|khu pho|ap |"
    r"cac to chuc|trang tin|bo phan|giao |de nghi |vu |cuc |tong phu trach|ban giam hieu|lien doi|dang uy|cac nganh|"
    r"hieu truong|thu vien|benh vien|chi cuc|lien doan|cong doan|cac thon)"
)

_LEAD = re.compile(
    r"(?:(?:yêu cầu|nhiệm vụ|trách nhiệm)(?: chung)? (?:đối với|của|cho)|đối với|đề nghị|giao|doi voi|de nghi)\s+"
)
_WORN_LEAD = re.compile(r"y\wu c\w{1,2}u(?: chung)? d\wi v\wi\s+")
_VERB = re.compile(
    r"\s(?:chu tri|co trach nhiem|phoi hop|chiu trach nhiem|tham muu|bao cao|gui bao cao|dinh ky|tong hop|thuc hien|"
    r"to chuc|xay dung|can cu|theo doi|huong dan|la co quan|la don vi|la dau moi|dau moi|lam dau moi|"
    r"tuyen truyen|van dong|ban hanh|san xuat|van hanh|"
    r"bo tri|trien khai|ra soat|bien tap|kiem tra|cung cap|chu dong|dang tai|lap du toan)\b"
)
_ADDRESSED = re.compile(r"\bdoi tuong\b")
_SHORT = 22  # words
_SITUATION = re.compile(
    r"^(?:dac diem|tinh hinh|thuc trang|boi canh|su can thiet|co so phap ly|can cu|ket qua (?:thuc hien|dat duoc|nam)|"
    r"ton tai|han che|danh gia (?:tinh hinh|ket qua)|khai quat)\b"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`owner` is the body whose heading or item the sentence stands under, None where no heading names one; `lead` what
    opens its paragraph ("Zalo OA phường: …") or heads its bullets, where the sentence itself does not hold it. `row`:
    it is a row of a table; `addressed`: its section tells whom to reach."""

    text: str
    folded: str
    source: Source
    role: Role
    owner: str | None
    lead: str = ""
    row: bool = False
    addressed: bool = False


def sentences(built: list[Built]) -> Iterator[Sentence]:
    """Every sentence of the sections that say what is to be done, in order: no appendices, no account of how things
    stand ("Đặc điểm tình hình", "Kết quả năm 2025"), whose figures are no targets."""
    for b in built:
        if b.part.appendix or _SITUATION.match(fold(b.section.title or "")):
            continue
        owner: tuple[int, str] | None = None
        before: Paragraph | None = None
        head = ""
        addressed = bool(_ADDRESSED.search(fold(b.section.title or "")))
        for paragraph, heads in headed(b.part.paragraphs):
            if paragraph.cells is not None:
                yield from _row(paragraph, b.section.role, heads.cell(paragraph, "owner") if heads else None)
                continue
            if b.section.role in ("organisation", "requirements", "tasks"):
                owner = _goes_on(before, paragraph, owner) or _owner(paragraph, owner)
            head = _head(paragraph, head)
            named = owner[1] if owner else _of_bullet(paragraph, b.section.role)
            for sentence in _split(paragraph, b.section.role, named, head):
                yield replace(sentence, addressed=addressed)
            before = paragraph


def _head(paragraph: Paragraph, current: str) -> str:
    """What the bullets that follow stand under: the last short item with a label that is no sentence."""
    if paragraph.label is None or paragraph.label.style >= Style.STAR:
        return current
    return paragraph.body if len(paragraph.body.split()) <= _SHORT and not paragraph.body.endswith(".") else ""


def _of_bullet(paragraph: Paragraph, role: Role) -> str | None:
    """The body a bullet of its own begins with ("• Phòng Kinh tế chủ trì; … báo cáo …"), for all of its sentences."""
    bullet = paragraph.label is not None and paragraph.label.style >= Style.STAR
    if not (bullet and role == "organisation" and names_body(paragraph.body)):
        return None
    name = body_name(paragraph.body)
    return name if len(name.split()) <= 12 and name != one_line(paragraph.body).strip(" ,.;/") else None


def _goes_on(before: Paragraph | None, paragraph: Paragraph, owner: tuple[int, str] | None) -> tuple[int, str] | None:
    """The owner whose list of bodies goes on in this paragraph: a page ended after "UBND cấp huyện;"."""
    if not (before and owner and before.label and before.text.rstrip().endswith((";", ",")) and not paragraph.label):
        return None
    if paragraph.cells is not None or not paragraph.text.rstrip().endswith(":") or len(paragraph.text.split()) > 25:
        return None
    return owner[0], body_name(f"{before.body} {paragraph.text}")


def _owner(paragraph: Paragraph, current: tuple[int, str] | None) -> tuple[int, str] | None:
    label = paragraph.label
    if label is None or label.style >= Style.STAR:
        return current
    if current and label.style > current[0] and not names_body(paragraph.body):
        return current
    return (int(label.style), body_name(paragraph.body)) if names_body(paragraph.body) else None


def names_body(text: str) -> bool:
    lead = _leading(text)
    return bool(_BODY.match(fold(text[lead.end() :] if lead else text))) and len(body_name(text).split()) <= 22


def _leading(text: str) -> re.Match[str] | None:
    """What only introduces a body; in the original letters first, then as OCR leaves them."""
    return _LEAD.match(text.lower()) or _WORN_LEAD.match(fold(text))


def body_name(text: str) -> str:
    """The body an item is addressed to: its text up to a colon, without parentheses and leading "Đối với"."""
    name = one_line(re.sub(r"\([^)]*\)", "", text.split(":", maxsplit=1)[0]))
    lead = _leading(name)
    name = name[lead.end() :] if lead else name
    verb = next(
        (v for v in _VERB.finditer(fold(name)) if name[v.start() + 1].islower() and v.start() > len("các")), None
    )
    name = (name[: verb.start()] if verb else name).strip(" ,.;/")
    return name[:1].upper() + name[1:]


def _row(paragraph: Paragraph, role: Role, owner: str | None) -> Iterator[Sentence]:
    """A row of a table of forms or tasks as one sentence; tables of money are read elsewhere."""
    cells = [one_line(c) for c in paragraph.cells or () if c.strip()]
    text = ", ".join(cells[1:] if cells and cells[0].strip(".)").isdigit() else cells)
    if role != "budget" and len(text) > 8 and not amounts(text):
        yield Sentence(text, fold(text), paragraph.source(), role, owner, row=True)


def _split(paragraph: Paragraph, role: Role, owner: str | None, head: str) -> Iterator[Sentence]:
    offset = len(paragraph.text) - len(paragraph.body)
    opening, colon, _ = paragraph.body.partition(":")
    opening = opening if colon and len(opening.split()) <= _SHORT else ""
    for match in _SENTENCE.finditer(paragraph.body):
        text = one_line(match[0]).strip(" ;")
        if len(text) > 8:
            place = paragraph.place(offset + match.start(), offset + match.end())
            lead = opening if match.start() else ("" if opening else head)
            yield Sentence(text, fold(text), place, role, owner, lead)
