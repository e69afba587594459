"""What is asked of a picture: what it shows, whose it is, who is seen in it, where its middle lies."""

from __future__ import annotations

from typing import Any

from django import forms

from assets.consent import AGE_ASKED, LAW, PEOPLE
from assets.models import Asset
from assets.pictures import LARGEST_FILE
from publisher.console.forms import FilesField, PlainForm

PEOPLE_CHOICES = [("", "Chưa ghi"), *PEOPLE.items()]
LARGEST = f"{LARGEST_FILE // 1024 // 1024} MB"
PERCENT = {"min": 0, "max": 100, "step": 1}
DESCRIBED = ("alt", "source", "people", "people_note", "children", "children_note", "tags")
NEEDED = DESCRIBED[:-1]  # may be written later, before the picture is used


def alt_field() -> forms.CharField:
    return forms.CharField(
        label="Mô tả ảnh",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Nói điều người không nhìn thấy ảnh cần biết.",
    )


def source_field() -> forms.CharField:
    return forms.CharField(
        label="Nguồn ảnh",
        required=False,
        max_length=200,
        help_text="Ai chụp, của cơ quan nào. Ghi đúng như sẽ đề bên ảnh, ví dụ: Trần Văn An, UBND phường.",
    )


def people_field() -> forms.ChoiceField:
    return forms.ChoiceField(label="Người trong ảnh", required=False, choices=PEOPLE_CHOICES, help_text=LAW["people"])


def people_note_field() -> forms.CharField:
    return forms.CharField(
        label="Ghi chú về người trong ảnh",
        required=False,
        max_length=300,
        help_text="Ai đồng ý, bằng giấy tờ nào; hoặc sự kiện, nhiệm vụ nào; hoặc vì sao không cần.",
    )


def children_field() -> forms.BooleanField:
    return forms.BooleanField(label="Nhận ra được trẻ em trong ảnh", required=False, help_text=LAW["children"])


def children_note_field() -> forms.CharField:
    return forms.CharField(
        label="Sự đồng ý của trẻ và của cha, mẹ",
        required=False,
        max_length=300,
        help_text=f"Giấy tờ nào, ngày nào. Trẻ từ đủ {AGE_ASKED} tuổi cũng được hỏi. Bắt buộc khi có trẻ em.",
    )


class PictureForm(PlainForm):
    """Everything that is written beside one picture; what is still missing is told, not refused."""

    alt = alt_field()
    source = source_field()
    people = people_field()
    people_note = people_note_field()
    children = children_field()
    children_note = children_note_field()
    tags = forms.CharField(
        label="Nhãn", required=False, max_length=300, help_text="Cách nhau bằng dấu phẩy, ví dụ: môi trường, tổ 5."
    )
    focus_x = forms.IntegerField(
        label="Từ trái sang (%)", min_value=0, max_value=100, widget=forms.NumberInput(attrs=PERCENT)
    )
    focus_y = forms.IntegerField(
        label="Từ trên xuống (%)", min_value=0, max_value=100, widget=forms.NumberInput(attrs=PERCENT)
    )

    def __init__(self, *args: Any, asset: Asset, **kwargs: Any) -> None:
        words = {name: getattr(asset, name) for name in DESCRIBED}
        middle = {"focus_x": round(asset.focus_x * 100), "focus_y": round(asset.focus_y * 100)}
        super().__init__(*args, initial={**words, **middle}, **kwargs)
        for name in NEEDED:
            self.fields[name].asked_later = True

    @property
    def given(self) -> dict[str, Any]:
        """What `library.describe` takes."""
        words = {name: self.cleaned_data[name] for name in DESCRIBED}
        words["tags"] = tags_of(words["tags"])
        return words | {name: self.cleaned_data[name] / 100 for name in ("focus_x", "focus_y")}


class UploadForm(PlainForm):
    files = FilesField(
        label="Ảnh",
        help_text=f"JPEG, PNG, WebP, HEIC hoặc AVIF, mỗi ảnh không quá {LARGEST}. Nơi chụp và thông tin máy được xóa.",
    )
    source = source_field()
    people = people_field()
    people_note = people_note_field()
    tags = forms.CharField(label="Nhãn", required=False, max_length=300, help_text="Cách nhau bằng dấu phẩy.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "people", "people_note"):
            self.fields[name].asked_later = True
        self.fields["files"].widget.attrs["accept"] = "image/*"  # a telephone offers its camera

    @property
    def words(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in ("source", "people", "people_note", "tags")}
        return given | {"tags": tags_of(given["tags"])}


def tags_of(text: str) -> str:
    """Each tag once, parted by ", "."""
    return ", ".join(dict.fromkeys(filter(None, (" ".join(one.split()) for one in text.split(",")))))
