"""Who follows the log, what was handed to whom, and what people have been told."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Cursor(models.Model):
    """How far one kind of follower has been handed the log: everything up to that seal."""

    kind = models.CharField(max_length=20, unique=True)
    seq = models.PositiveBigIntegerField()  # of events.Seal

    class Meta:
        verbose_name = "mốc đã phát"

    def __str__(self) -> str:
        return f"{self.kind} {self.seq}"


class Endpoint(models.Model):
    """Another machine that is told: a webhook somebody added, or a hub of a feed. `kind`: see `followers.CALLED`."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="endpoints")
    kind = models.CharField(max_length=20)
    name = models.CharField("tên", max_length=120)
    url = models.CharField("địa chỉ", max_length=500)
    topic = models.CharField(max_length=500, blank=True)  # for a hub: the feed that changed
    account = models.ForeignKey("delivery.Account", on_delete=models.PROTECT, null=True, related_name="hubs")
    kinds = models.JSONField(default=list)  # of events: "delivery.delivered", "post.*"; none: all of them
    secret = models.TextField(blank=True)  # see publisher.delivery.secrets: "now", and "old" while keys change
    old_secret_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    paused_at = models.DateTimeField(null=True)
    paused_reason = models.CharField(max_length=300, blank=True)
    retired_at = models.DateTimeField(null=True)
    stumbles = models.PositiveIntegerField(default=0)  # turns in a row that ended badly
    failing_since = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)  # last took something
    next_turn_at = models.DateTimeField()
    turn_by = models.UUIDField(null=True)  # whoever speaks with it now
    turn_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "nơi nhận tin"
        ordering = ["organisation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "url", "topic"], condition=Q(retired_at=None), name="endpoint_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class DispatchState(models.TextChoices):
    WAITING = "waiting", "đang chờ gửi"
    SENT = "sent", "đã nhận"
    GIVEN_UP = "given_up", "đã thôi gửi"


class Dispatch(models.Model):
    """One event for one endpoint: the row of the outbox."""

    event = models.ForeignKey("events.Event", on_delete=models.PROTECT, related_name="dispatches")
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="dispatches")
    state = models.CharField(max_length=8, default=DispatchState.WAITING)
    since = models.DateTimeField()  # when it was handed out, or asked for again
    next_try_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=300, blank=True)  # of the last try
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "lượt báo tin"
        constraints = [models.UniqueConstraint(fields=["event", "endpoint"], name="dispatch_once")]
        indexes = [
            models.Index(fields=["endpoint", "id"], condition=Q(state="waiting"), name="dispatch_waiting"),
            models.Index(fields=["endpoint", "-id"], name="dispatch_of_endpoint"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.endpoint_id}"

    @property
    def state_label(self) -> str:
        return str(DispatchState(self.state).label)


class Letter(models.Model):
    """Several notices of one person in one e-mail."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # its Message-ID, the same at every try
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="letters")
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, default=DispatchState.WAITING)
    since = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    turn_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "thư báo"
        indexes = [models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="letter_waiting")]

    def __str__(self) -> str:
        return f"{self.person} {self.uid}"


class Notice(models.Model):
    """One thing one person is told, once for each `cause`."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="notices")
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=80)  # "event:<uid>", "clock:<last beat>"
    kind = models.CharField(max_length=60)
    words = models.CharField(max_length=500)
    address = models.CharField(max_length=200)  # of the page where something can be done, without the host
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, related_name="notices")

    class Meta:
        verbose_name = "thông báo"
        constraints = [models.UniqueConstraint(fields=["cause", "person"], name="notice_once")]
        indexes = [
            models.Index(fields=["person", "organisation", "-id"], name="notice_of_person"),
            models.Index(fields=["person", "at"], condition=Q(read_at=None, letter=None), name="notice_unwritten"),
        ]

    def __str__(self) -> str:
        return self.words


class NoticeChoice(models.Model):
    """How a person wants to be told; whoever has none gets letters."""

    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="notice_choice")
    by_letter = models.BooleanField(default=True)

    class Meta:
        verbose_name = "cách nhận thông báo"

    def __str__(self) -> str:
        return str(self.person)
