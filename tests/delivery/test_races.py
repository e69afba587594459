"""Two hands at once: whichever is first wins, and the world sees one of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from campaigns.models import Post
from publisher.approval.drafting import edit_post
from publisher.approval.review import approve
from publisher.delivery import desk
from publisher.delivery.accounts import hold, lift, secrets_of, set_secrets
from publisher.delivery.claim import claim_due
from publisher.delivery.desks import desk_of_account
from publisher.delivery.models import Account, Delivery
from publisher.delivery.sending import deliver
from publisher.delivery.states import State
from publisher.events.models import Event
from tests.ward import Ward, fresh, make_ward, turn_until_quiet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]
ROUNDS = 5


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Does them in threads that start together; a refusal is a result like any other."""
    together = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            together.wait(10)
            return act()
        except Exception as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def cancelling(delivery: Delivery, ward: Ward) -> Callable[[], Any]:
    row = fresh(delivery)
    return lambda: desk.cancel(row, by=ward.officer, reason="Đổi ý")


def withdrawing(delivery: Delivery, ward: Ward) -> Callable[[], Any]:
    row = fresh(delivery)
    return lambda: desk.withdraw(row, by=ward.officer, reason="Sai ngày")


def tellings(delivery: Delivery, kind: str) -> int:
    return Event.objects.filter(kind=kind, subject=f"delivery:{delivery.pk}").count()


@pytest.fixture
def rounds() -> Iterator[Ward]:
    return (make_ward() for _ in range(ROUNDS))


def test_a_cancellation_and_a_send_at_once_leave_one_of_them(rounds):
    for ward in rounds:
        delivery = ward.one("page")
        ((pk, lease),) = [claim for claim in claim_due(timezone.now()) if claim[0] == delivery.pk]
        at_once(
            lambda pk=pk, lease=lease: deliver(pk, lease),
            cancelling(delivery, ward),
        )
        state = fresh(delivery).state
        assert state in {State.DELIVERED, State.CANCELLED}
        assert tellings(delivery, "delivery.cancelled") == (state == State.CANCELLED)
        published = [page for page in ward.site.rglob("*.html") if "rác thải cồng kềnh" in page.read_text()]
        assert bool(published) == (state == State.DELIVERED)


def test_an_edit_and_an_approval_at_once_never_let_unapproved_words_out(rounds):
    for ward in rounds:
        version = ward.submitted("page", due=timezone.now())
        row = Post.objects.get(pk=version.post_id)
        at_once(
            lambda v=version, by=ward.approver: approve(v, by=by, digest=v.digest),
            lambda r=row, by=ward.officer: edit_post(r, {"title": "Tiêu đề khác"}, by=by, revision=r.revision),
        )
        turn_until_quiet()
        Delivery.objects.filter(version=version).update(next_try_at=timezone.now())
        turn_until_quiet()
        pages = [page.read_text() for page in ward.site.rglob("*.html")] if ward.site.exists() else []
        assert not any("Tiêu đề khác" in page for page in pages)
        assert Delivery.objects.filter(version=version).count() <= 1


def test_a_hold_and_a_claim_at_once_send_nothing_after_the_hold(rounds):
    for ward in rounds:
        delivery = ward.one("page")
        claims: list[Any] = []
        at_once(
            lambda to=claims: to.extend(claim_due(timezone.now())),
            lambda account=ward.accounts["page"]: hold(account, reason="Trang bị khóa"),
        )
        for pk, lease in claims:
            deliver(pk, lease)
        assert fresh(delivery).state == State.SCHEDULED
        assert fresh(delivery).attempts_made == 0
        lift(Account.objects.select_related("organisation").get(pk=delivery.account_id), by=None)
        turn_until_quiet()
        assert fresh(delivery).state == State.DELIVERED


def test_two_withdrawals_at_once_are_one_order(rounds):
    for ward in rounds:
        delivery = ward.delivered("page")
        at_once(*[withdrawing(delivery, ward) for _ in range(3)])
        assert Delivery.objects.filter(of=delivery).count() == 1
        turn_until_quiet()
        assert fresh(delivery).state == State.WITHDRAWN


def test_a_withdrawal_ordered_while_the_post_goes_out_is_refused_or_takes_it_down(rounds):
    for ward in rounds:
        delivery = ward.one("page")
        ((pk, lease),) = [claim for claim in claim_due(timezone.now()) if claim[0] == delivery.pk]
        _, order = at_once(
            lambda pk=pk, lease=lease: deliver(pk, lease),
            withdrawing(delivery, ward),
        )
        turn_until_quiet()
        state = fresh(delivery).state
        assert state == (State.DELIVERED if isinstance(order, desk.NotPossible) else State.WITHDRAWN)


def test_a_renewal_of_credentials_is_made_by_one_worker_at_a_time_and_seen_by_the_next():
    ward = make_ward()
    account = ward.account("zalo")
    set_secrets(account, {"refresh_token": "0"}, by=ward.admin)
    inside: list[int] = []
    most: list[int] = []

    @contextmanager
    def counted() -> Iterator[None]:
        inside.append(1)
        most.append(len(inside))
        try:
            yield
        finally:
            inside.pop()

    def renew() -> None:
        mine = desk_of_account(Account.objects.select_related("organisation", "through").get(pk=account.pk))
        with mine.alone(), counted():
            seen = int(mine.secrets_now()["refresh_token"])
            mine.keep_secrets({"refresh_token": str(seen + 1)})

    assert at_once(*[renew] * 4) == [None] * 4
    assert set(most) == {1}
    assert secrets_of(account) == {"refresh_token": "4"}


def test_whoever_died_while_renewing_is_waited_out():
    ward = make_ward()
    account = ward.account("zalo")
    set_secrets(account, {"refresh_token": "0"}, by=ward.admin)
    Account.objects.filter(pk=account.pk).update(alone_until=timezone.now())  # its holder is gone
    with desk_of_account(account).alone():
        assert Account.objects.get(pk=account.pk).alone_by is not None
    assert Account.objects.get(pk=account.pk).alone_by is None
