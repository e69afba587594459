"""The items on disk and the documents made from them, under one lock.

    feed/items/<uuid>.json           one record an item: the truth everything else follows from
    feed/withdrawn/<uuid>.json       what is left of an item taken out: no words, only that it was, where and when
    feed/lists/<key>/catalogue.json  of one feed: what changed last (`channels.feed.catalogue`)
    feed/lists/<key>/<k>.json        the guids in places 50(k-1) to 50k-1 of that feed
    rss.xml  atom.xml  feed.json     and the same under the folder of each campaign, theme and archive (`feed.address`)

An item changes the documents of the feeds it stands in, and of an archive only when it stands in that one or fills its
last place. What is wrong or withdrawn leaves the archives too: decision 0026.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from channels import files
from channels.contract import Payload
from channels.feed.catalogue import Record
from channels.feed.documents import Documents, changed, every
from channels.feed.index import FOLDER, VERSION, Damaged, Index, Shelf, key
from channels.standing import marked

Progress = Callable[[int, int], None]  # feeds done, of how many
T = TypeVar("T")


def record_of(shelf: Shelf, guid: str) -> Record | None:
    """The record of the item, also of one taken out; None when there never was one."""
    key(guid)
    return Index(shelf.root).record(guid)


def is_current(shelf: Shelf, guid: str) -> bool:
    """Whether the documents that show the item are on disk, byte for byte, what the records make."""

    def act(index: Index) -> Documents:
        record = index.record(guid)
        return changed(shelf, index, record) if record else {}

    made = _at_work(shelf, act)
    return all(files.sha256(shelf.root / path) == files.digest(data) for path, data in made.items())


def put(shelf: Shelf, payload: Payload, delivery_ref: str, at: str) -> Record:
    """Shelves the item: new, again or corrected. Raises `Rejected` for an overtaken delivery, `Unavailable`."""
    body = dict(payload.body)
    guid = body["guid"]
    key(guid)

    def act(index: Index) -> Record:
        before = index.record(guid)
        now = max(at, before["updated"]) if before else at  # clocks differ, an item's time goes one way
        record: Record = {
            "version": VERSION,
            "guid": guid,
            "published": before["published"] if before else now,
            "withdrawn": "",
            "withdrawals": _withdrawals(before),
            "deliveries": marked(before, delivery_ref, payload.digest, now),
            "places": before.get("places", {}) if before else {},
            "body": body,
        }
        record["updated"] = record["deliveries"][-1]["at"]
        _write(shelf, index, record)
        return record

    return _at_work(shelf, act)


def take_out(shelf: Shelf, guid: str, at: str) -> Record | None:
    """Takes the item out of the feeds; its words go, the fact stays. None: there never was one."""
    key(guid)

    def act(index: Index) -> Record | None:
        before = index.record(guid)
        if before is None or before["withdrawn"]:
            return before
        now = max(at, before["updated"])
        kept = {"url": before["body"]["url"], "publisher": before["body"]["publisher"]}
        record = {**before, "withdrawn": now, "updated": now, "body": kept}
        record["withdrawals"] = [*_withdrawals(before), now]
        _write(shelf, index, record)
        return record

    return _at_work(shelf, act)


def regenerate(shelf: Shelf, progress: Progress = lambda done, of: None) -> int:
    """Makes every catalogue and document again from the records. Returns how many items stand."""
    with files.locked(shelf.root / FOLDER), files.Batch(shelf.root) as batch:
        index = Index(shelf.root, anew=True)
        index.write(batch)
        _put_everything(batch, shelf, index, progress)
    return index.standing


def _at_work(shelf: Shelf, act: Callable[[Index], T]) -> T:
    """Does `act` alone on the feeds. Catalogues that cannot be read are made again from the records first."""
    with files.locked(shelf.root / FOLDER):
        try:
            return act(Index(shelf.root))
        except Damaged:
            return act(Index(shelf.root, anew=True))


def _write(shelf: Shelf, index: Index, record: Record) -> None:
    """The record before the documents: what it says, they repeat, whatever happens here."""
    index.enter(record)
    made = changed(shelf, index, record)
    if not record["withdrawn"] and not record["deliveries"][-1]["sha256"]:
        record["deliveries"][-1]["sha256"] = files.digest(made["rss.xml"])
    with files.Batch(shelf.root) as batch:
        index.write(batch)
        for path, data in made.items():
            batch.put(path, data)
        if index.rebuilt:  # catalogues were lost, or the records are of an earlier layout
            _put_everything(batch, shelf, index)


def _put_everything(batch: files.Batch, shelf: Shelf, index: Index, progress: Progress = lambda done, of: None) -> None:
    folders = [folder for folder in index.folders if index.catalogue(folder).count]
    for done, folder in enumerate(folders):
        progress(done, len(folders))
        for documents in every(shelf, index, folder):
            for path, data in documents.items():
                batch.put(path, data)
    progress(len(folders), len(folders))


def _withdrawals(record: Record | None) -> list[str]:
    """ISO times at which the item was taken out, oldest first."""
    if record is None:
        return []
    known = record.get("withdrawals")
    return list(known) if known is not None else [record["withdrawn"]] if record["withdrawn"] else []
