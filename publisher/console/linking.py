"""Closing a delivery by the address where a person put it: read, compared, closed or shown with what differs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from channels.contract import Comparison
from publisher.console.delivery import WORKING, LinkForm, found_by, page
from publisher.console.doors import needs
from publisher.console.forms import first_error
from publisher.delivery import linking
from publisher.delivery.desk import NotPossible
from publisher.delivery.models import Action, Delivery


@needs(post=WORKING)
def linked(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = found_by(request, pk), LinkForm(request.POST)
    if not form.is_valid():
        return page(request, row, status=422, refused=first_error(form))
    given = form.cleaned_data
    try:
        return answer(request, row, given)
    except NotPossible as error:
        return page(request, found_by(request, pk), status=409, refused=str(error), tried_link=given["link"])


def answer(request: HttpRequest, row: Delivery, given: dict) -> HttpResponse:
    person, link, note = request.seat.person, given["link"], given["note"]
    if given["unseen"]:
        linking.close_unseen(row, link, by=person, note=note)
        messages.success(request, "Đã ghi nhận theo lời người xác nhận; chưa đối chiếu được với bản đã duyệt.")
        return redirect("delivery", pk=row.pk)
    found = linking.look(row, link)
    if not found.same and not note.strip():
        return differing(request, row, found)
    linking.close(row, found, by=person, note=note)
    messages.success(request, f"Đã xác nhận. {linking.told(row, found)}")
    return redirect("delivery", pk=row.pk)


def differing(request: HttpRequest, row: Delivery, found: Comparison) -> HttpResponse:
    """Paragraph by paragraph: what was approved, and what stands there."""
    context = {"delivery": row, "found": found, "gone": row.action == Action.WITHDRAW}
    return render(request, "console/link_compared.html", context, status=409)
