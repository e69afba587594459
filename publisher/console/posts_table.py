"""Posts out as a CSV table, and in again: what would be made is shown first, with every mistake of the file at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from campaigns.models import Post
from publisher.approval.tables import make_drafts, planned, table_of
from publisher.console.doors import needs
from publisher.console.forms import PlainForm
from publisher.console.posts import asked_of, chosen
from publisher.people.rights import Right
from publisher.timetable.posts_csv import BadTable

LARGEST = 2_000_000  # bytes: some thousand posts; the table travels in the page between preview and making
NEEDED = ("campaign", "theme", "schedule", "organisation")


class TableForm(PlainForm):
    file = forms.FileField(
        label="Tệp CSV",
        help_text="Lưu từ Excel bằng “CSV UTF-8”. Dòng đầu là tên cột; tải tệp mẫu ở dưới.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("Tệp lớn hơn 2 MB. Hãy chia thành nhiều tệp.")
        return file


@needs(Right.READ)
def export(request: HttpRequest) -> HttpResponse:
    """The same posts as on the screen, all of them."""
    rows = Post.objects.filter(organisation=request.seat.organisation).select_related(*NEEDED)
    found = chosen(rows, asked_of(request)).prefetch_related("accounts").order_by("campaign", "pk")
    response = HttpResponse(table_of(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="tin-bai-{timezone.localdate():%Y%m%d}.csv"'
    return response


@needs(Right.WRITE, post=Right.WRITE)
def imported(request: HttpRequest) -> HttpResponse:
    """A file shows what it would make; the table that was shown, sent again, makes it."""
    if request.method != "POST":
        return page(request, TableForm())
    if "table" in request.POST:
        return made(request, request.POST["table"].encode())
    form = TableForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, form, status=422)
    data = form.cleaned_data["file"].read()
    try:
        rows = planned(data, request.seat.organisation)
    except BadTable as error:
        return page(request, form, status=422, errors=error.errors)
    return page(request, TableForm(), rows=rows, table=text_of(data))


def made(request: HttpRequest, data: bytes) -> HttpResponse:
    try:
        posts = make_drafts(planned(data, request.seat.organisation), by=request.seat.person)
    except BadTable as error:
        return page(request, TableForm(), status=409, errors=error.errors)
    messages.success(request, f"Đã tạo {len(posts)} bài nháp. Xem lại, thêm ảnh, rồi trình duyệt từng bài.")
    return redirect("posts")


def text_of(data: bytes) -> str:
    """As UTF-8: what was readable once is so again."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return data.decode("utf-16" if wide else "utf-8-sig")


def page(request: HttpRequest, form: TableForm, *, status: int = 200, **given: Any) -> HttpResponse:
    return render(request, "console/posts_import.html", {"form": form, **given}, status=status)
