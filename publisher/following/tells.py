"""Which events people are told of, who is, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from campaigns.models import Post
from publisher.airing.models import Bulletin
from publisher.delivery.models import Account, Delivery
from publisher.events.models import Event
from publisher.people.rights import Role
from publisher.timetable.obstacles import at_clock

Said = tuple[str, str]  # words, and the address of the page where something can be done
OFFICERS = frozenset({Role.OFFICER})
ADMINS = frozenset({Role.ADMIN})
APPROVERS = frozenset({Role.APPROVER})
OPERATORS = frozenset({Role.OPERATOR})


def whoever(event: Event) -> bool:
    return True


def nobody_did_it(event: Event) -> bool:
    """A person who does something need not be told by a machine, nor need the others: it was meant."""
    return event.actor_id is None


@dataclass(frozen=True, slots=True)
class Tell:
    """`many` stands for a crowd of the same kind, `{}` being their number."""

    roles: frozenset[Role]
    one: Callable[[Event], Said]
    many: str
    page: str  # where the crowd is seen
    applies: Callable[[Event], bool] = nobody_did_it


def number(event: Event) -> int:
    return int(event.subject.partition(":")[2])


def account_held(event: Event) -> Said:
    account = Account.objects.get(pk=number(event))
    return f"Kênh “{account.name}” tạm dừng: {event.data.get('reason', '')}", reverse("account", args=[account.pk])


def of_delivery(opening: str) -> Callable[[Event], Said]:
    def said(event: Event) -> Said:
        delivery = Delivery.objects.select_related("version", "account").get(pk=number(event))
        why = f" {delivery.last_error}" if delivery.last_error else ""
        words = f"{opening} “{delivery.version.title}” → {delivery.account.name}.{why}"
        return words, reverse("delivery", args=[delivery.pk])

    return said


def post_submitted(event: Event) -> Said:
    return f"Chờ duyệt: “{Post.objects.get(pk=number(event)).title}”", reverse("approvals")


def engine_held(event: Event) -> Said:
    return f"Toàn hệ thống tạm dừng đăng: {event.data.get('reason', '')}", reverse("today")


def bulletin_voided(event: Event) -> Said:
    bulletin = Bulletin.objects.select_related("organisation", "account").get(pk=number(event))
    local = bulletin.slot_at.astimezone(bulletin.organisation.timezone)
    words = f"Bản tin {at_clock(local)} của “{bulletin.account.name}” đã đổi sau khi duyệt: cần duyệt lại."
    return words, reverse("airing-session", args=[bulletin.pk])


def endpoint_paused(event: Event) -> Said:
    words = f"Dừng báo tin tới “{event.data.get('name', '')}”: {event.data.get('reason', '')}"
    return words, reverse("endpoint", args=[number(event)])


TELLS: dict[str, Tell] = {
    "account.held": Tell(ADMINS | OFFICERS, account_held, "{} kênh tạm dừng", "accounts"),
    "delivery.needs_person": Tell(
        OFFICERS | APPROVERS,
        of_delivery("Chưa rõ đã đăng hay chưa, cần người xem:"),
        "{} lượt đăng chưa rõ kết quả, cần người xem",
        "unknown",
    ),
    "delivery.missed": Tell(OFFICERS, of_delivery("Lỡ giờ đăng:"), "{} lượt đăng lỡ giờ", "deliveries"),
    "delivery.failed": Tell(OFFICERS, of_delivery("Không đăng được:"), "{} lượt không đăng được", "deliveries"),
    "bulletin.voided": Tell(APPROVERS | OPERATORS | OFFICERS, bulletin_voided, "{} bản tin cần duyệt lại", "airing"),
    "engine.held": Tell(ADMINS | OFFICERS | APPROVERS, engine_held, "{} lệnh tạm dừng toàn hệ thống", "today", whoever),
    "post.submitted": Tell(APPROVERS, post_submitted, "{} bài chờ duyệt", "approvals", whoever),
    "endpoint.paused": Tell(ADMINS, endpoint_paused, "{} nơi nhận tin đã dừng", "endpoints"),
}


def crowd(tell: Tell, events: Sequence[Event]) -> Said:
    return tell.many.format(len(events)), reverse(tell.page)
