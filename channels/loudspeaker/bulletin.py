"""The bulletin of one session: what is said from the first jingle to the last, and the whole as plain text. Pure."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from channels.loudspeaker import timing
from channels.loudspeaker.practice import Practice, voice_of
from channels.loudspeaker.sentences import Sentence, read
from channels.loudspeaker.spoken.numbers import integer

WEEKDAYS = ("thứ 2", "thứ 3", "thứ 4", "thứ 5", "thứ 6", "thứ 7", "chủ nhật")
WARNING = "Chữ trong ngoặc vuông chưa có cách đọc: hỏi lại người biên tập trước khi đọc."


class Kind(StrEnum):
    JINGLE = "jingle"
    GREETING = "greeting"
    CONTENTS = "contents"
    ITEM = "item"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Move:
    """An item that did not fit into one session and went to a later one."""

    ref: str  # of the delivery
    title: str
    came_from: datetime  # the session it left
    went_to: datetime
    why: str  # Vietnamese
    by_filling: bool = False  # reckoned anew until it begins; else for good

    def record(self) -> dict[str, Any]:
        bare = {"from": self.came_from.isoformat(), "to": self.went_to.isoformat(), "why": self.why}
        return {**bare, "by_filling": True} if self.by_filling else bare


@dataclass(frozen=True, slots=True)
class Item:
    """One post of the session, as its file in `items/` holds it."""

    ref: str  # of the delivery
    due_at: str  # ISO 8601: the session it was meant for
    title: str
    sentences: tuple[str, ...]
    seconds: int  # as it was approved; the bulletin reckons anew at the rate of today
    urgent: bool = False
    unread: tuple[str, ...] = ()
    digest: str = ""  # of the approved payload
    deadline: str = ""  # ISO 8601: it may not be aired later; "" however late
    corrects: str = ""  # ISO 8601: when what it corrects was aired; "" an item of its own
    moves: tuple[Move, ...] = ()  # in the order they happened

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Item:
        """Raises `KeyError`, `TypeError` or `ValueError` for a record that is none."""
        body, ref = record["body"], str(record["delivery"])
        title = str(body["title"])
        return cls(
            ref=ref,
            due_at=datetime.fromisoformat(str(record["due_at"])).isoformat(),
            title=title,
            sentences=tuple(map(str, body["sentences"])),
            seconds=int(body["seconds"]),
            urgent=bool(body["urgent"]),
            unread=tuple(map(str, body["unread"])),
            digest=str(record.get("digest", "")),
            deadline=str(record.get("deadline", "")),
            corrects=str(record.get("corrects", "")),
            moves=tuple(_move(ref, title, one) for one in record.get("moves", [])),
        )

    @property
    def rank(self) -> tuple[int, str, str, str]:
        """Urgent first, then corrections of what was aired, then by deadline, by when it was due, by name."""
        kind = 0 if self.urgent else 1 if self.corrects else 2
        return kind, self.deadline or "9999", self.due_at, self.ref


def _move(ref: str, title: str, record: Mapping[str, Any]) -> Move:
    came, went = (datetime.fromisoformat(str(record[name])) for name in ("from", "to"))
    return Move(ref, title, came, went, str(record["why"]), bool(record.get("by_filling")))


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the session. A jingle has no sentences."""

    kind: Kind
    title: str  # heading on the sheet
    sentences: tuple[str, ...] = ()
    seconds: float = 0.0  # the pauses after each sentence and after the part included
    ref: str = ""  # delivery of an item
    urgent: bool = False
    came: tuple[Move, ...] = ()  # how it came here from earlier sessions


