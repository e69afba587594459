"""The readers of an issue: each is written to at most once, through repeats, kills and corrections."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.models import Post
from channels.contract import Audience
from channels.email import facts, issue
from publisher.approval.drafting import edit_post
from publisher.delivery import desk, retry
from publisher.delivery.models import Action, Delivery
from publisher.delivery.recording import begin
from publisher.delivery.restoring import start
from publisher.delivery.sending import load
from publisher.delivery.states import State
from publisher.mailing.audience import audience
from publisher.mailing.models import Copy, Subscriber
from publisher.mailing.subscribing import leave
from tests.ward import LATER, fresh, queued, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def letters(sandbox) -> Counter[str]:
    return Counter(letter["content"]["to"] for letter in sandbox.posts("email"))


def again(delivery: Delivery) -> Delivery:
    """The clock's next round, without the wait before it."""
    Delivery.objects.filter(pk=delivery.pk).update(next_try_at=timezone.now())
    turn()
    return fresh(delivery)


def test_an_issue_goes_to_whoever_was_subscribed_when_it_was_due(ward, account, sandbox, reader):
    reader("an@vidu.example")
    reader("binh@vidu.example")
    reader("chua-xac-nhan@vidu.example", confirmed_at=None)
    reader("den-sau@vidu.example", confirmed_at=timezone.now() + timedelta(hours=1))
    reader("", unsubscribed_at=timezone.now())
    delivery = ward.delivered("email")
    assert delivery.state == State.DELIVERED, delivery.last_error
    assert letters(sandbox) == {"an@vidu.example": 1, "binh@vidu.example": 1}
    assert "2 đã gửi" in delivery.evidence.get(kind="document").value
    assert audience(delivery).tally() == {"sent": 2}


def test_a_reader_in_doubt_is_never_written_to_again_and_the_others_get_theirs(ward, account, sandbox, reader):
    for name in ("an", "binh", "chi"):
        reader(f"{name}@vidu.example")
    sandbox.fault("email", "data", "reset_after_commit")
    delivery = ward.delivered("email")
    assert delivery.state == State.PROCESSING
    assert audience(delivery).tally() == {"unknown": 1, "waiting": 2}
    delivery = again(delivery)
    assert delivery.state == State.DELIVERED, delivery.last_error
    assert set(letters(sandbox).values()) == {1}
    assert len(letters(sandbox)) == 3, "the sandbox had taken the one whose answer was lost"
    assert audience(delivery).tally() == {"sent": 2, "unknown": 1}


def test_an_issue_that_somebody_has_can_neither_be_cancelled_nor_edited_away(ward, account, sandbox, reader):
    for name in ("an", "binh", "chi"):
        reader(f"{name}@vidu.example")
    sandbox.fault("email", "rcpt", "smtp_451", match="binh@")
    delivery = ward.delivered("email")
    assert letters(sandbox) == {"an@vidu.example": 1, "chi@vidu.example": 1}
    with pytest.raises(desk.NotPossible):
        desk.cancel(delivery, by=ward.officer, reason="Nhầm.")
    post = Post.objects.get(pk=delivery.version.post_id)
    edit_post(post, {"title": "Tiêu đề khác"}, by=ward.officer, revision=post.revision)
    assert fresh(delivery).state == State.PROCESSING
    assert again(delivery).state == State.DELIVERED, fresh(delivery).last_error
    assert set(letters(sandbox).values()) == {1}
    assert len(letters(sandbox)) == 3


