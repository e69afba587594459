"""What stands in files of our own, and which deliveries put it there: the memory of `page` and `feed`. Pure.

A record keeps one mark for each delivery that wrote it, oldest first. From the marks follows whether a delivery may
write: a second try may, a later delivery corrects, an overtaken one must not bring old words back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from channels.errors import Rejected

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

Mark = Mapping[str, str]  # ref: of the delivery, digest: of its payload, at: ISO time, sha256: of the file it wrote


def stamp(moment: datetime) -> str:
    """ISO time to the second in the zone of the reader."""
    return moment.astimezone(ZONE).isoformat(timespec="seconds")


def spoken_time(iso: str) -> str:
    """`20/3/2026 09:05`, as people write it."""
    moment = datetime.fromisoformat(iso).astimezone(ZONE)
    return f"{moment.day}/{moment.month}/{moment.year} {moment:%H:%M}"


def marked(record: Mapping[str, Any] | None, delivery_ref: str, digest: str, at: str) -> list[dict[str, str]]:
    """The marks after this delivery has written. Raises `Rejected` when it has been overtaken or taken down."""
    marks: list[dict[str, str]] = list(record["deliveries"]) if record else []
    if not any(mark["ref"] == delivery_ref for mark in marks):
        return [*marks, {"ref": delivery_ref, "digest": digest, "at": at, "sha256": ""}]
    if record and record["withdrawn"]:
        raise Rejected(
            "Bài đã gỡ sau lượt đăng này: không đưa lại. Muốn đăng lại, hãy lập lượt đăng mới.", code="withdrawn"
        )
    if (marks[-1]["ref"], marks[-1]["digest"]) != (delivery_ref, digest):
        raise Rejected("Một lượt đăng sau đã thay nội dung này: không đưa bản cũ trở lại.", code="overtaken")
    return marks


def mark_of(record: Mapping[str, Any], delivery_ref: str, digest: str) -> Mark | None:
    """The mark this delivery left with this very payload."""
    marks: Sequence[Mark] = record["deliveries"]
    return next((m for m in marks if m["ref"] == delivery_ref and m["digest"] == digest), None)


def corrections(record: Mapping[str, Any]) -> list[str]:
    """ISO times at which the words were changed, oldest first."""
    marks: Sequence[Mark] = record["deliveries"]
    return [now["at"] for before, now in pairwise(marks) if now["digest"] != before["digest"]]
