"""Connecting an account: which channel, what it asks for, a look at the live account, and on it goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from channels.contract import Setting
from channels.registry import CHANNELS
from publisher.console.doors import needs, own
from publisher.console.forms import PlainForm
from publisher.delivery.accounts import NameTaken, channel_of, lift, new_account
from publisher.delivery.checkup import (
    Look,
    NoSandbox,
    check_account,
    connect,
    connect_to_sandbox,
    hold_until_connected,
    on_sandbox,
    sandbox_offer,
)
from publisher.delivery.models import Account
from publisher.delivery.secrets import UnreadableSecret, unlock
from publisher.people.rights import Right
from publisher.timetable.slots import parse_sessions

GIVEN = {"root", "base_url"}  # places the installation gives; nobody points a channel at another folder from a browser
KEPT = "Đã lưu. Để trống nếu không đổi."
ABOUT = {
    "page": "Trang thông tin công khai của đơn vị. Mọi bài nên có ở đây trước.",
    "feed": "Nguồn RSS cho phần mềm đọc tin và cổng thông tin khác.",
    "facebook": "Trang Facebook của đơn vị. Cần mã Trang và mã truy cập Trang.",
    "zalo": "Zalo OA của đơn vị. Cần mã OA, mã ứng dụng và ba mã bí mật.",
    "zalo_broadcast": "Gửi tin tới người quan tâm OA. Dùng kết nối của một kênh Zalo OA đã có.",
    "portal": "Trang của phường trên cổng tỉnh, thành phố: gói tệp để đăng, rồi đối chiếu theo đường dẫn.",
    "loudspeaker": "Bản đọc cho người vận hành loa truyền thanh.",
    "contracted": "Phiếu đặt hàng cho báo, đài, nhà in, đơn vị tổ chức sự kiện.",
    "webhook": "Gửi từng bài, có ký số, tới một hệ thống khác của đơn vị.",
    "email": "Bản tin qua thư điện tử cho người đăng ký nhận.",
}


class NewAccountForm(PlainForm):
    kind = forms.ChoiceField(
        label="Kênh nào",
        widget=forms.RadioSelect,
        choices=[(kind, channel.label) for kind, channel in CHANNELS.items()],
    )
    name = forms.CharField(
        label="Tên gọi trong phần mềm", max_length=120, help_text="Mọi người thấy tên này. Ví dụ: Facebook của phường."
    )


class ConnectForm(PlainForm):
    """What the channel asks for, or the account it borrows from. Nothing is required: what is missing is told by the
    look that follows. Secrets are write only: an empty field changes nothing."""

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        kept = kept_secrets(account)
        if kind := channel_of(account).through:
            lenders = Account.objects.filter(organisation=account.organisation, kind=kind, retired_at=None)
            self.fields["through"] = forms.ModelChoiceField(
                label=f"Đăng qua tài khoản {CHANNELS[kind].label}",
                queryset=lenders,
                required=False,
                initial=account.through,
                empty_label="Chọn tài khoản",
                help_text="Dùng chung mã truy cập của tài khoản này; không phải nhập lại.",
            )
            self.fields["through"].asked_later = True
        for setting in asked_of(account):
            field = secret_field(setting, setting.name in kept) if setting.secret else plain_field(setting, account)
            field.asked_later = setting.required
            self.fields[field_name(setting)] = field
            if setting.secret and not setting.required and setting.name in kept:
                self.fields[f"drop-{setting.name}"] = forms.BooleanField(
                    label=f"Xóa “{setting.label}” đang lưu", required=False
                )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        try:
            parse_sessions(given.get("set-sessions", ""))
        except ValueError as error:
            self.add_error("set-sessions", str(error))
        return given

    @property
    def plain(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name not in self.rare_names]

    @property
    def rare(self) -> list[BoundField]:
        """Addresses of the vendor's machines, which nearly nobody changes."""
        return [self[name] for name in self.fields if name in self.rare_names]

    @property
    def rare_open(self) -> bool:
        return any(field.errors or field.value() != field.field.default for field in self.rare)

    @property
    def rare_names(self) -> set[str]:
        return {field_name(s) for s in asked_of(self.account) if s.takes_secrets and s.default}

    @property
    def settings(self) -> dict[str, Any]:
        """Those of the account with what was entered; what is empty is left to the channel's default."""
        asked = {s.name: self.cleaned_data[field_name(s)] for s in asked_of(self.account) if not s.secret}
        kept = {name: value for name, value in self.account.settings.items() if name not in asked}
        defaults = {s.name: s.default for s in asked_of(self.account) if s.takes_secrets}
        return kept | {name: value for name, value in asked.items() if value and value != defaults.get(name)}

    @property
    def secrets(self) -> dict[str, str]:
        return {
            s.name: self.cleaned_data[s.name] for s in asked_of(self.account) if s.secret and self.cleaned_data[s.name]
        }

    @property
    def drop(self) -> list[str]:
        """Secrets that are to be forgotten."""
        return [s.name for s in asked_of(self.account) if s.secret and self.cleaned_data.get(f"drop-{s.name}")]


