"""Budget lines and the ledger. Money is integer đồng; an amount the plan does not state is null and buys nothing."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class BudgetLine(models.Model):
    """A row of the plan's budget table. `committed` and `spent` are running totals of the ledger, kept by one
    conditional UPDATE that is at once the limit check and the lock; `budget verify` recomputes them."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="budget_lines")
    plan = models.ForeignKey("campaigns.Plan", on_delete=models.PROTECT, null=True, related_name="budget_lines")
    order = models.PositiveIntegerField(default=0)
    label = models.CharField(max_length=20, blank=True)
    name = models.TextField("nội dung")
    amount = models.BigIntegerField("dự toán", null=True)
    payees = models.JSONField(default=list)  # [{"name": …, "amount": …}]
    period = models.CharField(max_length=120, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    origin = models.CharField(max_length=4, default="plan")  # campaigns.models.Origin
    source = models.JSONField(default=dict)
    committed = models.BigIntegerField("cam kết chi", default=0)
    spent = models.BigIntegerField("thực chi", default=0)
    closed_at = models.DateTimeField(null=True)  # nothing more is committed on it; what is, stays
    closed_why = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "dòng dự toán"
        ordering = ["plan", "order", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(committed__gte=0) & Q(spent__gte=0), name="line_not_negative"),
            models.CheckConstraint(
                # NULL passes a CHECK, so the unstated amount is asked for by name
                condition=Q(amount__isnull=True, committed=0, spent=0)
                | Q(amount__isnull=False, amount__gte=F("committed") + F("spent")),
                name="line_within_limit",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def left(self) -> int | None:
        """What may still be committed; None where the plan states no amount."""
        return None if self.amount is None else self.amount - self.committed - self.spent


class EntryKind(models.TextChoices):
    RESERVE = "reserve", "cam kết"
    CONFIRM = "confirm", "chi"
    RELEASE = "release", "giải phóng"
    ADJUST = "adjust", "điều chỉnh"


class LedgerEntry(models.Model):
    """One fact about money, tied to the delivery that caused it. UNIQUE(delivery, kind) forbids paying twice."""

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="entries")
    delivery = models.ForeignKey("delivery.Delivery", on_delete=models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(max_length=8)
    amount = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    note = models.CharField(max_length=300, blank=True)
    counted = models.BooleanField(
        default=True, db_default=True
    )  # False: the running totals of its line follow within a tick

    class Meta:
        verbose_name = "bút toán"
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], condition=Q(counted=False), name="entry_uncounted")]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "kind"], name="entry_once"),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="entry_kind_known"),
            models.CheckConstraint(condition=Q(amount__gte=0) | Q(kind="adjust"), name="entry_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
