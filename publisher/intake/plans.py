"""A plan document becomes rows: plan, themes, targets, budget lines, draft campaigns and draft posts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from assets.store import Store
from campaigns import headlines
from campaigns.definitions import Definitions, dump
from campaigns.deriving import derive, plan_key, walk
from campaigns.models import Campaign, Plan, Post, Target, Theme
from campaigns.reading.guarded import read_guarded
from channels.files import Batch
from publisher.budget.models import BudgetLine
from publisher.config import config
from publisher.events.log import record
from publisher.intake.definitions import load_definitions
from publisher.people.models import Organisation, Person


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import left behind; `created` is False when this very document had been imported before."""

    plan: Plan
    campaigns: list[Campaign]
    posts: list[Post]
    created: bool
    definitions: Path


def import_plan(data: bytes, name: str, *, organisation: Organisation, by: Person | None) -> Imported:
    """Reads and stores a plan and derives draft campaigns, all in one transaction. Raises `PlanRefused`."""
    reading = read_guarded(data, name)
    sha256 = documents().put(data)
    with transaction.atomic():
        plan, created = store(reading, sha256, name, organisation, by)
        definitions = definitions_of(plan) if reading["themes"] else None
        if created and definitions:
            load_definitions(definitions, organisation=organisation, by=by, plan=plan)
        path = keep_definitions(plan, definitions)
    return Imported(plan, list(plan.campaigns.all()), list(Post.objects.filter(campaign__plan=plan)), created, path)


def documents() -> Store:
    """The documents themselves, as they came: what was read can always be held against them."""
    return Store(config.private_folder("plans"))


def definitions_of(plan: Plan) -> Definitions:
    organisation = plan.organisation
    return derive(
        plan.reading,
        key=key_of(plan),
        publisher=organisation.short_name,
        footer=headlines.footer(organisation.hotline, organisation.address),
    )


def key_of(plan: Plan) -> str:
    """Begins the codes of the plan's campaigns; another document of the same number leaves those of the first alone."""
    same = Plan.objects.filter(organisation=plan.organisation, number=plan.number, year=plan.year, pk__lt=plan.pk)
    key = plan_key(plan.reading, plan.source_sha256)
    return f"{key}-{plan.source_sha256[:6]}" if plan.number and same.exists() else key


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
    for order, (path, parent, node) in enumerate(walk(reading["themes"]), start=1):
        rows[path] = Theme.objects.create(
            plan=plan,
            parent=rows.get(parent) if parent else None,
            order=order,
            path=path[:40],
            label=(node["label"] or "")[:20],
            title=node["title"],
            text=node.get("text") or "",
            source=node.get("source") or {},
        )


def store_targets(plan: Plan, reading: dict[str, Any]) -> None:
    Target.objects.bulk_create(
        Target(
            plan=plan,
            order=order,
            text=target["text"],
            count=target["count"],
            unit=(target["unit"] or "")[:60],
            period=(target["period"] or "")[:40],
            op=target["op"] or "",
            channel=(target["channel"] or "")[:120],
            source=target.get("source") or {},
        )
        for order, target in enumerate(reading["targets"], start=1)
    )


def store_budget(plan: Plan, reading: dict[str, Any]) -> None:
    budget = reading["budget"] or {"lines": []}
    BudgetLine.objects.bulk_create(
        BudgetLine(
            organisation=plan.organisation,
            plan=plan,
            order=order,
            label=(line["label"] or "")[:20],
            name=line["name"],
            amount=line["amount"],
            payees=line["payees"],
            period=(line["period"] or "")[:120],
            owner=(line["owner"] or "")[:200],
            source=line.get("source") or {},
        )
        for order, line in enumerate(budget["lines"], start=1)
    )


def keep_definitions(plan: Plan, definitions: Definitions | None) -> Path:
    """Leaves the derived definitions as a file to edit; an edited one is never overwritten."""
    path = config.private_folder("definitions") / plan.organisation.slug / f"{key_of(plan)}.yaml"
    if definitions and not path.exists():
        with Batch(path.parent) as batch:
            batch.put(path.name, dump(definitions).encode())
    return path
