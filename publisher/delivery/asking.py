"""Asking about what is not settled: a remote that still works, or an answer that was lost."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, InterfaceError, transaction
from django.utils import timezone

from channels.errors import ChannelError, OutcomeUnknown, Rejected, Unsupported
from publisher.config import config
from publisher.delivery import accounts, retry
from publisher.delivery.deciding import silent_organisations
from publisher.delivery.desks import desk_for
from publisher.delivery.heartbeat import beating
from publisher.delivery.models import Action, Delivery
from publisher.delivery.moves import Overtaken, move
from publisher.delivery.recording import CANNOT_LOOK, record_error, record_outcome, trouble_of_account
from publisher.delivery.restoring import standing
from publisher.delivery.secrets import UnreadableSecret
from publisher.delivery.sending import NotAsApproved, approved_payload, load, voided_versions
from publisher.delivery.states import State
from publisher.events.log import record

log = logging.getLogger("publisher.delivery")
NEVER_SETTLED = "Kênh báo đang xử lý quá lâu mà không xong: cần người kiểm tra rồi chọn đã đăng hay chưa đăng."
NOT_READ = "Nhiều lần không đọc lại được kênh: cần người kiểm tra rồi chọn đã đăng hay chưa đăng."
NOT_FOUND = (
    "Khôi phục từ bản sao lưu: đã đối chiếu và không thấy bài trên kênh. "
    "Quyết định đăng tiếp (chọn giờ) hoặc hủy lượt này."
)
ORDERED_BEFORE = (
    "Khôi phục từ bản sao lưu: không rõ lệnh {action} này đã thực hiện chưa, và sau đó có lệnh nào mới hơn không. "
    "Xem bài trên kênh rồi quyết định làm lại (chọn giờ) hoặc hủy lượt này."
)
CALLED_OFF = (
    "Không rõ bên nhận đã có tin này chưa, mà nay tin không còn được tự gửi (bài đã sửa, đang tạm dừng, quá hạn hoặc "
    "vừa khôi phục): hỏi bên nhận, rồi chọn đã đăng, chưa đăng hoặc thôi."
)
NEVER_CLEAR = (
    "Đã gửi {tries} lần, lần nào cũng mất câu trả lời và đối chiếu không thấy trên kênh: cần người kiểm tra kênh, "
    "rồi chọn đã đăng, chưa đăng (hệ thống gửi lại) hay thôi."
)


def ask(pk: int, lease: UUID) -> None:
    """Polls a processing delivery or looks for an unknown one, under the lease it was claimed with."""
    delivery = load(pk)
    if delivery.lease != lease:
        return
    with beating(lease):
        try:
            poll(delivery, lease) if delivery.state == State.PROCESSING else look(delivery, lease)
        except (ChannelError, UnreadableSecret, NotAsApproved) as error:
            trouble_of_account(delivery.account, error)
            not_told(delivery, lease, getattr(error, "message", str(error)))
        except Overtaken:
            return
        except (DatabaseError, InterfaceError):
            raise  # the lease ends, and it is asked again
        except Exception as error:  # whatever it was, it must not be asked about for ever without anybody knowing
            log.exception("delivery %s", pk)
            not_told(delivery, lease, f"Lỗi bất ngờ khi đối chiếu ({type(error).__name__}).")


def poll(delivery: Delivery, lease: UUID) -> None:
    """Asks with the token; a remote that works on gets ever more time, at last a person looks."""
    channel, account = accounts.ready(delivery.account)
    try:
        outcome = channel.poll(delivery.token, approved_payload(delivery), account, desk_for(delivery))
    except (Rejected, Unsupported, NotAsApproved, OutcomeUnknown) as error:  # in doubt: it is read back from now on
        record_error(delivery, None, lease, error)
        return
    if outcome.result.value != State.PROCESSING:
        record_outcome(delivery, None, lease, outcome)
        return
    decision = retry.PROCESSING.after(delivery.looks + 1)
    if decision.give_up:
        to_person(delivery, lease, NEVER_SETTLED)
    else:
        token = outcome.token or delivery.token
        later(delivery, lease, decision.wait, "", token=token, looks=delivery.looks + 1, unanswered=0)


def look(delivery: Delivery, lease: UUID) -> None:
    """Reads back. Found: delivered. Absent often and long enough: back in line. Cannot tell: a person decides."""
    channel, account = accounts.ready(delivery.account)
    if delivery.action != Action.PUBLISH:  # what stands says nothing about them
        back_in_line(delivery, lease)  # correcting or taking down twice has the effect of once
        return
    if not channel.reads_back:
        to_person(delivery, lease, CANNOT_LOOK)
        return
    if channel.looks_by_sending and called_off(delivery):
        to_person(delivery, lease, CALLED_OFF)
        return
    found = channel.reconcile(approved_payload(delivery), account, desk_for(delivery), since(delivery))
    lag = listing_lag(channel.listing_lag)
    if found is not None:
        record_outcome(delivery, None, lease, found)
    elif lag == 0 or delivery.looks >= 1:  # files tell at once; a listing may lag, so it takes two looks
        back_in_line(delivery, lease)
    else:
        wait = timedelta(seconds=lag)
        later(delivery, lease, wait, delivery.last_error, looks=delivery.looks + 1, unanswered=0)


def called_off(delivery: Delivery) -> bool:
    """Whether it must not go out any more, or not now, should it not have gone out before."""
    now = timezone.now()
    late = delivery.late_until is not None and delivery.late_until < now
    silent = not delivery.urgent and delivery.organisation_id in silent_organisations(now)
    return late or silent or delivery.from_backup or standing() is not None or bool(voided_versions([delivery]))


def listing_lag(own: float) -> float:
    return min(own, config.look_again_seconds) if config.look_again_seconds else own


def since(delivery: Delivery) -> datetime:
    """When it may have gone out first."""
    first = delivery.attempts.order_by("number").values_list("started_at", flat=True).first()
    return min(first, delivery.due_at) if first and delivery.from_backup else first or delivery.due_at


def back_in_line(delivery: Delivery, lease: UUID) -> None:
    """It may be sent again: absence is proved, or twice has the effect of once. What a backup brought back waits for
    a person's word, and so does what was sent often without ever being told how it ended."""
    now = timezone.now()
    tries = delivery.attempts.filter(outcome=State.UNKNOWN).count()
    again = retry.DOUBTS.after(tries)
    if again.give_up and not delivery.from_backup:
        to_person(delivery, lease, NEVER_CLEAR.format(tries=tries))
        return
    wait = again.wait if tries > 1 else timedelta(0)
    words = not_done(delivery)
    held = {"review_since": now, "review_why": words} if delivery.from_backup else {}
    told = {"why": "absence proved", "looks": delivery.looks + 1}
    move(
        delivery, State.SCHEDULED, under=lease, data=told, next_try_at=now + wait, last_error=words, looks=0,
        notes=delivery.notes, **held,
    )  # fmt: skip


