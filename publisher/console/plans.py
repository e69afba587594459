"""Plans: bringing a document in, and what was understood of it."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from campaigns.models import Plan, Theme
from campaigns.reading import PlanRefused
from publisher.budget.ledger import summary
from publisher.console.doors import needs, own
from publisher.console.forms import FilesField, PlainForm, too_large
from publisher.intake.plans import Imported, import_plan
from publisher.people.models import Seat
from publisher.people.rights import Right

MOST_FILES = 10


class ImportForm(PlainForm):
    files = FilesField(
        label="Tệp kế hoạch",
        help_text="Word (.docx), PDF có chữ (.pdf), Markdown (.md) hoặc văn bản (.txt); mỗi tệp không quá 12 MB.",
        allow_empty_file=True,  # the reader says what is wrong with it
    )
    files.widget.attrs["accept"] = ".docx,.pdf,.md,.txt"

    def clean_files(self) -> list[UploadedFile]:
        files = self.cleaned_data["files"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"Mỗi lần nhập nhiều nhất {MOST_FILES} tệp.")
        return files


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one file: a plan, or the reason why not."""

    name: str
    imported: Imported | None = None
    reason: str = ""


@needs(Right.READ, post=Right.WRITE)
def plans(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None) if request.method == "POST" else ImportForm()
    verdicts = [take(file, request.seat) for file in form.cleaned_data["files"]] if form.is_valid() else []
    if len(verdicts) == 1 and verdicts[0].imported:
        return welcome(request, verdicts[0].imported)
    found = Plan.objects.filter(organisation=request.seat.organisation).defer("reading")
    counted = found.annotate(
        theme_count=Count("themes", distinct=True), campaign_count=Count("campaigns", distinct=True)
    )
    refused = form.errors or any(v.reason for v in verdicts)
    context = {"plans": counted, "form": form, "verdicts": verdicts}
    return render(request, "console/plans.html", context, status=422 if refused else 200)


def take(file: UploadedFile, seat: Seat) -> Verdict:
    if reason := too_large(file):
        return Verdict(file.name, reason=reason)
    try:
        return Verdict(file.name, import_plan(file.read(), file.name, organisation=seat.organisation, by=seat.person))
    except PlanRefused as refusal:
        return Verdict(file.name, reason=str(refusal))


def welcome(request: HttpRequest, imported: Imported) -> HttpResponse:
    if imported.created:
        check = (
            "Hãy xem phần “Cần xem lại” trước khi dùng." if imported.plan.warnings else "Hãy đối chiếu với bản giấy."
        )
        messages.success(request, f"Đã đọc kế hoạch và tạo chiến dịch nháp. {check}")
    else:
        messages.info(request, "Tệp này đã được nhập trước đây; đây là kế hoạch đó.")
    return redirect("plan", pk=imported.plan.pk)


@needs(Right.READ)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(Plan.objects.select_related("imported_by"), request, pk=pk)
    themes = list(found.themes.all())
    context = {
        "plan": found,
        "tree": grown(themes),
        "theme_count": len(themes),
        "targets": found.targets.all(),
        "lines": found.budget_lines.all(),
        "money": summary(request.seat.organisation, found),
        "campaigns": found.campaigns.annotate(post_count=Count("posts")),
    }
    return render(request, "console/plan.html", context)


@dataclass(slots=True)
class Branch:
    theme: Theme
    children: list[Branch]


def grown(themes: list[Theme]) -> list[Branch]:
    """The themes as a tree, in reading order. One pass: a parent is read before its children."""
    branches = {theme.pk: Branch(theme, []) for theme in themes}
    roots: list[Branch] = []
    for theme in themes:
        above = branches.get(theme.parent_id)
        (above.children if above else roots).append(branches[theme.pk])
    return roots
