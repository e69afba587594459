"""Finds the list in a text that would make a series of cards. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assets.made.contents import Content, Cover, Item

FEWEST = 3  # items that are worth a series
MOST_CARDS = 30
LONGEST_HEAD = 60  # characters before a colon that still read as a heading
_NUMBERED = re.compile(
    r"^(?:(?:bước|điều|cách|tiện ích|lưu ý|mẹo|nguyên tắc|quy tắc|việc)\s+\d{1,2}\s*[.:/)–-]|\d{1,2}\s*[./)])\s*(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_BOLD = re.compile(r"^\*\*(.+?)\*\*[\s:.,–-]*(.*)$", re.DOTALL)
_COLON = re.compile(rf"^([^:.!?\n]{{2,{LONGEST_HEAD}}}):\s+(.+)$", re.DOTALL)
_SENTENCE = re.compile(rf"^([^.!?\n]{{2,{LONGEST_HEAD}}})[.!?]\s+(\S.+)$", re.DOTALL)
_MARKS = re.compile(r"\[([^\]]*)\]\([^)]*\)|[*_`]{1,3}")
_READER = MarkdownIt("commonmark")


@dataclass(frozen=True, slots=True)
class Entry:
    """The words of one card."""

    head: str
    text: str = ""

    @classmethod
    def of(cls, words: str) -> Entry:
        """From an officer's card: the first line is the heading, the others are its text."""
        head, _, text = words.strip().partition("\n")
        return cls(" ".join(head.split()), " ".join(text.split()))

    def __str__(self) -> str:
        return f"{self.head}\n{self.text}" if self.text else self.head


def entries(body: str) -> list[Entry]:
    """The longest list in a post's body, at least three items, else nothing."""
    lists = [*_listed(body), _numbered(body)]
    longest = max(lists, key=len)
    return [_entry(words) for words in longest[:MOST_CARDS]] if len(longest) >= FEWEST else []


def series(title: str, cards: list[Entry], *, most: int = 0) -> list[list[Content]]:
    """A cover and a card for each entry, in parts of at most `most` pictures (0: one part), each with a cover."""
    of = len(cards)
    items: list[Content] = [Item(number, of, one.head, one.text) for number, one in enumerate(cards, 1)]
    room = max(1, most - 1) if most else max(1, of)
    count = -(-of // room)
    if count < 2:
        return [[Cover(title, of), *items]]
    even = -(-of // count)  # 15 cards in parts of 9: 8 and 7, not 9 and 6
    parts = [items[start : start + even] for start in range(0, of, even)]
    return [[Cover(title, of, f"Phần {at}/{len(parts)}"), *part] for at, part in enumerate(parts, 1)]


def _listed(body: str) -> Iterator[list[str]]:
    """The lists of the first level, each item's source with what is nested in it."""
    lines = body.splitlines()
    found: list[str] | None = None
    for token in _READER.parse(body):
        if token.level == 0 and token.type in {"bullet_list_open", "ordered_list_open"}:
            found = []
        elif token.level == 0 and token.type in {"bullet_list_close", "ordered_list_close"}:
            yield found or []
            found = None
        elif token.type == "list_item_open" and token.level == 1 and found is not None:
            found.append(_source(token, lines))


def _source(token: Token, lines: list[str]) -> str:
    start, end = token.map or (0, 0)
    plain = (re.sub(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+", "", line).strip() for line in lines[start:end])
    return "\n".join(line for line in plain if line)


def _numbered(body: str) -> list[str]:
    """Paragraphs that count themselves: "Bước 1: …", "2/ …"."""
    blocks = re.split(r"\n\s*\n|\n(?=\s*(?:[Bb]ước\s+)?\d{1,2}\s*[./):])", body)
    hits = (_NUMBERED.match(_plain(block)) for block in blocks)
    return [hit[1].strip() for hit in hits if hit]


def _entry(words: str) -> Entry:
    if bold := _BOLD.match(words):
        return Entry(_plain(bold[1]).rstrip(":.,–- "), _begun(_plain(bold[2])))
    plain = _plain(words)
    parted = _COLON.match(plain) or _SENTENCE.match(plain)
    if parted:
        return Entry(parted[1].strip(), _begun(parted[2].strip()))
    return Entry(plain.rstrip(".;,"))


def _begun(words: str) -> str:
    """What stood behind a colon now begins a sentence."""
    return words[:1].upper() + words[1:]


def _plain(words: str) -> str:
    return " ".join(_MARKS.sub(lambda found: found[1] or "", words).split())
