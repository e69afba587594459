"""How the console writes money, days, states and places: `1.600.000.000 đ`, `20/3/2026`, "dòng 12–14"."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from campaigns.models import CampaignState, Decision, PostState
from channels.registry import CHANNELS
from channels.text import to_html
from publisher.budget.models import EntryKind
from publisher.console.previews import with_pictures
from publisher.console.words import CAMPAIGN_TONES, POST_TONES, TONES, event_words
from publisher.delivery.models import Evidence
from publisher.delivery.states import LABELS, State

register = template.Library()

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
PERIODS = {
    "day": "mỗi ngày",
    "week": "mỗi tuần",
    "month": "mỗi tháng",
    "quarter": "mỗi quý",
    "half": "mỗi nửa năm",
    "year": "cả năm",
    "issue": "mỗi số",
}


@register.filter
def number(value: int | None) -> str:
    return "—" if value is None else f"{value:,}".replace(",", ".")


@register.filter
def dong(value: int | None) -> str:
    """Đồng with dots between thousands; a narrow line never parts the figure from its unit."""
    return "—" if value is None else f"{number(value)}\N{NO-BREAK SPACE}đ"


@register.filter
def day(value: date | datetime | None) -> str:
    if value is None:
        return "—"
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return f"{local.day}/{local.month}/{local.year}"


@register.filter
def clock(value: datetime | None) -> str:
    return "—" if value is None else f"{timezone.localtime(value):%H:%M}"


@register.filter
def moment(value: datetime | None) -> str:
    return "—" if value is None else f"{clock(value)}\N{NO-BREAK SPACE}{day(value)}"


@register.filter
def exact(value: datetime | None) -> str:
    return "—" if value is None else f"{timezone.localtime(value):%H:%M:%S} {day(value)}"


@register.filter
def near(value: datetime | None) -> str:
    """The moment as one says it today: "hôm nay 07:30", "thứ Sáu 27/11/2026 07:30"."""
    if value is None:
        return "—"
    local = timezone.localtime(value)
    ahead = (local.date() - timezone.localdate()).days
    named = {-1: "hôm qua", 0: "hôm nay", 1: "ngày mai"}.get(ahead)
    return f"{clock(value)}\N{NO-BREAK SPACE}{named}" if named else f"{clock(value)} {weekday(local)} {day(value)}"


@register.filter
def weekday(value: date) -> str:
    return WEEKDAYS[value.weekday()]


@register.filter
def iso(value: date | datetime | None) -> str:
    """For the `datetime` attribute of <time>."""
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value or "")


@register.filter
def place(source: dict[str, Any] | None) -> str:
    """Where in the document a value stands: "dòng 12–14, trang 2"; "" when it is about the whole document."""
    lines = (source or {}).get("lines")
    if not source or not lines:
        return ""
    first, last = lines
    where = f"dòng {first}" if first == last else f"dòng {first}–{last}"
    return f"{where}, trang {source['page']}" if source.get("page") else where


@register.filter
def channel(kind: str) -> str:
    return CHANNELS[kind].label if kind in CHANNELS else kind


@register.filter
def event(kind: str) -> str:
    return event_words(kind)


@register.filter
def period(value: str) -> str:
    return PERIODS.get(value, value)


@register.filter
def state(value: str) -> SafeString:
    """The tag of a delivery's state: colour and words, never colour alone."""
    known = State(value)
    return _tag(TONES[known], LABELS[known])


@register.filter
def post_state(value: str) -> SafeString:
    return _tag(POST_TONES[value], str(PostState(value).label))


@register.filter
def campaign_state(value: str) -> SafeString:
    return _tag(CAMPAIGN_TONES[value], str(CampaignState(value).label))


@register.filter
def share(part: int | None, whole: int | None) -> str:
    """`part` of `whole` in hundredths, for the width of a bar; "0" when there is no whole."""
    return f"{min(100.0, 100 * (part or 0) / whole):.2f}" if whole else "0"


@register.filter
def shown(preview_html: str) -> SafeString:
    """A channel's preview fragment. The contract promises it sanitised (channels.contract.Preview)."""
    return mark_safe(with_pictures(preview_html))  # noqa: S308


@register.filter
def markdown(text: str) -> SafeString:
    """The body of a post as channels render it; `to_html` sanitises."""
    return mark_safe(to_html(text))  # noqa: S308


@register.filter
def tone(value: str) -> str:
    return TONES[State(value)]


@register.filter
def outcome(value: str) -> SafeString | str:
    """What an attempt led to: a state, or the attempt's own word."""
    return state(value) if value in set(State) else value


@register.filter
def decision(value: str) -> str:
    return str(Decision(value).label).capitalize()


@register.filter
def entry(value: str) -> str:
    return str(EntryKind(value).label)


@register.filter
def is_link(evidence: Evidence) -> bool:
    """Only http(s) becomes a link: evidence is what somebody typed."""
    return evidence.value.startswith(("https://", "http://"))


@register.filter
def is_file(evidence: Evidence) -> bool:
    return bool(evidence.sha256) and evidence.kind in {"file", "document", "photo", "minutes"}


@register.filter
def basename(path: str) -> str:
    return path.rpartition("/")[2]


@register.filter
def told(data: dict[str, Any]) -> str:
    """The words a person or a channel left in an event: reason, note, message."""
    return next((str(data[name]) for name in ("reason", "note", "message") if data.get(name)), "")


def _tag(tone: str, words: str) -> SafeString:
    return format_html('<span class="tag tag-{}">{}</span>', tone, words)
