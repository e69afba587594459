"""The reader's sheet of a bulletin as .docx: large type, a sentence a line, numbers in words, boxes to sign off."""

from __future__ import annotations

from channels.loudspeaker.bulletin import WARNING, Bulletin
from channels.paper import line, packed, sheet

TYPE = 17  # points: read standing, at arm's length


def docx(bulletin: Bulletin) -> bytes:
    """The same bulletin is the same bytes."""
    station = bulletin.practice.station
    document = sheet(
        title=f"Bản đọc {bulletin.slot:%H:%M} {bulletin.day}", author=station, dated=bulletin.slot, size=TYPE
    )
    line(document, station.upper(), bold=True, centred=True, after=0)
    line(document, "BẢN ĐỌC BUỔI PHÁT THANH", bold=True, centred=True, after=0)
    line(document, f"{bulletin.slot:%H:%M}, {bulletin.day}", centred=True, after=0)
    line(document, bulletin.summary, size=13, italic=True, centred=True, after=10)
    if bulletin.unread:
        line(document, f"{WARNING} Chưa đọc được: {', '.join(bulletin.unread)}", size=13, bold=True)
    for heading, sentences in _parts(bulletin):
        line(document, heading, size=14, bold=True).paragraph_format.keep_with_next = True
        for sentence in sentences:
            line(document, sentence, after=9).paragraph_format.line_spacing = 1.25
    for words in _sign_off(bulletin):
        line(document, words, size=14, after=8)
    return packed(document)


def _parts(bulletin: Bulletin) -> list[tuple[str, list[str]]]:
    items = [
        (f"Tin {place}{' (KHẨN)' if item.urgent else ''}. {item.title}", [bulletin.lead(place), *item.sentences])
        for place, item in enumerate(bulletin.items, 1)
    ]
    return [
        ("Nhạc hiệu, lời chào", bulletin.opening),
        ("Điểm tin", bulletin.contents),
        *items,
        ("Lời kết, nhạc", bulletin.closing),
    ]


def _sign_off(bulletin: Bulletin) -> list[str]:
    return [
        f"Người duyệt: {bulletin.practice.approver or '.' * 50}",
        "☐ Đã phát lúc ____:____     Người phát: " + "." * 30,
        "☐ Phát không trọn, đến tin số ____, lý do: " + "." * 30,
        "☐ Không phát, lý do: " + "." * 50,
    ]
