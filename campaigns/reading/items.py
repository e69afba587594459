"""The paragraphs of one section → its tree of items, by the rank of their labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from campaigns.reading.folding import one_line
from campaigns.reading.labels import LETTERS, Label, Style, letter_after
from campaigns.reading.paragraphs import Paragraph
from campaigns.reading.schema import Item, PlanWarning, Source

_SHORT_HEADING = 130


@dataclass(slots=True)
class Node:
    rank: int
    label: Label | None
    paragraphs: list[Paragraph]
    children: list[Node] = field(default_factory=list)

    @property
    def value(self) -> str | None:
        return self.label.value if self.label else None


@dataclass(slots=True)
class Above:
    """The labels settled so far at one rank: all of them, and the last."""

    seen: set[str] = field(default_factory=set)
    last: str | None = None

    def add(self, value: str | None) -> None:
        if value:
            self.seen.add(value)
            self.last = value


def build(paragraphs: list[Paragraph]) -> tuple[list[Paragraph], list[Node]]:
    """The unlabelled paragraphs before the first item, and the items. Table rows hang on the item before them."""
    lead: list[Paragraph] = []
    root = Node(-1, None, [])
    stack = [root]
    ranks = _rank(paragraphs)
    for paragraph in paragraphs:
        rank = ranks(paragraph)
        if rank is None:
            (stack[-1].paragraphs if len(stack) > 1 else lead).append(paragraph)
            continue
        while stack[-1].rank >= rank:
            stack.pop()
        node = Node(rank, paragraph.label, [paragraph])
        stack[-1].children.append(node)
        stack.append(node)
    return lead, root.children


def _rank(paragraphs: list[Paragraph]) -> Callable[[Paragraph], int | None]:
    """How deep a paragraph stands. "1)" goes below "a)" where the section also has "1."; of "Giai đoạn 1" and "1." the
    one that comes first holds the other; headings without label count as items where the section has no numbers of its
    own."""
    arabic = [p.label for p in paragraphs if p.label and p.label.style is Style.ARABIC]
    mixed = {".", ")"} <= {label.raw[-1] for label in arabic}
    outer = arabic[0].worded if arabic and len({label.worded for label in arabic}) == 2 else None
    numbered = any(p.label and p.label.style <= Style.LETTER for p in paragraphs)
    headings = {p.first.heading for p in paragraphs if p.first.heading}

    def rank(paragraph: Paragraph) -> int | None:
        label = paragraph.label
        if paragraph.cells is not None:
            return None
        if label is not None:
            return _depth(label, mixed, outer)
        if paragraph.first.heading and headings:
            return int(Style.ARABIC) if paragraph.first.heading == min(headings) else int(Style.LETTER)
        if not numbered and paragraph.marked and len(paragraph.text) < _SHORT_HEADING:
            return int(Style.ARABIC)
        return None

    return rank


def _depth(label: Label, mixed: bool, outer: bool | None) -> int:
    """The rank of a label; `outer` tells whether worded labels hold the plain numbers (None: only one of both)."""
    if label.style is not Style.ARABIC:
        return int(label.style)
    if outer is not None and label.worded:
        return int(Style.ROMAN if outer else Style.PAREN)
    return int(Style.PAREN if mixed and label.raw.endswith(")") else label.style)


def to_items(nodes: list[Node], file: str, warn: Callable[[PlanWarning], None]) -> tuple[Item, ...]:
    """Nodes → Items, with letters read as meant ("d)" after "d)" is đ) and every irregular label reported."""
    labels = _settle(nodes, warn)
    return tuple(_item(node, label, file, warn) for node, label in zip(nodes, labels, strict=True))


def _item(node: Node, label: str | None, file: str, warn: Callable[[PlanWarning], None]) -> Item:
    first = node.paragraphs[0]
    children = to_items(node.children, file, warn)
    last = max((p.last.no for p in node.paragraphs), default=first.last.no)
    end = max([last, *(child.extent[1] for child in children)])
    texts = [first.body, *(p.text for p in node.paragraphs[1:])]
    return Item(
        label=label,
        title=clean_title(first.body),
        text="\n".join(one_line(t) for t in texts if t),
        children=children,
        source=first.source(),
        extent=(first.first.no, end),
        raw_label=node.label.raw if node.label else None,
    )


def clean_title(text: str) -> str:
    """A heading without the colon or semicolon that leads on."""
    return one_line(text).rstrip(":; ").strip()


def _settle(nodes: list[Node], warn: Callable[[PlanWarning], None]) -> list[str | None]:
    settled: list[str | None] = []
    above: dict[int, Above] = {}
    for node in nodes:
        label = node.label
        if label is None or label.style >= Style.STAR:
            settled.append(label.value if label else None)
            above.setdefault(node.rank, Above()).add(settled[-1])
            continue
        before = above.setdefault(node.rank, Above())
        value = label.value
        if label.style is Style.LETTER and value == "d" and before.last == "d":
            value = "đ"
            warn(_warning("letter_restored", node, "«d)» đứng sau «d)» nên được hiểu là «đ)»."))
        else:
            _check(value, before, node, warn)
        settled.append(value)
        before.add(value)
    return settled


def _check(value: str, before: Above, node: Node, warn: Callable[[PlanWarning], None]) -> None:
    if value in before.seen:
        warn(_warning("duplicate_label", node, f"Nhãn «{value}» lặp lại trong cùng một mục; giữ nguyên thứ tự và tên."))
    elif node.label and node.label.style is Style.LETTER:
        _check_letter(value, before, node, warn)
    elif value.isdigit() and int(value) != (expected := _next_number(before)):
        warn(_warning("skipped_label", node, f"Đánh số không liền: chờ «{expected}» nhưng gặp «{value}»."))


def _next_number(before: Above) -> int:
    return int(before.last) + 1 if before.last and before.last.isdigit() else 1


def _check_letter(value: str, before: Above, node: Node, warn: Callable[[PlanWarning], None]) -> None:
    expected = letter_after(before.last) if before.last else "a"
    if expected is None or value == expected or value not in LETTERS or (before.last and before.last not in LETTERS):
        return
    missing = LETTERS[LETTERS.index(expected) : LETTERS.index(value)] if value in LETTERS else ""
    names = ", ".join(f"{letter})" for letter in missing) or f"{expected})"
    warn(_warning("missing_letter", node, f"Thiếu điểm {names} trước «{value})»; không đánh lại số thứ tự."))


def _warning(code: str, node: Node, message: str) -> PlanWarning:
    source: Source = node.paragraphs[0].source()
    return PlanWarning(code, message, source)
