"""Campaigns timetabled: from a rhythm ("two a month") to times for the drafts that have none, as a proposal first."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import zip_longest

from django.db import transaction
from django.utils import timezone

from campaigns.models import Campaign, CampaignState, Plan, Post, PostState
from publisher.approval.drafting import set_schedule
from publisher.approval.review import Refused
from publisher.approval.spans import Span, spans_of, written
from publisher.delivery.bounds import GONE, days_of
from publisher.delivery.models import Account, Action, Delivery
from publisher.delivery.scheduling import (
    Asked,
    Placement,
    exactly,
    placed_among,
    rule_times,
    unmet_words,
    wishes_of,
)
from publisher.events.log import record
from publisher.people.models import Organisation, Person, Seat
from publisher.people.rights import Right
from publisher.timetable.days import Days
from publisher.timetable.models import Schedule
from publisher.timetable.recurrence import BadRule
from publisher.timetable.spread import phase_of, spread
from publisher.timetable.wishes import Clash

MORNING = time(8)
FARTHEST = timedelta(days=5 * 366)  # farther than any plan: a slip of the keys, and every day of it a period
OPEN = (PostState.DRAFT, PostState.RETURNED)  # what an officer may still give a time


@dataclass(frozen=True, slots=True)
class Line:
    """One draft and the time it gets; `placements` say when it goes out on each account, `unmet` where it cannot."""

    post: Post
    at: datetime
    placements: tuple[Placement, ...]
    unmet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """One period of one rhythm: how many it wants, how many have a time, get one now, and are not written yet."""

    campaign: Campaign
    span: Span
    wanted: int
    standing: int
    placed: int
    channel: str = ""

    @property
    def missing(self) -> int:
        return max(0, self.wanted - self.standing - self.placed)


@dataclass(slots=True)
class Proposal:
    """Nothing is stored. `lines` in order of time; `unmet` and `problems` are sentences; `left` are drafts over."""

    lines: list[Line] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    unmet: list[tuple[Post, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    problems: list[tuple[Campaign, str]] = field(default_factory=list)
    left: list[Post] = field(default_factory=list)

    @property
    def missing(self) -> int:
        return sum(gap.missing for gap in self.gaps)

    @property
    def digest(self) -> str:
        """Equal for equal proposals: what is accepted is what was seen."""
        words = ";".join(f"{line.post.pk}@{line.at.isoformat()}" for line in self.lines)
        return hashlib.sha256(words.encode()).hexdigest()[:16]


Waiting = list[tuple[Post, tuple[Account, ...]]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A post that wants a time, and how late in its period it may become."""

    post: Post
    accounts: tuple[Account, ...]
    at: datetime
    latest: datetime


def propose(campaigns: Sequence[Campaign], *, now: datetime | None = None, clock: time = MORNING) -> Proposal:
    """Times for the drafts without one, existing posts counted first. All campaigns are of one organisation."""
    now = now or timezone.now()
    proposal = Proposal()
    if campaigns:
        organisation = campaigns[0].organisation
        days = days_of(organisation)
        first = first_day(organisation, clock, now)
        drafts = [draft for campaign in campaigns for draft in wished(campaign, first, clock, days, proposal)]
        place(drafts, organisation, now, proposal)
    return proposal


def of_plan(plan: Plan) -> list[Campaign]:
    """Campaigns of a plan that are not over, in order of their code."""
    return list(plan.campaigns.exclude(state=CampaignState.CLOSED).select_related("organisation").order_by("code"))


def first_day(organisation: Organisation, clock: time, now: datetime) -> date:
    """Today while the hour is ahead, else tomorrow."""
    local = now.astimezone(organisation.timezone)
    return local.date() if clock > local.time() else local.date() + timedelta(days=1)


