"""How far a plan is, as a picture and as tables: every content and every target, done, scheduled or missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from campaigns.models import Plan
from publisher.console.doors import needs, own
from publisher.console.plan_picture import bullet, rows
from publisher.people.rights import Right
from publisher.reports.progress import ThemeProgress
from publisher.reports.progress import progress as measured


@needs(Right.READ)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    plan = own(Plan.objects.select_related("organisation"), request, pk=pk)
    found = measured(plan, timezone.now())
    context = {
        "plan": plan,
        "found": found,
        "rows": rows(found.themes, timezone.localdate()),
        "bullets": [bullet(target) for target in found.targets],
        "table": list(flat(found.themes)),
    }
    return render(request, "console/plan_progress.html", context)


def flat(themes: Sequence[ThemeProgress]) -> Iterator[ThemeProgress]:
    for theme in themes:
        yield theme
        yield from flat(theme.children)
