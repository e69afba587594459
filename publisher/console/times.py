"""When a post goes out, as a form: now, once, repeating with exceptions, or so many days from a happening."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from campaigns.models import Post
from publisher.approval.drafting import set_schedule, tie_to_happening
from publisher.console.forms import PlainForm
from publisher.delivery.shaping import schedule_of
from publisher.people.models import Organisation, Person
from publisher.timetable.models import Happening, Schedule
from publisher.timetable.recurrence import WEEKDAYS, monthly, weekly

TIMES = ("when", "day", "hour", "weekdays", "until", "skip", "happening", "side", "offset", "working", "tied_hour")
DAYS = list(zip(WEEKDAYS, ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"), strict=True))
NOW, ONCE, WEEKLY, MONTHLY, TIED, KEPT = "now", "once", "weekly", "monthly", "tied", "kept"
REPEATING = {WEEKLY, MONTHLY}
BEFORE, ON_THE_DAY, AFTER = "before", "on", "after"
SIDES = [(BEFORE, "trước sự kiện"), (ON_THE_DAY, "đúng ngày diễn ra"), (AFTER, "sau sự kiện")]
STILL_CHOSEN = timedelta(days=30)  # a happening that is over may still be followed by posts
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class DatesField(forms.CharField):
    """ "17/2/2026, 24/2/2026" ↔ a list of days, in order."""

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else ", ".join(written(day) for day in value)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return sorted(value)
        parts = [part for part in re.split(r"[,;\s]+", value or "") if part]
        return sorted({day_of(part) for part in parts})

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return list(initial or []) != self.to_python(data)
        except forms.ValidationError:
            return True

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """The days are checked one by one while they are read."""


def day_of(text: str) -> date:
    match = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})", text)
    wrong = forms.ValidationError(f"“{text}” không phải ngày. Viết theo dạng 17/2/2026, cách nhau bằng dấu phẩy.")
    if match is None:
        raise wrong
    year, month, day = (match[3], match[2], match[1]) if match[3] else (match[4], match[5], match[6])
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise wrong from error


def written(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


class HappeningChoice(forms.ModelChoiceField):
    default_error_messages = {"invalid_choice": "Sự kiện đã chọn không có trong danh sách. Hãy chọn lại."}

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except OverflowError as error:  # a number longer than any key
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from error

    def label_from_instance(self, happening: Happening) -> str:
        local = timezone.localtime(happening.starts_at)
        return f"{happening} ({local:%H:%M} {written(local.date())})"


class TimesForm(PlainForm):
    when = forms.ChoiceField(label="Khi nào", widget=forms.RadioSelect)
    day = forms.DateField(label="Ngày", required=False, widget=DATE)
    hour = forms.TimeField(label="Giờ", required=False, widget=CLOCK)
    weekdays = forms.MultipleChoiceField(
        label="Các ngày trong tuần", required=False, choices=DAYS, widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(
        label="Lặp đến hết ngày",
        required=False,
        help_text="Để trống: đến ngày kết thúc của chiến dịch.",
        widget=DATE,
    )
    skip = DatesField(
        label="Bỏ qua các ngày", required=False, max_length=2000, help_text="Ví dụ: 17/2/2026, 24/2/2026 (nghỉ Tết)."
    )
    happening = HappeningChoice(
        label="Sự kiện", required=False, queryset=Happening.objects.none(), empty_label="Chọn sự kiện"
    )
    side = forms.ChoiceField(label="Đăng", required=False, choices=SIDES)
    offset = forms.IntegerField(label="Số ngày", required=False, min_value=0, max_value=365)
    working = forms.BooleanField(
        label="Chỉ đếm ngày làm việc", required=False, help_text="Bỏ qua cuối tuần, ngày lễ, ngày nghỉ hoán đổi."
    )
    tied_hour = forms.TimeField(label="Lúc", required=False, help_text="Để trống: đúng giờ của sự kiện.", widget=CLOCK)

    def __init__(self, *args: Any, organisation: Organisation, post: Post | None = None, **kwargs: Any) -> None:
        schedule = schedule_of(post) if post else None
        super().__init__(*args, initial={**initial_time(schedule), **kwargs.pop("initial", {})}, **kwargs)
        self.kept = schedule
        self.fields["when"].choices = choices_of_time(schedule)
        self.fields["happening"].queryset = offered(organisation, schedule)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean()
        when = given.get("when")
        if when in {ONCE, *REPEATING}:
            self.need("day", "Hãy chọn ngày.")
            self.need("hour", "Hãy chọn giờ.")
        if when == WEEKLY:
            self.need("weekdays", "Hãy chọn ít nhất một ngày trong tuần.")
        if when == TIED:
            self.need("happening", "Hãy chọn sự kiện.")
            if given.get("side") != ON_THE_DAY:
                self.need("offset", "Hãy ghi số ngày trước hoặc sau sự kiện.")
        if given.get("until") and given.get("day") and given["until"] < given["day"]:
            self.add_error("until", "Ngày kết thúc phải sau ngày bắt đầu.")
        return given

    def need(self, name: str, words: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, words)

    @property
    def time_changed(self) -> bool:
        given = self.cleaned_data
        changed = bool(set(self.changed_data) & set(TIMES)) and given["when"] != KEPT
        return changed and not (given["when"] == NOW and self.kept is None)

    def keep_time(self, post: Post, *, by: Person) -> None:
        """Stores the time the form tells. Raises `BadRule`; then nothing was stored."""
        given = self.cleaned_data
        if given["when"] == TIED:
            tie_to_happening(
                post, given["happening"], by=by, days=self.days_away, working=given["working"], at=given["tied_hour"]
            )
            return
        set_schedule(post, by=by, **self.time)

    @property
    def days_away(self) -> int:
        sign = {BEFORE: -1, AFTER: 1}.get(self.cleaned_data["side"], 0)
        return sign * (self.cleaned_data["offset"] or 0)

    @property
    def time(self) -> dict[str, Any]:
        """What `set_schedule` takes."""
        given = self.cleaned_data
        if given["when"] == NOW:
            return {"starts_at": timezone.now()}
        starts_at = timezone.make_aware(datetime.combine(given["day"], given["hour"]))
        if given["when"] == ONCE:
            return {"starts_at": starts_at}
        rule = self._rule()
        return {
            "starts_at": starts_at,
            "rule": rule,
            "until": given["until"],
            "skip": given["skip"],
            "also": self._moved_occurrences(starts_at, rule),
        }

    def _moved_occurrences(self, starts_at: datetime, rule: str) -> list[datetime]:
        """Those of the same rule stay, but on days that are left out now."""
        if self.kept is None or (self.kept.rule, self.kept.starts_at) != (rule, starts_at):
            return []
        left_out = set(self.cleaned_data["skip"]) - set(self.kept.skipped)
        return [moment for moment in self.kept.extra if timezone.localtime(moment).date() not in left_out]

    def _rule(self) -> str:
        if self.cleaned_data["when"] == WEEKLY:
            return weekly(*(WEEKDAYS.index(code) for code in self.cleaned_data["weekdays"]))
        return monthly(self.cleaned_data["day"].day)


def offered(organisation: Organisation, schedule: Schedule | None) -> Any:
    """Happenings that take place, not long over, and the one the post is tied to."""
    rows = Happening.objects.filter(organisation=organisation)
    near = rows.filter(cancelled_at=None, starts_at__gte=timezone.now() - STILL_CHOSEN)
    tied = rows.filter(pk=schedule.happening_id if schedule else None)
    return (near | tied).order_by("starts_at")


def initial_time(schedule: Schedule | None) -> dict[str, Any]:
    if schedule is None:
        return {"when": NOW, "side": BEFORE, "offset": 7}
    local = timezone.localtime(schedule.starts_at)
    found = {
        "when": kind_of_time(schedule),
        "day": local.date(),
        "hour": local.time().replace(second=0, microsecond=0),
        "weekdays": weekdays_of(schedule.rule),
        "until": schedule.until,
        "skip": schedule.skipped,
        "side": BEFORE,
        "offset": 7,
    }
    return found | initial_tie(schedule) if schedule.happening_id else found


def initial_tie(schedule: Schedule) -> dict[str, Any]:
    days = schedule.offset_days
    return {
        "happening": schedule.happening_id,
        "side": BEFORE if days < 0 else AFTER if days else ON_THE_DAY,
        "offset": abs(days),
        "working": schedule.offset_working,
        "tied_hour": schedule.offset_at,
    }


def kind_of_time(schedule: Schedule) -> str:
    if schedule.happening_id:
        return TIED
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
        (TIED, "Gắn với sự kiện: sự kiện dời thì bài dời theo"),
    ]
    if schedule and kind_of_time(schedule) == KEPT:
        choices.append((KEPT, f"Giữ lịch đang có ({schedule})"))
    return choices
