"""Whom a plan wants to reach, and by which channel where it says so."""

from __future__ import annotations

import re
from collections.abc import Iterable

from campaigns.reading.channels import channel_kinds
from campaigns.reading.folding import fold, one_line, squeeze
from campaigns.reading.schema import Audience
from campaigns.reading.sentences import Sentence

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
    r"thanh (?:thieu nien|nien)",
    r"phu nu",
    r"tre em",
    r"nguoi khuyet tat",
    r"dong bao dan toc(?: thieu so)?",
    r"nguoi lao dong",
    r"cong nhan",
    r"nong dan",
    r"nguoi ban hang rong",
    r"cac ho gia dinh|ho gia dinh|ho dan",
    r"phu huynh",
    r"nguoi nuoc ngoai",
)
_ANY = re.compile("|".join(f"(?:{w})" for w in _WORDS))
_LEVEL = re.compile(r"dia ban .*\b(?:thanh pho|tinh|huyen|quan|thi xa|phuong|xa|thi tran)$")
_PLACE = re.compile(r"(?:\s[A-ZĐÁÀÂĂÉÊÍÓÔƠÚƯÝẠẢẤẦẬẮẰẶẸẾỀỆỊỌỐỒỘỚỜỢỤỨỪỰỶ]\w+){1,4}")
_PEOPLE = re.compile(r"^(?:toan the )?(?:nhan dan|nguoi dan|ba con)")
_OFFICIALS = re.compile(r"^can bo, cong chuc")
_FOUNDED = {"cong nhan": "công nhân", "phu nu": "phụ nữ", "nong dan": "nông dân"}
_BY = re.compile(r"\b(?:qua|tren|bang|thong qua)\b")


def find_audiences(said: Iterable[Sentence]) -> tuple[Audience, ...]:
    """Groups the sentences name, each once; `channels` where one sentence ties the group to a channel by "qua"."""
    found: dict[str, Audience] = {}
    for sentence in said:
        if sentence.role not in ("purpose", "requirements", "themes", "tasks", "methods", "other"):
            continue
        for match in _ANY.finditer(sentence.folded):
            named = _PLACE.match(sentence.text[match.end() :]) if _LEVEL.search(match[0]) else None
            end = match.end() + (named.end() if named else 0)
            text = one_line(sentence.text[match.start() : end]).strip(" ,")
            channels = _tied(sentence.folded, match)
            for name in _groups(text):
                _note(found, Audience(name, sentence.source, channels))
    return tuple(found.values())


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
    elif _fullness(new.name) > _fullness(known.name):
        found[key] = Audience(new.name, new.source, known.channels or new.channels)
    elif new.channels and not known.channels:
        found[key] = Audience(known.name, known.source, new.channels)


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
    """Channels named behind the group in the same clause: "người cao tuổi: qua loa truyền thanh"."""
    clause = re.split(r"[;.]", folded[match.end() :], maxsplit=1)[0][:120]
    by = _BY.search(clause)
    return channel_kinds(clause[by.end() :]) if by and by.start() < 40 else ()
