"""Doing a delivery: open an attempt (committed), act outside any transaction, record all or nothing."""

from __future__ import annotations

import logging
import os
import socket
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from campaigns.models import Approval, Decision, Rendering
from channels import contract
from channels.errors import (
    ChannelError,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unauthorized,
    Unavailable,
    Unsupported,
)
from publisher.config import config
from publisher.delivery import accounts
from publisher.delivery.desks import desk_for
from publisher.delivery.models import Account, Action, Attempt, Delivery, Evidence
from publisher.delivery.moves import Overtaken, move
from publisher.delivery.retry import after_unavailable
from publisher.delivery.secrets import UnreadableSecret
from publisher.delivery.shaping import payload_of
from publisher.delivery.states import State

log = logging.getLogger("publisher.delivery")
ASK_AGAIN = timedelta(seconds=5)
LINKS = ("https://", "http://")  # what a vendor answers becomes a link people press: nothing else may stand in it
EDITED = "Bài được sửa sau khi duyệt nên lượt này đã hủy."


class NotAsApproved(Exception):
    """The frozen payload is not the one that was approved; nothing is sent."""


def deliver(pk: int, lease: UUID) -> None:
    """Sends one claimed delivery. Whoever no longer holds the lease leaves without a trace."""
    delivery = load(pk)
    if delivery.lease != lease or delivery.state != State.QUEUED:
        return
    try:
        if turned_away(delivery, lease):
            return
        attempt = begin(delivery, lease)
    except Overtaken:
        return
    act_and_record(delivery, attempt, lease)


def turned_away(delivery: Delivery, lease: UUID) -> bool:
    """What changed since the claim: a held account takes nothing more, words that were edited do not go out."""
    if delivery.account.held or delivery.account.retired_at is not None:
        move(delivery, State.SCHEDULED, under=lease, data={"why": "account held"})
        return True
    if delivery.action != Action.WITHDRAW and is_voided(delivery):
        move(delivery, State.CANCELLED, under=lease, last_error=EDITED)
        return True
    return False


def is_voided(delivery: Delivery) -> bool:
    """Whether an edit ended the approval while the delivery was out of reach: being sent, or in doubt."""
    return Approval.objects.filter(version_id=delivery.version_id, decision=Decision.VOIDED).exists()


def load(pk: int) -> Delivery:
    related = ("organisation", "account__organisation", "account__through", "version__post", "of", "waits_for")
    return Delivery.objects.select_related(*related).get(pk=pk)


def begin(delivery: Delivery, lease: UUID) -> Attempt:
    """queued → sending, attempt open: committed before the first byte goes out."""
    now = timezone.now()
    with transaction.atomic():
        move(
            delivery,
            State.SENDING,
            under=lease,
            data={"attempt": delivery.attempts_made + 1},
            attempts_made=delivery.attempts_made + 1,
            lease=lease,
            leased_until=now + timedelta(seconds=config.lease_seconds),
        )
        return Attempt.objects.create(
            delivery=delivery, number=delivery.attempts_made, started_at=now, worker=process_name()
        )


def process_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"[:80]


def act_and_record(delivery: Delivery, attempt: Attempt, lease: UUID) -> None:
    try:
        outcome = act(delivery)
    except (ChannelError, UnreadableSecret, NotAsApproved) as error:
        record_error(delivery, attempt, lease, error)
    except Exception as error:  # whatever it was, bytes may be out: look before anything else
        log.exception("delivery %s", delivery.pk)
        words = f"Lỗi bất ngờ khi gửi ({type(error).__name__}); hệ thống sẽ đối chiếu trước khi làm tiếp."
        record_error(delivery, attempt, lease, OutcomeUnknown(words))
    else:
        record_outcome(delivery, attempt, lease, outcome)


def act(delivery: Delivery) -> contract.Outcome:
    channel, account = accounts.ready(delivery.account)
    desk = desk_for(delivery)
    if delivery.action == Action.WITHDRAW:
        return channel.withdraw(remote_of(delivery), account, desk)
    payload = approved_payload(delivery)
    if delivery.action == Action.CORRECT:
        return channel.update(remote_of(delivery), payload, account, desk)
    return channel.send(payload, account, desk)


def approved_payload(delivery: Delivery) -> contract.Payload:
    """The frozen payload, proved to be the approved one. Raises `NotAsApproved`."""
    payload = payload_of(Rendering.objects.get(version_id=delivery.version_id, account_id=delivery.account_id))
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


