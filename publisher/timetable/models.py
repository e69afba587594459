"""When posts are due: a fixed time, a rule, or days before or after a happening; and the days that differ."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from publisher.timetable.anchors import Offset

APPROVAL_WINDOW = 14  # days; until an office sets its own


class TimingRules(models.Model):
    """What an office sets for its own timetable; without a row the defaults hold."""

    organisation = models.OneToOneField("people.Organisation", on_delete=models.PROTECT, related_name="timing_rules")
    approval_window_days = models.PositiveSmallIntegerField(
        "số ngày dời mà không phải duyệt lại", default=APPROVAL_WINDOW
    )

    class Meta:
        verbose_name = "quy tắc lịch"

    def __str__(self) -> str:
        return f"{self.organisation}: {self.approval_window_days} ngày"


class Happening(models.Model):
    """A dated event posts are tied to. When it moves, what is not sent yet moves with it."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="happenings")
    title = models.CharField("tên sự kiện", max_length=200)
    starts_at = models.DateTimeField("bắt đầu")
    ends_at = models.DateTimeField("kết thúc", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=200, blank=True)
    cancelled_at = models.DateTimeField("hủy lúc", null=True, blank=True)
    reason = models.CharField("lý do hủy", max_length=500, blank=True)
    created_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True, null=True)

    class Meta:
        verbose_name = "sự kiện"
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="happening_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def cancelled(self) -> bool:
        return self.cancelled_at is not None


class ChangeKind(models.TextChoices):
    MOVED = "moved", "dời"
    CANCELLED = "cancelled", "hủy"
    REVIVED = "revived", "tổ chức lại"


class HappeningChange(models.Model):
    """One move or cancellation and all that followed from it. Never edited.

    `outcome` = {list: [{"post", "title", "was", "to", "why"}, …]}; the lists are those of
    `publisher.approval.happenings.LISTS`.
    """

    happening = models.ForeignKey(Happening, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=9)
    was = models.DateTimeField()
    to = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    outcome = models.JSONField(default=dict)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "thay đổi sự kiện"
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=ChangeKind.values), name="change_kind_known")]

    def __str__(self) -> str:
        return f"{self.happening}: {ChangeKind(self.kind).label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("a change of a happening is history")
        super().save(*args, **kwargs)


class ChangeSeen(models.Model):
    """Who has taken note of a change; it stays on their Today until then."""

    change = models.ForeignKey(HappeningChange, on_delete=models.PROTECT, related_name="seen")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "đã xem thay đổi"
        constraints = [models.UniqueConstraint(fields=["change", "person"], name="change_seen_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.change}"


class Schedule(models.Model):
    """When one post is due: once at `starts_at`, by an RFC 5545 `rule`, or some days from a happening.

    Tied to a happening, `starts_at` only repeats what the happening gives, for lists and calendars to sort by.
    """

    post = models.OneToOneField("campaigns.Post", on_delete=models.PROTECT, related_name="schedule")
    starts_at = models.DateTimeField("thời điểm")
    rule = models.CharField("lặp lại", max_length=200, blank=True)
    until = models.DateField("đến hết ngày", null=True, blank=True)
    skip = models.JSONField("ngày bỏ qua", default=list, blank=True)  # ["2026-02-17", …]
    also = models.JSONField("lượt thêm", default=list, blank=True)  # aware moments in ISO 8601
    happening = models.ForeignKey(Happening, on_delete=models.PROTECT, null=True, related_name="schedules")
    offset_days = models.SmallIntegerField("lệch ngày so với sự kiện", default=0)  # T-7 is -7
    offset_working = models.BooleanField("chỉ đếm ngày làm việc", default=False)
    offset_at = models.TimeField("giờ đăng", null=True, blank=True)  # None: the happening's own clock time

    class Meta:
        verbose_name = "lịch đăng"
        constraints = [
            models.CheckConstraint(condition=Q(rule="") | Q(happening=None), name="schedule_rule_or_happening"),
        ]

    def __str__(self) -> str:
        if self.happening_id:
            return f"{self.anchor}, “{self.happening}”"
        at = self.starts_at
        return f"{at.day}/{at.month}/{at.year} {at:%H:%M} {self.rule}".strip()

    @property
    def offset(self) -> Offset:
        return Offset(self.offset_days, self.offset_working, self.offset_at)

    @property
    def anchor(self) -> str:
        """ "T-7", "T+1 ngày làm việc, 08:00"."""
        return str(self.offset)

    @property
    def skipped(self) -> list[date]:
        return [date.fromisoformat(day) for day in self.skip]

    @property
    def extra(self) -> list[datetime]:
        return [datetime.fromisoformat(moment) for moment in self.also]


class OverrideKind(models.TextChoices):
    OFF = "off", "nghỉ"
    WORKED = "worked", "làm bù"
    BLACKOUT = "blackout", "dừng đăng"
    QUIET = "quiet", "không đăng"


class DayOverride(models.Model):
    """A day that differs from the shipped calendar, as a document says. Who changed it and when is in the log."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="day_overrides")
    date = models.DateField("ngày")
    kind = models.CharField("loại", max_length=8)
    name = models.CharField("tên", max_length=120)
    source = models.CharField("căn cứ", max_length=200, blank=True)  # "CV 9859/VPCP-KGVX"
    set_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "ngày riêng"
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "date", "kind"], name="day_once_of_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=OverrideKind.values), name="day_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.date.day}/{self.date.month}/{self.date.year}: {self.name}"

    @property
    def kind_label(self) -> str:
        return str(OverrideKind(self.kind).label)


class Blackout(models.Model):
    """Nothing but the urgent goes out from `since` until a person lifts it."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="blackouts")
    reason = models.CharField("lý do", max_length=300)
    document = models.CharField("căn cứ", max_length=200)
    since = models.DateTimeField("từ")
    set_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "tạm dừng toàn đơn vị"
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(fields=["organisation"], condition=Q(lifted_at=None), name="blackout_one_at_a_time")
        ]

    def __str__(self) -> str:
        return self.reason
