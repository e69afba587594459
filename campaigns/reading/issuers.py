"""Who issued the plan, from the letterhead or from "UBND … ban hành Kế hoạch"."""

from __future__ import annotations

import dataclasses
import itertools
import re

from campaigns.reading.bodies import in_full, kind_of, level_of, starts_body
from campaigns.reading.dates import blank_date, long_date, short_date
from campaigns.reading.folding import fold, is_upper, one_line, squeeze
from campaigns.reading.head_lines import HeadLine, columns, span
from campaigns.reading.names import display_name
from campaigns.reading.outline import Outline
from campaigns.reading.own_number import number_in
from campaigns.reading.places import LEVELS, level_word, place_names, restore_body
from campaigns.reading.schema import Issuer, Source

Named = tuple[Issuer, Source]

_MOTTO = re.compile(
    r"c[o0]ng h[o0]a x\S{1,3} h[o0]i.*|\bc[o0]ng h[o0]a x\S{1,2}$|"
    r"^(?:cong|cong hoa|hoa xa hoi.*|xa hoi chu nghia viet nam|chu nghia viet nam)\W*$|"
    r"d[o0]c l\S{1,3}p?\s*[-_.]{0,2}\s*t\S{1,2} d[o0].*|"
    r"dang cong san viet nam.*|"
    r"(?:\S{2,5}\s){1,2}[-]\s*t\S{1,2} d[o0]\b.*"
)
_MOTTOES = ("conghoaxahoichunghiavietnam", "doclaptudohanhphuc", "dangcongsanvietnam")
_SHORTEST = 6  # letters of a piece that a narrow column broke off
_DRAFT = re.compile(r"^(?:du thao|ban thao|mat|hoa toc|khan|thuong khan|so:?)(?:\s(?:lan|ngay)?\s?[0-9/.-]+)?\W*$")
_VERBS = re.compile(
    r"\s(?:ban hanh|xay dung|huong ung|to chuc|trien khai|ve viec|thong bao|phoi hop|khai mac|da|vua)\b"
)
_BODY_WORDS = (
    r"Ban|Đoàn|Hội|Trường|Trung tâm|Công an|Bệnh viện|Sở|Phòng|Liên đoàn|Công đoàn|Đảng ủy|Bộ|Trạm|Hội đồng|Ủy ban|"
    r"Văn phòng|Chi cục|Cục|Thuế|Kho bạc|Bảo hiểm xã hội|BHXH|Thành ủy|Tỉnh ủy|Huyện ủy|Chi bộ|Viện|Đài"
)
_ANY_STATES = re.compile(
    rf"(?:^|[;,.]\s)((?:{_BODY_WORDS})\s[^;,.:()]{{3,90}}?)(?:\s\([^)]{{3,60}}\))?\s(?:ban hành|xây dựng)\s[Kk]ế hoạch"
)
_STATES = re.compile(
    r"\b(uy ban nhan dan|ubnd)\s+((?:thanh pho|tinh|huyen|quan|thi xa|phuong|xa|thi tran|"
    r"dac khu)(?:\s[^.;:,]{2,40}?)?)\s+(?:ban hanh|xay dung)\s+ke hoach"
)
_GOVERNS = re.compile(
    r"(?:ubnd|hdnd|uy ban|dang|chinh phu|bo|tong|so|cuc|tinh|thanh uy|tinh uy|huyen|quan uy|phong|dai hoc|lien doan)\b"
)
_ORGAN = re.compile(r"ban (?:thuong truc|thuong vu|chap hanh)")  # speaks for the body above it
_COMMITTEE = re.compile(r"uy ban nhan dan (?:tinh|thanh pho|huyen|quan|thi xa|xa|phuong|thi tran|dac khu) \w")
_PLACELESS = re.compile(r"UBND (thành phố|tỉnh|huyện|quận|thị xã|phường|xã|thị trấn|đặc khu)", re.IGNORECASE)
_DATED_AT = re.compile(r"^\W*(?:TP\.?\s*)?([A-ZĐÀ-Ỹ][^\d,:]{1,30}),\s*ng[aà]y", re.IGNORECASE)
_SAID = 0.9  # confidence in a name that a sentence or the title gives
_NEAR_DATE = 0.6  # confidence in a place known only from the line of the date
_UNION = "doan tncs ho chi minh"


