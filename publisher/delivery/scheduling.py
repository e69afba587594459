"""From an approved version to its deliveries: when, on which account, at what cost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from campaigns.models import LateRule, Post, PostVersion, Rendering
from channels.registry import CHANNELS
from publisher.budget import ledger
from publisher.delivery.accounts import channel_of
from publisher.delivery.bounds import (
    BadBounds,
    blackout_of,
    bounds_of,
    days_of,
    session_minutes,
    taken,
    topic_of,
    words_digest,
)
from publisher.delivery.models import Account, Action, Delivery
from publisher.delivery.shaping import schedule_of, shape, words_of
from publisher.delivery.states import State
from publisher.delivery.wake import wake
from publisher.events.log import record
from publisher.people.models import Organisation, Person
from publisher.timetable.anchors import moment as anchored
from publisher.timetable.models import Schedule
from publisher.timetable.obstacles import at_clock
from publisher.timetable.planner import timetable
from publisher.timetable.recurrence import due_times
from publisher.timetable.wishes import Clash, Placed, Timetable, Unmet, Wish

STRETCH = timedelta(days=7)  # a post may wait so long for a day and hour on which its account may speak
MARGIN = timedelta(days=1)  # what stands a day before or after may still be too near
BLACKED_OUT = "Đơn vị đang tạm dừng đăng ({reason}): đến giờ, bài không khẩn chờ người xem lại chứ không tự đi."


class CannotSchedule(Exception):
    """Why no delivery can be made; nothing was written."""


@dataclass(frozen=True, slots=True)
class Placement:
    """One account, one due time, and what moved it from the time that was asked for ("" when nothing did)."""

    account: Account
    due_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where and when a post will go, what cannot be met and what looks wrong; sentences are for the officer."""

    placements: tuple[Placement, ...]
    unmet: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One post, the accounts it goes to and the moments it is wanted there, each with the last that would do."""

    post: Post
    accounts: tuple[Account, ...]
    moments: tuple[tuple[datetime, datetime], ...]


def placements(post: Post, now: datetime) -> list[Placement]:
    """When and where the post will go. Raises `CannotSchedule` with everything that cannot be met, or `BadRule`."""
    found = outlook(post, now)
    if found.unmet:
        raise CannotSchedule(" ".join(found.unmet))
    return list(found.placements)


def outlook(post: Post, now: datetime) -> Outlook:
    """Raises `CannotSchedule` when there is no time at all, or `BadRule` for a rule nobody can follow."""
    return outlooks([asked_of(post, now)], now)[post.pk]


def asked_of(post: Post, now: datetime) -> Asked:
    accounts = post.accounts.filter(retired_at=None).select_related("organisation").order_by("pk")
    return Asked(post, tuple(accounts), tuple(with_latest(post, asked_times(post, now))))


def outlooks(asked: Sequence[Asked], now: datetime) -> dict[int, Outlook]:
    """Several posts of one organisation timetabled together, by post; their own deliveries do not stand in the way."""
    accounts = {account.pk: account for one in asked for account in one.accounts}
    wishes = {wish.key: wish for one in asked for wish in wishes_of(one)}
    found = placed_among(wishes.values(), list(accounts.values()), [one.post for one in asked], now)
    return {one.post.pk: outlook_of(one.post, found, accounts, now) for one in asked}


def wishes_of(asked: Asked) -> Iterable[Wish]:
    post = asked.post
    for account in asked.accounts:
        moments = asked.moments if channel_of(account).repeats else asked.moments[:1]
        minutes = minutes_of(post, account)
        for at, latest in moments:
            yield Wish(
                key=f"{post.pk}/{account.pk}/{at.isoformat()}",
                account=str(account.pk),
                topic=topic_of(post),
                text=words_digest(post),
                at=at,
                latest=latest,
                urgent=post.urgent,
                minutes=minutes,
                post=str(post.pk),
            )


def minutes_of(post: Post, account: Account) -> float:
    """How long it takes to read aloud; 0 where sessions have no length or the channel cannot carry it anyway."""
    if not account.settings.get("sessions") or session_minutes(account) is None:
        return 0.0
    payload = shape(words_of(post), account).payload
    return float(payload.body.get("minutes", 0)) if payload else 0.0


def placed_among(
    wishes: Iterable[Wish], accounts: Sequence[Account], posts: Sequence[Post], now: datetime
) -> Timetable:
    """The planner's answer among what stands already on these accounts."""
    wanted = list(wishes)
    if not wanted:
        return Timetable((), (), ())
    organisation = posts[0].organisation
    try:
        bounds = {str(account.pk): bounds_of(account) for account in accounts}
    except BadBounds as error:
        raise CannotSchedule(str(error)) from error
    reach = max((b.distance for b in bounds.values()), default=MARGIN) + MARGIN
    since = min(wish.at for wish in wanted) - reach
    before = max(wish.latest or wish.at for wish in wanted) + reach
    others = taken(accounts, since, before, without=[post.pk for post in posts])
    days = days_of(organisation)
    return timetable(wanted, bounds, days, organisation.timezone, taken=others, now=now)


