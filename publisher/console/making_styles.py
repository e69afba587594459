"""The organisation's styles of made pictures: an administrator sets them, officers choose among them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from assets.made.contents import Title
from assets.made.formats import LINK, SQUARE
from assets.made.layouts import LAYOUTS
from assets.made.models import Style
from assets.made.skins import SANS, SERIF
from assets.models import Asset, Kind
from publisher.approval.library import INCOMPLETE
from publisher.console.doors import needs, own
from publisher.console.forms import PlainForm
from publisher.console.making_drawn import Shown, shown
from publisher.console.making_looks import footer_of, look_of, styles
from publisher.events.log import record
from publisher.people.models import Organisation
from publisher.people.rights import Right

FIELDS = ("name", "layout", "accent", "headline", "footer", "emblem", "background")
SAMPLE = Title("Mỗi việc nhỏ của phường, một tin rõ ràng cho bà con")
HEADLINES = [("", "Theo bố cục"), (SANS, "Không chân, hiện đại"), (SERIF, "Có chân, trang trọng")]


class StyleForm(PlainForm):
    name = forms.CharField(label="Tên mẫu", max_length=60, help_text="Ví dụ: Mẫu chung, Tết, Chuyển đổi số.")
    layout = forms.ChoiceField(
        label="Bố cục", choices=[(one.name, f"{one.label}: {one.says}") for one in LAYOUTS.values()]
    )
    accent = forms.RegexField(
        label="Màu", regex=r"^#[0-9a-fA-F]{6}$", widget=forms.TextInput(attrs={"type": "color"}),
        error_messages={"invalid": "Chọn màu bằng ô màu, hoặc viết như #9c1c1c."},
        help_text="Màu nhạt được tự làm đậm đủ để đọc rõ chữ.",
    )  # fmt: skip
    headline = forms.ChoiceField(label="Chữ tiêu đề", choices=HEADLINES, required=False)
    footer = forms.CharField(
        label="Dòng chân", max_length=160, required=False, help_text="Để trống: đường dây nóng của đơn vị."
    )
    emblem = forms.ModelChoiceField(
        label="Biểu trưng", queryset=Asset.objects.none(), required=False, empty_label="Như của đơn vị",
        help_text="Một ảnh vuông đã mô tả đủ trong thư viện ảnh, hiện trong hình tròn cạnh tên đơn vị.",
    )  # fmt: skip
    background = forms.ModelChoiceField(
        label="Ảnh nền", queryset=Asset.objects.none(), required=False, empty_label="Không có",
        help_text="Chỉ bố cục “Ảnh nền” dùng đến; ảnh phải mô tả đủ. Ảnh được phủ tối để chữ đọc rõ.",
    )  # fmt: skip

    def __init__(self, *args: Any, organisation: Organisation, style: Style, **kwargs: Any) -> None:
        super().__init__(*args, initial={name: getattr(style, name) for name in FIELDS}, **kwargs)
        self.organisation, self.style = organisation, style
        rows = Asset.objects.filter(organisation=organisation, kind=Kind.PICTURE, retired_at=None).exclude(INCOMPLETE)
        for name in ("emblem", "background"):
            self.fields[name].queryset = rows.filter(media_type__in=("image/jpeg", "image/png")).order_by("-created_at")
        self.fields["footer"].widget.attrs["placeholder"] = footer_of(organisation)

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        others = Style.objects.filter(organisation=self.organisation, name=name, retired_at=None)
        if others.exclude(pk=self.style.pk).exists():
            raise forms.ValidationError("Đã có mẫu tên này. Hãy đặt tên khác.")
        return name

    def clean_accent(self) -> str:
        return str(self.cleaned_data["accent"]).lower()


@needs(Right.MANAGE, post=Right.MANAGE)
def all_styles(request: HttpRequest) -> HttpResponse:
    organisation = request.seat.organisation
    blank = Style(organisation=organisation, layout="river", accent=organisation.accent)
    form = StyleForm(request.POST or None, organisation=organisation, style=blank)
    if request.method == "POST" and form.is_valid():
        kept(request, form, "style.added")
        messages.success(request, f"Đã thêm mẫu “{form.style}”. Cán bộ truyền thông thấy mẫu này ở trang Làm ảnh.")
        return redirect("making-styles")
    samples = [(one, sample(organisation, str(one.pk))) for one in styles(organisation)]
    context = {"form": form, "samples": samples, "layouts": layouts(organisation)}
    return render(request, "console/making_styles.html", context, status=422 if form.errors else 200)


@needs(Right.MANAGE, post=Right.MANAGE)
def one_style(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = request.seat.organisation
    style = own(Style.objects.filter(retired_at=None), request, pk=pk)
    if request.POST.get("do") == "retire":
        style.retired_at = timezone.now()
        style.save(update_fields=["retired_at"])
        note(request, style, "style.retired")
        messages.success(request, f"Mẫu “{style}” không còn để chọn. Ảnh đã làm vẫn giữ nguyên.")
        return redirect("making-styles")
    form = StyleForm(request.POST if request.method == "POST" else None, organisation=organisation, style=style)
    if request.method == "POST" and form.is_valid():
        kept(request, form, "style.changed")
        messages.success(request, "Đã lưu mẫu. Ảnh làm từ nay theo mẫu mới; ảnh đã làm giữ nguyên.")
        return redirect("making-styles")
    context = {"form": form, "style": style, "shown": sample(organisation, str(pk))}
    return render(request, "console/making_style.html", context, status=422 if form.errors else 200)


def kept(request: HttpRequest, form: StyleForm, what: str) -> None:
    for name in FIELDS:
        setattr(form.style, name, form.cleaned_data[name])
    form.style.save()
    note(request, form.style, what)


def note(request: HttpRequest, style: Style, what: str) -> None:
    data = {"name": style.name, "layout": style.layout, "accent": style.accent}
    record(what, f"style:{style.pk}", organisation=style.organisation, actor=request.seat.person, data=data)


def sample(organisation: Organisation, key: str) -> Shown:
    return shown(SAMPLE, look_of(organisation, key), key, SQUARE)


def layouts(organisation: Organisation) -> list[tuple[str, str, Shown]]:
    return [(one.label, one.says, shown(SAMPLE, look_of(organisation, one.name), one.name, LINK))
            for one in LAYOUTS.values()]  # fmt: skip
