"""Writing a post. An edit of what was submitted or approved voids that: what is decided is always what is shown."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from assets.models import Asset, Kind
from assets.pictures import cleaned
from assets.videos import VideoFacts, inspect_video
from campaigns.models import Approval, Campaign, Decision, Post, PostPicture, PostState, PostVersion
from publisher.approval.library import keep
from publisher.delivery.desk import withdraw
from publisher.delivery.models import Account, Action, Delivery
from publisher.delivery.moves import Overtaken, move
from publisher.delivery.scheduling import anchor_moment
from publisher.delivery.sending import EDITED
from publisher.delivery.shaping import media
from publisher.delivery.states import State
from publisher.events.log import record
from publisher.intake.definitions import new_ref
from publisher.people.models import Person
from publisher.timetable.models import Happening, Schedule
from publisher.timetable.recurrence import due_times

CHUNK = 1024 * 1024  # bytes
TEXT = ("title", "lead", "body", "footer", "urgent", "late_rule", "late_hours")


class EditConflict(Exception):
    """Somebody else changed the post since it was opened; nothing was saved."""


@transaction.atomic
def new_post(campaign: Campaign, *, by: Person, accounts: list[Account] | None = None, **fields: Any) -> Post:
    """A draft in a campaign; without `accounts` it goes to those of the campaign's channels."""
    post = Post.objects.create(
        organisation=campaign.organisation, campaign=campaign, ref=new_ref(), author=by, **fields
    )
    default = Account.objects.filter(organisation=campaign.organisation, kind__in=campaign.channels, retired_at=None)
    post.accounts.set(default if accounts is None else accounts)
    say(post, "drafted", by)
    return post


@transaction.atomic
def edit_post(post: Post, fields: dict[str, Any], *, by: Person, revision: int) -> Post:
    """Changes a post. `fields` may hold the texts, `accounts` (list), `theme` and `unconfirmed`.

    `revision` is the one the editor opened. Raises `EditConflict` when it is no longer the newest.
    """
    texts = {name: value for name, value in fields.items() if name in (*TEXT, "theme", "unconfirmed")}
    touch(post, by, revision=revision, **texts)
    if "accounts" in fields:
        post.accounts.set(fields["accounts"])
    say(post, "edited", by, fields=sorted(fields), revision=post.revision)
    return post


def attach_picture(post: Post, data: bytes, alt: str, *, by: Person, name: str = "", **words: Any) -> Asset:
    """Cleans and keeps a picture and hangs it on the post; `words`: see `library.WORDS`. Raises `BadPicture`."""
    asset = keep_picture(post, data, alt, by, name, **words)  # outside: it takes time, and holds up nobody's writing
    attach_asset(post, asset, by=by)
    return asset


@transaction.atomic
def attach_asset(post: Post, asset: Asset, *, by: Person) -> None:
    """Hangs a picture of the library on a post, behind those it has."""
    if post.postpicture_set.filter(asset=asset).exists():
        return
    touch(post, by)
    place = (post.postpicture_set.aggregate(last=Max("order"))["last"] or 0) + 1
    PostPicture.objects.create(post=post, asset=asset, order=place)
    say(post, "picture_added", by, sha256=asset.sha256)


def keep_picture(post: Post, data: bytes, alt: str, by: Person | None, name: str, **words: Any) -> Asset:
    return keep(post.organisation, cleaned(data), data, by=by, name=name, alt=alt, **words).asset


def keep_video(post: Post, sha256: str, facts: VideoFacts, by: Person | None, **words: str) -> Asset:
    measured = {name: getattr(facts, name) for name in ("media_type", "width", "height", "size")}
    asset, _ = Asset.objects.get_or_create(
        organisation=post.organisation,
        sha256=sha256,
        defaults={**measured, **words, "kind": Kind.VIDEO, "added_by": by},
    )
    return asset


def attach_video(post: Post, file: BinaryIO, *, by: Person, name: str = "") -> VideoFacts:
    """Keeps an MP4 and puts it in the place of the post's video. Raises `BadVideo`.

    It is read in pieces; what is sent later is one piece in memory (`channels.contract.Desk.media`), which the limit
    in assets/videos.toml keeps bearable.
    """
    facts = inspect_video(file)
    file.seek(0)
    sha256 = media().put_chunks(iter(lambda: file.read(CHUNK), b""))
    asset = keep_video(post, sha256, facts, by, name=name[-200:])
    with transaction.atomic():
        touch(post, by, video=asset)
        say(post, "video_set", by, sha256=sha256)
    return facts


@transaction.atomic
def detach_video(post: Post, *, by: Person) -> None:
    if post.video is None:
        return
    sha256 = post.video.sha256
    touch(post, by, video=None)
    say(post, "video_removed", by, sha256=sha256)


