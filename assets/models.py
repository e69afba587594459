"""Pictures an organisation may publish, known by their content; the bytes live in `assets.store`."""

from __future__ import annotations

from django.db import models


class Asset(models.Model):
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="assets")
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField()  # pixels
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()  # bytes
    alt = models.CharField("mô tả ảnh", max_length=300)
    name = models.CharField("tên tệp", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "hình ảnh"
        constraints = [models.UniqueConstraint(fields=["organisation", "sha256"], name="asset_once")]

    def __str__(self) -> str:
        return self.alt or self.name
