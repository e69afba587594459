"""Where the money is to come from ("bố trí trong dự toán ngân sách của đơn vị"), and whose spending it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from campaigns.reading.folding import fold, one_line
from campaigns.reading.schema import Funding
from campaigns.reading.sentences import Sentence

_WAYS = (
    r"(?:can doi|bo tri|s\w{1,2} dung|lay|trich|dam bao|bao dam|huy dong|cap|chi|giao|thuc hien|de thuc hien|ke hoach)"
)
_FROM = r"(?:trong|t\w{1,2}|bang)"
_STATED = (
    re.compile(  # "Kinh phí … tại cấp xã được bố trí trong dự toán …"
        rf"^\W*(?:ve\s)?(?:nguon\s)?kinh phi(?P<use>[^;:]{{0,220}}?)\s(?:du\w{{1,3}}c\s)?{_WAYS}\s{_FROM}\s"
        r"(?P<origin>[^;]+)"
    ),
    re.compile(r"^\W*(?:nguon\s)?kinh phi(?P<use>[^;:]{0,160}?)\s?:\s?(?:tu\s)?(?P<origin>[^;]+)"),
    re.compile(r"^\W*kinh phi(?P<use>[^;:]{0,160}?)\s(?:tu|do)\s(?P<origin>[^;]+)"),
    re.compile(r"^\W*(?:su dung|nguon)\s(?P<use>)(?P<origin>(?:ngan sach|kinh phi|du toan)[^;]+)"),
)
_MONEY = re.compile(r"ng[a-z]n s[a-z]ch|du to[a-z]n|\bngu[a-z]n\b|xa hoi hoa|tai tro|dong gop|\bquy\b|kinh phi")
_SOURCE_WORD = re.compile(r"^ng[a-z]{2,3}n\s(?=ng[a-z]n s[a-z]ch|kinh phi|du to[a-z]n)")
_END = re.compile(
    r"\s(?:theo (?:quy d[a-z]nh|phan cap|che do|cac quy|luat|dung)|dung quy dinh|de (?:thuc hien|trien khai)|"
    r"bao dam$|dam bao$|cap$)"
)
_BEARER = re.compile(r"\s(?:tai|cua)\s(?P<at>[^;]{3,120})$|\s(?P<level>cap\s[^;]{2,60})$")
_ROLES = ("budget", "organisation", "methods", "other", "requirements", "tasks")


def find_funding(said: Iterable[Sentence]) -> tuple[Funding, ...]:
    """Each statement of where money comes from, once, in the order of the plan."""
    found: dict[tuple[str, str | None], Funding] = {}
    for sentence in said:
        if (sentence.role in _ROLES and "kinh phi" in sentence.folded) or sentence.role == "budget":
            stated = _stated(sentence)
            if stated:
                found.setdefault((fold(stated.origin), stated.bearer), stated)
    return tuple(found.values())


def _stated(sentence: Sentence) -> Funding | None:
    for pattern in _STATED:
        match = pattern.match(sentence.folded)
        if match and _MONEY.search(match["origin"]):
            origin = _origin(sentence.text[match.start("origin") : match.end("origin")])
            return Funding(origin, _bearer(sentence.text[match.start("use") : match.end("use")]), sentence.source)
    return None


def _origin(text: str) -> str:
    end = _END.search(fold(text))
    text = one_line(text[: end.start()] if end else text).strip(" ,.:/")
    word = _SOURCE_WORD.match(fold(text))
    return text[word.end() :] if word else text


def _bearer(text: str) -> str | None:
    """Whose money: what stands behind "tại", "của", or the level itself ("cấp Thành phố")."""
    match = _BEARER.search(fold(text))
    if not match:
        return None
    group = "at" if match["at"] else "level"
    return one_line(text[match.start(group) : match.end(group)]).strip(" ,") or None
