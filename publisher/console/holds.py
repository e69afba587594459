"""Kênh đang tạm dừng: one hold shown once, whatever number of posts it stops, and the ways out of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from publisher.console.connecting import asks
from publisher.console.doors import needs, own
from publisher.console.forms import DayField, PlainForm, ReasonForm, first_error
from publisher.delivery.accounts import hold
from publisher.delivery.checkup import open_unchecked
from publisher.delivery.models import Account, Delivery
from publisher.delivery.states import State
from publisher.delivery.wake import wake
from publisher.people.models import Organisation
from publisher.people.rights import Right


@dataclass(frozen=True, slots=True)
class Waiting:
    count: int
    next_due: datetime


class HoldForm(PlainForm):
    """Why, and until when at the latest; without an end a person lifts it."""

    reason = forms.CharField(
        label="Vì sao",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Mọi người thấy lý do này. Ví dụ: đang đổi mã truy cập.",
    )
    day = DayField(label="Tự chạy lại từ ngày", required=False, help_text="Để trống: đến khi có người mở.")
    hour = forms.TimeField(label="Lúc", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if bool(given.get("day")) != bool(given.get("hour")) and not self.errors:
            self.add_error("hour", "Ghi cả ngày và giờ chạy lại, hoặc để trống cả hai.")
        elif not self.errors and self.until is not None and self.until <= timezone.now():
            self.add_error("day", "Giờ chạy lại đã qua. Chọn giờ từ bây giờ trở đi.")
        return given

    @property
    def until(self) -> datetime | None:
        day, hour = self.cleaned_data.get("day"), self.cleaned_data.get("hour")
        return timezone.make_aware(datetime.combine(day, hour)) if day and hour else None


class ChosenHoldForm(HoldForm):
    """The same with the account to hold."""

    account = forms.ModelChoiceField(label="Kênh", queryset=Account.objects.none(), empty_label="Chọn kênh")
    field_order = ("account", "reason", "day", "hour")

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = Account.objects.filter(
            organisation=organisation, retired_at=None, held_at=None
        )


@needs(Right.READ, post=Right.MANAGE)
def holds(request: HttpRequest) -> HttpResponse:
    organisation = request.seat.organisation
    if request.method != "POST":
        return page(request, ChosenHoldForm(organisation=organisation))
    form = ChosenHoldForm(request.POST, organisation=organisation)
    if not form.is_valid():
        return page(request, form, status=422)
    stop(request, form.cleaned_data["account"], form)
    return redirect("holds")


@needs(post=Right.MANAGE)
def held(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = own(Account.objects.select_related("organisation"), request, pk=pk), HoldForm(request.POST)
    if form.is_valid():
        stop(request, found, form)
    else:
        messages.error(request, f"Chưa tạm dừng. {first_error(form)}")
    return redirect("account", pk=pk)


def stop(request: HttpRequest, account: Account, form: HoldForm) -> None:
    if hold(account, reason=form.cleaned_data["reason"], by=request.seat.person, until=form.until):
        messages.success(request, f"Đã tạm dừng “{account.name}”. Các lượt đăng chờ đến khi cho chạy lại.")
    else:
        messages.info(request, f"“{account.name}” đã tạm dừng từ trước.")


@needs(post=Right.MANAGE)
def lifted(request: HttpRequest, pk: int) -> HttpResponse:
    """Lets it run without a look: who does so says why."""
    found, form = own(Account.objects.select_related("organisation"), request, pk=pk), ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Chưa mở “{found.name}”. {first_error(form)}")
    elif not found.held:
        messages.info(request, f"“{found.name}” đang chạy, không tạm dừng.")
    else:
        open_unchecked(found, by=request.seat.person, reason=form.cleaned_data["reason"])
        wake()
        messages.success(request, f"“{found.name}” chạy lại. Các lượt đang chờ đi theo thứ tự.")
    return redirect("holds") if request.POST.get("then") == "holds" else redirect("account", pk=pk)


def held_accounts(organisation: Organisation) -> list[dict[str, object]]:
    """Each with what waits for it, the longest hold first."""
    rows = Account.objects.filter(organisation=organisation, retired_at=None).exclude(held_at=None)
    found = list(rows.select_related("organisation").order_by("held_at", "pk"))
    waiting = waiting_for(found)
    return [{"account": account, "waiting": waiting.get(account.pk), "asks": asks(account)} for account in found]


def waiting_for(accounts: Iterable[Account]) -> dict[int, Waiting]:
    """How many deliveries wait for each, and when the first of them is due; nothing for those with none."""
    rows = Delivery.objects.filter(account__in=list(accounts), state__in=[State.SCHEDULED, State.QUEUED])
    counted = rows.order_by().values("account").annotate(count=Count("pk"), next_due=Min("due_at"))
    return {row["account"]: Waiting(row["count"], row["next_due"]) for row in counted}


def page(request: HttpRequest, form: ChosenHoldForm, *, status: int = 200) -> HttpResponse:
    context = {"held": held_accounts(request.seat.organisation), "form": form, "now": timezone.now()}
    return render(request, "console/holds.html", context, status=status)
