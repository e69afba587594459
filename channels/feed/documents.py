"""From the catalogue and the records to the documents of one feed: the one people subscribe to, and its archives."""

from __future__ import annotations

from collections.abc import Iterable

from channels.feed.address import archive_folder, ascii_url
from channels.feed.catalogue import BLOCK, Catalogue, Change, Record, belongs, stands, touched
from channels.feed.head import Head, item_of, moment
from channels.feed.index import Index, Shelf
from channels.feed.jsonfeed import json_feed
from channels.feed.xml import atom, rss
from channels.standing import corrections

MAKERS = {"rss.xml": rss, "atom.xml": atom, "feed.json": json_feed}

Documents = dict[str, bytes]  # by path under the root


def changed(shelf: Shelf, index: Index, record: Record) -> Documents:
    """Every document that says something else once this record does."""
    made: Documents = {}
    for folder in touched(record):
        made |= subscription(shelf, index, folder)
        at, closed = record["places"][folder]["at"], index.catalogue(folder).closed
        number = at // BLOCK + 1
        if number <= closed:
            made |= archive(shelf, index, folder, number)
        if at == closed * BLOCK - 1 and number > 1:  # it filled the newest archive: the one before links to it
            made |= archive(shelf, index, folder, number - 1)
    return made


def every(shelf: Shelf, index: Index, folder: str) -> Iterable[Documents]:
    yield subscription(shelf, index, folder)
    for number in range(1, index.catalogue(folder).closed + 1):
        index.forget()
        yield archive(shelf, index, folder, number)


def subscription(shelf: Shelf, index: Index, folder: str) -> Documents:
    """The newest items, and older ones changed lately: readers of the old words learn of it."""
    catalogue = index.catalogue(folder)
    shown = newest(index, folder)
    known = {record["guid"] for record in shown}
    for at, guid in catalogue.corrected:
        record = index.record(guid)
        if guid not in known and record and stands(record, folder) and corrections(record)[-1] == at:
            shown.append(record)
    gone = [change for change in catalogue.withdrawn if _is_gone(index.record(change[1]), change)]
    return _written(shelf, index, folder, 0, shown, gone, _named(catalogue))


def newest(index: Index, folder: str) -> list[Record]:
    """Items that stand in the feed, the last come first."""
    found: list[Record] = []
    for number in range(-(-index.catalogue(folder).count // BLOCK), 0, -1):
        for guid in reversed(index.block(folder, number)):
            record = index.record(guid)
            if record and stands(record, folder):
                found.append(record)
            if len(found) == BLOCK:
                return found
    return found


def archive(shelf: Shelf, index: Index, folder: str, number: int) -> Documents:
    """Its dates and names follow from the items whose places it holds, so nothing that comes later changes it."""
    placed = map(index.record, reversed(index.block(folder, number)))
    records = [record for record in placed if record and folder in record["places"]]
    inside = [record for record in records if belongs(record, folder)]
    shown = [record for record in inside if not record["withdrawn"]]
    gone = [(record["withdrawn"], record["guid"]) for record in inside if record["withdrawn"]]
    last = max(records, key=lambda record: (_last(record, folder), record["guid"]), default=None)
    named = (_last(last, folder), last["body"]["publisher"]["name"]) if last else _named(index.catalogue(folder))
    return _written(shelf, index, folder, number, shown, sorted(gone, reverse=True), named)


def _last(record: Record, folder: str) -> str:
    return str(record["places"][folder]["left"] or record["updated"])


def _named(catalogue: Catalogue) -> tuple[str, str]:
    return catalogue.changed[0], catalogue.author


def _is_gone(record: Record | None, change: Change) -> bool:
    return record is not None and record["withdrawn"] == change[0]


def _written(
    shelf: Shelf,
    index: Index,
    folder: str,
    number: int,
    records: list[Record],
    gone: list[Change],
    named: tuple[str, str],
) -> Documents:
    """`number` 0: the document one subscribes to. `named`: when the feed last changed, and the body's name."""
    catalogue = index.catalogue(folder)
    base = ascii_url(shelf.self_url)
    before = number - 1 if number else catalogue.closed
    at, author = named
    title = f"{catalogue.title} – {author}" if catalogue.title else author
    about = f" về “{catalogue.title}”" if catalogue.title else ""
    head = Head(
        title=title,
        description=f"Tin bài chính thức của {author}{about}",
        home_url=ascii_url(shelf.home_url + folder),
        self_url=base + (archive_folder(folder, number) if number else folder),
        author=author,
        updated=moment(at),
        current_url=base + folder if number else "",
        previous_url=base + archive_folder(folder, before) if before else "",
        following_url=base + archive_folder(folder, number + 1) if 0 < number < catalogue.closed else "",
        hubs=() if number else shelf.hubs,
        gone=tuple((guid, moment(when)) for when, guid in gone),
    )
    items = [item_of(record) for record in records]
    place = archive_folder(folder, number) if number else folder
    return {place + name: make(head, items) for name, make in MAKERS.items()}
