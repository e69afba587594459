"""The catalogue of one feed: which item has which place, and what changed last. Pure.

An item gets the next place of a feed when it first stands in it and keeps that place for life, withdrawn, moved to
another campaign or not. So archive k of a feed is the places 50(k-1) to 50k-1 for ever (RFC 5005: its set of entries
should not change), and one publication touches a number of files that does not grow with the feed.

A catalogue follows from the records alone: each keeps its places. It is kept beside them so that nobody has to read
them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from channels.feed.address import folders_of
from channels.standing import corrections

BLOCK = 50  # places in an archive, and items in the document one subscribes to
CORRECTED = 10  # older items that stand there again because their words were changed
GONE = 50  # items taken out that it still names

Record = dict[str, Any]
Place = dict[str, Any]  # at: number from 0, since: ISO time, left: ISO time or "", title: of the campaign or theme
Change = tuple[str, str]  # ISO time, guid


@dataclass(slots=True)
class Catalogue:
    folder: str
    title: str = ""  # of the campaign or theme, "" of the feed of everything
    author: str = ""  # the body, as it called itself last
    count: int = 0  # places given
    changed: Change = ("", "")
    corrected: list[Change] = field(default_factory=list)  # newest first
    withdrawn: list[Change] = field(default_factory=list)

    @property
    def closed(self) -> int:
        """How many archives there are: blocks in which every place is given."""
        return self.count // BLOCK

    def note(self, record: Record) -> None:
        """Takes in what this record says. Again and in any order gives the same catalogue."""
        place = record["places"][self.folder]
        if not self.title:
            self.title = place["title"]
        last = (place["left"] or record["updated"], record["guid"])
        if last >= self.changed:
            self.changed, self.author = last, record["body"]["publisher"]["name"]
        inside = [at for at in corrections(record) if at > place["since"]]
        self.corrected = newest([*self.corrected, *events(inside, record, place)], CORRECTED)
        self.withdrawn = newest([*self.withdrawn, *events(record.get("withdrawals", ()), record, place)], GONE)

    def kept(self) -> dict[str, Any]:
        """As it is written."""
        return {name: getattr(self, name) for name in self.__slots__}


def opened(kept: Mapping[str, Any]) -> Catalogue:
    """The catalogue that was written."""
    lists = {name: [(at, guid) for at, guid in kept[name]] for name in ("corrected", "withdrawn")}
    at, guid = kept["changed"]
    return Catalogue(kept["folder"], kept["title"], kept["author"], kept["count"], (at, guid), **lists)


def newest(changes: Iterable[Change], count: int) -> list[Change]:
    return sorted(set(changes), reverse=True)[:count]


def events(times: Iterable[str], record: Record, place: Place) -> Iterator[Change]:
    """What happened to the item while it stood in this feed."""
    return ((at, record["guid"]) for at in times if not place["left"] or at <= place["left"])


def wanted(record: Record) -> dict[str, str]:
    """The feeds this record belongs to now: title by folder. One taken out stays a former member of what it left."""
    if record["withdrawn"]:
        places = record.get("places", {"": {"title": "", "left": ""}})
        return {folder: place["title"] for folder, place in places.items() if not place["left"]}
    return folders_of(record["body"])


def moved(places: Mapping[str, Place], folders: Iterable[str], at: str) -> dict[str, Place]:
    """The places after the item belongs to `folders` alone: those it comes back to, those it leaves."""
    inside = set(folders)
    return {
        folder: {**place, "left": "" if folder in inside else place["left"] or at} for folder, place in places.items()
    }


def touched(record: Record) -> list[str]:
    """Feeds that change with what this record says last: those it stands in, and those it left by it."""
    return [folder for folder, place in record["places"].items() if place["left"] in ("", record["updated"])]


def stands(record: Record | None, folder: str) -> bool:
    """Whether the item is to be read in the feed."""
    return record is not None and not record["withdrawn"] and belongs(record, folder)


def belongs(record: Record, folder: str) -> bool:
    place = record["places"].get(folder)
    return place is not None and not place["left"]
