"""What was not read in a session that is over goes to one that is open, and its record says why."""

from __future__ import annotations

from channels import files
from channels.contract import Account, Desk
from channels.errors import Unsupported
from channels.loudspeaker.bulletin import Item
from channels.loudspeaker.filling import moved
from channels.loudspeaker.folder import Folder
from channels.loudspeaker.placing import Placed, is_open, next_session, place


def carry_on(account: Account, desk: Desk, why: str) -> Placed:
    """Lays the item of `desk.delivery_ref` into the next session it fits into. The session that is over keeps it too:
    it stays as it was. Asked again it is where it is. Raises `Unsupported` when the item is nowhere."""
    folder, ref = Folder.of(account), desk.delivery_ref
    with files.locked(folder.root):
        name = folder.where(ref)
        if not name:
            raise Unsupported("Không tìm thấy tin này trong thư mục của đài.", code="missing")
        record = folder.records(name)[ref]
        if is_open(folder, name, desk.now):
            return Placed(name, folder.bulletin(name), Item.of(record).moves, ())
        slot = folder.slot(name)
        later = next_session(folder, desk)(max(slot, desk.now))
        moves = moved(Item.of(record), slot, later, why).moves
        return place(folder, desk, {**record, "moves": [move.record() for move in moves]})
