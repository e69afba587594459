"""The review of a plan: its document with numbered lines on one side, what was understood on the other."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from campaigns.models import Plan
from publisher.console.doors import needs, own
from publisher.console.findings import anchor_of, understanding
from publisher.console.source_pane import pane_of
from publisher.console.todo import work_list
from publisher.intake.suggestions import suggestions
from publisher.people.rights import Right


@needs(Right.READ)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    plan = own(Plan, request, pk=pk)
    known = understanding(plan)
    findings = known.findings
    pane = pane_of(plan, known.standing, request.GET.get("phan", ""))
    context = {
        "plan": plan,
        "groups": known.groups,
        "pane": pane,
        "window": pane.window,
        "todo": work_list(plan, findings),
        "offers": [
            (offer, anchor_of(offer.pointer.rpartition("/title")[0] or "/title")) for offer in suggestions(plan)
        ],
        "corrections": known.corrections[::-1],
    }
    return render(request, "console/review.html", context)


def finding_of(pointer: str) -> str:
    """The finding to which a title belongs: a content, or the plan's own title."""
    return pointer.removesuffix("/title") or pointer
