"""From a plan's directive to words a reader would read: headline, lead, outline. Pure.

A plan says "Tiếp tục tuyên truyền về vai trò …"; a post says "Vai trò …". An order counts with its marks, without any,
or with misread ones, so that text without reliable diacritics is turned the same way.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 140  # characters of a headline: what every channel still shows whole
BLANK = "[cần điền"  # an officer fills it in; a post that still holds one cannot be submitted

DIRECTIVES = (
    "tiếp tục", "tập trung", "đẩy mạnh", "tăng cường", "chú trọng", "đặc biệt", "thường xuyên", "kịp thời",
    "thông tin", "tuyên truyền", "phổ biến", "truyền thông", "nội dung", "các nội dung", "và", "về việc", "về",
)  # fmt: skip
OTHER_WORDS = {"vệ", "vẽ", "vã", "vạ"}  # never a misread "về" or "và"
LAST = ("về việc", "về")  # what follows is the thing itself


def headline(directive: str) -> str:
    """The first clause of a directive without its orders, capitalised, at most `LONGEST` characters; "" for none."""
    words = directive.strip().rstrip(".;:,").split()
    rest = words[directive_length(words) :]
    clauses = (clause.strip(" ,.–-") for clause in re.split(r"[;:]|(?<![A-ZĐ])\.\s", " ".join(rest or words)))
    text = shortened(next(filter(None, clauses), ""))
    return text[:1].upper() + text[1:]


def directive_length(words: list[str]) -> int:
    """How many leading words are an order to publicise rather than the thing itself."""
    plain = [unicodedata.normalize("NFC", word).lower().strip(",;:") for word in words]
    at, misread = 0, False
    while order := next((d for d in by_length() if begins(plain[at:], d.split(), misread=misread)), ""):
        size = len(order.split())
        misread = misread or not spelled(plain[at : at + size], order.split())
        at += size
        if order in LAST:
            break
    left = [word for word in plain[at:] if word]
    ordered = any(fold(word) in {"truyen", "bien", "tin", "thong"} for word in plain[:at])
    return at if ordered and left != ["khác"] else 0  # "các nội dung tuyên truyền khác" names nothing without its order


def begins(words: list[str], order: list[str], *, misread: bool) -> bool:
    """Whether the words are the order. A lone word needs its own marks or none, for "vệ" is not "về", unless the
    words before show that marks were misread."""
    if len(words) < len(order):
        return False
    if len(order) == 1 and (not misread or words[0] in OTHER_WORDS):
        return spelled(words[:1], order)
    return all(fold(word) == fold(wanted) for word, wanted in zip(words, order, strict=False))


def spelled(words: list[str], order: list[str]) -> bool:
    """Marks and all, or without any marks."""
    return all(word in {wanted, fold(wanted)} for word, wanted in zip(words, order, strict=True))


def by_length() -> list[str]:
    return sorted(DIRECTIVES, key=lambda d: -len(d.split()))


def shortened(text: str) -> str:
    """Cut at the last comma, else the last word, that fits."""
    if len(text) <= LONGEST:
        return text
    cut = text[:LONGEST]
    comma = cut.rfind(",")
    return cut[:comma] if comma > LONGEST // 2 else cut[: cut.rfind(" ")] + "…"


def fold(text: str) -> str:
    """Lower case without marks, đ as d."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def lead(title: str, publisher: str) -> str:
    """A first sentence to start from."""
    return f"{publisher} thông tin tới người dân: {title[:1].lower()}{title[1:].rstrip('…')}."


def outline(text: str) -> str:
    """Markdown: the directive's points as a list, and the places an officer must fill in."""
    points = "\n".join(f"- {point}" for point in points_of(text))
    return (
        f"**Những điểm chính**\n\n{points}\n\n"
        f"**Người dân cần biết, cần làm gì?** {BLANK}: việc cụ thể, thời hạn, nơi thực hiện]\n"
    )


def points_of(text: str) -> list[str]:
    """The directive cut into points at semicolons and full stops."""
    pieces = re.split(r";\s+|(?<=[^\W\d_]{2})(?<![A-ZĐ])\.\s+(?=[^\W\d_])", " ".join(text.split()))
    found = [piece.strip(" .;,") for piece in pieces]
    return [piece[:1].upper() + piece[1:] for piece in found if len(piece) > 3]


def footer(hotline: str, address: str) -> str:
    """Where to ask: the line under every post."""
    parts = [f"Đường dây nóng: {hotline}" if hotline else "", f"Địa chỉ: {address}" if address else ""]
    return ". ".join(part for part in parts if part)
