"""Campaigns from a plan: what deriving would add, change or leave, told before it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from campaigns.corrections import kept
from campaigns.definitions import CampaignDefinition, DefinitionErrors, Definitions, Topic
from campaigns.models import Campaign, Plan, Post
from publisher.console.campaign_words import NAMES, said
from publisher.console.doors import needs, own
from publisher.intake.definitions import FIELDS, load_definitions
from publisher.intake.models import PlanRevision, RevisionState
from publisher.intake.plans import definitions_of
from publisher.intake.understanding import understood
from publisher.people.rights import Right


@dataclass(frozen=True, slots=True)
class Change:
    words: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What deriving would do to one campaign. `campaign` None: it would be new."""

    definition: CampaignDefinition
    campaign: Campaign | None
    changes: tuple[Change, ...]
    topics: tuple[Topic, ...]

    @property
    def same(self) -> bool:
        return self.campaign is not None and not self.changes and not self.topics

    @property
    def chosen(self) -> bool:
        """Offered as ticked: what takes no word away from anybody."""
        return self.campaign is None or (not self.changes and bool(self.topics))


@needs(Right.READ, post=Right.WRITE)
def derive(request: HttpRequest, pk: int) -> HttpResponse:
    plan = own(Plan, request, pk=pk)
    reading = understood(plan)
    definitions = definitions_of(plan, reading) if kept(reading["themes"]) else None
    drafts = list(drafts_of(plan, definitions)) if definitions else []
    asked = PlanRevision.objects.filter(new=plan, state=RevisionState.PROPOSED).select_related("old").first()
    problems: list[str] = []
    if request.method == "POST" and definitions and not asked:
        codes = set(request.POST.getlist("chien-dich"))
        wanted = [definition for definition in definitions.campaigns if definition.code in codes]
        problems = load(request, plan, wanted)
        if not problems:
            return redirect("plan", pk=pk)
    known = {draft.definition.code for draft in drafts}
    context = {
        "plan": plan,
        "drafts": drafts,
        "asked": asked,
        "problems": problems,
        "apart": [campaign for campaign in plan.campaigns.all() if campaign.code not in known],
        "ready": any(not draft.same for draft in drafts),
    }
    return render(request, "console/plan_derive.html", context, status=422 if problems else 200)


def load(request: HttpRequest, plan: Plan, wanted: list[CampaignDefinition]) -> list[str]:
    """Loads what was chosen; what is wrong, when something is."""
    if not wanted:
        return ["Hãy chọn ít nhất một chiến dịch để lập."]
    definitions = Definitions(plan=None, campaigns=wanted)
    try:
        loaded = load_definitions(definitions, organisation=plan.organisation, by=request.seat.person, plan=plan)
    except DefinitionErrors as refused:
        return [str(error) for error in refused.errors]
    made = f"{len(loaded.created)} chiến dịch mới" if loaded.created else ""
    changed = f"{len(loaded.changed)} chiến dịch thay đổi" if loaded.changed else ""
    messages.success(request, f"Đã lập: {', '.join(filter(None, [made, changed])) or 'thêm bài nháp'}.")
    return []


def drafts_of(plan: Plan, definitions: Definitions) -> Iterator[Draft]:
    """Each derived campaign beside the one that stands, new ones first, unchanged ones last."""
    rows = plan.campaigns.select_related("budget_line").prefetch_related("themes")
    standing = {campaign.code: campaign for campaign in rows}
    served: dict[int, set[str]] = {}
    posts = Post.objects.filter(campaign__plan=plan).exclude(theme=None)
    for campaign, path in posts.values_list("campaign_id", "theme__path"):
        served.setdefault(campaign, set()).add(path)
    drafts = [draft_of(one, standing.get(one.code), served) for one in definitions.campaigns]
    yield from sorted(drafts, key=lambda draft: (draft.same, draft.campaign is not None))


def draft_of(definition: CampaignDefinition, campaign: Campaign | None, served: dict[int, set[str]]) -> Draft:
    if campaign is None:
        return Draft(definition, None, (), tuple(definition.topics))
    topics = [topic for topic in definition.topics if topic.theme not in served.get(campaign.pk, ())]
    return Draft(definition, campaign, tuple(changes(campaign, definition)), tuple(topics))


def changes(campaign: Campaign, definition: CampaignDefinition) -> Iterator[Change]:
    now, then = values_of(campaign), definition.model_dump(exclude_none=True)
    line = campaign.budget_line
    named = {line.label, line.name} if line else {None}
    for name in (*FIELDS, "themes", "rhythm", "rhythms"):
        before, after = said(name, now[name]), said(name, then.get(name))
        if before != after:
            yield Change(NAMES[name], before, after)
    if definition.budget_line not in named:
        yield Change(NAMES["budget_line"], str(line or ""), definition.budget_line or "")


def values_of(campaign: Campaign) -> dict[str, Any]:
    paths = [theme.path for theme in sorted(campaign.themes.all(), key=lambda theme: theme.order)]
    values = {name: getattr(campaign, name) for name in FIELDS}
    return values | {"themes": paths, "rhythm": campaign.rhythm, "rhythms": campaign.rhythms}
