"""The bulletin of one session, what was decided about it, and what became of it: the station's log.

Decisions and airings are only ever added to: a later one stands in the place of an earlier one, and both are shown.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from publisher.events.models import AppendOnly


class Standing(models.TextChoices):
    """Where a bulletin stands; the next three are over."""

    WAITING = "waiting", "chờ duyệt"
    APPROVED = "approved", "đã duyệt"
    AIRED = "aired", "đã phát"
    CUT_SHORT = "cut_short", "phát dở"
    NOT_AIRED = "not_aired", "không phát"
    EMPTY = "empty", "không còn tin"  # its items were taken back or moved on: nobody has to speak of it


OPEN = (Standing.WAITING, Standing.APPROVED)
TOLD = (Standing.AIRED, Standing.CUT_SHORT, Standing.NOT_AIRED)


class Ruling(models.TextChoices):
    APPROVED = "approved", "duyệt"
    VOIDED = "voided", "hết hiệu lực"


class Rest(models.TextChoices):
    """What becomes of the items that were not read."""

    CARRIED = "carried", "chuyển sang buổi sau"
    DROPPED = "dropped", "không phát nữa"


class Kept(models.Model):
    """A row of a history: written once."""

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk:
            raise AppendOnly("Nhật ký phát thanh chỉ được ghi thêm, không được sửa.")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise AppendOnly("Nhật ký phát thanh không được xóa.")


class Bulletin(models.Model):
    """One session of one station. `state` is moved by conditional UPDATE: whoever counts no row came too late."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="bulletins")
    account = models.ForeignKey("delivery.Account", on_delete=models.PROTECT, related_name="bulletins", db_index=False)
    slot_at = models.DateTimeField("giờ phát")
    state = models.CharField(max_length=9, default=Standing.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "bản tin phát thanh"
        ordering = ["slot_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "slot_at"], name="bulletin_once"),
            models.CheckConstraint(condition=Q(state__in=Standing.values), name="bulletin_state_known"),
        ]
        indexes = [
            models.Index(fields=["organisation", "slot_at"], name="bulletin_log"),
            models.Index(fields=["slot_at"], condition=Q(state__in=["waiting", "approved"]), name="bulletin_open"),
        ]

    def __str__(self) -> str:
        return f"{self.account.name} {self.slot_at:%Y-%m-%d %H:%M}"

    @property
    def state_label(self) -> str:
        return str(Standing(self.state).label)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class BulletinApproval(Kept):
    """One decision on the whole bulletin, bound to the digest of all that will be said."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="approvals")
    ruling = models.CharField(max_length=8)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )  # None: it was voided
    at = models.DateTimeField()
    reason = models.CharField(max_length=1000, blank=True)
    order = models.CharField(max_length=300, blank=True)  # who ordered an urgent airing, by what document or when

    class Meta:
        verbose_name = "quyết định về bản tin"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ruling__in=Ruling.values), name="bulletin_ruling_known"),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id}: {self.ruling}"


class Airing(Kept):
    """What somebody says became of a session. `said` keeps the bulletin as it was then; a slip is put right by a later
    entry that names the one it corrects."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="airings")
    key = models.UUIDField()  # of the form that was filled in: sent twice, it is one entry
    outcome = models.CharField(max_length=9)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    last_item = models.PositiveSmallIntegerField(null=True)  # of a session cut short: read to the end of this one
    rest = models.CharField(max_length=7, blank=True)
    carried_to = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)
    order = models.CharField(max_length=300, blank=True)  # an oral order, before its document is there
    digest = models.CharField(max_length=64)
    said = models.JSONField(default=list)  # [{"ref", "title", "seconds", "urgent"}, …] in the order of reading
    seconds = models.PositiveIntegerField(default=0)  # planned for the whole session
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "lần phát"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "key"], name="airing_once_for_a_form"),
            models.UniqueConstraint(fields=["bulletin"], condition=Q(corrects=None), name="airing_once_for_a_session"),
            models.CheckConstraint(
                condition=Q(outcome__in=["aired", "cut_short", "not_aired"]), name="airing_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="not_aired") | Q(started_at__isnull=False), name="airing_has_a_time"
            ),
            models.CheckConstraint(condition=Q(outcome="aired") | ~Q(reason=""), name="airing_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id}: {self.outcome}"

    @property
    def outcome_label(self) -> str:
        return str(Standing(self.outcome).label)

    @property
    def rest_label(self) -> str:
        return str(Rest(self.rest).label) if self.rest else ""


class PlaylistAddress(models.Model):
    """A secret address under which a loudspeaker on the network fetches what to play. Only a digest is kept."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("delivery.Account", on_delete=models.PROTECT, related_name="playlist_addresses")
    token_sha256 = models.CharField(max_length=64, unique=True)
    label = models.CharField("tên cụm loa", max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "địa chỉ cho loa IP"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.label