def outlook_of(post: Post, found: Timetable, accounts: dict[int, Account], now: datetime) -> Outlook:
    """The share of one post. Two times of a rule that fall into one session are one delivery."""
    own = str(post.pk)
    first: dict[tuple[str, datetime], Placed] = {}
    for placed in found.placed:
        if placed.wish.post == own:
            first.setdefault((placed.wish.account, placed.at), placed)
    rows = [Placement(accounts[int(p.wish.account)], exactly(p), p.note) for p in first.values()]
    warnings = [warning_words(clash, accounts) for clash in found.warnings if touches(clash, own)]
    if rows and not post.urgent and (blackout := blackout_of(post.organisation, now)):
        warnings.insert(0, BLACKED_OUT.format(reason=blackout.reason))
    return Outlook(
        tuple(sorted(rows, key=lambda p: (p.due_at, p.account.pk))),
        tuple(unmet_words(unmet, accounts) for unmet in found.unmet if unmet.wish.post == own),
        tuple(dict.fromkeys(warnings)),
    )


def exactly(placed: Placed) -> datetime:
    """The planner counts whole seconds; what it left alone is due at the very moment that was asked for."""
    return placed.at if placed.code else placed.wish.at


def touches(clash: Clash, post: str) -> bool:
    return any(key.partition("/")[0] == post for key in clash.keys)


def warning_words(clash: Clash, accounts: dict[int, Account]) -> str:
    return f"{accounts[int(clash.account)].name}: {clash.message}"


def unmet_words(unmet: Unmet, accounts: dict[int, Account]) -> str:
    account = accounts[int(unmet.wish.account)]
    zone = account.organisation.timezone
    nearest = f" Gần nhất có thể: {at_clock(unmet.nearest.astimezone(zone))}." if unmet.nearest else ""
    return f"{account.name}, {at_clock(unmet.wish.at.astimezone(zone))}: {unmet.message}{nearest}"


def with_latest(post: Post, moments: list[datetime]) -> Iterable[tuple[datetime, datetime]]:
    """How long each may wait: a week, but never into the next one nor past the happening it announces."""
    schedule = schedule_of(post)
    announced = None
    if schedule is not None and schedule.happening_id and schedule.offset_days < 0:
        announced = schedule.happening.starts_at
    for at, after in zip(moments, [*moments[1:], None], strict=True):
        ends = [at + STRETCH, *([after - timedelta(seconds=1)] if after else []), *([announced] if announced else [])]
        yield at, max(at, min(ends))


def asked_times(post: Post, now: datetime) -> list[datetime]:
    """A missing schedule means now; past times of a rule are left out, a past fixed time means now."""
    schedule = schedule_of(post)
    zone = post.organisation.timezone
    if schedule is None:
        return [now.astimezone(zone)]
    if schedule.happening_id:
        return [time_from_happening(post, schedule, now)]
    if not schedule.rule:
        return [max(schedule.starts_at, now).astimezone(zone)]
    ahead = [moment for moment in rule_times(post, schedule) if moment >= now]
    if not ahead:
        raise CannotSchedule("Lịch lặp lại không còn lượt nào từ nay đến ngày kết thúc. Hãy đổi ngày.")
    return ahead


def rule_times(post: Post, schedule: Schedule) -> list[datetime]:
    """Every time of a repeating post. An occurrence moved within its day stands although its day is skipped."""
    zone, last = post.organisation.timezone, post.campaign.ends_on
    kept = due_times(schedule.starts_at, schedule.rule, schedule.until, zone, last=last, skip=schedule.skipped)
    return sorted({*kept, *(moment.astimezone(zone) for moment in schedule.extra)})


def anchor_moment(schedule: Schedule, organisation: Organisation) -> datetime:
    """What the happening gives, whether past or ahead."""
    starts_at = schedule.happening.starts_at
    return anchored(starts_at, schedule.offset, days_of(organisation), organisation.timezone)


def time_from_happening(post: Post, schedule: Schedule, now: datetime) -> datetime:
    """Now, when its moment has passed but its late rule still allows it. Raises `CannotSchedule`."""
    happening = schedule.happening
    if happening.cancelled:
        raise CannotSchedule(f"Sự kiện “{happening}” đã hủy. Gắn bài vào sự kiện khác, chọn giờ riêng, hoặc bỏ bài.")
    asked = anchor_moment(schedule, post.organisation)
    if asked >= now:
        return asked
    until = late_until(post, asked)
    announces = schedule.offset_days < 0
    if (until is None or until >= now) and not (announces and happening.starts_at <= now):
        return now.astimezone(asked.tzinfo)
    raise CannotSchedule(
        f"Mốc {schedule.anchor} của sự kiện “{happening}” ({at_clock(asked)}) đã qua. "
        "Chọn mốc khác hoặc giờ riêng cho bài."
    )


