"""Definitions become rows, in one transaction and safe to repeat; and rows become definitions again."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from campaigns.definitions import (
    CampaignDefinition,
    DefinitionError,
    DefinitionErrors,
    Definitions,
    Rhythm,
    Topic,
    dump,
    load,
)
from campaigns.models import Campaign, CampaignState, Plan, Post, Theme
from publisher.budget.models import BudgetLine
from publisher.delivery.models import Account
from publisher.events.log import record
from publisher.people.models import Organisation, Person

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no sign that is mistaken for another when read aloud or typed
FIELDS = ("title", "summary", "audiences", "channels", "starts_on", "ends_on")


@dataclass(slots=True)
class Loaded:
    """Codes of what a load did."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def load_yaml(text: str, *, organisation: Organisation, by: Person | None) -> Loaded:
    """Loads a definition file. Raises `DefinitionErrors` with everything wrong; then nothing was loaded."""
    return load_definitions(load(text), organisation=organisation, by=by)


@transaction.atomic
def load_definitions(
    definitions: Definitions, *, organisation: Organisation, by: Person | None, plan: Plan | None = None
) -> Loaded:
    plans = plans_of(definitions, organisation, plan)
    problems = [p for d in definitions.campaigns for p in misfits(d, plans[d.code], organisation)]
    if problems:
        raise DefinitionErrors(problems)
    loaded = Loaded()
    for definition in definitions.campaigns:
        load_campaign(definition, organisation, plans[definition.code], by, loaded)
    return loaded


def plans_of(definitions: Definitions, organisation: Organisation, plan: Plan | None) -> dict[str, Plan | None]:
    """The plan of every campaign by its code: its own where it exists already, else the one the file names."""
    named = plan or named_plan(definitions, organisation)
    codes = [campaign.code for campaign in definitions.campaigns]
    known = Campaign.objects.filter(organisation=organisation, code__in=codes).select_related("plan")
    return dict.fromkeys(codes, named) | {campaign.code: campaign.plan for campaign in known}


def named_plan(definitions: Definitions, organisation: Organisation) -> Plan | None:
    """The newest plan with the number."""
    if definitions.plan is None:
        return None
    return Plan.objects.filter(organisation=organisation, number=definitions.plan).first()


def misfits(definition: CampaignDefinition, plan: Plan | None, organisation: Organisation) -> Iterable[DefinitionError]:
    """Names in a definition that nothing answers to."""
    paths = set(plan.themes.values_list("path", flat=True)) if plan else set()
    wanted = [*definition.themes, *(topic.theme for topic in definition.topics)]
    for path in dict.fromkeys(wanted):
        if path not in paths:
            yield DefinitionError(None, definition.code, f"kế hoạch không có nội dung ở vị trí “{path}”")
    if definition.budget_line and line_named(definition.budget_line, plan, organisation) is None:
        yield DefinitionError(None, definition.code, f"không có dòng dự toán “{definition.budget_line}”")


def line_named(name: str, plan: Plan | None, organisation: Organisation) -> BudgetLine | None:
    lines = BudgetLine.objects.filter(organisation=organisation)
    own = lines.filter(plan=plan)
    return own.filter(label=name).first() or own.filter(name=name).first() or lines.filter(name=name).first()


def load_campaign(
    definition: CampaignDefinition, organisation: Organisation, plan: Plan | None, by: Person | None, loaded: Loaded
) -> None:
    campaign = Campaign.objects.filter(organisation=organisation, code=definition.code).first()
    line = line_named(definition.budget_line, plan, organisation) if definition.budget_line else None
    values = {name: getattr(definition, name) for name in FIELDS}
    values |= {"rhythm": definition.rhythm.model_dump() if definition.rhythm else {}, "budget_line": line}
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
    served = set(campaign.posts.exclude(theme=None).values_list("theme__path", flat=True))
    for topic in topics:
        if topic.theme not in served:
            draft_post(campaign, topic, by)


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
    return CampaignDefinition(
        code=campaign.code,
        themes=list(campaign.themes.order_by("order").values_list("path", flat=True)),
        rhythm=Rhythm(**campaign.rhythm) if campaign.rhythm else None,
        budget_line=line_name(campaign),
        topics=[topic_of(post) for post in campaign.posts.exclude(theme=None).order_by("theme__order", "pk")],
        **{name: getattr(campaign, name) for name in FIELDS},
    )


def line_name(campaign: Campaign) -> str | None:
    """What `line_named` finds the campaign's line by: its label, or its name where another line has that label."""
    line = campaign.budget_line
    if line is None:
        return None
    return line.label if line.label and line_named(line.label, campaign.plan, line.organisation) == line else line.name


def topic_of(post: Post) -> Topic:
    return Topic(
        theme=post.theme.path,
        title=post.title,
        lead=post.lead,
        body=post.body,
        footer=post.footer,
        unconfirmed=post.unconfirmed,
    )
