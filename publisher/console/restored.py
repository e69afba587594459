"""Khôi phục từ bản sao lưu: what may have gone out after the backup, decided before anything goes out again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from publisher.approval import blackouts as service
from publisher.approval.rescheduling import MOVING
from publisher.approval.review import Refused
from publisher.console.doors import needs
from publisher.console.forms import PlainForm, first_error
from publisher.console.unknown import doubtful, for_people
from publisher.delivery import restoring
from publisher.delivery.models import Delivery
from publisher.delivery.rescheduling import NAMED
from publisher.delivery.scheduling import CannotSchedule
from publisher.delivery.states import State
from publisher.people.models import Organisation
from publisher.people.rights import Right

MOST = 200  # rows written out in each list
STANDING = (State.DELIVERED, State.HANDED_OVER, State.PROCESSING, State.CORRECTED, State.WITHDRAWN)


class BulkForm(PlainForm):
    do = forms.ChoiceField(label="Quyết định", choices=[("now", "đăng"), ("drop", "hủy")])
    rows = forms.ModelMultipleChoiceField(
        label="Lượt đăng",
        queryset=Delivery.objects.none(),
        error_messages={"required": "Hãy chọn ít nhất một lượt.", "invalid_choice": "Có lượt đã được quyết định rồi."},
    )
    reason = forms.CharField(label="Lý do", required=False, max_length=500)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rows"].queryset = absent(organisation)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("do") == "drop" and not given.get("reason"):
            self.add_error("reason", "Hãy ghi vì sao hủy.")
        return given


@needs(Right.READ)
def restored(request: HttpRequest) -> HttpResponse:
    return page(request)


@needs(post=MOVING)
def decided(request: HttpRequest) -> HttpResponse:
    """Every chosen row by itself: what one of them forbids does not stop the others."""
    form = BulkForm(request.POST, organisation=request.seat.organisation)
    if not form.is_valid():
        return page(request, status=422, refused=[first_error(form)])
    done, refused = 0, []
    for row in form.cleaned_data["rows"]:
        try:
            decide(row, form.cleaned_data, request.seat.person)
            done += 1
        except (Refused, CannotSchedule) as error:
            refused.append(f"“{row.version.title}”, {row.account.name}: {error}")
    if done:
        words = "sẽ đăng khi hệ thống chạy lại" if form.cleaned_data["do"] == "now" else "đã hủy"
        messages.success(request, f"{done} lượt {words}.")
    return page(request, status=409, refused=refused) if refused else redirect("restored")


def decide(row: Delivery, given: dict[str, Any], by: Any) -> None:
    if given["do"] == "now":
        service.post_now(row, by=by)
    else:
        service.drop(row, by=by, reason=given["reason"])


@needs(post=Right.MANAGE)
def lifted(request: HttpRequest) -> HttpResponse:
    hold = restoring.standing()
    if hold is None:
        messages.info(request, "Hệ thống đang chạy, không có lệnh dừng nào.")
        return redirect("restored")
    try:
        restoring.lift(hold, request.seat.person)
    except restoring.StillInDoubt as error:
        return page(request, status=409, refused=[str(error)])
    messages.success(request, "Hệ thống chạy lại. Các lượt chưa quyết định không tự đi.")
    return redirect("restored")


def doubted(organisation: Organisation) -> QuerySet[Delivery]:
    """Rows of the backup that may have gone out after it was taken."""
    return Delivery.objects.filter(organisation=organisation, from_backup=True)


def absent(organisation: Organisation) -> QuerySet[Delivery]:
    """Looked for and not found: a person decides."""
    rows = doubted(organisation).filter(state=State.SCHEDULED, review_since__isnull=False)
    return rows.select_related(*NAMED).order_by("due_at", "pk")


def page(request: HttpRequest, *, status: int = 200, refused: list[str] | None = None) -> HttpResponse:
    organisation = request.seat.organisation
    doubts = doubtful(organisation).filter(from_backup=True)
    stuck = for_people(doubts)
    looking = doubts.exclude(pk__in=stuck.values("pk"))
    gone = absent(organisation)
    standing = doubted(organisation).filter(state__in=STANDING).select_related("account", "version")
    to_go = doubted(organisation).filter(state__in=[State.SCHEDULED, State.QUEUED], review_since=None)
    context = {
        "hold": restoring.standing(),
        "looking": looking[:MOST],
        "stuck": stuck[:MOST],
        "counts": {"looking": looking.count(), "stuck": stuck.count(), "absent": gone.count()},
        "standing": standing.order_by("due_at", "pk")[:MOST],
        "standing_count": standing.count(),
        "absent": gone[:MOST],
        "to_go": to_go.count(),
        "refused": refused or [],
        "may_decide": any(request.seat.may(right) for right in MOVING),
    }
    return render(request, "console/restored.html", context, status=status)
