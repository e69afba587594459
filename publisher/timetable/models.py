"""When posts are due: a fixed time, a rule, or days before or after a happening."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Happening(models.Model):
    """A dated event posts are tied to. When it moves, what is not sent yet moves with it."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="happenings")
    title = models.CharField("tên sự kiện", max_length=200)
    starts_at = models.DateTimeField("bắt đầu")
    place = models.CharField("địa điểm", max_length=200, blank=True)

    class Meta:
        verbose_name = "sự kiện"
        ordering = ["starts_at"]

    def __str__(self) -> str:
        return self.title


class Schedule(models.Model):
    """When one post is due. `rule` is an RFC 5545 RRULE (weekly or monthly); "" means once, at `starts_at`."""

    post = models.OneToOneField("campaigns.Post", on_delete=models.PROTECT, related_name="schedule")
    starts_at = models.DateTimeField("thời điểm")
    rule = models.CharField("lặp lại", max_length=200, blank=True)
    until = models.DateField("đến hết ngày", null=True, blank=True)
    happening = models.ForeignKey(Happening, on_delete=models.PROTECT, null=True, related_name="schedules")
    offset_days = models.SmallIntegerField("lệch ngày so với sự kiện", default=0)  # T-7 is -7

    class Meta:
        verbose_name = "lịch đăng"
        constraints = [
            models.CheckConstraint(condition=Q(rule="") | Q(happening=None), name="schedule_rule_or_happening"),
        ]

    def __str__(self) -> str:
        at = self.starts_at
        return f"{at.day}/{at.month}/{at.year} {at:%H:%M} {self.rule}".strip()
