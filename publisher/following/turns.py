"""Speaking with one endpoint: who takes its turn sends what waits for it, oldest first.

A turn is a lease on the endpoint, so two processes never speak with the same one, and one that hangs keeps nobody but
itself. What fails waits with growing pauses and is passed over meanwhile: an endpoint gets events in order but for
those it refused. A process killed between call and record sends the same id again, which receivers drop.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from channels.errors import ChannelError
from channels.remote import Reply, ask, host
from publisher.delivery.secrets import UnreadableSecret
from publisher.following import waits
from publisher.following.endpoints import pause
from publisher.following.models import Dispatch, DispatchState, Endpoint
from publisher.following.webhook import Webhook
from publisher.following.websub import Websub

log = logging.getLogger("publisher.following")
CALLED: dict[str, Webhook | Websub] = {speaker.kind: speaker for speaker in (Webhook(), Websub())}
TIMEOUT = (5.0, 10.0)  # seconds: connect, read
TURN = 20.0  # seconds after which somebody else gets a turn
MOST = 500  # dispatches in one turn
LEASE = timedelta(seconds=90)  # longer than a turn and its last call take
GONE = 410


@dataclass(frozen=True, slots=True)
class Answer:
    """What one call came to. `words` go to a person."""

    taken: bool
    words: str
    gone: bool = False
    wait: timedelta = timedelta(0)  # asked for by the endpoint


def due_endpoints(now: datetime) -> list[int]:
    """Whoever has something waiting and may be spoken with, the longest unheard first."""
    waiting = Dispatch.objects.filter(endpoint=OuterRef("pk"), state=DispatchState.WAITING, next_try_at__lte=now)
    return list(free(now).filter(Exists(waiting)).order_by("next_turn_at", "pk").values_list("pk", flat=True))


def free(now: datetime) -> QuerySet[Endpoint]:
    rows = Endpoint.objects.filter(retired_at=None, paused_at=None, next_turn_at__lte=now)
    return rows.filter(Q(turn_until=None) | Q(turn_until__lt=now))


def take(pk: int, now: datetime) -> Endpoint | None:
    """The endpoint, to be spoken with by nobody else for `LEASE`; None when somebody was first."""
    taken = free(now).filter(pk=pk).update(turn_by=uuid.uuid4(), turn_until=now + LEASE)
    return Endpoint.objects.select_related("organisation").get(pk=pk) if taken else None


def turn(pk: int, now: datetime, stopped: Callable[[], bool] = lambda: False) -> int:
    """One turn; returns how many dispatches were taken. A bad answer ends it."""
    endpoint = take(pk, now)
    if endpoint is None:
        return 0
    until, sent = time.monotonic() + TURN, 0
    for several in lots(endpoint, now):
        answer = call(endpoint, several, now)
        if not answer.taken:
            stumble(endpoint, several, answer, now, after_good=sent > 0)
            return sent
        mark_taken(several, answer)
        sent += len(several)
        if stopped() or time.monotonic() > until:
            break
    leave(endpoint, stumbles=0, failing_since=None, next_turn_at=now, **({"answered_at": now} if sent else {}))
    return sent


def lots(endpoint: Endpoint, now: datetime) -> list[list[Dispatch]]:
    """What waits, oldest first, call by call."""
    rows = endpoint.dispatches.filter(state=DispatchState.WAITING, next_try_at__lte=now).order_by("pk")
    waiting = list(rows.select_related("event__organisation")[:MOST])
    if CALLED[endpoint.kind].all_at_once:
        return [waiting] if waiting else []
    return [[one] for one in waiting]


def call(endpoint: Endpoint, several: Sequence[Dispatch], now: datetime) -> Answer:
    try:
        return judged(ask(CALLED[endpoint.kind].call(endpoint, several, now), TIMEOUT))
    except (ChannelError, UnreadableSecret) as error:
        return Answer(taken=False, words=str(error))
    except Exception as error:  # whatever it was, it is this endpoint's: it waits like any other failure
        log.exception("endpoint %s", endpoint.pk)
        return Answer(taken=False, words=f"Lỗi bất ngờ khi gọi ({type(error).__name__}). Hệ thống sẽ tự thử lại.")


def judged(reply: Reply) -> Answer:
    words = f"{host(reply.call.url)} trả lời HTTP {reply.status}."
    asked = reply.headers.get("retry-after", "")
    wait = timedelta(seconds=min(int(asked), 3600)) if asked.isascii() and asked.isdigit() else timedelta(0)
    return Answer(200 <= reply.status < 300, words, gone=reply.status == GONE, wait=wait)


def waiting_of(several: Sequence[Dispatch]) -> QuerySet[Dispatch]:
    """Whoever was faster has recorded already: nothing is written over."""
    return Dispatch.objects.filter(pk__in=[one.pk for one in several], state=DispatchState.WAITING)


def mark_taken(several: Sequence[Dispatch], answer: Answer) -> None:
    waiting_of(several).update(
        state=DispatchState.SENT, sent_at=timezone.now(), tries=F("tries") + 1, answer=answer.words[:300]
    )


def stumble(endpoint: Endpoint, several: Sequence[Dispatch], answer: Answer, now: datetime, after_good: bool) -> None:
    """The dispatches wait, or are given up after their day; the endpoint rests, and one that is gone is paused."""
    stumbles = 1 if after_good else endpoint.stumbles + 1
    since = now if after_good else endpoint.failing_since or now
    rest = max(waits.before_turn(stumbles), answer.wait)
    taken = {"answered_at": now} if after_good else {}
    with transaction.atomic():
        for one in several:
            put_off(one, answer, now)
        leave(endpoint, stumbles=stumbles, failing_since=since, next_turn_at=now + rest, **taken)
        if answer.gone:
            pause(endpoint, reason="Nơi nhận báo đã thôi nhận vĩnh viễn (HTTP 410).", by=None)


def put_off(dispatch: Dispatch, answer: Answer, now: datetime) -> None:
    over = now - dispatch.since >= waits.PATIENCE
    waiting_of([dispatch]).update(
        state=DispatchState.GIVEN_UP if over else DispatchState.WAITING,
        next_try_at=now + max(waits.before_try(dispatch.tries + 1), answer.wait),
        tries=F("tries") + 1,
        answer=answer.words[:300],
    )


def leave(endpoint: Endpoint, **columns: object) -> None:
    """Ends the turn, unless the lease ran out and it is somebody else's now."""
    mine = Endpoint.objects.filter(pk=endpoint.pk, turn_by=endpoint.turn_by)
    mine.update(turn_by=None, turn_until=None, **columns)


def give_up_stale(now: datetime) -> int:
    """What waited its day for an endpoint that fails or is paused. What nobody could try yet goes on waiting."""
    rows = Dispatch.objects.filter(state=DispatchState.WAITING, since__lt=now - waits.PATIENCE)
    hopeless = Q(endpoint__paused_at__isnull=False) | Q(endpoint__failing_since__lt=now - waits.PATIENCE)
    found = list(rows.filter(hopeless).values_list("pk", flat=True)[:1000])
    return rows.filter(pk__in=found).update(state=DispatchState.GIVEN_UP)
