"""Definitions become rows, in one transaction and safe to repeat; and rows become definitions again."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from campaigns.definitions import (
    CampaignDefinition,
    DefinitionError,
    DefinitionErrors,
    Definitions,
    Name,
    Rhythm,
    Topic,
    dump,
    load,
    names_in,
)
from campaigns.models import Campaign, CampaignState, Plan, Post, PostState, Theme
from publisher.budget.models import BudgetLine
from publisher.delivery.models import Account
from publisher.events.log import record
from publisher.people.models import Organisation, Person

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no sign that is mistaken for another when read aloud or typed
FIELDS = ("title", "summary", "audiences", "channels", "owner", "starts_on", "ends_on", "notes")


@dataclass(slots=True)
class Loaded:
    """Codes of what a load did."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def load_yaml(text: str, *, organisation: Organisation, by: Person | None) -> Loaded:
    """Loads a definition file. Raises `DefinitionErrors` with everything wrong; then nothing was loaded."""
    definitions = load(text, lambda names: misfits(names, organisation))
    return load_definitions(definitions, organisation=organisation, by=by)


@transaction.atomic
def load_definitions(
    definitions: Definitions, *, organisation: Organisation, by: Person | None, plan: Plan | None = None
) -> Loaded:
    names = list(names_in(definitions.model_dump()))
    problems = [DefinitionError(None, name.code, said) for name, said in misfits(names, organisation, plan)]
    if problems:
        raise DefinitionErrors(problems)
    plans = plans_of(names, organisation, plan)
    loaded = Loaded()
    for definition in definitions.campaigns:
        load_campaign(definition, organisation, plans(definition.code), by, loaded)
    return loaded


def plans_of(names: list[Name], organisation: Organisation, plan: Plan | None) -> Callable[[str], Plan | None]:
    """The plan of every campaign by its code: its own where it exists already, else the one the file names."""
    number = next((name.value for name in names if name.kind == "plan"), None)
    named = plan or (named_plan(number, organisation) if number else None)
    known = Campaign.objects.filter(organisation=organisation).select_related("plan").defer("plan__reading")
    own = {campaign.code: campaign.plan for campaign in known}
    return lambda code: own.get(code, named)


def named_plan(number: str, organisation: Organisation) -> Plan | None:
    """The newest plan with the number; one in force before one that was replaced."""
    found = Plan.objects.filter(organisation=organisation, number=number)
    return found.filter(replaced_by=None).first() or found.first()


def misfits(names: list[Name], organisation: Organisation, plan: Plan | None = None) -> Iterable[tuple[Name, str]]:
    """Names in a definition that nothing answers to."""
    plans = plans_of(names, organisation, plan)
    paths: dict[Plan | None, set[str]] = {None: set()}
    for name in names:
        found = plans(name.code)
        if found is not None and found not in paths:
            paths[found] = set(found.themes.values_list("path", flat=True))
        if name.kind == "plan" and plan is None and named_plan(name.value, organisation) is None:
            yield name, f"chưa có kế hoạch số “{name.value}”; nhập kế hoạch trước, hoặc sửa lại số"
        elif name.kind == "theme" and name.value not in paths[found]:
            yield name, f"kế hoạch không có nội dung ở vị trí “{name.value}”"
        elif name.kind == "budget_line" and line_named(name.value, found, organisation) is None:
            yield name, f"không có dòng dự toán “{name.value}”"


def line_named(name: str, plan: Plan | None, organisation: Organisation) -> BudgetLine | None:
    lines = BudgetLine.objects.filter(organisation=organisation)
    own = lines.filter(plan=plan)
    return own.filter(label=name).first() or own.filter(name=name).first() or lines.filter(name=name).first()


def columns_of(definition: CampaignDefinition, plan: Plan | None, organisation: Organisation) -> dict[str, Any]:
    """The columns of a campaign row that a definition fills."""
    values: dict[str, Any] = {name: getattr(definition, name) for name in FIELDS}
    rhythms = [rhythm.model_dump(exclude_none=True) for rhythm in definition.rhythms]
    rhythm = definition.rhythm.model_dump(exclude_none=True) if definition.rhythm else {}
    line = line_named(definition.budget_line, plan, organisation) if definition.budget_line else None
    return values | {"rhythm": rhythm, "rhythms": rhythms, "budget_line": line}


def load_campaign(
    definition: CampaignDefinition, organisation: Organisation, plan: Plan | None, by: Person | None, loaded: Loaded
) -> None:
    campaign = Campaign.objects.filter(organisation=organisation, code=definition.code).first()
    values = columns_of(definition, plan, organisation)
    if campaign is None:
        campaign = Campaign.objects.create(
            organisation=organisation, plan=plan, code=definition.code, state=CampaignState.DRAFT, **values
        )
        campaign.themes.set(themes_at(plan, definition.themes))
        say(campaign, "created", by)
        loaded.created.append(definition.code)
    elif changed := changes(campaign, values, definition):
        update(campaign, values, definition)
        say(campaign, "changed", by, fields=changed)
        loaded.changed.append(definition.code)
    else:
        loaded.unchanged.append(definition.code)
    load_topics(campaign, definition.topics, by)


