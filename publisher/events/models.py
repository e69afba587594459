"""The append-only log and its seals.

An event is written in the transaction of the change it tells of and never touched again. Its `mac` (HMAC-SHA256 under a
key outside the database) marks it as ours at once. The clock seals events in batches: each `Seal` holds the digests of
its events and the hash of the seal before it, so writers never wait for each other and still nothing can be changed,
removed or slipped in unseen. `publisher.events.seal.verify_log` proves it.
"""

from __future__ import annotations

import uuid

from django.db import models


class AppendOnly(RuntimeError):
    """Somebody tried to change the past."""


class Event(models.Model):
    uid = models.UUIDField(default=uuid.uuid4, editable=False)  # in the seal; what a copied row would betray
    # Nobody is ever deleted; without a constraint an event takes no lock on the one row that all events name.
    organisation = models.ForeignKey(
        "people.Organisation",
        on_delete=models.PROTECT,
        null=True,
        related_name="events",
        db_index=False,
        db_constraint=False,
    )
    at = models.DateTimeField()
    actor = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    actor_name = models.CharField(max_length=120)  # as it was then; "Hệ thống" for the clock and workers
    kind = models.CharField(max_length=60)  # "delivery.delivered", "post.approved"
    subject = models.CharField(max_length=80)  # "delivery:12"
    data = models.JSONField(default=dict)
    mac = models.CharField(max_length=64)
    seal = models.ForeignKey("Seal", on_delete=models.PROTECT, null=True, related_name="events")

    class Meta:
        verbose_name = "nhật ký"
        indexes = [
            models.Index(fields=["subject", "id"], name="event_subject"),
            models.Index(fields=["organisation", "-id"], name="event_organisation"),
            models.Index(fields=["id"], condition=models.Q(seal=None), name="event_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk:
            raise AppendOnly("Nhật ký chỉ được ghi thêm, không được sửa.")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise AppendOnly("Nhật ký không được xóa.")


class Seal(models.Model):
    """One batch of events closed for ever. `leaves` = [[event id, digest], …] in order."""

    seq = models.PositiveBigIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    leaves = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "niêm phong"

    def __str__(self) -> str:
        return f"#{self.seq} {self.hash[:12]}"
