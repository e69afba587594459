"""Documents as they came in, what people corrected in what was read, and which plan replaces which."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q


class DocumentState(models.TextChoices):
    WAITING = "waiting", "chờ đọc"
    READING = "reading", "đang đọc"
    READ = "read", "đã đọc"
    REFUSED = "refused", "không đọc được"  # `message` says why and what to do
    INTERRUPTED = "interrupted", "bị gián đoạn"  # the process that read it is gone: it can be started again


class Document(models.Model):
    """One document somebody handed in. Its bytes lie in `publisher.intake.plans.documents()` before this row stands."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="documents")
    name = models.CharField("tên tệp", max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField("dung lượng")  # bytes
    state = models.CharField(max_length=11, default=DocumentState.WAITING)
    done = models.PositiveIntegerField(default=0)  # of `total`, in the reader's own steps
    total = models.PositiveIntegerField(default=0)  # 0: not known
    message = models.TextField(blank=True)
    code = models.CharField(max_length=60, blank=True)  # of the refusal
    plan = models.ForeignKey("campaigns.Plan", on_delete=models.PROTECT, null=True, related_name="documents")
    fresh = models.BooleanField(default=False)  # the reading made the plan; False: the plan had stood before
    lease = models.UUIDField(null=True)  # fencing token of whoever reads it
    beat_at = models.DateTimeField(null=True)  # last sign of life of whoever reads it, or has it in the queue
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "tài liệu"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "sha256"], name="document_once"),
            models.CheckConstraint(condition=Q(state__in=DocumentState.values), name="document_state_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state_label(self) -> str:
        return str(DocumentState(self.state).label)

    @property
    def under_way(self) -> bool:
        return self.state in (DocumentState.WAITING, DocumentState.READING)

    @property
    def share(self) -> int | None:
        """How much is read, 0..100; None while nobody knows."""
        return min(100, self.done * 100 // self.total) if self.total else None


class Kept(models.Model):
    """A row that is written once: a change of mind is another row."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise RuntimeError("Dòng này chỉ được ghi thêm, không được sửa.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise RuntimeError("Dòng này không được xóa.")


class Correction(Kept):
    """What a person says at one place of a reading. The newest of a pointer counts, the earlier ones stay.

    `pointer` is a place in the reading (`campaigns.corrections`), `read` what the reader had there, `value` what it is.
    """

    plan = models.ForeignKey("campaigns.Plan", on_delete=models.PROTECT, related_name="corrections")
    pointer = models.CharField(max_length=200)
    read = models.JSONField(null=True)
    value = models.JSONField(null=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "sửa kết quả đọc"
        ordering = ["plan", "pk"]
        indexes = [models.Index(fields=["plan", "pointer", "-id"], name="correction_newest")]

    def __str__(self) -> str:
        return f"{self.pointer} = {self.value}"


class Handling(models.TextChoices):
    SEEN = "seen", "đã xem"
    MENDED = "mended", "đã sửa"


class WarningDecision(Kept):
    """What a person did about one warning; the newest of a key counts."""

    plan = models.ForeignKey("campaigns.Plan", on_delete=models.PROTECT, related_name="warning_decisions")
    key = models.CharField(max_length=120)  # publisher.intake.warnings.keyed
    decision = models.CharField(max_length=6)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "xử lý cảnh báo"
        ordering = ["plan", "pk"]
        constraints = [models.CheckConstraint(condition=Q(decision__in=Handling.values), name="handling_known")]

    def __str__(self) -> str:
        return f"{Handling(self.decision).label}: {self.key}"


class RevisionState(models.TextChoices):
    PROPOSED = "proposed", "chờ quyết định"
    ACCEPTED = "accepted", "đã thay thế"
    APART = "apart", "là hai kế hoạch riêng"
    UNDONE = "undone", "đã hoàn tác"


class PlanRevision(models.Model):
    """One plan that replaces, or may replace, an earlier one. `before` is what has to be put back to undo it."""

    old = models.ForeignKey("campaigns.Plan", on_delete=models.PROTECT, related_name="revisions")
    new = models.ForeignKey("campaigns.Plan", on_delete=models.PROTECT, related_name="revises")
    state = models.CharField(max_length=8, default=RevisionState.PROPOSED)
    why = models.TextField("căn cứ đề nghị", blank=True)
    before = models.JSONField(default=dict)
    to_see = models.JSONField("việc cần xem", default=list)  # sentences for a person, after the replacement
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "kế hoạch sửa đổi"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="revision_once"),
            models.CheckConstraint(condition=Q(state__in=RevisionState.values), name="revision_state_known"),
            models.CheckConstraint(condition=~Q(old=models.F("new")), name="revision_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.new} thay {self.old}"

    @property
    def state_label(self) -> str:
        return str(RevisionState(self.state).label)
