"""Putting an item into the sessions that have not begun, and what must give way to it; one act under the folder's lock.

A session that has begun, or of which somebody told what became of it, is never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from channels import files
from channels.contract import Desk
from channels.loudspeaker import papers
from channels.loudspeaker.bulletin import Bulletin, Item, Move
from channels.loudspeaker.filling import fill, moved, wanted
from channels.loudspeaker.folder import Folder, item_path, items_of, name_of

BEGUN = "Buổi ấy đã bắt đầu khi tin được giao."
Records = dict[str, dict[str, dict[str, Any]]]  # record by delivery, by session


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an item lies now, and what moved on to make room for it."""

    name: str  # of the session
    bulletin: Bulletin
    moves: tuple[Move, ...]  # of the item itself
    pushed: tuple[Move, ...]  # of others, by this act


def is_open(folder: Folder, name: str, now: datetime) -> bool:
    return name > name_of(now) and folder.closed(name) is None


def place(folder: Folder, desk: Desk, record: dict[str, Any], *, anew: bool = False) -> Placed:
    """Puts an item among the others. Hold the folder's lock. `anew`: whatever papers may be half-written."""
    ref = str(record["delivery"])
    before = _open_records(folder, desk.now)
    pool = {one: found for records in before.values() for one, found in records.items()}
    pool[ref] = record
    after = _filled(folder, desk, pool)
    _write(folder, before, after, anew=anew)
    name = next(name for name, records in after.items() if ref in records)
    mine = after[name][ref]
    known = _moves(before)
    pushed = [move for move in _moves(after) if move not in known and move.ref != ref]
    return Placed(name, folder.bulletin(name), Item.of(mine).moves, tuple(pushed))


def take_out(folder: Folder, desk: Desk, ref: str) -> None:
    """Takes an item out of a session that is open; what had to make room for it comes back. Hold the lock."""
    before = _open_records(folder, desk.now)
    pool = {one: found for records in before.values() for one, found in records.items() if one != ref}
    _write(folder, before, _filled(folder, desk, pool), anew=False)


def arriving(desk: Desk, record: dict[str, Any], folder: Folder) -> dict[str, Any]:
    """The record of an item that is new here, wanted in a session that is still open.

    What is urgent and due by now is a session of its own in the minute that comes; anything else waits for the next.
    """
    due = desk.due_at.replace(second=0, microsecond=0)
    if is_open(folder, name_of(due), desk.now):
        return record
    if record["body"]["urgent"]:
        at_once = desk.now.replace(second=0, microsecond=0) + timedelta(minutes=1)
        return {**record, "due_at": at_once.isoformat()}
    item = Item.of(record)
    later = next_session(folder, desk)(due)
    return {**record, "moves": [move.record() for move in moved(item, due, later, BEGUN).moves]}


def next_session(folder: Folder, desk: Desk) -> Callable[[datetime], datetime]:
    """The next open session of the timetable, or of the station's own hours where the timetable has none to give."""

    def after(slot: datetime) -> datetime:
        local = slot.astimezone(desk.due_at.tzinfo)
        coming = chain(desk.sessions_after(local), folder.practice.sessions_after(local))
        return next(one for one in coming if one > local and is_open(folder, name_of(one), desk.now))

    return after


def _open_records(folder: Folder, now: datetime) -> Records:
    """Of a doubled item, which a killed process left in the session it moved from, only the later one counts."""
    found: Records = {}
    for name in folder.names(name_of(now)):
        if is_open(folder, name, now):
            found[name] = folder.records(name)
    return found


def _filled(folder: Folder, desk: Desk, pool: Mapping[str, dict[str, Any]]) -> Records:
    """Every item of the pool placed anew; moves out of sessions that have begun are history and stay."""
    practice = folder.practice

    def lasts(slot: datetime, items: Any) -> int:
        return Bulletin.of(practice, slot, items).seconds

    waiting = [_still_moved(item, folder, desk.now) for item in items_of(pool)]
    found = fill(waiting, lasts, practice.minutes, next_session(folder, desk))
    return {
        name_of(slot): {item.ref: _with_moves(pool[item.ref], item) for item in items}
        for slot, items in sorted(found.items())
    }


def _still_moved(item: Item, folder: Folder, now: datetime) -> Item:
    kept = []
    for move in item.moves:
        if move.by_filling and is_open(folder, name_of(move.came_from), now):
            break
        kept.append(move)
    return replace(item, moves=tuple(kept))


def _with_moves(record: dict[str, Any], item: Item) -> dict[str, Any]:
    bare = {key: value for key, value in record.items() if key != "moves"}
    return {**bare, "moves": [move.record() for move in item.moves]} if item.moves else bare


def _moves(records: Records) -> list[Move]:
    return [move for found in records.values() for item in items_of(found) for move in item.moves]


def _write(folder: Folder, before: Records, after: Records, *, anew: bool) -> None:
    """The items first, then the papers of every session that is not as it was, then what lies there no more."""
    changed = {name for name in {*before, *after} if anew or before.get(name) != after.get(name)}
    left = {name_of(move.came_from) for move in set(_moves(before)) ^ set(_moves(after))}
    bulletins = _bulletins(folder, before, after, changed | (left & {*before, *after}))
    with files.Batch(folder.root) as batch:
        for name in sorted(changed & {*after}):
            for ref, record in after[name].items():
                batch.put_json(item_path(name, ref), record)
        for name, bulletin in bulletins.items():
            papers.put(batch, folder.root, name, bulletin, folder.approval(name))
        for name in sorted(changed & {*before}):
            for ref in sorted({*before[name]} - {*after.get(name, {})}):
                batch.drop(item_path(name, ref))


def _bulletins(folder: Folder, before: Records, after: Records, names: set[str]) -> dict[str, Bulletin]:
    moves = _moves(after)
    found = {}
    for name in sorted(names):
        items = items_of(after.get(name, {}))
        slot = wanted(items[0]) if items else wanted(items_of(before[name])[0])
        out = [move for move in moves if name_of(move.came_from) == name]
        found[name] = Bulletin.of(folder.practice, slot, items, out)
    return found
