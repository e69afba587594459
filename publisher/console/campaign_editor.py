"""The campaign editor: the same definition as the YAML, as a form; every mistake stands at its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from pydantic import ValidationError

from campaigns.definitions import BACKWARDS, KINDS, WORDS, CampaignDefinition, DefinitionErrors, Definitions
from campaigns.models import Campaign, PostState, Theme
from campaigns.rhythms import EACH, MOST
from channels.registry import CHANNELS
from publisher.budget.models import BudgetLine
from publisher.console.doors import needs, own
from publisher.console.forms import ConsoleRenderer, DayField, PlainForm
from publisher.intake.definitions import definition_of, line_name, load_definitions
from publisher.people.rights import Right

KIND_CHOICES = [(kind, CHANNELS[kind].label) for kind in KINDS]
RHYTHM = ("every", "count", "channel", "unit")
MOST_RHYTHMS, MOST_TOPICS = 12, 40


class CampaignForm(PlainForm):
    title = forms.CharField(label="Tên chiến dịch", max_length=300)
    summary = forms.CharField(label="Mục tiêu", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    themes = forms.MultipleChoiceField(
        label="Nội dung của kế hoạch", required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "scroll"})
    )
    audiences = forms.CharField(
        label="Đối tượng", required=False, help_text="Mỗi dòng một nhóm.", widget=forms.Textarea(attrs={"rows": 3})
    )
    channels = forms.MultipleChoiceField(
        label="Kênh", required=False, choices=KIND_CHOICES, widget=forms.CheckboxSelectMultiple
    )
    owner = forms.CharField(label="Đơn vị chủ trì", required=False, max_length=200)
    starts_on = DayField(label="Từ ngày", required=False)
    ends_on = DayField(label="Đến ngày", required=False)
    budget_line = forms.ChoiceField(label="Dòng dự toán", required=False)

    def __init__(self, *args: Any, themes: Sequence[Theme], lines: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["themes"].choices = [(theme.path, str(theme)) for theme in themes]
        if not themes:
            del self.fields["themes"]
        self.fields["budget_line"].choices = [("", "không gắn"), *lines]

    def clean_audiences(self) -> list[str]:
        return [" ".join(line.split()) for line in self.cleaned_data["audiences"].splitlines() if line.strip()]


class RhythmForm(PlainForm):
    count = forms.IntegerField(label="Số bài", required=False, min_value=1, max_value=MOST)
    every = forms.ChoiceField(label="Trong", choices=list(EACH.items()), initial="month")
    channel = forms.ChoiceField(label="Kênh", required=False, choices=[("", "mọi kênh"), *KIND_CHOICES])
    unit = forms.CharField(label="Đơn vị tính", required=False, max_length=60)


class TopicForm(PlainForm):
    theme = forms.ChoiceField(label="Nội dung", required=False)
    title = forms.CharField(label="Tiêu đề bài nháp", required=False, max_length=300)

    def __init__(self, *args: Any, themes: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [("", "chọn nội dung"), *themes]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("title") and not given.get("theme"):
            self.add_error("theme", "Chọn nội dung mà bài này phục vụ.")
        if given.get("theme") and not given.get("title"):
            self.add_error("title", "Hãy điền “Tiêu đề bài nháp”.")
        return given


Rhythms = formset_factory(RhythmForm, extra=1, max_num=MOST_RHYTHMS, absolute_max=MOST_RHYTHMS)
Topics = formset_factory(TopicForm, extra=2, max_num=MOST_TOPICS, absolute_max=MOST_TOPICS)


def lines_for(campaign: Campaign) -> Iterator[tuple[str, str]]:
    """The open lines of its plan by what a definition calls them, and the one it has, whatever became of that: a form
    unties nothing by itself."""
    own = campaign.budget_line
    lines = list(campaign.plan.budget_lines.filter(closed_at=None)) if campaign.plan else []
    for line in [*lines, *([own] if own and own not in lines else [])]:
        key = line_name(campaign) if line == own else line_key(line, lines)
        yield key or "", f"{line} (đã đóng)" if line.closed_at else str(line)


def line_key(line: BudgetLine, lines: Sequence[BudgetLine]) -> str:
    """What a definition calls the line: its label where no other line has it."""
    alone = line.label and sum(other.label == line.label for other in lines) == 1
    return line.label if alone else line.name


@needs(Right.READ, post=Right.WRITE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(Campaign.objects.select_related("plan", "budget_line", "organisation"), request, pk=pk)
    posts = list(found.posts.exclude(state=PostState.RETIRED).select_related("theme").order_by("theme__order", "pk"))
    sheet = Sheet(found, request.POST if request.method == "POST" else None, [post.theme_id for post in posts])
    if request.method == "POST" and sheet.save(request):
        messages.success(request, "Đã lưu chiến dịch.")
        return redirect("campaign", pk=pk)
    context = {"campaign": found, "sheet": sheet, "form": sheet.form, "posts": posts}
    return render(request, "console/campaign_edit.html", context, status=422 if sheet.wrong else 200)


class Sheet:
    """The editor's forms together: the campaign, its rhythms (the first is the main one), and new draft posts."""

    def __init__(self, campaign: Campaign, data: Any, served: Sequence[int | None]) -> None:
        self.campaign, self.data = campaign, data
        plan = campaign.plan
        own = set(campaign.themes.all())
        themes = [theme for theme in plan.themes.all() if theme in own or not theme.excluded] if plan else []
        lines = list(lines_for(campaign))
        free = [(theme.path, str(theme)) for theme in themes if theme.pk not in served and not theme.excluded]
        self.form = CampaignForm(data, initial=self.initial(), themes=themes, lines=lines)
        self.rhythms = Rhythms(data, prefix="nhip", initial=[*filter(None, [campaign.rhythm, *campaign.rhythms])])
        self.topics = Topics(data, prefix="bai", form_kwargs={"themes": free}) if free else None
        for row in self.rows:
            row.renderer = ConsoleRenderer()

    @property
    def sets(self) -> list[BaseFormSet]:
        return [self.rhythms, *([self.topics] if self.topics else [])]

    @property
    def rows(self) -> list[forms.Form]:
        return [row for one in self.sets for row in one.forms]

    @property
    def wrong(self) -> bool:
        return self.data is not None and any(one.errors for one in (self.form, *self.rows))

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Everything wrong with its field's id, for the list on top."""
        return [
            (row[name].id_for_label if name in row.fields else "", str(error))
            for row in (self.form, *self.rows)
            for name, errors in row.errors.items()
            for error in errors
        ]

    def initial(self) -> dict[str, Any]:
        campaign = self.campaign
        return {
            "title": campaign.title,
            "summary": campaign.summary,
            "themes": [theme.path for theme in campaign.themes.all()],
            "audiences": "\n".join(campaign.audiences),
            "channels": campaign.channels,
            "owner": campaign.owner,
            "starts_on": campaign.starts_on,
            "ends_on": campaign.ends_on,
            "budget_line": line_name(campaign) or "",
        }

    def save(self, request: HttpRequest) -> bool:
        valid = [one.is_valid() for one in (self.form, *self.sets)]
        if not all(valid):
            return False
        definition = self.definition()
        if definition is None:
            return False
        try:
            load_definitions(
                Definitions(plan=None, campaigns=[definition]),
                organisation=self.campaign.organisation,
                by=request.seat.person,
                plan=self.campaign.plan,
            )
        except DefinitionErrors as refused:
            for error in refused.errors:
                self.form.add_error(None, error.message)
        return not self.wrong

    def definition(self) -> CampaignDefinition | None:
        """What the forms say, checked as a file is; None with its errors at their fields."""
        given = self.form.cleaned_data
        stands = definition_of(self.campaign).model_dump()
        often = list(self.often())
        values = stands | given | {"themes": given.get("themes", stands["themes"])}
        values |= {"budget_line": given["budget_line"] or None, "rhythm": often[0] if often else None}
        values |= {"rhythms": often[1:], "topics": list(self.new_topics())}
        try:
            return CampaignDefinition.model_validate(values)
        except ValidationError as error:
            for problem in error.errors():
                self.place(problem)
        return None

    def place(self, problem: Mapping[str, Any]) -> None:
        name = str(problem["loc"][0]) if problem["loc"] else ""
        words = WORDS.get(problem["type"], str(problem["msg"]).partition(", ")[2] or str(problem["msg"]))
        if BACKWARDS in str(problem["msg"]):
            name, words = "ends_on", "Ngày kết thúc sớm hơn ngày bắt đầu."
        self.form.add_error(name if name in self.form.fields else None, words)

    def often(self) -> Iterator[dict[str, Any]]:
        """The rhythms; one that still says what it said keeps its origin, a changed one is the officer's own."""
        stood = [*filter(None, [self.campaign.rhythm, *self.campaign.rhythms])]
        for at, row in enumerate(self.rhythms.forms):
            given = {name: row.cleaned_data.get(name) or None for name in RHYTHM}
            if not given["count"]:
                continue
            before = stood[at] if at < len(stood) else {}
            same = {name: before.get(name) for name in RHYTHM} == given
            yield before if same else {**given, "origin": "own"}

    def new_topics(self) -> Iterator[dict[str, Any]]:
        for row in self.topics.forms if self.topics else ():
            if row.cleaned_data.get("theme"):
                yield {"theme": row.cleaned_data["theme"], "title": row.cleaned_data["title"]}
