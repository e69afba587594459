"""The operator's folder of one station: where each session's items, papers and recording lie, and reading them.

<root>/2026-11-23-0730/items/<delivery>.json    one file a post
<root>/2026-11-23-0730/ban-doc.txt .docx .pdf .ssml    the bulletin, made anew from the items each time
<root>/2026-11-23-0730/ban-doc.mp3 .opus .vtt .marks.json    its recording, where a voice is installed
<root>/2026-11-23-0730/duyet.json, ket-qua.json    who approved it as a whole; what became of it
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path, PurePosixPath
from typing import Any

from channels import files
from channels.contract import Account
from channels.errors import Rejected, Unavailable, Unsupported
from channels.loudspeaker.bulletin import Approval, Bulletin, Credit, Item, Move
from channels.loudspeaker.practice import Practice

SCRIPT, SHEET, PRINT, SPEECH = "ban-doc.txt", "ban-doc.docx", "ban-doc.pdf", "ban-doc.ssml"
SOUND, SMALL_SOUND, CUES, MARKS = "ban-doc.mp3", "ban-doc.opus", "ban-doc.vtt", "ban-doc.marks.json"
APPROVED, CLOSED = "duyet.json", "ket-qua.json"
PAPERS = (SCRIPT, SHEET, PRINT, SPEECH)
RECORDING = (SOUND, SMALL_SOUND, CUES, MARKS)
_NAME = re.compile(r"\d{4}-\d\d-\d\d-\d{4}")
_REACH = timedelta(days=14)  # how far ahead what left a session is looked for


@dataclass(frozen=True, slots=True)
class Folder:
    root: Path
    practice: Practice

    @classmethod
    def of(cls, account: Account) -> Folder:
        return cls(root_of(account), Practice.of(account))

    def names(self, first: str = "", last: str = "9") -> list[str]:
        """Sessions that hold items, by name, in the order of time."""
        if not self.root.is_dir():
            return []
        found = (path.name for path in self.root.iterdir() if _NAME.fullmatch(path.name))
        return sorted(name for name in found if first <= name <= last and self.paths(name))

    def paths(self, name: str) -> list[Path]:
        return sorted((self.root / name / "items").glob("*.json"))

    def records(self, name: str) -> dict[str, dict[str, Any]]:
        """Records of a session's items by delivery."""
        return {path.stem: files.read_json(path) or {} for path in self.paths(name)}

    def where(self, ref: str) -> str:
        """The session in which an item lies, "" when in none."""
        item_path("-", ref)
        found = sorted(self.root.glob(f"*/items/{ref}.json"))
        return found[-1].parent.parent.name if found else ""

    def slot(self, name: str) -> datetime:
        return slot_of(name, self.records(name))

    def closed(self, name: str) -> dict[str, Any] | None:
        """What was told to have become of it."""
        return files.read_json(self.root / name / CLOSED)

    def approval(self, name: str) -> Approval | None:
        record = files.read_json(self.root / name / APPROVED)
        return approval_of(record) if record else None

    def bulletin(self, name: str) -> Bulletin:
        """What is read in a session. Raises `Unavailable` for a broken item, `KeyError` for a session without any."""
        records = self.records(name)
        if not records:
            raise KeyError(name)
        slot = slot_of(name, records)
        return bulletin_of(self.practice, slot, records, self.moved_out(name, slot))

    def as_approved(self, name: str) -> Bulletin | None:
        """The bulletin that was approved, by the station's settings of then; None where its items are others now."""
        record = files.read_json(self.root / name / APPROVED) or {}
        settings, records = record.get("settings"), self.records(name)
        if not settings or not records:
            return None
        try:
            practice = Practice.of(Account("", "loudspeaker", "", settings))
        except Unsupported:
            return None
        slot = slot_of(name, records)
        bulletin = bulletin_of(practice, slot, records, self.moved_out(name, slot))
        return bulletin if bulletin.digest == record.get("digest") else None

    def moved_out(self, name: str, slot: datetime) -> Iterator[Move]:
        """What left a session, as the sessions say that it came to."""
        for later in self.names(name, name_of(slot + _REACH)):
            for item in items_of(self.records(later)) if later != name else ():
                yield from (move for move in item.moves if name_of(move.came_from) == name)


def root_of(account: Account) -> Path:
    return Path(str(account.settings["root"]))


def name_of(slot: datetime) -> str:
    return f"{slot:%Y-%m-%d-%H%M}"


def item_path(name: str, ref: str) -> str:
    """Raises `Rejected` for a delivery that is no file name."""
    if not ref or PurePosixPath(ref).name != ref or set(ref) & set("*?["):
        raise Rejected("Mã lượt đăng không dùng làm tên tệp được.", code="path")
    return f"{name}/items/{ref}.json"


def slot_of(name: str, records: Mapping[str, Mapping[str, Any]]) -> datetime:
    """The moment a folder's name says, in the zone of its items."""
    return datetime.strptime(name, "%Y-%m-%d-%H%M").replace(tzinfo=zone_of(records))


def zone_of(records: Mapping[str, Mapping[str, Any]]) -> tzinfo | None:
    for record in records.values():
        try:
            return datetime.fromisoformat(str(record["due_at"])).tzinfo
        except (KeyError, ValueError):
            continue
    return None


def items_of(records: Mapping[str, Mapping[str, Any]]) -> list[Item]:
    items = []
    for ref, record in records.items():
        try:
            items.append(Item.of(record))
        except (KeyError, TypeError, ValueError) as error:
            reason = f"Chưa gửi gì: tệp “{ref}.json” của buổi phát đã hỏng. Xóa tệp ấy rồi gửi lại tin đó."
            raise Unavailable(reason, code="item") from error
    return items


def bulletin_of(
    practice: Practice, slot: datetime, records: Mapping[str, Mapping[str, Any]], moved_out: Iterator[Move]
) -> Bulletin:
    return Bulletin.of(practice, slot, items_of(records), moved_out)


def approval_of(record: Mapping[str, Any]) -> Approval | None:
    """None for a record nobody can read: then nothing is approved."""
    try:
        named = {ref: Credit(**given) for ref, given in record.get("credits", {}).items()}
        return Approval(str(record["by"]), datetime.fromisoformat(record["at"]), str(record["digest"]), named)
    except (KeyError, TypeError, ValueError):
        return None


def approval_record(approval: Approval) -> dict[str, Any]:
    named = {
        ref: {"author": one.author, "approver": one.approver, "source": one.source}
        for ref, one in approval.credits.items()
    }
    return {"by": approval.by, "at": approval.at.isoformat(), "digest": approval.digest, "credits": named}
