"""Who issued the plan, from the letterhead or from "UBND … ban hành Kế hoạch"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from campaigns.reading.folding import fold, is_upper, one_line
from campaigns.reading.places import LEVELS, level_word, phrases, restore_body, restore_place
from campaigns.reading.schema import Issuer, Level, Source

# Words that begin the name of a body; the order is that of "which level does it mean".
_BODIES: tuple[tuple[str, Level], ...] = (
    ("uy ban nhan dan", "khac"),
    ("ubnd", "khac"),
    ("hoi dong nhan dan", "khac"),
    ("hdnd", "khac"),
    ("bo ", "tw"),
    ("chinh phu", "tw"),
    ("so ", "so"),
    ("trung tam", "khac"),
    ("van phong", "khac"),
    ("phong ", "khac"),
    ("ban ", "khac"),
    ("chi cuc", "khac"),
    ("cuc ", "khac"),
    ("tong cuc", "tw"),
    ("hoi ", "khac"),
    ("lien doan", "khac"),
    ("doan ", "khac"),
    ("doan tncs", "khac"),
    ("uy ban mat tran", "khac"),
    ("uy ban mttq", "khac"),
    ("ubmttq", "khac"),
    ("mat tran", "khac"),
    ("mttq", "khac"),
    ("dang uy", "khac"),
    ("dang bo", "khac"),
    ("huyen uy", "khac"),
    ("quan uy", "khac"),
    ("thi uy", "khac"),
    ("tinh doan", "khac"),
    ("thanh doan", "khac"),
    ("huyen doan", "khac"),
    ("quan doan", "khac"),
    ("xa doan", "khac"),
    ("phuong doan", "khac"),
    ("tinh uy", "khac"),
    ("thanh uy", "khac"),
    ("cong an", "khac"),
    ("truong ", "khac"),
    ("thanh tra", "khac"),
    ("toa an", "khac"),
    ("vien ", "khac"),
    ("bao hiem xa hoi", "khac"),
    ("benh vien", "khac"),
    ("tram y te", "khac"),
    ("thu vien", "khac"),
    ("bao tang", "khac"),
    ("dai ", "khac"),
    ("cong doan", "khac"),
    ("bch ", "khac"),
    ("ban chap hanh", "khac"),
    ("quan ", "khac"),
)
_MOTTO = re.compile(
    r"c[o0]ng h[o0]a x\S{1,3} h[o0]i.*|"
    r"^(?:cong|cong hoa|hoa xa hoi.*|chu nghia viet nam)\W*$|d[o0]c l\S{1,3}p?\s*[-_.]{0,2}\s*t\S{1,2} d[o0].*|"
    r"dang cong san viet nam.*|"
    r"(?:\S{2,5}\s){1,2}[-]\s*t\S{1,2} d[o0]\b.*"
)
_DRAFT = re.compile(r"^(?:du thao|ban thao|mat|hoa toc|khan|so:?)\W*$")
_PLACE = re.compile(r"(?<!\S)((?:[A-ZĐÀ-Ỹ][a-zà-ỹđ]+\s){0,3}[A-ZĐÀ-Ỹ][a-zà-ỹđ]+),\s*ngày")
_VERBS = re.compile(
    r"\s(?:ban hanh|xay dung|huong ung|to chuc|trien khai|ve viec|thong bao|phoi hop|khai mac|da|vua)\b"
)
_SCHOOL = re.compile(r"(?<=\btrường )(?:th|thcs|thpt|mn|ptdt|th&thcs|tiểu học|mầm non)(?=\s)", re.IGNORECASE)
_ANY_STATES = re.compile(
    r"(?:^|[;,.]\s)((?:Ban|Đoàn|Hội|Trường|Trung tâm|Công an|Bệnh viện|Sở|Phòng|Liên đoàn|Công đoàn|Đảng ủy|Bộ|Trạm)\s"
    r"[^;,.:]{3,70}?)\s(?:ban hành|xây dựng)\s[Kk]ế hoạch"
)
_STATES = re.compile(
    r"\b(uy ban nhan dan|ubnd)\s+((?:thanh pho|tinh|huyen|quan|thi xa|phuong|xa|thi tran|"
    r"dac khu)(?:\s.{2,40}?)?)\s+(?:ban hanh|xay dung)\s+ke hoach"
)


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


def starts_body(text: str) -> bool:
    folded = fold(text) + " "
    return any(folded.startswith(start) for start, _ in _BODIES) or level_word(text) is not None


def from_letterhead(lines: list[HeadLine], body: str) -> tuple[Issuer, Source] | None:
    """The issuing body of a letterhead: the last body named in it; the one above is its parent.
    `body` is the text of the document, asked for the usual writing of a name printed in capitals."""
    names: list[tuple[str, Source]] = []
    for line in lines:
        text = one_line(without_motto(line.text))
        if _DRAFT.match(fold(text)):
            continue
        if not text or not (is_upper(text) or (starts_body(text) and not _VERBS.search(fold(text)))):
            continue
        if names and _joins(names[-1][0], text):
            names[-1] = (f"{names[-1][0]} {text}", _span(names[-1][1], line.source))
        elif starts_body(text) or fold(text) == "uy":
            names.append((text, line.source))
    if not names:
        return None
    name, source = names[-1]
    parent = display_name(names[-2][0], body) if len(names) > 1 else None
    shown = display_name(name, body)
    return Issuer(shown, level_of(shown, parent), parent), source


def _joins(name: str, text: str) -> bool:
    """Whether a letterhead line goes on with the name above: "PHƯỜNG X" under "ỦY BAN NHÂN DÂN"."""
    if fold(name) in ("uy", "uy ban"):  # "ỦY" / "BAN NHÂN DÂN" in a narrow column
        return True
    if any(fold(text).startswith(start) for start, _ in _BODIES):
        return False
    return level_word(text) is None or not any(level_word(" ".join(name.split()[i:])) for i in range(len(name.split())))


def _span(a: Source, b: Source) -> Source:
    return Source(a.file, a.page, (a.lines[0], b.lines[1]), f"{a.raw}\n{b.raw}", min(a.confidence, b.confidence))


def display_name(name: str, body: str) -> str:
    """The usual writing of a name in capitals: as the body of the document writes it, else by level words and place."""
    return _placed(_written(one_line(name), body), body)


def _placed(name: str, body: str) -> str:
    """The place of the date line ("Bến Cũ, ngày …") in its own capitals where the name holds it."""
    for match in _PLACE.finditer(body):
        place = one_line(match[1])
        at = name.lower().find(place.lower())
        if at > 0 and not place.isupper():
            name = name[:at] + place + name[at + len(place) :]
    return name


def _written(name: str, body: str) -> str:
    if level_word(name) and not any(fold(name).startswith(start) for start, _ in _BODIES):
        name = f"UBND {name}"
    if fold(name).startswith(("uy ban nhan dan", "ubnd")):
        restored = restore_body(name)
        return _title_place(restored)
    if not is_upper(name):
        return name
    found = re.search(re.escape(fold(name)), fold(body))
    if found:
        written = _mixed(name, body)
        if written:
            return written
    return _title_place(_school(_proper(name[:1] + name[1:].lower()), body))


def _school(name: str, body: str) -> str:
    """Short kinds of school in capitals ("Trường THCS …") and the school's own name with them."""
    match = _SCHOOL.search(name.lower())
    if not match:
        return name
    kind = match[0].upper() if len(match[0]) <= 7 and " " not in match[0] else match[0]
    return f"{name[: match.start()]}{kind} {_as_written(name[match.end() :].strip(), body)}"


