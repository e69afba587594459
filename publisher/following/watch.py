"""What no event tells: that the clock stands still, and that an endpoint has not answered for long."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from publisher.airing import watching
from publisher.delivery.clock import ALIVE
from publisher.delivery.models import ClockBeat
from publisher.following.models import Endpoint
from publisher.following.notices import give
from publisher.following.tells import ADMINS, APPROVERS, OFFICERS, OPERATORS
from publisher.people.models import Organisation
from publisher.timetable.obstacles import at_clock

STATIONS = timedelta(minutes=1)  # between two looks at the folders of the stations
LONG = timedelta(hours=1)  # without an answer, before a person is bothered


class Watch:
    """One watcher a process. What it finds is told once, however many processes watch: the cause names the outage."""

    def __init__(self, now: datetime) -> None:
        self.since = now
        self.suspected: datetime | None = None
        self.stations_at: datetime | None = None

    def look(self, now: datetime) -> None:
        self.look_at_clock(now)
        look_at_endpoints(now)
        if self.stations_at is None or now - self.stations_at >= STATIONS:
            self.stations_at = now
            watching.watch(now)
            look_at_stations(now)

    def look_at_clock(self, now: datetime) -> None:
        """Dead at two looks in a row, and longer than we are there: after a pause of the whole machine the clock gets
        time to show itself."""
        last = ClockBeat.objects.aggregate(last=Max("beat_at"))["last"]
        dead = last is not None and now - last > ALIVE and now - self.since > ALIVE
        if dead and last == self.suspected:
            tell_of_clock(last, now)
        self.suspected = last if dead else None


def tell_of_clock(last: datetime, now: datetime) -> None:
    for organisation in Organisation.objects.filter(retired_at=None):
        with timezone.override(organisation.timezone):
            words = (
                f"Đồng hồ đăng bài đã dừng từ {timezone.localtime(last):%H:%M %d/%m/%Y}: chưa bài nào tự đi. "
                "Báo người phụ trách máy chủ khởi động lại."
            )
        cause = f"clock:{last.isoformat()}:{organisation.pk}"
        give(organisation, ADMINS | OFFICERS, cause, "clock.dead", (words, reverse("today")), now)


def look_at_endpoints(now: datetime) -> None:
    rows = Endpoint.objects.filter(failing_since__lt=now - LONG, paused_at=None, retired_at=None)
    for endpoint in rows.select_related("organisation"):
        words = f"“{endpoint.name}” không nhận tin từ hơn một giờ nay. Hệ thống vẫn thử lại trong một ngày."
        cause = f"endpoint:{endpoint.pk}:{endpoint.failing_since:%Y%m%dT%H%M%S}"
        said = words, reverse("endpoint", args=[endpoint.pk])
        give(endpoint.organisation, ADMINS, cause, "endpoint.failing", said, now)


def look_at_stations(now: datetime) -> None:
    """Sessions nobody has spoken of for hours, and airings on an oral order whose document is missing."""
    for organisation in Organisation.objects.filter(retired_at=None, bulletins__isnull=False).distinct():
        for bulletin in watching.unconfirmed(organisation, now):
            local = bulletin.slot_at.astimezone(organisation.timezone)
            words = f"Chưa ai xác nhận buổi phát {at_clock(local)} của “{bulletin.account.name}”."
            said = words, reverse("airing-session", args=[bulletin.pk])
            give(organisation, OPERATORS | OFFICERS, f"airing:{bulletin.pk}", "airing.unconfirmed", said, now)
        for airing in watching.without_document(organisation, now, overdue=True):
            words = f"Phát theo lệnh miệng ({airing.order}) mà chưa ghi văn bản lệnh: hãy duyệt và ghi."
            said = words, reverse("airing-session", args=[airing.bulletin_id])
            give(organisation, APPROVERS | OFFICERS, f"oral:{airing.pk}", "airing.oral_order", said, now)
