"""How far a plan is: its contents and its targets, from posts and deliveries. Read only, recomputed at every look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from campaigns.counting import Demand, Month, Outing, TargetProgress, columns, months, target_progress
from campaigns.deriving import period
from campaigns.models import Plan, Post, PostState, Target, Theme
from publisher.delivery.models import Action, Delivery
from publisher.delivery.states import State
from publisher.intake.understanding import understood

DONE = {State.DELIVERED, State.CORRECTED}
DUE = {State.SCHEDULED, State.QUEUED, State.SENDING, State.PROCESSING, State.HANDED_OVER, State.UNKNOWN}


@dataclass(frozen=True, slots=True)
class ThemeProgress:
    """One content. `letters` counts the contents at its tips (itself where nothing hangs below): so many are `done`
    (something went out), `scheduled` (something is due) or `missing`. `posts` and `drafts` count its own and below;
    `months` stand under `PlanProgress.months`."""

    theme: Theme
    letters: int
    done: int
    scheduled: int
    missing: int
    posts: int
    drafts: int
    last_day: date | None
    months: tuple[Month, ...]
    children: tuple[ThemeProgress, ...]

    @property
    def state(self) -> str:
        """ "done" when all of it is, "missing" when none is done or due, else "partly" or "scheduled"."""
        if self.done == self.letters:
            return "done"
        if self.done:
            return "partly"
        return "scheduled" if self.scheduled else "missing"


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """`first` and `last` are the plan's own days, None where it states none; `other` counts posts of its campaigns that
    serve no content of it."""

    plan: Plan
    first: date | None
    last: date | None
    months: tuple[Month, ...]
    themes: tuple[ThemeProgress, ...]
    targets: tuple[TargetProgress, ...]
    letters: int
    done: int
    scheduled: int
    missing: int
    other: int


@dataclass(frozen=True, slots=True)
class Served:
    """A post as far as progress asks: its content in this plan and whether it is still being written."""

    pk: int
    theme: int | None
    draft: bool


def progress(plan: Plan, now: datetime) -> PlanProgress:
    """The plan as corrected, at `now`. A post counts for the content it serves, and, where the plan replaced another,
    for the content that goes on from the one it served then."""
    today = now.astimezone(plan.organisation.timezone).date()
    themes = list(plan.themes.filter(excluded=False).order_by("order"))
    posts = served(plan, onward(themes))
    outings = found_outings(plan, posts)
    first, last = span_of(plan)
    heads = columns(first, last, outings)
    tree = grown(themes, posts, outings, heads)
    demands = [demand_of(target) for target in plan.targets.filter(excluded=False)]
    return PlanProgress(
        plan=plan,
        first=first,
        last=last,
        months=months(outings, heads),
        themes=tree,
        targets=tuple(target_progress(demand, outings, first, last, today) for demand in demands),
        letters=sum(theme.letters for theme in tree),
        done=sum(theme.done for theme in tree),
        scheduled=sum(theme.scheduled for theme in tree),
        missing=sum(theme.missing for theme in tree),
        other=sum(post.theme is None for post in posts),
    )


def span_of(plan: Plan) -> tuple[date | None, date | None]:
    """From the day of issue, but not before the plan's year, to the end it states."""
    if "themes" not in plan.reading:
        return None, None
    reading = understood(plan)
    first, last = period(reading, {"title": ""})
    year = reading.get("year")
    opening = date(year, 1, 1) if year else None
    return (max(first, opening) if first and opening else first or opening), last


def onward(themes: list[Theme]) -> dict[int, int]:
    """Every theme that counts for one of these: itself, and those it continues, however many plans ago."""
    found = {theme.pk: theme.pk for theme in themes}
    behind = {theme.continues_id: theme.pk for theme in themes if theme.continues_id}
    while behind:
        found |= behind
        rows = Theme.objects.filter(pk__in=behind).exclude(continues=None).values_list("pk", "continues")
        behind = {before: behind[pk] for pk, before in rows if before not in found}
    return found


def served(plan: Plan, counts_for: dict[int, int]) -> list[Served]:
    """Posts of the plan's contents and campaigns, without those put away."""
    rows = Post.objects.filter(Q(theme__in=counts_for) | Q(campaign__plan=plan), organisation=plan.organisation)
    kept = rows.exclude(state=PostState.RETIRED).distinct().values_list("pk", "theme", "state")
    return [Served(pk, counts_for.get(theme), state != PostState.APPROVED) for pk, theme, state in kept]


def found_outings(plan: Plan, posts: list[Served]) -> list[Outing]:
    themes = {post.pk: post.theme for post in posts}
    rows = Delivery.objects.filter(
        version__post__in=themes, action=Action.PUBLISH, state__in=DONE | DUE, organisation=plan.organisation
    ).values_list("version__post", "account__kind", "delivered_at", "due_at", "state")
    zone = plan.organisation.timezone
    return [
        Outing(post, kind, (delivered or due).astimezone(zone).date(), state in DONE, themes[post])
        for post, kind, delivered, due, state in rows.iterator()
    ]


def demand_of(target: Target) -> Demand:
    return Demand(
        pk=target.pk,
        text=target.text,
        count=target.count or target.implied_count or 0,
        op=target.op,
        unit=target.unit,
        period=target.period,
        channel=target.channel,
    )


def grown(
    themes: list[Theme], posts: list[Served], outings: list[Outing], heads: list[date]
) -> tuple[ThemeProgress, ...]:
    below: dict[int | None, list[Theme]] = {}
    for theme in themes:
        below.setdefault(theme.parent_id, []).append(theme)

    def branch(theme: Theme) -> ThemeProgress:
        children = tuple(branch(child) for child in below.get(theme.pk, []))
        return measured(theme, children, posts, outings, heads)

    return tuple(branch(theme) for theme in below.get(None, []))


def measured(
    theme: Theme, children: tuple[ThemeProgress, ...], posts: list[Served], outings: list[Outing], heads: list[date]
) -> ThemeProgress:
    under = {theme.pk} | {pk for child in children for pk in ids(child)}
    mine = [post for post in posts if post.theme in under]
    out = [outing for outing in outings if outing.theme in under]
    state = (sum(c.done for c in children), sum(c.scheduled for c in children), sum(c.missing for c in children))
    if not children or own(theme, children, mine):
        done, due = any(o.done for o in out if alone(o, theme, children)), any(alone(o, theme, children) for o in out)
        state = (state[0] + done, state[1] + (due and not done), state[2] + (not due))
    return ThemeProgress(
        theme=theme,
        letters=sum(state),
        done=state[0],
        scheduled=state[1],
        missing=state[2],
        posts=len(mine),
        drafts=sum(post.draft for post in mine),
        last_day=max((o.day for o in out if o.done), default=None),
        months=months(out, heads),
        children=children,
    )


def own(theme: Theme, children: tuple[ThemeProgress, ...], posts: list[Served]) -> bool:
    """Whether a content with letters has posts of its own: then it counts as one more."""
    return bool(children) and any(post.theme == theme.pk for post in posts)


def alone(outing: Outing, theme: Theme, children: tuple[ThemeProgress, ...]) -> bool:
    return not children or outing.theme == theme.pk


def ids(progress: ThemeProgress) -> set[int]:
    return {progress.theme.pk} | {pk for child in progress.children for pk in ids(child)}
