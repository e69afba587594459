"""Readers of an organisation's letters, and one row for each letter to each of them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Subscriber(models.Model):
    """Somebody who asked for letters and confirmed it from their own mailbox. Who leaves is forgotten but for a row."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="subscribers")
    address = models.EmailField(max_length=254, blank=True)  # lower case; "" once they have left
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)  # None: gets nothing yet
    confirm_sha256 = models.CharField(max_length=64, blank=True, db_index=True)  # of the token in the confirmation
    leave_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # the same in every letter
    unsubscribed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "người nhận thư"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "address"], condition=~Q(address=""), name="subscriber_address_once"
            ),
            models.CheckConstraint(
                condition=Q(unsubscribed_at=None) | Q(address="", confirm_sha256=""),
                name="subscriber_left_is_forgotten",
            ),
        ]

    def __str__(self) -> str:
        return f"người nhận {self.pk}"


class CopyState(models.TextChoices):
    WAITING = "waiting", "còn chờ"
    SENDING = "sending", "đang gửi"
    SENT = "sent", "đã gửi"
    REFUSED = "refused", "bị từ chối"
    UNKNOWN = "unknown", "không rõ"


class Copy(models.Model):
    """One letter to one reader. Marked before it goes out: no state but `waiting` is ever sent from."""

    delivery = models.ForeignKey("delivery.Delivery", on_delete=models.PROTECT, related_name="copies")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="copies")
    state = models.CharField(max_length=8, default=CopyState.WAITING)
    why = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()  # of the last change

    class Meta:
        verbose_name = "thư gửi từng người"
        constraints = [
            models.UniqueConstraint(fields=["delivery", "subscriber"], name="copy_once"),
            models.CheckConstraint(condition=Q(state__in=CopyState.values), name="copy_state_known"),
        ]
        indexes = [models.Index(fields=["delivery", "state", "at", "id"], name="copy_waiting")]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.subscriber_id} {self.state}"
