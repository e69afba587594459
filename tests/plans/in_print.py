"""Manuscripts as a printed page: HTML laid out as NĐ 30/2020/NĐ-CP, Annex I, has it, for Chromium to print."""

from __future__ import annotations

from html import escape
from typing import Any

from tests.plans.copy_text import (
    Block,
    Row,
    addressees,
    kind,
    labelled_bullet,
    left_and_right,
    lines,
    sequence,
    spans,
    words,
)

STYLE = """
body { font: 13pt/1.3 "Times New Roman", "Liberation Serif", "Noto Serif", "DejaVu Serif", serif;
  margin: 0; text-align: justify }
p { margin: 0 0 6pt; text-indent: 1cm }
.title, .heading { font-weight: bold } .title { text-align: center; text-indent: 0 } .heading { break-after: avoid }
.level2 { margin-left: 0.4cm } .level3 { margin-left: 0.8cm } .level4 { margin-left: 1.2cm }
table { width: 100%; border-collapse: collapse; margin: 6pt 0; font-size: 11pt; text-align: left }
.grid td { border: 0.5pt solid #000; padding: 2pt 4pt; vertical-align: top }
.head td { font-weight: bold; text-align: center }
.pair td { width: 45%; vertical-align: top; text-align: center }
.pair td + td { width: 55% } .pair p, .grid p { text-indent: 0; margin: 0 }
.pair b { font-size: 11pt }
.pair .names { text-align: left } .gap { height: 1.6cm } .stacked p { text-align: center; text-indent: 0; margin: 0 }
.note { font-size: 10pt; border-top: 0.5pt solid #000; text-indent: 0 } .turn { break-after: page }
sup { font-size: 8pt }
"""


def page(manuscript: dict[str, Any]) -> str:
    quirks = manuscript.get("quirks", {}).get("pdf") or {}
    parts: list[str] = []
    notes = 0
    for block in sequence(manuscript):
        if "footnote" in block:
            notes += 1
            parts[-1] = parts[-1].removesuffix("</p>") + f"<sup>{notes}</sup></p>"
            parts.append(f'<p class="note"><sup>{notes}</sup> {escape(block["footnote"])}</p>')
        else:
            parts.append(SETTERS.get(kind(block), worded)(block, quirks))
    body = "\n".join(parts)
    return f'<!doctype html><html lang="vi"><meta charset="utf-8"><style>{STYLE}</style><body>{body}</body></html>'


def running_lines(manuscript: dict[str, Any]) -> dict[str, Any]:
    """What Chromium prints round the text: a header line, a page number above or below, margins."""
    quirks = manuscript.get("quirks", {}).get("pdf") or {}
    number = '<span class="pageNumber"></span>'
    below = number if quirks.get("footer_page_numbers") else ""
    above = escape(quirks.get("header") or "") or ("" if below else number)
    line = '<div style="width:100%;text-align:center;font:9pt serif">{}</div>'
    margins = {"top": "20mm", "bottom": "20mm", "left": "30mm", "right": "18mm"}
    return {
        "display_header_footer": True,
        "header_template": line.format(above),
        "footer_template": line.format(below),
        "margin": margins,
    }


def paragraphs(texts: list[str], strong: bool = False) -> str:
    mark = "<p><b>{}</b></p>" if strong else "<p>{}</p>"
    return "".join(mark.format(escape(text)) for text in texts)


def worded(block: Block, _: dict[str, Any]) -> str:
    text = labelled_bullet(block) if "bullet" in block else words(block)
    style = "heading" if "heading" in block else f"level{block.get('level', 1)}"
    return f'<p class="{style}">{escape(text)}</p>'


def titled(block: Block, _: dict[str, Any]) -> str:
    return "".join(f'<p class="title">{escape(line)}</p>' for line in lines(block["title"]))


def tabled(block: Block, _: dict[str, Any]) -> str:
    rows: list[Row] = block["table"]
    printed = [""] * len(rows)
    for down, _across, text, height, width in spans(rows):
        printed[down] += f'<td rowspan="{height}" colspan="{width}">{paragraphs(text.split(chr(10)))}</td>'
    head = ' class="head"' if block.get("header", True) else ""
    body = "".join(f"<tr{head if not place else ''}>{row}</tr>" for place, row in enumerate(printed))
    return f'<table class="grid">{body}</table>'


def headed(block: Block, quirks: dict[str, Any]) -> str:
    left, right = left_and_right(block["letterhead"])
    if quirks.get("two_column_letterhead", True):
        return (
            f'<table class="pair"><tr><td>{paragraphs(left, True)}</td><td>{paragraphs(right, True)}</td></tr></table>'
        )
    return f'<div class="stacked">{paragraphs(left)}{paragraphs(right)}</div>'


def closed(block: Block, _: dict[str, Any]) -> str:
    recipients, signature = block.get("recipients") or [], block.get("signature") or {}
    names = ("<p><b><i>Nơi nhận:</i></b></p>" if recipients else "") + paragraphs(addressees(recipients))
    signed = paragraphs(lines(signature.get("authority")), True) + '<div class="gap"></div>'
    signed += paragraphs(lines(signature.get("name")), True)
    return f'<table class="pair"><tr><td class="names">{names}</td><td>{signed}</td></tr></table>'


def turned(_: Block, __: dict[str, Any]) -> str:
    return '<div class="turn"></div>'


SETTERS = {"title": titled, "table": tabled, "letterhead": headed, "closing": closed, "page_break": turned}