@dataclass(frozen=True, slots=True)
class Credit:
    """Who stands behind one item, as the sheet names them; "" is not known."""

    author: str = ""
    approver: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved the bulletin as a whole, and which: `digest` is that of the bulletin they saw."""

    by: str
    at: datetime  # aware
    digest: str
    credits: Mapping[str, Credit] = field(default_factory=dict)  # by delivery


@dataclass(frozen=True, slots=True)
class Bulletin:
    practice: Practice
    slot: datetime  # aware, local
    items: tuple[Item, ...]  # in the order they are read
    moved_out: tuple[Move, ...] = ()

    @classmethod
    def of(cls, practice: Practice, slot: datetime, items: Iterable[Item], moved_out: Iterable[Move] = ()) -> Bulletin:
        """Items in the order in which they are read, see `Item.rank`."""
        return cls(practice, slot, tuple(sorted(items, key=lambda one: one.rank)), tuple(moved_out))

    @property
    def parts(self) -> tuple[Part, ...]:
        """From jingle to jingle. Their seconds sum up to the session's."""
        jingle = Part(Kind.JINGLE, "Nhạc hiệu", seconds=self.practice.jingle)
        items = [
            self._part(Kind.ITEM, self.heading(place, item), self.said(place, item), item)
            for place, item in enumerate(self.items, 1)
        ]
        return (
            jingle,
            self._part(Kind.GREETING, "Lời chào", self.opening),
            self._part(Kind.CONTENTS, "Điểm tin", self.contents),
            *items,
            self._part(Kind.CLOSING, "Lời kết", self.closing),
            jingle,
        )

    @property
    def day(self) -> str:
        return f"{WEEKDAYS[self.slot.weekday()]}, ngày {self.slot.day}/{self.slot.month}/{self.slot.year}"

    @property
    def opening(self) -> tuple[str, ...]:
        return tuple(one.spoken for one in self._greeted)

    @property
    def _greeted(self) -> tuple[Sentence, ...]:
        return self._read("greeting", station=self.practice.station) + self._read("today", day=self.day)

    @property
    def contents(self) -> tuple[str, ...]:
        titles = (
            self._plain("content_correction" if item.corrects else "content", number=place, title=item.sentences[0])
            for place, item in enumerate(self.items, 1)
        )
        return (self._plain("contents", number=len(self.items)), *titles)

    @property
    def closing(self) -> tuple[str, ...]:
        return tuple(one.spoken for one in self._closed)

    @property
    def _closed(self) -> tuple[Sentence, ...]:
        later = [one for one in self.practice.sessions if one > self.slot.time()]
        following = self._read("next_today", time=f"{later[0]:%H:%M}") if later else self._read("next_later")
        return self._read("closing", station=self.practice.station) + following

    def said(self, place: int, item: Item) -> tuple[str, ...]:
        """The announcer's lead, for a correction what it corrects, and the item's own sentences. `place` from 1."""
        return (self._plain("item", number=place), *self._correcting(item), *item.sentences)

    def heading(self, place: int, item: Item) -> str:
        kind = " (KHẨN)" if item.urgent else ""
        return f"Tin {place}{kind}. {'Đính chính: ' if item.corrects else ''}{item.title}"

    @property
    def seconds(self) -> int:
        """Whole seconds, rounded up, from the first jingle to the end of the last."""
        return math.ceil(sum(part.seconds for part in self.parts))

    @property
    def limit(self) -> int:
        """Seconds a session may last."""
        return self.practice.minutes * 60

    @property
    def is_too_long(self) -> bool:
        return self.seconds > self.limit

    @property
    def urgent(self) -> bool:
        return any(item.urgent for item in self.items)

    @property
    def unread(self) -> tuple[str, ...]:
        """What has no reading, in the items and in the station's own words around them."""
        frame = (token for one in (*self._greeted, *self._closed) for token in one.unread)
        return tuple(dict.fromkeys([*(token for item in self.items for token in item.unread), *frame]))

    @property
    def moved_in(self) -> tuple[Move, ...]:
        return tuple(item.moves[-1] for item in self.items if item.moves)

    @property
    def digest(self) -> str:
        """SHA-256 over where, when and everything that is said: what an approval of the whole binds to."""
        said = [[part.kind.value, part.ref, *part.sentences] for part in self.parts]
        record = [self.practice.station, self.practice.cluster, self.slot.astimezone(UTC).isoformat(), said]
        return hashlib.sha256(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()

    @property
    def summary(self) -> str:
        text = f"{len(self.items)} tin, ước tính {timing.clock(self.seconds)} (buổi phát {self.practice.minutes} phút)"
        return f"{text}. DÀI HƠN BUỔI PHÁT: bỏ bớt tin hoặc rút ngắn." if self.is_too_long else f"{text}."

    def script(self, approval: Approval | None = None) -> str:
        """The reader's text: one sentence a line, parts apart by an empty line."""
        approved = [approved_words(approval)] if approval and approval.digest == self.digest else []
        head = [
            self.practice.station.upper(),
            f"BẢN ĐỌC BUỔI PHÁT {self.slot:%H:%M}, {self.day}",
            self.summary,
            *approved,
        ]
        blocks = [head]
        if self.unread:
            blocks.append([WARNING, "Chưa đọc được: " + ", ".join(self.unread)])
        for part in self.parts:
            lines = [f"[{part.title}]"] if part.kind is Kind.JINGLE else [_headed(part)]
            blocks.append([*lines, *(f"({came_words(one)})" for one in part.came), *part.sentences])
        if self.moved_out:
            blocks.append(["CHUYỂN SANG BUỔI SAU", *map(went_words, self.moved_out)])
        return "\n\n".join("\n".join(block) for block in blocks) + "\n"

    def _part(self, kind: Kind, title: str, sentences: tuple[str, ...], item: Item | None = None) -> Part:
        seconds = sum(
            timing.speech_seconds(one, self.practice.rate) + timing.pause("sentence_pause") for one in sentences
        )
        seconds += timing.pause("item_pause")
        if item is None:
            return Part(kind, title, sentences, seconds)
        return Part(kind, title, sentences, seconds, item.ref, item.urgent, item.moves)

    def _correcting(self, item: Item) -> tuple[str, ...]:
        if not item.corrects:
            return ()
        aired = datetime.fromisoformat(item.corrects)
        said = self._read("correction", time=f"{aired:%H:%M}", day=f"{aired.day}/{aired.month}/{aired.year}")
        return tuple(one.spoken for one in said)

    def _plain(self, name: str, *, number: int, title: str = "") -> str:
        """Words around what is in spoken form already."""
        return self.practice.words(name, number=integer(number, self.practice.voice.region), title=title)

    def _read(self, name: str, **given: str) -> tuple[Sentence, ...]:
        return _sentences(self.practice.words(name, **given), self.practice.dialect, self.practice.dictionary)


@lru_cache(maxsize=512)
def _sentences(words: str, dialect: str, dictionary: str) -> tuple[Sentence, ...]:
    """The frame is the same for every item that is tried in a session."""
    return tuple(read(words, voice_of(dialect, dictionary)))


def _headed(part: Part) -> str:
    if part.kind is not Kind.ITEM:
        return part.title.upper()
    number, _, title = part.title.partition(".")
    return f"{number.upper()}.{title} ({timing.clock(part.seconds)})"


def at_words(moment: datetime) -> str:
    """ "07:30 ngày 23/11/2026"."""
    return f"{moment:%H:%M} ngày {moment.day}/{moment.month}/{moment.year}"


def came_words(move: Move) -> str:
    return f"Chuyển từ buổi {at_words(move.came_from)}: {move.why}"


def went_words(move: Move) -> str:
    return f"{move.title}: chuyển sang buổi {at_words(move.went_to)}. {move.why}"


def approved_words(approval: Approval) -> str:
    return f"Đã duyệt: {approval.by}, {at_words(approval.at)}."