def wished(campaign: Campaign, first: date, clock: time, days: Days, proposal: Proposal) -> list[Draft]:
    """The drafts of one campaign with their days; its gaps and problems are noted on the way."""
    if problem := why_not(campaign, first):
        proposal.problems.append((campaign, problem))
        return []
    queue, standing = waiting(campaign), moments(campaign)
    found: list[Draft] = []
    for rhythm in filter(None, (campaign.rhythm, *campaign.rhythms)):
        for span in spans_of(rhythm["every"], campaign.starts_on or first, campaign.ends_on):
            if span.last < first:
                continue
            kind = rhythm.get("channel") or ""
            have = sum(span.first <= day <= span.last and (not kind or kind in kinds) for day, kinds in standing)
            chosen = take(queue, kind, max(0, rhythm["count"] - have))
            proposal.gaps.append(Gap(campaign, span, rhythm["count"], have, len(chosen), kind))
            placed = on_days(chosen, max(span.first, first), span.last, clock, days, campaign)
            standing += [(draft.at.date(), kinds_of(draft.accounts)) for draft in placed]
            found += placed
    proposal.left += [post for post, _ in queue]
    return found


def why_not(campaign: Campaign, first: date) -> str:
    if not campaign.rhythm and not campaign.rhythms:
        return "Chưa đặt nhịp đăng (bao nhiêu bài mỗi kỳ). Đặt nhịp trong định nghĩa của chiến dịch rồi xếp lịch."
    if campaign.ends_on is None:
        return "Chưa có ngày kết thúc. Đặt thời hạn của chiến dịch rồi xếp lịch."
    if campaign.ends_on < first:
        return f"Đã kết thúc ngày {written(campaign.ends_on)}."
    if campaign.ends_on > first + FARTHEST:
        return f"Ngày kết thúc {written(campaign.ends_on)} xa quá 5 năm. Kiểm tra lại thời hạn rồi xếp lịch."
    return ""


def waiting(campaign: Campaign) -> Waiting:
    """Drafts without a time, topics taking turns so that none waits for the end of another."""
    rows = campaign.posts.filter(state__in=OPEN, schedule=None).select_related("theme", "organisation", "campaign")
    by_topic: dict[int | None, list[Post]] = defaultdict(list)
    for post in rows.prefetch_related("accounts__organisation").order_by("theme__order", "pk"):
        by_topic[post.theme_id].append(post)
    mixed = [post for row in zip_longest(*by_topic.values()) for post in row if post is not None]
    return [(post, tuple(a for a in post.accounts.all() if a.retired_at is None)) for post in mixed]


def moments(campaign: Campaign) -> list[tuple[date, frozenset[str]]]:
    """Local days on which a post of the campaign has a time already, with the kinds of its channels."""
    zone = campaign.organisation.timezone
    found: dict[tuple[int, date], set[str]] = defaultdict(set)
    sent = Delivery.objects.filter(version__post__campaign=campaign, action=Action.PUBLISH).exclude(state__in=GONE)
    for post, due_at, kind in sent.values_list("version__post_id", "due_at", "account__kind"):
        found[post, due_at.astimezone(zone).date()].add(kind)
    planned = campaign.posts.filter(state__in=[*OPEN, PostState.SUBMITTED], schedule__isnull=False)
    for post in planned.select_related("schedule", "campaign", "organisation").prefetch_related("accounts"):
        for moment in times_of(post):
            found[post.pk, moment.astimezone(zone).date()] |= {account.kind for account in post.accounts.all()}
    return [(day, frozenset(kinds)) for (_, day), kinds in found.items()]


def times_of(post: Post) -> list[datetime]:
    try:
        return rule_times(post, post.schedule) if post.schedule.rule else [post.schedule.starts_at]
    except BadRule:
        return [post.schedule.starts_at]


def take(queue: Waiting, kind: str, count: int) -> Waiting:
    """The next drafts that go to this kind of channel; they leave the queue."""
    chosen = [one for one in queue if one[1] and (not kind or kind in kinds_of(one[1]))][:count]
    queue[:] = [one for one in queue if one not in chosen]
    return chosen


def kinds_of(accounts: Collection[Account]) -> frozenset[str]:
    return frozenset(account.kind for account in accounts)


