"""Whom a plan wants to reach, and by which channel where it says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from campaigns.reading.channels import channel_kinds
from campaigns.reading.folding import fold, one_line, squeeze
from campaigns.reading.schema import Audience
from campaigns.reading.sentences import Sentence
from campaigns.reading.worn_audiences import worn_groups

_WORDS: tuple[str, ...] = (
    r"can bo, cong chuc(?:, vien chuc)?(?:, nguoi lao dong)?",
    r"can bo, dang vien",
    r"dang vien",
    r"doan vien, hoi vien",
    r"nhom cong dan \S+\s?:[^.;]{4,60}?nguoi lao d\S+ng",
    r"(?<!uy ban )(?<!hoi dong )(?<!toa an )(?<!kiem sat )(?<!quan doi )"
    r"(?:toan the )?(?:nhan dan|nguoi dan|ba con)"
    r"(?: (?:thu do|thanh pho|tren dia ban(?: (?:toan )?(?:thu do|thanh pho|tinh|huyen|quan|"
    r"thi xa|phuong|xa|thi tran))?))?",
    r"(?:to chuc, )?doanh nghiep",
    r"\bto chuc(?=, ca nhan|, doanh)",
    r"ho kinh doanh(?: ca the)?",
    r"tieu thuong",
    r"nguoi cao tuoi",
    r"hoc sinh(?:, sinh vien)?",
    r"sinh vien(?: thue tro| o tro)?",
    r"thanh (?:thieu nien|nien)",
    r"phu nu",
    r"tre em",
    r"nguoi khuyet tat",
    r"dong bao dan toc(?: thieu so)?",
    r"nguoi lao dong",
    r"cong nhan(?: o tro| thue tro)?",
    r"nong dan",
    r"nguoi ban hang rong",
    r"cac ho gia dinh|ho gia dinh|ho dan",
    r"phu huynh(?: hoc sinh)?",
    r"nguoi nuoc ngoai",
)
_ANY = re.compile("|".join(f"(?:{w})" for w in _WORDS))
_LEVEL = re.compile(r"dia ban .*\b(?:thanh pho|tinh|huyen|quan|thi xa|phuong|xa|thi tran)$")
_PLACE = re.compile(r"(?:\s[A-ZĐÁÀÂĂÉÊÍÓÔƠÚƯÝẠẢẤẦẬẮẰẶẸẾỀỆỊỌỐỒỘỚỜỢỤỨỪỰỶ]\w+){1,4}")
_PEOPLE = re.compile(r"^(?:toan the )?(?:nhan dan|nguoi dan|ba con)")
_OFFICIALS = re.compile(r"^can bo, cong chuc")
_FOUNDED = {"cong nhan": "công nhân", "phu nu": "phụ nữ", "nong dan": "nông dân"}
_CIRCLE = re.compile(r"nhom cong dan \S+\s?:[^.;]{4,60}?nguoi lao d\S+ng")
_BY = re.compile(
    r"\b(?:thong qua|qua|bang|tren(?! dia ban| toan| ca nuoc| pham vi| the)|phat(?= loa| thanh)|dang(?= tren)|"
    r"trong gio|(?=gap (?:go )?truc tiep))\b"
)
_TO_THEM = re.compile(
    r"\b(?:cho|den|toi|phuc vu|chu trong|uu tien|danh cho|huong den|huong toi)\s+(?:[a-z]+[\s,]+){0,8}$"
)
_THEY_ACT = re.compile(r"phan anh|kien nghi|gop y|\bgui\b|\bnop\b|dang ky|tra cuu|thuc hien|tiep nhan|\bden\b|\bhoi\b")
_RANGE = re.compile(r"\b(?:o|tai|tu)\s(?:tung|moi)\b[^.;]{0,60}\bden (?:tung|moi)\s[^.;]*$")
_ROLES = ("purpose", "requirements", "themes", "tasks", "methods", "other")
_NEAR = 60
_REACH = 200
_WORN_CONFIDENCE = 0.5


def find_audiences(said: Iterable[Sentence], ocr: bool = False) -> tuple[Audience, ...]:
    """Groups the sentences name, each once; `channels` where one sentence ties the group to a channel ("qua loa"), with
    the place of that rule. A section that tells whom to reach leaves the groups named elsewhere out. In text without
    marks only groups of a short list are known, and written right."""
    found: dict[str, Audience] = {}
    heard = [s for s in said if s.role in _ROLES]
    addressed = [s for s in heard if s.addressed and not ocr and any(_named(s))]
    for sentence in addressed or heard:
        for audience in _worn(sentence) if ocr else _named(sentence):
            _note(found, audience)
    return tuple(found.values())


def _worn(sentence: Sentence) -> Iterator[Audience]:
    source = replace(sentence.source, confidence=_WORN_CONFIDENCE)
    circle = _CIRCLE.search(sentence.folded)
    if circle:
        yield Audience(one_line(sentence.text[circle.start() : circle.end()]), source)
        return
    for name in worn_groups(sentence.text):
        yield Audience(name, source)


def _named(sentence: Sentence) -> Iterator[Audience]:
    for match in _ANY.finditer(sentence.folded):
        if _RANGE.search(sentence.folded[max(0, match.start() - _REACH) : match.start()]):
            continue  # "ở từng cơ quan đến từng cán bộ" says how far down, not whom to reach
        named = _PLACE.match(sentence.text[match.end() :]) if _LEVEL.search(match[0]) else None
        end = match.end() + (named.end() if named else 0)
        text = one_line(sentence.text[match.start() : end]).strip(" ,")
        channels = _tied(sentence.folded, match)
        for name in _groups(text):
            yield Audience(name, sentence.source, channels, sentence.source if channels else None)


def _groups(text: str) -> list[str]:
    """The groups one phrase names; none where only the marks make it another word ("công nhận")."""
    meant = _FOUNDED.get(fold(text))
    if meant and not text.isascii() and text.lower() != meant:
        return []
    return text.split(", ") if fold(text) == "to chuc, doanh nghiep" else [text]


def _note(found: dict[str, Audience], new: Audience) -> None:
    """Keep each group once: the people and the officials under their fullest name, the rest as first written."""
    key = _kind(fold(new.name))
    known = found.get(key)
    if known is None:
        found[key] = new
        return
    fullest = new if _fullness(new.name) > _fullness(known.name) else known
    ruled = known if known.channels else new
    kinds = tuple(dict.fromkeys((*known.channels, *new.channels)))
    found[key] = replace(fullest, channels=kinds, rule=ruled.rule)


def _kind(folded: str) -> str:
    if _PEOPLE.match(folded):
        return "people"
    return "officials" if _OFFICIALS.match(folded) else squeeze(folded)


def _fullness(name: str) -> tuple[int, bool]:
    """How much a name says: "nhân dân trên địa bàn phường …" before "nhân dân", that before "người dân"."""
    folded = fold(name)
    if not _PEOPLE.match(folded):
        return ("vien chuc" in folded, False)
    return (min(len(folded.split()), 3), "nhan dan" in folded)


def _tied(folded: str, match: re.Match[str]) -> tuple[str, ...]:
    """Channels the clause ties the group to: behind it ("người cao tuổi: qua loa truyền thanh") or before it ("phát
    trên loa để phục vụ người cao tuổi"); none where the group itself acts ("người dân phản ánh qua Zalo")."""
    behind = re.split(r"[;.]", folded[match.end() :], maxsplit=1)[0][:120]
    by = _BY.search(behind)
    if by and by.start() < _NEAR and not _THEY_ACT.search(behind[: by.start()]):
        kinds = channel_kinds(behind[by.end() :])
        if kinds:
            return kinds
    before = re.split(r"[;.:]", folded[max(0, match.start() - _REACH) : match.start()])[-1]
    to_them, by = _TO_THEM.search(before), _BY.search(before)
    return channel_kinds(before[by.end() : to_them.start()]) if to_them and by and by.end() < to_them.start() else ()
