"""Happenings: what is coming, the posts tied to each, and moving or calling it off with all that follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from publisher.approval import happenings as service
from publisher.approval.happenings import LISTS, sentence
from publisher.approval.review import Refused
from publisher.console.doors import needs, own
from publisher.console.forms import DayField, PlainForm, first_error
from publisher.people.rights import Right
from publisher.timetable.models import Happening, HappeningChange, Schedule

LOOK_BACK = timedelta(days=60)  # happenings that are over are shown so long
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
NOTING = (Right.WRITE, Right.APPROVE)


class HappeningForm(PlainForm):
    title = forms.CharField(label="Tên sự kiện", max_length=200)
    day = DayField(label="Ngày")
    hour = forms.TimeField(label="Giờ bắt đầu", widget=CLOCK)
    end_hour = forms.TimeField(label="Giờ kết thúc", required=False, widget=CLOCK)
    place = forms.CharField(label="Địa điểm", required=False, max_length=200)

    @property
    def given(self) -> dict[str, Any]:
        """What `new_happening` takes."""
        cleaned = self.cleaned_data
        end = (
            timezone.make_aware(datetime.combine(cleaned["day"], cleaned["end_hour"])) if cleaned["end_hour"] else None
        )
        starts_at = timezone.make_aware(datetime.combine(cleaned["day"], cleaned["hour"]))
        return {"title": cleaned["title"], "place": cleaned["place"], "starts_at": starts_at, "ends_at": end}


class WordsForm(PlainForm):
    title = forms.CharField(label="Tên sự kiện", max_length=200)
    place = forms.CharField(label="Địa điểm", required=False, max_length=200)
    end_day = DayField(label="Kết thúc ngày", required=False)
    end_hour = forms.TimeField(label="Kết thúc lúc", required=False, widget=CLOCK)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if bool(given.get("end_day")) != bool(given.get("end_hour")):
            self.add_error("end_hour", "Giờ kết thúc cần cả ngày và giờ, hoặc để trống cả hai.")
        return given

    @property
    def ends_at(self) -> datetime | None:
        day, hour = self.cleaned_data["end_day"], self.cleaned_data["end_hour"]
        return timezone.make_aware(datetime.combine(day, hour)) if day else None


class MoveForm(PlainForm):
    day = DayField(label="Sang ngày")
    hour = forms.TimeField(label="Lúc", widget=CLOCK)
    reason = forms.CharField(label="Lý do", required=False, max_length=500)

    @property
    def to(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"]))


class CallOffForm(PlainForm):
    reason = forms.CharField(label="Lý do", max_length=500, required=False)


@dataclass(frozen=True, slots=True)
class Told:
    """A change with its sentence, and its posts under the words of each list."""

    change: HappeningChange
    words: str
    lists: list[tuple[str, list[dict[str, Any]]]]


@needs(Right.READ, post=Right.WRITE)
def happenings(request: HttpRequest) -> HttpResponse:
    form = HappeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = service.new_happening(request.seat.organisation, by=request.seat.person, **form.given)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Đã thêm sự kiện. Khi viết bài, chọn “Gắn với sự kiện” để bài đi theo sự kiện.")
            return redirect("happening", pk=made.pk)
    rows = Happening.objects.filter(organisation=request.seat.organisation)
    now = timezone.now()
    context = {
        "form": form,
        "ahead": with_counts(rows.filter(starts_at__gte=now).order_by("starts_at")),
        "over": with_counts(rows.filter(starts_at__lt=now, starts_at__gte=now - LOOK_BACK).order_by("-starts_at")),
    }
    return render(request, "console/happenings.html", context, status=422 if form.errors else 200)


def with_counts(rows: Any) -> list[tuple[Happening, int]]:
    return [(row, len(row.schedules.all())) for row in rows.prefetch_related("schedules")]


@needs(Right.READ, post=Right.WRITE)
def happening(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(Happening, request, pk=pk)
    if request.method != "POST":
        return page(request, found)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return page(request, found, status=422, words_form=form)
    given = {"title": form.cleaned_data["title"], "place": form.cleaned_data["place"], "ends_at": form.ends_at}

    def do() -> str:
        service.edit_happening(found, by=request.seat.person, **given)
        return "Đã lưu."

    return act(request, found, do)


@needs(post=Right.WRITE)
def moved(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = own(Happening, request, pk=pk), MoveForm(request.POST)
    if not form.is_valid():
        return page(request, found, status=422, move_form=form, refused=f"Chưa dời. {first_error(form)}")
    reason = form.cleaned_data["reason"]
    by = request.seat.person
    return act(request, found, lambda: sentence(service.move_happening(found, form.to, by=by, reason=reason)))


@needs(post=Right.WRITE)
def cancelled(request: HttpRequest, pk: int) -> HttpResponse:
    found, reason = own(Happening, request, pk=pk), request.POST.get("reason", "")[:500]
    by = request.seat.person
    return act(request, found, lambda: sentence(service.cancel_happening(found, by=by, reason=reason)))


@needs(post=Right.WRITE)
def revived(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = own(Happening, request, pk=pk), request.seat.person
    return act(request, found, lambda: sentence(service.revive_happening(found, by=by)))


def act(request: HttpRequest, found: Happening, do: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, do())
    except Refused as refused:
        return page(request, Happening.objects.get(pk=found.pk), status=409, refused=str(refused))
    return redirect("happening", pk=found.pk)


@needs(post=NOTING)
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the change off the visitor's Today."""
    rows = HappeningChange.objects.filter(happening__organisation=request.seat.organisation)
    service.take_note(get_object_or_404(rows, pk=pk), request.seat.person)
    return redirect("today")


def page(request: HttpRequest, found: Happening, *, status: int = 200, **given: Any) -> HttpResponse:
    local = timezone.localtime(found.starts_at)
    end = timezone.localtime(found.ends_at) if found.ends_at else None
    words = {"title": found.title, "place": found.place}
    ends = {"end_day": end.date(), "end_hour": end.time()} if end else {}
    context = {
        "happening": found,
        "tied": tied(found),
        "changes": [told(change) for change in found.changes.select_related("happening__organisation", "by")],
        "unseen": set(service.unseen(request.seat).filter(happening=found).values_list("pk", flat=True)),
        "words_form": given.get("words_form") or WordsForm(initial={**words, **ends}),
        "move_form": given.get("move_form") or MoveForm(initial={"day": local.date(), "hour": local.time()}),
        "call_off_form": CallOffForm(),
        "refused": given.get("refused", ""),
    }
    return render(request, "console/happening.html", context, status=status)


def tied(found: Happening) -> list[Schedule]:
    return list(found.schedules.select_related("post", "happening").order_by("starts_at", "post"))


def told(change: HappeningChange) -> Told:
    lists = [(words.format(len(rows)), rows) for name, words in LISTS.items() if (rows := change.outcome.get(name))]
    return Told(change, sentence(change), lists)