def test_an_issue_whose_worker_was_killed_goes_on_for_those_who_wait(ward, account, sandbox, reader):
    for name in ("an", "binh", "chi"):
        reader(f"{name}@vidu.example")
    delivery = ward.one("email")
    _, lease = queued(delivery)
    assert begin(load(delivery.pk), lease, worker="thử") is not None
    killed = audience(delivery)
    assert killed.begin(next(iter(killed.waiting())))  # and there the power went
    Delivery.objects.filter(pk=delivery.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    delivery = again(delivery)
    assert delivery.state == State.PROCESSING
    assert letters(sandbox) == {}, "looking writes to nobody"
    assert again(delivery).state == State.DELIVERED
    assert letters(sandbox) == {"binh@vidu.example": 1, "chi@vidu.example": 1}
    assert audience(delivery).tally() == {"sent": 2, "unknown": 1}


def test_an_issue_that_a_backup_brought_back_half_sent_writes_to_nobody_until_a_person_says_so(
    ward, account, sandbox, reader
):
    for name in ("an", "binh"):
        reader(f"{name}@vidu.example")
    delivery = ward.one("email")
    readers = audience(delivery)
    first = next(iter(readers.waiting()))
    readers.begin(first)
    readers.settle(first, "sent")
    delivery.attempts.create(number=1, started_at=timezone.now(), outcome=State.UNKNOWN)
    Delivery.objects.filter(pk=delivery.pk).update(state=State.UNKNOWN, attempts_made=1)
    start("Khôi phục", timezone.now())
    delivery = again(again(delivery))
    assert (delivery.state, delivery.review_since is not None) == (State.SCHEDULED, True)
    assert letters(sandbox) == {}


def test_an_issue_that_never_gets_on_is_handed_to_a_person_in_the_end(ward, account, sandbox, reader):
    for name in ("an", "binh"):
        reader(f"{name}@vidu.example")
    sandbox.fault("email", "rcpt", "smtp_451", match="binh@", times=1000)
    delivery = ward.delivered("email")
    most = retry.PROCESSING.most or 0
    Delivery.objects.filter(pk=delivery.pk).update(looks=most - 2)
    delivery = again(delivery)
    assert (delivery.state, delivery.looks) == (State.PROCESSING, most - 1)
    delivery = again(delivery)
    assert (delivery.state, delivery.review_since is not None) == (State.UNKNOWN, True)
    assert turn(timezone.now() + LATER) == 0, "nothing more is asked"
    assert letters(sandbox) == {"an@vidu.example": 1}


def test_a_mailbox_that_always_says_later_ends_as_refused_long_before_that(ward, account, sandbox, reader):
    for name in ("an", "binh"):
        reader(f"{name}@vidu.example")
    sandbox.fault("email", "rcpt", "smtp_451", match="binh@", times=1000)
    delivery = ward.delivered("email")
    assert delivery.state == State.PROCESSING
    assert again(delivery).state == State.PROCESSING
    hour_ago = timezone.now() - timedelta(minutes=facts.PATIENCE_MINUTES)
    assert delivery.notes.keys() == {issue.SINCE}
    Delivery.objects.filter(pk=delivery.pk).update(notes={issue.SINCE: hour_ago.isoformat()})
    delivery = again(delivery)
    assert delivery.state == State.DELIVERED
    assert audience(delivery).tally() == {"sent": 1, "refused": 1}


def test_what_a_killed_worker_left_is_in_doubt_and_its_late_word_still_counts(ward, account, reader):
    first, second = reader("an@vidu.example"), reader("binh@vidu.example")
    delivery = ward.one("email")
    killed: Audience = audience(delivery)
    mine, other = killed.waiting()
    assert (mine.ref, other.ref) == (str(first.pk), str(second.pk))
    assert killed.begin(mine)
    assert not audience(delivery).begin(mine), "somebody else had it"
    assert audience(delivery).tally() == {"unknown": 1, "waiting": 1}
    assert [reader.ref for reader in audience(delivery).waiting()] == [other.ref]
    assert Copy.objects.get(subscriber=first).state == "unknown"
    assert audience(delivery).tally() == {"unknown": 1, "waiting": 1}
    killed.settle(mine, "sent")
    assert audience(delivery).tally() == {"sent": 1, "waiting": 1}
    killed.settle(mine, "waiting")
    assert audience(delivery).tally() == {"sent": 1, "waiting": 1}, "what is settled stays settled"


def test_who_leaves_before_their_letter_goes_gets_none(ward, account, sandbox, reader):
    leaving, staying = reader("an@vidu.example"), reader("binh@vidu.example")
    delivery = ward.one("email")
    readers = audience(delivery)
    waiting = list(readers.waiting())
    leave(leaving, timezone.now())
    assert not readers.begin(waiting[0])
    turn()
    assert letters(sandbox) == {"binh@vidu.example": 1}
    assert audience(fresh(delivery)).tally() == {"refused": 1, "sent": 1}
    assert Copy.objects.get(subscriber=staying).state == "sent"


def test_the_reason_of_a_refusal_names_nobody(ward, account, reader):
    row = reader("an@vidu.example")
    readers = audience(ward.one("email"))
    (mine,) = readers.waiting()
    readers.begin(mine)
    readers.settle(mine, "refused", "550 <an@vidu.example> unknown")
    assert Copy.objects.get(subscriber=row).why == "550 <•••> unknown"


def test_whoever_was_put_off_comes_after_those_not_tried_yet(ward, account, reader):
    for name in ("an", "binh", "chi"):
        reader(f"{name}@vidu.example")
    readers = audience(ward.one("email"))
    first = next(iter(readers.waiting()))
    readers.begin(first)
    readers.settle(first, "waiting", "451 later")
    assert [reader.address[:2] for reader in readers.waiting()] == ["bi", "ch", "an"]


def test_a_correction_goes_to_those_who_may_have_had_the_original(ward, account, sandbox, reader):
    had, doubt, refused = (reader(f"{name}@vidu.example") for name in ("an", "binh", "chi"))
    delivery = ward.delivered("email")
    reader("moi@vidu.example")
    Copy.objects.filter(subscriber=doubt).update(state="unknown")
    Copy.objects.filter(subscriber=refused).update(state="refused")
    made = ward.reworded(delivery.version.post)
    (correction,) = [row for row in made if row.action == Action.CORRECT]
    Delivery.objects.filter(pk=correction.pk).update(next_try_at=timezone.now())
    turn()
    assert fresh(correction).state == State.DELIVERED, fresh(correction).last_error
    came = [letter["content"] for letter in sandbox.posts("email")]
    corrected = [letter for letter in came if letter["headers"]["Subject"].startswith("ĐÍNH CHÍNH: ")]
    assert {letter["to"] for letter in corrected} == {had.address, doubt.address}


def test_many_readers_are_laid_out_once(ward, account, reader, django_assert_max_num_queries):
    now = timezone.now() - timedelta(hours=1)
    Subscriber.objects.bulk_create(
        Subscriber(organisation=ward.organisation, address=f"n{n}@vidu.example", asked_at=now, confirmed_at=now)
        for n in range(450)
    )
    delivery = ward.one("email")
    assert len(list(audience(delivery).waiting())) == 450
    with django_assert_max_num_queries(10):
        assert len({reader.ref for reader in audience(delivery).waiting()}) == 450
    assert Copy.objects.count() == 450


def test_the_database_itself_forbids_a_second_row_and_an_address_of_who_left(ward, account, reader):
    row = reader("an@vidu.example")
    delivery = ward.one("email")
    assert audience(delivery).tally() == {"waiting": 1}
    for wrong in (
        lambda: Copy.objects.create(delivery=delivery, subscriber=row, at=timezone.now()),
        lambda: Copy.objects.update(state="lost"),
        lambda: reader("an@vidu.example"),
        lambda: Subscriber.objects.update(unsubscribed_at=timezone.now()),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