def plain_field(setting: Setting, account: Account) -> forms.Field:
    field = forms.CharField(
        label=setting.label,
        required=False,
        initial=account.settings.get(setting.name, setting.default),
        help_text=setting.hint,
        max_length=2000,
    )
    field.default = setting.default
    return field


def secret_field(setting: Setting, kept: bool) -> forms.Field:
    return forms.CharField(
        label=setting.label,
        required=False,
        help_text=f"{setting.hint} {KEPT if kept else ''}".strip(),
        max_length=4000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


def field_name(setting: Setting) -> str:
    return setting.name if setting.secret else f"set-{setting.name}"


def asked_of(account: Account) -> Iterator[Setting]:
    """What a person enters; nothing of what is borrowed."""
    channel = channel_of(account)
    for setting in channel.asked_settings:
        if setting.name not in GIVEN and not (channel.through and setting.secret):
            yield setting


def kept_secrets(account: Account) -> set[str]:
    """Names of the secrets that are there; none when the keys do not open them."""
    try:
        return {name for name, value in unlock(account.secret).items() if value}
    except UnreadableSecret:
        return set()


@needs(Right.MANAGE, post=Right.MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    """The first step. What asks for nothing is on at once; all else is held until a look has found it good."""
    form = NewAccountForm(request.POST or None)
    if form.is_valid():
        try:
            made = new_account(request.seat.organisation, by=request.seat.person, **form.cleaned_data)
        except NameTaken as error:
            form.add_error("name", str(error))
        else:
            if not asks(made):
                messages.success(request, "Đã thêm kênh. Kênh này không cần kết nối gì thêm.")
                return redirect("account", pk=made.pk)
            hold_until_connected(made)
            return redirect("account-connect", pk=made.pk)
    kinds = [(kind, channel.label, ABOUT.get(kind, "")) for kind, channel in CHANNELS.items()]
    context = {"form": form, "kinds": kinds}
    return render(request, "console/account_new.html", context, status=422 if form.errors else 200)


def asks(account: Account) -> bool:
    return bool(channel_of(account).through) or any(setting.required for setting in asked_of(account))


@needs(Right.MANAGE, post=Right.MANAGE)
def connecting(request: HttpRequest, pk: int) -> HttpResponse:
    found = found_by(request, pk)
    if request.method != "POST":
        return page(request, found, ConnectForm(account=found))
    form = ConnectForm(request.POST, account=found)  # nothing entered is an answer too
    if not form.is_valid():
        return page(request, found, form, status=422)
    forgotten = connect(
        found,
        by=request.seat.person,
        settings=form.settings,
        secrets=form.secrets,
        through=form.cleaned_data.get("through"),
        drop=form.drop,
    )
    if forgotten:
        messages.info(request, "Địa chỉ kết nối đã đổi nên các mã bí mật cũ đã bị xóa. Hãy nhập lại.")
    tell(request, found, check_account(found, request.seat.person))
    return redirect("account-connect", pk=pk)


@needs(post=Right.MANAGE)
def tried_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything the sandbox takes, filled in and looked at."""
    found = found_by(request, pk)
    try:
        connect_to_sandbox(found, by=request.seat.person)
    except NoSandbox as error:
        messages.error(request, str(error))
    else:
        tell(request, found, check_account(found, request.seat.person))
    return redirect("account-connect", pk=pk)


@needs(post=Right.MANAGE)
def checked(request: HttpRequest, pk: int) -> HttpResponse:
    """A look; asked to, it also lets the account run when the look is good, whoever held it."""
    found = found_by(request, pk)
    look = check_account(found, request.seat.person)
    works = look.reached and look.checkup.works
    if works and found.held and "open" in request.POST:
        lift(found, by=request.seat.person)
    tell(request, found, look)
    if request.POST.get("then") == "holds":
        return redirect("holds")
    return redirect("account-connect" if request.POST.get("then") == "connect" else "account", pk=pk)


def tell(request: HttpRequest, account: Account, look: Look) -> None:
    name = account.name
    if not look.reached:
        messages.error(request, f"“{name}”: {look.checkup.findings[0].message}")
    elif not look.checkup.works:
        messages.error(request, f"“{name}” chưa dùng được. Sửa những chỗ có dấu ✕ rồi kiểm tra lại.")
    elif account.held:
        messages.warning(request, f"Kết nối tốt, nhưng “{name}” vẫn tạm dừng: {account.held_reason}")
    else:
        messages.success(request, f"Kết nối tốt. “{name}” đang bật: đến giờ là đăng.")


def found_by(request: HttpRequest, pk: int) -> Account:
    return own(Account.objects.select_related("organisation", "budget_line", "through"), request, pk=pk)


def page(request: HttpRequest, found: Account, form: ConnectForm, *, status: int = 200) -> HttpResponse:
    context = {
        "account": found,
        "form": form,
        "about": ABOUT.get(found.kind, ""),
        "sandbox": sandbox_offer(found.kind) is not None,
        "on_sandbox": on_sandbox(found),
    }
    return render(request, "console/account_connect.html", context, status=status)
