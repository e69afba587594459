"""The brand of the organisation: what every page of its public site shows beside the article."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assets.models import Asset, Kind
from publisher.console.doors import needs
from publisher.console.forms import PlainForm
from publisher.delivery.broker import refresh_site
from publisher.delivery.sites import hosts, site_address, standing
from publisher.events.log import record
from publisher.people.models import Organisation
from publisher.people.rights import Right

FIELDS = ("name", "short_name", "address", "hotline", "email", "accent", "emblem", "feedback_url", "site_url")
DARKEST_GROUND = 4.5  # contrast with white letters: https://www.w3.org/TR/WCAG22/#contrast-minimum
EMBLEM_TYPES = ("image/png", "image/jpeg")


class BrandForm(PlainForm):
    name = forms.CharField(label="Tên đơn vị", max_length=200)
    short_name = forms.CharField(label="Tên ngắn", max_length=80, help_text="Dùng ở đầu trang trên điện thoại.")
    address = forms.CharField(label="Địa chỉ trụ sở", max_length=300, required=False)
    hotline = forms.CharField(label="Đường dây nóng", max_length=60, required=False)
    email = forms.EmailField(label="Thư điện tử", required=False)
    accent = forms.RegexField(
        label="Màu nhận diện",
        regex=r"^#[0-9a-fA-F]{6}$",
        widget=forms.TextInput(attrs={"type": "color"}),
        error_messages={"invalid": "Chọn màu bằng ô màu, hoặc viết như #9c1c1c."},
        help_text="Màu nền của đầu trang và thẻ tiêu đề; chữ trên đó màu trắng nên cần màu đủ đậm.",
    )
    emblem = forms.ModelChoiceField(
        label="Biểu trưng",
        queryset=Asset.objects.none(),
        required=False,
        empty_label="Không dùng: hiện chữ cái đầu",
        help_text="Một ảnh vuông PNG hoặc JPEG trong kho ảnh.",
    )
    feedback_url = forms.URLField(
        label="Trang nhận góp ý",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="Địa chỉ biểu mẫu góp ý của đơn vị. Để trống: nút góp ý mở thư điện tử.",
    )
    site_url = forms.URLField(
        label="Tên miền riêng của trang",
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text="Ví dụ: https://songvang.lacan.example. Để trống: trang nằm dưới địa chỉ chung. Chỉ điền khi máy chủ"
        " web đã phục vụ tên miền này; địa chỉ các bài cũ cần được chuyển hướng.",
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, initial={name: getattr(organisation, name) for name in FIELDS}, **kwargs)
        self.organisation = organisation
        own = Asset.objects.filter(organisation=organisation, kind=Kind.PICTURE, media_type__in=EMBLEM_TYPES)
        self.fields["emblem"].queryset = own.filter(retired_at=None).order_by("-created_at")

    def clean_accent(self) -> str:
        accent = str(self.cleaned_data["accent"]).lower()
        if contrast_with_white(accent) < DARKEST_GROUND:
            raise forms.ValidationError("Màu này quá nhạt: chữ trắng trên đó khó đọc. Chọn màu đậm hơn.")
        return accent

    def clean_site_url(self) -> str:
        address = str(self.cleaned_data["site_url"]).rstrip("/")
        if address.count("/") > 2 or "?" in address or "#" in address:
            raise forms.ValidationError("Tên miền riêng chỉ gồm https:// và tên miền, không có đường dẫn phía sau.")
        if address and Organisation.objects.exclude(pk=self.organisation.pk).filter(site_url=address).exists():
            raise forms.ValidationError("Tên miền này đang dùng cho đơn vị khác.")
        return address

    def save(self) -> list[str]:
        """Fills the organisation; returns the names of the columns that changed."""
        changed = [name for name in FIELDS if getattr(self.organisation, name) != self.cleaned_data[name]]
        for name in changed:
            setattr(self.organisation, name, self.cleaned_data[name])
        return changed


def contrast_with_white(colour: str) -> float:
    """Of `#rrggbb`, 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    light = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 1.05 / (0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] + 0.05)


@needs(Right.MANAGE, post=Right.MANAGE)
def brand(request: HttpRequest) -> HttpResponse:
    organisation = Organisation.objects.select_related("emblem").get(pk=request.seat.organisation.pk)
    form = BrandForm(request.POST if request.method == "POST" else None, organisation=organisation)
    if request.method != "POST" or not form.is_valid():
        told = {"form": form, **site_words(organisation)}
        return render(request, "console/brand.html", told, status=422 if form.errors else 200)
    if changed := form.save():
        with transaction.atomic():
            organisation.save(update_fields=changed)
            subject = f"organisation:{organisation.pk}"
            who = {"organisation": organisation, "actor": request.seat.person}
            record("organisation.branded", subject, data={"fields": sorted(changed)}, **who)
            transaction.on_commit(lambda: refresh_site.send(organisation.pk))
        messages.success(request, "Đã lưu nhận diện. Trang công khai đang được dựng lại theo nhận diện mới.")
    else:
        messages.info(request, "Không có gì thay đổi.")
    return redirect("brand")


@needs(Right.MANAGE)
def brand_progress(request: HttpRequest) -> HttpResponse:
    """How far the site is, asked for while something is still to be made."""
    return render(request, "console/_brand_progress.html", site_words(request.seat.organisation))


def site_words(organisation: Organisation) -> dict[str, Any]:
    if not any(known.pk == organisation.pk for known in hosts()):
        return {"hosted": False}
    stands, done, total = standing(organisation)
    return {"hosted": True, "stands": stands, "done": done, "total": total, "address": site_address(organisation)}
