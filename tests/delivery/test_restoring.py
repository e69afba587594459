"""An older backup is restored: nothing goes out twice, and people are asked about what cannot be found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from publisher.delivery import desk
from publisher.delivery.accounts import ready
from publisher.delivery.claim import claim_due
from publisher.delivery.desks import desk_for
from publisher.delivery.models import Delivery, EngineHold
from publisher.delivery.rescheduling import reschedule
from publisher.delivery.restoring import StillInDoubt, lift, look_for_restore, open_questions, standing, start
from publisher.delivery.sending import approved_payload, load
from publisher.delivery.states import State
from publisher.events.models import Event
from publisher.events.seal import anchor_path, announced_more, seal_log
from tests.ward import fresh, turn, turn_until_quiet

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def sent_in_the_lost_time(delivery: Delivery) -> None:
    """Publishes as the database did that is gone: the world has the post, these rows do not know."""
    row = load(delivery.pk)
    channel, account = ready(row.account)
    channel.send(approved_payload(row), account, desk_for(row))


def look(*deliveries: Delivery) -> None:
    Delivery.objects.filter(pk__in=[d.pk for d in deliveries]).update(next_try_at=timezone.now())
    turn()


def test_a_database_that_knows_the_newest_seal_is_no_backup(ward):
    ward.one("page")
    seal_log()
    assert not announced_more()
    assert look_for_restore(timezone.now()) is None


@pytest.mark.parametrize("trace", ["a newer seal", "another seal of that number", "no announcement at all"])
def test_a_database_older_than_its_seals_starts_in_a_hold(ward, trace):
    ward.one("page")
    seal_log()
    line = {"a newer seal": f"99 {'a' * 64}", "another seal of that number": f"1 {'b' * 64}"}.get(trace)
    anchor_path().unlink()
    if line:
        anchor_path().write_text(f"{line}\n")
    hold = look_for_restore(timezone.now())
    assert hold == standing()
    assert claim_due(timezone.now()) == []
    assert Event.objects.filter(kind="engine.held").count() == 1
    assert look_for_restore(timezone.now()) == hold, "found once, told once"


def test_what_went_out_since_the_backup_is_found_and_not_sent_again(ward, sandbox):
    ward.connect(sandbox)
    delivery = ward.one("facebook")
    sent_in_the_lost_time(delivery)
    hold = start("Khôi phục", timezone.now())
    assert fresh(delivery).state == State.UNKNOWN
    look(delivery)
    assert fresh(delivery).state == State.DELIVERED
    assert fresh(delivery).remote_id == sandbox.posts("facebook")[0]["id"]
    lift(hold, ward.admin)
    turn_until_quiet()
    assert len(sandbox.posts("facebook")) == 1


def test_what_is_not_found_waits_for_a_persons_word(ward, sandbox):
    ward.connect(sandbox)
    delivery = ward.one("facebook")
    hold = start("Khôi phục", timezone.now())
    look(delivery)
    with pytest.raises(StillInDoubt, match="Còn 1 lượt"):
        lift(hold, ward.admin)
    look(delivery)
    found = fresh(delivery)
    assert (found.state, found.review_since is not None) == (State.SCHEDULED, True)
    lift(hold, ward.admin)
    turn_until_quiet()
    assert sandbox.posts("facebook") == [], "nobody said yet that it should go out"
    reschedule(found, timezone.now() + timedelta(seconds=1), by=ward.officer)
    turn(timezone.now() + timedelta(seconds=2))
    assert len(sandbox.posts("facebook")) == 1


def test_a_page_and_the_doubts_of_before_are_settled_as_well(ward):
    page, other = ward.one("page"), ward.one("page")
    sent_in_the_lost_time(page)
    Delivery.objects.filter(pk=other.pk).update(state=State.SENDING, lease=page.ref, attempts_made=1)
    start("Khôi phục", timezone.now())
    look(page, other)
    assert fresh(page).state == State.DELIVERED
    assert (fresh(other).state, bool(fresh(other).review_why)) == (State.SCHEDULED, True)
    assert open_questions() == 0


def test_what_is_not_due_yet_is_left_as_it_is(ward):
    (later,) = ward.approved("page", due=timezone.now() + timedelta(days=1))
    hold = start("Khôi phục", timezone.now())
    assert fresh(later).state == State.SCHEDULED
    lift(hold, ward.admin)
    assert EngineHold.objects.get().lifted_by == ward.admin


def test_a_doubt_that_nobody_can_look_up_is_decided_by_a_person(ward, sandbox):
    ward.connect(sandbox)
    delivery = ward.one("facebook")
    hold = start("Khôi phục", timezone.now())
    desk.decide_unknown(fresh(delivery), by=ward.officer, posted=True, note="Thấy trên Trang")
    lift(hold, ward.admin)
    assert fresh(delivery).state == State.DELIVERED


def test_an_operator_says_that_a_backup_was_restored_where_no_seal_tells(ward, capsys):
    delivery = ward.one("page")
    call_command("restored")
    assert "1 lượt đang được đối chiếu" in capsys.readouterr().out
    assert fresh(delivery).state == State.UNKNOWN
    call_command("restored")
    assert "đang tạm dừng từ trước" in capsys.readouterr().out
    assert EngineHold.objects.count() == 1