def record_outcome(delivery: Delivery, attempt: Attempt | None, lease: UUID, outcome: contract.Outcome) -> None:
    """One transaction: state, attempt, evidence, event, money, and the original of a correction or withdrawal."""
    to = State(outcome.result.value)
    try:
        with transaction.atomic():
            close(attempt, to, detail=dict(outcome.detail))
            move(delivery, to, under=lease, data={"remote_id": outcome.remote_id}, **columns_of(delivery, outcome))
            keep_proofs(delivery, outcome)
    except Overtaken:
        late_answer(delivery, outcome)


def columns_of(delivery: Delivery, outcome: contract.Outcome) -> dict[str, Any]:
    return {
        "remote_id": outcome.remote_id or delivery.remote_id,
        "permalink": outcome.permalink if outcome.permalink.startswith(LINKS) else delivery.permalink,
        "token": outcome.token,
        "last_error": "",
        "next_try_at": timezone.now() + ASK_AGAIN,
    }


def keep_proofs(delivery: Delivery, outcome: contract.Outcome) -> None:
    rows = [Evidence(delivery=delivery, kind="payload", label="Mã băm nội dung đã duyệt", value=delivery.digest)]
    rows[0].sha256 = delivery.digest
    rows += [
        Evidence(delivery=delivery, kind=p.kind, label=p.label, value=p.value, sha256=p.sha256) for p in outcome.proofs
    ]
    known = set(delivery.evidence.values_list("kind", "value"))
    Evidence.objects.bulk_create(row for row in rows if (row.kind, row.value) not in known)


def late_answer(delivery: Delivery, outcome: contract.Outcome) -> None:
    """The lease ran out while the remote was slow and the row became unknown; the answer settles it after all."""
    fresh = load(delivery.pk)
    if fresh.state == State.UNKNOWN and outcome.result is contract.Result.DELIVERED:
        try:
            with transaction.atomic():
                move(fresh, State.DELIVERED, data={"why": "late answer"}, **columns_of(fresh, outcome))
                keep_proofs(fresh, outcome)
        except Overtaken:
            log.warning("delivery %s: a late answer found the delivery moved on", delivery.pk)


def record_error(delivery: Delivery, attempt: Attempt | None, lease: UUID, error: Exception) -> None:
    words = getattr(error, "message", str(error))
    to, columns = verdict(delivery, error)
    try:
        with transaction.atomic():
            close(attempt, to, error=error)
            move(
                delivery,
                to,
                under=lease,
                data={"error": type(error).__name__, "message": words},
                last_error=words,
                **columns,
            )
            trouble_of_account(delivery.account, error, delivery.attempts_made)
    except Overtaken:
        log.warning("delivery %s: lease lost before its error was recorded", delivery.pk)


def verdict(delivery: Delivery, error: Exception) -> tuple[State, dict[str, Any]]:
    """What follows from an error: the state and the columns that go with it."""
    now = timezone.now()
    match error:
        case Throttled(wait=wait):
            return State.SCHEDULED, {"next_try_at": now + timedelta(seconds=wait)}
        case Unauthorized() | UnreadableSecret():
            return State.SCHEDULED, {}  # the hold keeps it; its place in the line stays
        case Unavailable():
            retry = after_unavailable(1 + delivery.attempts.filter(error_class=Unavailable.__name__).count())
            return (State.FAILED, {}) if retry.give_up else (State.SCHEDULED, {"next_try_at": now + retry.wait})
        case OutcomeUnknown():
            return State.UNKNOWN, {"next_try_at": now + ASK_AGAIN}
        case Unsupported() | Rejected():
            return State.FAILED, {}
    return State.FAILED, {}


def trouble_of_account(account: Account, error: Exception, attempts_made: int) -> None:
    """A dead token or a blocked Page stops the account once, not every post; a throttled one rests."""
    if isinstance(error, Unauthorized | UnreadableSecret):
        accounts.hold(account, reason=getattr(error, "message", str(error)))
    if isinstance(error, Throttled):
        until = timezone.now() + timedelta(seconds=error.wait)
        Account.objects.filter(pk=account.pk).update(paced_until=until)


def close(
    attempt: Attempt | None, outcome: State, *, error: Exception | None = None, detail: dict[str, object] | None = None
) -> None:
    if attempt is None:
        return
    attempt.ended_at, attempt.outcome, attempt.detail = timezone.now(), outcome, detail or {}
    if error is not None:
        attempt.error_class, attempt.error = type(error).__name__, getattr(error, "message", str(error))
        attempt.code, attempt.subcode = str(getattr(error, "code", ""))[:40], str(getattr(error, "subcode", ""))[:40]
        attempt.trace = str(getattr(error, "trace", ""))[:120]
    attempt.save(update_fields=["ended_at", "outcome", "detail", "error_class", "error", "code", "subcode", "trace"])
