"""Correcting what was read: a small form for one finding, for a finding the reader missed, and for what is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import reswap, retarget

from campaigns.corrections import Place, find, place, value_at, words_of
from campaigns.fields import ITEM_WORDS, ITEMS, BadCorrection, Field
from campaigns.models import Plan
from publisher.console.context import rights_by_name
from publisher.console.doors import needs, own
from publisher.console.findings import MAIN, anchor_of, understanding
from publisher.console.forms import PlainForm
from publisher.console.source_pane import window_asked
from publisher.console.todo import work_list
from publisher.console.value_words import as_typed
from publisher.intake.corrections import Overtaken, add, confirm, correct, exclude, withdraw
from publisher.intake.models import Correction
from publisher.intake.suggestions import accept, suggestions
from publisher.intake.understanding import newest, understood
from publisher.intake.warnings import NoSuchWarning, decide
from publisher.people.rights import Right

NOTE = "ghi_chu"
CONFIRMED = {"themes": ("title", "text")}  # both become the words of a post


class Understood(forms.Field):
    """A field of a reading as a form's field: `campaigns.fields` says what may stand in it. `stands` is what does; left
    as it is, it stays as it is, even where nobody could write it into this form."""

    def __init__(self, field: Field, stands: Any = None) -> None:
        super().__init__(
            label=field.words[:1].upper() + field.words[1:],
            required=False,
            help_text=HINTS.get(field.kind, ""),
            initial=as_typed(field, stands),
            widget=WIDGETS[field.kind](field, stands),
        )
        self.understood, self.stands = field, stands
        self.asked_later = not field.empty  # the reading's own word for required

    def clean(self, value: Any) -> Any:
        typed = value.replace("\r\n", "\n") if isinstance(value, str) else value
        if typed == (self.initial or type(typed)()):
            return self.stands
        try:
            return self.understood.read(value)
        except BadCorrection as error:
            raise forms.ValidationError(str(error)) from error


class CorrectForm(PlainForm):
    """All fields of one finding, each under its name in the reading."""

    def __init__(self, fields: Mapping[str, Field], data: Any = None, stands: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        known = stands or {}
        self.fields.update({name: Understood(field, known.get(name)) for name, field in fields.items()})
        self.fields[NOTE] = forms.CharField(
            label="Ghi chú", required=False, max_length=500, help_text="Vì sao sửa, ví dụ “theo bản giấy”."
        )


def select(field: Field, stands: Any) -> forms.Select:
    blank = [("", "không ghi")] if field.empty or stands is None else []
    strange = [(stands, stands)] if stands and stands not in field.choices else []
    return forms.Select(choices=[*blank, *field.choices.items(), *strange])


HINTS = {
    "date": "Ngày/tháng/năm, ví dụ 20/3/2026.",
    "amount": "Bằng đồng, ví dụ 1.600.000. Để trống nếu kế hoạch không ghi.",
    "count": "Để trống nếu kế hoạch không ghi số.",
}
WIDGETS = {
    "text": lambda field, _: forms.TextInput(attrs={"maxlength": field.most}),
    "long": lambda field, _: forms.Textarea(attrs={"rows": 3, "maxlength": field.most}),
    "date": lambda field, _: forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
    "year": lambda field, _: forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
    "count": lambda field, _: forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
    "amount": lambda field, _: forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
    "choice": select,
    "choices": lambda field, _: forms.CheckboxSelectMultiple(choices=list(field.choices.items())),
    "flag": lambda field, _: forms.CheckboxInput(),
}


@needs(Right.WRITE, post=Right.WRITE)
def corrected(request: HttpRequest, pk: int, at: str) -> HttpResponse:
    """One finding, by its place in the reading: its form, and saving what differs in it, all or nothing."""
    plan = own(Plan, request, pk=pk)
    pointer = f"/{at}"
    fields = fields_of(plan, pointer)
    reading, said = understood(plan), newest(plan)
    stands = {name: value_at(reading, spot(pointer, name)) for name in fields}
    form = CorrectForm(fields, request.POST or None, stands)
    if request.method == "POST" and form.is_valid() and save(request, plan, pointer, form, stands):
        return told(request, plan, pointer, "Đã lưu. Giá trị máy đọc vẫn được giữ bên cạnh.")
    history = [row for row in plan.corrections.select_related("by").order_by("-pk") if belongs(row, pointer)]
    context = {
        "plan": plan,
        "form": form,
        "at": at,
        "pointer": pointer,
        "anchor": anchor_of(pointer),
        "words": place_words(pointer),
        "history": [(words_of(row.pointer), row) for row in history],
        "seen": {name: seen_id(said, spot(pointer, name)) for name in fields},
    }
    return answer(request, "console/_correct_form.html", "console/plan_correct.html", context, form)


def fields_of(plan: Plan, pointer: str) -> dict[str, Field]:
    """What may be corrected of the finding; 404 for what nobody may, or what is not there."""
    where = place_or_404(pointer)
    if not where.item:
        return {where.name: where.field}
    if find(understood(plan), where.steps) is None:
        raise Http404("Kết quả đọc không có mục này; tải lại trang.")
    return ITEMS[where.kind]


def place_or_404(pointer: str) -> Place:
    """The place of a scalar, or of an item named whole."""
    try:
        where = place(f"{pointer}/excluded" if is_item(pointer) else pointer)
    except BadCorrection as error:
        raise Http404(str(error)) from error
    if where.item and not is_item(pointer):
        raise Http404("Mục này được sửa cùng cả dòng của nó.")
    return where


def is_item(pointer: str) -> bool:
    return pointer.rpartition("/")[2].lstrip("+").isdigit()


def spot(pointer: str, name: str) -> str:
    return f"{pointer}/{name}" if is_item(pointer) else pointer


def place_words(pointer: str) -> str:
    return words_of(f"{pointer}/excluded").rpartition(":")[0] if is_item(pointer) else words_of(pointer)


def belongs(row: Correction, pointer: str) -> bool:
    return row.pointer == pointer or (
        row.pointer.startswith(f"{pointer}/") and "/children/" not in row.pointer[len(pointer) :]
    )


def seen_id(said: Mapping[str, Correction], pointer: str) -> int:
    return said[pointer].pk if pointer in said else 0


def save(request: HttpRequest, plan: Plan, pointer: str, form: CorrectForm, stands: Mapping[str, Any]) -> bool:
    """Corrects every field that differs; where none does, what a person looked at is confirmed."""
    changed = [name for name, value in stands.items() if form.cleaned_data[name] != value]
    where = place_or_404(pointer)
    seen_to = CONFIRMED.get(where.kind) or (MAIN.get(where.kind, where.name),)
    try:
        with transaction.atomic():
            for name in changed or seen_to:
                seen = request.POST.get(f"thay-{name}", "")
                correct(
                    plan,
                    spot(pointer, name),
                    form.cleaned_data[name],
                    by=request.seat.person,
                    note=form.cleaned_data[NOTE],
                    seen=int(seen) if seen.isdecimal() and len(seen) < 18 else None,
                )
    except BadCorrection as error:
        form.add_error(name, str(error))
    except Overtaken as error:
        form.add_error(None, str(error))
    return not form.errors


@needs(Right.WRITE, post=Right.WRITE)
def added(request: HttpRequest, pk: int, at: str) -> HttpResponse:
    """Something the reader missed: a theme, a target, a row of the budget …; `at` names the list."""
    plan = own(Plan, request, pk=pk)
    around = f"/{at}"
    where = place_or_404(f"{around}/+1")
    if not where.item:
        raise Http404("Không thêm được vào chỗ này.")
    form = CorrectForm(ITEMS[where.kind], request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != NOTE}
        try:
            row = add(plan, around, values, by=request.seat.person, note=form.cleaned_data[NOTE])
        except BadCorrection as error:
            form.add_error(MAIN[where.kind], str(error))
        else:
            return told(request, plan, row.pointer, f"Đã thêm {ITEM_WORDS[where.kind]}.")
    context = {"plan": plan, "form": form, "at": at, "words": ITEM_WORDS[where.kind], "kind": where.kind}
    return answer(request, "console/_add_form.html", "console/plan_add.html", context, form)


@needs(post=Right.WRITE)
def judged(request: HttpRequest, pk: int) -> HttpResponse:
    """One button about one finding: it is none, it is one after all, or the read value was right."""
    plan = own(Plan, request, pk=pk)
    verdict, _, pointer = request.POST.get("o-la", "").partition("|")
    if verdict not in VERDICTS:
        messages.error(request, "Không rõ cần làm gì với mục nào. Tải lại trang rồi chọn lại.")
        return redirect("plan-review", pk=pk)
    fields_of(plan, pointer)
    act, words = VERDICTS[verdict]
    try:
        act(request, plan, pointer)
    except (BadCorrection, Overtaken) as error:
        return told(request, plan, pointer, str(error), level=messages.ERROR)
    return told(request, plan, pointer, words)


def leave_out(request: HttpRequest, plan: Plan, pointer: str) -> None:
    if is_added(pointer):
        withdraw(plan, pointer, by=request.seat.person)
    else:
        exclude(plan, pointer, by=request.seat.person)


def take_back(request: HttpRequest, plan: Plan, pointer: str) -> None:
    correct(plan, f"{pointer}/excluded", False, by=request.seat.person)


@transaction.atomic
def as_read(request: HttpRequest, plan: Plan, pointer: str) -> None:
    said = [row for one, row in newest(plan).items() if belongs(row, pointer) and row.value != row.read]
    for row in said:
        if not place(row.pointer).adds:
            withdraw(plan, row.pointer, by=request.seat.person)


def is_added(pointer: str) -> bool:
    return pointer.rpartition("/")[2].startswith("+")


VERDICTS = {
    "khong-phai": (leave_out, "Đã bỏ khỏi kết quả. Chữ trong văn bản và lịch sử vẫn còn."),
    "dung-la": (take_back, "Đã tính lại mục này."),
    "nhu-may-doc": (as_read, "Đã trở lại giá trị máy đọc."),
}


@needs(post=Right.WRITE)
def warned(request: HttpRequest, pk: int) -> HttpResponse:
    """What a person did about one warning."""
    plan = own(Plan, request, pk=pk)
    key, decision = request.POST.get("canh-bao", ""), request.POST.get("la", "seen")
    try:
        decide(plan, key, decision, by=request.seat.person)
    except NoSuchWarning as error:
        messages.error(request, str(error))
    except ValueError as error:
        raise Http404("Không rõ đã làm gì với cảnh báo này.") from error
    if request.htmx:
        context = {
            "plan": plan,
            "todo": work_list(plan, understanding(plan).findings),
            "window": window_of(request),
            "may": rights_by_name(request.seat),
        }
        return render(request, "console/_review_todo.html", context)
    return redirect(reverse("plan-review", kwargs={"pk": pk}) + "#can-xem")


@needs(post=Right.WRITE)
def offered(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the sentence offered for a worn one, or says that the worn one stands as it is."""
    plan = own(Plan, request, pk=pk)
    verdict, _, pointer = request.POST.get("o-la", "").partition("|")
    offer = next((offer for offer in suggestions(plan) if offer.pointer == pointer), None)
    if offer is None or offer.text != request.POST.get(f"loi-{pointer}"):
        messages.error(request, "Gợi ý này không còn; tải lại trang để xem gợi ý mới.")
        return redirect("plan-review", pk=pk)
    if verdict == "nhan":
        accept(plan, offer, by=request.seat.person)
    else:
        confirm(plan, pointer, by=request.seat.person, note="không nhận gợi ý")
    messages.success(request, "Đã nhận gợi ý." if verdict == "nhan" else "Đã giữ chữ máy đọc.")
    return redirect(f"{reverse('plan-review', kwargs={'pk': pk})}#goi-y")


