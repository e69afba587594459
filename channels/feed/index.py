"""Records and catalogues on disk, read as they are needed and written together. Hold the lock around it."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from channels import files
from channels.errors import Rejected
from channels.feed.catalogue import BLOCK, Catalogue, Record, moved, opened, touched, wanted

FOLDER = "feed"
VERSION = 1

_GUID = re.compile(r"urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class Shelf:
    root: Path
    home_url: str  # address of the site, with its closing slash
    self_url: str  # base address of the feed files, with its closing slash
    hubs: tuple[str, ...] = ()


def key(guid: str) -> str:
    """The name of an item's file. Raises `Rejected` for what is no identity of ours."""
    found = _GUID.fullmatch(guid)
    if not found:
        raise Rejected("Mã bản tin RSS không hợp lệ: hãy kiểm tra lượt đăng gốc.", code="guid")
    return found[1]


def _is_place(guid: object) -> bool:
    """Somebody's, or nobody's any more."""
    return isinstance(guid, str) and (not guid or _GUID.fullmatch(guid) is not None)


def path_of(record: Record) -> str:
    return f"{FOLDER}/{'withdrawn' if record['withdrawn'] else 'items'}/{key(record['guid'])}.json"


class Damaged(Exception):
    """A catalogue or a block cannot be trusted: all are made again from the records."""


