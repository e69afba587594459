"""Paragraphs → the parts of a plan: what stands before the sections, the sections, the signature, the appendices."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from campaigns.reading.endings import starts_tail
from campaigns.reading.folding import fold, is_upper, squeeze, words
from campaigns.reading.headings import is_appendix, role_of, role_place
from campaigns.reading.labels import Style
from campaigns.reading.letterhead import beginning, plan_line
from campaigns.reading.paragraphs import Paragraph
from campaigns.reading.schema import Role

_HEADING_LENGTH = 170
_BODY_ROLES: frozenset[Role] = frozenset(
    {"purpose", "requirements", "tasks", "themes", "methods", "organisation", "budget"}
)


@dataclass(slots=True)
class Part:
    """A section with its heading; `appendix` for what follows the signature."""

    heading: Paragraph
    paragraphs: list[Paragraph] = field(default_factory=list)
    appendix: bool = False


@dataclass(slots=True)
class Outline:
    """`head` runs up to the first section, `type_at` is the index in it of the line "KẾ HOẠCH" (None: not found)."""

    head: list[Paragraph]
    type_at: int | None
    parts: list[Part]
    tail: list[Paragraph]


def divide(paragraphs: list[Paragraph]) -> Outline:
    """Cut the paragraphs of one document into its parts, in order, losing none."""
    line = plan_line(paragraphs)
    begin = beginning(paragraphs, line)
    after = _past_title(paragraphs, line)
    is_top = _top_headings(paragraphs[after:])
    outline = Outline(list(paragraphs[begin:after]), None if line is None else line - begin, [], [])
    for paragraph in paragraphs[after:]:
        _place(outline, paragraph, is_top)
    return outline


def _past_title(paragraphs: list[Paragraph], line: int | None) -> int:
    """The first paragraph that may open a section: not the title, be it in capitals and full of heading words."""
    if line is None:
        return 0
    after = line + 1
    if len(words(paragraphs[line].text)) > 2:
        return after
    while after < len(paragraphs) and paragraphs[after].text.startswith("("):
        after += 1
    follows = paragraphs[after] if after < len(paragraphs) else None
    plain = follows is not None and follows.cells is None and not follows.label and not starts_tail(follows)
    return after + 1 if plain else line + 1


def _place(outline: Outline, paragraph: Paragraph, is_top: set[int]) -> None:
    current = outline.parts[-1] if outline.parts else None
    opened = bool(current and current.appendix and not current.paragraphs)
    if current and is_appendix_heading(paragraph, bool(outline.tail) and not opened):
        outline.parts.append(Part(paragraph, appendix=True))
    elif current and current.appendix:
        current.paragraphs.append(paragraph)
    elif current and (outline.tail or starts_tail(paragraph)):
        outline.tail.append(paragraph)
    elif id(paragraph) in is_top:
        outline.parts.append(Part(paragraph, _behind_colon(paragraph)))
    elif current:
        current.paragraphs.append(paragraph)
    else:
        outline.head.append(paragraph)


def _behind_colon(heading: Paragraph) -> list[Paragraph]:
    """The text that goes on behind a heading in capitals ("III. HÌNH THỨC: loa, Zalo"), as a paragraph of its own."""
    title, _, rest = heading.body.partition(":")
    if not rest.strip() or not is_upper(title) or is_upper(rest):
        return []
    return [Paragraph(heading.lines, rest.strip(), None, heading.file)]


def is_appendix_heading(paragraph: Paragraph, signed: bool) -> bool:
    text = paragraph.text
    if paragraph.cells is not None or paragraph.label:
        return False
    if is_appendix(text) or is_appendix(re.split(r"[:.(–-]", text, maxsplit=1)[0]):
        return is_upper(text.split("(")[0]) or len(text) < 40 or paragraph.marked
    return (
        signed
        and is_upper(text)
        and len(text) < _HEADING_LENGTH
        and bool(re.match(r"^(?:bang |bieu |du toan|phu luc|danh muc|danh sach|tong hop|khau hieu|lich )", fold(text)))
    )


def _top_headings(paragraphs: list[Paragraph]) -> set[int]:
    """Identities of the paragraphs that open a section: the outermost numbering that carries known heading words."""
    candidates = [p for p in paragraphs if p.cells is None and _heading_like(p)]
    for style in (Style.PART, Style.UPPER, Style.ROMAN):
        found = [p for p in candidates if p.label and p.label.style is style]
        if _is_outermost(style, found, candidates):
            return {id(p) for p in (*found, *_loose(candidates, found), *_nested(style, found, candidates))}
    return {id(p) for p in _numbered_tops(candidates) or _bare_tops(candidates)}


def _loose(candidates: list[Paragraph], found: list[Paragraph]) -> list[Paragraph]:
    """Headings in capitals that have lost their number among numbered ones. Above the first of those stand title,
    letterhead and the like, where only a short heading that begins with its role counts."""
    first = found[0].first.no
    return [
        p
        for p in candidates
        if not p.label
        and is_upper(p.text)
        and role_of(p.text) in _BODY_ROLES
        and (p.first.no > first or (len(p.text.split()) <= 8 and (role_place(p.text) or (1, ""))[0] == 0))
    ]


def _nested(style: Style, found: list[Paragraph], candidates: list[Paragraph]) -> list[Paragraph]:
    """Roman numbers below PHẦN or A., B. when they are the sections proper: purpose, tasks, organisation and so on."""
    if style is Style.ROMAN:
        return []
    inner = [p for p in candidates if p.label and p.label.style is Style.ROMAN and p.first.no > found[0].first.no]
    roles = {role_of(p.body) for p in inner} & _BODY_ROLES
    return inner if "organisation" in roles and len(roles) >= 3 else []


def _is_outermost(style: Style, found: list[Paragraph], candidates: list[Paragraph]) -> bool:
    known = {role_of(p.body) for p in found} & _BODY_ROLES
    if style is Style.ROMAN:
        return bool(known) or len(found) >= 3
    return len(found) >= 2 and (bool(known) or bool(_nested(style, found, candidates)))


def _numbered_tops(candidates: list[Paragraph]) -> list[Paragraph]:
    """Arabic numbers as section numbers: "1. Mục đích", "2. Nội dung tuyên truyền" …"""
    found = [p for p in candidates if p.label and p.label.style is Style.ARABIC]
    telling = [p for p in found if role_of(p.body) in _BODY_ROLES and _role_leads(p.body)]
    if len({role_of(p.body) for p in telling}) < 2:
        return []
    if all(is_upper(p.body) or p.marked for p in telling):
        return [p for p in found if is_upper(p.body) or (p.marked and any(t.marked for t in telling))]
    return _rising(telling, found)


def _rising(telling: list[Paragraph], found: list[Paragraph]) -> list[Paragraph]:
    """Of all numbered headings those that go on 1, 2, 3 … from one telling heading to the next, not the items inside.
    A heading that tells nothing ("4. Thời gian") counts when its number is the missing one between two that do."""
    tops: list[Paragraph] = []
    known = {id(p) for p in telling}
    if len(telling) >= 3 and len({_value(p) for p in telling}) == 1:  # numbering lost in copying: 1. 1. 1.
        return [p for p in found if _value(p) == _value(telling[0]) and not p.body.endswith(".")]
    last_at = {_value(p): index for index, p in enumerate(found) if id(p) in known}
    for index, paragraph in enumerate(found):
        value, last = _value(paragraph), _value(tops[-1]) if tops else 0
        fills = bool(tops) and value == last + 1 and last_at.get(value, -1) <= index
        fills = fills and any(v > value and at > index for v, at in last_at.items())  # labels have two digits: few
        if value > last and (id(paragraph) in known or (fills and not paragraph.body.endswith("."))):
            tops.append(paragraph)
    return tops


def _value(paragraph: Paragraph) -> int:
    return int(paragraph.label.value) if paragraph.label else 0


def _role_leads(title: str) -> bool:
    """Whether the heading is the role phrase, not a sentence that contains it."""
    return len(title.split()) <= 14


def _bare_tops(candidates: list[Paragraph]) -> list[Paragraph]:
    """Headings without any number: capitals, bold, or a heading style."""
    bare = [p for p in candidates if not p.label and (is_upper(p.text) or p.marked)]
    telling = [p for p in bare if role_of(p.text) in _BODY_ROLES]
    if len({role_of(p.text) for p in telling}) < 2:
        return []
    levels = [p.first.heading for p in telling if p.first.heading]
    if levels:
        return [p for p in bare if p.first.heading == min(levels)]
    return telling


def _heading_like(paragraph: Paragraph) -> bool:
    body = paragraph.body
    if is_upper(body.partition(":")[0]):
        body = body.partition(":")[0]
    if not body or len(body) > _HEADING_LENGTH or squeeze(body) == "":
        return False
    if paragraph.label and paragraph.label.style in (Style.PART, Style.UPPER, Style.ROMAN):
        return (
            is_upper(body)
            or paragraph.marked
            or (role_of(body) != "other" and not body.endswith((";", ",")))
            or (len(body) < 90 and not body.endswith((".", ";", ",")))
        )
    return is_upper(body) or paragraph.marked or (len(body) < 90 and not body.endswith((";", ",")))
