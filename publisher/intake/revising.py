"""One plan replaces another: decided by a person, in one transaction, and reversible.

Posts, deliveries, history and money stay where they are. What both plans have goes on; what only the new one has gets
new drafts; what only the old one had is put to a person. `PlanRevision.before` holds what going back needs.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from campaigns.corrections import kept
from campaigns.models import Campaign, CampaignState, Plan, PostState
from campaigns.revising import Comparison, compare
from publisher.events.log import record
from publisher.intake.carrying import CannotRevise, carry_lines, name_of, take_back
from publisher.intake.definitions import Loaded, load_definitions, say
from publisher.intake.models import PlanRevision, RevisionState
from publisher.intake.plans import definitions_of
from publisher.intake.retying import Retying, put_back
from publisher.intake.understanding import understood
from publisher.people.models import Person

__all__ = [
    "CannotRevise",
    "compared",
    "decide_campaign",
    "derive_drafts",
    "keep_apart",
    "proposal_of",
    "revise",
    "undo",
]


@dataclass(frozen=True, slots=True)
class Compared:
    old: Plan
    new: Plan
    found: Comparison


def compared(old: Plan, new: Plan) -> Compared:
    """Both plans as corrected, held against each other; changes nothing."""
    return Compared(old, new, compare(understood(old), understood(new)))


def proposal_of(plan: Plan) -> PlanRevision | None:
    """The undecided proposal that this plan replaces another."""
    return plan.revises.filter(state=RevisionState.PROPOSED).select_related("old", "new").first()


@transaction.atomic
def revise(plan: Plan, by_plan: Plan, *, by: Person | None) -> PlanRevision:
    """`by_plan` replaces `plan`. Raises `CannotRevise`; then nothing changed."""
    old, new = locked(plan, by_plan)
    refuse(old, new)
    found = compare(understood(old), understood(new))
    money, to_see = carry_lines(old, new, found, by)
    retying = Retying(old, new, found, by)
    retying.carry()
    Plan.objects.filter(pk=old.pk).update(replaced_by=new)
    revision, _ = PlanRevision.objects.update_or_create(
        old=old,
        new=new,
        defaults={
            "state": RevisionState.ACCEPTED,
            "before": {**retying.before, "money": money},
            "to_see": [*to_see, *retying.to_see],
            "by": by,
            "decided_at": timezone.now(),
        },
    )
    told = {"old": old.pk, "new": new.pk, "themes": found.counts, "to_see": len(revision.to_see)}
    record("plan.revised", f"plan:{new.pk}", organisation=new.organisation, actor=by, data=told)
    plan.refresh_from_db()
    return revision


def locked(one: Plan, other: Plan) -> tuple[Plan, Plan]:
    pks = [one.pk, other.pk]
    rows = {row.pk: row for row in Plan.objects.select_for_update().filter(pk__in=pks).order_by("pk")}
    return rows[one.pk], rows[other.pk]


def refuse(old: Plan, new: Plan) -> None:
    if old.pk == new.pk or old.organisation_id != new.organisation_id:
        raise CannotRevise("Chỉ thay được một kế hoạch bằng một kế hoạch khác của cùng đơn vị.")
    for plan in (old, new):
        if plan.replaced_by_id:
            raise CannotRevise(
                f"Kế hoạch {name_of(plan)} đã được thay bằng một kế hoạch khác; chọn bản đang có hiệu lực."
            )


@transaction.atomic
def undo(revision: PlanRevision, *, by: Person | None) -> PlanRevision:
    """Takes a replacement back: campaigns, unsent drafts and budget lines as before. What was published since, and the
    money bound since, stays. Raises `CannotRevise`."""
    old, new = locked(revision.old, revision.new)
    revision = PlanRevision.objects.select_for_update().get(pk=revision.pk)
    if revision.state != RevisionState.ACCEPTED or new.replaced_by_id:
        raise CannotRevise("Việc thay thế này không còn hoàn tác được; kế hoạch mới đã lại được thay hoặc đã hoàn tác.")
    put_back(new, revision.before, by)
    take_back(old, new, revision.before["money"], by)
    Plan.objects.filter(pk=old.pk).update(replaced_by=None)
    revision.state, revision.decided_at, revision.by = RevisionState.UNDONE, timezone.now(), by
    revision.save(update_fields=["state", "decided_at", "by"])
    told = {"old": old.pk, "new": new.pk}
    record("plan.revision_undone", f"plan:{new.pk}", organisation=new.organisation, actor=by, data=told)
    return revision


@transaction.atomic
def keep_apart(revision: PlanRevision, *, by: Person | None) -> Loaded:
    """The proposal is wrong: two plans of their own. The new one derives its drafts now. Raises `CannotRevise`."""
    locked(revision.old, revision.new)
    rows = PlanRevision.objects.filter(pk=revision.pk, state=RevisionState.PROPOSED)
    if not rows.update(state=RevisionState.APART, by=by, decided_at=timezone.now()):
        raise CannotRevise("Đề nghị này vừa được người khác quyết định. Xem trạng thái mới của kế hoạch.")
    told = {"old": revision.old_id, "new": revision.new_id}
    organisation = revision.new.organisation
    record("plan.kept_apart", f"plan:{revision.new_id}", organisation=organisation, actor=by, data=told)
    return derive_drafts(revision.new, by=by)


def derive_drafts(plan: Plan, *, by: Person | None) -> Loaded:
    """Draft campaigns for contents of the plan that have none yet; what stands is left alone."""
    known = set(plan.campaigns.values_list("code", flat=True))
    reading = understood(plan)
    if not kept(reading["themes"]):
        return Loaded()
    definitions = definitions_of(plan, reading)
    fresh = [definition for definition in definitions.campaigns if definition.code not in known]
    if not fresh:
        return Loaded()
    definitions = definitions.model_copy(update={"campaigns": fresh})
    return load_definitions(definitions, organisation=plan.organisation, by=by, plan=plan)


@transaction.atomic
def decide_campaign(campaign: Campaign, *, keep: bool, by: Person | None, reason: str = "") -> None:
    """Answers `campaign.to_decide`: it goes on as it is, or is closed and its drafts put away."""
    Campaign.objects.filter(pk=campaign.pk).update(to_decide="")
    if not keep:
        Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.CLOSED)
        campaign.posts.filter(state=PostState.DRAFT).update(state=PostState.RETIRED)
    say(campaign, "decided", by, keep=keep, reason=reason.strip()[:500], question=campaign.to_decide)
    campaign.refresh_from_db()
