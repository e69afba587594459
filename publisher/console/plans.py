"""Plans: the list, handing documents in, and following how they are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from assets.store import Damaged, Missing
from campaigns.models import Plan
from publisher.console.context import rights_by_name
from publisher.console.doors import needs, own
from publisher.console.forms import FilesField, PlainForm, too_large
from publisher.intake.models import Document, DocumentState
from publisher.intake.uploads import AT_ONCE, documents_of, receive, restart
from publisher.people.models import Seat
from publisher.people.rights import Right

MOST_FILES = 10
MOST_SHOWN = 12
REMEMBERED = timedelta(days=3)  # how long a refused document is told of
KINDS = ".docx,.pdf,.md,.txt,.doc,.odt"
NO_DISK = "Máy chủ không lưu được tệp, có thể vì hết chỗ. Báo người quản trị, rồi gửi lại."


class ImportForm(PlainForm):
    files = FilesField(
        label="Tệp kế hoạch",
        help_text="Word (.docx, .doc), OpenDocument (.odt), PDF có chữ (.pdf) hoặc tệp chữ (.txt, .md); "
        "mỗi tệp không quá 12 MB, nhiều nhất 10 tệp một lần.",
        allow_empty_file=True,  # the reader says what is wrong with it
    )
    files.widget.attrs["accept"] = KINDS

    def clean_files(self) -> list[UploadedFile]:
        files = self.cleaned_data["files"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"Mỗi lần nhập nhiều nhất {MOST_FILES} tệp.")
        return files


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the files sent at once: rows to follow, and what was refused before it became one."""

    documents: list[Document] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)  # name, reason

    @property
    def alone(self) -> Document | None:
        return self.documents[0] if len(self.documents) == 1 and not self.refused else None


@needs(Right.READ, post=Right.WRITE)
def plans(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    taken = take(form.cleaned_data["files"], request.seat) if form.is_valid() else Taken()
    if taken.alone and taken.alone.plan:
        return onward(request, taken.alone)
    followed = [document.pk for document in taken.documents]
    context = {**shelf(request.seat, followed), "form": form, "refused": taken.refused}
    if request.htmx:
        return render(request, "console/_documents.html", context)
    wrong = form.errors or taken.refused or any(d.state == DocumentState.REFUSED for d in taken.documents)
    return render(request, "console/plans.html", {**context, **listed(request.seat)}, status=422 if wrong else 200)


def take(files: list[UploadedFile], seat: Seat) -> Taken:
    taken = Taken()
    for file in files:
        if reason := too_large(file):
            taken.refused.append((file.name, reason))
            continue
        try:
            document = receive(file.read(), file.name, seat.organisation, seat.person, wait=AT_ONCE / len(files))
            taken.documents.append(document)
        except OSError:
            taken.refused.append((file.name, NO_DISK))
    return taken


def onward(request: HttpRequest, document: Document) -> HttpResponse:
    """To the plan: a new one is reviewed first, one that had stood is shown. The address carries what is to be told:
    two questions on their way at once would tell it twice."""
    page, told = ("plan-review", "moi") if document.fresh else ("plan", "da-co")
    place = f"{reverse(page, kwargs={'pk': document.plan_id})}?nhap={told}"
    return HttpResponseClientRedirect(place) if request.htmx else redirect(place)


def listed(seat: Seat) -> dict[str, QuerySet[Plan]]:
    rows = Plan.objects.filter(organisation=seat.organisation).defer("reading", "replaced_by__reading")
    counted = rows.select_related("replaced_by").annotate(
        theme_count=Count("themes", filter=Q(themes__excluded=False), distinct=True),
        campaign_count=Count("campaigns", distinct=True),
    )
    return {"plans": counted}


def shelf(seat: Seat, followed: list[int]) -> dict[str, object]:
    """The documents a person looks for: those just sent, and those that became no plan or not yet."""
    rows = documents_of(seat.organisation)
    lately = Q(state=DocumentState.REFUSED, at__gt=timezone.now() - REMEMBERED)
    open_ones = Q(state__in=[DocumentState.WAITING, DocumentState.READING, DocumentState.INTERRUPTED])
    shown = list(rows.filter(Q(pk__in=followed) | open_ones | lately)[:MOST_SHOWN])
    return {
        "documents": shown,
        "followed": ",".join(map(str, followed)),
        "under_way": any(document.under_way for document in shown),
        "may": rights_by_name(seat),
    }


@needs(Right.READ)
def reading(request: HttpRequest) -> HttpResponse:
    """How far the documents are; leads on when the one that was sent is read."""
    asked = [int(part) for part in request.GET.get("theo", "").split(",") if part.isdecimal() and len(part) < 12]
    context = shelf(request.seat, asked[:MOST_FILES])
    alone = Document.objects.filter(organisation=request.seat.organisation, pk__in=asked, state=DocumentState.READ)
    if request.htmx and len(asked) == 1 and (found := alone.first()):
        return onward(request, found)
    return render(request, "console/_documents.html", context)


@needs(post=Right.WRITE)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Reads a refused or interrupted document again, from the bytes that are kept."""
    document = own(Document, request, pk=pk)
    try:
        document = restart(document)
    except (Missing, Damaged):
        messages.error(request, "Tệp gốc không còn trong kho hoặc đã hỏng. Hãy gửi lại tệp.")
        return redirect("plans")
    if document.plan:
        return onward(request, document)
    if request.htmx:
        return render(request, "console/_documents.html", shelf(request.seat, [document.pk]))
    return redirect("plans")
