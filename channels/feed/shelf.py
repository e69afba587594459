"""The items on disk and the feed files made from them, under one lock.

feed/items/<time>-<uuid>.json       one record an item; names sort by publication
feed/withdrawn/<time>-<uuid>.json   what is left of an item taken out: no words, only that it was and when
rss.xml  atom.xml  feed.json        made again from the newest items at each change
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from channels import files
from channels.contract import Payload
from channels.errors import Rejected
from channels.feed.head import head_of, item_of
from channels.feed.jsonfeed import json_feed
from channels.feed.xml import atom, rss
from channels.standing import marked

FOLDER = "feed"
NEWEST = 50  # items in the feed files
VERSION = 1
FILES = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
}
MAKERS = {"rss.xml": rss, "atom.xml": atom, "feed.json": json_feed}

_GUID = re.compile(r"urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shelf:
    root: Path
    home_url: str  # address of the site, with its closing slash
    self_url: str  # base address of the feed files, with its closing slash
    hubs: tuple[str, ...] = ()


def record_of(shelf: Shelf, guid: str) -> Record | None:
    """The record of the item, also of one taken out; None when there never was one."""
    path = _path_of(shelf, guid)
    return files.read_json(shelf.root / path) if path else None


def is_current(shelf: Shelf) -> bool:
    """Whether the feed files on disk are, byte for byte, what the items make."""
    with files.locked(shelf.root / FOLDER):
        made = _made(shelf, _newest(shelf))
    return all(files.sha256(shelf.root / name) == files.digest(data) for name, data in made.items())


def put(shelf: Shelf, payload: Payload, delivery_ref: str, at: str) -> Record:
    """Shelves the item: new, again or corrected. Raises `Rejected` for an overtaken delivery, `Unavailable`."""
    body = dict(payload.body)
    guid = body["guid"]
    with files.locked(shelf.root / FOLDER):
        old_path = _path_of(shelf, guid)
        before = files.read_json(shelf.root / old_path) if old_path else None
        record: Record = {
            "version": VERSION,
            "guid": guid,
            "published": before["published"] if before else at,
            "withdrawn": "",
            "deliveries": marked(before, delivery_ref, payload.digest, at),
            "body": body,
        }
        record["updated"] = record["deliveries"][-1]["at"]
        _write(shelf, record, _path("items", record["published"], guid), old_path)
    return record


def take_out(shelf: Shelf, guid: str, at: str) -> Record | None:
    """Takes the item out of the feeds; its words go, the fact stays. None: there never was one."""
    with files.locked(shelf.root / FOLDER):
        old_path = _path_of(shelf, guid)
        before = files.read_json(shelf.root / old_path) if old_path else None
        if before is None or before["withdrawn"]:
            return before
        kept = {"url": before["body"]["url"], "publisher": before["body"]["publisher"]}
        record = {**before, "withdrawn": at, "updated": at, "body": kept}
        _write(shelf, record, _path("withdrawn", at, guid), old_path)
    return record


def regenerate(shelf: Shelf) -> int:
    """Makes the feed files again from the items. Returns how many items they show."""
    with files.locked(shelf.root / FOLDER), files.Batch(shelf.root) as batch:
        records = _newest(shelf)
        for name, data in _made(shelf, records).items():
            batch.put(name, data)
    return sum(not record["withdrawn"] for record in records)


def _write(shelf: Shelf, record: Record, path: str, old_path: str) -> None:
    """The record first: what it says, the next publication repeats in the feed files, whatever happens here."""
    others = [known for known in _newest(shelf) if known["guid"] != record["guid"]]
    made = _made(shelf, [*others, record])
    if not record["withdrawn"] and not record["deliveries"][-1]["sha256"]:
        record["deliveries"][-1]["sha256"] = files.digest(made["rss.xml"])
    with files.Batch(shelf.root) as batch:
        batch.put_json(path, record)
        for name, data in made.items():
            batch.put(name, data)
        if old_path and old_path != path:
            batch.drop(old_path)


def _made(shelf: Shelf, records: list[Record]) -> dict[str, bytes]:
    """The feed files by name; none before the first item."""
    if not records:
        return {}
    shown = sorted((r for r in records if not r["withdrawn"]), key=_order, reverse=True)[:NEWEST]
    gone = [record for record in records if record["withdrawn"]]
    by_change = max([*shown, *gone], key=lambda record: (record["updated"], record["guid"]))
    head = head_of(by_change, shelf.home_url, shelf.self_url, shelf.hubs)
    items = [item_of(record) for record in shown]
    return {name: make(head, items) for name, make in MAKERS.items()}


def _newest(shelf: Shelf) -> list[Record]:
    """The records the feed files follow from: the newest items, one to spare for the one being replaced, and the newest
    withdrawal, which dates the feed."""
    found = []
    for folder, count in (("items", NEWEST + 1), ("withdrawn", 1)):
        names = sorted((shelf.root / FOLDER / folder).glob("*.json"), reverse=True)
        found += [files.read_json(path) for path in names[:count]]
    return [record for record in found if record and record.get("version") == VERSION]


def _order(record: Record) -> tuple[str, str]:
    return _stamp(record["published"]), record["guid"]


def _stamp(iso: str) -> str:
    return datetime.fromisoformat(iso).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _path(folder: str, iso: str, guid: str) -> str:
    return f"{FOLDER}/{folder}/{_stamp(iso)}-{_key(guid)}.json"


def _path_of(shelf: Shelf, guid: str) -> str:
    """Where the record of this item is, "" when there is none. A live one wins over one taken out."""
    pattern = f"*-{_key(guid)}.json"
    for folder in ("items", "withdrawn"):
        for path in (shelf.root / FOLDER / folder).glob(pattern):
            return f"{FOLDER}/{folder}/{path.name}"
    return ""


def _key(guid: str) -> str:
    found = _GUID.fullmatch(guid)
    if not found:
        raise Rejected("Mã bản tin RSS không hợp lệ: hãy kiểm tra lượt đăng gốc.", code="guid")
    return found[1]