def changes(campaign: Campaign, values: dict[str, object], definition: CampaignDefinition) -> list[str]:
    found = [name for name, value in values.items() if getattr(campaign, name) != value]
    if sorted(campaign.themes.values_list("path", flat=True)) != sorted(definition.themes):
        found.append("themes")
    return found


def update(campaign: Campaign, values: dict[str, object], definition: CampaignDefinition) -> None:
    for name, value in values.items():
        setattr(campaign, name, value)
    campaign.save(update_fields=list(values))
    campaign.themes.set(themes_at(campaign.plan, definition.themes))


def themes_at(plan: Plan | None, paths: list[str]) -> list[Theme]:
    return list(plan.themes.filter(path__in=paths)) if plan else []


def load_topics(campaign: Campaign, topics: list[Topic], by: Person | None) -> None:
    """A topic makes a draft post once; later loads leave what an officer wrote alone."""
    for topic in new_topics(campaign, topics):
        draft_post(campaign, topic, by)


def new_topics(campaign: Campaign, topics: list[Topic]) -> list[Topic]:
    """Those no post of the campaign serves yet."""
    served = {standing(post.theme, campaign.plan).path for post in campaign.posts.exclude(theme=None)}
    return [topic for topic in topics if topic.theme not in served]


def standing(theme: Theme, plan: Plan | None) -> Theme:
    """The theme itself, or what continues it in the plan that replaced its own. A post that went out keeps the theme it
    served when it did."""
    while plan is not None and theme.plan_id != plan.pk:
        later = theme.continued_by.order_by("-pk").first()
        if later is None:
            return theme
        theme = later
    return theme


def draft_post(campaign: Campaign, topic: Topic, by: Person | None) -> Post:
    post = Post.objects.create(
        organisation=campaign.organisation,
        campaign=campaign,
        theme=campaign.plan.themes.filter(path=topic.theme).first() if campaign.plan else None,
        ref=new_ref(),
        title=topic.title,
        lead=topic.lead,
        body=topic.body,
        footer=topic.footer,
        author=by,
        unconfirmed=topic.unconfirmed,
    )
    post.accounts.set(
        Account.objects.filter(organisation=campaign.organisation, kind__in=campaign.channels, retired_at=None)
    )
    record(
        "post.drafted",
        f"post:{post.pk}",
        organisation=campaign.organisation,
        actor=by,
        data={"campaign": campaign.code, "theme": topic.theme},
    )
    return post


def new_ref() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(8))


def say(campaign: Campaign, what: str, by: Person | None, **data: object) -> None:
    record(f"campaign.{what}", f"campaign:{campaign.pk}", organisation=campaign.organisation, actor=by, data=data)


def export_yaml(campaigns: Iterable[Campaign]) -> str:
    """The campaigns as a definition file that loads back unchanged."""
    chosen = list(campaigns)
    plan = next((campaign.plan for campaign in chosen if campaign.plan), None)
    number = (plan.number or None) if plan else None
    return dump(Definitions(plan=number, campaigns=[definition_of(campaign) for campaign in chosen]))


def definition_of(campaign: Campaign) -> CampaignDefinition:
    posts = campaign.posts.exclude(theme=None).exclude(state=PostState.RETIRED).select_related("theme")
    return CampaignDefinition(
        code=campaign.code,
        themes=list(campaign.themes.order_by("order").values_list("path", flat=True)),
        rhythm=Rhythm(**campaign.rhythm) if campaign.rhythm else None,
        rhythms=[Rhythm(**rhythm) for rhythm in campaign.rhythms],
        budget_line=line_name(campaign),
        topics=[topic_of(post, campaign) for post in posts.order_by("theme__order", "pk")],
        **{name: getattr(campaign, name) for name in FIELDS},
    )


def line_name(campaign: Campaign) -> str | None:
    """What `line_named` finds the campaign's line by: its label, or its name where another line has that label."""
    line = campaign.budget_line
    if line is None:
        return None
    return line.label if line.label and line_named(line.label, campaign.plan, line.organisation) == line else line.name


def topic_of(post: Post, campaign: Campaign) -> Topic:
    theme = standing(post.theme, campaign.plan)
    return Topic(
        theme=theme.path,
        title=post.title,
        lead=post.lead,
        body=post.body,
        footer=post.footer,
        lines=theme.source.get("lines"),
        unconfirmed=post.unconfirmed,
    )
