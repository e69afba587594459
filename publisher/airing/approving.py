"""A bulletin is approved as a whole: order, frame, items, to the last word. Any change of it ends the approval."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from publisher.airing.finishing import finish_soon, print_soon
from publisher.airing.hours import span_of
from publisher.airing.models import Airing, Bulletin, BulletinApproval, Ruling, Standing
from publisher.airing.rules import deliveries_of, not_without_order, silence, wrote_any
from publisher.airing.saying import say
from publisher.airing.sessions import Session
from publisher.airing.sounding import sound_soon
from publisher.approval.review import Refused
from publisher.people.models import Person, Seat
from publisher.people.rights import Right

CHANGED = "Bản tin đã đổi sau khi duyệt (tin, thứ tự hoặc lời): phải duyệt lại cả buổi."
EMPTIED = "Mọi tin của buổi đã được rút lại hoặc chuyển đi: không còn gì để phát."
NAME_THE_DOCUMENT = "Buổi này đã phát theo lệnh miệng: hãy ghi số, ngày của văn bản lệnh."


def standing_approval(bulletin: Bulletin, digest: str) -> BulletinApproval | None:
    """The approval that covers exactly these words, if the last decision is one."""
    last = bulletin.approvals.select_related("by").first()
    return last if last and last.ruling == Ruling.APPROVED and last.digest == digest else None


def why_not_approve(bulletin: Bulletin, session: Session, by: Person) -> str:
    """Why this person may not approve this bulletin; "" when they may."""
    if not Seat(by, bulletin.organisation).may(Right.APPROVE):
        return "Bạn không có quyền duyệt trong đơn vị này."
    if wrote_something(bulletin, session, by) and not bulletin.organisation.self_approval:
        return "Trong bản tin có bài bạn viết. Nhờ người duyệt khác, hoặc quản trị bật cho phép tự duyệt."
    return ""


def wrote_something(bulletin: Bulletin, session: Session, by: Person) -> bool:
    return wrote_any(deliveries_of(bulletin.account, [item.ref for item in session.items]), by)


@transaction.atomic
def approve(
    bulletin: Bulletin,
    session: Session,
    *,
    by: Person,
    digest: str,
    reason: str = "",
    order: str = "",
    now: datetime | None = None,
) -> BulletinApproval:
    """Approves exactly what `digest` covers. Raises `Refused`; then nothing was changed.

    `order` names who ordered the airing of urgent items in quiet hours or mourning.
    """
    now = now or timezone.now()
    bulletin = Bulletin.objects.select_for_update().select_related("organisation", "account").get(pk=bulletin.pk)
    late = not bulletin.is_open
    refused = (
        why_not_approve(bulletin, session, by)
        or own_work_without_reason(bulletin, session, by, reason)
        or not_this_one(bulletin, session, digest)
        or ("" if late else unreadable(session))
        or too_late(bulletin, now)
        or (NAME_THE_DOCUMENT if late and not order.strip() else "")
        or not_without_order(silent_for(bulletin, session), all_urgent=session.all_urgent, order=order)
    )
    if refused:
        raise Refused(refused)
    approval = BulletinApproval.objects.create(
        bulletin=bulletin, ruling=Ruling.APPROVED, digest=digest, by=by, at=now,
        reason=reason.strip(), order=order.strip(),
    )  # fmt: skip
    Bulletin.objects.filter(pk=bulletin.pk, state=Standing.WAITING).update(state=Standing.APPROVED)
    say(bulletin, "approved", by, digest=digest, reason=approval.reason, order=approval.order, after_airing=late)
    print_soon(approval)
    if late:
        finish_soon(bulletin)  # its episode may go out now
    else:
        sound_soon(bulletin)
    return approval


def own_work_without_reason(bulletin: Bulletin, session: Session, by: Person, reason: str) -> str:
    own = not reason.strip() and wrote_something(bulletin, session, by)
    return "Tự duyệt bản tin có bài của mình cần ghi lý do." if own else ""


def not_this_one(bulletin: Bulletin, session: Session, digest: str) -> str:
    if not bulletin.is_open and not lacks_document(bulletin):
        return f"Buổi này đã ghi “{bulletin.state_label}” nên không duyệt nữa."
    if not session.items:
        return "Buổi này không có tin nào để duyệt."
    if session.digest != digest:
        return "Bản tin vừa đổi sau khi bạn mở. Xem lại cả buổi rồi duyệt."
    if standing_approval(bulletin, digest):
        return "Bản tin này đã được duyệt."
    return ""


def unreadable(session: Session) -> str:
    """Nothing that nobody can read is approved: it would be read out wrong, or stumbled over."""
    if not (words := session.bulletin.unread):
        return ""
    return (
        f"Còn chữ chưa có cách đọc: {', '.join(words)}. Rút lại tin có chữ ấy, viết rõ bằng chữ (hoặc thêm vào từ điển "
        "của đài) rồi trình lại; chữ trong lời xướng hay tên đài thì sửa ở phần Kênh."
    )


def too_late(bulletin: Bulletin, now: datetime) -> str:
    """What was not aired at its hour is told as not aired: nobody approves it afterwards."""
    over = bulletin.is_open and now > bulletin.slot_at + span_of("same_session_minutes")
    return "Giờ phát đã qua nên không duyệt nữa. Người vận hành ghi kết quả của buổi này." if over else ""


def lacks_document(bulletin: Bulletin) -> bool:
    """Aired on an oral order that nobody has put down since."""
    on_order = bulletin.airings.filter(outcome__in=[Standing.AIRED, Standing.CUT_SHORT]).exclude(order="")
    return on_order.exists() and not bulletin.approvals.filter(ruling=Ruling.APPROVED).exists()


def silent_for(bulletin: Bulletin, session: Session) -> str:
    return silence(bulletin.account, bulletin.slot_at, timedelta(seconds=session.seconds))


@transaction.atomic
def void_if_changed(bulletin: Bulletin, digest: str, now: datetime, why: str = CHANGED) -> bool:
    """Ends an approval of other words than these, once, and visibly. A bulletin that is over stays as it was."""
    last = bulletin.approvals.first()
    if last is None or last.ruling != Ruling.APPROVED or last.digest == digest:
        return False
    if not Bulletin.objects.filter(pk=bulletin.pk, state=Standing.APPROVED).update(state=Standing.WAITING):
        return False
    bulletin.state = Standing.WAITING
    BulletinApproval.objects.create(
        bulletin=bulletin, ruling=Ruling.VOIDED, digest=last.digest, by=None, at=now, reason=why
    )
    say(bulletin, "voided", None, was=last.digest, now=digest, reason=why)
    return True


@transaction.atomic
def empty(bulletin: Bulletin, now: datetime) -> None:
    """Nothing is left to be said in it; its approval ends too. Items that come later open it again."""
    void_if_changed(bulletin, "", now, EMPTIED)
    if Bulletin.objects.filter(pk=bulletin.pk, state=Standing.WAITING).update(state=Standing.EMPTY):
        say(bulletin, "emptied", None)


def was_approved(airing: Airing) -> bool:
    return airing.bulletin.approvals.filter(ruling=Ruling.APPROVED, digest=airing.digest).exists()
