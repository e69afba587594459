"""What is asked for each kind of made picture, and the contents that come of it."""

from __future__ import annotations

from typing import Any

from django import forms

from assets.made.contents import Content, Notice, Quote, Sheet, Title
from assets.made.faces import drawable
from assets.made.formats import PAPERS, PICTURES, Format
from assets.made.lists import FEWEST, MOST_CARDS, Entry, series
from publisher.console.forms import DayField, PlainForm
from publisher.console.making_looks import choices
from publisher.people.models import Organisation

MOST_IN_A_POST = 10  # pictures of one post that every channel of ours and most networks show; read 2026-11
WORDS_ON_A_CARD = 400  # characters: what is longer cannot be read on a telephone
NOTHING_DRAWN = "Không có chữ nào vẽ được, chỉ có ký tự phông chữ không có. Hãy viết bằng chữ."
Parts = list[list[Content]]


def lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class MakingForm(PlainForm):
    """The look and the size every kind asks for."""

    sizes: dict[str, Format] = PICTURES
    look = forms.ChoiceField(label="Mẫu")
    size = forms.ChoiceField(label="Cỡ ảnh")

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.fields["look"].choices = [(one.key, f"{one.label}: {one.says}") for one in choices(organisation)]
        self.fields["size"].choices = [(one.name, one.label) for one in self.sizes.values()]
        self.order_fields([*(name for name in self.fields if name not in {"look", "size"}), "look", "size"])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for name in [name for name, field in self.fields.items() if isinstance(field, forms.CharField)]:
            if self.fields[name].required and given.get(name) and not drawable(given[name]):
                self.add_error(name, NOTHING_DRAWN)
        return given

    @property
    def format(self) -> Format:
        return self.sizes[self.cleaned_data["size"]]

    @property
    def parts(self) -> Parts:
        """The pictures, in the order they go out; more than one part where they are too many for a post."""
        return []


class TitleForm(MakingForm):
    title = forms.CharField(label="Chữ trên ảnh", max_length=300, widget=lines(3))

    @property
    def parts(self) -> Parts:
        return [[Title(self.cleaned_data["title"])]]


class QuoteForm(MakingForm):
    words = forms.CharField(
        label="Lời trích", max_length=WORDS_ON_A_CARD, widget=lines(4),
        help_text="Đúng nguyên văn người nói. Không cần gõ dấu ngoặc kép.",
    )  # fmt: skip
    who = forms.CharField(label="Người nói", max_length=120)
    role = forms.CharField(label="Chức vụ, nơi ở", max_length=160, required=False)

    @property
    def parts(self) -> Parts:
        given = self.cleaned_data
        return [[Quote(given["words"], given["who"], given["role"])]]


class NoticeForm(MakingForm):
    title = forms.CharField(label="Việc gì", max_length=200, widget=lines(2))
    day = DayField(label="Ngày")
    hour = forms.CharField(label="Giờ", max_length=60, required=False, help_text="Ví dụ: 14 giờ 00 – 16 giờ 30.")
    place = forms.CharField(label="Ở đâu", max_length=160, required=False)
    note = forms.CharField(label="Ghi thêm", max_length=160, required=False)

    @property
    def parts(self) -> Parts:
        given = self.cleaned_data
        return [[Notice(given["title"], given["day"], given["hour"], given["place"], given["note"])]]


class SheetForm(MakingForm):
    sizes = PAPERS
    title = forms.CharField(label="Tiêu đề", max_length=200, widget=lines(2))
    lead = forms.CharField(label="Lời dẫn", max_length=500, required=False, widget=lines(3))
    points = forms.CharField(
        label="Các ý chính", max_length=1500, required=False, widget=lines(6), help_text="Mỗi dòng một ý."
    )
    address = forms.URLField(
        label="Địa chỉ trong mã QR", max_length=300, required=False, assume_scheme="https",
        help_text="Người cầm tờ giấy quét mã để đọc bài đầy đủ. Để trống: không in mã.",
    )  # fmt: skip
    call = forms.CharField(label="Chữ bên mã QR", max_length=60, required=False)
    marks = forms.BooleanField(
        label="Chừa lề xén 3 mm và dấu cắt",
        required=False,
        help_text="Chọn khi gửi nhà in; in ở cơ quan thì không cần.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["size"].label = "Khổ giấy"

    @property
    def parts(self) -> Parts:
        given = self.cleaned_data
        points = tuple(line.strip(" -•*\t") for line in given["points"].splitlines() if line.strip(" -•*\t"))
        return [[Sheet(given["title"], given["lead"], points, given["address"], given["call"])]]


class SeriesForm(MakingForm):
    """The cards stand beside the fields: as many boxes of one name as there are cards."""

    title = forms.CharField(
        label="Chữ trên bìa", max_length=200, widget=lines(2),
        help_text="Bắt đầu bằng con số thì con số được vẽ thật lớn: “15 tiện ích…”.",
    )  # fmt: skip
    split = forms.BooleanField(
        label=f"Chia thành nhiều phần, mỗi phần nhiều nhất {MOST_IN_A_POST} ảnh", required=False,
        help_text="Facebook, Zalo và nhiều mạng chỉ cho chừng ấy ảnh trong một bài. Mỗi phần có bìa riêng.",
    )  # fmt: skip

    @property
    def cards(self) -> list[str]:
        """As they stand in the boxes."""
        return self.data.getlist("card") if self.is_bound else list(self.initial.get("cards", []))

    @property
    def entries(self) -> list[Entry]:
        return [one for one in map(Entry.of, self.cards) if one.head]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        count = len(self.entries)
        if count < FEWEST:
            self.add_error(None, f"Loạt thẻ cần ít nhất {FEWEST} thẻ có chữ. Ít hơn thì nên làm thẻ chữ.")
        elif count > MOST_CARDS:
            self.add_error(None, f"Có {count} thẻ, nhiều nhất {MOST_CARDS}. Hãy gộp hoặc tách thành hai loạt.")
        for number, words in enumerate(self.cards, 1):
            if words.strip() and not drawable(Entry.of(words).head):
                self.add_error(None, f"Thẻ {number}: {NOTHING_DRAWN}")
            if len(words) > WORDS_ON_A_CARD:
                self.add_error(None, f"Thẻ {number} dài {len(words)} chữ cái, nhiều nhất {WORDS_ON_A_CARD}.")
        return given

    @property
    def parts(self) -> Parts:
        most = MOST_IN_A_POST if self.cleaned_data["split"] else 0
        return series(self.cleaned_data["title"], self.entries, most=most)


KINDS: dict[str, tuple[str, type[MakingForm]]] = {
    "the": ("Thẻ chữ", TitleForm),
    "trich": ("Trích dẫn", QuoteForm),
    "loat": ("Loạt thẻ", SeriesForm),
    "thong-bao": ("Thông báo", NoticeForm),
    "to-in": ("Tờ rơi, áp phích", SheetForm),
}
