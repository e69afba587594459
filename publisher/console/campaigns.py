"""Campaigns: the list, one campaign with its posts, and its definition as YAML that can be edited and loaded again."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from campaigns.definitions import LARGEST, DefinitionErrors
from campaigns.models import Campaign, CampaignState, PostState
from publisher.console.campaign_words import rhythm_words
from publisher.console.doors import needs, own
from publisher.console.forms import PlainForm
from publisher.intake.definitions import Loaded, export_yaml, load_yaml
from publisher.intake.revising import decide_campaign
from publisher.people.models import Seat
from publisher.people.rights import Right


class DefinitionForm(PlainForm):
    text = forms.CharField(
        label="Tệp chiến dịch (YAML)",
        help_text="Sửa chữ sau dấu hai chấm rồi nạp lại. Có chỗ sai thì không nạp gì, và mọi chỗ sai được liệt kê.",
        max_length=LARGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "class": "code", "spellcheck": "false", "autocapitalize": "none"}),
    )


class LoadForm(DefinitionForm):
    file = forms.FileField(
        label="Tệp định nghĩa",
        required=False,
        help_text="Tệp .yaml đã tải về từ phần mềm. Hoặc dán chữ vào ô bên dưới.",
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
    )
    field_order = ("file", "text")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = False

    def clean(self) -> dict[str, object]:
        given = super().clean()
        if file := given.get("file"):
            try:
                given["text"] = file.read(4 * LARGEST).decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", "Tệp không phải văn bản UTF-8. Mở tệp, lưu lại với mã UTF-8 rồi thử lại.")
        elif not given.get("text"):
            self.add_error("file", "Hãy chọn tệp hoặc dán định nghĩa vào ô bên dưới.")
        return given


@needs(Right.READ)
def campaigns(request: HttpRequest) -> HttpResponse:
    rows = Campaign.objects.filter(organisation=request.seat.organisation).select_related("plan")
    counted = rows.annotate(
        post_count=Count("posts"),
        approved_count=Count("posts", filter=Q(posts__state=PostState.APPROVED)),
    )
    state = request.GET.get("trang-thai", "")
    if state in CampaignState.values:
        counted = counted.filter(state=state)
    context = {"campaigns": counted.defer("plan__reading"), "states": CampaignState.choices, "state": state}
    return render(request, "console/campaigns.html", context)


@needs(Right.READ)
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(Campaign.objects.select_related("plan", "budget_line").defer("plan__reading"), request, pk=pk)
    context = {
        "campaign": found,
        "posts": found.posts.exclude(state=PostState.RETIRED).select_related("schedule", "author"),
        "themes": found.themes.all(),
        "rhythms": [rhythm_words(rhythm) for rhythm in (found.rhythm, *found.rhythms) if rhythm],
    }
    return render(request, "console/campaign.html", context)


@needs(post=Right.WRITE)
def decided(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers what a revised plan asked about the campaign: it goes on, or ends and its drafts are put away."""
    found = own(Campaign.objects.select_related("organisation"), request, pk=pk)
    if found.to_decide:
        keep = request.POST.get("la") != "thoi"
        decide_campaign(found, keep=keep, by=request.seat.person)
        messages.success(request, "Chiến dịch tiếp tục." if keep else "Đã kết thúc chiến dịch; bài nháp được cất đi.")
    return redirect("campaign", pk=pk)


@needs(Right.WRITE, post=Right.WRITE)
def load(request: HttpRequest) -> HttpResponse:
    """Definitions of any number of campaigns, from a file or a text."""
    form = LoadForm(request.POST, request.FILES) if request.method == "POST" else LoadForm()
    loaded = apply(form, request.seat) if form.is_valid() else None
    if loaded is None:
        return render(request, "console/campaigns_load.html", {"form": form}, status=422 if form.errors else 200)
    messages.success(request, told(loaded))
    return redirect("campaigns")


@needs(Right.READ, post=Right.WRITE)
def definition(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(Campaign, request, pk=pk)
    form = DefinitionForm(request.POST or None, initial={"text": export_yaml([found])})
    loaded = apply(form, request.seat) if request.method == "POST" and form.is_valid() else None
    if loaded is None:
        context = {"campaign": found, "form": form}
        return render(request, "console/campaign_definition.html", context, status=422 if form.errors else 200)
    messages.success(request, told(loaded))
    return redirect("campaign", pk=pk)


@needs(Right.READ)
def definition_file(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(Campaign, request, pk=pk)
    response = HttpResponse(export_yaml([found]), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.code}.yaml"'
    return response


def apply(form: DefinitionForm, seat: Seat) -> Loaded | None:
    """Loads what the form holds; every mistake of the definition becomes an error of the form, with its line."""
    try:
        return load_yaml(form.cleaned_data["text"], organisation=seat.organisation, by=seat.person)
    except DefinitionErrors as refused:
        for error in refused.errors:
            form.add_error("text", str(error))
    return None


def told(loaded: Loaded) -> str:
    return (
        f"Đã nạp định nghĩa: {len(loaded.created)} chiến dịch mới, {len(loaded.changed)} thay đổi, "
        f"{len(loaded.unchanged)} giữ nguyên."
    )
