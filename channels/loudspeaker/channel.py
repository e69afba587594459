"""The ward's loudspeakers: what is to be said lies in the operator's folder, the operator says it.

Where its files lie: `channels.loudspeaker.folder`. Which session an item is read in: `channels.loudspeaker.placing`.
The operator's word that it was aired closes the delivery; the engine asks for it, not this channel.
"""

from __future__ import annotations

import html
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from channels import files
from channels.contract import (
    Account,
    Channel,
    Checkup,
    Content,
    Count,
    Desk,
    Finding,
    Outcome,
    Payload,
    Preview,
    Proof,
    Remote,
    Result,
    Setting,
    Sign,
)
from channels.errors import Unsupported
from channels.loudspeaker import folder as folders
from channels.loudspeaker import practice, sentences, timing, voice
from channels.loudspeaker.bulletin import Bulletin, Item, at_words, came_words, went_words
from channels.loudspeaker.folder import Folder, item_path
from channels.loudspeaker.placing import Placed, arriving, is_open, next_session, place, take_out
from channels.loudspeaker.practice import Practice, given
from channels.loudspeaker.programs import NoSound

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
        Setting("cluster", "Cụm loa", required=False, hint="Cụm 3, tổ dân phố 5 đến 8"),
        Setting("jingle", "Nhạc hiệu dài mấy giây", required=False, default=str(_TIMING["jingle"])),
        Setting("wording", "Lời xướng của đài", required=False, hint="greeting = {station}, kính chào bà con."),
        Setting(
            "voice",
            "Giọng đọc của bản ghi",
            required=False,
            default=voice.ESPEAK,
            hint=f"{voice.ESPEAK}, {voice.NONE} (không ghi), {voice.HTTP}, hoặc tên giọng người quản máy chủ đã đặt",
        ),
        Setting("voice_url", "Địa chỉ dịch vụ giọng đọc", required=False, takes_secrets=True),
        Setting("voice_key", "Khóa của dịch vụ giọng đọc", required=False, secret=True),
        Setting("approver", "Người duyệt in trên bản đọc", required=False),
        Setting("podcast", "Đưa buổi đã phát lên podcast của trang", required=False, hint="co hoặc khong"),
    )

    def problems(self, account: Account) -> list[str]:
        return super().problems(account) + practice.problems(account) + voice.problems(account)

    def check(self, account: Account, desk: Desk) -> Checkup:
        """There is no vendor to ask; what may be missing on the machine is a voice, and the papers do without."""
        found = super().check(account, desk)
        if not found.works or given(account, "voice") == voice.NONE:
            return found
        try:
            heard = Finding("Giọng đọc", Sign.GOOD, f"Ghi âm được: {voice.checked(account)}.")
        except NoSound as error:
            heard = Finding("Giọng đọc", Sign.WARNING, f"Chưa ghi âm được, bản đọc vẫn đủ. {error}")
        return Checkup((*found.findings, heard))

    def shape(self, content: Content, account: Account) -> Payload:
        station = Practice.of(account)
        said = sentences.of_content(content, station.named((content.publisher.name, content.publisher.address)))
        if not said:
            raise Unsupported("Tin bài chưa có lời nào để đọc.", code="empty")
        spoken = [one.spoken for one in said]
        seconds = timing.reading_seconds(spoken, station.rate)
        alone, frame = _longest(station, spoken)
        around = timing.clock(alone - seconds)
        limit = station.minutes * 60
        if alone > limit:
            raise Unsupported(
                f"Tin đọc hết {timing.clock(seconds)}, lời dẫn và nhạc của buổi {around}, mà buổi "
                f"phát chỉ {station.minutes} phút: hãy rút ngắn tin.",
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
            # What it takes of the session for the timetable, which knows nothing of jingles and greetings.
            "minutes": math.ceil((alone - frame) * limit / (limit - frame) / 6) / 10,
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
        folder = Folder.of(account)
        with files.locked(folder.root):
            lying = folder.where(desk.delivery_ref)
            if lying and not is_open(folder, lying, desk.now):  # sent before, and read since
                return _as_it_lies(folder, lying, desk.delivery_ref)
            record = _record(desk.delivery_ref, desk.due_at, payload)
            if desk.deadline:
                record["deadline"] = desk.deadline.isoformat()
            fresh = _renewed(folder, lying, desk.delivery_ref, payload) if lying else arriving(desk, record, folder)
            return _told(folder, desk.delivery_ref, place(folder, desk, fresh))

    def reconcile(self, payload: Payload, account: Account, desk: Desk, since: datetime) -> Outcome | None:
        """Found when the item stands; a script that was not made with it, because somebody was killed, is made now."""
        folder = Folder.of(account)
        ref = desk.delivery_ref
        lying = folder.where(ref)
        record = folder.records(lying)[ref] if lying else None
        if record is None or record.get("digest") != payload.digest:
            return None
        if not is_open(folder, lying, desk.now):
            return _as_it_lies(folder, lying, ref)
        with files.locked(folder.root):
            return _told(folder, ref, place(folder, desk, record, anew=True))

    def update(self, remote: Remote, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """In its place before it is read; what was aired is corrected by an item of the next session."""
        folder = Folder.of(account)
        with files.locked(folder.root):
            ref, lying = _standing(folder, desk, remote)
            if lying and is_open(folder, lying, desk.now):
                return _told(folder, ref, place(folder, desk, _renewed(folder, lying, ref, payload)))
            aired = folder.slot(lying) if lying else remote.due_at
            coming = next_session(folder, desk)(desk.now)
            record = _record(desk.delivery_ref, coming, payload) | {"corrects": aired.isoformat()}
            return _told(folder, desk.delivery_ref, place(folder, desk, record))

    def withdraw(self, remote: Remote, account: Account, desk: Desk) -> Outcome:
        folder = Folder.of(account)
        gone = Outcome(Result.DELIVERED, remote_id=remote.remote_id)
        with files.locked(folder.root):
            ref, lying = _standing(folder, desk, remote)
            if not lying:
                return gone
            if not is_open(folder, lying, desk.now):
                raise Unsupported(
                    f"Buổi phát {at_words(folder.slot(lying))} đã tới giờ, lời đã phát không rút lại được: "
                    "hãy phát tin đính chính ở buổi sau.",
                    code="aired",
                )
            take_out(folder, desk, ref)
        return gone


def _longest(station: Practice, spoken: list[str]) -> tuple[int, int]:
    """Seconds of a session with this item alone, and of one without any, on the day with the longest name.

    Room for the words of a correction is in the first, so that whatever is aired can be corrected.
    """
    day = datetime(2026, 12, 25, tzinfo=UTC)  # no day of a century takes more syllables
    item = Item("-", day.isoformat(), "", tuple(spoken), 0, corrects=day.replace(hour=22, minute=55).isoformat())
    slots = [day.replace(hour=clock.hour, minute=clock.minute) for clock in station.sessions]
    alone, empty = (max(Bulletin.of(station, slot, items).seconds for slot in slots) for items in ([item], []))
    return alone + 1, empty


def _record(ref: str, due_at: datetime, payload: Payload) -> dict[str, Any]:
    item_path("-", ref)
    return {"delivery": ref, "due_at": due_at.isoformat(), "digest": payload.digest, "body": dict(payload.body)}


def _renewed(folder: Folder, lying: str, ref: str, payload: Payload) -> dict[str, Any]:
    """New words in the place of the old ones."""
    return {**folder.records(lying)[ref], "digest": payload.digest, "body": dict(payload.body)}


def _standing(folder: Folder, desk: Desk, remote: Remote) -> tuple[str, str]:
    """Which item is meant, and the session it lies in: this very order begun before, the newest, or the first."""
    for ref in (desk.delivery_ref, remote.remote_id.rpartition("/")[2], remote.delivery_ref):
        if ref and (lying := folder.where(ref)):
            return ref, lying
    return remote.delivery_ref, ""


def _told(folder: Folder, ref: str, placed: Placed) -> Outcome:
    outcome = _handed_over(folder, placed.name, ref, placed.bulletin)
    notes = [*(came_words(move) for move in placed.moves[-1:]), *map(went_words, placed.pushed)]
    moves = {
        "moved": [move.record() for move in placed.moves],
        "pushed": [{"ref": move.ref, **move.record()} for move in placed.pushed],
        "notes": notes,
    }
    return replace(outcome, detail={**outcome.detail, **{key: value for key, value in moves.items() if value}})


def _as_it_lies(folder: Folder, name: str, ref: str) -> Outcome:
    return _handed_over(folder, name, ref, folder.bulletin(name))


def _handed_over(folder: Folder, name: str, ref: str, bulletin: Bulletin) -> Outcome:
    labels = (
        (folders.SCRIPT, "Bản đọc"),
        (folders.SHEET, "Bản đọc để sửa"),
        (folders.PRINT, "Bản đọc để in"),
        (f"items/{ref}.json", "Tin trong buổi phát"),
    )
    paths = ((f"{name}/{file}", label) for file, label in labels)
    proofs = tuple(Proof("file", label, path, files.sha256(folder.root / path)) for path, label in paths)
    detail = {"slot": name, "items": len(bulletin.items), "seconds": bulletin.seconds, "too_long": bulletin.is_too_long}
    return Outcome(Result.HANDED_OVER, remote_id=f"{name}/{ref}", proofs=proofs, detail=detail)
