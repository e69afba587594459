"""A post handed to a webhook whose answer was lost: in doubt until the receiver answers, and in effect once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone

from publisher.delivery import desk, retry
from publisher.delivery.accounts import set_secrets
from publisher.delivery.models import Account, Delivery
from publisher.delivery.restoring import start
from publisher.delivery.states import State
from tests.ward import fresh, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def ask_now(delivery: Delivery) -> Delivery:
    """The clock's next round, without the wait before it."""
    Delivery.objects.filter(pk=delivery.pk).update(next_try_at=timezone.now())
    Account.objects.filter(pk=delivery.account_id).update(rests_until=None)
    turn()
    return fresh(delivery)


def receiver(ward, sandbox) -> None:
    given = sandbox.accounts["webhook"]
    set_secrets(ward.account("webhook", settings=given["settings"]), given["secrets"], by=ward.admin)


def kept(sandbox) -> list[str]:
    """The messages a receiver has that drops an id it has had, by id."""
    return list(dict.fromkeys(came["id"] for came in heard(sandbox)))


def heard(sandbox) -> list[dict[str, Any]]:
    return [json.loads(came["content"]["body"]) for came in sandbox.posts("webhook")]


@pytest.mark.parametrize(
    ("fault", "given"),
    [
        ("reset_after_commit", {}),
        ("status_after_commit", {"status": 500, "retry_after": 1}),
        ("status_after_commit", {"status": 503}),
    ],
)
def test_a_webhook_whose_answer_was_lost_cannot_be_called_off_and_has_the_effect_of_once(ward, sandbox, fault, given):
    receiver(ward, sandbox)
    sandbox.fault("webhook", "post", fault, **given)
    delivery = ward.delivered("webhook")
    assert (delivery.state, delivery.review_since) == (State.UNKNOWN, None)
    with pytest.raises(desk.NotPossible):
        desk.cancel(delivery, by=ward.officer, reason="Nhầm.")

    delivery = ask_now(delivery)
    assert delivery.state == State.DELIVERED, delivery.last_error
    assert delivery.attempts_made == 1
    assert kept(sandbox) == [str(delivery.ref)]


def test_a_webhook_message_that_never_came_is_brought_by_the_question_for_it(ward, sandbox):
    receiver(ward, sandbox)
    sandbox.fault("webhook", "post", "reset_before_commit")
    delivery = ward.delivered("webhook")
    assert (delivery.state, heard(sandbox)) == (State.UNKNOWN, [])
    assert ask_now(delivery).state == State.DELIVERED
    assert [message["id"] for message in heard(sandbox)] == [str(delivery.ref)]


def test_a_webhook_receiver_that_stays_silent_is_asked_again_and_at_last_a_person_looks(ward, sandbox):
    receiver(ward, sandbox)
    sandbox.fault("webhook", "post", "status_after_commit", times=3)
    delivery = ward.delivered("webhook")
    delivery = ask_now(delivery)
    assert (delivery.state, delivery.unanswered, delivery.review_since) == (State.UNKNOWN, 1, None)
    Delivery.objects.filter(pk=delivery.pk).update(unanswered=(retry.READING_BACK.most or 0) - 1)
    delivery = ask_now(delivery)
    assert (delivery.state, delivery.review_since is not None) == (State.UNKNOWN, True)
    assert kept(sandbox) == [str(delivery.ref)]


@pytest.mark.parametrize("status", [429, 503])
def test_a_webhook_receiver_that_took_nothing_leaves_nothing_in_doubt(ward, sandbox, status):
    receiver(ward, sandbox)
    sandbox.fault("webhook", "post", "status", status=status, retry_after=120)
    delivery = ward.delivered("webhook")
    assert (delivery.state, heard(sandbox)) == (State.SCHEDULED, [])
    desk.cancel(delivery, by=ward.officer, reason="Nhầm.")
    assert fresh(delivery).state == State.CANCELLED


def test_looking_for_what_a_backup_brought_back_publishes_nothing_on_a_webhook(ward, sandbox):
    receiver(ward, sandbox)
    never, lost = ward.one("webhook"), ward.one("webhook")
    lost.attempts.create(number=1, started_at=timezone.now(), outcome=State.UNKNOWN)
    Delivery.objects.filter(pk=lost.pk).update(state=State.UNKNOWN, attempts_made=1)
    start("Khôi phục", timezone.now())
    for delivery in (never, lost):
        delivery = ask_now(delivery)
        assert (delivery.state, delivery.review_since is not None) == (State.UNKNOWN, True)
    assert heard(sandbox) == []
