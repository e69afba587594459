"""What tests about times share: an hour on a day to come, and posts that are tied to a happening."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from campaigns.models import Post
from publisher.approval.drafting import tie_to_happening
from publisher.approval.happenings import new_happening
from publisher.approval.review import approve, submit
from publisher.delivery.models import Delivery
from publisher.timetable.models import Happening
from tests.ward import Ward

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def at(days: int, hour: int = 9, minute: int = 0) -> datetime:
    """That hour so many days from today."""
    day = timezone.localdate(timezone=ZONE) + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), tzinfo=ZONE)


def dialogue(ward: Ward, days: int = 20) -> Happening:
    return new_happening(ward.organisation, by=ward.officer, title="Đối thoại với thanh niên", starts_at=at(days, 14))


def tied(ward: Ward, happening: Happening, days: int, *kinds: str, **fields: Any) -> Post:
    """A draft `days` from the happening, at eight in the morning."""
    post = ward.post(*(kinds or ("page",)), **fields)
    tie_to_happening(post, happening, by=ward.officer, days=days, at=time(8))
    return post


def approved(ward: Ward, post: Post) -> list[Delivery]:
    version = submit(post, by=ward.officer)
    return approve(version, by=ward.approver, digest=version.digest)


def due(delivery: Delivery) -> datetime:
    return Delivery.objects.values_list("due_at", flat=True).get(pk=delivery.pk)


def row(post: Post) -> Post:
    """The post as it is now."""
    return Post.objects.select_related("schedule", "organisation", "campaign").get(pk=post.pk)