@transaction.atomic
def schedule_version(version: PostVersion, *, by: Person | None, skip: Collection[int] = ()) -> list[Delivery]:
    """Makes the deliveries of an approved version, but for accounts in `skip`, and reserves their cost.

    Raises `CannotSchedule` or `OverLimit`; then nothing was written.
    """
    post = version.post
    renderings = {r.account_id: r for r in version.renderings.all()}
    made: list[Delivery] = []
    for placement in placements(post, timezone.now()):
        if placement.account.pk not in skip:
            made.append(schedule_one(post, renderings[placement.account.pk], placement, by))
    link_to_page(made)
    transaction.on_commit(wake)
    return made


def schedule_one(post: Post, rendering: Rendering, placement: Placement, by: Person | None) -> Delivery:
    account = placement.account
    delivery = Delivery.objects.create(
        organisation=post.organisation,
        version=rendering.version,
        account=account,
        digest=rendering.digest,
        due_at=placement.due_at,
        next_try_at=placement.due_at - channel_of(account).lead,
        late_until=late_until(post, placement.due_at),
        approved_for=placement.due_at,
        urgent=post.urgent,
        **cost_of(post, account),
    )
    ledger.reserve(delivery, by=by)
    record(
        "delivery.scheduled",
        f"delivery:{delivery.pk}",
        organisation=post.organisation,
        actor=by,
        data={
            "to": "scheduled",
            "due_at": placement.due_at.isoformat(),
            "account": account.pk,
            "version": rendering.version_id,
            "digest": rendering.digest,
            "cost": delivery.cost,
            "note": placement.note,
        },
    )
    return delivery


def late_until(post: Post, due: datetime) -> datetime | None:
    if post.late_rule == LateRule.ALWAYS:
        return None
    if post.late_rule == LateRule.NEVER:
        return due + timedelta(minutes=15)  # a running clock is never later; anything more is downtime
    return due + timedelta(hours=post.late_hours)


def cost_of(post: Post, account: Account) -> dict[str, object]:
    if not account.rate:
        return {}
    line_id = post.campaign.budget_line_id or account.budget_line_id
    if line_id is None:
        raise CannotSchedule(
            f"“{account.name}” có đơn giá {ledger.dong(account.rate)} nhưng chưa gắn dòng dự toán. "
            "Gắn dòng dự toán cho tài khoản hoặc cho chiến dịch trước khi đăng."
        )
    return {"cost": account.rate, "budget_line_id": line_id}


def link_to_page(deliveries: list[Delivery]) -> None:
    """Whoever follows the link to the public page goes after the page, a broadcast after its article."""
    for delivery in deliveries:
        before = forerunner(delivery, deliveries)
        if before is not None:
            delivery.waits_for = before
            delivery.save(update_fields=["waits_for"])


def forerunner(delivery: Delivery, made: Sequence[Delivery]) -> Delivery | None:
    """What must stand before it. Raises `CannotSchedule` where it can go nowhere without.

    Of what was made with it, that of its own turn, where a rule makes several; else what stands of an earlier version
    or is on its way there, its newest correction.
    """
    account, channel = delivery.account, channel_of(delivery.account)
    if channel.follows:
        before = [d for d in made if d.account_id == account.through_id]
        found = of_its_turn(delivery, before) or standing(delivery, Q(account=account.through_id))
        if found is None:
            label = CHANNELS[channel.follows].label
            raise CannotSchedule(f"“{account}” gửi lại bài của kênh {label}: chọn thêm kênh đó cho bài này.")
        return found
    if not channel.follows_page:
        return None
    hosts = [kind for kind, other in CHANNELS.items() if other.hosts_articles]
    pages = [d for d in made if d.account.kind in hosts]
    return of_its_turn(delivery, pages) or standing(delivery, Q(account__kind__in=hosts))


def of_its_turn(delivery: Delivery, before: Sequence[Delivery]) -> Delivery | None:
    in_time = [d for d in before if d.due_at <= delivery.due_at]
    return max(in_time, key=due) if in_time else min(before, key=due, default=None)


def due(delivery: Delivery) -> datetime:
    return delivery.due_at


def standing(delivery: Delivery, where: Q) -> Delivery | None:
    """The newest of the post's earlier publications and their corrections that stands or may yet stand."""
    gone = [State.FAILED, State.CANCELLED, State.MISSED, State.WITHDRAWN, State.CORRECTED]
    rows = Delivery.objects.filter(where, version__post=delivery.version.post).exclude(state__in=gone)
    rows = rows.filter(action__in=[Action.PUBLISH, Action.CORRECT]).exclude(pk=delivery.pk)
    return rows.order_by("-pk").first()
