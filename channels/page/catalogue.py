"""The catalogue of a site: one short entry an article, in the order they first appeared. Pure.

An entry keeps its place for life, withdrawn or not, so page k of a list always holds the same places and one
publication touches a number of pages that does not grow with the site.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from channels.text import opening

SHEET = 20  # articles on one page of a list

Entry = dict[str, Any]
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a list. `number` counts from the oldest, from 1; 0 is the front, which shows the newest."""

    number: int
    entries: tuple[Entry, ...]  # newest first, none withdrawn
    newer: int | None  # 0: the front
    older: int | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of articles: all of them, a campaign's, a theme's or a month's."""

    kind: str  # "tat-ca", "chien-dich", "chu-de" or "thang"
    title: str  # "" for all, "2026-03" for a month
    path: str  # folder of its front: "", "chien-dich/…/", "chu-de/…/", "thang/2026-03/"
    count: int = 0  # articles that stand
    updated: str = ""  # ISO time of the latest change


EVERYTHING = Listed("tat-ca", "", "")


def entry_of(record: Record) -> Entry:
    """What lists show of an article. A withdrawn one keeps its place and its files' names, and no words."""
    body = record["body"]
    withdrawn = bool(record["withdrawn"])
    pictures = [] if withdrawn else body["pictures"]
    video = None if withdrawn else body.get("video")
    return {
        "ref": record["ref"],
        "path": record["path"],
        "published": record["published"],
        "updated": record["deliveries"][-1]["at"],
        "withdrawn": withdrawn,
        "title": "" if withdrawn else body["title"],
        "lead": "" if withdrawn else opening(body["lead"] or body["text"], 220),
        "campaign": body["campaign"],
        "theme": body.get("theme", ""),
        "seconds": 0 if withdrawn else (body.get("sound") or {}).get("seconds", 0),
        "urgent": not withdrawn and body["urgent"],
        "pictures": [picture["path"] for picture in pictures],
        "picture": pictures[0] if pictures else None,
        **({"video": video["path"]} if video else {}),
    }


def files_of(entry: Entry) -> set[str]:
    """What the article shows and nobody else may need."""
    return {*entry["pictures"], *filter(None, [entry.get("video")])}


def replaced(entries: Iterable[Entry], entry: Entry) -> list[Entry]:
    """The catalogue with this entry in its place, or at the end when it is new."""
    listed = list(entries)
    for place, known in enumerate(listed):
        if known["ref"] == entry["ref"]:
            listed[place] = entry
            return listed
    return [*listed, entry]


def in_campaign(entries: Iterable[Entry], title: str) -> list[Entry]:
    return [entry for entry in entries if entry["campaign"] == title]


def campaigns(entries: Iterable[Entry]) -> list[str]:
    """Titles, the most recently used first."""
    newest_first = reversed([entry["campaign"] for entry in entries if entry["campaign"] and not entry["withdrawn"]])
    return list(dict.fromkeys(newest_first))


def front(entries: Sequence[Entry]) -> Sheet:
    """The first page of a list: the newest, and where the ones before them are."""
    live = [place for place, entry in enumerate(entries) if not entry["withdrawn"]]
    shown, left = live[-SHEET:], live[:-SHEET]
    older = left[-1] // SHEET + 1 if left else None
    return Sheet(0, tuple(entries[place] for place in reversed(shown)), None, older)


def sheet(entries: Sequence[Entry], number: int) -> Sheet:
    """Page `number` of a list, counted from the oldest, from 1."""
    held = entries[(number - 1) * SHEET : number * SHEET]
    last = -(-len(entries) // SHEET)
    shown = tuple(entry for entry in reversed(held) if not entry["withdrawn"])
    return Sheet(number, shown, number + 1 if number < last else 0, number - 1 if number > 1 else None)


def touched(entries: Sequence[Entry], ref: str) -> list[Sheet]:
    """The pages a change of this article changes: the front, its own page, and the one before a page it opens."""
    sheets = [front(entries)]
    place = next((at for at, entry in enumerate(entries) if entry["ref"] == ref), None)
    if place is None or len(entries) <= SHEET:
        return sheets
    number = place // SHEET + 1
    sheets.append(sheet(entries, number))
    if number > 1 and place % SHEET == 0:
        sheets.append(sheet(entries, number - 1))
    return sheets


def every_sheet(entries: Sequence[Entry]) -> list[Sheet]:
    count = -(-len(entries) // SHEET) if len(entries) > SHEET else 0
    return [front(entries), *(sheet(entries, number) for number in range(1, count + 1))]
