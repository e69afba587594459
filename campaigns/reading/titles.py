"""The title (trích yếu) of the plan and the year it is for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from campaigns.reading.document import Line
from campaigns.reading.folding import fold, is_upper, one_line, words
from campaigns.reading.head_lines import is_attachment
from campaigns.reading.kinds import KINDS
from campaigns.reading.outline import Outline
from campaigns.reading.paragraphs import Paragraph
from campaigns.reading.schema import PlanWarning, Source

Warn = Callable[[PlanWarning], None]
INTRO = re.compile(
    r"^\W*(?:can cu|c[a-z]n c[a-z]{1,3} |thuc hien (?:ke hoach|quyet dinh|nghi quyet|chi thi|cong van|chuong trinh|"
    r"van ban|huong dan|so|nghi dinh|luat|thong tu|de an|cong dien|"
    r"thong bao|ket luan|y kien)|trien khai (?:ke hoach|quyet dinh|nghi quyet|chi thi|cong van|thuc hien (?:ke hoach|"
    r"nghi quyet|quyet dinh|"
    r"chi thi|luat))|de (?:trien khai|thuc hien|tiep tuc|nang cao|bao dam|dam bao|day manh|kip thoi|phat huy)|nham |"
    r"tren co so|theo (?:ke hoach|chi dao|de nghi)|"
    r"thuc hien chi dao|tiep tuc thuc hien|(?:uy ban nhan dan|ubnd|so|trung tam|phong|hoi|doan|dang uy|ban|van phong|"
    r"bo|truong)\b.{2,90}\b(?:ban hanh|xay dung)\s)"
)
_BREAKS_OFF = re.compile(
    r"^\W*(?:can cu|thuc hien (?:ke hoach|quyet dinh|nghi quyet|chi thi|cong van) so|xet de nghi)\b"
)
_ASIDE = re.compile(
    r"^\((?:ban hanh )?kem theo|^[-_*=~.\s]+$|^\W{0,3}$|^noi nhan|^kinh gui|^s[o0]\s?:|^cong hoa xa hoi|^doc lap\s?-|"
    r"^du thao\W*$|^dang cong san viet nam\W*$"
)
_LEADS_ON = re.compile(
    r"(?:va|tren dia ban|giai doan|cua|tai|theo|huong toi|den nam|nam [0-9]{4}|nhiem ky|nam hoc|thuoc|cho)\b"
)
_ISSUING = re.compile(
    r"^(?:(?:v/v|về việc)\s+)?(?:ban hành|phê duyệt)\s+(?:kèm theo\s+\S+\s+\S+\s+)?kế hoạch\s+", re.IGNORECASE
)
_ATTACHED = re.compile(r"\s*\((?:ban hành )?kèm theo\s.*$", re.IGNORECASE)
_AUTHORITY = re.compile(
    r"^(?:bo truong|thu truong|chu tich|giam doc|uy ban nhan dan|thu tuong|tong giam doc|cuc truong)\b"
)
_SAYS = re.compile(
    r"\b(?:ban hành|xây dựng)\s+[Kk]ế hoạch\s+(?!số\b|như\b|với\b|cụ thể|sau\b)(.{12,300}?),?\s*"
    r"(?:\(sau đây[^)]*\),?\s*)?"
    r"(?:cụ thể )?(?:như sau|với (?:các |những )?nội dung|gồm (?:các |những )?nội dung|cụ thể sau)"
)
_SAID = 0.6
_MOST_LINES = 6
_LONGEST = 400
_YEAR = re.compile(r"(?<!den )(?<!nhin )\bn\S{1,2}m\s+(20[0-9][0-9])\b(?!\s*[-–]\s*20)")
_PART_OF_YEAR = re.compile(r"\b(?:quy (?:[ivx]+|[0-9])|thang [0-9]{1,2})\s*(?:/|-|nam)\s*(20[0-9][0-9])\b")
_SPAN = re.compile(r"20[0-9][0-9]\s*[-–]\s*20[0-9][0-9]")


@dataclass(frozen=True, slots=True)
class Title:
    text: str
    source: Source


def find_title(outline: Outline) -> Title | None:
    """What stands below (or beside) the line "KẾ HOẠCH", in as many lines as it was broken into."""
    at = outline.type_at
    after = outline.head[at + 1 :] if at is not None else outline.head
    inline = _inline_title(outline)
    taken: list[Paragraph] = []
    for paragraph in after[:10]:
        if paragraph.cells is not None or paragraph.label or len(taken) >= _MOST_LINES:
            break
        if INTRO.match(fold(paragraph.text)) and not _may_be_title(paragraph, bool(taken or inline)):
            break
        if _ASIDE.match(fold(paragraph.text)) or is_attachment(paragraph.text):
            if taken:
                break
            continue
        last = taken[-1] if taken else outline.head[at or 0]
        if (taken or inline) and not _goes_on(last, paragraph, short=not taken and len((inline or "").split()) <= 4):
            break
        taken.append(paragraph)
    if inline and taken and fold(inline) in ("phoi hop", "lien tich"):  # a kind of plan, not its name
        inline = None
    return _title(outline, inline, [line for p in taken for line in _own_lines(p)])


def title_of_sentence(outline: Outline) -> Title | None:
    """ "… ban hành Kế hoạch tuyên truyền … như sau:": what the plan calls itself where its title is lost."""
    for paragraph in outline.head:
        match = _SAYS.search(paragraph.text)
        if match:
            text = one_line(match[1]).strip(" ,;:")
            return Title(text, paragraph.place(match.start(1), match.end(1), _SAID)) if len(text.split()) > 3 else None
    return None


def _title(outline: Outline, inline: str | None, lines: list[Line]) -> Title | None:
    texts = ([inline] if inline else []) + [line.text.strip() for line in lines]
    title = _ISSUING.sub("", _ATTACHED.sub("", one_line(" ".join(texts))).strip(" *_.;:"))
    if not title:
        return None
    kind = outline.head[outline.type_at] if inline and outline.type_at is not None else None
    first = kind.first if kind else lines[0]
    last = lines[-1] if lines else first
    file = outline.head[0].file
    return Title(title, Source(file, first.page, (first.no, last.no), title))


def _own_lines(paragraph: Paragraph) -> list[Line]:
    """The lines of a paragraph up to one that begins the grounds: wrapped text lost the break between the two."""
    cut = next((i for i, line in enumerate(paragraph.lines) if i and _BREAKS_OFF.match(fold(line.text))), None)
    return paragraph.lines[:cut]


def _may_be_title(paragraph: Paragraph, begun: bool) -> bool:
    """A title may begin like a preamble ("Thực hiện Chỉ thị số …"), but it leads to nothing and issues no plan."""
    folded = fold(paragraph.text)
    return not (
        begun
        or folded.startswith("can cu")
        or len(paragraph.text) > _LONGEST
        or paragraph.text.rstrip(" /").endswith((":", ";", ",", "."))
        or re.search(r"\b(?:ban hanh|xay dung)\s+ke hoach", folded)
    )


def _inline_title(outline: Outline) -> str | None:
    """ "KẾ HOẠCH TUYÊN TRUYỀN …" in one line: what follows the name of the kind."""
    if outline.type_at is None:
        return None
    text = outline.head[outline.type_at].text.strip(" *_#")
    parts = text.split(maxsplit=2)
    if len(words(text)) <= 2 or len(parts) < 3 or " ".join(words(" ".join(parts[:2]))) not in KINDS:
        return None
    return re.sub(r"^\(?dự thảo[^)]*\)?", "", parts[2], flags=re.IGNORECASE).strip(" :-–") or None


def _goes_on(before: Paragraph, paragraph: Paragraph, short: bool) -> bool:
    """Whether a further paragraph still belongs to the title: it leads on, or has the same look and the title is not
    closed by its year. `short`: so far there is only "TUYÊN TRUYỀN" or the like."""
    if len(paragraph.text) > 260 or paragraph.text.endswith((".", ";", ":")):
        return False
    if is_upper(paragraph.text) and _AUTHORITY.match(fold(paragraph.text)):
        return False
    if short or _LEADS_ON.match(fold(paragraph.text)):
        return True
    if re.search(r"n\S{1,2}m\s+20[0-9][0-9]\W*$", fold(before.text)):
        return False
    return is_upper(before.text) == is_upper(paragraph.text) and paragraph.marked == before.marked


def year_of(title: str) -> int | None:
    """The one year a title names for its plan: not a span of years, nor one the plan only looks forward to."""
    folded = fold(title)
    part = _PART_OF_YEAR.search(folded)
    if part:
        return int(part[1])
    found = _YEAR.search(folded)
    return int(found[1]) if found and not _SPAN.search(folded) else None
