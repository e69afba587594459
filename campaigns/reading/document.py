"""A document as numbered lines: what every format is turned into before anything is understood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from campaigns.reading.limits import Limits
from campaigns.reading.refusal import PlanRefused
from campaigns.reading.schema import PlanWarning, Source

Progress = Callable[[int, int], None]  # units done, units in all: pages of a PDF, else parts of the document


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the source. `no` is 1-based (paragraph or row number where the format has no lines).
    `cells` are the cells of a table row, None outside tables; `heading` is a heading level the format states;
    `whole` tells that the format guarantees a paragraph starts here; `note` that it is a footnote or endnote."""

    no: int
    page: int | None
    text: str
    cells: tuple[str, ...] | None = None
    table: int | None = None
    heading: int | None = None
    bold: bool = False
    whole: bool = False
    note: bool = False


@dataclass(slots=True)
class Document:
    file: str
    format: str
    lines: list[Line]
    warnings: list[PlanWarning] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    """Footnotes and endnotes, numbered among the lines but kept apart: in their place they would break sentences."""

    def source(self, first: Line, last: Line | None = None, raw: str | None = None, confidence: float = 1.0) -> Source:
        last = last or first
        return Source(self.file, first.page, (first.no, last.no), first.text if raw is None else raw, confidence)


def check_lines(lines: list[Line], limits: Limits) -> None:
    """Refuse what is too long to be a plan. PlanRefused: `too_many_lines`, `line_too_long`, `too_much_text`."""
    if len(lines) > limits.lines:
        raise PlanRefused(
            "too_many_lines",
            f"Tệp có {len(lines)} dòng, quá giới hạn {limits.lines} dòng của một kế hoạch. "
            "Hãy tách riêng phần kế hoạch rồi nạp lại.",
        )
    longest = max((len(line.text) for line in lines), default=0)
    if longest > limits.line_characters:
        raise PlanRefused(
            "line_too_long",
            f"Tệp có dòng dài {longest} ký tự, không giống văn bản kế hoạch. Hãy xuất lại văn bản có xuống dòng rồi "
            f"nạp lại.",
        )
    size = sum(len(line.text) for line in lines)
    if size > limits.characters:
        raise PlanRefused(
            "too_much_text",
            f"Tệp có {size} ký tự, quá giới hạn {limits.characters} ký tự. Hãy tách riêng phần kế hoạch rồi nạp lại.",
        )
