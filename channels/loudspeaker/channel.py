"""The ward's loudspeakers: what is to be said lies in the operator's folder, the operator says it.

    <root>/2026-11-23-0730/items/<delivery>.json     one file a post
    <root>/2026-11-23-0730/ban-doc.txt, ban-doc.docx the bulletin of the slot, made anew from the items each time

The operator's word that it was aired closes the delivery; the engine asks for it, not this channel.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from channels import files
from channels.contract import (
    Account,
    Channel,
    Content,
    Count,
    Desk,
    Outcome,
    Payload,
    Preview,
    Proof,
    Remote,
    Result,
    Setting,
)
from channels.errors import Rejected, Unavailable, Unsupported
from channels.loudspeaker import practice, sentences, sheet, timing
from channels.loudspeaker.bulletin import Bulletin, Item
from channels.loudspeaker.practice import Practice

SCRIPT, SHEET = "ban-doc.txt", "ban-doc.docx"
_DEFAULTS, _TIMING = practice.table("defaults"), practice.table("timing")


class Loudspeaker(Channel):
    kind = "loudspeaker"
    lead = timedelta(hours=12)  # the sheet for the morning is printed the evening before
    label = "Loa truyền thanh"
    automatic = False
    listing_lag = 0.0
    asked_settings = (
        Setting("root", "Thư mục bản đọc của người vận hành đài"),
        Setting("station", "Tên đài", hint="Đài truyền thanh phường Sông Vàng"),
        Setting("sessions", "Giờ phát trong ngày", required=False, default=str(_DEFAULTS["sessions"])),
        Setting("minutes", "Số phút mỗi buổi", required=False, default=str(_DEFAULTS["minutes"])),
        Setting("rate", "Tốc độ đọc, âm tiết mỗi phút", required=False, default=str(_TIMING["rate"])),
        Setting("region", "Giọng vùng", required=False, default="north", hint="north, centre hoặc south"),
        Setting("dictionary", "Từ điển của đài", required=False, hint="CLB = câu lạc bộ; NVH = nhà văn hóa"),
        Setting("approver", "Người duyệt in trên bản đọc", required=False),
    )

    def problems(self, account: Account) -> list[str]:
        return super().problems(account) + practice.problems(account)

    def shape(self, content: Content, account: Account) -> Payload:
        station = Practice.of(account)
        voice = station.named((content.publisher.name, content.publisher.address))
        said = sentences.of_content(content, voice)
        if not said:
            raise Unsupported("Tin bài chưa có lời nào để đọc.", code="empty")
        spoken = [one.spoken for one in said]
        seconds = timing.reading_seconds(spoken, station.rate)
        if seconds > station.minutes * 60:
            raise Unsupported(
                f"Tin dài {timing.clock(seconds)} khi đọc, buổi phát chỉ {station.minutes} phút: hãy rút ngắn.",
                code="length",
            )
        body: dict[str, Any] = {
            "title": content.title,
            "urgent": content.urgent,
            "written": [one.written for one in said],
            "sentences": spoken,
            "unread": list(dict.fromkeys(token for one in said for token in one.unread)),
            "words": sum(map(timing.syllables, spoken)),
            "seconds": seconds,
            "minutes": round(seconds / 60, 1),
        }
        return Payload(self.kind, body)

    def preview(self, payload: Payload, account: Account) -> Preview:
        body = payload.body
        limit = Practice.of(account).minutes * 60
        lines = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in body["sentences"])
        warnings = [
            f"Loa không đọc được “{token}”: viết rõ bằng chữ hoặc thêm vào từ điển của đài." for token in body["unread"]
        ]
        counts = (Count("Âm tiết", body["words"]), Count("Giây đọc", body["seconds"], limit))
        return Preview(f"<ol>{lines}</ol>", "\n".join(body["sentences"]), counts, tuple(warnings))

    def send(self, payload: Payload, account: Account, desk: Desk) -> Outcome:
        return _put(payload, account, desk.delivery_ref, desk.due_at)

    def reconcile(self, payload: Payload, account: Account, desk: Desk, since: datetime) -> Outcome | None:
        """Found when the item stands; a script that was not made with it, because somebody was killed, is made now."""
        root, slot = _root(account), _slot(desk.due_at)
        record = files.read_json(files.inside(root, _item(slot, desk.delivery_ref)))
        if record is None or record.get("digest") != payload.digest:
            return None
        bulletin = _bulletin(account, desk.due_at, _items(root, slot))
        texts = _texts(bulletin)
        if any(files.sha256(root / slot / name) != _sha256(data) for name, data in texts.items()):
            return _put(payload, account, desk.delivery_ref, desk.due_at)
        return _handed_over(root, slot, desk.delivery_ref, bulletin)

    def update(self, remote: Remote, payload: Payload, account: Account, desk: Desk) -> Outcome:
        _refuse_past(remote, desk)
        return _put(payload, account, remote.delivery_ref, remote.due_at)

    def withdraw(self, remote: Remote, account: Account, desk: Desk) -> Outcome:
        root, slot = _root(account), _slot(remote.due_at)
        item = _item(slot, remote.delivery_ref)
        gone = Outcome(Result.DELIVERED, remote_id=remote.remote_id)
        if not files.inside(root, item).is_file():
            return gone
        _refuse_past(remote, desk)
        with files.locked(root), files.Batch(root) as batch:
            records = _items(root, slot)
            records.pop(remote.delivery_ref, None)
            _put_texts(batch, slot, _bulletin(account, remote.due_at, records))
            batch.drop(item)
        return gone


def _put(payload: Payload, account: Account, ref: str, due_at: datetime) -> Outcome:
    """The item and the bulletin made with it, at once."""
    root, slot = _root(account), _slot(due_at)
    record = {"delivery": ref, "due_at": due_at.isoformat(), "digest": payload.digest, "body": dict(payload.body)}
    with files.locked(root):
        bulletin = _bulletin(account, due_at, {**_items(root, slot), ref: record})
        with files.Batch(root) as batch:
            batch.put_json(_item(slot, ref), record)
            _put_texts(batch, slot, bulletin)
        return _handed_over(root, slot, ref, bulletin)


def _root(account: Account) -> Path:
    return Path(str(account.settings["root"]))


def _slot(due_at: datetime) -> str:
    return f"{due_at:%Y-%m-%d-%H%M}"


def _item(slot: str, ref: str) -> str:
    if not ref or PurePosixPath(ref).name != ref:
        raise Rejected("Mã lượt đăng không dùng làm tên tệp được.", code="path")
    return f"{slot}/items/{ref}.json"


def _refuse_past(remote: Remote, desk: Desk) -> None:
    if desk.now >= remote.due_at:
        raise Unsupported(
            f"Buổi phát {remote.due_at:%H:%M ngày %d/%m/%Y} đã tới giờ, lời đã phát không sửa được: "
            "hãy phát tin đính chính ở buổi sau.",
            code="aired",
        )


def _items(root: Path, slot: str) -> dict[str, Mapping[str, Any]]:
    """Records of the slot's items by delivery."""
    paths = sorted((root / slot / "items").glob("*.json"))
    return {path.stem: files.read_json(path) or {} for path in paths}


