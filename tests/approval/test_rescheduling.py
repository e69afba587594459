"""Moving a post by hand: drafts, approved posts inside and outside the window, one occurrence of many."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone

from campaigns.models import Decision, PostState
from publisher.approval.drafting import set_schedule
from publisher.approval.rescheduling import move_post
from publisher.approval.review import Refused
from publisher.delivery.claim import claim_due
from publisher.delivery.models import Delivery
from publisher.delivery.scheduling import CannotSchedule, rule_times
from publisher.delivery.states import State
from publisher.events.models import Event
from publisher.people.rights import Role
from publisher.reports.verification import verify_audit, verify_budget
from publisher.timetable.models import TimingRules
from publisher.timetable.recurrence import weekly
from tests.approval.timing import at, dialogue, due, row, tied
from tests.ward import fresh, make_ward, person, states, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def test_a_draft_is_moved_and_its_history_says_from_when_to_when(ward):
    post = ward.post("page")
    set_schedule(post, by=ward.officer, starts_at=at(3))
    moved = move_post(post, at(5, 15), by=ward.officer)
    assert (moved.was, moved.to, moved.approval_kept, moved.conflicts) == (at(3), at(5, 15), True, ())
    assert row(post).schedule.starts_at == at(5, 15)
    told = Event.objects.get(kind="post.rescheduled", subject=f"post:{post.pk}").data["reason"]
    assert told.startswith(f"Từ 09:00 ngày {at(3).day}/{at(3).month}/{at(3).year} sang 15:00")


def test_a_draft_without_a_time_gets_one(ward):
    moved = move_post(ward.post("page"), at(2), by=ward.officer)
    assert moved.was is None
    assert row(moved.post).schedule.starts_at == at(2)


def test_a_draft_may_stand_where_it_cannot_go_out_but_is_told(ward):
    ward.account("page", slots="09:00-10:00")
    ward.account("page", quiet_from=time(21), quiet_until=time(6))
    moved = move_post(ward.post("page"), at(2, 22), by=ward.officer)
    assert row(moved.post).schedule.starts_at == at(2, 22)
    (told,) = moved.conflicts
    assert told.startswith("page thử: đăng lúc 09:00")


def test_moving_what_waits_for_approval_leaves_it_there(ward):
    version = ward.submitted("page", due=at(3))
    move_post(version.post, at(4), by=ward.approver)
    assert row(version.post).state == PostState.SUBMITTED
    assert row(version.post).revision == version.revision


def test_inside_the_window_an_approved_post_keeps_its_approval_and_its_deliveries(ward):
    first, second = ward.approved("page", "loudspeaker", due=at(3))
    moved = move_post(first.version.post, at(6, 10), by=ward.officer)
    assert moved.approval_kept
    assert row(moved.post).state == PostState.APPROVED
    assert due(first) == at(6, 10)
    assert due(second) == at(6, 16, 30)
    assert any("loudspeaker thử: đăng lúc 16:30" in told for told in moved.conflicts)
    event = Event.objects.get(kind="delivery.rescheduled", subject=f"delivery:{first.pk}")
    assert (event.data["was"], event.data["due_at"]) == (at(3).isoformat(), at(6, 10).isoformat())
    assert turn(at(5)) == 0
    assert verify_audit() == []


def test_the_late_rule_moves_along(ward):
    (delivery,) = ward.approved("page", due=at(3), late_rule="until", late_hours=2)
    move_post(delivery.version.post, at(4), by=ward.officer)
    assert fresh(delivery).late_until == at(4) + timedelta(hours=2)


def test_beyond_the_window_the_approval_is_void_and_the_money_free(ward):
    ward.account("contracted", rate=2_000_000, budget_line=ward.line)
    deliveries = ward.approved("page", "contracted", due=at(3))
    moved = move_post(deliveries[0].version.post, at(40), by=ward.officer)
    assert not moved.approval_kept
    assert "Xa quá 14 ngày so với giờ đã duyệt nên phải duyệt lại." in moved.conflicts[0]
    assert states(*deliveries) == [State.CANCELLED, State.CANCELLED]
    assert row(moved.post).state == PostState.DRAFT
    assert row(moved.post).schedule.starts_at == at(40)
    voided = deliveries[0].version.approvals.first()
    assert voided.decision == Decision.VOIDED
    assert "duyệt lại" in voided.reason
    ward.line.refresh_from_db()
    assert ward.line.committed == 0
    assert verify_audit() == verify_budget() == []


def test_small_steps_do_not_add_up_to_a_long_way(ward):
    (delivery,) = ward.approved("page", due=at(3))
    assert move_post(delivery.version.post, at(13), by=ward.officer).approval_kept
    assert not move_post(delivery.version.post, at(23), by=ward.officer).approval_kept


def test_the_window_is_the_offices_own(ward):
    TimingRules.objects.create(organisation=ward.organisation, approval_window_days=2)
    (delivery,) = ward.approved("page", due=at(3))
    assert not move_post(delivery.version.post, at(6), by=ward.officer).approval_kept


def test_an_approved_post_goes_only_where_its_account_may_speak(ward):
    from publisher.timetable.models import DayOverride

    for days in range(5, 14):
        DayOverride.objects.create(
            organisation=ward.organisation, date=at(days).date(), kind="quiet", name="Kỳ thi", source="CV 12"
        )
    (delivery,) = ward.approved("page", due=at(3))
    with pytest.raises(CannotSchedule, match=r"page thử, 09:00 ngày .*Gần nhất có thể"):
        move_post(delivery.version.post, at(5), by=ward.officer)
    assert due(delivery) == at(3)


def test_nobody_moves_into_the_past_or_without_the_right(ward):
    post = ward.post("page")
    with pytest.raises(Refused, match="đã qua"):
        move_post(post, timezone.now() - timedelta(minutes=1), by=ward.officer)
    for nobody in (person(ward.organisation, Role.AUDITOR), make_ward().officer):
        with pytest.raises(Refused, match="không được dời"):
            move_post(post, at(3), by=nobody)


def test_what_went_out_is_not_moved(ward):
    delivery = ward.delivered("page")
    with pytest.raises(Refused, match="không còn lượt nào chưa gửi"):
        move_post(delivery.version.post, at(3), by=ward.officer)


def test_a_claimed_delivery_is_taken_back_and_its_worker_fenced_out(ward):
    from publisher.delivery.sending import deliver

    (delivery,) = ward.approved("page")
    ((pk, lease),) = claim_due(timezone.now())
    move_post(delivery.version.post, at(3), by=ward.officer)
    deliver(pk, lease)
    assert (fresh(delivery).state, due(delivery)) == (State.SCHEDULED, at(3))
    assert verify_audit() == []


def test_one_occurrence_of_a_repeating_draft_is_moved(ward):
    post = ward.post("page")
    set_schedule(post, by=ward.officer, starts_at=at(1), rule=weekly(*range(7)), until=at(5).date())
    move_post(post, at(3, 15), by=ward.officer, occurrence=at(3))
    times = rule_times(row(post), row(post).schedule)
    assert times == [at(1), at(2), at(3, 15), at(4), at(5)]
    move_post(post, at(4, 16), by=ward.officer, occurrence=at(3, 15))
    assert rule_times(row(post), row(post).schedule) == [at(1), at(2), at(4), at(4, 16), at(5)]


def test_one_occurrence_of_an_approved_post_is_moved_and_the_others_stay(ward):
    made = ward.approved("loudspeaker", due=at(1, 7), rule="FREQ=DAILY;COUNT=4")
    moved = move_post(
        made[0].version.post, at(2, 16), by=ward.officer, occurrence=at(2, 7, 30)
    )  # as the calendar shows
    assert [d.pk for d in moved.rescheduled] == [made[1].pk]
    assert [due(d) for d in made] == [at(1, 7, 30), at(2, 16, 30), at(3, 7, 30), at(4, 7, 30)]
    assert row(moved.post).schedule.skip == [at(2).date().isoformat()]


def test_an_occurrence_is_not_moved_out_of_the_window(ward):
    made = ward.approved("loudspeaker", due=at(1, 7), rule="FREQ=DAILY;COUNT=3")
    with pytest.raises(CannotSchedule, match="Sửa lịch của bài rồi trình duyệt lại"):
        move_post(made[0].version.post, at(60), by=ward.officer, occurrence=at(2, 7))
    assert [due(d) for d in made] == [at(1, 7, 30), at(2, 7, 30), at(3, 7, 30)]


def test_two_occurrences_never_share_a_moment(ward):
    made = ward.approved("loudspeaker", due=at(1, 7), rule="FREQ=DAILY;COUNT=3")
    with pytest.raises(CannotSchedule, match="đúng lúc đó"):
        move_post(made[0].version.post, at(3, 7), by=ward.officer, occurrence=at(2, 7))


def test_an_occurrence_that_is_not_there_is_said_so(ward):
    post = ward.post("page")
    set_schedule(post, by=ward.officer, starts_at=at(10), rule=weekly(*range(7)), until=at(12).date())
    with pytest.raises(CannotSchedule, match="không có lượt nào vào lúc đó"):
        move_post(post, at(11, 10), by=ward.officer, occurrence=at(2))


def test_a_tied_post_stays_tied_so_many_days_away_as_it_is_put(ward):
    post = tied(ward, dialogue(ward), -7)
    move_post(post, at(15, 10, 30), by=ward.officer)
    schedule = row(post).schedule
    assert (schedule.offset_days, schedule.offset_at, schedule.starts_at) == (-5, time(10, 30), at(15, 10, 30))
    assert schedule.happening_id


def test_a_tied_post_is_not_put_years_away_from_its_happening(ward):
    post = tied(ward, dialogue(ward), -7)
    with pytest.raises(CannotSchedule, match="Xa quá 365 ngày so với sự kiện"):
        move_post(post, at(20 + 366), by=ward.officer)


def test_what_lies_with_people_is_named(ward):
    ward.account("loudspeaker", settings={"station": "Đài phường", "sessions": "07:30, 16:30"})
    made = ward.approved("page", "loudspeaker", due=at(3))
    spoken = next(d for d in made if d.account.kind == "loudspeaker")
    Delivery.objects.filter(pk=spoken.pk).update(state=State.HANDED_OVER)
    moved = move_post(spoken.version.post, at(4), by=ward.officer)
    assert any(f"lượt {spoken.pk}" in told and "báo người thực hiện" in told for told in moved.conflicts)
