"""What every page knows: who sits here, where they may go, and how much waits for them."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from publisher.airing.sessions import open_bulletins
from publisher.approval.review import pending
from publisher.console.unknown import doubtful
from publisher.delivery.bounds import blackout_of
from publisher.delivery.clock import clock_state
from publisher.delivery.models import EngineHold
from publisher.delivery.rescheduling import to_review
from publisher.people.models import Seat
from publisher.people.rights import Right


class Door(NamedTuple):
    name: str
    words: str
    right: Right
    family: tuple[str, ...]  # URL names of the pages behind this door


PLAN_PAGES = (
    "plan", "plan-review", "plan-correct", "plan-add", "plan-derive", "plan-progress", "plan-compare", "plan-revision",
)  # fmt: skip

AIRING_PAGES = ("airing-session", "airing-week", "airing-log", "airing-addresses")

DOORS = (
    Door("today", "Hôm nay", Right.READ, ()),
    Door("plans", "Kế hoạch", Right.READ, PLAN_PAGES),
    Door(
        "campaigns",
        "Chiến dịch",
        Right.READ,
        ("campaign", "campaign-edit", "campaign-definition", "campaign-timetable", "campaigns-load"),
    ),
    Door("posts", "Tin bài", Right.READ, ("post", "post-new", "posts-import")),
    Door("library", "Ảnh", Right.READ, ("library-picture", "making", "making-styles", "making-style")),
    Door("approvals", "Duyệt", Right.READ, ("approval",)),
    Door("airing", "Loa", Right.READ, AIRING_PAGES),
    Door("calendar", "Lịch", Right.READ, ("days", "blackout", "feeds", "post-move")),
    Door("happenings", "Sự kiện", Right.READ, ("happening",)),
    Door("deliveries", "Lượt đăng", Right.READ, ("delivery",)),
    Door("unknown", "Chưa rõ", Right.READ, ()),
    Door("budget", "Dự toán", Right.READ_MONEY, ("budget-line",)),
    Door("accounts", "Kênh", Right.READ, ("account", "account-new", "account-connect", "holds", "brand")),
)


def desk(request: HttpRequest) -> dict[str, object]:
    seat = getattr(request, "seat", None)
    if seat is None or getattr(request, "htmx", False):
        return {"seat": seat, "may": rights_by_name(seat) if seat else {}}
    return {
        "seat": seat,
        "may": rights_by_name(seat),
        "doors": doors(request, seat),
        "blackout_on": blackout_of(seat.organisation, timezone.now()),
        "to_review_count": to_review(seat.organisation).count(),
        "clock_now": clock_state(),
        "engine_hold": EngineHold.objects.filter(lifted_at=None).order_by("since").first(),
    }


def rights_by_name(seat: Seat) -> dict[str, bool]:
    """`{% if may.write %}`: hides what the server refuses anyway."""
    return {right.value: seat.may(right) for right in Right}


def doors(request: HttpRequest, seat: Seat) -> list[dict[str, object]]:
    here = request.resolver_match.url_name if request.resolver_match else ""
    waiting = {"unknown": (doubtful(seat.organisation).count(), " lượt chưa rõ kết quả")}
    if seat.may(Right.AIR):
        waiting["airing"] = (open_bulletins(seat.organisation, timezone.now()).count(), " buổi chưa xác nhận")
    if seat.may(Right.APPROVE):
        waiting["approvals"] = (pending(seat.organisation).count(), " bài chờ duyệt")
    return [
        {
            "address": reverse(door.name),
            "words": door.words,
            "here": here == door.name or here in door.family,
            "waiting": waiting.get(door.name, (0, ""))[0],
            "waits": waiting.get(door.name, (0, ""))[1],
        }
        for door in DOORS
        if seat.may(door.right)
    ]
