"""Pictures and videos an organisation may publish, known by their content; the bytes live in `assets.store`."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from assets.consent import folded, missing


class Kind(models.TextChoices):
    PICTURE = "picture", "ảnh"  # stands in the library
    CARD = "card", "thẻ tiêu đề"  # drawn for a post without a picture
    RENDITION = "rendition", "bản cho kênh"
    VIDEO = "video", "video"


class Asset(models.Model):
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="assets")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.PICTURE)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField()  # pixels; 0: a video that does not say
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()  # bytes
    alt = models.CharField("mô tả ảnh", max_length=300)
    name = models.CharField("tên tệp", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")

    original_sha256 = models.CharField(max_length=64, blank=True, default="")  # as it was handed in; never published
    original_type = models.CharField(max_length=40, blank=True, default="")
    original_size = models.PositiveIntegerField(default=0)  # bytes
    pixels = models.CharField(max_length=64, blank=True, default="")  # identity of what is seen, whatever the file

    source = models.CharField("nguồn ảnh", max_length=200, blank=True, default="")  # whom to name beside it
    people = models.CharField("người trong ảnh", max_length=12, blank=True, default="")  # assets.consent.PEOPLE
    people_note = models.CharField("ghi chú về người trong ảnh", max_length=300, blank=True, default="")
    children = models.BooleanField("có trẻ em", default=False)
    children_note = models.CharField("sự đồng ý của trẻ và cha mẹ", max_length=300, blank=True, default="")
    tags = models.CharField("nhãn", max_length=300, blank=True, default="")  # parted by ", "
    folded = models.TextField(blank=True, default="", editable=False)  # what the library's search looks through
    focus_x = models.FloatField(default=0.5)  # shares of the width and height, from the upper left
    focus_y = models.FloatField(default=0.5)
    retired_at = models.DateTimeField(null=True, blank=True)  # offered no more; what is published stays

    class Meta:
        verbose_name = "hình ảnh"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "sha256"], name="asset_once"),
            models.UniqueConstraint(fields=["organisation", "pixels"], condition=~Q(pixels=""), name="pixels_once"),
            models.CheckConstraint(
                condition=Q(focus_x__gte=0, focus_x__lte=1, focus_y__gte=0, focus_y__lte=1), name="focus_inside"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-created_at", "-id"], condition=Q(kind="picture"),
                                name="library_newest")]  # fmt: skip

    def __str__(self) -> str:
        return self.alt or self.name

    @property
    def focus(self) -> tuple[float, float]:
        return self.focus_x, self.focus_y

    @property
    def missing(self) -> list[str]:
        """What is to be written before it may be used (assets.consent)."""
        return missing(self)

    def search_words(self) -> str:
        return folded(self.alt, self.source, self.tags, self.name)


class Rendition(models.Model):
    """A picture as made once for what a channel takes; `needs` names that (assets.renditions)."""

    of = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="renditions")
    needs = models.CharField(max_length=200)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "bản ảnh cho kênh"
        constraints = [models.UniqueConstraint(fields=["of", "needs"], name="rendition_of_asset_once")]

    def __str__(self) -> str:
        return f"{self.of}: {self.needs}"
