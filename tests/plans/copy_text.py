"""What every format needs of a manuscript: labels, lines of the letterhead, cells, the order of blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Block = dict[str, Any]
Row = list[str | None]

ABOVE = "^"


def labelled(label: str | None, text: str | None) -> str:
    """ "I", "MỤC ĐÍCH" → "I. MỤC ĐÍCH"; "a)" and "1.1." stand as they are; either may be missing."""
    if not label or not text:
        return label or text or ""
    return f"{label if label[-1] in '.):/' else label + '.'} {text}"


def lines(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


def words(block: Block) -> str:
    """The running text of a paragraph, heading, item or bullet, with its label."""
    if "para" in block:
        return str(block["para"])
    label = next((block[name] for name in ("heading", "item", "bullet") if name in block), None)
    return labelled_bullet(block) if "bullet" in block else labelled(label, block.get("text"))


def labelled_bullet(block: Block) -> str:
    return f"{block['bullet']} {block['text']}" if block["bullet"] else str(block["text"])


def addressees(recipients: list[str]) -> list[str]:
    """ "- UBND phường;" … the last with a full stop."""
    last = len(recipients) - 1
    return [
        ("" if name.startswith("-") else "- ") + name + ("" if name[-1] in ".;" else "." if place == last else ";")
        for place, name in enumerate(recipients)
    ]


def sequence(manuscript: dict[str, Any]) -> Iterator[Block]:
    """All blocks in order, letterhead first; recipients and signature before what comes after them."""
    if head := manuscript.get("letterhead"):
        yield {"letterhead": head}
    yield from manuscript.get("blocks") or []
    if manuscript.get("signature") or manuscript.get("recipients"):
        yield {"recipients": manuscript.get("recipients"), "signature": manuscript.get("signature")}
    yield from manuscript.get("after") or []


def kind(block: Block) -> str:
    """What sets the block: its first key that names a kind."""
    kinds = ("title", "para", "heading", "item", "bullet", "table", "page_break", "footnote", "letterhead")
    return next((name for name in kinds if name in block), "closing")


def left_and_right(head: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The letterhead's two columns: body and number; state, place and date."""
    number, place = head.get("number"), head.get("place_date")
    return lines(head.get("left")) + lines(number), lines(head.get("right")) + lines(place)


def closing(block: Block) -> tuple[list[str], list[str]]:
    """Left: "Nơi nhận:" and its lines. Right: authority and name."""
    recipients, signature = block.get("recipients"), block.get("signature") or {}
    left = ["Nơi nhận:", *addressees(recipients)] if recipients else []
    return left, [*lines(signature.get("authority")), *lines(signature.get("name"))]


def filled(rows: list[Row]) -> list[list[str]]:
    """A table without its joins: a continued cell is empty."""
    return [["" if cell in {None, ABOVE} else str(cell) for cell in row] for row in rows]


def spans(rows: list[Row]) -> Iterator[tuple[int, int, str, int, int]]:
    """Row, column, text, rows down, columns across of every cell that is not a continuation."""
    for down, row in enumerate(rows):
        for across, cell in enumerate(row):
            if cell is None or cell == ABOVE:
                continue
            width = next((n for n, other in enumerate(row[across + 1 :], 1) if other is not None), len(row) - across)
            below = (other[across] for other in rows[down + 1 :])
            height = next((n for n, other in enumerate(below, 1) if other != ABOVE), len(rows) - down)
            yield down, across, str(cell), height, width
