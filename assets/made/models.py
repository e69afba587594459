"""How an organisation wants its made pictures to look."""

from __future__ import annotations

from django.db import models

from assets.made.layouts import LAYOUTS


class Style(models.Model):
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="picture_styles")
    name = models.CharField("tên mẫu", max_length=60)
    layout = models.CharField("bố cục", max_length=12)  # a name of assets.made.layouts.LAYOUTS
    accent = models.CharField("màu", max_length=7)  # #rrggbb
    headline = models.CharField("chữ tiêu đề", max_length=8, blank=True, default="")  # "": as the layout has it
    footer = models.CharField("dòng chân", max_length=160, blank=True, default="")
    emblem = models.ForeignKey("assets.Asset", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    background = models.ForeignKey("assets.Asset", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)  # offered no more

    class Meta:
        verbose_name = "mẫu ảnh"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], condition=models.Q(retired_at=None), name="style_name_once"
            ),
            models.CheckConstraint(condition=models.Q(layout__in=sorted(LAYOUTS)), name="style_layout_known"),
        ]

    def __str__(self) -> str:
        return self.name
