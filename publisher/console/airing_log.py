"""Nhật ký phát thanh: what became of every session of a month, on the screen, on paper, as a table."""

from __future__ import annotations

import calendar
import re
from datetime import date

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from publisher.airing.diary import UNCONFIRMED, Entry, diary, totals
from publisher.airing.models import Standing
from publisher.airing.sessions import stations
from publisher.console.doors import needs
from publisher.console.forms import PlainForm
from publisher.delivery.models import Account
from publisher.people.models import Organisation
from publisher.people.rights import Right
from publisher.reports.exports import Table, to_csv, to_xlsx

EXPORTS = {
    "csv": (to_csv, "text/csv; charset=utf-8"),
    "xlsx": (to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
COLUMNS = {
    "station": "Đài, cụm loa",
    "session": "Buổi phát",
    "outcome": "Kết quả",
    "started": "Bắt đầu",
    "ended": "Kết thúc",
    "minutes": "Số phút",
    "heard": "Tin đã đọc",
    "items": "Tin trong buổi",
    "titles": "Các tin",
    "approved_by": "Người duyệt",
    "order": "Lệnh phát",
    "by": "Người ghi",
    "at": "Ghi lúc",
    "reason": "Lý do",
    "corrected": "Đính chính",
}
RESULTS = [
    ("", "Mọi kết quả"),
    (UNCONFIRMED, "Chưa xác nhận"),
    *((one.value, one.label.capitalize()) for one in (Standing.AIRED, Standing.CUT_SHORT, Standing.NOT_AIRED)),
]


class FilterForm(PlainForm):
    thang = forms.CharField(label="Tháng", required=False, widget=forms.TextInput(attrs={"type": "month"}))
    loa = forms.ModelChoiceField(
        label="Loa", required=False, queryset=Account.objects.none(), empty_label="Mọi cụm loa"
    )
    ket_qua = forms.ChoiceField(label="Kết quả", required=False, choices=RESULTS)

    def __init__(self, *args: object, organisation: Organisation, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["loa"].queryset = stations(organisation)


@needs(Right.READ)
def log(request: HttpRequest) -> HttpResponse:
    form, month, entries = asked(request)
    context = {
        "form": form,
        "month": month,
        "entries": entries,
        "totals": totals(entries),
        "query": request.GET.urlencode(),
        "organisation": request.seat.organisation,
    }
    return render(request, "console/airing_log.html", context)


@needs(Right.READ)
def export(request: HttpRequest, form: str) -> HttpResponse:
    if form not in EXPORTS:
        raise Http404("Chỉ xuất được CSV hoặc XLSX.")
    write, media_type = EXPORTS[form]
    _, month, entries = asked(request)
    response = HttpResponse(write(table_of(entries)), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="nhat-ky-phat-thanh-{month:%Y-%m}.{form}"'
    return response


def asked(request: HttpRequest) -> tuple[FilterForm, date, list[Entry]]:
    """A filter nobody offered is left out; without a month it is this one."""
    month = month_of(request.GET.get("thang", ""))
    given = {**request.GET.dict(), "thang": f"{month:%Y-%m}"}
    form = FilterForm(given, organisation=request.seat.organisation)
    form.is_valid()
    account, result = form.cleaned_data.get("loa"), form.cleaned_data.get("ket_qua")
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    entries = diary(request.seat.organisation, month, last, account=account.pk if account else None)
    return form, month, [one for one in entries if not result or one.outcome == result]


def month_of(text: str) -> date:
    match = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text)
    return date(int(match[1]), int(match[2]), 1) if match else timezone.localdate().replace(day=1)


def table_of(entries: list[Entry]) -> Table:
    return Table("nhat-ky-phat-thanh", tuple(COLUMNS), tuple(COLUMNS.values()), [row_of(one) for one in entries])


def row_of(entry: Entry) -> tuple[str | int | None, ...]:
    airing = entry.airing
    clock = "%H:%M"
    return (
        entry.bulletin.account.name,
        f"{timezone.localtime(entry.bulletin.slot_at):%d/%m/%Y %H:%M}",
        entry.outcome_label,
        f"{timezone.localtime(airing.started_at):{clock}}" if airing and airing.started_at else "",
        f"{timezone.localtime(airing.ended_at):{clock}}" if airing and airing.ended_at else "",
        round(entry.seconds / 60),
        entry.heard,
        entry.items,
        "; ".join(one["title"] for one in airing.said) if airing else "",
        str(entry.approval.by) if entry.approval else "",
        order_of(entry),
        str(airing.by) if airing else "",
        f"{timezone.localtime(airing.at):%d/%m/%Y %H:%M}" if airing else "",
        airing.reason if airing else "",
        "đính chính" if entry.corrected else "",
    )


def order_of(entry: Entry) -> str:
    named = (entry.approval.order if entry.approval else "", entry.airing.order if entry.airing else "")
    return "; ".join(dict.fromkeys(filter(None, named)))
