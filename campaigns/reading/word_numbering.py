"""The labels that Word generates for numbered paragraphs: they are in no paragraph's text, only in numbering.xml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from campaigns.reading.labels import ROMANS

_BULLET = "- "
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Level:
    form: str
    pattern: str
    start: int


class Numbering:
    """Counts the numbered paragraphs of one document in order and gives each its label."""

    def __init__(self, source: Any) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._restarts: dict[tuple[str, int], int] = {}  # (list, level) → where that list starts again, once
        self._styles = _numbered_styles(source)
        part = next((r.target_part for r in source.part.rels.values() if r.reltype.endswith("/numbering")), None)
        if part is not None:
            self._load(part.element)

    def _load(self, root: Any) -> None:
        for abstract in root.iter(qn("w:abstractNum")):
            levels = {int(lvl.get(qn("w:ilvl"))): _level(lvl) for lvl in abstract.iter(qn("w:lvl"))}
            self._levels[abstract.get(qn("w:abstractNumId"))] = levels
        for num in root.iter(qn("w:num")):
            link = num.find(qn("w:abstractNumId"))
            if link is not None:
                self._lists[num.get(qn("w:numId"))] = link.get(qn("w:val"))
            for change in num.iter(qn("w:lvlOverride")):
                start = change.find(qn("w:startOverride"))
                if start is not None:
                    place = num.get(qn("w:numId")), int(change.get(qn("w:ilvl")))
                    self._restarts[place] = int(start.get(qn("w:val")))

    def label(self, paragraph: Any) -> str:
        """The generated label with a space behind, "" for a paragraph that has none."""
        place = self._place(paragraph)
        abstract = self._lists.get(place[0]) if place else None
        level = self._levels.get(abstract, {}).get(place[1]) if place and abstract is not None else None
        if place is None or abstract is None or level is None or level.form == "none":
            return ""
        depth = place[1]
        if place in self._restarts:
            self._counts[abstract, depth] = self._restarts.pop(place) - 1
        self._counts[abstract, depth] = self._counts.get((abstract, depth), level.start - 1) + 1
        for key in [k for k in self._counts if k[0] == abstract and k[1] > depth]:
            del self._counts[key]
        if level.form == "bullet":
            return _BULLET
        return self._fill(abstract, level.pattern) + " "

    def _place(self, paragraph: Any) -> tuple[str, int] | None:
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return None
        numbered = properties.find(qn("w:numPr"))
        style = properties.find(qn("w:pStyle"))
        inherited = self._styles.get(style.get(qn("w:val"))) if style is not None else None
        if numbered is None:
            return inherited
        num, depth = numbered.find(qn("w:numId")), numbered.find(qn("w:ilvl"))
        if num is None:
            return inherited
        if num.get(qn("w:val")) == "0":
            return None
        return num.get(qn("w:val")), int(depth.get(qn("w:val"))) if depth is not None else 0

    def _fill(self, abstract: str, pattern: str) -> str:
        def number(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            level = self._levels[abstract].get(depth)
            if level is None:
                return ""
            return _spell(self._counts.get((abstract, depth), level.start), level.form)

        return re.sub(r"%([0-9])", number, pattern)


def _level(element: Any) -> Level:
    form, text, start = (element.find(qn(tag)) for tag in ("w:numFmt", "w:lvlText", "w:start"))
    return Level(
        form.get(qn("w:val")) if form is not None else "decimal",
        text.get(qn("w:val")) if text is not None else "",
        int(start.get(qn("w:val"))) if start is not None else 1,
    )


def _numbered_styles(source: Any) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for style in source.styles.element.iter(qn("w:style")):
        num = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        depth = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:ilvl')}")
        if num is not None:
            found[style.get(qn("w:styleId"))] = (
                num.get(qn("w:val")),
                int(depth.get(qn("w:val"))) if depth is not None else 0,
            )
    return found


def _spell(number: int, form: str) -> str:
    if form in ("upperRoman", "lowerRoman") and 1 <= number <= len(ROMANS):
        roman = ROMANS[number - 1]
        return roman if form == "upperRoman" else roman.lower()
    if form in ("upperLetter", "lowerLetter") and number >= 1:
        letter = _ALPHABET[(number - 1) % 26]
        return letter.upper() if form == "upperLetter" else letter
    if form == "decimalZero":
        return f"{number:02d}"
    return str(number)
