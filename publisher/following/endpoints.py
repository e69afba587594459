"""What a person does with an endpoint: add, pause, change its secret, take it out, send again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from channels.remote import address_problem
from publisher.delivery.secrets import lock, unlock
from publisher.events.log import record
from publisher.following.models import Dispatch, DispatchState, Endpoint
from publisher.following.webhook import Webhook
from publisher.people.models import Organisation, Person

OVERLAP = timedelta(days=1)  # for which the secret before still signs


class EndpointRefused(ValueError):
    """Why the endpoint was not added; nothing was written."""


@transaction.atomic
def add(
    organisation: Organisation, *, name: str, url: str, kinds: Sequence[str], by: Person | None
) -> tuple[Endpoint, str]:
    """A webhook and its secret, which is shown now and never again. Raises `EndpointRefused`."""
    if problem := address_problem(url, "Địa chỉ nhận tin"):
        raise EndpointRefused(problem)
    if Endpoint.objects.filter(organisation=organisation, kind=Webhook.kind, url=url, retired_at=None).exists():
        raise EndpointRefused("Địa chỉ này đã có trong danh sách. Dừng kết nối cũ trước, hoặc dùng địa chỉ khác.")
    secret = new_secret()
    endpoint = Endpoint.objects.create(
        organisation=organisation, kind=Webhook.kind, name=name, url=url, kinds=list(kinds),
        secret=lock({"now": secret}), created_by=by, next_turn_at=timezone.now(),
    )  # fmt: skip
    note(endpoint, "added", by, name=name, kinds=list(kinds))
    return endpoint, secret


def new_secret() -> str:
    return f"tincoso_{secrets.token_urlsafe(32)}"


@transaction.atomic
def rotate(endpoint: Endpoint, *, by: Person | None) -> str:
    """A new secret; the one before signs beside it for a day. Raises `UnreadableSecret`."""
    fresh = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    secret = new_secret()
    endpoint.secret = lock({"now": secret, "old": unlock(fresh.secret)["now"]})
    endpoint.old_secret_until = timezone.now() + OVERLAP
    endpoint.save(update_fields=["secret", "old_secret_until"])
    note(endpoint, "secret_changed", by)
    return secret


@transaction.atomic
def pause(endpoint: Endpoint, *, reason: str, by: Person | None) -> bool:
    """Sends nothing more; events go on gathering for a day. False when it was paused already."""
    rows = Endpoint.objects.filter(pk=endpoint.pk, paused_at=None, retired_at=None)
    paused = rows.update(paused_at=timezone.now(), paused_reason=reason[:300])
    if paused:
        note(endpoint, "paused", by, name=endpoint.name, reason=reason)
    return bool(paused)


@transaction.atomic
def resume(endpoint: Endpoint, *, by: Person | None) -> None:
    rows = Endpoint.objects.filter(pk=endpoint.pk).exclude(paused_at=None)
    if rows.update(paused_at=None, paused_reason="", stumbles=0, failing_since=None, next_turn_at=timezone.now()):
        endpoint.dispatches.filter(state=DispatchState.WAITING).update(next_try_at=timezone.now())
        note(endpoint, "resumed", by)


@transaction.atomic
def retire(endpoint: Endpoint, *, by: Person | None) -> None:
    """Taken out for good: what it had stays on record, what waited is given up, its secret is forgotten."""
    if Endpoint.objects.filter(pk=endpoint.pk, retired_at=None).update(retired_at=timezone.now(), secret=""):
        endpoint.dispatches.filter(state=DispatchState.WAITING).update(state=DispatchState.GIVEN_UP)
        note(endpoint, "retired", by, name=endpoint.name)


def replay(dispatch: Dispatch, *, by: Person | None) -> bool:
    """Sends it again under the same id, whatever became of it; False when it is waiting anyway, or nobody is there."""
    return bool(replay_all(Dispatch.objects.filter(pk=dispatch.pk), dispatch.endpoint, by=by))


@transaction.atomic
def replay_all(rows: QuerySet[Dispatch], endpoint: Endpoint, *, by: Person | None) -> int:
    """Back into the outbox with a new day of patience; they go in their old order. Returns how many."""
    if endpoint.retired_at is not None:
        return 0
    now = timezone.now()
    again = rows.filter(endpoint=endpoint).exclude(state=DispatchState.WAITING)
    count = again.update(state=DispatchState.WAITING, since=now, next_try_at=now, tries=0, answer="", sent_at=None)
    if count:
        Endpoint.objects.filter(pk=endpoint.pk).update(next_turn_at=now)
        note(endpoint, "replayed", by, count=count)
    return count


def note(endpoint: Endpoint, what: str, by: Person | None, **data: object) -> None:
    subject = f"endpoint:{endpoint.pk}"
    record(f"endpoint.{what}", subject, organisation=endpoint.organisation, actor=by, data=data)
