"""Two plans held against each other, and the decision whether one replaces the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from campaigns.fields import ITEMS, SCALARS, Field
from campaigns.models import Plan, PostState
from campaigns.revising import Change, ItemChange
from publisher.console.doors import needs, own
from publisher.console.forms import PlainForm
from publisher.console.value_words import in_words
from publisher.intake.models import PlanRevision, RevisionState
from publisher.intake.revising import CannotRevise, Compared, compared, keep_apart, revise, undo
from publisher.people.rights import Right

LISTS = (
    ("Chỉ tiêu", "targets", "targets"),
    ("Dự toán", "lines", "budget/lines"),
    ("Nhiệm vụ", "tasks", "tasks"),
    ("Kênh", "channels", "channels"),
    ("Đối tượng", "audiences", "audiences"),
)
TONES = {"added": ("good", "thêm"), "removed": ("bad", "bỏ"), "changed": ("ask", "đổi"), "reworded": ("ask", "đổi lời")}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs, with its values in words: (name, before, after)."""

    tone: str
    what: str
    words: str
    values: tuple[tuple[str, str, str], ...]


class PairForm(PlainForm):
    """The earlier plan to hold this one against."""

    cu = forms.ModelChoiceField(
        label="Kế hoạch cũ",
        queryset=Plan.objects.none(),
        empty_label="Chọn kế hoạch",
        error_messages={"invalid_choice": "Không có kế hoạch này."},
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Plan.objects.filter(organisation=plan.organisation, replaced_by=None).exclude(pk=plan.pk)
        self.fields["cu"].queryset = others.defer("reading")


@needs(Right.READ)
def compare_with(request: HttpRequest, pk: int) -> HttpResponse:
    """This plan held against an earlier one that a person picks."""
    plan = own(Plan.objects.select_related("organisation"), request, pk=pk)
    form = PairForm(request.GET if "cu" in request.GET else None, plan=plan)
    context: dict[str, Any] = {"plan": plan, "form": form}
    if form.is_valid():
        known = PlanRevision.objects.filter(old=form.cleaned_data["cu"], new=plan).first()
        if known:
            return redirect("plan-revision", pk=known.pk)
        context |= shown(compared(form.cleaned_data["cu"], plan))
    return render(request, "console/plan_compare.html", context)


@needs(post=Right.WRITE)
def replaced(request: HttpRequest, pk: int) -> HttpResponse:
    """A person says that this plan replaces an earlier one."""
    plan = own(Plan.objects.select_related("organisation"), request, pk=pk)
    form = PairForm(request.POST, plan=plan)
    if not form.is_valid():
        return render(request, "console/plan_compare.html", {"plan": plan, "form": form}, status=422)
    return decided(request, form.cleaned_data["cu"], plan)


def decided(request: HttpRequest, old: Plan, new: Plan) -> HttpResponse:
    try:
        revision = revise(old, new, by=request.seat.person)
    except CannotRevise as error:
        messages.error(request, str(error))
        return redirect("plan", pk=new.pk)
    messages.success(request, "Đã thay kế hoạch cũ. Bài, lịch sử và tiền vẫn ở nguyên chỗ.")
    return redirect("plan-revision", pk=revision.pk)


@needs(Right.READ, post=Right.WRITE)
def revision(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal or replacement: the differences, what will happen, and the decision."""
    rows = PlanRevision.objects.filter(new__organisation=request.seat.organisation)
    found = own_revision(request, rows, pk)
    if request.method == "POST":
        return act(request, found)
    standing = shown(compared(found.old, found.new)) if found.state != RevisionState.ACCEPTED else {}
    return render(request, "console/plan_revision.html", {"plan": found.new, "revision": found, **standing})


def own_revision(request: HttpRequest, rows: Any, pk: int) -> PlanRevision:
    plan = own(Plan, request, revises__pk=pk)
    return rows.select_related("old__organisation", "new__organisation", "by").get(pk=pk, new=plan)


def act(request: HttpRequest, found: PlanRevision) -> HttpResponse:
    what = request.POST.get("la", "")
    if what == "thay" and found.state in (RevisionState.PROPOSED, RevisionState.UNDONE):
        return decided(request, found.old, found.new)
    try:
        if what == "rieng" and found.state == RevisionState.PROPOSED:
            loaded = keep_apart(found, by=request.seat.person)
            messages.success(request, f"Giữ hai kế hoạch riêng. Đã lập {len(loaded.created)} chiến dịch nháp.")
        elif what == "hoan-tac" and found.state == RevisionState.ACCEPTED:
            undo(found, by=request.seat.person)
            messages.success(request, "Đã trở lại kế hoạch cũ.")
        else:
            messages.error(request, "Việc này đã được quyết định. Xem trạng thái mới bên dưới.")
    except CannotRevise as error:
        messages.error(request, str(error))
    return redirect("plan", pk=found.new_id)


def shown(pair: Compared) -> dict[str, Any]:
    found = pair.found
    lists = [(title, list(differences(getattr(found, name), kind))) for title, name, kind in LISTS]
    facts = [(c.field, *both(c, SCALARS)) for c in found.facts]
    return {
        "pair": pair,
        "themes": [change for change in found.themes if change.change != "same" or change.renumbered],
        "counts": found.counts,
        "facts": facts,
        "lists": [(title, rows) for title, rows in lists if rows],
        "same": not facts and not any(rows for _, rows in lists) and found.counts["same"] == len(found.themes),
        "carried": consequences(pair),
    }


def differences(items: Sequence[ItemChange], kind: str) -> Iterator[Difference]:
    for item in items:
        if item.change != "same":
            tone, what = TONES[item.change]
            values = tuple((change.field, *both(change, ITEMS[kind])) for change in item.changes)
            yield Difference(tone, what, item.words, values)


def both(change: Change, fields: Mapping[str, Field]) -> tuple[str, str]:
    """Before and after in words, by the field of that name."""
    field = next((one for one in fields.values() if named(one) == change.field), None)
    return (as_words(field, change.old), as_words(field, change.new))


def named(field: Field) -> str:
    """The short name by which a comparison calls the field."""
    return field.words.partition(" (")[0].replace(" ghi trong kế hoạch", "")


def as_words(field: Field | None, value: Any) -> str:
    if field is not None:
        return in_words(field, value)
    return "" if value is None else {True: "có", False: "không"}.get(value, str(value))


def consequences(pair: Compared) -> dict[str, int]:
    """What a replacement touches: campaigns that go on, those a person will be asked about, posts and money."""
    gone = {change.old.path for change in pair.found.themes if change.change == "removed" and change.old}
    rows = list(pair.old.campaigns.prefetch_related("themes"))
    asked = sum(bool(themes) and {theme.path for theme in themes} <= gone for themes in (c.themes.all() for c in rows))
    posts = sum(1 for _ in pair.old.campaigns.values_list("posts__pk").exclude(posts__state=PostState.RETIRED))
    return {
        "campaigns": len(rows) - asked,
        "asked": asked,
        "posts": posts,
        "added": pair.found.counts["added"],
        "lines": sum(line.change in ("same", "changed") for line in pair.found.lines),
    }