def _as_written(rest: str, body: str) -> str:
    """Words as the text writes them in mixed case, else each with a capital."""
    return (
        _mixed(rest, body)
        or _mixed_any(rest, body)
        or " ".join(w if w in ("số",) else _capital(w) for w in rest.split())
    )


def _mixed_any(rest: str, body: str) -> str | None:
    for match in re.finditer(re.escape(fold(rest)), fold(body)):
        written = body[match.start() : match.end()]
        if not is_upper(written) and written != written.lower():
            return one_line(written)
    return None


def _proper(name: str) -> str:
    """Known phrases in their own capitals: "đoàn tncs hồ chí minh" → "Đoàn TNCS Hồ Chí Minh"."""
    folded = fold(name)
    for phrase in phrases():
        for match in re.finditer(rf"\b{re.escape(fold(phrase))}\b", folded):
            name = name[: match.start()] + phrase + name[match.end() :]
    return name


def _mixed(name: str, body: str) -> str | None:
    pattern = re.compile(re.escape(fold(name)))
    for match in pattern.finditer(fold(body)):
        written = body[match.start() : match.end()]
        if not is_upper(written) and written[:1].isupper():
            return one_line(written)
    return None


def _title_place(name: str) -> str:
    """Capitals for the place behind a level word: "phường SÔNG VÀNG" → "phường Sông Vàng"."""
    words = name.split()
    for index, _ in enumerate(words):
        found = level_word(" ".join(words[index : index + 2]))
        if found and index + found[2] < len(words) and (index == 0 or fold(words[index]) != "quan"):
            if fold(words[index + found[2]]) in ("uy", "doan"):  # "Huyện ủy", "Thành đoàn": no place follows yet
                lead = [words[index].capitalize(), words[index + 1].lower()]
                return " ".join([*words[:index], *lead, *map(_capital, words[index + 2 :])])
            place = " ".join(w if not (w.isupper() or w.islower()) else _capital(w) for w in words[index + found[2] :])
            level = " ".join(words[index : index + found[2]])
            level = found[0] if level.isupper() else level
            return " ".join([*words[:index], level, restore_place(place) or place])
    return name


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))


def level_of(name: str, parent: str | None = None) -> Level:
    """The administrative level a body's name states: UBND by its level word, departments "so", others "khac"."""
    folded = fold(name) + " "
    if folded.startswith(("ubnd", "hdnd", "hoi dong nhan dan")):
        rest = name.split(maxsplit=1)[1] if " " in name else ""
        found = level_word(rest)
        return _LEVELS[found[1]] if found else "khac"
    return next((level for start, level in _BODIES if folded.startswith(start)), "khac")


_LEVELS: dict[str, Level] = {"tinh": "tinh", "huyen": "huyen", "xa": "xa"}


def from_sentence(text: str) -> tuple[str, int, int] | None:
    """ "UBND phường X ban hành Kế hoạch …" → the name and where it stands."""
    match = _STATES.search(fold(text))
    if not match or not any(match[2].startswith(word) for word in LEVELS):
        other = _ANY_STATES.search(text)
        return (one_line(other[1]), other.start(1), other.end(1)) if other else None
    return restore_body(text[match.start() : match.end(2)]), match.start(), match.end(2)
