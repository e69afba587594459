"""Today: what is due, what waits for whom, what went wrong and what to do, and whether the clock lives."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from campaigns.models import Plan, Post, PostState
from publisher.airing.sessions import KIND, open_bulletins
from publisher.airing.watching import without_document
from publisher.approval.happenings import sentence, unseen
from publisher.approval.review import pending
from publisher.budget.ledger import summary
from publisher.console.bundles import bundled
from publisher.console.doors import needs
from publisher.console.downtime import last_downtime
from publisher.console.holds import held_accounts
from publisher.console.unknown import doubtful, for_people
from publisher.console.words import STATE_ADVICE
from publisher.delivery.checkup import expiring
from publisher.delivery.clock import clock_state
from publisher.delivery.models import Account, Delivery
from publisher.delivery.sites import site_address
from publisher.delivery.states import State
from publisher.people.models import Organisation, Seat
from publisher.people.rights import Right

MOST = 8  # rows of each list; the rest is behind a link
SOON = 40  # deliveries looked at for the lists of what is next and what stood last
LOOK_BACK = timedelta(days=7)


@needs(Right.READ)
def today(request: HttpRequest) -> HttpResponse:
    changes = [(change, sentence(change)) for change in unseen(request.seat)]
    page = {"changes": changes, "plans": in_force(request.seat)[:MOST], "site": public_site(request.seat.organisation)}
    return render(request, "console/today.html", {**situation(request.seat), **page, "seen": ""})


def in_force(seat: Seat) -> QuerySet[Plan]:
    """Plans of this year and after, and those that name no year; one that was replaced is not in force."""
    lasting = Q(year=None) | Q(year__gte=timezone.localdate().year)
    return Plan.objects.filter(lasting, organisation=seat.organisation, replaced_by=None).defer("reading")


@needs(Right.READ)
def live(request: HttpRequest) -> HttpResponse:
    """The living part of the page; 204 while nothing has changed, so that a reader's place is not disturbed."""
    words = render_to_string("console/_today.html", {**situation(request.seat), "seat": request.seat}, request)
    mark = hashlib.sha256(words.encode()).hexdigest()[:16]
    if request.GET.get("seen") == mark:
        return HttpResponse(status=204)
    return render(request, "console/_today_live.html", {"words": words, "seen": mark})


def situation(seat: Seat) -> dict[str, object]:
    organisation, now = seat.organisation, timezone.now()
    rows = Delivery.objects.filter(organisation=organisation).select_related("version", "account")
    stood = rows.filter(state=State.DELIVERED, delivered_at__gte=now - LOOK_BACK)
    waiting = [State.SCHEDULED, State.QUEUED, State.SENDING, State.PROCESSING]
    return {
        "clock": clock_state(),
        "due": bundled(rows.filter(state__in=waiting).order_by("due_at", "pk")[:SOON])[:MOST],
        "unknown": in_doubt(organisation),
        "failed": counted(rows.filter(state=State.FAILED, due_at__gte=now - LOOK_BACK)),
        "missed": counted(rows.filter(state=State.MISSED, due_at__gte=now - LOOK_BACK)),
        "handed_over": counted(handed_over(rows, now)),
        "unconfirmed": open_bulletins(organisation, now).count(),
        "oral_orders": len(without_document(organisation, now)),
        "standing": bundled(stood.order_by("-delivered_at")[:SOON], "delivered_at")[:MOST],
        "held": held_accounts(organisation),
        "expiring": expiring(organisation, now),
        "downtime": last_downtime(organisation, now),
        "now": now,
        "to_approve": counted(pending(organisation).select_related("post", "submitted_by")),
        "returned": counted(Post.objects.filter(organisation=organisation, state=PostState.RETURNED)),
        "drafts": Post.objects.filter(organisation=organisation, state=PostState.DRAFT).count(),
        "money": summary(organisation) if seat.may(Right.READ_MONEY) else None,
        "new_here": not Plan.objects.filter(organisation=organisation).exists(),
        "advice": STATE_ADVICE,
        "may": {right.value: seat.may(right) for right in Right},
    }


def public_site(organisation: Organisation) -> str:
    """Where people read what was published; "" for an organisation without a public page."""
    has_one = Account.objects.filter(organisation=organisation, kind="page", retired_at=None).exists()
    return site_address(organisation) if has_one else ""


def handed_over(rows: QuerySet, now: datetime) -> QuerySet:
    """What people have to close one by one; what is read in a session is closed with the session."""
    waiting = rows.filter(state=State.HANDED_OVER, due_at__lte=now)
    return waiting.exclude(account__kind=KIND, remote_id__contains="/").order_by("due_at")


def in_doubt(organisation: Organisation) -> dict[str, object]:
    """What has an unknown outcome, and how many of those wait for a person."""
    rows = doubtful(organisation)
    found = counted(rows)
    return {**found, "people": for_people(rows).count() if found["count"] else 0}


def counted(rows: QuerySet) -> dict[str, object]:
    """The first rows and how many there are."""
    first = list(rows[: MOST + 1])
    return {"rows": first[:MOST], "count": len(first) if len(first) <= MOST else rows.count()}
