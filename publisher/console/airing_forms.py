"""What the operator fills in about a session, on a telephone: times of day, the last item, the reason."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from publisher.airing.models import Airing, Bulletin, Rest, Standing
from publisher.airing.sessions import Item
from publisher.airing.telling import Told
from publisher.console.forms import PlainForm

CLOCK = {"type": "time"}
OUTCOMES = [(one.value, one.label.capitalize()) for one in (Standing.AIRED, Standing.CUT_SHORT, Standing.NOT_AIRED)]
RESTS = [(Rest.CARRIED.value, "Chuyển sang buổi sau"), (Rest.DROPPED.value, "Không phát nữa")]


def clock(label: str, **given: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"), **given)


class TellForm(PlainForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    digest = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label="Kết quả", choices=OUTCOMES)
    started = clock("Bắt đầu phát lúc")
    ended = clock("Phát xong lúc", help_text="Để trống: bây giờ.")
    last_item = forms.IntegerField(label="Đọc trọn đến tin số", required=False, min_value=0, max_value=999)
    rest = forms.ChoiceField(label="Tin chưa đọc", choices=RESTS, required=False, widget=forms.RadioSelect)
    reason = forms.CharField(label="Lý do", required=False, max_length=1000)
    order = forms.CharField(
        label="Lệnh phát",
        required=False,
        max_length=300,
        help_text="Số và ngày văn bản, hoặc người ra lệnh và giờ.",
    )

    def told(self, bulletin: Bulletin) -> Told:
        given = self.cleaned_data
        started = at(bulletin, given["started"])
        ended = at(bulletin, given["ended"])
        if started and ended and ended < started:  # over midnight
            ended += timedelta(days=1)
        return Told(
            key=given["key"],
            outcome=Standing(given["outcome"]),
            started_at=started,
            ended_at=ended,
            last_item=given["last_item"] or 0,
            rest=Rest(given["rest"] or Rest.CARRIED),
            reason=given["reason"],
            order=given["order"],
        )


def at(bulletin: Bulletin, clock: time | None) -> datetime | None:
    """That time on the session's day, or on the next morning where the session is late at night."""
    if clock is None:
        return None
    slot = timezone.localtime(bulletin.slot_at)
    moment = datetime.combine(slot.date(), clock, tzinfo=slot.tzinfo)
    after_midnight = slot.hour >= 22 and clock.hour < 4
    return moment + timedelta(days=1) if after_midnight else moment


def tell_form(bulletin: Bulletin, digest: str, outcome: Standing) -> TellForm:
    """One of the forms of a page; all of them write the one entry of the session."""
    initial = {
        "key": uuid4(),
        "digest": digest,
        "outcome": outcome.value,
        "started": timezone.localtime(bulletin.slot_at).time(),
        "rest": Rest.CARRIED.value,
    }
    return TellForm(initial=initial)


def correction_form(airing: Airing) -> TellForm:
    local = {name: timezone.localtime(value).time() for name, value in moments_of(airing).items()}
    initial = {"key": uuid4(), "outcome": airing.outcome, "last_item": airing.last_item, "order": airing.order, **local}
    return TellForm(initial=initial)


def moments_of(airing: Airing) -> dict[str, datetime]:
    given = {"started": airing.started_at, "ended": airing.ended_at}
    return {name: value for name, value in given.items() if value is not None}


def last_items(items: tuple[Item, ...]) -> list[tuple[int, str]]:
    """What a session cut short may have reached: none, or the end of any item but the last."""
    numbered = [(place, f"Tin {place}. {item.title}") for place, item in enumerate(items, 1)]
    return [(0, "Chưa đọc trọn tin nào"), *numbered[:-1]]
