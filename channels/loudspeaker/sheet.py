"""The reader's sheet of a bulletin as .docx: large type, a sentence a line, numbers in words, boxes to sign off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from channels.loudspeaker import timing
from channels.loudspeaker.bulletin import (
    WARNING,
    Approval,
    Bulletin,
    Credit,
    Kind,
    Part,
    approved_words,
    came_words,
    went_words,
)
from channels.paper import line, packed, sheet

TYPE = 17  # points: read standing, at arm's length
DOTS = "." * 40
KEY = "Dấu / nghỉ ngắn, dấu // nghỉ dài. Số đã viết bằng chữ: đọc đúng như in."


def docx(bulletin: Bulletin, approval: Approval | None = None) -> bytes:
    """The same bulletin and approval are the same bytes."""
    station = bulletin.practice.station
    document = sheet(
        title=f"Bản đọc {bulletin.slot:%H:%M} {bulletin.day}", author=station, dated=bulletin.slot, size=TYPE
    )
    first, second, *rest = head(bulletin)
    line(document, first, bold=True, centred=True, after=0)
    line(document, second, bold=True, centred=True, after=0)
    for words in rest:
        line(document, words, size=13, italic=True, centred=True, after=2)
    if bulletin.unread:
        line(document, unread_words(bulletin), size=13, bold=True)
    for part in bulletin.parts:
        line(document, heading(part), size=14, bold=True).paragraph_format.keep_with_next = True
        for words in notes(part, approval):
            line(document, words, size=12, italic=True, after=2).paragraph_format.keep_with_next = True
        for sentence in part.sentences:
            line(document, marked(sentence), after=9).paragraph_format.line_spacing = 1.25
    for move in bulletin.moved_out:
        line(document, went_words(move), size=12, italic=True)
    line(document, f"Người duyệt: {approver(bulletin, approval)}", size=14, after=8).paragraph_format.space_before = 0
    for words in SIGN_OFF:
        line(document, f"☐ {words}", size=14, after=8)
    return packed(document)


def head(bulletin: Bulletin) -> Iterator[str]:
    yield bulletin.practice.station.upper()
    yield "BẢN ĐỌC BUỔI PHÁT THANH"
    yield f"{bulletin.slot:%H:%M}, {bulletin.day}. {bulletin.practice.cluster}"
    yield bulletin.summary
    yield KEY


SIGN_OFF = (
    f"Đã phát lúc ____:____     Người phát (ký, ghi rõ họ tên): {DOTS}",
    f"Phát không trọn, đến tin số ____, lý do: {DOTS}",
    f"Không phát, lý do: {DOTS}",
)


def heading(part: Part) -> str:
    if part.kind is Kind.ITEM:
        return f"{part.title} ({timing.clock(part.seconds)})"
    return f"[{part.title}, {timing.clock(part.seconds)}]" if part.kind is Kind.JINGLE else part.title


def notes(part: Part, approval: Approval | None) -> list[str]:
    """Where an item comes from: who wrote and approved it, its source, and the session it was moved from."""
    given = approval.credits.get(part.ref, Credit()) if approval else Credit()
    named = (("Người viết", given.author), ("Người duyệt", given.approver), ("Nguồn", given.source))
    credits = "; ".join(f"{label}: {value}" for label, value in named if value)
    return [*([credits] if credits else []), *map(came_words, part.came)]


def marked(sentence: str) -> str:
    """A spoken sentence with "/" where the reader breathes and "//" where they stop."""
    return re.sub(r"([,;:])(?=\s)", r"\1 /", sentence) + "\N{NO-BREAK SPACE}//"  # never alone on a line


def unread_words(bulletin: Bulletin) -> str:
    return f"{WARNING} Chưa đọc được: {', '.join(bulletin.unread)}"


def approver(bulletin: Bulletin, approval: Approval | None) -> str:
    """Who approved these very words, else a line to sign."""
    if approval is not None and approval.digest == bulletin.digest:
        return approved_words(approval).removeprefix("Đã duyệt: ")
    return f"{bulletin.practice.approver} {DOTS}".strip()
