"""The delivery log: every channel, every state, filtered, paged by key, exported."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from campaigns.models import Campaign
from channels.registry import CHANNELS
from publisher.console.doors import needs
from publisher.console.downtime import last_downtime
from publisher.console.forms import PlainForm
from publisher.console.slices import cut
from publisher.delivery.models import Delivery
from publisher.delivery.states import LABELS, State
from publisher.people.models import Organisation
from publisher.people.rights import Right
from publisher.reports.exports import deliveries_table, to_csv, to_json, to_xlsx

EXPORTS = {
    "csv": (to_csv, "text/csv; charset=utf-8"),
    "xlsx": (to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": (to_json, "application/json"),
}
WHENS = [("", "Đã đến hạn"), ("sap-toi", "Sắp tới"), ("tat-ca", "Tất cả")]
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
IN_REACH = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))]  # of every database


class FilterForm(PlainForm):
    tim = forms.CharField(label="Tìm trong tiêu đề", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    trang_thai = forms.ChoiceField(
        label="Trạng thái", required=False, choices=[("", "Mọi trạng thái"), *((s.value, LABELS[s]) for s in State)]
    )
    kenh = forms.ChoiceField(
        label="Kênh", required=False, choices=[("", "Mọi kênh"), *((c.kind, c.label) for c in CHANNELS.values())]
    )
    chien_dich = forms.ModelChoiceField(
        label="Chiến dịch", required=False, queryset=Campaign.objects.none(), empty_label="Mọi chiến dịch"
    )
    khi = forms.ChoiceField(label="Thời gian", required=False, choices=WHENS)
    tu = forms.DateField(label="Từ ngày", required=False, widget=DAY, validators=IN_REACH)
    den = forms.DateField(label="Đến ngày", required=False, widget=DAY, validators=IN_REACH)

    def __init__(self, *args: object, organisation: Organisation, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chien_dich"].queryset = Campaign.objects.filter(organisation=organisation)


@needs(Right.READ)
def deliveries(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET, organisation=request.seat.organisation)
    rows = asked(form, request.seat.organisation).select_related("account", "version")
    found = cut(rows, "due_at", request.GET.get("sau", ""))
    context = {
        "form": form,
        "slice": found,
        "query": kept(request),
        "filtered": bool(kept(request)),
        "state": request.GET.get("trang_thai", ""),
        "downtime": last_downtime(request.seat.organisation, timezone.now()),
    }
    return render(request, "console/deliveries.html", context)


@needs(Right.READ)
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The same rows as on the screen, all of them."""
    if form not in EXPORTS:
        raise Http404("Chỉ xuất được CSV, XLSX hoặc JSON.")
    write, media_type = EXPORTS[form]
    rows = asked(FilterForm(request.GET, organisation=request.seat.organisation), request.seat.organisation)
    response = HttpResponse(write(deliveries_table(rows)), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="luot-dang-{timezone.localdate():%Y%m%d}.{form}"'
    return response


def asked(form: FilterForm, organisation: Organisation) -> QuerySet[Delivery]:
    """The organisation's deliveries that pass every filter; a filter nobody offered is left out."""
    form.is_valid()
    given = {name: value for name, value in form.cleaned_data.items() if value}
    rows = Delivery.objects.filter(organisation=organisation).filter(in_time(given.get("khi", ""), given))
    conditions = {
        "trang_thai": ("state", given.get("trang_thai")),
        "kenh": ("account__kind", given.get("kenh")),
        "chien_dich": ("version__post__campaign", given.get("chien_dich")),
        "tim": ("version__title__icontains", given.get("tim")),
    }
    return rows.filter(**dict(condition for name, condition in conditions.items() if name in given))


def in_time(when: str, given: dict[str, date]) -> Q:
    """Days name the span themselves; without them the log ends at this moment unless more is asked for."""
    span = Q()
    if since := given.get("tu"):
        span &= Q(due_at__gte=midnight(since))
    if until := given.get("den"):
        span &= Q(due_at__lt=midnight(until + timedelta(days=1)))
    if span or when == "tat-ca":
        return span
    now = timezone.now()
    return Q(due_at__gt=now) if when == "sap-toi" else Q(due_at__lte=now)


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def kept(request: HttpRequest) -> str:
    """The filters as a query string, without the place in the list."""
    query = request.GET.copy()
    query.pop("sau", None)
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return query.urlencode()
