"""The calendar: one month as a grid that becomes an agenda on a narrow screen."""

from __future__ import annotations

import calendar as months
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from campaigns.models import Post, PostState
from publisher.console.bundles import Bundle, bundled
from publisher.console.doors import needs
from publisher.delivery.models import Action, Delivery
from publisher.people.models import Organisation
from publisher.people.rights import Right

MOST = 5  # bundles written out in one day; the log has the rest
EARLIEST, LATEST = 2000, 2100


@dataclass(slots=True)
class Day:
    date: date
    inside: bool  # of the month shown
    today: bool
    deliveries: list[Delivery] = field(default_factory=list)
    drafts: list[Post] = field(default_factory=list)

    @property
    def first(self) -> list[Bundle]:
        return bundled(self.deliveries)[:MOST]

    @property
    def more(self) -> int:
        return len(self.deliveries) - sum(len(bundle.deliveries) for bundle in self.first)

    @property
    def empty(self) -> bool:
        return not self.deliveries and not self.drafts


@needs(Right.READ)
def calendar(request: HttpRequest) -> HttpResponse:
    first = month_asked(request.GET.get("thang", ""))
    weeks = [[Day(d, d.month == first.month, d == timezone.localdate()) for d in week] for week in weeks_of(first)]
    fill(weeks, request.seat.organisation)
    context = {
        "first": first,
        "weeks": weeks,
        "before": first - timedelta(days=1),
        "after": first + timedelta(days=31),
        "this_month": timezone.localdate().replace(day=1) == first,
        "empty": all(day.empty for week in weeks for day in week),
    }
    return render(request, "console/calendar.html", context)


def month_asked(text: str) -> date:
    """The first day of "2026-11"; of this month when nothing is asked. Anything else answers 404."""
    if not text:
        return timezone.localdate().replace(day=1)
    try:
        first = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007  a month has no zone
    except ValueError as error:
        raise Http404("Tháng phải có dạng 2026-11.") from error
    if not EARLIEST <= first.year <= LATEST:
        raise Http404("Lịch chỉ có từ năm 2000 đến năm 2100.")
    return first


def weeks_of(first: date) -> list[list[date]]:
    return months.Calendar(firstweekday=months.MONDAY).monthdatescalendar(first.year, first.month)


def fill(weeks: list[list[Day]], organisation: Organisation) -> None:
    """Two queries for the whole month."""
    days = [day for week in weeks for day in week]
    since = timezone.make_aware(datetime.combine(days[0].date, time.min))
    before = timezone.make_aware(datetime.combine(days[-1].date + timedelta(days=1), time.min))
    deliveries: dict[date, list[Delivery]] = defaultdict(list)
    for delivery in deliveries_between(organisation, since, before):
        deliveries[timezone.localdate(delivery.due_at)].append(delivery)
    drafts: dict[date, list[Post]] = defaultdict(list)
    for post in posts_between(organisation, since, before):
        drafts[timezone.localdate(post.schedule.starts_at)].append(post)
    for day in days:
        day.deliveries, day.drafts = deliveries[day.date], drafts[day.date]


def deliveries_between(organisation: Organisation, since: datetime, before: datetime) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(organisation=organisation, due_at__gte=since, due_at__lt=before)
    return rows.exclude(action=Action.WITHDRAW).select_related("version", "account").order_by("due_at", "pk")


def posts_between(organisation: Organisation, since: datetime, before: datetime) -> QuerySet[Post]:
    """Posts that have a time but no approval yet, on the day of their first time."""
    rows = Post.objects.filter(
        organisation=organisation, schedule__starts_at__gte=since, schedule__starts_at__lt=before
    )
    waiting = [PostState.DRAFT, PostState.RETURNED, PostState.SUBMITTED]
    return rows.filter(state__in=waiting).select_related("schedule").order_by("schedule__starts_at")
