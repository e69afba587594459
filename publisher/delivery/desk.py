"""What people do to a delivery: confirm, refuse, decide a doubt, cancel, correct, withdraw, add evidence."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from campaigns.models import PostVersion, Rendering
from channels.contract import Proof
from channels.errors import Unavailable
from channels.files import Batch
from publisher.delivery.accounts import channel_of
from publisher.delivery.models import Action, Delivery, Evidence
from publisher.delivery.moves import IllegalMove, Overtaken, move
from publisher.delivery.states import FINAL, LABELS, State
from publisher.delivery.wake import wake
from publisher.events.log import record
from publisher.people.models import Person
from publisher.timetable.obstacles import at_clock

MARKS = {  # how the bytes of a kind of file begin; a name alone proves nothing
    ".pdf": (b"%PDF-",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".webp": (b"RIFF",),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    ".mp4": (b"\x00\x00\x00",),
}
LARGEST_EVIDENCE = settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # bytes


class NotPossible(Exception):
    """Why it cannot be done; nothing was changed."""


def confirm(
    delivery: Delivery, *, by: Person, note: str = "", proofs: Iterable[Proof] = (), heard: bool = False
) -> None:
    """A person says that it happened: aired, printed, accepted. It closes the delivery and spends its money.

    `heard`: in a session whose hour has come, whatever hour the delivery itself waits for.
    """
    only_in(delivery, State.HANDED_OVER)
    if too_early(delivery) and not heard:
        due = timezone.localtime(delivery.due_at, delivery.organisation.timezone)
        raise NotPossible(f"Chưa tới giờ phát. Xác nhận được từ {at_clock(due)}.")
    if channel_of(delivery.account).closed_by_link:
        raise NotPossible("Dán đường dẫn của bài: phần mềm mở bài ra và đối chiếu với bản đã duyệt.")
    given = list(proofs)
    accepted = given or delivery.evidence.exclude(by=None).exists()
    if channel_of(delivery.account).needs_acceptance and not accepted:
        raise NotPossible("Nghiệm thu cần ít nhất một minh chứng: đường dẫn, tệp hoặc biên bản.")
    with transaction.atomic():
        for proof in given:
            add_evidence(delivery, proof, by=by)
        settle(delivery, State.DELIVERED, by=by, data={"note": note})


def too_early(delivery: Delivery) -> bool:
    """Nobody can have heard a bulletin before its hour; contracted work may well be done before its deadline."""
    channel = channel_of(delivery.account)
    return not (channel.needs_acceptance or channel.closed_by_link) and timezone.now() < delivery.due_at


def refuse(delivery: Delivery, *, by: Person, reason: str) -> None:
    """A person says that it did not happen, and why."""
    only_in(delivery, State.HANDED_OVER)
    settle(delivery, State.FAILED, by=by, data={"reason": needed(reason)}, last_error=needed(reason))


def decide_unknown(delivery: Delivery, *, by: Person, posted: bool, note: str = "", link: str = "") -> None:
    """A person looked: it stands, or it does not and goes back in line. What they saw is kept as evidence."""
    only_in(delivery, State.UNKNOWN)
    said = needed(note or (link if posted else ""))
    if not posted:
        again = {"next_try_at": timezone.now(), "looks": 0, "review_since": None, "review_why": ""}
        settle(delivery, State.SCHEDULED, by=by, data={"note": said}, **again)
        wake()
        return
    with transaction.atomic():
        for proof in seen(link, note):
            add_evidence(delivery, proof, by=by)
        where = {"permalink": link} if link else {}
        settle(delivery, State.DELIVERED, by=by, data={"note": said}, last_error="", **where)


def seen(link: str, note: str) -> list[Proof]:
    """What somebody who looked leaves behind."""
    proofs = [Proof("permalink", "Bài trên kênh, người xem ghi", link)] if link else []
    return [*proofs, Proof("note", "Lời người đã xem", note.strip())] if note.strip() else proofs


def give_up(delivery: Delivery, *, by: Person, reason: str) -> None:
    """A doubt is left at that: nobody knows whether it stands, and it is not sent again. Its money is free."""
    only_in(delivery, State.UNKNOWN)
    why = needed(reason)
    words = f"Không rõ đã lên chưa; người xem quyết định không gửi nữa: {why}"
    settle(delivery, State.FAILED, by=by, data={"reason": why}, last_error=words)


def cancel(delivery: Delivery, *, by: Person, reason: str) -> None:
    if delivery.action != Action.PUBLISH and delivery.attempts_made:
        raise NotPossible(
            f"Lệnh {delivery.action_label} này đã gửi đi nhưng chưa rõ xong chưa, nên không hủy được: "
            "hệ thống sẽ làm lại cho xong."
        )
    settle(delivery, State.CANCELLED, by=by, data={"reason": needed(reason)}, last_error=needed(reason))


def only_in(delivery: Delivery, state: State) -> None:
    """The table of moves allows the engine more than people: nobody decides over a call that is under way."""
    if delivery.state != state:
        raise NotPossible(
            f"Việc này chỉ làm được khi lượt đăng “{LABELS[state]}”; lượt này đang “{delivery.state_label}”."
        )


def settle(delivery: Delivery, to: State, *, by: Person, **rest: Any) -> None:
    try:
        move(delivery, to, by=by, **rest)
    except IllegalMove as error:
        raise NotPossible(str(error)) from error
    except Overtaken as error:
        raise NotPossible("Lượt đăng vừa được chuyển trạng thái ở nơi khác. Tải lại trang rồi thử lại.") from error


def needed(reason: str) -> str:
    if not reason.strip():
        raise NotPossible("Hãy ghi lý do.")
    return reason.strip()


@transaction.atomic
def withdraw(delivery: Delivery, *, by: Person, reason: str) -> Delivery:
    """Orders the taking down of what stands; that is a delivery too."""
    why = needed(reason)
    if not may_withdraw(delivery):
        raise NotPossible(
            f"Kênh {channel_of(delivery.account).label} không gỡ được bài qua hệ thống. "
            "Mở bài trên kênh, tự gỡ bằng tay, rồi thêm minh chứng vào lượt này."
        )
    for pending in delivery.follow_ups.filter(action=Action.CORRECT, state__in=[State.SCHEDULED, State.QUEUED]):
        words = "Bài được gỡ nên không đính chính nữa."
        settle(pending, State.CANCELLED, by=by, data={"reason": words}, last_error=words)
    follow_up = order(delivery, Action.WITHDRAW, delivery.version, delivery.digest)
    note_order(follow_up, by, {"reason": why})
    note_on_original(delivery, by, "withdrawal_ordered", reason=why, by_delivery=follow_up.pk)
    return follow_up


def may_withdraw(delivery: Delivery) -> bool:
    """What still lies with people can be called back whatever its channel can do later."""
    return channel_of(delivery.account).can_withdraw or can_recall(delivery)


def note_on_original(delivery: Delivery, by: Person, what: str, **data: object) -> None:
    """The history of what was published tells why it no longer stands as it was."""
    record(f"delivery.{what}", f"delivery:{delivery.pk}", organisation=delivery.organisation, actor=by, data=data)


@transaction.atomic
def correct(version: PostVersion, *, by: Person) -> list[Delivery]:
    """Orders the correction of every standing publication of earlier versions of this post.

    Raises `NotPossible` when an earlier order for one of them is still under way.
    """
    made = []
    renderings = {r.account_id: r for r in Rendering.objects.filter(version=version)}
    standing = Delivery.objects.filter(
        version__post=version.post, state=State.DELIVERED, action__in=[Action.PUBLISH, Action.CORRECT]
    ).exclude(version=version)
    for delivery in standing.select_related("account", "organisation"):
        rendering = renderings.get(delivery.account_id)
        if rendering is None or rendering.digest == delivery.digest:
            continue
        follow_up = order(delivery, Action.CORRECT, version, rendering.digest)
        note_order(follow_up, by, {"version": version.pk})
        note_on_original(delivery, by, "correction_ordered", version=version.pk, by_delivery=follow_up.pk)
        made.append(follow_up)
    return made


def can_recall(delivery: Delivery) -> bool:
    """Handed over, and the time to carry it out has not come: it can still be taken back."""
    return delivery.state == State.HANDED_OVER and delivery.due_at > timezone.now()


def order(delivery: Delivery, action: Action, version: PostVersion, digest: str) -> Delivery:
    stored = Delivery.objects.select_for_update().get(pk=delivery.pk)  # two orders at once take their turns
    recalled = action == Action.WITHDRAW and can_recall(stored)
    if delivery.action == Action.WITHDRAW or not (stored.state == State.DELIVERED or recalled):
        raise NotPossible("Chỉ đính chính hoặc gỡ được bài đang đăng, hoặc rút lại việc đã giao mà chưa tới giờ.")
    if under_way := delivery.follow_ups.exclude(state__in=[*FINAL, State.DELIVERED]).first():
        raise NotPossible(
            f"“{delivery.account.name}” đang có lệnh {under_way.action_label} chưa xong "
            f"({under_way.state_label}). Chờ hoặc xử lý lượt {under_way.pk} rồi làm lại."
        )
    now = timezone.now()
    transaction.on_commit(wake)
    return Delivery.objects.create(
        organisation=delivery.organisation,
        version=version,
        account=delivery.account,
        action=action,
        of=delivery,
        digest=digest,
        due_at=now,
        next_try_at=now,
        urgent=True,
        remote_id=delivery.remote_id,
        permalink=delivery.permalink,
    )


def note_order(delivery: Delivery, by: Person, data: dict[str, object]) -> None:
    record(
        "delivery.scheduled",
        f"delivery:{delivery.pk}",
        organisation=delivery.organisation,
        actor=by,
        data={
            "to": "scheduled",
            "action": delivery.action,
            "of": delivery.of_id,
            "account": delivery.account_id,
            "digest": delivery.digest,
            **data,
        },
    )


def add_evidence(delivery: Delivery, proof: Proof, *, by: Person) -> Evidence:
    evidence = Evidence.objects.create(
        delivery=delivery, kind=proof.kind, label=proof.label, value=proof.value, sha256=proof.sha256, by=by
    )
    record(
        "delivery.evidence",
        f"delivery:{delivery.pk}",
        organisation=delivery.organisation,
        actor=by,
        data={"kind": proof.kind, "label": proof.label, "value": proof.value, "sha256": proof.sha256},
    )
    return evidence


def add_file_evidence(delivery: Delivery, data: bytes, name: str, label: str, *, by: Person) -> Evidence:
    """Keeps an uploaded file under its own hash. Refuses types nobody needs and files too large to keep."""
    suffix = Path(name).suffix.lower()
    if suffix not in MARKS:
        raise NotPossible(f"Không nhận tệp loại “{suffix or 'không đuôi'}”. Dùng ảnh, PDF, DOCX, XLSX, MP3 hoặc MP4.")
    if not data or len(data) > LARGEST_EVIDENCE:
        raise NotPossible("Tệp minh chứng phải có nội dung và không quá 12 MB.")
    if not data.startswith(MARKS[suffix]):
        raise NotPossible(f"Tệp “{safe_name(name)}” không phải là tệp {suffix} thật. Mở tệp kiểm tra rồi tải lại.")
    sha256 = hashlib.sha256(data).hexdigest()
    path = evidence_root(delivery) / f"{sha256[:16]}-{safe_name(name)}"
    try:
        with Batch(path.parent) as batch:
            batch.put(path.name, data)
    except Unavailable as error:
        raise NotPossible(f"Chưa lưu được minh chứng. {error.message}") from error
    value = str(path.relative_to(settings.DESK_ROOT))
    with transaction.atomic():
        return add_evidence(delivery, Proof("file", label or name, value, sha256), by=by)


def evidence_root(delivery: Delivery) -> Path:
    return Path(settings.DESK_ROOT) / delivery.organisation.slug / "minh-chung" / str(delivery.pk)


def safe_name(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", Path(name).name)[-80:]
