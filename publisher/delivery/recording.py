"""Writing down what a delivery came to: state, attempt, evidence, event and money in one transaction.

Opening an attempt and closing a first one that went well are every delivery's cost, so they are plain SQL; all that is
rarer goes through `moves.move`.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from channels import contract
from channels.errors import (
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unauthorized,
    Unavailable,
    Unsupported,
)
from publisher.config import config
from publisher.delivery import accounts, hot, retry
from publisher.delivery.desks import rest_account
from publisher.delivery.models import Account, Action, Attempt, Delivery, Evidence
from publisher.delivery.moves import Overtaken, move
from publisher.delivery.secrets import UnreadableSecret
from publisher.delivery.states import State
from publisher.events.log import draft

log = logging.getLogger("publisher.delivery")
FIRST_LOOK = timedelta(seconds=5)  # a vendor lists what it took a moment later
LINKS = ("https://", "http://")  # what a vendor answers becomes a link people press: nothing else may stand in it
LONGEST_LINK = 500  # characters
OF_THE_POST = (Unsupported, Rejected)  # errors that say nothing against the account
STUMBLES_TOLERATED = 2  # calls in a row that fail before the account rests as a whole


def begin(delivery: Delivery, lease: UUID, *, worker: str) -> Attempt | None:
    """queued → sending, attempt open: committed before the first byte goes out.

    None when the lease is lost or the account has been held or retired since the claim.
    """
    now = timezone.now()
    until = now + timedelta(seconds=config.lease_seconds)
    number = delivery.attempts_made + 1
    event = moved(delivery, State.SENDING, {"from": "queued", "to": "sending", "attempt": number})
    pk = hot.open_attempt(delivery, lease=lease, until=until, number=number, worker=worker, now=now, event=event)
    if pk is None:
        return None
    delivery.state, delivery.attempts_made, delivery.leased_until = State.SENDING, number, until
    return Attempt(pk=pk, delivery=delivery, number=number, started_at=now, worker=worker)


def moved(delivery: Delivery, to: State, data: dict[str, Any]) -> Any:
    return draft(f"delivery.{to}", f"delivery:{delivery.pk}", organisation_id=delivery.organisation_id, data=data)


def record_outcome(delivery: Delivery, attempt: Attempt | None, lease: UUID, outcome: contract.Outcome) -> None:
    """One transaction: state, attempt, evidence, event, money, and the original of a correction or withdrawal."""
    outcome = storable(outcome)
    to = State(outcome.result.value)
    plain = to is State.DELIVERED and delivery.action == Action.PUBLISH
    try:
        if plain and attempt is not None and attempt.number == 1:
            record_plain(delivery, attempt, lease, outcome)
        else:
            record_any(delivery, attempt, lease, outcome, to)
    except Overtaken:
        late_answer(delivery, outcome)


def storable(outcome: contract.Outcome) -> contract.Outcome:
    """Cut to what the columns hold: no answer may keep the record of itself from being written."""
    proofs = (replace(p, label=bare(p.label)[:200], value=bare(p.value), sha256=p.sha256[:64]) for p in outcome.proofs)
    return replace(
        outcome,
        remote_id=bare(outcome.remote_id)[:200],
        permalink=bare(outcome.permalink) if len(outcome.permalink) <= LONGEST_LINK else "",
        token=bare(outcome.token),
        proofs=tuple(proofs),
        detail=json.loads(json.dumps(dict(outcome.detail), default=str).replace("\\u0000", "")),
    )


def bare(text: str) -> str:
    """PostgreSQL keeps no NUL."""
    return text.replace("\0", "")


def record_plain(delivery: Delivery, attempt: Attempt, lease: UUID, outcome: contract.Outcome) -> None:
    """The first attempt at a publication went well: the hot path. Raises `Overtaken`."""
    now = timezone.now()
    told = {"from": "sending", "to": "delivered", "remote_id": outcome.remote_id}
    columns = columns_of(delivery, outcome)
    done = hot.close_delivered(
        delivery,
        lease=lease,
        attempt=attempt.pk,
        now=now,
        columns={name: columns[name] for name in ("remote_id", "permalink", "token")},
        detail=dict(outcome.detail),
        proofs=[(p.kind, p.label, p.value, p.sha256) for p in proofs_of(delivery, outcome)],
        event=moved(delivery, State.DELIVERED, told),
    )
    if not done:
        raise Overtaken(f"delivery {delivery.pk} is no longer sending")
    if delivery.account.stumbles:
        recovered(delivery.account)
    delivery.state, delivery.delivered_at = State.DELIVERED, now


def record_any(delivery: Delivery, attempt: Attempt | None, lease: UUID, outcome: contract.Outcome, to: State) -> None:
    with transaction.atomic():
        close(attempt, to, detail=dict(outcome.detail))
        move(delivery, to, under=lease, data={"remote_id": outcome.remote_id}, **columns_of(delivery, outcome))
        keep_proofs(delivery, outcome)
        if delivery.account.stumbles:
            recovered(delivery.account)


def columns_of(delivery: Delivery, outcome: contract.Outcome) -> dict[str, Any]:
    return {
        "remote_id": outcome.remote_id or delivery.remote_id,
        "permalink": outcome.permalink if outcome.permalink.startswith(LINKS) else delivery.permalink,
        "token": outcome.token,
        "last_error": "",
        "looks": 0,
        "review_since": None,
        "review_why": "",
        "next_try_at": timezone.now() + retry.PROCESSING.first,
    }


def proofs_of(delivery: Delivery, outcome: contract.Outcome) -> list[contract.Proof]:
    return [contract.Proof("payload", "Mã băm nội dung đã duyệt", delivery.digest, delivery.digest), *outcome.proofs]


def keep_proofs(delivery: Delivery, outcome: contract.Outcome) -> None:
    known = set(delivery.evidence.values_list("kind", "value"))
    Evidence.objects.bulk_create(
        Evidence(delivery=delivery, kind=p.kind, label=p.label, value=p.value, sha256=p.sha256)
        for p in proofs_of(delivery, outcome)
        if (p.kind, p.value) not in known
    )


def late_answer(delivery: Delivery, outcome: contract.Outcome) -> None:
    """The lease ran out while the remote was slow and the row became unknown; the answer settles it after all."""
    fresh = Delivery.objects.select_related("organisation", "account").get(pk=delivery.pk)
    if fresh.state == State.UNKNOWN and outcome.result is contract.Result.DELIVERED:
        try:
            with transaction.atomic():
                move(fresh, State.DELIVERED, data={"why": "late answer"}, **columns_of(fresh, outcome))
                keep_proofs(fresh, outcome)
        except Overtaken:
            log.warning("delivery %s: a late answer found the delivery moved on", delivery.pk)


def record_error(delivery: Delivery, attempt: Attempt | None, lease: UUID, error: Exception) -> None:
    words = bare(getattr(error, "message", str(error)))
    to, columns = verdict(delivery, error)
    if columns.pop("given_up", False):
        words = f"{words} Đã thử {delivery.attempts_made} lần, không thử nữa: xử lý kênh rồi đăng lại."
    try:
        with transaction.atomic():
            close(attempt, to, error=error)
            told = {"error": type(error).__name__, "message": words}
            move(delivery, to, under=lease, data=told, **{"last_error": words, **columns})
            trouble_of_account(delivery.account, error)
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
            return after_unavailable(delivery, now)
        case OutcomeUnknown():
            return State.UNKNOWN, doubt(delivery, now)
    return State.FAILED, {}


def after_unavailable(delivery: Delivery, now: datetime) -> tuple[State, dict[str, Any]]:
    tries = 1 + delivery.attempts.filter(error_class=Unavailable.__name__).count()
    decision = retry.UNAVAILABLE.after(tries)
    if decision.give_up:
        return State.FAILED, {"given_up": True}
    return State.SCHEDULED, {"next_try_at": now + decision.wait}


def doubt(delivery: Delivery, now: datetime) -> dict[str, Any]:
    """Looked into soon; where nothing can be read back, a person looks."""
    if delivery.action == Action.PUBLISH and not accounts.channel_of(delivery.account).reads_back:
        return {"review_since": now, "review_why": CANNOT_LOOK}
    return {"next_try_at": now + FIRST_LOOK, "looks": 0}


CANNOT_LOOK = "Kênh này không đọc lại được bài đã gửi: cần người kiểm tra rồi chọn đã đăng hay chưa đăng."


def trouble_of_account(account: Account, error: Exception) -> None:
    """A dead token or a blocked Page stops the account once, not every post, and with it whoever borrows its
    credentials; one that is too fast or does not answer rests as a whole."""
    if isinstance(error, Unauthorized | UnreadableSecret):
        accounts.hold(account.through or account, reason=getattr(error, "message", str(error)))
    elif isinstance(error, Throttled):
        rest_account(account, error.wait)
    elif isinstance(error, Unavailable | OutcomeUnknown) and getattr(error, "code", "") == "transport":
        stumble(account)


def stumble(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(stumbles=F("stumbles") + 1)
    account.refresh_from_db(fields=["stumbles"])
    if (over := account.stumbles - STUMBLES_TOLERATED) > 0:
        rest_account(account, retry.STUMBLES.after(over).wait.total_seconds())


def recovered(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(stumbles=0)
    account.stumbles = 0


def close(
    attempt: Attempt | None, outcome: State, *, error: Exception | None = None, detail: dict[str, object] | None = None
) -> None:
    if attempt is None:
        return
    attempt.ended_at, attempt.outcome, attempt.detail = timezone.now(), outcome, detail or {}
    if error is not None:
        attempt.error_class, attempt.error = type(error).__name__, bare(getattr(error, "message", str(error)))
        attempt.code, attempt.subcode = str(getattr(error, "code", ""))[:40], str(getattr(error, "subcode", ""))[:40]
        attempt.trace = str(getattr(error, "trace", ""))[:120]
    attempt.save(update_fields=["ended_at", "outcome", "detail", "error_class", "error", "code", "subcode", "trace"])
