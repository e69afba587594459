"""Pages on which people ask for letters, confirm it and leave. A GET changes nothing: mail scanners follow links."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from channels import contract
from channels.email import send_single
from channels.errors import ChannelError, OutcomeUnknown
from publisher.delivery import accounts
from publisher.delivery.models import Account
from publisher.delivery.secrets import UnreadableSecret
from publisher.mailing import subscribing
from publisher.people.models import Organisation

TIMEOUT = (3.0, 5.0)  # seconds, connect and read: a person waits
METHODS = ["GET", "HEAD", "POST"]


class AddressForm(forms.Form):
    address = forms.EmailField(
        label="Địa chỉ thư điện tử",
        max_length=254,
        error_messages={
            "required": "Hãy nhập địa chỉ thư điện tử.",
            "invalid": "Địa chỉ chưa đúng, ví dụ đúng: ten@vidu.vn.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_address(self) -> str:
        """The domain as mail servers write it."""
        local, _, domain = self.cleaned_data["address"].rpartition("@")
        try:
            return f"{local}@{domain.encode('idna').decode()}".lower()
        except UnicodeError:
            raise forms.ValidationError(self.fields["address"].error_messages["invalid"]) from None


@never_cache
@require_http_methods(METHODS)
def subscribe(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation, slug=slug, retired_at=None)
    account = email_account(organisation)
    if account is None:
        return page(request, "closed", organisation)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return page(request, "subscribe", organisation, status=422 if form.is_bound else 200, form=form)
    if subscribing.often("ask", client(request), subscribing.LIMITS["asks_an_hour"], 3600):
        return page(request, "busy", organisation, status=429)
    return answer(request, organisation, account, form.cleaned_data["address"])


def answer(request: HttpRequest, organisation: Organisation, account: contract.Account, address: str) -> HttpResponse:
    """The same page for everybody, subscribed or not."""
    now = timezone.now()
    try:
        letter = subscribing.ask(organisation, address, now)
        if letter is not None:
            at = timezone.localtime(now, organisation.timezone)
            send_single(account, address, letter.subject, letter.words, ref=letter.ref, now=at, timeout=TIMEOUT)
    except subscribing.TooMany:
        return page(request, "busy", organisation, status=429)
    except OutcomeUnknown:
        return page(request, "asked", organisation)
    except ChannelError:
        subscribing.not_sent(organisation, address)
        return page(request, "not_sent", organisation, status=503)
    return page(request, "asked", organisation)


def email_account(organisation: Organisation) -> contract.Account | None:
    """The account through which the organisation writes letters, able to work."""
    rows = Account.objects.filter(organisation=organisation, kind="email", retired_at=None, held_at=None)
    for row in rows.select_related("organisation", "through").order_by("pk"):
        try:
            return accounts.ready(row)[1]
        except (ChannelError, UnreadableSecret):
            continue
    return None


@never_cache
@require_http_methods(METHODS)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    row = subscribing.find_pending(token, now)
    if row is None:
        return unknown(request)
    if request.method != "POST":
        return page(request, "confirm", row.organisation)
    subscribing.confirm(row, now)
    return page(request, "confirmed", row.organisation)


@never_cache
@csrf_exempt  # RFC 8058: mail programs post here without having seen any page of ours
@require_http_methods(METHODS)
def leave(request: HttpRequest, key: UUID) -> HttpResponse:
    row = subscribing.find(key)
    if row is None:
        return unknown(request)
    if request.method != "POST":
        return page(request, "leave", row.organisation, left=row.unsubscribed_at is not None)
    subscribing.leave(row, timezone.now())
    return page(request, "left", row.organisation)


def unknown(request: HttpRequest) -> HttpResponse:
    """No such key. Who tries many is turned away; nobody finds one of 122 random bits that way in any case."""
    tried_often = subscribing.often("key", client(request), subscribing.LIMITS["wrong_keys_a_minute"], 60)
    return page(request, "busy" if tried_often else "unknown", None, status=429 if tried_often else 404)


def client(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def page(
    request: HttpRequest, name: str, organisation: Organisation | None, *, status: int = 200, **given: object
) -> HttpResponse:
    told = {"organisation": organisation, "again_minutes": subscribing.LIMITS["again_minutes"], **given}
    return render(request, f"mailing/{name}.html", told, status=status)
