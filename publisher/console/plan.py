"""One plan: what it demands, its deadlines and reports, the campaigns from it, and which plan it replaces."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from campaigns.models import Plan, Theme
from publisher.budget.ledger import summary
from publisher.console.doors import needs, own
from publisher.console.findings import understanding
from publisher.console.todo import work_list
from publisher.intake.models import PlanRevision, RevisionState
from publisher.people.rights import Right


@needs(Right.READ)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(Plan.objects.select_related("imported_by", "replaced_by").defer("replaced_by__reading"), request, pk=pk)
    known = understanding(found)
    groups = {group.key: group for group in known.groups}
    themes = list(found.themes.filter(excluded=False))
    context = {
        "plan": found,
        "reading": known.reading,
        "groups": groups,
        "todo": work_list(found, known.findings),
        "corrections": known.corrections,
        "tree": grown(themes),
        "theme_count": len(themes),
        "lines": found.budget_lines.filter(closed_at=None),
        "money": summary(request.seat.organisation, found),
        "campaigns": found.campaigns.annotate(post_count=Count("posts")),
        "revisions": revisions(found),
        "duties": [*groups["tasks"].findings, *groups["duties"].findings],
    }
    return render(request, "console/plan.html", context)


def revisions(plan: Plan) -> list[PlanRevision]:
    """What replaces the plan or is replaced by it, decided or to decide."""
    rows = PlanRevision.objects.filter(Q(old=plan) | Q(new=plan)).exclude(state=RevisionState.APART)
    return list(rows.select_related("old", "new").defer("old__reading", "new__reading"))


@dataclass(slots=True)
class Branch:
    theme: Theme
    children: list[Branch]


def grown(themes: list[Theme]) -> list[Branch]:
    """The themes as a tree, in reading order. One pass: a parent is read before its children."""
    branches = {theme.pk: Branch(theme, []) for theme in themes}
    roots: list[Branch] = []
    for theme in themes:
        above = branches.get(theme.parent_id)
        (above.children if above else roots).append(branches[theme.pk])
    return roots
