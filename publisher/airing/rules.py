"""Whether a session may be heard at all: quiet hours, mourning, days without posts; and whose words it carries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from publisher.airing.hours import Quiet, in_quiet, names_an_order
from publisher.approval.review import wrote
from publisher.delivery.bounds import days_of
from publisher.delivery.models import Account, Delivery
from publisher.people.models import Person
from publisher.timetable.models import Blackout

NAME_THE_ORDER = (
    "Ghi rõ lệnh: số và ngày văn bản, hoặc người ra lệnh và giờ. "
    "Ví dụ: Công điện 05/CĐ-UBND ngày 9/9/2026; Chủ tịch UBND phường lệnh miệng lúc 21h40."
)


def silence(account: Account, begins: datetime, length: timedelta) -> str:
    """Why only the urgent, on a named order, may be heard from `begins`; "" when anything may."""
    local = begins.astimezone(account.organisation.timezone)
    return mourning(account, local, length) or in_quiet(local, length, own_quiet(account))


def own_quiet(account: Account) -> Quiet | None:
    if account.quiet_from is None or account.quiet_until is None:
        return None
    return account.quiet_from, account.quiet_until


def mourning(account: Account, local: datetime, length: timedelta) -> str:
    """A blackout that held at that time, though it may have been lifted since; or a day without posts."""
    held = Blackout.objects.filter(organisation=account.organisation, since__lt=local + length)
    if on := held.filter(Q(lifted_at=None) | Q(lifted_at__gt=local)).order_by("pk").last():
        return f"Đơn vị đang tạm dừng phát: {on.reason} ({on.document})"
    days = days_of(account.organisation)
    if days.is_forbidden(local.date()) and (mark := days.mark(local.date())):
        return f"Ngày {local.day}/{local.month}/{local.year} không phát: {mark.name} ({mark.source})"
    return ""


def not_without_order(silent: str, *, all_urgent: bool, order: str) -> str:
    """What keeps a session in silent hours from being heard; "" when it may be."""
    if order.strip() and not names_an_order(order):
        return NAME_THE_ORDER
    if not silent:
        return ""
    if not all_urgent:
        return f"{silent}. Chỉ phát được tin khẩn cấp; chuyển tin thường sang buổi khác."
    return "" if order.strip() else f"{silent}. Tin khẩn cấp phát lúc này cần một lệnh. {NAME_THE_ORDER}"


def deliveries_of(account: Account, refs: Iterable[str]) -> QuerySet[Delivery]:
    """Those behind the items of a session."""
    rows = Delivery.objects.filter(account=account, ref__in=list(refs))
    return rows.select_related("organisation", "account__organisation", "version__post__organisation")


def wrote_any(deliveries: Iterable[Delivery], by: Person) -> bool:
    """Whether any words of the session may be theirs."""
    versions = {delivery.version_id: delivery.version for delivery in deliveries}
    return any(wrote(version, by) for version in versions.values())
