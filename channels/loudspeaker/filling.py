"""Which item is read in which session: what does not fit into one goes on to the next, and says so. Pure.

Items are taken in the order of `Item.rank`, and the first that does not fit closes the session for all after it: nobody
overtakes, and nothing ordinary is read where something urgent had to go. So a session never overruns, nothing is lost,
and an item is read once. Only an item longer than a whole session, which is refused before it is approved, would stand
alone in one that overruns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from channels.loudspeaker.bulletin import Item, Move, at_words

FULL = "Buổi ấy đã đủ {minutes} phút."
AFTER_URGENT = "Buổi ấy đã đủ {minutes} phút, tin khẩn được đọc trước."
SAME = "Buổi ấy đã có chính tin này."
TOO_LATE = " Tin quá hạn phát ({deadline}): xem có còn cần đọc không."

Lasts = Callable[[datetime, Sequence[Item]], float]  # seconds of a session with these items, frame and all


def fill(
    items: Iterable[Item], lasts: Lasts, minutes: int, next_after: Callable[[datetime], datetime]
) -> dict[datetime, tuple[Item, ...]]:
    """Items by session, in the order in which they are read; those that had to go on carry the move.

    Each is wanted in the session it is due in, or to which it was moved before. `next_after` gives the next session in
    which the station may speak, later than the one it is asked about.
    """
    waiting: defaultdict[datetime, list[Item]] = defaultdict(list)
    for item in items:
        waiting[wanted(item)].append(item)
    filled: dict[datetime, tuple[Item, ...]] = {}
    while waiting:
        slot = min(waiting)
        taken, left = _split(sorted(waiting.pop(slot), key=lambda one: one.rank), slot, lasts, minutes)
        filled[slot] = tuple(taken)
        if left:
            later = next_after(slot)
            waiting[later] += [moved(item, slot, later, why, by_filling=True) for item, why in left]
    return filled


def wanted(item: Item) -> datetime:
    """The session an item waits for."""
    if item.moves:
        return item.moves[-1].went_to
    return datetime.fromisoformat(item.due_at).replace(second=0, microsecond=0)


def moved(item: Item, slot: datetime, later: datetime, why: str, *, by_filling: bool = False) -> Item:
    if item.deadline and datetime.fromisoformat(item.deadline) < later:
        why += TOO_LATE.format(deadline=at_words(datetime.fromisoformat(item.deadline)))
    return replace(item, moves=(*item.moves, Move(item.ref, item.title, slot, later, why, by_filling)))


def _split(
    ordered: Sequence[Item], slot: datetime, lasts: Lasts, minutes: int
) -> tuple[list[Item], list[tuple[Item, str]]]:
    """What is read in the session, and what goes on with the reason why."""
    taken: list[Item] = []
    left: list[tuple[Item, str]] = []
    full = ""
    for item in ordered:
        if item.digest and any(one.digest == item.digest for one in taken):
            left.append((item, SAME))
        elif full or (taken and lasts(slot, [*taken, item]) > minutes * 60):
            full = full or (AFTER_URGENT if taken[0].urgent and not item.urgent else FULL).format(minutes=minutes)
            left.append((item, full))
        else:
            taken.append(item)
    return taken, left
