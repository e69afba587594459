"""The visible text of a Word paragraph, as it stands once all tracked changes are accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

from campaigns.reading.folding import clean
from campaigns.reading.labels import parse_label

FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_BOX = qn("w:txbxContent")
_GONE = frozenset((qn("w:del"), qn("w:moveFrom"), _BOX, FALLBACK))
_READ = (
    qn("w:t"), qn("w:tab"), qn("w:ptab"), qn("w:br"), qn("w:cr"), qn("w:noBreakHyphen"), qn("w:footnoteReference"),
    qn("w:endnoteReference"),
)  # fmt: skip
_ENDED = re.compile(r"[.;:!?…]['\"”’)\]]*$")
_LONG = 40  # characters that a line broken by hand in mid-sentence has at least


class Hidden:
    """What Word does not show: runs that are hidden themselves or by their style."""

    def __init__(self, styles: Any) -> None:
        self._styles = {s.get(qn("w:styleId")) for s in styles.iter(qn("w:style")) if _is_on(s, "w:rPr/w:vanish")}

    def run(self, run: Any) -> bool:
        style = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
        return _is_on(run, "w:rPr/w:vanish") or (style is not None and style.get(qn("w:val")) in self._styles)

    def paragraph(self, paragraph: Any) -> bool:
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return style is not None and style.get(qn("w:val")) in self._styles


def _is_on(element: Any, path: str) -> bool:
    found = element.find("/".join(qn(step) for step in path.split("/")))
    return found is not None and found.get(qn("w:val")) not in ("0", "false", "off")


def is_bold(paragraph: Any) -> bool:
    runs = [r for r in paragraph.iter(qn("w:r")) if "".join(t.text or "" for t in r.iter(qn("w:t"))).strip()]
    return bool(runs) and all(_is_on(run, "w:rPr/w:b") for run in runs)


def mark_is_deleted(paragraph: Any) -> bool:
    """Whether a tracked change takes the end of the paragraph away, so that the next one goes on in it."""
    return paragraph.find("/".join(qn(step) for step in ("w:pPr", "w:rPr", "w:del"))) is not None


def text_of(paragraph: Any, hidden: Hidden, notes: list[tuple[str, str]] | None = None) -> str:
    """Text with tabs and "\\n" for breaks: no deleted or hidden text, no field codes, no text boxes (those are read
    apart). `notes` gets ("footnote" | "endnote", id) of the notes that hang on it."""
    if hidden.paragraph(paragraph):
        return ""
    pieces: list[str] = []
    for node in paragraph.iter(*_READ):
        above = list(_up_to(node, paragraph))
        if any(a.tag in _GONE or (a.tag == qn("w:r") and hidden.run(a)) for a in above):
            continue
        if node.tag.endswith("noteReference"):
            if notes is not None:
                notes.append((node.tag.rpartition("}")[2].removesuffix("Reference"), node.get(qn("w:id"))))
        else:
            pieces.append(_written(node))
    return clean("".join(pieces))


def _written(node: Any) -> str:
    if node.tag == qn("w:t"):
        return node.text or ""
    if node.tag == qn("w:noBreakHyphen"):
        return "-"
    if node.tag in (qn("w:tab"), qn("w:ptab")):
        return "\t" if node.getparent().tag == qn("w:r") else ""
    return "" if node.get(qn("w:type")) == "page" else "\n"


def _up_to(node: Any, stop: Any) -> Iterator[Any]:
    for ancestor in node.iterancestors():
        if ancestor is stop:
            return
        yield ancestor


def soft_lines(text: str) -> list[str]:
    """The lines of a paragraph broken by hand; a break in mid-sentence, made for looks, is a space."""
    lines: list[str] = []
    for part in text.split("\n"):
        if lines and _goes_on(lines[-1].rstrip(), part.lstrip()):
            lines[-1] = f"{lines[-1].rstrip()} {part.lstrip()}"
        else:
            lines.append(part)
    return lines


def _goes_on(before: str, after: str) -> bool:
    if not before or not after or "\t" in before or _ENDED.search(before) or parse_label(after) is not None:
        return False
    return after[0].islower() or (len(before) > _LONG and not before.isupper() and not after.isupper())


def boxes(element: Any) -> Iterator[Any]:
    """The text boxes in a paragraph, each once: of a drawing and its older twin only the first."""
    for box in element.iter(_BOX):
        above = list(_up_to(box, element))
        if any(a.tag == _BOX for a in above):
            continue  # read with the box around it
        fallback = next((a for a in above if a.tag == FALLBACK), None)
        if fallback is None or not _has_twin(fallback):
            yield box


def _has_twin(fallback: Any) -> bool:
    around = fallback.getparent()
    if around is None or around.tag != _ALTERNATE:
        return False
    return any(next(other.iter(_BOX), None) is not None for other in around if other is not fallback)
