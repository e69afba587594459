"""Whom a plan wants to reach, and by which channel where it says so."""

from __future__ import annotations

import re
from collections.abc import Iterable

from campaigns.reading.channels import channel_kinds
from campaigns.reading.folding import one_line, squeeze
from campaigns.reading.schema import Audience
from campaigns.reading.sentences import Sentence

_WORDS: tuple[str, ...] = (
    r"can bo, cong chuc(?:, vien chuc)?(?:, nguoi lao dong)?",
    r"can bo, dang vien",
    r"dang vien",
    r"doan vien, hoi vien",
    r"nhom cong dan \S+\s?:[^.;]{4,60}?nguoi lao d\S+ng",
    r"(?:toan the )?(?:nhan dan|nguoi dan|ba con)(?: (?:thu do|thanh pho|tren dia ban(?: [a-z]+ [a-z]+)?))?",
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
_BY = re.compile(r"\b(?:qua|tren|bang|thong qua)\b")


def find_audiences(said: Iterable[Sentence]) -> tuple[Audience, ...]:
    """Groups the sentences name, each once; `channels` where one sentence ties the group to a channel by "qua"."""
    found: dict[str, Audience] = {}
    for sentence in said:
        if sentence.role not in ("purpose", "requirements", "themes", "tasks", "methods", "other"):
            continue
        for match in _ANY.finditer(sentence.folded):
            name = one_line(sentence.text[match.start() : match.end()]).strip(" ,")
            channels = _tied(sentence.folded, match)
            known = found.get(squeeze(name))
            if known is None or (channels and not known.channels):
                found[squeeze(name)] = Audience(name, sentence.source, channels)
    return tuple(found.values())


def _tied(folded: str, match: re.Match[str]) -> tuple[str, ...]:
    """Channels named behind the group in the same clause: "người cao tuổi: qua loa truyền thanh"."""
    clause = re.split(r"[;.]", folded[match.end() :], maxsplit=1)[0][:120]
    by = _BY.search(clause)
    return channel_kinds(clause[by.end() :]) if by and by.start() < 40 else ()
