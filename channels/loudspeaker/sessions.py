"""The sessions of a station as they lie in the operator's folder: what is said, how long, what moved, which files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from channels import files
from channels.contract import Account
from channels.errors import Unsupported
from channels.loudspeaker import folder as folders
from channels.loudspeaker import papers
from channels.loudspeaker.bulletin import Approval, Bulletin, Move, Part
from channels.loudspeaker.folder import Folder, name_of
from channels.loudspeaker.marks import SoundFile, kept_sound


@dataclass(frozen=True, slots=True)
class SessionFile:
    name: str  # "ban-doc.pdf"
    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Session:
    """One session that holds items. `approval` is given only while it is of these very words."""

    slot: datetime  # aware
    path: Path  # its folder
    bulletin: Bulletin
    approval: Approval | None
    closed: Mapping[str, Any] | None  # what `close_session` wrote
    files: tuple[SessionFile, ...]  # papers and recording that lie there
    sound: SoundFile | None  # of these very words

    @property
    def name(self) -> str:
        """ "2026-11-23-0730", the name of its folder."""
        return self.path.name

    @property
    def cluster(self) -> str:
        return self.bulletin.practice.cluster

    @property
    def parts(self) -> tuple[Part, ...]:
        """From jingle to jingle; `ref` of an item names its delivery."""
        return self.bulletin.parts

    @property
    def refs(self) -> tuple[str, ...]:
        """Deliveries in the order in which they are read."""
        return tuple(item.ref for item in self.bulletin.items)

    @property
    def digest(self) -> str:
        """Of where, when and all that is said."""
        return self.bulletin.digest

    @property
    def seconds(self) -> int:
        return self.bulletin.seconds

    @property
    def too_long(self) -> bool:
        return self.bulletin.is_too_long

    @property
    def urgent(self) -> bool:
        return self.bulletin.urgent

    @property
    def unread(self) -> tuple[str, ...]:
        """What no voice can read: an officer has to write it out."""
        return self.bulletin.unread

    @property
    def moved_in(self) -> tuple[Move, ...]:
        return self.bulletin.moved_in

    @property
    def moved_out(self) -> tuple[Move, ...]:
        return self.bulletin.moved_out


def sessions_of(account: Account, since: datetime | None = None, until: datetime | None = None) -> list[Session]:
    """Sessions from `since` to `until` (local, both included), in the order of time.

    Raises `Unavailable` when an item's file is broken, `Unsupported` when the account is not filled in.
    """
    folder = Folder.of(account)
    names = folder.names(name_of(since) if since else "", name_of(until) if until else "9")
    return [_session(folder, name) for name in names]


def session_at(account: Account, slot: datetime) -> Session | None:
    """The session of that local moment, None when nothing is to be said then."""
    folder = Folder.of(account)
    name = name_of(slot)
    return _session(folder, name) if folder.paths(name) else None


def approve_session(account: Account, slot: datetime, approval: Approval) -> Session:
    """Notes who approved the whole and prints the papers anew with their names.

    Raises `Unsupported` when what lies there is no longer what was approved.
    """
    folder = Folder.of(account)
    with files.locked(folder.root):
        session = _standing(folder, slot)
        if session.digest != approval.digest:
            raise Unsupported("Bản tin đã thay đổi sau khi xem: tải lại trang, đọc lại rồi duyệt.", code="changed")
        record = {**folders.approval_record(approval), "settings": folder.practice.settings}
        with files.Batch(folder.root) as batch:
            batch.put_json(f"{session.name}/{folders.APPROVED}", record)
            papers.put(batch, folder.root, session.name, session.bulletin, approval)
    return _session(folder, session.name)


def close_session(account: Account, slot: datetime, outcome: Mapping[str, Any]) -> Session:
    """Notes what became of it: nothing in this session is changed any more. `outcome`: JSON values, for people."""
    folder = Folder.of(account)
    with files.locked(folder.root):
        session = _standing(folder, slot)
        with files.Batch(folder.root) as batch:
            batch.put_json(f"{session.name}/{folders.CLOSED}", outcome)
    return _session(folder, session.name)


def m3u(sessions: Sequence[Session], base_url: str) -> str:
    """A playlist of the recordings that exist, for loudspeakers that play from the network. `base_url` ends in "/"."""
    lines = ["#EXTM3U"]
    for session in sessions:
        if session.sound:
            title = f"{session.bulletin.practice.station}, {session.slot:%H:%M %d/%m/%Y}"
            lines += [
                f"#EXTINF:{round(session.sound.seconds)},{title}",
                f"{base_url}{session.name}/{session.sound.path.name}",
            ]
    return "\n".join(lines) + "\n"


def _standing(folder: Folder, slot: datetime) -> Session:
    name = name_of(slot)
    if not folder.paths(name):
        raise Unsupported("Buổi phát này không còn tin nào. Tải lại trang.", code="empty")
    return _session(folder, name)


def _session(folder: Folder, name: str) -> Session:
    bulletin = folder.bulletin(name)
    path = folder.root / name
    approval = folder.approval(name)
    return Session(
        slot=bulletin.slot,
        path=path,
        bulletin=bulletin,
        approval=approval if approval and approval.digest == bulletin.digest else None,
        closed=folder.closed(name),
        files=tuple(_files(path)),
        sound=kept_sound(path, bulletin.digest),
    )


def _files(path: Path) -> list[SessionFile]:
    found = []
    for name in (*folders.PAPERS, *folders.RECORDING):
        if (path / name).is_file():
            data = (path / name).read_bytes()
            found.append(SessionFile(name, len(data), hashlib.sha256(data).hexdigest()))
    return found
