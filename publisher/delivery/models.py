"""Accounts, and the deliveries that are at once the queue, the log and the cost."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from publisher.delivery.states import LABELS, State


class Account(models.Model):
    """One configured place to publish. `kind` is a channel of `channels.registry`; `secret` is encrypted."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField("kênh", max_length=20)
    name = models.CharField("tên", max_length=120)
    settings = models.JSONField(default=dict)
    secret = models.TextField(blank=True)  # see publisher.delivery.secrets
    quiet_from = models.TimeField("im lặng từ", null=True, blank=True)
    quiet_until = models.TimeField("im lặng đến", null=True, blank=True)
    slots = models.CharField("khung giờ được đăng", max_length=120, blank=True)  # "06:30-11:30, 13:30-19:00"; "" any
    working_days_only = models.BooleanField("chỉ đăng ngày làm việc", default=False)
    cap_per_day = models.PositiveSmallIntegerField("nhiều nhất mỗi ngày", null=True, blank=True)  # None: no cap
    topic_gap_hours = models.PositiveSmallIntegerField("cách nhau trên một chủ đề (giờ)", default=0)
    pace_per_minute = models.PositiveIntegerField("tối đa mỗi phút", default=30)
    at_once = models.PositiveSmallIntegerField("cùng lúc nhiều nhất", default=4)  # 0: no limit
    through = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="borrowers")
    rate = models.BigIntegerField("đơn giá mỗi lượt (đồng)", default=0)  # 0: costs nothing
    budget_line = models.ForeignKey("budget.BudgetLine", on_delete=models.PROTECT, null=True, related_name="accounts")
    held_reason = models.CharField("lý do tạm dừng", max_length=300, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)  # None while held: until a person lifts it
    paced_until = models.DateTimeField(null=True)  # nothing is claimed for this account before
    rests_until = models.DateTimeField(null=True)  # the vendor, or too many failed calls, wants nothing before then
    stumbles = models.PositiveSmallIntegerField(default=0)  # calls in a row that did not get through
    alone_until = models.DateTimeField(null=True)  # somebody renews its credentials until then, at the longest
    alone_by = models.UUIDField(null=True)
    checked_at = models.DateTimeField(null=True)  # when the live account was last looked at
    findings = models.JSONField(default=list)  # of that look: what, sign, message
    secret_expires_at = models.DateTimeField(null=True)  # None: never, or unknown
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "tài khoản kênh"
        ordering = ["organisation", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "name"], name="account_name_once"),
            models.CheckConstraint(condition=Q(rate__gte=0), name="account_rate_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def held(self) -> bool:
        return self.held_at is not None


class Action(models.TextChoices):
    PUBLISH = "publish", "đăng"
    CORRECT = "correct", "đính chính"
    WITHDRAW = "withdraw", "gỡ"


class Delivery(models.Model):
    """One post version, one account, one due time. Moved only by `publisher.delivery.moves.move`."""

    # A row changes state three times and each change touches every index: one that another covers is left out.
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="deliveries", db_index=False
    )
    version = models.ForeignKey(
        "campaigns.PostVersion", on_delete=models.PROTECT, related_name="deliveries", db_index=False
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    action = models.CharField(max_length=8, default=Action.PUBLISH)
    of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="follow_ups", db_index=False)
    waits_for = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="waiting", db_index=False)
    digest = models.CharField(max_length=64)  # of the approved payload; a withdrawal carries that of what it takes down
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # the same for every attempt
    state = models.CharField(max_length=11, default=State.SCHEDULED)
    due_at = models.DateTimeField("đến hạn")
    next_try_at = models.DateTimeField()
    late_until = models.DateTimeField(null=True)  # None: however late
    approved_for = models.DateTimeField(null=True)  # the due time that was approved; moves are measured from it
    review_since = models.DateTimeField(null=True)  # held for a person to decide; None: goes by itself
    review_why = models.CharField(max_length=300, blank=True)
    urgent = models.BooleanField(default=False)
    attempts_made = models.PositiveIntegerField(default=0)
    lease = models.UUIDField(null=True)  # fencing token of whoever works on it
    leased_until = models.DateTimeField(null=True)
    remote_id = models.CharField(max_length=200, blank=True)
    permalink = models.URLField(max_length=500, blank=True)
    token = models.TextField(blank=True)  # asks the remote again while it works
    looks = models.PositiveSmallIntegerField(default=0)  # how often reading back found nothing
    notes = models.JSONField(default=dict)  # what its channel keeps from one attempt to the next
    from_backup = models.BooleanField(default=False)  # may have gone out after the backup this row comes from
    unanswered = models.PositiveSmallIntegerField(default=0)  # how often it could not be read back at all
    last_error = models.TextField(blank=True)
    cost = models.BigIntegerField(default=0)  # đồng, by the rate of the day it was scheduled
    budget_line = models.ForeignKey(
        "budget.BudgetLine", on_delete=models.PROTECT, null=True, related_name="deliveries", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "lượt đăng"
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "account", "action", "due_at"], name="delivery_once"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="delivery_state_known"),
            models.CheckConstraint(condition=Q(cost=0) | Q(budget_line__isnull=False), name="delivery_cost_has_line"),
        ]
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state="scheduled"), name="delivery_due"),
            models.Index(
                fields=["account", "urgent", "next_try_at", "id"],
                condition=Q(state="scheduled"),
                name="delivery_line_of_account",
            ),
            # SQLite never matches a parameter `IN (?, ?)` with the list of a partial index
            models.Index(fields=["leased_until"], condition=Q(leased_until__isnull=False), name="delivery_leases"),
            models.Index(fields=["next_try_at"], condition=Q(state="unknown"), name="delivery_unknown"),
            models.Index(fields=["next_try_at"], condition=Q(state="processing"), name="delivery_processing"),
            models.Index(fields=["organisation", "-due_at", "-id"], name="delivery_log"),
            models.Index(fields=["of"], condition=Q(of__isnull=False), name="delivery_follow_ups"),
            models.Index(fields=["waits_for"], condition=Q(waits_for__isnull=False), name="delivery_waiting"),
            models.Index(
                fields=["organisation", "review_since"],
                condition=Q(review_since__isnull=False),
                name="delivery_to_review",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version.title} → {self.account.name}"

    @property
    def state_label(self) -> str:
        return LABELS[State(self.state)]

    @property
    def action_label(self) -> str:
        return str(Action(self.action).label)


