"""Days that differ: what the shipped calendar says of the year, what this office entered, and its rule for moves."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from publisher.approval.happenings import refresh_tied
from publisher.approval.rescheduling import window_of
from publisher.console.doors import needs, own
from publisher.console.forms import DayField, PlainForm
from publisher.delivery.bounds import days_of
from publisher.delivery.deciding import SILENT
from publisher.delivery.models import Delivery
from publisher.delivery.states import State
from publisher.events.log import record
from publisher.people.models import Organisation, Person
from publisher.people.rights import Right
from publisher.timetable.days import is_announced
from publisher.timetable.models import DayOverride, OverrideKind, TimingRules

SETTING = (Right.WRITE, Right.MANAGE)
KINDS = [
    (OverrideKind.OFF, "Nghỉ (lễ, nghỉ bù, hoán đổi)"),
    (OverrideKind.WORKED, "Làm bù"),
    (OverrideKind.BLACKOUT, "Dừng đăng (quốc tang, lễ tang)"),
    (OverrideKind.QUIET, "Không đăng (kỳ thi, lý do khác)"),
]


class DayForm(PlainForm):
    date = DayField(label="Ngày")
    kind = forms.ChoiceField(label="Là ngày", choices=KINDS)
    name = forms.CharField(label="Tên", max_length=120, help_text="Ví dụ: Nghỉ Quốc khánh; Kỳ thi tốt nghiệp.")
    source = forms.CharField(label="Căn cứ", max_length=200, help_text="Văn bản quy định, ví dụ: CV 9859/VPCP-KGVX.")


class RulesForm(PlainForm):
    approval_window_days = forms.IntegerField(
        label="Dời trong vòng mấy ngày thì không phải duyệt lại",
        min_value=0,
        max_value=366,
        help_text="Tính từ giờ đã được duyệt. Bài dời xa hơn trở về nháp và phải trình duyệt lại.",
    )


@needs(Right.READ, post=SETTING)
def days(request: HttpRequest) -> HttpResponse:
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        affected = set_day(request.seat.organisation, request.seat.person, form.cleaned_data)
        messages.success(request, told(form.cleaned_data["date"], affected))
        return redirect("days")
    return page(request, form=form, status=422 if form.errors else 200)


@transaction.atomic
def set_day(organisation: Organisation, by: Person, given: dict[str, Any]) -> int:
    """Adds or changes the day; how many scheduled deliveries a silent day touches."""
    key = {"date": given["date"], "kind": given["kind"]}
    words = {"name": given["name"], "source": given["source"]}
    DayOverride.objects.update_or_create(organisation=organisation, **key, defaults={**words, "set_by": by})
    data = {**words, "date": given["date"].isoformat(), "kind": given["kind"]}
    record("day.set", f"organisation:{organisation.pk}", organisation=organisation, actor=by, data=data)
    refresh_tied(organisation)
    return waiting_on(organisation, given["date"]) if given["kind"] in SILENT else 0


def waiting_on(organisation: Organisation, day: date) -> int:
    since = datetime.combine(day, time.min, tzinfo=organisation.timezone)
    rows = Delivery.objects.filter(organisation=organisation, due_at__gte=since, due_at__lt=since + timedelta(days=1))
    return rows.filter(state=State.SCHEDULED, urgent=False).count()


def told(day: date, affected: int) -> str:
    words = f"Đã ghi ngày {day.day}/{day.month}/{day.year}."
    if not affected:
        return words
    return f"{words} {affected} lượt đã lên lịch vào ngày này sẽ chờ xem lại chứ không tự đi; dời chúng trên Lịch."


@needs(post=SETTING)
def removed(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(DayOverride, request, pk=pk)
    with transaction.atomic():
        data = {"date": found.date.isoformat(), "kind": found.kind, "name": found.name, "source": found.source}
        organisation = request.seat.organisation
        record(
            "day.removed",
            f"organisation:{organisation.pk}",
            organisation=organisation,
            actor=request.seat.person,
            data=data,
        )
        found.delete()
        refresh_tied(organisation)
    messages.success(request, f"Đã bỏ {found.kind_label} ngày {found.date.day}/{found.date.month}/{found.date.year}.")
    return redirect("days")


@needs(post=Right.MANAGE)
def rules(request: HttpRequest) -> HttpResponse:
    form = RulesForm(request.POST)
    if not form.is_valid():
        return page(request, rules_form=form, status=422)
    organisation, given = request.seat.organisation, form.cleaned_data
    with transaction.atomic():
        TimingRules.objects.update_or_create(organisation=organisation, defaults=given)
        subject = f"organisation:{organisation.pk}"
        record("organisation.timing_changed", subject, organisation=organisation, actor=request.seat.person, data=given)
    messages.success(request, f"Đã lưu: bài dời trong vòng {given['approval_window_days']} ngày giữ nguyên duyệt.")
    return redirect("days")


def page(request: HttpRequest, *, status: int = 200, **given: Any) -> HttpResponse:
    organisation = request.seat.organisation
    today = timezone.localdate()
    window = window_of(organisation)
    context = {
        "form": given.get("form") or DayForm(),
        "rules_form": given.get("rules_form") or RulesForm(initial={"approval_window_days": window}),
        "window": window,
        "overrides": DayOverride.objects.filter(organisation=organisation).select_related("set_by").order_by("-date"),
        "marks": days_of(organisation).marks(today, date(today.year + 1, 12, 31)),
        "kinds": dict(OverrideKind.choices),
        "unannounced": [year for year in (today.year, today.year + 1) if not is_announced(year)],
    }
    return render(request, "console/days.html", context, status=status)