def not_done(delivery: Delivery) -> str:
    """Why it is in line again, or before a person."""
    if delivery.action != Action.PUBLISH:
        ordered = ORDERED_BEFORE.format(action=delivery.action_label)
        return ordered if delivery.from_backup else f"Không rõ lệnh {delivery.action_label} đã xong chưa: làm lại."
    return NOT_FOUND if delivery.from_backup else "Đã đối chiếu: bài chưa được đăng. Sẽ gửi lại."


def not_told(delivery: Delivery, lease: UUID, words: str) -> None:
    """The remote could not be asked: again later, and after about a day a person looks."""
    decision = retry.READING_BACK.after(delivery.unanswered + 1)
    if decision.give_up:
        to_person(delivery, lease, f"{NOT_READ} {words}")
    else:
        later(delivery, lease, decision.wait, words, unanswered=delivery.unanswered + 1)


def later(delivery: Delivery, lease: UUID, wait: timedelta, words: str, **columns: object) -> None:
    """Gives the row back for another question; its state does not change."""
    next_try_at = timezone.now() + wait
    mine = Delivery.objects.filter(pk=delivery.pk, lease=lease, state=delivery.state)
    mine.update(lease=None, leased_until=None, next_try_at=next_try_at, last_error=words, **columns)


def to_person(delivery: Delivery, lease: UUID, why: str) -> None:
    """Nothing more is asked: it stands on the work list with what is known. Told once."""
    now = timezone.now()
    with transaction.atomic():
        if delivery.state == State.PROCESSING:
            move(delivery, State.UNKNOWN, under=lease, data={"why": why}, last_error=why)
            mine = Delivery.objects.filter(pk=delivery.pk, state=State.UNKNOWN)
        else:
            mine = Delivery.objects.filter(pk=delivery.pk, lease=lease, state=State.UNKNOWN)
        told = mine.filter(review_since=None).update(
            lease=None, leased_until=None, review_since=now, review_why=why[:300], last_error=why
        )
        if told:
            record(
                "delivery.needs_person",
                f"delivery:{delivery.pk}",
                organisation=delivery.organisation,
                data={"why": why},
            )
