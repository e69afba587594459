"""Word documents that an office prints: A4, margins and type of the office, and the same bytes for the same words.

Form: Nghị định 30/2020/NĐ-CP, Phụ lục I (paper A4; margins top and bottom 20-25, left 30-35, right 15-20 mm).
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

TYPEFACE = "Times New Roman"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest a zip entry can carry


def sheet(*, title: str, author: str, dated: datetime, size: int) -> Document:
    """An empty A4 page in `size` points. `dated` is written as the time it was made, in place of the clock."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = TYPEFACE, Pt(size)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), TYPEFACE)
    moment = dated.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.comments = title, author, author, ""
    core.created = core.modified = moment
    core.language, core.revision = "vi-VN", 1
    return document


def line(
    document: Document,
    words: str,
    *,
    size: float | None = None,
    bold: bool = False,
    italic: bool = False,
    centred: bool = False,
    after: float = 6,
) -> Paragraph:
    """One paragraph of one kind of type; `size` and `after` (space below) in points."""
    paragraph = document.add_paragraph()
    run = paragraph.add_run(words)
    run.bold, run.italic = bold, italic
    run.font.size = Pt(size) if size else None
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(after)
    paragraph.paragraph_format.keep_together = True
    return paragraph


def day(moment: datetime) -> str:
    """`20/3/2026`."""
    return f"{moment.day}/{moment.month}/{moment.year}"


def packed(document: Document) -> bytes:
    """The .docx file. Its zip entries carry no clock time, so the same document is the same bytes."""
    loose, stable = io.BytesIO(), io.BytesIO()
    document.save(loose)
    with zipfile.ZipFile(loose) as source, zipfile.ZipFile(stable, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            target.writestr(entry, source.read(name), compresslevel=6)
    return stable.getvalue()
