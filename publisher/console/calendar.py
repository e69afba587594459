"""The calendar: a month or a week of what goes out when. Entries are moved by dragging, by keys or by a small form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import parse_qs

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Post
from publisher.approval.rescheduling import MOVING, Moved, move_post
from publisher.approval.review import Refused
from publisher.console.doors import needs, own
from publisher.console.entries import Entry, Sheet, sheet
from publisher.console.forms import DayField, PlainForm, first_error
from publisher.console.spans import EARLIEST, LATEST, NoSuchSpan, Span, span_asked
from publisher.delivery.bounds import days_of
from publisher.delivery.scheduling import CannotSchedule
from publisher.people.models import Seat
from publisher.people.rights import Right
from publisher.timetable.days import Days
from publisher.timetable.lunar import LAST_YEAR, Lunar, lunar
from publisher.timetable.models import Happening
from publisher.timetable.recurrence import BadRule

MOST = 5  # entries written out in one day of a month; the week shows all
WORKING_HOURS = range(6, 20)


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the grid, with what makes it unlike other days."""

    date: date
    inside: bool
    today: bool
    lunar: Lunar | None  # none behind the years that can be reckoned
    note: str  # "Quốc khánh", "Làm bù", ""
    tone: str  # off, worked, forbidden or ""
    happenings: tuple[Happening, ...]
    entries: tuple[Entry, ...]

    @property
    def first(self) -> tuple[Entry, ...]:
        return self.entries[:MOST]

    @property
    def more(self) -> int:
        return max(0, len(self.entries) - MOST)

    @property
    def empty(self) -> bool:
        return not self.entries and not self.happenings


@dataclass(frozen=True, slots=True)
class Row:
    """One hour of a week: the entries of each of its days."""

    hour: int
    cells: tuple[tuple[Cell, tuple[Entry, ...]], ...]


