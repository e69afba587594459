"""Manuscripts as .docx: typed or Word-made numbers, text boxes, footnotes, joined cells, letterheads in bare tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from tests.plans.copy_text import Block, addressees, filled, kind, left_and_right, lines, sequence, spans, words

CENTER = WD_ALIGN_PARAGRAPH.CENTER
NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
NUMBERING = 77  # our own list: far from those of the template

# Levels of one list, as (pattern of the label, Word's format, text of the level, place).
LEVELS = (
    (r"[IVX]+\.?", "upperRoman", "%1."),
    (r"\d+\.", "decimal", "%2."),
    (r"\d+\.\d+\.", "decimal", "%2.%3."),
    (r"\d+\.\d+\.\d+\.", "decimal", "%2.%3.%4."),
    (r"[a-z]\)", "lowerLetter", "%5)"),
    (r"-", "bullet", "-"),
    (r"\+", "bullet", "+"),
    (r"•", "bullet", "•"),
)
ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@dataclass
class Counters:
    """Word's own count of one list: a number is left to Word only where it comes out as the manuscript has it."""

    counts: list[int] = field(default_factory=lambda: [0] * len(LEVELS))

    def level(self, label: str) -> int | None:
        """The level whose next number is `label`, counted; None where the label must be typed."""
        for place, (pattern, _, shape) in enumerate(LEVELS):
            if re.fullmatch(pattern, label):
                after = [*self.counts[:place], self.counts[place] + 1, *[0] * (len(LEVELS) - place - 1)]
                if self.printed(shape, after) != (label if shape[-1] != "." else label.rstrip(".") + "."):
                    return None
                self.counts = after
                return place
        return None

    @staticmethod
    def printed(shape: str, counts: list[int]) -> str:
        figures = {1: ROMAN[min(counts[0], 12)], 5: chr(ord("a") + counts[4] - 1)}
        return re.sub(r"%(\d)", lambda m: figures.get(int(m[1])) or str(counts[int(m[1]) - 1]), shape)


def numbering_xml() -> str:
    levels = "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{shape}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{284 * place}" w:firstLine="0"/></w:pPr></w:lvl>'
        for place, (_, form, shape) in enumerate(LEVELS)
    )
    return (
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{NUMBERING}"><w:multiLevelType w:val="multilevel"/>{levels}'
        "</w:abstractNum>"
    )


class Sheet:
    def __init__(self, quirks: dict[str, Any]) -> None:
        self.quirks = quirks
        self.document = Document()
        self.counters = Counters()
        self.notes: list[str] = []
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = "Times New Roman", Pt(13)
        if quirks.get("numbering") == "word":
            self.declare_list()

    def declare_list(self) -> None:
        root = self.document.part.numbering_part.element
        root.insert(0, parse_xml(numbering_xml()))
        root.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{NUMBERING}"><w:abstractNumId w:val="{NUMBERING}"/></w:num>')
        )

    def set(self, block: Block) -> None:
        getattr(self, f"set_{kind(block)}", self.set_words)(block)

    def set_words(self, block: Block) -> None:
        label = block.get("heading") or block.get("item") or block.get("bullet")
        level = self.counters.level(label) if label and self.quirks.get("numbering") == "word" else None
        text = words(block) if level is None else block.get("text") or ""
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.left_indent = Cm(0.4 * (block.get("level", 1) - 1))
        paragraph.add_run(text).bold = "heading" in block
        if level is not None:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = level
            properties.get_or_add_numId().val = NUMBERING

    def set_title(self, block: Block) -> None:
        for line in lines(block["title"]):
            centred(self.document.add_paragraph(), line, bold=True)

    def set_page_break(self, _: Block) -> None:
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def set_table(self, block: Block) -> None:
        rows = block["table"]
        table = self.document.add_table(len(rows), len(rows[0]), style="Table Grid")
        for row, texts in zip(table.rows, filled(rows), strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                write(cell, text.split("\n"))
        if self.quirks.get("merged_cells"):
            for down, across, text, height, width in spans(rows):
                if height * width > 1:
                    joined = table.cell(down, across).merge(table.cell(down + height - 1, across + width - 1))
                    write(joined, text.split("\n"))

    def set_footnote(self, block: Block) -> None:
        self.notes.append(block["footnote"])
        mark = f'<w:r {nsdecls("w")}><w:footnoteReference w:id="{len(self.notes)}"/></w:r>'
        self.document.paragraphs[-1]._p.append(parse_xml(mark))

    def set_letterhead(self, block: Block) -> None:
        left, right = left_and_right(block["letterhead"])
        if self.quirks.get("textbox_letterhead"):
            for texts in (left, right):
                self.document.add_paragraph()._p.append(parse_xml(text_box(texts)))
        else:
            self.pair(left, right)

    def set_closing(self, block: Block) -> None:
        recipients, signature = block.get("recipients") or [], block.get("signature") or {}
        names = ["Nơi nhận:", *addressees(recipients)] if recipients else []
        gap = ["", "", ""] if signature.get("name") else []
        self.pair(names, [*lines(signature.get("authority")), *gap, *lines(signature.get("name"))], names_left=True)

    def pair(self, left: list[str], right: list[str], names_left: bool = False) -> None:
        """Two columns in a table without lines."""
        cells = self.document.add_table(1, 2).rows[0].cells
        write(cells[0], left, None if names_left else CENTER)
        write(cells[1], right, CENTER)

    def bytes(self) -> bytes:
        if self.notes:
            self.add_notes()
        file = BytesIO()
        self.document.save(file)
        return file.getvalue()

    def add_notes(self) -> None:
        notes = "".join(
            f'<w:footnote w:id="{place}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> {escape(note)}'
            "</w:t></w:r></w:p></w:footnote>"
            for place, note in enumerate(self.notes, 1)
        )
        xml = f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {nsdecls("w")}>{notes}</w:footnotes>'
        part = Part(PackURI("/word/footnotes.xml"), NOTES_TYPE, xml.encode(), self.document.part.package)
        self.document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def centred(paragraph: Paragraph, text: str, bold: bool = False) -> None:
    paragraph.alignment = CENTER
    paragraph.add_run(text).bold = bold


def write(cell: _Cell, texts: list[str], alignment: WD_ALIGN_PARAGRAPH | None = None) -> None:
    for extra in cell.paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    cell.paragraphs[0].text = texts[0] if texts else ""
    for text in texts[1:]:
        cell.add_paragraph(text)
    for paragraph in cell.paragraphs:
        paragraph.alignment = alignment


def text_box(texts: list[str]) -> str:
    """A run with a text box, twice over as Word saves it: the drawing, and the older picture for older readers."""
    inside = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in texts)
    names = (
        f'{nsdecls("w", "wp", "a")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    box = (
        '<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="2700000" cy="1400000"/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>'
        f"<wps:txbx><w:txbxContent>{inside}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
    )
    drawing = (
        '<w:drawing><wp:inline><wp:extent cx="2700000" cy="1400000"/><wp:docPr id="1" name="Text Box 1"/><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"{box}</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    picture = (
        '<w:pict><v:shape style="width:213pt;height:110pt"><v:textbox>'
        f"<w:txbxContent>{inside}</w:txbxContent></v:textbox></v:shape></w:pict>"
    )
    return (
        f'<w:r {names}><mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice>'
        f"<mc:Fallback>{picture}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def word(manuscript: dict[str, Any]) -> bytes:
    sheet = Sheet(manuscript.get("quirks", {}).get("docx") or {})
    for block in sequence(manuscript):
        sheet.set(block)
    return sheet.bytes()
