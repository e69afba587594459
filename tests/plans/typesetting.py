"""Invented plans set in type: one manuscript, four formats.

    typeset(manuscript, "docx" | "md" | "txt") -> bytes
    with Typesetter() as press:                     # one browser for many documents
        press.pdf(manuscript) -> bytes
    manuscript("phuong-hoa-lac-2026") -> dict       # reads tests/plans/<slug>/manuscript.yaml
    truth("phuong-hoa-lac-2026") -> dict            # reads tests/plans/<slug>/truth.yaml

A manuscript holds `letterhead`, `blocks`, `signature`, `recipients`, `after`, `quirks`; all may be absent. Of a block:

- `title` takes one line or a list of lines, and stands in the middle; an appendix begins with one too.
- `heading` and `item` are labels, printed as they stand ("I" and "Điều 1" get a dot, "1.", "a)", "1.1." keep theirs,
  null prints none) before `text`. `level` indents. `bullet` is the sign itself.
- `table` holds rows of cells; `null` continues the cell on its left, "^" the cell above; "\\n" parts lines in a cell.
- `footnote` belongs to the block before it; let that one end with a letter: text formats lose what raises the figure.

`signature` and `recipients` may be blocks too, for a document within a document.

Quirks:  txt   wrap, blank_lines, page_numbers, page_break_every, leading_space_after_break,
               tables (tabs | cells | pipes), columns (letterhead and signature side by side),
               bold_marks (** round headings and the number)
         md    bold_headings (else #), pipes (tables as pipes, else tabs)
         docx  numbering (word | typed), textbox_letterhead, merged_cells
         pdf   header (a line on every page), footer_page_numbers (else on top, as NĐ 30/2020 has it),
               two_column_letterhead (true unless said)
"""

from __future__ import annotations

import copy
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ruamel.yaml import YAML

from tests.plans.in_print import page, running_lines
from tests.plans.in_text import markdown, plain
from tests.plans.in_word import word

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOM = Path(__file__).parent
FORMS = {"docx": word, "md": markdown, "txt": plain}


def manuscript(slug: str, room: Path = ROOM) -> dict[str, Any]:
    return copy.deepcopy(_loaded(room / slug / "manuscript.yaml"))


def truth(slug: str, room: Path = ROOM) -> dict[str, Any]:
    return copy.deepcopy(_loaded(room / slug / "truth.yaml"))


@cache  # every case asks again for what its plan says
def _loaded(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(path)
    return found


def slugs(room: Path = ROOM) -> list[str]:
    return sorted(path.parent.name for path in room.glob("*/manuscript.yaml"))


def typeset(manuscript: dict[str, Any], form: str) -> bytes:
    """The document as a file of `form`: "docx", "md" or "txt" (UTF-8). KeyError for any other."""
    return FORMS[form](manuscript)


class Typesetter:
    """Prints to PDF. Give it the `browser` of the tests where one runs already: a thread bears one driver only."""

    def __init__(self, browser: Browser | None = None) -> None:
        self._given = browser
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._browser = self._given or self._launched()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def pdf(self, manuscript: dict[str, Any]) -> bytes:
        """The document on A4 with a text layer."""
        window = self._browser.new_page()
        try:
            window.set_content(page(manuscript))
            return window.pdf(format="A4", print_background=True, **running_lines(manuscript))
        finally:
            window.close()

    def _launched(self) -> Browser:
        from playwright.sync_api import sync_playwright

        from tests.services import chromium_path

        driver = self._open.enter_context(sync_playwright())
        chromium = driver.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"])
        self._open.callback(chromium.close)
        return chromium