class MoveForm(PlainForm):
    day = DayField(label="Ngày")
    hour = forms.TimeField(label="Giờ", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


@needs(Right.READ)
def calendar(request: HttpRequest) -> HttpResponse:
    template = "console/_calendar.html" if request.htmx else "console/calendar.html"
    return render(request, template, shown(request.seat, asked(request.GET)))


def asked(query: QueryDict) -> Span:
    try:
        return span_asked(query.get("thang", ""), query.get("tuan", ""), timezone.localdate())
    except NoSuchSpan as error:
        raise Http404(str(error)) from error


def shown(seat: Seat, span: Span) -> dict[str, Any]:
    filled = sheet(seat.organisation, span.days[0], span.days[-1])
    weeks = grid(seat, span, filled)
    today = timezone.localdate()
    return {
        "span": span,
        "weeks": weeks,
        "rows": hours(weeks[0], filled) if span.by_hour else [],
        "empty": all(cell.empty for week in weeks for cell in week),
        "today": today,
        "this_week": f"tuan={today}",
        "this_month": f"thang={today:%Y-%m}",
        "clashing": sum(bool(entry.clashes) for week in weeks for cell in week for entry in cell.entries),
    }


def grid(seat: Seat, span: Span, filled: Sheet) -> list[list[Cell]]:
    days = days_of(seat.organisation)
    happenings = happenings_by_day(seat, span)
    return [[cell_of(day, span, days, happenings.get(day, []), filled.on(day)) for day in week] for week in span.weeks]


def cell_of(day: date, span: Span, days: Days, happenings: list[Happening], entries: list[Entry]) -> Cell:
    mark = days.mark(day)
    return Cell(
        date=day,
        inside=span.holds(day),
        today=day == timezone.localdate(),
        lunar=lunar(day) if day.year <= LAST_YEAR else None,
        note=mark.name if mark else "",
        tone=mark.kind.value if mark else "",
        happenings=tuple(happenings),
        entries=tuple(entries),
    )


def happenings_by_day(seat: Seat, span: Span) -> dict[date, list[Happening]]:
    found: dict[date, list[Happening]] = {}
    rows = Happening.objects.filter(organisation=seat.organisation, cancelled_at=None)
    first, last = span.days[0], span.days[-1]
    for happening in rows.filter(starts_at__date__gte=first, starts_at__date__lte=last).order_by("starts_at"):
        found.setdefault(timezone.localdate(happening.starts_at), []).append(happening)
    return found


def hours(week: list[Cell], filled: Sheet) -> list[Row]:
    """The hours of work, and whatever other hours hold something."""
    return [
        Row(hour, tuple((cell, tuple(filled.at(cell.date, hour))) for cell in week))
        for hour in sorted({*WORKING_HOURS, *filled.hours})
    ]


@needs(MOVING, post=MOVING)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Moves one entry. A drop that would undo an approval answers with the form, so that a person decides."""
    query = request.POST if request.method == "POST" else request.GET
    post = own(Post.objects.select_related("organisation", "campaign", "schedule"), request, pk=pk)
    occurrence = occurrence_asked(query.get("luc", ""), post)
    form = MoveForm(request.POST or None, initial=initial(occurrence))
    if request.method != "POST" or not form.is_valid():
        return ask(request, post, occurrence, form, query)
    to = timezone.make_aware(datetime.combine(form.cleaned_data["day"], form.cleaned_data["hour"]))
    try:
        with transaction.atomic():
            moved = move_post(post, to, by=request.seat.person, occurrence=occurrence)
            undecided = not moved.approval_kept and not request.POST.get("agreed")
            transaction.set_rollback(undecided)
    except (CannotSchedule, Refused, BadRule) as error:
        form.add_error("day", str(error))
        return ask(request, post, occurrence, form, query)
    if undecided:
        return ask(request, post, occurrence, form, query, voids=True)
    return done(request, told(post, moved), query)


def occurrence_asked(text: str, post: Post) -> datetime:
    """The time that stands on the calendar now; without one, the post's own or this very hour."""
    if not text:
        return post.schedule.starts_at if hasattr(post, "schedule") else timezone.now()
    try:
        occurrence = datetime.fromisoformat(text)
    except ValueError as error:
        raise Http404("Không rõ cần dời lượt nào. Mở lại lịch rồi chọn “Dời”.") from error
    if occurrence.tzinfo is None or not EARLIEST <= occurrence.year <= LATEST:
        raise Http404("Giờ cần dời không đúng hoặc không ghi múi giờ. Mở lại lịch rồi chọn “Dời”.")
    return occurrence


def initial(occurrence: datetime) -> dict[str, date | time]:
    local = timezone.localtime(occurrence)
    return {"day": local.date(), "hour": local.time().replace(second=0, microsecond=0)}


def ask(
    request: HttpRequest, post: Post, occurrence: datetime, form: MoveForm, query: QueryDict, *, voids: bool = False
) -> HttpResponse:
    """The small form; for a drop it comes into the page, beside the calendar as it stands."""
    back = view_asked(query)
    context = {"post": post, "occurrence": occurrence, "form": form, "voids": voids, "back": back}
    if request.htmx:
        problem = first_error(form)
        fragment = {**shown(request.seat, asked(QueryDict(back))), **context, "asking": True, "problem": problem}
        return render(request, "console/_calendar.html", fragment)
    return render(request, "console/calendar_move.html", context, status=422 if form.errors else 200)


def view_asked(query: QueryDict) -> str:
    """The month or week to come back to; whatever else stands there is dropped."""
    parts = parse_qs(query.get("xem", ""))
    return "&".join(f"{name}={parts[name][0]}" for name in ("thang", "tuan") if name in parts)


def told(post: Post, moved: Moved) -> str:
    if not moved.approval_kept:
        return f"Đã dời “{post.title}”. Bài trở lại bản nháp, cần trình duyệt lại."
    return " ".join([f"Đã dời “{post.title}”.", *moved.conflicts])


def done(request: HttpRequest, words: str, query: QueryDict) -> HttpResponse:
    back = view_asked(query)
    if request.htmx:
        return render(request, "console/_calendar.html", {**shown(request.seat, asked(QueryDict(back))), "told": words})
    messages.success(request, words)
    return redirect(f"{reverse('calendar')}?{back}")
