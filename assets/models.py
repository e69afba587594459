"""Pictures and videos an organisation may publish, known by their content; the bytes live in `assets.store`."""

from __future__ import annotations

from django.db import models


class Asset(models.Model):
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="assets")
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField()  # pixels; 0: a video that does not say
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


class Rendition(models.Model):
    """A picture as fitted once to what a channel takes; `needs` names that (assets.renditions.name_of)."""

    of = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="renditions")
    needs = models.CharField(max_length=200)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "bản ảnh cho kênh"
        constraints = [models.UniqueConstraint(fields=["of", "needs"], name="rendition_of_asset_once")]

    def __str__(self) -> str:
        return f"{self.of}: {self.needs}"
