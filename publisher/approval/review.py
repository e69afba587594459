"""Submitting freezes a version; approving it is bound to the digest of every account's exact payload."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from campaigns.headlines import BLANK
from campaigns.models import (
    Approval,
    Campaign,
    CampaignState,
    Decision,
    Post,
    PostState,
    PostVersion,
    Rendering,
)
from publisher.approval.library import problems_of_pictures
from publisher.budget.ledger import OverLimit
from publisher.delivery.desk import NotPossible, correct
from publisher.delivery.models import Action, Delivery
from publisher.delivery.scheduling import CannotSchedule, outlook, schedule_version
from publisher.delivery.shaping import Shaped, content_of, payload_of, schedule_of, shape_post
from publisher.delivery.states import State
from publisher.events.log import record
from publisher.events.models import Event
from publisher.people.models import Organisation, Person, Seat
from publisher.people.rights import Right
from publisher.timetable.recurrence import BadRule

# An earlier version that may yet come to stand: ordering the newer one beside it would publish and pay twice.
UNDER_WAY = (State.SENDING, State.PROCESSING, State.HANDED_OVER, State.UNKNOWN)


WRITING = (  # a picture may be full of words, and a video too
    "post.edited",
    "post.picture_added",
    "post.picture_removed",
    "post.video_set",
    "post.video_removed",
)


class NotReady(Exception):
    """Everything that still keeps a post from being submitted; nothing was changed."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class Refused(Exception):
    """Why a decision cannot be taken; nothing was changed."""


def problems_of(post: Post, shaped: list[Shaped]) -> list[str]:
    """What keeps the post from being submitted, in the officer's words."""
    found = []
    if not post.title.strip():
        found.append("Bài chưa có tiêu đề.")
    if not post.body.strip():
        found.append("Bài chưa có nội dung.")
    if BLANK in post.title + post.lead + post.body + post.footer:
        found.append("Còn chỗ ghi “[cần điền…]” chưa viết.")
    if post.unconfirmed:
        found.append("Chữ lấy từ bản quét chưa rõ dấu: đọc lại, sửa và đánh dấu đã xác nhận.")
    if not shaped:
        found.append("Chưa chọn kênh nào để đăng.")
    found += problems_of_pictures(post)
    found += [f"{s.account.name}: {s.problem}" for s in shaped if s.problem]
    found += [f"{s.account.name}: {why}" for s in shaped if (why := unreadable(s))]
    return found + timing_problems(post)


def unreadable(shaped: Shaped) -> str:
    """What a loudspeaker would read out wrong; a draft may hold it, nothing that is approved."""
    unread = shaped.payload.body.get("unread", []) if shaped.payload else []
    if not unread:
        return ""
    return f"Còn chữ chưa có cách đọc ({', '.join(unread)}): viết rõ bằng chữ hoặc thêm vào từ điển của đài."


def timing_problems(post: Post) -> list[str]:
    try:
        return list(outlook(post, timezone.now()).unmet)
    except (CannotSchedule, BadRule, ValueError) as error:
        return [str(error)]


@transaction.atomic
def submit(post: Post, *, by: Person) -> PostVersion:
    """Freezes the post as a new version and puts it before the approver. Raises `NotReady`."""
    if post.state not in {PostState.DRAFT, PostState.RETURNED}:
        raise NotReady([f"Bài đang ở trạng thái “{post.state_label}” nên không trình được."])
    shaped = shaped_or_not_ready(post)
    if problems := problems_of(post, shaped):
        raise NotReady(problems)
    taken = Post.objects.filter(pk=post.pk, revision=post.revision, state=post.state)
    if not taken.update(state=PostState.SUBMITTED):
        raise NotReady(["Bài vừa được người khác sửa. Tải lại trang, đọc lại rồi trình."])
    post.refresh_from_db()
    version = freeze(post, shaped, by)
    say(version, "submitted", by)
    return version


def shaped_or_not_ready(post: Post) -> list[Shaped]:
    """Shaping draws and keeps a title card, which takes a disk with room on it."""
    try:
        return shape_post(post)
    except OSError as error:
        raise NotReady([f"Không lưu được ảnh của bài: {error.strerror}. Dọn bớt đĩa rồi trình lại."]) from error


def freeze(post: Post, shaped: list[Shaped], by: Person) -> PostVersion:
    last = post.versions.aggregate(last=Max("number"))["last"] or 0
    version = PostVersion.objects.create(
        post=post,
        number=last + 1,
        revision=post.revision,
        title=post.title,
        content=asdict(content_of(post)),
        digest=digest_of((s.account.pk, s.payload.digest) for s in shaped if s.payload),
        submitted_by=by,
    )
    Rendering.objects.bulk_create(
        Rendering(version=version, account=s.account, kind=s.payload.kind, body=s.payload.body, digest=s.payload.digest)
        for s in shaped
        if s.payload
    )
    return version


def digest_of(parts: Iterable[tuple[int, str]]) -> str:
    """SHA-256 over (account, payload digest) in account order: what an approval is bound to."""
    return hashlib.sha256(json.dumps(sorted(parts), separators=(",", ":")).encode()).hexdigest()


def pending(organisation: Organisation) -> QuerySet[PostVersion]:
    """Versions that wait for a decision, oldest first."""
    waiting = PostVersion.objects.filter(
        post__organisation=organisation, post__state=PostState.SUBMITTED, revision=F("post__revision")
    )
    return waiting.select_related("post", "post__campaign", "submitted_by").order_by("submitted_at")


