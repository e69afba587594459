"""A lost answer is a doubt, a doubt is looked into, and in the end the vendor shows one post."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.delivery.models import Delivery
from publisher.delivery.states import State
from tests.ward import LATER, fresh, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

COMMITTED = ["reset_after_commit", "half_answer", "truncated_json", "html_502_after_commit"]
NOT_COMMITTED = ["reset_before_commit", "html_502"]


def ask_now(delivery: Delivery) -> Delivery:
    """The clock's next look, without the wait before it."""
    Delivery.objects.filter(pk=delivery.pk).update(next_try_at=timezone.now())
    turn()
    return fresh(delivery)


@pytest.mark.parametrize("fault", [*COMMITTED, "error_500_after_commit", "code_1_99_after_commit"])
def test_a_facebook_post_whose_answer_was_lost_is_found_and_not_sent_again(ward, sandbox, fault):
    ward.connect(sandbox)
    sandbox.fault("facebook", "photos", fault)
    delivery = ward.delivered("facebook")
    assert delivery.state == State.UNKNOWN
    assert delivery.last_error

    delivery = ask_now(delivery)
    assert delivery.state == State.DELIVERED
    (post,) = sandbox.posts("facebook")
    assert delivery.remote_id == post["id"]
    assert delivery.permalink
    assert [a.outcome for a in delivery.attempts.all()] == [State.UNKNOWN]


@pytest.mark.parametrize("fault", NOT_COMMITTED)
def test_a_facebook_post_that_is_not_there_is_looked_for_twice_and_then_sent_again(ward, sandbox, fault):
    ward.connect(sandbox)
    sandbox.fault("facebook", "photos", fault)
    delivery = ward.delivered("facebook")
    assert delivery.state == State.UNKNOWN

    before = timezone.now()
    delivery = ask_now(delivery)
    assert (delivery.state, delivery.looks) == (State.UNKNOWN, 1)
    assert delivery.next_try_at >= before + timedelta(seconds=59), "the listing may lag: the second look waits"
    assert sandbox.posts("facebook") == []

    delivery = ask_now(delivery)
    assert delivery.state == State.SCHEDULED
    turn()
    assert fresh(delivery).state == State.DELIVERED
    assert len(sandbox.posts("facebook")) == 1
    assert fresh(delivery).attempts_made == 2


def test_a_listing_that_lags_does_not_make_a_second_post(ward, sandbox):
    ward.connect(sandbox)
    sandbox.fault("facebook", "photos", "reset_after_commit")
    sandbox.fault("facebook", "read", "lagging_listing")
    delivery = ask_now(ward.delivered("facebook"))
    assert delivery.state == State.UNKNOWN
    assert ask_now(delivery).state == State.DELIVERED
    assert len(sandbox.posts("facebook")) == 1


def test_a_vendor_that_cannot_be_read_leaves_the_doubt_open(ward, sandbox):
    ward.connect(sandbox)
    sandbox.fault("facebook", "photos", "reset_after_commit")
    sandbox.fault("facebook", "read", "html_502")
    delivery = ask_now(ward.delivered("facebook"))
    assert (delivery.state, delivery.looks) == (State.UNKNOWN, 0), "not having looked proves nothing"
    assert "đọc lại" in delivery.last_error
    assert ask_now(delivery).state == State.DELIVERED
    assert len(sandbox.posts("facebook")) == 1


@pytest.mark.parametrize("fault", COMMITTED)
def test_a_zalo_article_whose_answer_was_lost_is_found_and_not_sent_again(ward, sandbox, fault):
    ward.connect(sandbox)
    sandbox.turn("pending_looks", 0)
    sandbox.fault("zalo", "create", fault)
    delivery = ward.delivered("zalo")
    assert delivery.state == State.UNKNOWN
    delivery = ask_now(delivery)
    if delivery.state == State.UNKNOWN:  # still in the making at the first look
        delivery = ask_now(delivery)
    assert delivery.state == State.DELIVERED
    assert len(sandbox.posts("zalo")) == 1


def test_a_zalo_article_in_the_making_is_asked_about_until_it_stands(ward, sandbox):
    ward.connect(sandbox)
    sandbox.turn("pending_looks", 4)
    delivery = ward.delivered("zalo")
    assert delivery.state == State.PROCESSING
    assert delivery.token
    for _ in range(4):
        if (delivery := ask_now(delivery)).state != State.PROCESSING:
            break
    assert delivery.state == State.DELIVERED
    assert delivery.permalink
    (article,) = sandbox.posts("zalo")
    assert article["id"] == delivery.remote_id


def test_a_zalo_article_that_is_refused_in_the_making_fails(ward, sandbox):
    ward.connect(sandbox)
    sandbox.turn("pending_looks", 4)
    delivery = ward.delivered("zalo")
    sandbox.fault("zalo", "verify", "code_-200")
    delivery = ask_now(delivery)
    assert delivery.state == State.FAILED
    assert delivery.last_error


@pytest.mark.parametrize("kind", ["page", "feed", "loudspeaker", "contracted"])
@pytest.mark.parametrize("written", [True, False], ids=["written", "not-written"])
def test_a_sender_killed_over_our_own_files_is_looked_up_and_its_work_counted_once(ward, kind, written):
    """Killed after the files were written, or before: the row says `sending`, its lease runs out."""
    delivery = ward.one(kind)
    if written:
        turn()
    settled = fresh(delivery).state
    Delivery.objects.filter(pk=delivery.pk).update(
        state=State.SENDING, leased_until=timezone.now() - timedelta(seconds=1), delivered_at=None, closed_at=None
    )
    turn()  # the lease is found to have run out, and the files are looked at
    delivery = fresh(delivery)
    if written:
        assert delivery.state == settled
    else:
        assert delivery.state == State.SCHEDULED
        turn()
        assert fresh(delivery).state in {State.DELIVERED, State.HANDED_OVER}


def test_an_interrupted_attempt_is_closed_as_such(ward, sandbox):
    ward.connect(sandbox)
    delivery = ward.one("facebook")
    Delivery.objects.filter(pk=delivery.pk).update(
        state=State.SENDING, leased_until=timezone.now() - timedelta(seconds=1), attempts_made=1
    )
    attempt = delivery.attempts.create(number=1, started_at=timezone.now())
    turn()
    attempt.refresh_from_db()
    assert (attempt.outcome, attempt.error_class) == (State.UNKNOWN, "Interrupted")
    assert attempt.ended_at is not None


def test_a_lost_message_goes_back_in_line(ward):
    from publisher.delivery.claim import claim_due

    delivery = ward.one("page")
    claim_due(timezone.now())  # and the broker loses it
    assert fresh(delivery).state == State.QUEUED
    turn(timezone.now() + LATER)
    assert fresh(delivery).state == State.DELIVERED
    assert fresh(delivery).attempts_made == 1
