"""A new plan that says it amends an earlier one of the organisation: proposed as its replacement, a person decides."""

from __future__ import annotations

from campaigns.amending import amended_numbers, compact
from campaigns.models import Plan
from publisher.events.log import record
from publisher.intake.models import PlanRevision
from publisher.people.models import Person


def propose(plan: Plan, *, by: Person | None) -> bool:
    """Whether the plan says that it amends one of the organisation's; then the proposal stands as a row."""
    old = amended(plan)
    if old is None:
        return False
    why = f"Văn bản ghi là sửa đổi, bổ sung hoặc thay thế Kế hoạch số {old.number}."
    proposal = PlanRevision.objects.create(old=old, new=plan, why=why, by=by)
    told = {"old": old.pk, "new": plan.pk, "number": old.number, "revision": proposal.pk}
    record("plan.revision_proposed", f"plan:{plan.pk}", organisation=plan.organisation, actor=by, data=told)
    return True


def amended(plan: Plan) -> Plan | None:
    """The newest plan still in force that the plan's own words name."""
    numbers = {compact(number) for number in amended_numbers(plan.reading)}
    others = (
        Plan.objects.filter(organisation=plan.organisation, replaced_by=None).exclude(pk=plan.pk).exclude(number="")
    )
    return next((other for other in others.defer("reading") if compact(other.number) in numbers), None)