class Attempt(models.Model):
    """One try, written and committed before the call and closed after it."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts", db_index=False)
    number = models.PositiveIntegerField()
    worker = models.CharField(max_length=80)  # host:pid of the process that made it
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)  # the state it led to; "" while open
    error_class = models.CharField(max_length=30, blank=True)
    error = models.TextField(blank=True)
    code = models.CharField(max_length=40, blank=True)
    subcode = models.CharField(max_length=40, blank=True)
    trace = models.CharField(max_length=120, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = "lần gửi"
        ordering = ["delivery", "number"]
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="attempt_number_once")]

    def __str__(self) -> str:
        return f"{self.delivery_id} #{self.number}"


class Evidence(models.Model):
    """What proves a publication. `value` is an address, an id, or a path below the evidence folder."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=20)  # permalink, remote_id, payload, file, document, photo, minutes
    label = models.CharField(max_length=200)
    value = models.TextField()
    sha256 = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = "minh chứng"
        ordering = ["delivery", "id"]

    def __str__(self) -> str:
        return self.label


class CalendarFeed(models.Model):
    """A secret address under which a calendar program reads the timetable of a person or of a channel."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="calendar_feeds")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="calendar_feeds")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="calendar_feeds")
    token_sha256 = models.CharField(max_length=64, unique=True)  # the token itself is shown once and kept nowhere
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "lịch xuất ra ngoài"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, account__isnull=False) | Q(person__isnull=False, account=None),
                name="feed_of_a_person_or_a_channel",
            )
        ]

    def __str__(self) -> str:
        return str(self.person or self.account)


class EngineHold(models.Model):
    """Nothing goes out while one stands: a restored backup is reconciled first, and a person says when it is done."""

    since = models.DateTimeField()
    reason = models.CharField(max_length=300)
    backup_at = models.DateTimeField(null=True)  # the last moment the restored rows know of
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "tạm dừng toàn hệ thống"

    def __str__(self) -> str:
        return self.reason


class ClockBeat(models.Model):
    """One clock's last sign of life; everybody sees when there is none."""

    name = models.CharField(max_length=80, unique=True)  # host:pid
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    class Meta:
        verbose_name = "nhịp đồng hồ"

    def __str__(self) -> str:
        return self.name