@transaction.atomic
def detach_picture(post: Post, asset: Asset, *, by: Person) -> None:
    touch(post, by)
    post.postpicture_set.filter(asset=asset).delete()
    say(post, "picture_removed", by, sha256=asset.sha256)


@transaction.atomic
def set_schedule(
    post: Post,
    *,
    by: Person,
    starts_at: datetime,
    rule: str = "",
    until: date | None = None,
    skip: Collection[date] = (),
    also: Collection[datetime] = (),
) -> Schedule:
    """When the post is due. Raises `BadRule` for a rule nobody can follow; then nothing was saved."""
    zone = post.organisation.timezone
    due_times(starts_at, rule, until, zone, last=post.campaign.ends_on, skip=skip, also=also)
    touch(post, by)
    schedule = keep_schedule(
        post,
        starts_at=starts_at,
        rule=rule,
        until=until,
        skip=[day.isoformat() for day in sorted(skip)] if rule else [],
        also=[moment.isoformat() for moment in sorted(also)] if rule else [],
        **UNTIED,
    )
    say(post, "scheduled", by, starts_at=starts_at.isoformat(), rule=rule)
    return schedule


@transaction.atomic
def tie_to_happening(
    post: Post, happening: Happening, *, by: Person, days: int, working: bool = False, at: time | None = None
) -> Schedule:
    """The post is due `days` from the happening and moves with it."""
    touch(post, by)
    schedule = keep_schedule(
        post,
        starts_at=happening.starts_at,
        happening=happening,
        offset_days=days,
        offset_working=working,
        offset_at=at,
        **UNREPEATED,
    )
    schedule.starts_at = anchor_moment(schedule, post.organisation)
    schedule.save(update_fields=["starts_at"])
    say(post, "scheduled", by, happening=happening.pk, note=str(schedule))
    return schedule


UNTIED: dict[str, Any] = {"happening": None, "offset_days": 0, "offset_working": False, "offset_at": None}
UNREPEATED: dict[str, Any] = {"rule": "", "until": None, "skip": [], "also": []}


def keep_schedule(post: Post, **columns: Any) -> Schedule:
    schedule, _ = Schedule.objects.update_or_create(post=post, defaults=columns)
    post.schedule = schedule  # what was read with the post is stale now
    return schedule


def touch(post: Post, by: Person, *, revision: int | None = None, why: str = "", **columns: Any) -> None:
    """One more revision, back to draft; what was decided about the old words is void, because of `why`."""
    was = PostState(post.state)
    rows = Post.objects.filter(pk=post.pk, revision=post.revision if revision is None else revision)
    to = PostState.DRAFT if was in {PostState.SUBMITTED, PostState.APPROVED} else was
    number = (post.revision if revision is None else revision) + 1
    if (
        rows.exclude(state=PostState.RETIRED).update(state=to, revision=number, updated_at=timezone.now(), **columns)
        != 1
    ):
        raise EditConflict(
            "Bài vừa được người khác sửa hoặc lưu trữ. Mở bản mới nhất, chép phần bạn viết vào rồi lưu lại."
        )
    post.refresh_from_db()
    if was in {PostState.SUBMITTED, PostState.APPROVED}:
        void(post, by, why)


def void(post: Post, by: Person, why: str = "") -> None:
    """The newest version is no longer what will be published: its approval ends and what is not sent is cancelled."""
    version = post.versions.first()
    if version is None:
        return
    if version.approvals.filter(decision=Decision.APPROVED).exists():
        Approval.objects.create(version=version, decision=Decision.VOIDED, digest=version.digest, by=by, reason=why)
    unsent = Delivery.objects.filter(version=version, state__in=["scheduled", "queued"])
    for delivery in unsent.exclude(action=Action.WITHDRAW).select_for_update():  # a claim waits, or was first
        cancel_unsent(delivery, by, why or EDITED)
    recall(version, by, why or EDITED)
    say(post, "voided", by, version=version.number, reason=why)


def recall(version: PostVersion, by: Person, why: str) -> None:
    """Old words that lie on somebody's desk, not read or printed yet, are taken back."""
    handed_over = Delivery.objects.filter(version=version, state=State.HANDED_OVER, due_at__gt=timezone.now())
    for delivery in handed_over.exclude(action=Action.WITHDRAW).select_related("account", "organisation"):
        if not delivery.follow_ups.filter(action=Action.WITHDRAW).exists():
            withdraw(delivery, by=by, reason=why)


def cancel_unsent(delivery: Delivery, by: Person, why: str) -> None:
    try:
        move(delivery, State.CANCELLED, by=by, data={"reason": why}, last_error=why)
    except Overtaken:
        return  # it went out with the words that were approved; a correction can follow


def say(post: Post, what: str, by: Person | None, **data: object) -> None:
    record(f"post.{what}", f"post:{post.pk}", organisation=post.organisation, actor=by, data=data)