def answer(request: HttpRequest, fragment: str, page: str, context: dict[str, Any], form: CorrectForm) -> HttpResponse:
    """The form alone where it comes into the page; else a page of its own."""
    if request.htmx:
        return render(request, fragment, {**context, "inside": True})
    return render(request, page, context, status=422 if form.errors else 200)


def told(request: HttpRequest, plan: Plan, pointer: str, words: str, level: int = messages.SUCCESS) -> HttpResponse:
    """Back to the finding: its whole group comes into the page, for sums and numbers change with it."""
    if request.htmx:
        known = understanding(plan)
        context = {
            "plan": plan,
            "group": known.group_of(place_or_404(pointer)),
            "todo": work_list(plan, known.findings),
            "corrections": known.corrections[::-1],
            "told": words,
            "wrong": level == messages.ERROR,
            "focus": anchor_of(pointer),
            "window": window_of(request),
            "may": rights_by_name(request.seat),
        }
        response = render(request, "console/_review_saved.html", context)
        return reswap(retarget(response, f"#g-{context['group'].key}"), "outerHTML")
    messages.add_message(request, level, words)
    return redirect(f"{reverse('plan-review', kwargs={'pk': plan.pk})}#{anchor_of(pointer)}")


def window_of(request: HttpRequest) -> int:
    """Which part of the document stands in the page that asked."""
    query = urlsplit(request.htmx.current_url_abs_path or "").query
    return window_asked(QueryDict(query).get("phan", ""))
