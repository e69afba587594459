"""Approvals: exactly what goes out, where and when, bound to the digest the approver saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from campaigns.models import PostState, PostVersion, Rendering
from channels.contract import Preview
from publisher.airing.sessions import bulletins_to_approve
from publisher.approval.review import Refused, approve, left_standing, pending, send_back, why_not_approve
from publisher.console.doors import needs
from publisher.console.forms import ReasonForm, first_error
from publisher.delivery.scheduling import CannotSchedule, Outlook, Placement, outlook
from publisher.delivery.secrets import UnreadableSecret
from publisher.delivery.shaping import shown
from publisher.people.rights import Right

MOST_TIMES = 12  # due times of one account that are written out


@dataclass(frozen=True, slots=True)
class Share:
    """What one account publishes of the version, and when."""

    rendering: Rendering
    preview: Preview | None
    problem: str
    times: list[Placement]
    more: int


@needs(Right.READ)
def approvals(request: HttpRequest) -> HttpResponse:
    waiting = pending(request.seat.organisation).select_related("post__campaign", "submitted_by", "post__schedule")
    waiting = waiting.order_by("-post__urgent", "submitted_at")
    bulletins = bulletins_to_approve(request.seat.organisation, timezone.now())
    return render(request, "console/approvals.html", {"versions": waiting, "bulletins": bulletins})


@needs(Right.READ, post=Right.APPROVE)
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    version = of_organisation(request, pk)
    if request.method == "POST":
        return approved(request, version)
    return page(request, version)


def approved(request: HttpRequest, version: PostVersion) -> HttpResponse:
    try:
        made = approve(
            version,
            by=request.seat.person,
            digest=request.POST.get("digest", ""),
            reason=request.POST.get("reason", "").strip(),
        )
    except Refused as refused:
        return page(request, version, status=409, refused=str(refused))
    messages.success(request, f"Đã duyệt “{version.title}”: {len(made)} lượt đăng được lên lịch.")
    if left := sorted({str(delivery.account) for delivery in left_standing(version)}):
        words = f"Bài của bản trước còn trên {', '.join(left)}, bản này không đăng ở đó: không được đính chính."
        messages.warning(request, f"{words} Nếu sai, mở lượt đăng cũ và gỡ.")
    return redirect("approvals")


@needs(post=Right.APPROVE)
def returned(request: HttpRequest, pk: int) -> HttpResponse:
    version = of_organisation(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return page(request, version, status=422, refused=f"Chưa trả lại. {first_error(form)}")
    try:
        send_back(version, by=request.seat.person, reason=form.cleaned_data["reason"])
    except Refused as refused:
        return page(request, version, status=409, refused=str(refused))
    messages.success(request, f"Đã trả lại “{version.title}” để sửa; người viết thấy lý do của bạn.")
    return redirect("approvals")


def of_organisation(request: HttpRequest, pk: int) -> PostVersion:
    rows = PostVersion.objects.select_related("post__organisation", "post__campaign", "submitted_by")
    return get_object_or_404(rows, post__organisation=request.seat.organisation, pk=pk)


def page(request: HttpRequest, version: PostVersion, *, status: int = 200, refused: str = "") -> HttpResponse:
    look, no_time = times_of(version)
    context = {
        "version": version,
        "post": version.post,
        "shares": [
            share(rendering, look.placements)
            for rendering in version.renderings.select_related("account__organisation")
        ],
        "unmet": [no_time] if no_time else look.unmet,
        "timing_warnings": look.warnings,
        "open": version.post.state == PostState.SUBMITTED and version == version.post.versions.first(),
        "why_not": why_not_approve(version, request.seat.person) if request.seat.may(Right.APPROVE) else "",
        "own_work": request.seat.person.pk in {version.submitted_by_id, version.post.author_id},
        "decisions": version.approvals.select_related("by"),
        "refused": refused,
    }
    return render(request, "console/approval.html", context, status=status)


def times_of(version: PostVersion) -> tuple[Outlook, str]:
    try:
        return outlook(version.post, timezone.now()), ""
    except (CannotSchedule, ValueError) as error:
        return Outlook(()), str(error)


def share(rendering: Rendering, times: Sequence[Placement]) -> Share:
    its = [time for time in times if time.account.pk == rendering.account_id]
    try:
        return Share(rendering, shown(rendering), "", its[:MOST_TIMES], max(0, len(its) - MOST_TIMES))
    except UnreadableSecret as error:
        return Share(rendering, None, str(error), its[:MOST_TIMES], max(0, len(its) - MOST_TIMES))
