"""The composer's form: words, pictures, accounts and the time of one post."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils import timezone

from campaigns.models import Campaign, CampaignState, LateRule, Post
from channels.registry import CHANNELS
from publisher.console.forms import PlainForm, too_large
from publisher.delivery.models import Account
from publisher.delivery.shaping import schedule_of
from publisher.people.models import Organisation
from publisher.timetable.models import Schedule
from publisher.timetable.recurrence import WEEKDAYS, monthly, weekly

WORDS = ("title", "lead", "body", "footer", "accounts", "urgent", "late_rule", "late_hours")  # what edit_post takes
TIMES = ("when", "day", "hour", "weekdays", "until")
LATE_RULES = [(rule.value, str(rule.label).capitalize()) for rule in LateRule]
DAYS = list(zip(WEEKDAYS, ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"), strict=True))

ASKED_LATER = ("body", "accounts", "alt", "day", "hour", "weekdays", "late_hours")  # a draft may lack them
NOW, ONCE, WEEKLY, MONTHLY, KEPT = "now", "once", "weekly", "monthly", "kept"


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


class ComposerForm(PlainForm):
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
        help_text="JPEG, PNG hoặc WebP, không quá 12 MB. Không có ảnh thì hệ thống tự vẽ thẻ tiêu đề.",
        validators=[
            FileExtensionValidator(
                ["jpg", "jpeg", "png", "webp"], "Chỉ nhận ảnh JPEG, PNG hoặc WebP. Hãy đổi định dạng."
            )
        ],
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    alt = forms.CharField(
        label="Mô tả ảnh",
        required=False,
        max_length=300,
        help_text="Nói điều người không nhìn thấy ảnh cần biết. Bắt buộc khi thêm ảnh.",
    )
    accounts = AccountChoices(
        label="Đăng ở đâu", required=False, queryset=Account.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    when = forms.ChoiceField(label="Khi nào", widget=forms.RadioSelect)
    day = forms.DateField(
        label="Ngày", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    hour = forms.TimeField(label="Giờ", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    weekdays = forms.MultipleChoiceField(
        label="Các ngày trong tuần", required=False, choices=DAYS, widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(
        label="Lặp đến hết ngày",
        required=False,
        help_text="Để trống: đến ngày kết thúc của chiến dịch.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
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
        super().__init__(*args, initial=initial_of(post), **kwargs)
        self.post = post
        for name in ASKED_LATER:
            self.fields[name].asked_later = True
        if post is None or not post.unconfirmed:
            del self.fields["confirmed"]
        self.fields["accounts"].queryset = Account.objects.filter(organisation=organisation, retired_at=None)
        self.fields["when"].choices = choices_of_time(schedule_of(post) if post else None)

    def clean_picture(self) -> Any:
        file = self.cleaned_data["picture"]
        if file and (reason := too_large(file)):
            raise forms.ValidationError(reason)
        return file

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("picture") and not given.get("alt"):
            self.add_error("alt", "Hãy mô tả ảnh: người khiếm thị nghe mô tả này thay cho ảnh.")
        if given.get("alt") and not given.get("picture") and "picture" not in self.errors:
            self.add_error("picture", "Đã có mô tả nhưng chưa chọn ảnh. Hãy chọn lại tệp ảnh.")
        if given.get("when") in {ONCE, WEEKLY, MONTHLY}:
            self._need("day", "Hãy chọn ngày.")
            self._need("hour", "Hãy chọn giờ.")
        if given.get("when") == WEEKLY:
            self._need("weekdays", "Hãy chọn ít nhất một ngày trong tuần.")
        if given.get("late_rule") == LateRule.UNTIL:
            self._need("late_hours", "Hãy ghi số giờ được muộn, từ 1 đến 720.")
        if given.get("until") and given.get("day") and given["until"] < given["day"]:
            self.add_error("until", "Ngày kết thúc phải sau ngày bắt đầu.")
        return given

    def _need(self, name: str, words: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, words)

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
    def words_changed(self) -> bool:
        return bool(set(self.changed_data) & {*WORDS, "confirmed"})

    @property
    def time(self) -> dict[str, Any] | None:
        """What `set_schedule` takes; None when the time stays as it is."""
        given = self.cleaned_data
        if not set(self.changed_data) & set(TIMES) or given["when"] == KEPT:
            return None
        if given["when"] == NOW:
            return {"starts_at": timezone.now(), "rule": "", "until": None} if self.post else None
        starts_at = timezone.make_aware(datetime.combine(given["day"], given["hour"]))
        if given["when"] == ONCE:
            return {"starts_at": starts_at, "rule": "", "until": None}
        return {"starts_at": starts_at, "rule": self._rule(), "until": given["until"]}

    def _rule(self) -> str:
        if self.cleaned_data["when"] == WEEKLY:
            return weekly(*(WEEKDAYS.index(code) for code in self.cleaned_data["weekdays"]))
        return monthly(self.cleaned_data["day"].day)


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
        return {"when": NOW, "late_rule": LateRule.UNTIL, "late_hours": 24}
    words = {name: getattr(post, name) for name in WORDS if name != "accounts"}
    return {
        **words,
        "accounts": list(post.accounts.all()),
        "revision": post.revision,
        **initial_time(schedule_of(post)),
    }


def initial_time(schedule: Schedule | None) -> dict[str, Any]:
    if schedule is None:
        return {"when": NOW}
    local = timezone.localtime(schedule.starts_at)
    return {
        "when": kind_of_time(schedule),
        "day": local.date(),
        "hour": local.time().replace(second=0, microsecond=0),
        "weekdays": weekdays_of(schedule.rule),
        "until": schedule.until,
    }


def kind_of_time(schedule: Schedule) -> str:
    if schedule.happening_id:
        return KEPT
    if not schedule.rule:
        return ONCE
    if weekdays_of(schedule.rule):
        return WEEKLY
    starts_on = timezone.localtime(schedule.starts_at).day
    return MONTHLY if schedule.rule == monthly(starts_on) else KEPT


def weekdays_of(rule: str) -> list[str]:
    """The days of a plain weekly rule; empty for any other rule."""
    head, _, days = rule.partition(";BYDAY=")
    codes = days.split(",")
    return codes if head == "FREQ=WEEKLY" and set(codes) <= set(WEEKDAYS) else []


def choices_of_time(schedule: Schedule | None) -> list[tuple[str, str]]:
    choices = [
        (NOW, "Ngay khi được duyệt"),
        (ONCE, "Một lần, vào ngày giờ chọn"),
        (WEEKLY, "Hằng tuần"),
        (MONTHLY, "Hằng tháng, vào ngày đã chọn"),
    ]
    if schedule and kind_of_time(schedule) == KEPT:
        choices.append((KEPT, f"Giữ lịch đang có ({schedule})"))
    return choices
