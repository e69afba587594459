"""The reader's sheet of a bulletin as PDF, the same page on every machine."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from xml.sax.saxutils import escape

import font_source_sans_pro
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepTogether, PageTemplate, Paragraph, Spacer, Table

from channels.loudspeaker import sheet
from channels.loudspeaker.bulletin import Approval, Bulletin, Part, went_words

LEFT, RIGHT, TOP, BOTTOM = 30 * mm, 20 * mm, 20 * mm, 20 * mm  # Nghị định 30/2020/NĐ-CP, Phụ lục I
FACES = {"Loa": "SourceSansPro", "Loa-Bold": "SourceSansProBold", "Loa-Italic": "SourceSansProIt"}


def pdf(bulletin: Bulletin, approval: Approval | None = None) -> bytes:
    """A4. The same bulletin and approval are the same bytes."""
    _faces()
    out = io.BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        invariant=1,
        lang="vi-VN",
        title=f"Bản đọc {bulletin.slot:%H:%M} {bulletin.day}",
        author=bulletin.practice.station,
        subject=bulletin.digest,
    )
    frame = Frame(LEFT, BOTTOM, A4[0] - LEFT - RIGHT, A4[1] - TOP - BOTTOM, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame], onPage=lambda canvas, _: _foot(canvas, bulletin)))
    document.build(list(_story(bulletin, approval)))
    return out.getvalue()


def _story(bulletin: Bulletin, approval: Approval | None) -> Iterator[Flowable]:
    first, second, *rest = sheet.head(bulletin)
    yield _line(first, "head")
    yield _line(second, "head")
    for words in rest:
        yield _line(words, "under")
    yield Spacer(0, 8)
    if bulletin.unread:
        yield _line(sheet.unread_words(bulletin), "warning")
    for part in bulletin.parts:
        yield from _part(part, approval)
    for move in bulletin.moved_out:
        yield _line(went_words(move), "note")
    yield KeepTogether(list(_sign_off(bulletin, approval)))


def _part(part: Part, approval: Approval | None) -> Iterator[Flowable]:
    yield _line(sheet.heading(part), "heading")
    for words in sheet.notes(part, approval):
        yield _line(words, "note")
    for sentence in part.sentences:
        yield KeepTogether([_line(sheet.marked(sentence), "sentence")])


def _sign_off(bulletin: Bulletin, approval: Approval | None) -> Iterator[Flowable]:
    yield Spacer(0, 10)
    yield _line(f"Người duyệt: {sheet.approver(bulletin, approval)}", "sign")
    for words in sheet.SIGN_OFF:
        row = Table([["", _line(words, "sign")]], colWidths=[9 * mm, A4[0] - LEFT - RIGHT - 9 * mm], hAlign="LEFT")
        row.setStyle([("LEFTPADDING", (0, 0), (-1, -1), 0), ("VALIGN", (0, 0), (-1, -1), "TOP")])
        yield _Ticked(row)


class _Ticked(Flowable):  # type: ignore[misc]  # its package has no types
    """A line with an empty box before it: the typeface has none."""

    def __init__(self, row: Table) -> None:
        super().__init__()
        self._row = row

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width, self.height = self._row.wrap(width, height)
        return self.width, self.height

    def draw(self) -> None:
        self._row.drawOn(self.canv, 0, 0)
        self.canv.rect(0, self.height - 19, 12, 12)


def _foot(canvas: Canvas, bulletin: Bulletin) -> None:
    canvas.setFont("Loa", 10)
    canvas.drawString(LEFT, BOTTOM / 2, f"{bulletin.slot:%H:%M} {bulletin.day}, mã {bulletin.digest[:12]}")
    canvas.drawRightString(A4[0] - RIGHT, BOTTOM / 2, f"Trang {canvas.getPageNumber()}")


def _line(words: str, style: str) -> Paragraph:
    return Paragraph(escape(words), _styles()[style])


@cache
def _styles() -> dict[str, ParagraphStyle]:
    size = sheet.TYPE
    made = (
        ParagraphStyle("head", fontName="Loa-Bold", fontSize=size, leading=22, alignment=TA_CENTER),
        ParagraphStyle("under", fontName="Loa-Italic", fontSize=13, leading=17, alignment=TA_CENTER),
        ParagraphStyle("warning", fontName="Loa-Bold", fontSize=13, leading=17, spaceAfter=6),
        ParagraphStyle("heading", fontName="Loa-Bold", fontSize=14, leading=18, spaceBefore=9, keepWithNext=1),
        ParagraphStyle("note", fontName="Loa-Italic", fontSize=12, leading=15, keepWithNext=1),
        ParagraphStyle("sentence", fontName="Loa", fontSize=size, leading=25, spaceAfter=5),
        ParagraphStyle("sign", fontName="Loa", fontSize=14, leading=22),
    )
    return {style.name: style for style in made}


@cache
def _faces() -> None:
    """Source Sans Pro (OFL), which holds every Vietnamese letter."""
    for name, file in FACES.items():
        pdfmetrics.registerFont(TTFont(name, font_source_sans_pro.font_files_ttf[file]))
