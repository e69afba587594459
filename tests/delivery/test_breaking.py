"""What tried to break the engine: every story here once ended badly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.config import config
from publisher.delivery import desk, retry
from publisher.delivery.claim import claim_due, claim_questions
from publisher.delivery.deciding import recover
from publisher.delivery.heartbeat import beat, beating
from publisher.delivery.models import Account, ClockBeat, Delivery
from publisher.delivery.recording import begin
from publisher.delivery.restoring import lift, look_for_restore, standing, start
from publisher.delivery.sending import deliver, deliver_lane, load
from publisher.delivery.states import State
from publisher.events.models import Event
from publisher.events.seal import anchor_path, announced_more, seal_log, verify_log
from tests.delivery.test_claim import many
from tests.ward import LATER, TITLE, fresh, queued, states, turn, turn_until_quiet

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def ask_now(delivery: Delivery) -> Delivery:
    Delivery.objects.filter(pk=delivery.pk).update(next_try_at=timezone.now())
    turn()
    return fresh(delivery)


def in_doubt(delivery: Delivery, number: int) -> list[Delivery]:
    rows = many(delivery, number)
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.UNKNOWN)
    return rows


def test_a_withdrawal_from_before_the_backup_is_not_taken_for_done_because_the_post_stands(ward, sandbox):
    ward.connect(sandbox)
    delivery = ward.delivered("facebook")
    order = desk.withdraw(delivery, by=ward.officer, reason="Sai ngày")
    hold = start("Khôi phục", timezone.now())
    for _ in range(3):
        ask_now(order)
    assert fresh(delivery).state == State.DELIVERED, "it stands in public still"
    assert len(sandbox.posts("facebook")) == 1
    waiting = fresh(order)
    assert (waiting.state, waiting.review_since is not None) == (State.SCHEDULED, True)
    assert "gỡ" in waiting.review_why
    lift(hold, ward.admin)


def test_a_correction_from_before_the_backup_is_not_taken_for_done_because_the_old_words_stand(ward, sandbox):
    ward.connect(sandbox)
    delivery = ward.delivered("facebook")
    (correction,) = ward.reworded(delivery.version.post)
    start("Khôi phục", timezone.now())
    for _ in range(3):
        ask_now(correction)
    assert fresh(delivery).state == State.DELIVERED
    assert (fresh(correction).state, fresh(correction).review_since is not None) == (State.SCHEDULED, True)


def test_what_waited_for_a_person_in_the_backup_is_looked_for_too(ward, sandbox):
    """The person may have let it go after the backup was made."""
    from tests.delivery.test_restoring import sent_in_the_lost_time

    ward.connect(sandbox)
    delivery = ward.one("facebook")
    Delivery.objects.filter(pk=delivery.pk).update(review_since=timezone.now(), review_why="Tạm dừng: quốc tang")
    sent_in_the_lost_time(delivery)
    start("Khôi phục", timezone.now())
    ask_now(delivery)
    assert fresh(delivery).state == State.DELIVERED
    assert len(sandbox.posts("facebook")) == 1


def test_one_word_lifts_the_holds_of_two_clocks_that_found_the_same_backup(ward):
    first, _ = start("Khôi phục", timezone.now()), start("Khôi phục", timezone.now())
    lift(first, ward.admin)
    assert standing() is None


def test_a_clock_on_another_machine_does_not_take_a_living_database_for_a_backup(ward):
    ward.one("page")
    seal_log()
    anchor_path().unlink()  # its var folder is new
    ClockBeat.objects.create(name="máy-khác:7", started_at=timezone.now(), beat_at=timezone.now())
    assert look_for_restore(timezone.now()) is None
    ClockBeat.objects.update(beat_at=timezone.now() - timedelta(hours=1))
    assert look_for_restore(timezone.now()) is not None


def test_a_line_that_a_full_disk_cut_short_is_no_announcement(ward):
    ward.one("page")
    seal_log()
    with anchor_path().open("a") as file:
        file.write("2 abc")  # the disk was full here
    assert not announced_more()
    ward.one("page", title="Tin khác")
    seal_log()
    assert not announced_more()
    assert verify_log() == []


def test_a_disk_without_room_for_the_announcement_stops_nobody(ward):
    path = anchor_path()
    path.unlink(missing_ok=True)
    ward.one("page")
    path.mkdir(parents=True)  # nothing can be written there
    try:
        assert seal_log() > 0
    finally:
        path.rmdir()


def test_a_post_whose_answer_is_always_lost_goes_to_a_person_in_the_end(ward, sandbox):
    ward.connect(sandbox)
    sandbox.fault("facebook", "photos", "html_502", times=1000)
    delivery = ward.one("facebook")
    most = retry.DOUBTS.most or 0
    before = most - 2
    for number in range(1, before + 1):
        delivery.attempts.create(number=number, started_at=timezone.now(), outcome=State.UNKNOWN)
    Delivery.objects.filter(pk=delivery.pk).update(attempts_made=before)
    for _ in range(8):
        Account.objects.update(rests_until=None)
        if ask_now(delivery).review_since:
            break
    delivery = fresh(delivery)
    assert (delivery.state, delivery.attempts_made) == (State.UNKNOWN, most)
    assert f"{most} lần" in delivery.review_why
    assert Event.objects.filter(subject=f"delivery:{delivery.pk}", kind="delivery.needs_person").count() == 1
    assert turn(timezone.now() + LATER) == 0


def test_doubts_of_one_account_do_not_take_every_worker(ward):
    in_doubt(ward.one("page"), 10 * config.worker_threads)
    (other,) = in_doubt(ward.one("contracted"), 1)
    Delivery.objects.filter(pk=other.pk).update(next_try_at=timezone.now())
    now = timezone.now() + LATER
    taken = [claim for _ in range(10) for claim in claim_questions(now)]
    assert len(taken) < config.worker_threads
    assert other.pk in {pk for pk, _ in taken}, "and nobody waits behind them"


def test_doubts_of_accounts_in_trouble_leave_workers_for_the_others(ward):
    in_doubt(ward.one("page"), 20)
    in_doubt(ward.one("contracted"), 20)
    Account.objects.update(stumbles=1)
    assert len([c for _ in range(10) for c in claim_questions(timezone.now() + LATER)]) == 2, "one each"


def test_an_account_whose_lender_is_held_is_not_asked(ward):
    delivery = ward.one("page")
    Delivery.objects.filter(pk=delivery.pk).update(state=State.UNKNOWN)
    lender = ward.account("contracted", held_at=timezone.now())
    ward.account("page", through=lender)
    assert claim_questions(timezone.now()) == []


def test_a_channel_that_cannot_make_sense_of_what_it_reads_is_asked_later_and_at_last_a_person_is(ward):
    delivery = ward.one("page")
    Delivery.objects.filter(pk=delivery.pk).update(state=State.UNKNOWN, digest="0" * 64)
    ward.account("page", settings={"slug": 1})
    Account.objects.filter(pk=delivery.account_id).update(kind="loudspeaker")
    assert ask_now(delivery).unanswered == 1


def test_a_lane_stops_when_its_account_must_rest(ward):
    rows = many(ward.one("page"), 3)
    claims = claim_due(timezone.now())
    ward.account("page", rests_until=timezone.now() + LATER)
    for pk, lease in claims:
        deliver(pk, lease)
    assert set(states(*rows)) == {State.SCHEDULED}


def test_a_message_that_lay_too_long_is_not_sent_after_its_last_moment(ward):
    delivery = ward.one("page")
    pk, lease = queued(delivery)
    Delivery.objects.filter(pk=pk).update(late_until=timezone.now() - timedelta(seconds=1))
    deliver(pk, lease)
    assert fresh(delivery).state == State.SCHEDULED
    turn()
    assert fresh(delivery).state == State.MISSED


def test_the_same_message_twice_in_one_process_does_not_end_the_first_ones_heartbeat(ward):
    pk, lease = queued(ward.one("page"))
    assert begin(load(pk), lease, worker="máy:1") is not None
    with beating(lease):
        deliver_lane([pk], lease)  # came again; finds nothing to do
        assert beat() == 1


def test_what_is_chosen_later_waits_for_the_page_that_stands_or_is_being_corrected(ward, sandbox):
    ward.connect(sandbox)
    page = ward.delivered("page")
    post = page.version.post
    made = ward.reworded(post, accounts=[ward.account("page"), ward.account("facebook")], body="Nội dung mới hơn.")
    correction, publication = sorted(made, key=lambda d: d.action)
    assert (correction.action, publication.account.kind) == ("correct", "facebook")
    assert fresh(publication).waits_for_id == correction.pk
    turn_until_quiet()
    assert fresh(publication).state == State.DELIVERED


def test_an_account_that_a_new_version_leaves_out_is_named(ward):
    page, feed = (ward.account(kind) for kind in ("page", "feed"))
    made = ward.approved("page", "feed", title=TITLE)
    turn_until_quiet()
    turn_until_quiet()
    assert set(states(*made)) == {State.DELIVERED}
    ward.reworded(made[0].version.post, accounts=[page], body="Nội dung mới hơn.")
    told = Event.objects.get(kind="post.left_standing")
    (old,) = [d for d in made if d.account_id == feed.pk]
    assert told.data["deliveries"] == [str(old.pk)]
    assert feed.name in told.data["accounts"]


def test_a_lost_message_keeps_its_place_in_the_line(ward):
    second, first = sorted(many(ward.one("page"), 2), key=lambda d: d.pk)
    Delivery.objects.filter(pk=first.pk).update(next_try_at=timezone.now() - timedelta(hours=2))
    Delivery.objects.filter(pk=second.pk).update(next_try_at=timezone.now() - timedelta(hours=1))
    claim_due(timezone.now())  # and the broker loses them
    later = timezone.now() + LATER
    recover(later)
    order = [pk for pk, _ in claim_due(later)]
    assert order.index(first.pk) < order.index(second.pk)


def test_an_attempt_that_was_open_in_the_backup_is_closed_as_a_doubt(ward):
    delivery = ward.one("page")
    Delivery.objects.filter(pk=delivery.pk).update(state=State.SENDING, attempts_made=1)
    attempt = delivery.attempts.create(number=1, started_at=timezone.now())
    start("Khôi phục", timezone.now())
    attempt.refresh_from_db()
    assert (attempt.outcome, attempt.ended_at is not None) == (State.UNKNOWN, True)
