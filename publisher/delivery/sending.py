"""Doing deliveries: open an attempt (committed), act outside any transaction, record all or nothing."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cache
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

from campaigns.models import Approval, Decision, Rendering
from channels import contract
from channels.errors import ChannelError, OutcomeUnknown
from publisher.delivery import accounts, hot, recording
from publisher.delivery.desks import desk_for
from publisher.delivery.heartbeat import beating
from publisher.delivery.models import Account, Action, Attempt, Delivery
from publisher.delivery.moves import Overtaken, move
from publisher.delivery.secrets import UnreadableSecret
from publisher.delivery.shaping import payload_of
from publisher.delivery.states import State
from publisher.delivery.wake import wake

log = logging.getLogger("publisher.delivery")
TURN_SECONDS = 1.0  # then the lane gives way: an urgent post waits no longer for a thread than this and one call
RECORD_AGAIN = (0.1, 1.0, 5.0, 15.0)  # seconds; a database restarts in less, a lease lasts longer
_pause = threading.Event()  # never set: a wait that can be seen in a thread dump
EDITED = "Bài được sửa sau khi duyệt nên lượt này đã hủy."
RELATED = ("organisation", "account__organisation", "account__through")


class NotAsApproved(Exception):
    """The frozen payload is not the one that was approved; nothing is sent."""


def deliver(pk: int, lease: UUID) -> None:
    """Sends one claimed delivery. Whoever no longer holds the lease leaves without a trace."""
    deliver_lane([pk], lease)


def deliver_lane(pks: Sequence[int], lease: UUID) -> None:
    """Sends claimed deliveries of one account in this order; gives the rest back when the account is in trouble."""
    with beating(lease):
        rows = load_lane(pks, lease)
        voided = voided_versions(rows)
        ends = time.monotonic() + TURN_SECONDS
        for place, delivery in enumerate(rows):
            sound = send_one(delivery, lease, voided=delivery.version_id in voided)
            if not sound or time.monotonic() >= ends:
                give_back(rows[place + 1 :], lease)
                break
    wake()  # there is room for more


def load_lane(pks: Sequence[int], lease: UUID) -> list[Delivery]:
    """The deliveries of a lane that are still ours, in the order they were claimed in, with what is frozen for them."""
    known = {row.pk: row for row in Delivery.objects.filter(pk__in=pks, lease=lease, state=State.QUEUED)}
    rows = [known[pk] for pk in pks if pk in known]
    if not rows:
        return []
    account = Account.objects.select_related("organisation", "through").get(pk=rows[0].account_id)
    frozen = Rendering.objects.filter(account=account, version__in={row.version_id for row in rows})
    renderings = {rendering.version_id: rendering for rendering in frozen}
    for row in rows:
        row.account, row.organisation = account, account.organisation
        row.rendering = renderings.get(row.version_id)
    return rows


def load(pk: int) -> Delivery:
    return Delivery.objects.select_related(*RELATED).get(pk=pk)


def voided_versions(rows: Iterable[Delivery]) -> set[int]:
    """Versions whose approval an edit ended while the delivery was out of reach: being sent, or in doubt."""
    versions = {row.version_id for row in rows if row.action != Action.WITHDRAW}
    gone = Approval.objects.filter(version_id__in=versions, decision=Decision.VOIDED)
    return set(gone.values_list("version_id", flat=True))


def send_one(delivery: Delivery, lease: UUID, *, voided: bool = False) -> bool:
    """One delivery from queued to its outcome; whether its account is sound enough to go on with the next."""
    if voided:
        with suppress(Overtaken):
            move(delivery, State.CANCELLED, under=lease, last_error=EDITED)
        return True
    attempt = recording.begin(delivery, lease, worker=process_name())
    if attempt is None:
        give_back([delivery], lease)  # its account was held or retired since the claim; else it is no longer ours
        return Account.objects.filter(pk=delivery.account_id, held_at=None, retired_at=None).exists()
    return act_and_record(delivery, attempt, lease)


def give_back(rows: Sequence[Delivery], lease: UUID) -> None:
    """What a lane did not get to goes back to its place in the line."""
    if rows:
        hot.give_back(rows, lease)


@cache
def process_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"[:80]


def act_and_record(delivery: Delivery, attempt: Attempt, lease: UUID) -> bool:
    try:
        outcome = act(delivery)
    except (ChannelError, UnreadableSecret, NotAsApproved) as error:
        trouble = error
        surely(delivery, lambda: recording.record_error(delivery, attempt, lease, trouble))
        return isinstance(error, recording.OF_THE_POST)
    except Exception as error:  # whatever it was, bytes may be out: look before anything else
        log.exception("delivery %s", delivery.pk)
        words = f"Lỗi bất ngờ khi gửi ({type(error).__name__}); hệ thống sẽ đối chiếu trước khi làm tiếp."
        surely(delivery, lambda: recording.record_error(delivery, attempt, lease, OutcomeUnknown(words)))
        return False
    surely(delivery, lambda: recording.record_outcome(delivery, attempt, lease, outcome))
    return True


def surely(delivery: Delivery, write: Callable[[], None]) -> None:
    """Writes down what a call came to, also where the database goes away for a moment; the lease keeps beating.

    What was written although its answer was lost is found written. Raises what the database says in the end: the row
    stays `sending`, its lease ends, and it is looked for.
    """
    for wait in RECORD_AGAIN:
        try:
            return write()
        except (OperationalError, InterfaceError) as error:
            log.warning("delivery %s: its outcome is not recorded yet: %s", delivery.pk, error)
            connection.close_if_unusable_or_obsolete()
            delivery.state = State.SENDING  # what was rolled back
            _pause.wait(wait)
    return write()


def act(delivery: Delivery) -> contract.Outcome:
    channel, account = ready_for_lane(delivery.account)
    desk = desk_for(delivery)
    if delivery.action == Action.WITHDRAW:
        return channel.withdraw(remote_of(delivery), account, desk)
    payload = approved_payload(delivery)
    if delivery.action == Action.CORRECT:
        return channel.update(remote_of(delivery), payload, account, desk)
    return channel.send(payload, account, desk)


def ready_for_lane(account: Account) -> tuple[contract.Channel, contract.Account]:
    """Asked once for the deliveries of a lane, which share this row of the account."""
    if not hasattr(account, "ready"):
        account.ready = accounts.ready(account)
    return account.ready


def approved_payload(delivery: Delivery) -> contract.Payload:
    """The frozen payload, proved to be the approved one. Raises `NotAsApproved`."""
    found = getattr(delivery, "rendering", None)
    found = found or Rendering.objects.get(version_id=delivery.version_id, account_id=delivery.account_id)
    payload = payload_of(found)
    if payload.digest != delivery.digest:
        raise NotAsApproved(
            "Nội dung lưu không khớp mã băm đã duyệt nên không được gửi. Trình duyệt lại bài và báo quản trị kiểm tra."
        )
    return payload


def remote_of(delivery: Delivery) -> contract.Remote:
    """What stands, under the name of the delivery that first published it: corrections of corrections included."""
    latest = first = delivery.of
    while first.of is not None:
        first = first.of
    return contract.Remote(
        remote_id=latest.remote_id,
        permalink=latest.permalink,
        delivery_ref=str(first.ref),
        due_at=first.due_at.astimezone(delivery.organisation.timezone),
    )
