"""The composer's form: words, pictures, accounts; its time is in `publisher.console.times`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator

from assets.videos import LARGEST_VIDEO, BadVideo, inspect_video
from campaigns.models import Campaign, CampaignState, LateRule, Post
from channels.registry import CHANNELS
from publisher.console.forms import too_large
from publisher.console.library_forms import (
    children_field,
    children_note_field,
    people_field,
    people_note_field,
    source_field,
)
from publisher.console.times import TimesForm
from publisher.delivery.models import Account
from publisher.people.models import Organisation

WORDS = ("title", "lead", "body", "footer", "accounts", "urgent", "late_rule", "late_hours")  # what edit_post takes
LATE_RULES = [(rule.value, str(rule.label).capitalize()) for rule in LateRule]
PICTURES = ["jpg", "jpeg", "png", "webp", "gif", "heic", "heif", "avif"]
OF_PICTURE = ("source", "people", "people_note", "children", "children_note")  # of the one that is brought
ASKED_LATER = (
    "body",
    "accounts",
    "alt",
    *OF_PICTURE,
    "day",
    "hour",
    "weekdays",
    "late_hours",
    "happening",
    "side",
    "offset",
)  # a draft may lack them


class AccountChoices(forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError as error:  # a number longer than any key
            raise forms.ValidationError("Kênh đã chọn không có trong danh sách. Hãy chọn lại.") from error

    def label_from_instance(self, account: Account) -> str:
        label = CHANNELS[account.kind].label if account.kind in CHANNELS else account.kind
        held = " (đang tạm dừng)" if account.held else ""
        return f"{account.name} · {label}{held}"


def rows(count: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": count})


class ComposerForm(TimesForm):
    title = forms.CharField(label="Tiêu đề", max_length=300, widget=rows(2))
    lead = forms.CharField(
        label="Sa-pô", required=False, max_length=2000, widget=rows(3), help_text="Một, hai câu nói điều chính."
    )
    body = forms.CharField(
        label="Nội dung",
        required=False,
        max_length=20_000,
        widget=rows(14),
        help_text="Dòng trống tách đoạn. **chữ đậm**, - gạch đầu dòng, ## tiêu đề nhỏ, [chữ](https://địa-chỉ).",
    )
    footer = forms.CharField(
        label="Chân bài", required=False, max_length=1000, widget=rows(2), help_text="Đường dây nóng, địa chỉ."
    )
    picture = forms.FileField(
        label="Thêm ảnh",
        required=False,
        help_text="JPEG, PNG, WebP hoặc HEIC, không quá 12 MB; ảnh vào thư viện và tự nén cho từng kênh. "
        "Không có ảnh thì hệ thống tự vẽ thẻ tiêu đề.",
        validators=[FileExtensionValidator(PICTURES, "Chỉ nhận ảnh JPEG, PNG, WebP hoặc HEIC. Hãy đổi định dạng.")],
        widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
    )
    alt = forms.CharField(
        label="Mô tả ảnh",
        required=False,
        max_length=300,
        help_text="Nói điều người không nhìn thấy ảnh cần biết. Bắt buộc khi thêm ảnh.",
    )
    source = source_field()
    people = people_field()
    people_note = people_note_field()
    children = children_field()
    children_note = children_note_field()
    video = forms.FileField(
        label="Video",
        required=False,
        help_text=f"Một tệp MP4, không quá {LARGEST_VIDEO // 1_000_000} MB. "
        "Ảnh đầu tiên là hình hiện ra trước khi xem.",
        widget=forms.ClearableFileInput(attrs={"accept": "video/mp4"}),
    )
    drop_video = forms.BooleanField(label="Bỏ video này khi lưu", required=False)
    accounts = AccountChoices(
        label="Đăng ở đâu", required=False, queryset=Account.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    urgent = forms.BooleanField(label="Khẩn cấp", required=False, help_text="Đi trước và không chờ giờ yên lặng.")
    late_rule = forms.ChoiceField(
        label="Nếu lỡ giờ vì mất điện, mất mạng", choices=LATE_RULES, widget=forms.RadioSelect
    )
    late_hours = forms.IntegerField(label="Được muộn nhiều nhất (giờ)", min_value=1, max_value=720, required=False)
    confirmed = forms.BooleanField(
        label="Tôi đã đọc lại và xác nhận chữ trong bài",
        required=False,
        help_text="Chữ này lấy từ bản quét không rõ dấu. Chưa xác nhận thì chưa trình duyệt được.",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, organisation: Organisation, post: Post | None = None, **kwargs: Any) -> None:
        super().__init__(*args, organisation=organisation, post=post, initial=initial_of(post), **kwargs)
        self.post = post
        for name in ASKED_LATER:
            self.fields[name].asked_later = True
        if post is None or not post.unconfirmed:
            del self.fields["confirmed"]
        if post is None or post.video is None:
            del self.fields["drop_video"]
        self.fields["accounts"].queryset = Account.objects.filter(organisation=organisation, retired_at=None)

    def clean_picture(self) -> Any:
        file = self.cleaned_data["picture"]
        if file and (reason := too_large(file)):
            raise forms.ValidationError(reason)
        return file

    def clean_video(self) -> Any:
        file = self.cleaned_data["video"]
        try:
            if file:
                inspect_video(file)
        except BadVideo as refused:
            raise forms.ValidationError(str(refused)) from refused
        return file

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("picture") and not given.get("alt"):
            self.add_error("alt", "Hãy mô tả ảnh: người khiếm thị nghe mô tả này thay cho ảnh.")
        if given.get("alt") and not given.get("picture") and "picture" not in self.errors:
            self.add_error("picture", "Đã có mô tả nhưng chưa chọn ảnh. Hãy chọn lại tệp ảnh.")
        if given.get("late_rule") == LateRule.UNTIL:
            self.need("late_hours", "Hãy ghi số giờ được muộn, từ 1 đến 720.")
        return given

    @property
    def words(self) -> dict[str, Any]:
        """The fields `edit_post` and `new_post` take."""
        given = {name: self.cleaned_data[name] for name in WORDS}
        given["accounts"] = list(given["accounts"])
        given["late_hours"] = given["late_hours"] or 24
        if self.cleaned_data.get("confirmed"):
            given["unconfirmed"] = False
        return given

    @property
    def picture_words(self) -> dict[str, Any]:
        """What is said of the picture that is brought (publisher.approval.library)."""
        return {name: self.cleaned_data[name] for name in ("alt", *OF_PICTURE)}

    @property
    def words_changed(self) -> bool:
        return bool(set(self.changed_data) & {*WORDS, "confirmed"})


class NewPostForm(ComposerForm):
    field_order = ("campaign",)
    campaign = forms.ModelChoiceField(
        label="Chiến dịch", queryset=Campaign.objects.none(), empty_label="Chọn chiến dịch"
    )

    def __init__(self, *args: Any, organisation: Organisation, campaign: str = "", **kwargs: Any) -> None:
        super().__init__(*args, organisation=organisation, **kwargs)
        running = Campaign.objects.filter(organisation=organisation).exclude(state=CampaignState.CLOSED)
        self.fields["campaign"].queryset = running
        self.initial["campaign"] = campaign
        self.initial["accounts"] = list(self.fields["accounts"].queryset.filter(rate=0))
        self.initial["footer"] = footer_of(organisation)


def footer_of(organisation: Organisation) -> str:
    parts = [organisation.name, organisation.address]
    if organisation.hotline:
        parts.append(f"Đường dây nóng: {organisation.hotline}")
    return ". ".join(part for part in parts if part)


def initial_of(post: Post | None) -> dict[str, Any]:
    if post is None:
        return {"late_rule": LateRule.UNTIL, "late_hours": 24}
    words = {name: getattr(post, name) for name in WORDS if name != "accounts"}
    return {
        **words,
        "accounts": list(post.accounts.all()),
        "revision": post.revision,
    }
