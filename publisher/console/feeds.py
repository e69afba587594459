"""The timetable on a telephone: secret addresses that calendar programs read, of a person or of a channel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns.models import Decision, Post, PostState
from publisher.config import config
from publisher.console.doors import needs, own
from publisher.console.forms import PlainForm
from publisher.delivery.feeds import feed_of, feeds_of, open_feed, revoke_feed
from publisher.delivery.models import Account, Action, CalendarFeed, Delivery
from publisher.delivery.states import State
from publisher.events.models import Event
from publisher.people.models import Organisation, Person
from publisher.people.rights import Right
from publisher.timetable import ical
from publisher.timetable.models import Happening

LOOK_BACK, LOOK_AHEAD = timedelta(days=31), timedelta(days=400)
HOST = "tin-co-so"  # the right-hand side of uids: an address may change, an entry stays the same
CALLED_OFF = {State.CANCELLED, State.MISSED, State.FAILED, State.WITHDRAWN}
WAITING = (PostState.DRAFT, PostState.RETURNED, PostState.SUBMITTED)


class FeedForm(PlainForm):
    of = forms.ModelChoiceField(
        label="Lịch của",
        required=False,
        queryset=Account.objects.none(),
        empty_label="Tôi: bài tôi viết, tôi duyệt, và mọi sự kiện",
    )

    def __init__(self, *args: object, organisation: Organisation, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of"].queryset = Account.objects.filter(organisation=organisation, retired_at=None)


@needs(Right.READ, post=Right.READ)
def feeds(request: HttpRequest) -> HttpResponse:
    organisation, person = request.seat.organisation, request.seat.person
    form = FeedForm(request.POST if request.method == "POST" else None, organisation=organisation)
    address = ""
    if request.method == "POST" and form.is_valid():
        token = open_feed(organisation, by=person, account=form.cleaned_data["of"])
        address = f"{config.origin}{reverse('feed-ics', kwargs={'token': token})}"
    rows = feeds_of(organisation, person, all_channels=request.seat.may(Right.MANAGE))
    context = {"form": form, "feeds": rows, "address": address}
    return render(request, "console/feeds.html", context, status=422 if form.errors else 200)


@needs(post=Right.READ)
def revoked(request: HttpRequest, pk: int) -> HttpResponse:
    organisation, person = request.seat.organisation, request.seat.person
    found = own(CalendarFeed, request, pk=pk)
    if not feeds_of(organisation, person, all_channels=request.seat.may(Right.MANAGE)).filter(pk=pk).exists():
        raise PermissionDenied("Chỉ người tạo hoặc quản trị thu hồi được địa chỉ lịch này.")
    revoke_feed(found, by=person)
    messages.success(request, "Đã thu hồi: địa chỉ đó không mở được nữa.")
    return redirect("feeds")


@require_safe
def ics(request: HttpRequest, token: str) -> HttpResponse:
    """Nobody signs in here: whoever knows the address reads, so it shows no words of a post but its title."""
    feed = feed_of(token)
    if feed is None:
        raise Http404("Địa chỉ lịch này không có hoặc đã bị thu hồi. Tạo địa chỉ mới trong phần Lịch.")
    with timezone.override(feed.organisation.timezone):
        name = f"{feed}: {feed.organisation.short_name}"
        body = ical.calendar(name, entries_of(feed), stamp=timezone.now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="lich.ics"'
    response["Cache-Control"] = "private, max-age=300"
    response["X-Robots-Tag"] = "noindex"
    return response


def entries_of(feed: CalendarFeed) -> Iterator[ical.Entry]:
    rows = deliveries_of(feed)
    sequences = changes_of(rows)
    for delivery in rows:
        yield delivery_entry(delivery, sequences.get(f"delivery:{delivery.pk}", 0))
    if feed.person is not None:
        yield from draft_entries(feed.organisation, feed.person)
        yield from happening_entries(feed.organisation)


def deliveries_of(feed: CalendarFeed) -> QuerySet[Delivery]:
    now = timezone.now()
    rows = Delivery.objects.filter(organisation=feed.organisation, action=Action.PUBLISH)
    near = rows.filter(due_at__gte=now - LOOK_BACK, due_at__lt=now + LOOK_AHEAD).select_related("version", "account")
    if feed.account is not None:
        return near.filter(account=feed.account)
    decided = Q(version__approvals__by=feed.person, version__approvals__decision=Decision.APPROVED)
    return near.filter(Q(version__post__author=feed.person) | decided).distinct()


def changes_of(rows: QuerySet[Delivery]) -> dict[str, int]:
    """How often each delivery changed: a calendar takes only what carries a higher number than it knows."""
    subjects = [f"delivery:{pk}" for pk in rows.values_list("pk", flat=True)]
    found: dict[str, int] = {}
    for start in range(0, len(subjects), 500):
        some = Event.objects.filter(subject__in=subjects[start : start + 500]).order_by()
        found |= dict(some.values_list("subject").annotate(times=Count("pk")))
    return found


def delivery_entry(delivery: Delivery, changed: int) -> ical.Entry:
    held = " (chờ xem lại)" if delivery.review_since else ""
    return ical.Entry(
        uid=f"{delivery.ref}@{HOST}",
        starts_at=delivery.due_at,
        title=f"{delivery.version.title} → {delivery.account.name}{held}",
        description=delivery.state_label.capitalize(),
        url=f"{config.origin}{reverse('delivery', kwargs={'pk': delivery.pk})}",
        sequence=changed,
        cancelled=delivery.state in CALLED_OFF,
    )


def draft_entries(organisation: Organisation, person: Person) -> Iterator[ical.Entry]:
    """First times of what this person writes and nobody has approved yet."""
    now = timezone.now()
    rows = Post.objects.filter(organisation=organisation, author=person, state__in=WAITING)
    near = rows.filter(schedule__starts_at__gte=now - LOOK_BACK, schedule__starts_at__lt=now + LOOK_AHEAD)
    for post in near.select_related("schedule"):
        yield ical.Entry(
            uid=f"bai-{post.ref}@{HOST}",
            starts_at=post.schedule.starts_at,
            title=f"{post.title} ({post.state_label})",
            url=f"{config.origin}{reverse('post', kwargs={'pk': post.pk})}",
            sequence=post.revision,
        )


def happening_entries(organisation: Organisation) -> Iterator[ical.Entry]:
    now = timezone.now()
    rows = Happening.objects.filter(
        organisation=organisation, starts_at__gte=now - LOOK_BACK, starts_at__lt=now + LOOK_AHEAD
    )
    for happening in rows.annotate(times=Count("changes")):
        length = (happening.ends_at - happening.starts_at) if happening.ends_at else timedelta(hours=1)
        yield ical.Entry(
            uid=f"su-kien-{happening.pk}@{HOST}",
            starts_at=happening.starts_at,
            title=happening.title,
            minutes=max(15, int(length.total_seconds() // 60)),
            place=happening.place,
            url=f"{config.origin}{reverse('happening', kwargs={'pk': happening.pk})}",
            sequence=happening.times,
            cancelled=happening.cancelled,
        )
