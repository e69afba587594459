"""What a plan ties to one of its themes in words: who leads it, and which line of the budget pays for it. Pure.

Only what is stated: where no words say so, or several do, there is no tie.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from campaigns.corrections import kept
from campaigns.headlines import fold, headline

Node = Mapping[str, Any]
SHORTEST = 12  # letters: a shorter title stands in too many sentences by chance
_LEADS = re.compile(
    r"\b(?:giao|do)\s+(?P<who>[^,;.]{4,80}?)\s+(?:chủ trì|phụ trách|chịu trách nhiệm chính)\b", re.IGNORECASE
)
_SPEAKS = re.compile(
    r"\bchu tri\b[^.;]{0,60}\b(?:tuyen truyen|truyen thong|tin, bai|bien soan|bien tap|ke hoach nay)\b"
)
_FIRST = re.compile(r"^(?:to chuc|thuc hien|trien khai|xay dung|chi|kinh phi|dat|lam|in)\s+(?:cho\s+)?")


def owner_of(theme: Node, reading: Mapping[str, Any]) -> str:
    """The body that leads: named in the theme itself, in the one task about it, or in the one duty to lead the
    communication work of the whole plan; "" else."""
    named = {match["who"].strip() for match in _LEADS.finditer(words_of(theme))}
    work = [*kept(reading.get("tasks", [])), *kept(reading.get("duties", []))]
    about = {t["owner"] for t in work if t.get("owner") and speaks_of(t.get("text") or t["title"], theme)}
    leads = {t["owner"] for t in work if t.get("owner") and _SPEAKS.search(plain(t.get("text") or t["title"]))}
    return next((only(found) for found in (named, about, leads) if found), "")[:200]


def budget_line_of(theme: Node, path: str, reading: Mapping[str, Any]) -> str | None:
    """Label or name of the one line whose words are the theme's title, or name its place, or whose payee the theme
    names; None where none or several do."""
    lines = kept((reading.get("budget") or {}).get("lines", []))
    for tied in (same_title, names_place, names_payee):
        found = [line for line in lines if tied(line, theme, path)]
        if found:
            return name_of(found[0], lines) if len(found) == 1 else None
    return None


def same_title(line: Node, theme: Node, path: str) -> bool:
    title, name = plain(headline(theme["title"])), plain(line["name"])
    return len(title) >= SHORTEST and (title == name or _FIRST.sub("", name) == title or title in name)


def names_place(line: Node, theme: Node, path: str) -> bool:
    """ "(nội dung 2)", "mục 2 phần nội dung": the number of a top-level theme behind the word for it."""
    return bool(
        re.search(rf"\bnoi dung (?:so |thu |tai muc |muc )?{re.escape(fold(path))}\b(?![./])", plain(line["name"]))
    )


def names_payee(line: Node, theme: Node, path: str) -> bool:
    text = plain(words_of(theme))
    payees = [payee.get("name") for payee in line.get("payees") or []]
    return any(name and len(name) > 5 and re.search(rf"\b{re.escape(plain(name))}\b", text) for name in payees)


def name_of(line: Node, lines: Iterable[Node]) -> str:
    """What a definition calls the line by: its label, or its name where that label is used twice or missing."""
    labels = Counter(other.get("label") for other in lines)
    label = line.get("label")
    return str(label) if label and labels[label] == 1 else str(line["name"])


def speaks_of(text: str, theme: Node) -> bool:
    title = plain(headline(theme["title"]))
    return len(title) >= SHORTEST and title in plain(text)


def words_of(theme: Node) -> str:
    return " ".join(_texts(theme))


def _texts(node: Node) -> Iterator[str]:
    yield node.get("text") or node["title"]
    for child in kept(node.get("children") or []):
        yield from _texts(child)


def plain(text: str) -> str:
    return " ".join(fold(text).strip(" .;:,").split())


def only(found: set[str]) -> str:
    return next(iter(found)) if len(found) == 1 else ""
