"""Who issued the plan, from the letterhead or from "UBND … ban hành Kế hoạch"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from campaigns.reading.bodies import kind_of, level_of, starts_body
from campaigns.reading.folding import fold, is_upper, one_line
from campaigns.reading.names import display_name
from campaigns.reading.places import LEVELS, level_word, restore_body
from campaigns.reading.schema import Issuer, Source

_MOTTO = re.compile(
    r"c[o0]ng h[o0]a x\S{1,3} h[o0]i.*|"
    r"^(?:cong|cong hoa|hoa xa hoi.*|xa hoi chu nghia viet nam|chu nghia viet nam)\W*$|"
    r"d[o0]c l\S{1,3}p?\s*[-_.]{0,2}\s*t\S{1,2} d[o0].*|"
    r"dang cong san viet nam.*|"
    r"(?:\S{2,5}\s){1,2}[-]\s*t\S{1,2} d[o0]\b.*"
)
_DRAFT = re.compile(r"^(?:du thao|ban thao|mat|hoa toc|khan|thuong khan|so:?)(?:\s(?:lan|ngay)?\s?[\d/.-]+)?\W*$")
_VERBS = re.compile(
    r"\s(?:ban hanh|xay dung|huong ung|to chuc|trien khai|ve viec|thong bao|phoi hop|khai mac|da|vua)\b"
)
_BODY_WORDS = (
    r"Ban|Đoàn|Hội|Trường|Trung tâm|Công an|Bệnh viện|Sở|Phòng|Liên đoàn|Công đoàn|Đảng ủy|Bộ|Trạm|Hội đồng|Ủy ban|"
    r"Văn phòng|Chi cục|Cục|Thuế|Kho bạc|Bảo hiểm xã hội|BHXH|Thành ủy|Tỉnh ủy|Huyện ủy|Chi bộ|Viện|Đài"
)
_ANY_STATES = re.compile(rf"(?:^|[;,.]\s)((?:{_BODY_WORDS})\s[^;,.:]{{3,70}}?)\s(?:ban hành|xây dựng)\s[Kk]ế hoạch")
_STATES = re.compile(
    r"\b(uy ban nhan dan|ubnd)\s+((?:thanh pho|tinh|huyen|quan|thi xa|phuong|xa|thi tran|"
    r"dac khu)(?:\s[^.;:,]{2,40}?)?)\s+(?:ban hanh|xay dung)\s+ke hoach"
)
_ORGAN = re.compile(r"ban (?:thuong truc|thuong vu|chap hanh)")  # speaks for the body above it
_UNION = "doan tncs ho chi minh"
_CHILDREN = {"trung uong", "uy", "uy ban"}  # a narrow column has more of the name below


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A line of the letterhead, one column of it."""

    text: str
    source: Source


def without_motto(text: str) -> str:
    """A letterhead line without the state's name and motto that stand beside the issuer."""
    folded = fold(text)
    match = _MOTTO.search(folded)
    return text[: match.start()].strip(" -–—_*") if match else text.strip(" -–—_*")


def from_letterhead(lines: list[HeadLine], body: str) -> tuple[Issuer, Source] | None:
    """The issuing body of a letterhead: the last body named in it; the one above is its parent.
    `body` is the text of the document, asked for the usual writing of a name printed in capitals."""
    names = _speaking(_named(lines))
    if not names:
        return None
    name, source = names[-1]
    parent = display_name(names[-2][0], body) if len(names) > 1 else None
    shown = display_name(name, body)
    return Issuer(shown, level_of(shown, parent), parent), source


def _named(lines: list[HeadLine]) -> list[tuple[str, Source]]:
    """The bodies named one below the other, each with its lines put together."""
    names: list[tuple[str, Source]] = []
    for line in lines:
        text = one_line(without_motto(line.text))
        if not text or _DRAFT.match(fold(text)) or not any(c.isalpha() for c in text):
            continue
        if not is_upper(text) and not (starts_body(text) and not _VERBS.search(fold(text))):
            continue
        if names and _joins(names[-1][0], text):
            names[-1] = (f"{names[-1][0]} {text}", _span(names[-1][1], line.source))
        elif starts_body(text) or fold(text) == "uy":
            names.append((text, line.source))
    return names


def _joins(name: str, text: str) -> bool:
    """Whether a letterhead line goes on with the name above: "PHƯỜNG X" under "ỦY BAN NHÂN DÂN"."""
    above = fold(name)
    if above in ("uy", "uy ban") or (above.endswith(" trung uong") and fold(text) == _UNION):
        return True
    if above.endswith((" va", ",", " -")) or _ORGAN.fullmatch(above):
        return True
    if kind_of(text) is not None:
        return False
    return level_word(text) is None or not any(level_word(" ".join(name.split()[i:])) for i in range(len(name.split())))


def _speaking(names: list[tuple[str, Source]]) -> list[tuple[str, Source]]:
    """The names without an organ that only speaks for the body above it, and with the whole union, whose name stands on
    the right where others have the motto, above its parts."""
    kept = [n for i, n in enumerate(names) if i == 0 or not _ORGAN.fullmatch(fold(n[0]))]
    union = [n for n in kept if fold(n[0]) == _UNION]
    return union + [n for n in kept if fold(n[0]) != _UNION]


def _span(a: Source, b: Source) -> Source:
    return Source(a.file, a.page, (a.lines[0], b.lines[1]), f"{a.raw}\n{b.raw}", min(a.confidence, b.confidence))


def from_sentence(text: str) -> tuple[str, int, int] | None:
    """ "UBND phường X ban hành Kế hoạch …" → the name and where it stands."""
    match = _STATES.search(fold(text))
    if not match or not any(match[2].startswith(word) for word in LEVELS):
        other = _ANY_STATES.search(text)
        return (one_line(other[1]), other.start(1), other.end(1)) if other else None
    return restore_body(text[match.start() : match.end(2)]), match.start(), match.end(2)