def find_issuer(lines: list[HeadLine], outline: Outline, file: str, body: str, title: str) -> Named | None:
    """The issuer by the letterhead, else by the sentence that issues the plan; None when neither names one.
    `body` is the text of the document, asked for the usual writing of a name printed in capitals."""
    head = from_letterhead(_above_number(lines), body) or from_letterhead(_before_grounds(lines), body)
    stated = _stated(outline)
    if head and head[0].name == "UBND":  # the place was lost beside the motto of the state
        head = _of_decision(outline, file, body) or stated or head
    if head and stated and _says_more(stated[0].name, head[0].name):
        head = Issuer(_without_organ(stated[0].name), head[0].level, head[0].parent), head[1]
    named = head or stated
    return _with_place(named, title, lines) if named else None


def _says_more(stated: str, printed: str) -> bool:
    """Whether the plan's own sentence gives the name of its letterhead with the place it belongs to, or in full where
    the letterhead abbreviates."""
    if fold(stated).startswith(f"{fold(printed)} "):
        return level_word(stated[len(printed) :].strip()) is not None
    return fold(stated) in (fold(in_full(printed)), f"ban thuong vu {fold(in_full(printed))}") and stated != printed


def _without_organ(name: str) -> str:
    match = _ORGAN.match(fold(name))
    return name[match.end() :].strip() if match else name


def _above_number(lines: list[HeadLine]) -> list[HeadLine]:
    for index, line in enumerate(lines):
        if number_in(line) or re.match(r"^so\s?:", fold(line.text)) or _is_dated(line.text):
            return lines[:index]
    return lines


def _is_dated(text: str) -> bool:
    return bool(long_date(text) or blank_date(text) or (short_date(text) and not _DRAFT.match(fold(text))))


def _before_grounds(lines: list[HeadLine]) -> list[HeadLine]:
    """All lines of the letterhead where its right column came first, without number and date."""
    ends = next(
        (i for i, line in enumerate(lines) if re.match(r"can cu|quyet dinh\W*$|kinh gui", fold(line.text))), None
    )
    return [line for line in lines[:ends] if not (number_in(line) or _is_dated(line.text))]


def _stated(outline: Outline) -> Named | None:
    for paragraph in outline.head:
        sentence = from_sentence(paragraph.text)
        if sentence:
            name, start, end = sentence
            return Issuer(name, level_of(name)), paragraph.place(start, end, _SAID)
    return None


def _of_decision(outline: Outline, file: str, body: str) -> Named | None:
    """The body that a decision names in capitals between its title and its grounds."""
    named = [p for p in outline.head if is_upper(p.text) and _COMMITTEE.match(fold(p.text))]
    return from_letterhead(columns(named[:1], file), body) if named else None


def _with_place(named: Named, title: str, lines: list[HeadLine]) -> Named:
    """ "UBND tỉnh" with the place that the plan's title gives the same level word ("… trên địa bàn tỉnh X"), for a
    province else with that of its date line: there it is the province's own name (NĐ 30/2020/NĐ-CP, Phụ lục I)."""
    issuer, source = named
    match = _PLACELESS.fullmatch(issuer.name)
    if not match:
        return named
    level = match[1].lower()
    titled = next(
        (n for at in re.finditer(rf"\b{fold(level)}\s+", fold(title)) if (n := _place_at(title[at.end() :]))), None
    )
    dated = None if titled or level != "tỉnh" else next((m[1] for ln in lines if (m := _DATED_AT.match(ln.text))), None)
    place = titled or (one_line(dated) if dated else None)
    if not place:
        return named
    confidence = min(source.confidence, _SAID if titled else _NEAR_DATE)
    name = f"UBND {level} {place}"
    return Issuer(name, level_of(name, issuer.parent), issuer.parent), dataclasses.replace(
        source, confidence=confidence
    )


