"""A campaign's values in words: what a definition says, as an officer reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from campaigns.models import Origin
from campaigns.rhythms import EACH
from channels.registry import CHANNELS
from publisher.console.templatetags.viet import day

NAMES = {
    "title": "tên", "summary": "mục tiêu", "themes": "nội dung", "audiences": "đối tượng", "channels": "kênh",
    "owner": "đơn vị chủ trì", "starts_on": "ngày bắt đầu", "ends_on": "ngày kết thúc", "rhythm": "nhịp đăng",
    "rhythms": "nhịp thêm", "budget_line": "dòng dự toán", "notes": "điều cần biết",
}  # fmt: skip


def rhythm_words(rhythm: Mapping[str, Any] | None) -> str:
    """ "2 tin, bài mỗi tuần, Facebook (theo kế hoạch)"; "" where none is set."""
    if not rhythm:
        return ""
    channel = rhythm.get("channel")
    on = f", {CHANNELS[channel].label}" if channel in CHANNELS else ""
    origin = Origin(rhythm.get("origin", Origin.OWN)).label
    return (
        f"{rhythm['count']} {rhythm.get('unit') or 'bài'} {EACH.get(rhythm['every'], rhythm['every'])}{on} ({origin})"
    )


def said(name: str, value: Any) -> str:
    """One value of a campaign; "" where nothing is set."""
    return WORDS.get(name, plain)(value)


def plain(value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")


def channels_named(kinds: list[str]) -> str:
    return ", ".join(CHANNELS[kind].label if kind in CHANNELS else kind for kind in kinds)


WORDS: dict[str, Callable[[Any], str]] = {
    "channels": channels_named,
    "rhythm": rhythm_words,
    "rhythms": lambda rhythms: "; ".join(map(rhythm_words, rhythms)),
}
