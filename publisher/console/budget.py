"""The budget: what each line plans, what is committed, spent and left, and the entries behind the figures."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from publisher.budget.ledger import summary
from publisher.budget.models import BudgetLine, EntryKind
from publisher.console.doors import needs, own
from publisher.console.slices import cut
from publisher.people.rights import Right


@needs(Right.READ_MONEY)
def budget(request: HttpRequest) -> HttpResponse:
    organisation = request.seat.organisation
    lines = BudgetLine.objects.filter(organisation=organisation).select_related("plan").defer("plan__reading")
    groups = [
        (plan, list(rows)) for plan, rows in groupby(lines.order_by("-plan", "order", "pk"), lambda row: row.plan)
    ]
    return render(request, "console/budget.html", {"money": summary(organisation), "groups": groups})


@needs(Right.READ_MONEY)
def line(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(BudgetLine.objects.select_related("plan").defer("plan__reading"), request, pk=pk)
    entries = found.entries.select_related("delivery__version", "delivery__account", "by")
    context = {
        "line": found,
        "slice": cut(entries, "at", request.GET.get("sau", "")),
        "kinds": {kind.value: kind.label for kind in EntryKind},
    }
    return render(request, "console/budget_line.html", context)
