"""Accounts: how each stands, and the rules by which it publishes. Connecting is `connecting`, holding is `holds`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from publisher.budget.models import BudgetLine
from publisher.console.connecting import asks, found_by
from publisher.console.doors import needs
from publisher.console.forms import PlainForm
from publisher.console.holds import HoldForm, waiting_for
from publisher.delivery.accounts import note, problems
from publisher.delivery.bounds import parse_slots
from publisher.delivery.checkup import expires_soon, on_sandbox
from publisher.delivery.models import Account, Delivery
from publisher.events.models import Event
from publisher.people.rights import Right

OWN_FIELDS = (
    "quiet_from",
    "quiet_until",
    "slots",
    "working_days_only",
    "cap_per_day",
    "topic_gap_hours",
    "pace_per_minute",
    "at_once",
    "rate",
    "budget_line",
)
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class AccountForm(PlainForm):
    """The rules by which the account publishes: its own columns."""

    quiet_from = forms.TimeField(label="Giờ yên lặng, từ", required=False, widget=CLOCK)
    quiet_until = forms.TimeField(
        label="Giờ yên lặng, đến", required=False, widget=CLOCK, help_text="Bài không khẩn chờ hết giờ này mới đi."
    )
    slots = forms.CharField(
        label="Khung giờ được đăng",
        required=False,
        max_length=120,
        help_text="Ví dụ: 06:30-11:30, 13:30-19:00. Để trống: mọi giờ ngoài giờ yên lặng.",
    )
    working_days_only = forms.BooleanField(
        label="Chỉ đăng ngày làm việc",
        required=False,
        help_text="Bài rơi vào cuối tuần, ngày lễ dời sang ngày làm việc kế tiếp.",
    )
    cap_per_day = forms.IntegerField(
        label="Nhiều nhất mỗi ngày",
        required=False,
        min_value=1,
        max_value=1000,
        help_text="Số bài. Để trống: không giới hạn.",
    )
    topic_gap_hours = forms.IntegerField(
        label="Hai bài cùng chủ đề cách nhau ít nhất (giờ)",
        required=False,
        min_value=0,
        max_value=2160,
        help_text="Để trống: không cần cách.",
    )
    pace_per_minute = forms.IntegerField(
        label="Nhiều nhất mỗi phút", min_value=0, max_value=600, help_text="Số lượt gửi. 0: không giới hạn."
    )
    at_once = forms.IntegerField(
        label="Cùng lúc nhiều nhất",
        min_value=0,
        max_value=100,
        help_text="Số lượt gửi đang chờ kênh trả lời cùng một lúc. 0: không giới hạn.",
    )
    rate = forms.IntegerField(
        label="Đơn giá mỗi lượt (đồng)", min_value=0, max_value=10**12, help_text="0: không tốn tiền."
    )
    budget_line = forms.ModelChoiceField(
        label="Dòng dự toán",
        required=False,
        queryset=BudgetLine.objects.none(),
        empty_label="Theo chiến dịch",
        help_text="Kinh phí mỗi lượt đăng trừ vào dòng này.",
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, initial={name: getattr(account, name) for name in OWN_FIELDS}, **kwargs)
        self.account = account
        self.fields["budget_line"].queryset = BudgetLine.objects.filter(organisation=account.organisation)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if bool(given.get("quiet_from")) != bool(given.get("quiet_until")):
            self.add_error("quiet_until", "Giờ yên lặng cần cả giờ bắt đầu và giờ kết thúc, hoặc để trống cả hai.")
        try:
            parse_slots(given.get("slots", ""))
        except ValueError as error:
            self.add_error("slots", str(error))
        return given

    def clean_topic_gap_hours(self) -> int:
        return self.cleaned_data["topic_gap_hours"] or 0

    def save(self) -> list[str]:
        """Fills the account; returns the names of the columns that changed."""
        for name in OWN_FIELDS:
            setattr(self.account, name, self.cleaned_data[name])
        return sorted(self.changed_data)


@needs(Right.READ)
def accounts(request: HttpRequest) -> HttpResponse:
    rows = Account.objects.filter(organisation=request.seat.organisation, retired_at=None)
    now = timezone.now()
    listed = [standing(row, now) for row in rows.select_related("organisation", "budget_line", "through")]
    return render(request, "console/accounts.html", {"accounts": listed, "now": now})


def standing(account: Account, now: datetime) -> dict[str, object]:
    """How an account stands, for the list and for its own page."""
    return {
        "account": account,
        "problems": problems(account),
        "expires_soon": expires_soon(account, now),
        "on_sandbox": on_sandbox(account),
        "now": now,
    }


@needs(Right.READ, post=Right.MANAGE)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    found = found_by(request, pk)
    form = AccountForm(request.POST or None, account=found)
    if request.method != "POST":
        return page(request, found, form)
    if not form.is_valid():
        return page(request, found, form, status=422)
    changed = form.save()
    with transaction.atomic():
        found.save(update_fields=OWN_FIELDS)
        if changed:
            note(found, "settings_changed", by=request.seat.person, names=changed)
    messages.success(request, "Đã lưu quy tắc đăng.")
    return redirect("account", pk=pk)


def recent(found: Account) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(organisation=found.organisation_id, account=found)
    return rows.select_related("version").order_by("-due_at", "-pk")[:10]


def page(request: HttpRequest, found: Account, form: AccountForm, *, status: int = 200) -> HttpResponse:
    context = {
        **standing(found, timezone.now()),
        "form": form,
        "hold_form": HoldForm(),
        "asks": asks(found),
        "waiting": waiting_for([found]).get(found.pk),
        "recent": recent(found),
        "events": Event.objects.filter(subject=f"account:{found.pk}", organisation=found.organisation).order_by("-pk")[
            :20
        ],
    }
    return render(request, "console/account.html", context, status=status)
