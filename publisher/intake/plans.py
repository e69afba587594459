"""A plan document becomes rows: plan, themes, targets, budget lines, draft campaigns and draft posts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from assets.store import Store
from campaigns import headlines
from campaigns.corrections import kept
from campaigns.definitions import Definitions, dump
from campaigns.deriving import derive, plan_key, pointers_of, walk
from campaigns.models import Campaign, Plan, Post, Target, Theme
from campaigns.reading.guarded import read_guarded
from channels.files import Batch
from publisher.budget.models import BudgetLine
from publisher.config import config
from publisher.events.log import record
from publisher.intake.definitions import load_definitions
from publisher.intake.models import RevisionState
from publisher.intake.proposals import propose
from publisher.intake.rows import line_columns, target_columns, theme_columns
from publisher.intake.understanding import understood
from publisher.intake.warnings import import_warnings
from publisher.people.models import Organisation, Person

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import left behind; `created` is False when this very document had been imported before."""

    plan: Plan
    campaigns: list[Campaign]
    posts: list[Post]
    created: bool
    definitions: Path
    amends: str | None = None  # number of the plan it says it amends, while nobody has decided on that


def import_plan(
    data: bytes, name: str, *, organisation: Organisation, by: Person | None, progress: Progress | None = None
) -> Imported:
    """Reads and stores a plan and derives draft campaigns, all in one transaction. Raises `PlanRefused`.

    `progress(done, total)` is called while the file is read. A plan that says it amends an earlier one of the
    organisation derives nothing yet: first a person decides whether it replaces that one (publisher.intake.revising).
    """
    return keep_plan(read_guarded(data, name, progress, soffice=config.soffice), data, name, organisation, by)


def keep_plan(
    reading: dict[str, Any], data: bytes, name: str, organisation: Organisation, by: Person | None
) -> Imported:
    """What `import_plan` does with a reading of `data`."""
    sha256 = documents().put(data)
    with transaction.atomic():
        plan, created = store(reading, sha256, name, organisation, by)
        definitions = definitions_of(plan) if kept(understood(plan)["themes"]) else None
        waits = created and propose(plan, by=by)
        if created and definitions and not waits:
            load_definitions(definitions, organisation=organisation, by=by, plan=plan)
        path = keep_definitions(plan, definitions)
    waiting = plan.revises.filter(state=RevisionState.PROPOSED).values_list("old__number", flat=True).first()
    return Imported(
        plan, list(plan.campaigns.all()), list(Post.objects.filter(campaign__plan=plan)), created, path, waiting
    )


def documents() -> Store:
    """The documents themselves, as they came: what was read can always be held against them."""
    return Store(config.private_folder("plans"))


def definitions_of(plan: Plan, reading: dict[str, Any] | None = None) -> Definitions:
    """What the plan as corrected derives; with `reading`, what that reading of it would."""
    organisation = plan.organisation
    return derive(
        understood(plan) if reading is None else reading,
        key=key_of(plan),
        publisher=organisation.short_name,
        footer=headlines.footer(organisation.hotline, organisation.address),
    )


def key_of(plan: Plan) -> str:
    """Begins the codes of the plan's campaigns; another document of the same number leaves those of the first alone."""
    number, year = plan.reading["number"], plan.reading["year"]  # as read: a correction must not rename campaigns
    same = Plan.objects.filter(organisation=plan.organisation, reading__number=number, reading__year=year)
    key = plan_key(plan.reading, plan.source_sha256)
    return f"{key}-{plan.source_sha256[:6]}" if number and same.filter(pk__lt=plan.pk).exists() else key


def store(
    reading: dict[str, Any], sha256: str, name: str, organisation: Organisation, by: Person | None
) -> tuple[Plan, bool]:
    known = Plan.objects.filter(organisation=organisation, source_sha256=sha256).first()
    if known:
        return known, False
    plan = Plan.objects.create(
        organisation=organisation,
        number=reading["number"] or "",
        date=reading["date"],
        title=reading["title"] or name,
        issuer=(reading["issuer"] or {}).get("name") or "",
        year=reading["year"],
        source_name=name[:255],
        source_sha256=sha256,
        reading=reading,
        import_warnings=import_warnings(reading, organisation, sha256),
        imported_by=by,
    )
    store_themes(plan, reading)
    store_targets(plan, reading)
    store_budget(plan, reading)
    record(
        "plan.imported",
        f"plan:{plan.pk}",
        organisation=organisation,
        actor=by,
        data={"number": plan.number, "sha256": sha256, "themes": plan.themes.count(), "warnings": len(plan.warnings)},
    )
    return plan, True


def store_themes(plan: Plan, reading: dict[str, Any]) -> None:
    rows: dict[str, Theme] = {}
    places = zip(pointers_of(reading["themes"]), walk(reading["themes"]), strict=True)
    for order, (pointer, (path, parent, node)) in enumerate(places, start=1):
        rows[path] = Theme.objects.create(
            plan=plan,
            parent=rows.get(parent) if parent else None,
            order=order,
            pointer=pointer,
            **theme_columns(path, node),
        )


def store_targets(plan: Plan, reading: dict[str, Any]) -> None:
    Target.objects.bulk_create(
        Target(plan=plan, order=order, **target_columns(target))
        for order, target in enumerate(reading["targets"], start=1)
    )


def store_budget(plan: Plan, reading: dict[str, Any]) -> None:
    budget = reading["budget"] or {"lines": []}
    BudgetLine.objects.bulk_create(
        BudgetLine(organisation=plan.organisation, plan=plan, order=order, **line_columns(line))
        for order, line in enumerate(budget["lines"], start=1)
    )


def keep_definitions(plan: Plan, definitions: Definitions | None) -> Path:
    """Leaves the derived definitions as a file to edit; an edited one is never overwritten."""
    path = config.private_folder("definitions") / plan.organisation.slug / f"{key_of(plan)}.yaml"
    if definitions and not path.exists():
        with Batch(path.parent) as batch:
            batch.put(path.name, dump(definitions).encode())
    return path
