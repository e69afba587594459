"""The week's schedule on paper, for signature. Layout of the head: Nghị định 30/2020/NĐ-CP, Phụ lục I."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import groupby
from xml.sax.saxutils import escape

import font_source_sans_pro
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm
from docx.table import Table as DocxTable
from docx.table import _Cell
from reportlab.lib.colors import black
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from channels.paper import line, packed, sheet
from publisher.airing.diary import midnight
from publisher.airing.week import Planned, Week
from publisher.people.models import Organisation

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
HEADS = ("Ngày", "Giờ phát", "Nội dung", "Phút", "Duyệt bản tin")
WIDTHS = (30, 20, 67, 18, 30)  # mm, together 165: A4 without its margins is 160 to 165
HEAD_WIDTHS = (60, 105)
NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
DATED = "………, ngày … tháng … năm {year}"
NOTHING = "Chưa có tin"
SIGNERS = ("NGƯỜI LẬP LỊCH", "NGƯỜI DUYỆT")
FACES = {"Lich": "SourceSansPro", "Lich-Bold": "SourceSansProBold", "Lich-Italic": "SourceSansProIt"}


def title(week: Week) -> str:
    first, last = week.monday, week.sunday
    year = f"/{first.year}" if first.year != last.year else ""
    return f"Tuần từ {first.day}/{first.month}{year} đến {last.day}/{last.month}/{last.year}"


def summary(week: Week) -> str:
    stations = ", ".join(dict.fromkeys(one.account.name for one in week.sessions))
    return f"{stations}: tổng cộng {len(week.sessions)} buổi, {week.minutes} phút theo các tin đã có."


def rows(week: Week) -> list[tuple[str, str, str, str, str]]:
    """A row a session; the day stands in the first of its sessions."""
    several = len({one.account.pk for one in week.sessions}) > 1
    found = []
    for day, sessions in groupby(week.sessions, key=lambda one: one.slot.date()):
        for place, one in enumerate(sessions):
            named = f"{WEEKDAYS[day.weekday()]} {day.day}/{day.month}" if place == 0 else ""
            hour = f"{one.slot:%H:%M}\n{one.account.name}" if several else f"{one.slot:%H:%M}"
            found.append((named, hour, contents(one), minutes(one), one.approver))
    return found


def contents(one: Planned) -> str:
    return "\n".join(f"{place}. {words}" for place, words in enumerate(one.titles, 1)) or NOTHING


def minutes(one: Planned) -> str:
    return str(one.minutes) if one.seconds else ""


def docx(week: Week, organisation: Organisation) -> bytes:
    """The same week is the same bytes."""
    dated: datetime = midnight(week.monday, organisation.timezone)
    document = sheet(title=f"Lịch phát thanh, {title(week).lower()}", author=str(organisation), dated=dated, size=13)
    head = document.add_table(rows=1, cols=2)
    widen(head, HEAD_WIDTHS)
    fill(head.cell(0, 0), [(organisation.name.upper(), True), ("Số: …/…", False)])
    fill(head.cell(0, 1), [(NATION[0], True), (NATION[1], True), (DATED.format(year=week.monday.year), False)])
    line(document, "", after=4)
    line(document, "LỊCH PHÁT THANH", bold=True, size=14, centred=True, after=0)
    line(document, title(week), bold=True, centred=True, after=8)
    table_into(document, week)
    line(document, "", after=2)
    line(document, summary(week), size=12, italic=True, after=12)
    signs = document.add_table(rows=1, cols=2)
    for place, words in enumerate(SIGNERS):
        fill(signs.cell(0, place), [(words, True), ("(Ký, ghi rõ họ tên)", False), *[("", False)] * 4])
    return packed(document)


def table_into(document: Document, week: Week) -> None:
    table = document.add_table(rows=1, cols=len(HEADS), style="Table Grid")
    for place, words in enumerate(HEADS):
        fill(table.rows[0].cells[place], [(words, True)])
    for row in rows(week):
        cells = table.add_row().cells
        for place, words in enumerate(row):
            fill(cells[place], [(part, False) for part in words.split("\n")], centred=place != 2)
    widen(table, WIDTHS)


def widen(table: DocxTable, widths: tuple[int, ...]) -> None:
    """Some word processors go by the columns, others by the cells."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def fill(cell: _Cell, lines: list[tuple[str, bool]], *, centred: bool = True) -> None:
    for place, (words, bold) in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph.add_run(words).bold = bold
        paragraph.paragraph_format.space_after = Mm(0)
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def pdf(week: Week, organisation: Organisation) -> bytes:
    """A4. The same week is the same bytes."""
    faces()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, invariant=1, lang="vi-VN", title=f"Lịch phát thanh, {title(week).lower()}",
        author=str(organisation), leftMargin=25 * mm, rightMargin=20 * mm, topMargin=20 * mm, bottomMargin=20 * mm,
    )  # fmt: skip
    document.build(list(story(week, organisation)))
    return out.getvalue()


def story(week: Week, organisation: Organisation) -> Iterator[Flowable]:
    half = sum(WIDTHS) / 2 * mm
    left = [written(organisation.name.upper(), "bold"), written("Số: …/…", "middle")]
    right = [
        written(NATION[0], "bold"),
        written(NATION[1], "bold"),
        written(DATED.format(year=week.monday.year), "note"),
    ]
    yield Table([[left, right]], colWidths=[half, half], style=[("VALIGN", (0, 0), (-1, -1), "TOP")])
    yield Spacer(0, 10)
    yield written("LỊCH PHÁT THANH", "head")
    yield written(title(week), "bold")
    yield Spacer(0, 8)
    body = [[written(words, "bold") for words in HEADS]]
    for row in rows(week):
        body.append([written(words, "left" if place == 2 else "middle") for place, words in enumerate(row)])
    grid = [
        ("GRID", (0, 0), (-1, -1), 0.5, black),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
    ]
    yield Table(body, colWidths=[width * mm for width in WIDTHS], repeatRows=1, style=grid)
    yield Spacer(0, 6)
    yield written(summary(week), "note")
    yield Spacer(0, 10)
    signs = [[written(words, "bold"), written("(Ký, ghi rõ họ tên)", "note")] for words in SIGNERS]
    yield KeepTogether([Table([signs], colWidths=[half, half]), Spacer(0, 60)])


def written(words: str, style: str) -> Paragraph:
    return Paragraph(escape(words).replace("\n", "<br/>"), styles()[style])


@cache
def styles() -> dict[str, ParagraphStyle]:
    made = (
        ParagraphStyle("head", fontName="Lich-Bold", fontSize=14, leading=19, alignment=TA_CENTER),
        ParagraphStyle("bold", fontName="Lich-Bold", fontSize=11, leading=15, alignment=TA_CENTER),
        ParagraphStyle("middle", fontName="Lich", fontSize=11, leading=15, alignment=TA_CENTER),
        ParagraphStyle("left", fontName="Lich", fontSize=11, leading=15),
        ParagraphStyle("note", fontName="Lich-Italic", fontSize=11, leading=15, alignment=TA_CENTER),
    )
    return {style.name: style for style in made}


@cache
def faces() -> None:
    """Source Sans Pro (OFL), which holds every Vietnamese letter."""
    for name, file in FACES.items():
        pdfmetrics.registerFont(TTFont(name, font_source_sans_pro.font_files_ttf[file]))
