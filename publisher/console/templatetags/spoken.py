"""How the pages of the station write lengths, and what nobody can read."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_UNREAD = re.compile(r"\[[^\[\]]+\]")


@register.filter
def minutes(value: float) -> str:
    """ "12,5 phút"."""
    return f"{value:.1f}".removesuffix(".0").replace(".", ",") + "\N{NO-BREAK SPACE}phút"


@register.filter
def seconds(value: float) -> str:
    """ "3:20"."""
    whole = round(value)
    return f"{whole // 60}:{whole % 60:02}"


@register.filter
def unread(sentence: str) -> SafeString:
    """A sentence whose words in brackets, which have no reading, stand out."""
    marked = _UNREAD.sub(lambda found: format_html("<mark>{}</mark>", found[0]), str(escape(sentence)))
    return mark_safe(marked)  # noqa: S308
