"""Accounts: state and holds, settings, secrets that can be written but never read back, and a test."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from channels.contract import Setting
from channels.registry import CHANNELS
from publisher.budget.models import BudgetLine
from publisher.console.doors import needs, own
from publisher.console.forms import PlainForm, ReasonForm, first_error
from publisher.delivery.accounts import NameTaken, drop_secrets, hold, lift, new_account, note, problems, set_secrets
from publisher.delivery.bounds import parse_slots
from publisher.delivery.models import Account, Delivery
from publisher.delivery.secrets import UnreadableSecret, unlock
from publisher.events.models import Event
from publisher.people.rights import Right
from publisher.timetable.slots import parse_sessions

OWN_FIELDS = (
    "quiet_from",
    "quiet_until",
    "slots",
    "working_days_only",
    "cap_per_day",
    "topic_gap_hours",
    "pace_per_minute",
    "rate",
    "budget_line",
)
GIVEN = {"root", "base_url"}  # places the installation gives; nobody points a channel at another folder from a browser
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class AccountForm(PlainForm):
    """The account's own columns, and one field for each setting its channel asks for (named "set-…")."""

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
        super().__init__(*args, initial=initial_of(account), **kwargs)
        self.account = account
        self.fields["budget_line"].queryset = BudgetLine.objects.filter(organisation=account.organisation)
        for setting in asked_of(account, secret=False):
            self.fields[f"set-{setting.name}"] = forms.CharField(
                label=setting.label,
                required=setting.required,
                initial=account.settings.get(setting.name, setting.default),
                help_text=setting.hint,
                max_length=2000,
                error_messages={"required": f"Hãy điền “{setting.label}”."},
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if bool(given.get("quiet_from")) != bool(given.get("quiet_until")):
            self.add_error("quiet_until", "Giờ yên lặng cần cả giờ bắt đầu và giờ kết thúc, hoặc để trống cả hai.")
        try:
            parse_slots(given.get("slots", ""))
        except ValueError as error:
            self.add_error("slots", str(error))
        try:
            parse_sessions(given.get("set-sessions", ""))
        except ValueError as error:
            self.add_error("set-sessions", str(error))
        return given

    def clean_topic_gap_hours(self) -> int:
        return self.cleaned_data["topic_gap_hours"] or 0

    def save(self) -> list[str]:
        """Fills the account; returns the names of the columns that changed."""
        for name in OWN_FIELDS:
            setattr(self.account, name, self.cleaned_data[name])
        asked = {s.name: self.cleaned_data[f"set-{s.name}"] for s in asked_of(self.account, secret=False)}
        kept = {name: value for name, value in self.account.settings.items() if name not in asked}
        self.account.settings = kept | {name: value for name, value in asked.items() if value}
        return sorted(name.removeprefix("set-") for name in self.changed_data)


class SecretsForm(PlainForm):
    """Write only: the fields are always empty, and an empty field changes nothing."""

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = kept_secrets(account)
        for setting in asked_of(account, secret=True):
            state = "Đã lưu. Để trống nếu không đổi." if setting.name in kept else "Chưa có."
            self.fields[setting.name] = forms.CharField(
                label=setting.label,
                required=False,
                help_text=f"{setting.hint} {state}".strip(),
                max_length=4000,
                widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            )
            self.fields[setting.name].asked_later = True


def asked_of(account: Account, *, secret: bool) -> list[Setting]:
    asked = CHANNELS[account.kind].asked_settings
    return [setting for setting in asked if setting.secret is secret and setting.name not in GIVEN]


def addresses(account: Account) -> list[str]:
    """Where the secrets are sent: nobody reads them by pointing the account at a machine of their own."""
    return [account.settings.get(s.name) or s.default for s in asked_of(account, secret=False) if s.takes_secrets]


def initial_of(account: Account) -> dict[str, Any]:
    return {name: getattr(account, name) for name in OWN_FIELDS}


def kept_secrets(account: Account) -> set[str]:
    """Names of the secrets that are there; none when the keys do not open them."""
    try:
        return {name for name, value in unlock(account.secret).items() if value}
    except UnreadableSecret:
        return set()


class NewAccountForm(PlainForm):
    kind = forms.ChoiceField(label="Kênh", choices=[(kind, channel.label) for kind, channel in CHANNELS.items()])
    name = forms.CharField(label="Tên tài khoản", max_length=120, help_text="Ví dụ: Facebook của phường.")


@needs(Right.MANAGE, post=Right.MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    form = NewAccountForm(request.POST or None)
    if form.is_valid():
        try:
            made = new_account(request.seat.organisation, by=request.seat.person, **form.cleaned_data)
        except NameTaken as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, "Đã thêm kênh. Điền cấu hình và thông tin kết nối, rồi kiểm tra.")
            return redirect("account", pk=made.pk)
    return render(request, "console/account_new.html", {"form": form}, status=422 if form.errors else 200)


@needs(Right.READ)
def accounts(request: HttpRequest) -> HttpResponse:
    rows = Account.objects.filter(organisation=request.seat.organisation, retired_at=None)
    listed = [(row, problems(row)) for row in rows.select_related("organisation", "budget_line")]
    return render(request, "console/accounts.html", {"accounts": listed})


@needs(Right.READ, post=Right.MANAGE)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    found = found_by(request, pk)
    form = AccountForm(request.POST or None, account=found)
    if request.method != "POST":
        return page(request, found, form=form)
    if not form.is_valid():
        return page(request, found, form=form, status=422)
    before = addresses(found)
    changed = form.save()
    with transaction.atomic():
        found.save(update_fields=["settings", *OWN_FIELDS])
        if changed:
            note(found, "settings_changed", by=request.seat.person, names=changed)
        if found.secret and addresses(found) != before:
            drop_secrets(found, by=request.seat.person)
            messages.info(request, "Địa chỉ kết nối đã đổi nên các mã bí mật đã bị xóa. Hãy nhập lại rồi kiểm tra.")
    messages.success(request, "Đã lưu cấu hình.")
    return redirect("account", pk=pk)


@needs(post=Right.MANAGE)
def secrets(request: HttpRequest, pk: int) -> HttpResponse:
    found = found_by(request, pk)
    form = SecretsForm(request.POST, account=found)
    if not form.is_valid():
        return page(request, found, secrets_form=form, status=422)
    given = {name: value for name, value in form.cleaned_data.items() if value}
    if not given:
        messages.info(request, "Không có gì thay đổi: các ô đều trống.")
        return redirect("account", pk=pk)
    set_secrets(found, given, by=request.seat.person)
    messages.success(request, "Đã lưu thông tin kết nối. Hãy bấm “Kiểm tra” để chắc tài khoản đã sẵn sàng.")
    return redirect("account", pk=pk)


@needs(post=Right.MANAGE)
def held(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = found_by(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Chưa tạm dừng. {first_error(form)}")
    elif hold(found, reason=form.cleaned_data["reason"], by=request.seat.person):
        messages.success(request, f"Đã tạm dừng “{found.name}”. Các lượt đăng chờ đến khi cho chạy lại.")
    else:
        messages.info(request, f"“{found.name}” đã tạm dừng từ trước.")
    return redirect("account", pk=pk)


@needs(post=Right.MANAGE)
def lifted(request: HttpRequest, pk: int) -> HttpResponse:
    found = found_by(request, pk)
    lift(found, by=request.seat.person)
    messages.success(request, f"“{found.name}” chạy lại.")
    return redirect("account", pk=pk)


@needs(post=Right.MANAGE)
def tested(request: HttpRequest, pk: int) -> HttpResponse:
    found = found_by(request, pk)
    if wrong := problems(found):
        for words in wrong:
            messages.error(request, words)
    else:
        messages.success(request, f"“{found.name}” đủ thông tin để đăng.")
    return redirect("account", pk=pk)


def found_by(request: HttpRequest, pk: int) -> Account:
    return own(Account.objects.select_related("organisation", "budget_line"), request, pk=pk)


def page(request: HttpRequest, found: Account, *, status: int = 200, **given: Any) -> HttpResponse:
    context = {
        "account": found,
        "form": given.get("form") or AccountForm(account=found),
        "secrets_form": given.get("secrets_form") or SecretsForm(account=found),
        "hold_form": ReasonForm(),
        "problems": problems(found),
        "recent": Delivery.objects.filter(account=found).select_related("version").order_by("-due_at", "-pk")[:10],
        "events": Event.objects.filter(subject=f"account:{found.pk}", organisation=found.organisation).order_by("-pk")[
            :20
        ],
    }
    return render(request, "console/account.html", context, status=status)