class Index:
    """What is on disk. `anew`: the catalogues are made from the records, as they are when there are none.

    Asking raises `Damaged` for what is half there; never when made anew.
    """

    def __init__(self, root: Path, *, anew: bool = False) -> None:
        self.root = root
        self.standing = 0  # items that stand, known once the catalogues were made anew
        self._records: dict[str, Record | None] = {}
        self._catalogues: dict[str, Catalogue] = {}
        self._blocks: dict[tuple[str, int], list[str]] = {}
        self._changed: dict[str, Record] = {}
        self._dropped: list[str] = []
        self._stale: set[str | tuple[str, int]] = set()  # catalogues and blocks to be written
        self.rebuilt = anew or not (self.root / self._list("") / "catalogue.json").is_file()
        if self.rebuilt:
            self._rebuild()

    @property
    def folders(self) -> list[str]:
        """Every feed there is, also one all items have left."""
        kept = (files.read_json(path) for path in sorted((self.root / FOLDER / "lists").glob("*/catalogue.json")))
        return sorted({*self._catalogues, *(one["folder"] for one in kept if one and "folder" in one)})

    def record(self, guid: str) -> Record | None:
        """The record of the item, also of one taken out; None when there never was one."""
        if guid in self._changed:
            return self._changed[guid]
        if guid and guid not in self._records:
            places = [self.root / FOLDER / folder / f"{key(guid)}.json" for folder in ("items", "withdrawn")]
            # A live one wins: whoever put it back was stopped before it dropped the other.
            self._records[guid] = next(filter(None, map(files.read_json, places)), None)
        return self._records.get(guid)

    def forget(self) -> None:
        """Lets go of what was read: a whole site does not fit into memory."""
        self._records.clear()

    def catalogue(self, folder: str) -> Catalogue:
        if folder not in self._catalogues:
            self._catalogues[folder] = Catalogue(folder) if self.rebuilt else self._kept(folder)
        return self._catalogues[folder]

    def _kept(self, folder: str) -> Catalogue:
        place = self.root / self._list(folder)
        if not place.is_dir():
            return Catalogue(folder)
        try:
            return opened(files.read_json(place / "catalogue.json") or {})
        except (KeyError, TypeError, ValueError) as error:
            raise Damaged(folder) from error

    def block(self, folder: str, number: int) -> list[str]:
        """The guids in block `number` of a feed, from 1, in the order they came; "" where none came to stand."""
        if (folder, number) not in self._blocks:
            kept = files.read_json(self.root / self._list(folder) / f"{number}.json") or {}
            given = max(self.catalogue(folder).count - (number - 1) * BLOCK, 0)
            guids = list(kept.get("guids", ()))[:given]
            if not self.rebuilt and (len(guids) < min(given, BLOCK) or not all(map(_is_place, guids))):
                raise Damaged(folder)
            self._blocks[folder, number] = guids
        return self._blocks[folder, number]

    def enter(self, record: Record) -> None:
        """Gives the record its places, and takes into the catalogues what it says."""
        folders = wanted(record)
        places = moved(record.get("places", {}), folders, record["updated"])
        for folder, title in folders.items():
            if folder not in places:
                at = self._append(folder, record["guid"])
                places[folder] = {"at": at, "since": record["updated"], "left": "", "title": title}
        record["places"] = places
        self._changed[record["guid"]] = record
        for folder in touched(record):
            self.catalogue(folder).note(record)
            self._stale.add(folder)

    def write(self, batch: files.Batch) -> None:
        """Places before the record that claims them: a record is never without its place."""
        for stale in sorted(self._stale, key=lambda one: (isinstance(one, str), str(one))):
            if isinstance(stale, str):
                batch.put_json(f"{self._list(stale)}/catalogue.json", self.catalogue(stale).kept())
            else:
                batch.put_json(f"{self._list(stale[0])}/{stale[1]}.json", {"guids": self._blocks[stale]})
        for record in self._changed.values():
            batch.put_json(path_of(record), record)
        for path in self._dropped:
            batch.drop(path)
        for record in self._changed.values():
            other = {**record, "withdrawn": "" if record["withdrawn"] else "x"}
            if (self.root / path_of(other)).is_file():
                batch.drop(path_of(other))

    def _append(self, folder: str, guid: str) -> int:
        """The next place. One given to an item that was stopped before it stood is given to it again."""
        catalogue = self.catalogue(folder)
        number = catalogue.closed + 1
        block = self.block(folder, number)
        if guid in block:
            return (number - 1) * BLOCK + block.index(guid)
        block.append(guid)
        catalogue.count += 1
        self._stale.add((folder, number))
        return catalogue.count - 1

    def _rebuild(self) -> None:
        """Makes the catalogues again from all records; gives a place to those that have none."""
        given, homeless = self._claims()
        for folder, by_place in given.items():
            guids = [by_place.get(at, "") for at in range(max(by_place) + 1)]
            self._catalogues[folder] = Catalogue(folder, count=len(guids))
            for start in range(0, len(guids), BLOCK):
                self._blocks[folder, start // BLOCK + 1] = guids[start : start + BLOCK]
                self._stale.add((folder, start // BLOCK + 1))
        for _, _, path, disputed in sorted(homeless):
            record = files.read_json(self.root / path)
            if record:
                for folder in disputed:
                    del record["places"][folder]
                self.enter(record)
                self._dropped += [path] if path != path_of(record) else []
        for _, record in _every_record(self.root):
            self._note(self._changed.get(record["guid"], record))
            self.standing += not record["withdrawn"]

    def _claims(self) -> tuple[dict[str, dict[int, str]], list[tuple[str, str, str, list[str]]]]:
        """guid by place by folder; and time, guid and path of records that need a place or another file, with the
        folders in which somebody else has theirs."""
        given: dict[str, dict[int, str]] = defaultdict(dict)
        homeless = []
        for path, record in _every_record(self.root):
            guid, places = record["guid"], record.get("places", {})
            disputed = [
                folder for folder, place in places.items() if given[folder].setdefault(place["at"], guid) != guid
            ]
            if disputed or path != path_of(record) or set(wanted(record)) - set(places):
                homeless.append((record["published"], guid, path, disputed))
        return given, homeless

    def _note(self, record: Record) -> None:
        for folder in record["places"]:
            self.catalogue(folder).note(record)
            self._stale.add(folder)

    @staticmethod
    def _list(folder: str) -> str:
        name = hashlib.sha256(folder.encode()).hexdigest()[:16] if folder else "all"
        return f"{FOLDER}/lists/{name}"


def _every_record(root: Path) -> Iterator[tuple[str, Record]]:
    """Path and record of every item, once: a live one wins over one taken out."""
    seen = set()
    for folder in ("items", "withdrawn"):
        for path in sorted((root / FOLDER / folder).glob("*.json")):
            record = files.read_json(path)
            if record and record.get("version") == VERSION and record["guid"] not in seen:
                seen.add(record["guid"])
                yield f"{FOLDER}/{folder}/{path.name}", record
