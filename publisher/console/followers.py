"""Who is told: endpoints of other systems, and the notices of the person who sits here."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from publisher.config import config
from publisher.console.doors import needs, own
from publisher.console.forms import PlainForm, ReasonForm, first_error
from publisher.delivery.secrets import UnreadableSecret
from publisher.following import endpoints as service
from publisher.following.models import Dispatch, DispatchState, Endpoint
from publisher.following.notices import by_letter, choose, mark_read, notices_of, unread
from publisher.following.wanted import CHOICES, words
from publisher.following.webhook import Webhook
from publisher.people.rights import Right

RECENT = 30  # dispatches, notices shown
COUNTED = {
    "waiting": Count("dispatches", filter=Q(dispatches__state=DispatchState.WAITING)),
    "given_up": Count("dispatches", filter=Q(dispatches__state=DispatchState.GIVEN_UP)),
}


class EndpointForm(PlainForm):
    name = forms.CharField(label="Tên", max_length=120, help_text="Ví dụ: Cổng thông tin thành phố.")
    url = forms.CharField(label="Địa chỉ nhận tin", max_length=500, help_text="Bắt đầu bằng https://")
    kinds = forms.MultipleChoiceField(
        label="Báo những việc nào",
        choices=CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Không chọn ô nào: báo mọi việc của đơn vị.",
    )


@needs(Right.MANAGE, post=Right.MANAGE)
def endpoints(request: HttpRequest) -> HttpResponse:
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        seat = request.seat
        try:
            made, secret = service.add(seat.organisation, by=seat.person, **form.cleaned_data)
        except service.EndpointRefused as error:
            form.add_error("url", str(error))
        else:
            return page(request, made, secret=secret)
    rows = Endpoint.objects.filter(organisation=request.seat.organisation, retired_at=None).annotate(**COUNTED)
    listed = [(row, words(row.kinds) if row.kind == Webhook.kind else [row.topic]) for row in rows]
    context = {"form": form, "endpoints": listed}
    return render(request, "console/endpoints.html", context, status=422 if form.errors else 200)


@needs(Right.MANAGE)
def endpoint(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, own(Endpoint, request, pk=pk))


@needs(post=Right.MANAGE)
def paused(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = own(Endpoint, request, pk=pk), ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Chưa tạm dừng. {first_error(form)}")
    elif service.pause(found, reason=form.cleaned_data["reason"], by=request.seat.person):
        messages.success(request, f"Đã tạm dừng báo tin tới “{found.name}”. Tin của một ngày được giữ chờ.")
    else:
        messages.info(request, f"“{found.name}” đã dừng từ trước.")
    return redirect("endpoint", pk=pk)


@needs(post=Right.MANAGE)
def resumed(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(Endpoint, request, pk=pk)
    service.resume(found, by=request.seat.person)
    messages.success(request, f"“{found.name}” nhận tin lại.")
    return redirect("endpoint", pk=pk)


@needs(post=Right.MANAGE)
def rotated(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers with the page itself: the new secret is shown now and never again."""
    found = own(Endpoint.objects.filter(kind=Webhook.kind), request, pk=pk)
    if found.retired_at is not None:
        messages.info(request, f"“{found.name}” đã bỏ, không đổi khóa được nữa.")
        return redirect("endpoint", pk=pk)
    try:
        secret = service.rotate(found, by=request.seat.person)
    except UnreadableSecret as error:
        messages.error(request, str(error))
        return redirect("endpoint", pk=pk)
    return page(request, found, secret=secret)


@needs(post=Right.MANAGE)
def retired(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(Endpoint, request, pk=pk)
    service.retire(found, by=request.seat.person)
    messages.success(request, f"Đã bỏ “{found.name}”. Nhật ký báo tin vẫn được giữ.")
    return redirect("endpoints")


@needs(post=Right.MANAGE)
def replayed(request: HttpRequest, pk: int) -> HttpResponse:
    """The dispatch named in the form, or everything that was given up."""
    found = own(Endpoint, request, pk=pk)
    count = service.replay_all(chosen(request, found), found, by=request.seat.person)
    if count:
        messages.success(request, f"Đã xếp {count} tin vào hàng gửi lại, cùng mã như trước.")
    else:
        messages.info(request, "Không có gì để gửi lại: tin đang chờ gửi, hoặc nơi nhận đã bỏ.")
    return redirect("endpoint", pk=pk)


def chosen(request: HttpRequest, found: Endpoint) -> QuerySet[Dispatch]:
    number = request.POST.get("dispatch", "")
    if number.isascii() and number.isdigit() and len(number) < 19:
        return found.dispatches.filter(pk=int(number))
    return found.dispatches.filter(state=DispatchState.GIVEN_UP)


def page(request: HttpRequest, found: Endpoint, *, secret: str = "") -> HttpResponse:
    rows = found.dispatches.select_related("event").order_by("-pk")
    context = {
        "endpoint": found,
        "is_webhook": found.kind == Webhook.kind,
        "wanted": words(found.kinds),
        "secret": secret,
        "dispatches": rows[:RECENT],
        "given_up": rows.filter(state=DispatchState.GIVEN_UP).count(),
        "waiting": rows.filter(state=DispatchState.WAITING).count(),
    }
    return render(request, "console/endpoint.html", context)


@needs(Right.READ)
def notices(request: HttpRequest) -> HttpResponse:
    person = request.seat.person
    context = {
        "notices": notices_of(person, request.seat.organisation)[:RECENT],
        "some_unread": unread(person, request.seat.organisation),
        "by_letter": by_letter(person),
        "letters_work": bool(config.smtp_url),
    }
    return render(request, "console/notices.html", context)


@needs(post=Right.READ)
def notices_read(request: HttpRequest) -> HttpResponse:
    number = request.POST.get("notice", "")
    one = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None
    mark_read(request.seat.person, request.seat.organisation, one)
    return redirect("notices")


@needs(post=Right.READ)
def notices_choice(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("by_letter") == "on"
    choose(request.seat.person, by_letter=wanted)
    messages.success(request, "Sẽ gửi thư khi có việc." if wanted else "Thôi gửi thư; thông báo vẫn hiện ở đây.")
    return redirect("notices")
