"""The bulletin of one slot: what the announcer says around the items, and the whole as plain text. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels.loudspeaker import timing
from channels.loudspeaker.practice import Practice, table
from channels.loudspeaker.sentences import read
from channels.loudspeaker.spoken.numbers import integer

WEEKDAYS = ("thứ 2", "thứ 3", "thứ 4", "thứ 5", "thứ 6", "thứ 7", "chủ nhật")
WARNING = "Chữ trong ngoặc vuông chưa có cách đọc: hỏi lại người biên tập trước khi đọc."


@dataclass(frozen=True, slots=True)
class Item:
    """One post of the slot, as its file in `items/` holds it."""

    ref: str
    due_at: str  # ISO 8601
    title: str
    sentences: tuple[str, ...]
    seconds: int
    urgent: bool = False
    unread: tuple[str, ...] = ()

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Item:
        """Raises `KeyError`, `TypeError` or `ValueError` for a record that is none."""
        body = record["body"]
        return cls(
            ref=str(record["delivery"]),
            due_at=str(record["due_at"]),
            title=str(body["title"]),
            sentences=tuple(map(str, body["sentences"])),
            seconds=int(body["seconds"]),
            urgent=bool(body["urgent"]),
            unread=tuple(map(str, body["unread"])),
        )


@dataclass(frozen=True, slots=True)
class Bulletin:
    practice: Practice
    slot: datetime  # aware, local
    items: tuple[Item, ...]  # in the order they are read

    @classmethod
    def of(cls, practice: Practice, slot: datetime, items: list[Item]) -> Bulletin:
        """Urgent items come first, then the order in which they were due."""
        return cls(practice, slot, tuple(sorted(items, key=lambda one: (not one.urgent, one.due_at, one.ref))))

    @property
    def day(self) -> str:
        return f"{WEEKDAYS[self.slot.weekday()]}, ngày {self.slot.day}/{self.slot.month}/{self.slot.year}"

    @property
    def opening(self) -> list[str]:
        words = table("wording")
        station = self.practice.station
        return self._said(words["greeting"].format(station=station) + "\n" + words["today"].format(day=self.day))

    @property
    def contents(self) -> list[str]:
        words = table("wording")
        count = self._number(len(self.items))
        titles = [
            words["content"].format(number=self._number(place), title=item.sentences[0])
            for place, item in enumerate(self.items, 1)
        ]
        return [words["contents"].format(count=count), *titles]

    @property
    def closing(self) -> list[str]:
        words = table("wording")
        later = [one for one in self.practice.sessions if one > self.slot.time()]
        following = words["next_today"].format(time=f"{later[0]:%H:%M}") if later else words["next_later"]
        return self._said(words["closing"].format(station=self.practice.station) + "\n" + following)

    def lead(self, place: int) -> str:
        """What is said before the item at `place`, counted from 1."""
        return str(table("wording")["item"]).format(number=self._number(place))

    @property
    def seconds(self) -> int:
        leads = [self.lead(place) for place in range(1, len(self.items) + 1)]
        frame = [*self.opening, *self.contents, *leads, *self.closing]
        return timing.session_seconds(frame, (item.seconds for item in self.items), self.practice.rate)

    @property
    def is_too_long(self) -> bool:
        return self.seconds > self.practice.minutes * 60

    @property
    def unread(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(token for item in self.items for token in item.unread))

    @property
    def summary(self) -> str:
        text = f"{len(self.items)} tin, ước tính {timing.clock(self.seconds)} (buổi phát {self.practice.minutes} phút)"
        return f"{text}. DÀI HƠN BUỔI PHÁT: chuyển bớt tin sang buổi sau." if self.is_too_long else f"{text}."

    def script(self) -> str:
        """The reader's text: one sentence a line, parts apart by an empty line."""
        parts = [
            [self.practice.station.upper(), f"BẢN ĐỌC BUỔI PHÁT {self.slot:%H:%M}, {self.day}", self.summary],
            ["[Nhạc hiệu]", *self.opening],
            ["ĐIỂM TIN", *self.contents],
            *(
                [self._heading(place, item), self.lead(place), *item.sentences]
                for place, item in enumerate(self.items, 1)
            ),
            ["LỜI KẾT", *self.closing, "[Nhạc]"],
        ]
        if self.unread:
            parts.insert(1, [WARNING, "Chưa đọc được: " + ", ".join(self.unread)])
        return "\n\n".join("\n".join(part) for part in parts) + "\n"

    def _items(self) -> list[list[str]]:
        numbered = enumerate(self.items, 1)
        return [[self._heading(place, item), self.lead(place), *item.sentences] for place, item in numbered]

    def _heading(self, place: int, item: Item) -> str:
        return f"TIN {place}{' (KHẨN)' if item.urgent else ''}. {item.title} ({timing.clock(item.seconds)})"

    def _number(self, value: int) -> str:
        return integer(value, self.practice.voice.region)

    def _said(self, text: str) -> list[str]:
        return [one.spoken for one in read(text, self.practice.voice)]
