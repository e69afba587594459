"""Manuscripts as .txt, the way extractors leave a document, and as .md."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from textwrap import wrap
from typing import Any

from tests.plans.copy_text import Block, closing, filled, kind, left_and_right, lines, sequence, words

Paragraph = list[str]
BREAK: Paragraph = ["\f"]
CELL_WIDTH = 22
COLUMN = 42


def tabs(rows: list[list[str]]) -> list[Paragraph]:
    return [["\t".join(cell.replace("\n", " ") for cell in row) for row in rows]]


def pipes(rows: list[list[str]]) -> list[Paragraph]:
    printed = ["| " + " | ".join(cell.replace("\n", "<br>") for cell in row) + " |" for row in rows]
    return [[printed[0], "|" + " --- |" * len(rows[0]), *printed[1:]]]


def cells(rows: list[list[str]]) -> list[Paragraph]:
    """One fragment of a cell a line; an empty cell leaves nothing."""
    return [
        [part for line in cell.split("\n") for part in wrap(line, CELL_WIDTH)] for row in rows for cell in row if cell
    ]


TABLES: dict[str, Callable[[list[list[str]]], list[Paragraph]]] = {"tabs": tabs, "pipes": pipes, "cells": cells}


@dataclass
class Galley:
    """Paragraphs in order, each a list of lines that wrap on their own."""

    quirks: dict[str, Any]
    paragraphs: list[Paragraph] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    notes_seen: int = 0

    def set(self, block: Block) -> None:
        getattr(self, f"set_{kind(block)}", self.set_words)(block)

    def set_words(self, block: Block) -> None:
        self.paragraphs.append([words(block)])

    def set_heading(self, block: Block) -> None:
        self.paragraphs.append([self.strong(words(block))])

    def set_title(self, block: Block) -> None:
        self.paragraphs += [[self.strong(line)] for line in lines(block["title"])]

    def set_table(self, block: Block) -> None:
        self.paragraphs += TABLES[self.quirks.get("tables", "tabs")](filled(block["table"]))

    def set_page_break(self, _: Block) -> None:
        self.flush_notes()
        self.paragraphs.append(BREAK)

    def set_footnote(self, block: Block) -> None:
        self.notes_seen += 1
        self.paragraphs[-1][-1] += self.quirks.get("note_sign", "{}").format(self.notes_seen)
        self.notes.append(self.quirks.get("note", "{} ").format(self.notes_seen) + block["footnote"])

    def set_letterhead(self, block: Block) -> None:
        left, right = left_and_right(block["letterhead"])
        number = block["letterhead"].get("number")
        self.beside([self.number(line) if line == number else line for line in left], right)

    def set_closing(self, block: Block) -> None:
        self.beside(*closing(block))

    def beside(self, left: list[str], right: list[str]) -> None:
        if self.quirks.get("columns"):
            self.paragraphs.append([f"{a:<{COLUMN}} {b}".rstrip() for a, b in zip_longest(left, right, fillvalue="")])
        else:
            self.paragraphs += [column for column in (left, right) if column]

    def number(self, line: str) -> str:
        return re.sub(r"\d+", r"**\g<0>**", line, count=1) if self.quirks.get("bold_marks") else line

    def strong(self, line: str) -> str:
        return f"**{line}**" if self.quirks.get("bold_marks") else line

    def flush_notes(self) -> None:
        self.paragraphs += [[note] for note in self.notes]
        self.notes.clear()


class MarkdownGalley(Galley):
    def set_heading(self, block: Block) -> None:
        self.paragraphs.append([self.strong(words(block))])

    def strong(self, line: str) -> str:
        return f"**{line}**" if self.quirks.get("bold_headings") else f"## {line}"

    def set_page_break(self, _: Block) -> None:
        self.paragraphs.append(["---"])


def compose(manuscript: dict[str, Any], galley: Galley) -> list[Paragraph]:
    for block in sequence(manuscript):
        galley.set(block)
    galley.flush_notes()
    return galley.paragraphs


def markdown(manuscript: dict[str, Any]) -> bytes:
    quirks = dict(manuscript.get("quirks", {}).get("md") or {})
    quirks |= {"tables": "pipes" if quirks.get("pipes", True) else "tabs", "note_sign": "[^{}]", "note": "[^{}]: "}
    paragraphs = compose(manuscript, MarkdownGalley(quirks))
    # Two spaces keep the lines of a letterhead apart; a table's must stay bare.
    printed = [("\n" if part[0][:1] == "|" or "\t" in part[0] else "  \n").join(part) for part in paragraphs]
    return ("\n\n".join(printed) + "\n").encode()


def plain(manuscript: dict[str, Any]) -> bytes:
    quirks = manuscript.get("quirks", {}).get("txt") or {}
    paragraphs = compose(manuscript, Galley(quirks))
    printed = list(paged(list(wrapped(paragraphs, quirks)), quirks))
    if quirks.get("blank_lines"):
        printed = [line for text in printed if text for line in (text, "")]
    return ("\n".join(printed).rstrip("\n") + "\n").encode()


def wrapped(paragraphs: list[Paragraph], quirks: dict[str, Any]) -> Iterator[str]:
    """Lines of at most `wrap` letters, an empty one between paragraphs."""
    for paragraph in paragraphs:
        for line in paragraph:
            loose = quirks.get("wrap") and line != "\f" and not re.search(r"\t|^\| |   ", line)
            yield from wrap(line, quirks["wrap"], break_on_hyphens=False) if loose else [line]
        yield ""


def paged(printed: list[str], quirks: dict[str, Any]) -> Iterator[str]:
    """The lines with what stands at the turn of a page: gap, number, a first line one space in."""
    every = quirks.get("page_break_every") or (45 if quirks.get("page_numbers") else None)
    on_page, number, turned = 0, 1, False
    for line in printed:
        if line == "\f" or (every and on_page >= every and line):
            number += 1
            yield from ("", *([str(number), ""] if quirks.get("page_numbers") else [""]))
            on_page, turned = 0, bool(quirks.get("leading_space_after_break"))
            if line == "\f":
                continue
        if line or on_page:
            yield f" {line}" if turned else line
            turned, on_page = False, on_page + 1