def why_not_approve(version: PostVersion, by: Person) -> str:
    """Why this person may not decide on this version; "" when they may."""
    seat = Seat(by, version.post.organisation)
    if not seat.may(Right.APPROVE):
        return "Bạn không có quyền duyệt trong đơn vị này."
    if wrote(version, by) and not version.post.organisation.self_approval:
        return "Người viết không được tự duyệt bài của mình. Nhờ người duyệt khác, hoặc quản trị bật cho phép tự duyệt."
    return ""


@transaction.atomic
def approve(version: PostVersion, *, by: Person, digest: str, reason: str = "") -> list[Delivery]:
    """Approves exactly what `digest` covers and schedules it. Raises `Refused`; then nothing was changed."""
    if refusal := why_not_approve(version, by) or own_work_without_reason(version, by, reason):
        raise Refused(refusal)
    if not (digest == version.digest == frozen_digest(version)):
        raise Refused("Nội dung đang lưu khác với bản bạn đã xem. Tải lại trang và xem lại trước khi duyệt.")
    decide(version, by, PostState.APPROVED, Decision.APPROVED, reason)
    if problems := problems_of_pictures(version.post):  # whoever is seen in one may have said no since
        raise Refused(" ".join(problems))
    Campaign.objects.filter(pk=version.post.campaign_id, state=CampaignState.DRAFT).update(state=CampaignState.ACTIVE)
    try:
        return carry_out(version, by)
    except (CannotSchedule, OverLimit, BadRule, NotPossible) as error:
        raise Refused(str(error)) from error


def own_work_without_reason(version: PostVersion, by: Person, reason: str) -> str:
    return "Tự duyệt bài của mình cần ghi lý do." if wrote(version, by) and not reason.strip() else ""


def wrote(version: PostVersion, by: Person) -> bool:
    """Whether any of the words may be theirs: as author, as submitter, or by an edit on the way."""
    if by.pk in {version.submitted_by_id, version.post.author_id}:
        return True
    ours = Event.objects.filter(organisation=version.post.organisation_id, actor=by)
    pictures = [f"asset:{pk}" for pk in version.post.pictures.values_list("pk", flat=True)]
    written = Q(subject=f"post:{version.post_id}", kind__in=WRITING)
    described = Q(subject__in=pictures, kind="picture.described")  # what is said beside a picture is published too
    return ours.filter(written | described).exists()


def frozen_digest(version: PostVersion) -> str:
    """Recomputed from the frozen payloads themselves."""
    return digest_of((r.account_id, payload_of(r).digest) for r in version.renderings.all())


def decide(version: PostVersion, by: Person, to: PostState, decision: Decision, reason: str) -> None:
    waiting = Post.objects.filter(pk=version.post_id, state=PostState.SUBMITTED, revision=version.revision)
    if not waiting.update(state=to):
        raise Refused("Bài đã được sửa hoặc đã có người quyết định. Tải lại trang để xem bản mới nhất.")
    version.post.refresh_from_db()
    Approval.objects.create(version=version, decision=decision, digest=version.digest, by=by, reason=reason.strip())
    say(version, str(decision), by, reason=reason.strip())


def carry_out(version: PostVersion, by: Person) -> list[Delivery]:
    """What stands is corrected; what neither stands nor is under way is scheduled; a rule goes on."""
    corrections = correct(version, by=by)
    published = Delivery.objects.filter(version__post=version.post, action__in=[Action.PUBLISH, Action.CORRECT])
    earlier = published.exclude(version=version).filter(state__in=[State.DELIVERED, *UNDER_WAY])
    once = schedule_of(version.post) is None or not version.post.schedule.rule
    taken = set(earlier.values_list("account_id", flat=True)) if once else set()
    if open_rows := [str(d.pk) for d in earlier.filter(state__in=UNDER_WAY)]:
        say(version, "not_everywhere", by, deliveries=open_rows)  # a second order would be paid for twice
    if left := left_standing(version):
        names = sorted({str(d.account) for d in left})
        say(version, "left_standing", by, deliveries=[str(d.pk) for d in left], accounts=names)
    return corrections + schedule_version(version, by=by, skip=taken)


def left_standing(version: PostVersion) -> list[Delivery]:
    """What earlier versions published, or may publish yet, on accounts this one leaves out: neither corrected nor
    taken down by its approval."""
    rows = Delivery.objects.filter(version__post=version.post, action__in=[Action.PUBLISH, Action.CORRECT])
    rows = rows.filter(state__in=[State.DELIVERED, *UNDER_WAY]).exclude(
        account__in=version.renderings.values("account")
    )
    return list(rows.select_related("account").order_by("pk"))


@transaction.atomic
def send_back(version: PostVersion, *, by: Person, reason: str) -> None:
    """Asks for changes. Raises `Refused`."""
    if not Seat(by, version.post.organisation).may(Right.APPROVE):
        raise Refused("Bạn không có quyền duyệt trong đơn vị này.")
    if not reason.strip():
        raise Refused("Hãy ghi điều cần sửa để người viết biết.")
    decide(version, by, PostState.RETURNED, Decision.RETURNED, reason)


def say(version: PostVersion, what: str, by: Person, **data: object) -> None:
    record(
        f"post.{what}",
        f"post:{version.post_id}",
        organisation=version.post.organisation,
        actor=by,
        data={"version": version.number, "digest": version.digest, **data},
    )
