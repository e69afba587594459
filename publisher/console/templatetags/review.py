"""What the review of a plan writes: addresses of lines, and corrections in words."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from campaigns.corrections import place, words_of
from publisher.console.source_pane import window_at
from publisher.console.todo import Work
from publisher.console.value_words import in_words
from publisher.intake.models import Correction

register = template.Library()


@register.simple_tag
def line_href(lines: Sequence[int], window: int | str) -> str:
    """Where the line stands: in this page, or in another part of a long document."""
    part = window_at(lines[0])
    return f"#L{lines[0]}" if part == (window or 1) else f"?phan={part}#L{lines[0]}"


@register.filter
def hundredths(likeness: float) -> int:
    return int(likeness * 100)


@register.filter
def left(todo: Sequence[Work]) -> int:
    return sum(work.left for work in todo)


@register.filter
def correction_place(row: Correction) -> str:
    return words_of(row.pointer)


@register.filter
def correction_read(row: Correction) -> str:
    return in_words(place(row.pointer).field, row.read)


@register.filter
def correction_value(row: Correction) -> str:
    return in_words(place(row.pointer).field, row.value)