def _bulletin(account: Account, due_at: datetime, records: Mapping[str, Mapping[str, Any]]) -> Bulletin:
    items = []
    for ref, record in records.items():
        try:
            items.append(Item.of(record))
        except (KeyError, TypeError, ValueError) as error:
            reason = f"Chưa gửi gì: tệp “{ref}.json” của buổi phát đã hỏng. Xóa tệp ấy rồi gửi lại tin đó."
            raise Unavailable(reason, code="item") from error
    return Bulletin.of(Practice.of(account), due_at.replace(second=0, microsecond=0), items)


def _texts(bulletin: Bulletin) -> dict[str, bytes]:
    return {SHEET: sheet.docx(bulletin), SCRIPT: bulletin.script().encode()}


def _put_texts(batch: files.Batch, slot: str, bulletin: Bulletin) -> None:
    """Without items there is nothing to read, and no sheet may lie there as if there were."""
    if not bulletin.items:
        batch.drop(f"{slot}/{SHEET}")
        batch.drop(f"{slot}/{SCRIPT}")
        return
    for name, data in _texts(bulletin).items():
        batch.put(f"{slot}/{name}", data)


def _handed_over(root: Path, slot: str, ref: str, bulletin: Bulletin) -> Outcome:
    names = ((SCRIPT, "Bản đọc"), (SHEET, "Bản đọc để in"), (f"items/{ref}.json", "Tin trong buổi phát"))
    proofs = tuple(Proof("file", label, f"{slot}/{name}", files.sha256(root / slot / name)) for name, label in names)
    detail = {"slot": slot, "items": len(bulletin.items), "seconds": bulletin.seconds, "too_long": bulletin.is_too_long}
    return Outcome(Result.HANDED_OVER, remote_id=f"{slot}/{ref}", proofs=proofs, detail=detail)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