def _place_at(text: str) -> str | None:
    """The place name that `text` begins with: a known one, longest first, else its words with capitals."""
    words = text.split()
    known = (place_names().get(squeeze(" ".join(words[:n]))) for n in (4, 3, 2))
    if found := next((name for name in known if name), None):
        return found
    capitals = list(itertools.takewhile(lambda w: w[:1].isupper() and not w.isupper(), words[:4]))
    return " ".join(capitals).strip(" ,.;") or None


def without_motto(text: str) -> str:
    """A letterhead line without the state's name and motto that stand beside the issuer."""
    folded = fold(text)
    if len(piece := squeeze(folded)) > _SHORTEST and any(piece in whole for whole in _MOTTOES):
        return ""
    match = _MOTTO.search(folded)
    return text[: match.start()].strip(" -–—_*") if match else text.strip(" -–—_*")


def from_letterhead(lines: list[HeadLine], body: str) -> tuple[Issuer, Source] | None:
    """The issuing body of a letterhead: the last body named in it; the one above is its parent.
    `body` is the text of the document, asked for the usual writing of a name printed in capitals."""
    names = _speaking(_named(lines))
    if not names:
        return None
    name, source = names[-1]
    shown = display_name(name, body)
    above = display_name(names[-2][0], body) if len(names) > 1 else None
    parent = above if above and _is_above(above, shown) else None
    return Issuer(shown, level_of(shown, parent), parent), source


def _is_above(above: str, name: str) -> bool:
    """Whether one body may stand over the other: not itself (a running header), nor one beside it (a joint plan)."""
    if fold(above) == fold(name):
        return False
    if _GOVERNS.match(fold(above)) or fold(above).split()[:2] == fold(name).split()[:2]:
        return True
    return level_of(above) != level_of(name) and fold(above).split()[-2:] != fold(name).split()[-2:]


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
            names[-1] = (f"{names[-1][0]} {text}", span(names[-1][1], line.source))
        elif starts_body(text) or fold(text) == "uy":
            names.append((text, line.source))
    return names


def _joins(name: str, text: str) -> bool:
    """Whether a letterhead line goes on with the name above: "PHƯỜNG X" under "ỦY BAN NHÂN DÂN"."""
    above = fold(name)
    if above in ("uy", "uy ban") or (above.endswith(" trung uong") and fold(text) == _UNION):
        return True
    if above.endswith((" va", ",", " -")):
        return True
    if kind_of(text) is not None:
        return False
    return level_word(text) is None or not any(level_word(" ".join(name.split()[i:])) for i in range(len(name.split())))


def _speaking(names: list[tuple[str, Source]]) -> list[tuple[str, Source]]:
    """The names without an organ that only speaks for the body above it, and with the whole union, whose name stands on
    the right where others have the motto, above its parts."""
    bodies = [n for n in names if not _ORGAN.fullmatch(fold(n[0]))]
    kept = bodies or names
    union = [n for n in kept if fold(n[0]) == _UNION]
    return union + [n for n in kept if fold(n[0]) != _UNION]


def from_sentence(text: str) -> tuple[str, int, int] | None:
    """ "UBND phường X ban hành Kế hoạch …" → the name and where it stands."""
    match = _STATES.search(fold(text))
    if not match or not any(match[2].startswith(word) for word in LEVELS):
        other = _ANY_STATES.search(text)
        return (one_line(other[1]), other.start(1), other.end(1)) if other else None
    return restore_body(text[match.start() : match.end(2)]), match.start(), match.end(2)
