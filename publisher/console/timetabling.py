"""Xếp lịch: a campaign's rhythm, or a whole plan's, becomes times for its drafts; seen first, then accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Campaign, Plan
from publisher.approval.review import Refused
from publisher.approval.timetabling import MORNING, Gap, Line, Proposal, accept, of_plan, propose
from publisher.console.doors import needs, own
from publisher.console.forms import PlainForm
from publisher.delivery.scheduling import CannotSchedule
from publisher.people.rights import Right

CHANGED = "Lịch hoặc bài đã đổi từ khi bạn xem. Đây là đề xuất mới: xem lại rồi bấm “Xếp lịch” lần nữa."


class ClockForm(PlainForm):
    clock = forms.TimeField(
        label="Giờ đăng mong muốn",
        initial=MORNING,
        help_text="Kênh có khung giờ, buổi phát hay giờ yên lặng thì bài đi vào giờ được phép gần nhất sau đó.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    lines: list[Line]


@needs(Right.READ, post=Right.WRITE)
def of_campaign(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(Campaign.objects.select_related("organisation"), request, pk=pk)
    back = {"title": found.title, "address": reverse("campaign", kwargs={"pk": pk})}
    return timetabled(request, [found], back)


@needs(Right.READ, post=Right.WRITE)
def of_whole_plan(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(Plan.objects.defer("reading"), request, pk=pk)
    back = {"title": found.number or found.title, "address": reverse("plan", kwargs={"pk": pk})}
    return timetabled(request, of_plan(found), back)


def timetabled(request: HttpRequest, campaigns: list[Campaign], back: dict[str, str]) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    form = ClockForm({"clock": given.get("clock") or f"{MORNING:%H:%M}"})
    clock: time = form.cleaned_data["clock"] if form.is_valid() else MORNING
    try:
        proposal = propose(campaigns, clock=clock)
    except CannotSchedule as error:
        return page(request, Proposal(), back, form, status=409, refused=str(error))
    if request.method != "POST":
        return page(request, proposal, back, form)
    if request.POST.get("digest") != proposal.digest:
        return page(request, proposal, back, form, status=409, refused=CHANGED)
    try:
        count = accept(proposal, request.seat.person, posts=chosen(request))
    except Refused as refused:
        return page(request, propose(campaigns, clock=clock), back, form, status=409, refused=str(refused))
    messages.success(request, f"Đã xếp lịch {count} bài nháp. Hoàn thiện và trình duyệt từng bài trước giờ đăng.")
    return redirect(back["address"])


def chosen(request: HttpRequest) -> set[int]:
    return {int(pk) for pk in request.POST.getlist("bai") if pk.isdecimal() and len(pk) < 19}


def page(
    request: HttpRequest,
    proposal: Proposal,
    back: dict[str, str],
    form: ClockForm,
    *,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "proposal": proposal,
        "months": list(by_month(proposal.lines)),
        "gaps": list(by_campaign(proposal.gaps)),
        "back": back,
        "form": form,
        "refused": refused,
    }
    return render(request, "console/timetabling.html", context, status=status)


def by_month(lines: list[Line]) -> Iterator[Month]:
    """A year of lines is read month by month."""
    for (year, month), some in groupby(lines, key=lambda line: month_of(line)):
        yield Month(f"Tháng {month}/{year}", list(some))


def month_of(line: Line) -> tuple[int, int]:
    local = timezone.localtime(line.at)
    return local.year, local.month


def by_campaign(gaps: list[Gap]) -> Iterator[tuple[Campaign, list[Gap]]]:
    for _, some in groupby(gaps, key=lambda gap: gap.campaign.pk):
        rows = list(some)
        yield rows[0].campaign, rows
