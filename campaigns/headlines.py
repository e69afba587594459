"""From a plan's directive to words a reader would read: headline, lead, outline. Pure.

A plan says "Tiếp tục tuyên truyền về vai trò …"; a post says "Vai trò …". Matching is on folded words, so that text
without reliable diacritics is turned the same way.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 140  # characters of a headline: what every channel still shows whole
BLANK = "[cần điền"  # an officer fills it in; a post that still holds one cannot be submitted

DIRECTIVES = (
    "tiep tuc", "tap trung", "day manh", "tang cuong", "chu trong", "dac biet", "thuong xuyen", "kip thoi",
    "thong tin", "tuyen truyen", "pho bien", "truyen thong", "noi dung", "cac noi dung", "va", "ve viec", "ve",
)  # fmt: skip


def headline(directive: str) -> str:
    """The first clause of a directive without its orders, capitalised, at most `LONGEST` characters; "" for none."""
    words = directive.strip().rstrip(".;:,").split()
    rest = words[directive_length(words) :] or words
    clauses = (clause.strip(" ,.–-") for clause in re.split(r"[;:]|\.\s", " ".join(rest)))
    text = shortened(next(filter(None, clauses), ""))
    return text[:1].upper() + text[1:]


def directive_length(words: list[str]) -> int:
    """How many leading words are an order to publicise rather than the thing itself."""
    folded = [fold(word).strip(",;:") for word in words]
    at = 0
    while at < len(folded):
        step = next((len(d.split()) for d in by_length() if folded[at : at + len(d.split())] == d.split()), 0)
        if not step:
            break
        at += step
    return at if any(word in {"truyen", "bien", "tin", "thong"} for word in folded[:at]) else 0


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


def outline(text: str, path: str) -> str:
    """Markdown: the directive's points as a list, and the places an officer must fill in."""
    points = "\n".join(f"- {point}" for point in points_of(text))
    return (
        f"**Ý chính theo mục {path} của kế hoạch**\n\n{points}\n\n"
        f"**Người dân cần biết, cần làm gì?** {BLANK}: việc cụ thể, thời hạn, nơi thực hiện]\n"
    )


def points_of(text: str) -> list[str]:
    """The directive cut into points at semicolons and full stops."""
    pieces = re.split(r";\s+|(?<=[^\W\d_]{2})\.\s+(?=[^\W\d_])", " ".join(text.split()))
    found = [piece.strip(" .;,") for piece in pieces]
    return [piece[:1].upper() + piece[1:] for piece in found if len(piece) > 3]


def footer(hotline: str, address: str) -> str:
    """Where to ask: the line under every post."""
    parts = [f"Đường dây nóng: {hotline}" if hotline else "", f"Địa chỉ: {address}" if address else ""]
    return " · ".join(part for part in parts if part)
