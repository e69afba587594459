"""What lists know of an article, and how lists are cut into sheets. Pure.

An article has a seat in every list it stands in: everything, its campaign, its theme, its month. It keeps a seat for
life, withdrawn or moved away or not, so sheet k of a list always holds the same seats and one publication touches a
number of files that does not grow with the site. Seats are part of the article's record: the lists follow from the
records alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from channels.page.address import campaign_path, month_path, theme_path
from channels.text import opening

SHEET = 20  # articles on one page of a list
LEAD = 220  # characters of an opening

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
    """What lists show of an article. A withdrawn one keeps no words."""
    body, withdrawn = record["body"], bool(record["withdrawn"])
    pictures = [] if withdrawn else body["pictures"]
    return {
        "ref": record["ref"],
        "path": record["path"],
        "published": record["published"],
        "updated": record["withdrawn"] or record["deliveries"][-1]["at"],
        "withdrawn": withdrawn,
        "title": "" if withdrawn else body["title"],
        "lead": "" if withdrawn else opening(body["lead"] or body["text"], LEAD),
        "campaign": body["campaign"],
        "theme": body.get("theme", ""),
        "urgent": not withdrawn and body["urgent"],
        "picture": pictures[0] if pictures else None,
        "seconds": 0 if withdrawn else (body.get("sound") or {}).get("seconds", 0),
    }


def lists_of(record: Record) -> tuple[Listed, ...]:
    """The lists an article stands in now."""
    body, published = record["body"], record["published"]
    found = [EVERYTHING, Listed("thang", published[:7], month_path(published))]
    if body["campaign"]:
        found.append(Listed("chien-dich", body["campaign"], campaign_path(body["campaign"])))
    if body.get("theme"):
        found.append(Listed("chu-de", body["theme"], theme_path(body["theme"])))
    return tuple(found)


def files_of(body: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Every picture, form of a picture, video and recording a payload shows, by its path on the site."""
    shown = [form for picture in body.get("pictures", ()) for form in (picture, *picture.get("variants", ()))]
    shown += [body[name] for name in ("video", "sound") if body.get(name)]
    return {item["path"]: item for item in shown}


def sheet_of(seat: int) -> int:
    """The number of the sheet a seat (from 0) is on."""
    return seat // SHEET + 1


def last_sheet(seats: int) -> int:
    """The number of the newest sheet of a list with so many seats; 0: its front shows all there is."""
    return sheet_of(seats - 1) if seats > SHEET else 0


def touched(seat: int, seats: int) -> list[int]:
    """The sheets that change with what is on this seat: the front, its own, the one before a sheet it opens."""
    if not last_sheet(seats):
        return [0]
    own = sheet_of(seat)
    return [0, own, own - 1] if own > 1 and seat % SHEET == 0 else [0, own]


def front(newest: Sequence[tuple[int, Entry]]) -> Sheet:
    """The first page of a list, of the `SHEET` + 1 newest (seat, entry) that stand, the newest first."""
    left = newest[SHEET:]
    return Sheet(0, tuple(entry for _, entry in newest[:SHEET]), None, sheet_of(left[0][0]) if left else None)


def sheet(number: int, seats: int, held: Sequence[tuple[int, Entry]]) -> Sheet:
    """Page `number` of a list of so many seats, of its (seat, entry) that stand, the newest first."""
    newer = number + 1 if number < last_sheet(seats) else 0
    return Sheet(number, tuple(entry for _, entry in held), newer, number - 1 if number > 1 else None)