def on_days(chosen: Waiting, first: date, last: date, clock: time, days: Days, campaign: Campaign) -> list[Draft]:
    """Each draft on a day of its own, evenly over what is left of the period."""
    by_key = {str(post.pk): (post, accounts) for post, accounts in chosen}
    if not by_key:
        return []
    zone = campaign.organisation.timezone
    found = dict(spread(list(by_key), len(by_key), first, last, days, phase=phase_of(campaign.code)).items)
    latest = datetime.combine(last, time(23, 59), tzinfo=zone)
    return [
        Draft(post, accounts, datetime.combine(found.get(key, first), clock, tzinfo=zone), latest)
        for key, (post, accounts) in by_key.items()
    ]


def place(drafts: list[Draft], organisation: Organisation, now: datetime, proposal: Proposal) -> None:
    """All in one timetable: caps, sessions and distances hold across campaigns."""
    accounts = {account.pk: account for draft in drafts for account in draft.accounts}
    asked = [Asked(d.post, d.accounts, ((d.at, max(d.at, d.latest)),)) for d in drafts]
    wishes = [wish for one in asked for wish in wishes_of(one)]
    found = placed_among(wishes, list(accounts.values()), [d.post for d in drafts], now)
    placements: dict[str, list[Placement]] = defaultdict(list)
    for placed in found.placed:
        account = accounts[int(placed.wish.account)]
        placements[placed.wish.post].append(Placement(account, exactly(placed), placed.note))
    unmet: dict[str, list[str]] = defaultdict(list)
    for lack in found.unmet:
        unmet[lack.wish.post].append(unmet_words(lack, accounts))
    for draft in drafts:
        add_line(draft, placements[str(draft.post.pk)], unmet[str(draft.post.pk)], proposal)
    proposal.lines.sort(key=lambda line: (line.at, line.post.pk))
    proposal.warnings += said_once(found.warnings, accounts)


def said_once(clashes: Iterable[Clash], accounts: Mapping[int, Account]) -> list[str]:
    """One sentence for what befalls several channels alike."""
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for clash in clashes:
        names[clash.message][accounts[int(clash.account)].name] = None
    return [f"{', '.join(channels)}: {message}" for message, channels in names.items()]


def add_line(draft: Draft, placements: list[Placement], unmet: list[str], proposal: Proposal) -> None:
    """A post has one time: the earliest at which it may go out somewhere."""
    if not placements:
        proposal.unmet.append((draft.post, " ".join(unmet)))
        return
    ordered = tuple(sorted(placements, key=lambda p: (p.due_at, p.account.pk)))
    proposal.lines.append(Line(draft.post, ordered[0].due_at, ordered, tuple(unmet)))


@transaction.atomic
def accept(proposal: Proposal, by: Person, *, posts: Collection[int] | None = None) -> int:
    """Writes the times, all or none, of every line or those of `posts`; how many there were. Raises `Refused`."""
    lines = [line for line in proposal.lines if posts is None or line.post.pk in posts]
    if not lines:
        raise Refused("Chưa chọn bài nào để xếp lịch.")
    if not Seat(by, lines[0].post.organisation).may(Right.WRITE):
        raise Refused("Vai trò của bạn không được xếp lịch.")
    keys = [line.post.pk for line in lines]
    still = Post.objects.select_for_update().filter(pk__in=keys, state__in=OPEN)
    fresh = {post.pk: post for post in still.select_related("organisation", "campaign")}
    taken = set(Schedule.objects.filter(post__in=keys).values_list("post", flat=True))
    if len(fresh) < len(lines) or taken:
        raise Refused("Có bài vừa được người khác sửa, trình hoặc đặt giờ. Xếp lại để xem đề xuất mới.")
    for line in lines:
        set_schedule(fresh[line.post.pk], by=by, starts_at=line.at)
    for campaign in {fresh[pk].campaign for pk in keys}:
        told = {"posts": sum(post.campaign_id == campaign.pk for post in fresh.values())}
        subject = f"campaign:{campaign.pk}"
        record("campaign.timetabled", subject, organisation=campaign.organisation, actor=by, data=told)
    return len(lines)
