"""Tạm dừng: one switch for the whole office, and the work list of what it held."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from publisher.approval import blackouts as service
from publisher.approval.blackouts import SWITCHING
from publisher.approval.rescheduling import MOVING
from publisher.approval.review import Refused
from publisher.console.doors import needs, own
from publisher.console.forms import DayField, PlainForm, first_error
from publisher.delivery.models import Delivery
from publisher.delivery.rescheduling import NAMED, to_review
from publisher.delivery.scheduling import CannotSchedule
from publisher.people.rights import Right
from publisher.timetable.models import Blackout
from publisher.timetable.obstacles import at_clock

MOST = 200  # deliveries written out in the work list; deciding makes room for the rest


class BlackoutForm(PlainForm):
    reason = forms.CharField(
        label="Lý do", max_length=300, help_text="Mọi người thấy ở đầu mọi trang. Ví dụ: Quốc tang."
    )
    document = forms.CharField(
        label="Văn bản làm căn cứ", max_length=200, help_text="Ví dụ: Thông cáo đặc biệt ngày 20/7/2024."
    )
    day = DayField(
        label="Từ ngày",
        required=False,
        help_text="Để trống cả ngày và giờ: ngay bây giờ.",
    )
    hour = forms.TimeField(
        label="Từ giờ", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if bool(given.get("day")) != bool(given.get("hour")) and not self.errors:
            self.add_error("hour", "Ghi cả ngày và giờ bắt đầu, hoặc để trống cả hai.")
        return given

    @property
    def since(self) -> datetime | None:
        day, hour = self.cleaned_data["day"], self.cleaned_data["hour"]
        return timezone.make_aware(datetime.combine(day, hour)) if day else None


class DecideForm(PlainForm):
    do = forms.ChoiceField(
        label="Quyết định", choices=[("now", "đăng ngay"), ("later", "chọn giờ khác"), ("drop", "hủy")]
    )
    day = DayField(label="Ngày", required=False)
    hour = forms.TimeField(label="Giờ", required=False)
    reason = forms.CharField(label="Lý do", required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("do") == "later" and not (given.get("day") and given.get("hour")):
            self.add_error("day", "Hãy chọn ngày và giờ mới.")
        return given

    @property
    def to(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"]))


@needs(Right.READ, post=SWITCHING)
def blackout(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return page(request)
    form = BlackoutForm(request.POST)
    if not form.is_valid():
        return page(request, form=form, status=422)
    given = form.cleaned_data
    try:
        service.set_blackout(
            request.seat.organisation,
            by=request.seat.person,
            reason=given["reason"],
            document=given["document"],
            since=form.since,
        )
    except Refused as refused:
        return page(request, form=form, status=409, refused=str(refused))
    messages.success(request, "Đã tạm dừng. Chỉ bài khẩn cấp được đăng, cho đến khi có người bấm “Đăng lại”.")
    return redirect("blackout")


@needs(post=SWITCHING)
def lifted(request: HttpRequest) -> HttpResponse:
    on = service.current(request.seat.organisation)
    if on is None:
        messages.info(request, "Không có lệnh tạm dừng nào.")
        return redirect("blackout")
    try:
        held = service.lift_blackout(on, by=request.seat.person)
    except Refused as refused:
        return page(request, status=409, refused=str(refused))
    told = f" {held} lượt đã tới giờ trong lúc dừng đang chờ xem lại ở dưới." if held else ""
    messages.success(request, f"Đã cho đăng lại.{told}")
    return redirect("blackout")


@needs(post=MOVING)
def decided(request: HttpRequest, pk: int) -> HttpResponse:
    """One held delivery: now, another time, or not at all."""
    row = own(Delivery.objects.select_related(*NAMED), request, pk=pk)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return page(request, status=422, refused=f"Lượt {pk}: {first_error(form)}")
    try:
        messages.success(request, decide(row, form, request.seat.person))
    except (Refused, CannotSchedule) as refused:
        return page(request, status=409, refused=f"Lượt {pk}: {refused}")
    return redirect("blackout")


def decide(row: Delivery, form: DecideForm, by: Any) -> str:
    if form.cleaned_data["do"] == "drop":
        service.drop(row, by=by, reason=form.cleaned_data["reason"])
        return f"Đã hủy “{row.version.title}” trên {row.account.name}."
    row = service.post_now(row, by=by) if form.cleaned_data["do"] == "now" else service.post_later(row, form.to, by=by)
    due = timezone.localtime(row.due_at)
    return f"“{row.version.title}” sẽ đăng trên {row.account.name} lúc {at_clock(due)}."


def page(request: HttpRequest, *, status: int = 200, **given: Any) -> HttpResponse:
    organisation = request.seat.organisation
    held = to_review(organisation)
    context = {
        "on": service.current(organisation),
        "form": given.get("form") or BlackoutForm(),
        "held": held[:MOST],
        "held_count": held.count(),
        "with_people": service.lying_with_people(organisation, timezone.now())[:MOST],
        "past": Blackout.objects.filter(organisation=organisation).select_related("set_by", "lifted_by")[:20],
        "refused": given.get("refused", ""),
        "may_switch": any(request.seat.may(right) for right in SWITCHING),
        "may_decide": any(request.seat.may(right) for right in MOVING),
    }
    return render(request, "console/blackout.html", context, status=status)
