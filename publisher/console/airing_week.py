"""Lịch phát thanh tuần: what the stations air from Monday to Sunday, and the paper of it to be signed."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from publisher.airing.sessions import stations
from publisher.airing.week import Week, monday_of, week_of
from publisher.airing.week_papers import docx, pdf
from publisher.console.doors import needs
from publisher.people.rights import Right

PAPERS = {
    "docx": (docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf, "application/pdf"),
}


@needs(Right.READ)
def week(request: HttpRequest) -> HttpResponse:
    found = asked(request)
    context = {
        "week": found,
        "organisation": request.seat.organisation,
        "before": name_of(found.monday - timedelta(days=7)),
        "after": name_of(found.monday + timedelta(days=7)),
        "name": name_of(found.monday),
    }
    return render(request, "console/airing_week.html", context)


@needs(Right.READ)
def paper(request: HttpRequest, form: str) -> HttpResponse:
    if form not in PAPERS:
        raise Http404("Lịch tuần chỉ có bản DOCX hoặc PDF.")
    write, media_type = PAPERS[form]
    found = asked(request)
    response = HttpResponse(write(found, request.seat.organisation), content_type=media_type)
    place = "inline" if form == "pdf" else "attachment"
    response["Content-Disposition"] = f'{place}; filename="lich-phat-thanh-{name_of(found.monday)}.{form}"'
    return response


def asked(request: HttpRequest) -> Week:
    """Without a week that exists it is this one."""
    monday = named(request.GET.get("tuan", "")) or monday_of(timezone.localdate())
    return week_of(stations(request.seat.organisation).filter(retired_at=None), monday)


def named(text: str) -> date | None:
    match = re.fullmatch(r"(20\d\d)-W(\d\d)", text)
    try:
        return date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else None
    except ValueError:
        return None


def name_of(monday: date) -> str:
    """ "2026-W48", as an <input type=week> writes it."""
    year, number, _ = monday.isocalendar()
    return f"{year}-W{number:02}"
