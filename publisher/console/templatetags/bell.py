"""How many notices the visitor has not read."""

from __future__ import annotations

from typing import Any

from django import template

from publisher.following.notices import unread

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_notices(context: dict[str, Any]) -> int:
    seat = context.get("seat")
    return unread(seat.person, seat.organisation) if seat else 0
