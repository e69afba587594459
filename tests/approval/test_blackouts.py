"""The switch for quốc tang: nothing but the urgent goes out, nothing is missed, and nothing leaves by itself after."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from campaigns.models import LateRule
from publisher.approval.blackouts import (
    current,
    drop,
    lift_blackout,
    lying_with_people,
    post_later,
    post_now,
    set_blackout,
)
from publisher.approval.review import Refused
from publisher.delivery.claim import claim_due, next_moment
from publisher.delivery.deciding import hold_for_review, miss_late
from publisher.delivery.models import Delivery
from publisher.delivery.rescheduling import to_review
from publisher.delivery.scheduling import outlook
from publisher.delivery.sending import deliver
from publisher.delivery.states import State
from publisher.events.models import Event
from publisher.people.rights import Role
from publisher.reports.verification import verify_audit, verify_budget
from publisher.timetable.models import DayOverride
from tests.approval.timing import at, due
from tests.ward import LATER, fresh, late, make_ward, person, states, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
NOTICE = {"reason": "Quốc tang", "document": "Thông cáo đặc biệt ngày 20/7/2024"}


@pytest.fixture
def mourning(ward):
    return set_blackout(ward.organisation, by=ward.approver, **NOTICE)


def test_while_it_is_on_only_the_urgent_goes_out(ward, mourning):
    calm, storm = ward.approved("page")[0], ward.approved("page", urgent=True)[0]
    turn()
    assert states(calm, storm) == [State.SCHEDULED, State.DELIVERED]


def test_the_claim_itself_holds_although_the_clock_has_not_looked_yet(ward, mourning):
    ward.account("page", pace_per_minute=30)
    ward.approved("page")
    ward.approved("loudspeaker", due=at(0, 0) - timedelta(days=1))
    assert claim_due(timezone.now() + timedelta(days=2)) == []


def test_another_office_goes_on(ward, mourning):
    other = make_ward()
    (delivery,) = other.approved("page")
    turn()
    assert states(delivery) == [State.DELIVERED]


def test_what_falls_due_waits_for_a_person_and_is_not_missed(ward, mourning):
    (delivery,) = ward.approved("page", **late(LateRule.NEVER))
    turn(timezone.now() + timedelta(hours=5))
    assert states(delivery) == [State.SCHEDULED]
    assert list(to_review(ward.organisation)) == [delivery]
    assert fresh(delivery).review_why == f"Tạm dừng: Quốc tang ({NOTICE['document']})"
    assert Event.objects.filter(kind="delivery.held_for_review", subject=f"delivery:{delivery.pk}").count() == 1
    turn(timezone.now() + timedelta(hours=6))
    assert Event.objects.filter(kind="delivery.held_for_review").count() == 1
    assert next_moment(timezone.now()) is None
    assert verify_audit() == []


def test_setting_it_takes_back_what_is_claimed_already(ward):
    (delivery,) = ward.approved("page")
    ((pk, lease),) = claim_due(timezone.now())
    set_blackout(ward.organisation, by=ward.approver, **NOTICE)
    deliver(pk, lease)
    assert states(delivery) == [State.SCHEDULED]
    assert not delivery.attempts.exists()
    assert verify_audit() == []


def test_a_claim_that_was_first_is_taken_back_by_the_next_look(ward, mourning):
    (delivery,) = ward.approved("page")
    now = timezone.now()
    claimed = {"state": State.QUEUED, "lease": uuid4(), "leased_until": now + LATER}
    Delivery.objects.filter(pk=delivery.pk).update(**claimed)  # a claim that committed just after
    assert hold_for_review(now) == 1
    assert states(delivery) == [State.SCHEDULED]


def test_after_lifting_nothing_overdue_goes_by_itself_but_what_is_ahead_does(ward, mourning):
    (overdue,) = ward.approved("page")
    (ahead,) = ward.approved("page", due=at(3), title="Họp tổ dân phố")
    assert lift_blackout(mourning, by=ward.approver) == 1
    turn()
    assert states(overdue) == [State.SCHEDULED]
    assert current(ward.organisation) is None
    turn(at(3))
    assert states(overdue, ahead) == [State.SCHEDULED, State.DELIVERED]


def test_a_person_lets_it_go_now(ward, mourning):
    (delivery,) = ward.approved("page", **late(LateRule.NEVER))
    turn()
    with pytest.raises(Refused, match="Chưa đăng được: Tạm dừng: Quốc tang"):
        post_now(fresh(delivery), by=ward.officer)
    lift_blackout(mourning, by=ward.approver)
    later = timezone.now() + timedelta(hours=30)
    post_now(fresh(delivery), by=ward.officer, now=later)
    assert miss_late(later + timedelta(minutes=1)) == 0
    turn(later + timedelta(minutes=1))
    assert states(delivery) == [State.DELIVERED]
    assert verify_audit() == []


def test_letting_go_keeps_to_the_hours_of_the_account(ward, mourning):
    ward.account("page", quiet_from=time(0), quiet_until=time(23, 59))
    (delivery,) = ward.approved("page", urgent=True)
    Delivery.objects.filter(pk=delivery.pk).update(urgent=False)
    ward.campaign.posts.update(urgent=False)
    turn()
    lift_blackout(mourning, by=ward.approver)
    let_go = post_now(fresh(delivery), by=ward.officer)
    assert let_go.due_at.astimezone(ward.organisation.timezone).time().replace(second=0, microsecond=0) == time(23, 59)


def test_a_person_chooses_another_time(ward, mourning):
    (delivery,) = ward.approved("page")
    turn()
    post_later(fresh(delivery), at(4), by=ward.officer)
    assert (due(delivery), fresh(delivery).review_since) == (at(4), None)
    with pytest.raises(Refused, match="không còn chờ xem lại"):
        post_later(fresh(delivery), at(5), by=ward.officer)


def test_another_time_beyond_the_window_is_not_chosen_here(ward, mourning):
    (delivery,) = ward.approved("page")
    turn()
    with pytest.raises(Refused, match="dời bài rồi trình duyệt lại"):
        post_later(fresh(delivery), at(40), by=ward.officer)
    with pytest.raises(Refused, match="đã qua"):
        post_later(fresh(delivery), timezone.now(), by=ward.officer)
    assert fresh(delivery).review_since is not None


def test_dropping_it_frees_its_money(ward, mourning):
    ward.account("contracted", rate=2_000_000, budget_line=ward.line)
    (delivery,) = ward.approved("contracted")
    Delivery.objects.filter(pk=delivery.pk).update(next_try_at=timezone.now())
    turn()
    drop(fresh(delivery), by=ward.officer, reason="Không còn phù hợp")
    ward.line.refresh_from_db()
    assert (states(delivery), ward.line.committed) == ([State.CANCELLED], 0)
    assert verify_audit() == verify_budget() == []


def test_dropping_needs_a_reason_and_the_right(ward, mourning):
    (delivery,) = ward.approved("page")
    turn()
    with pytest.raises(Refused, match="ghi lý do"):
        drop(fresh(delivery), by=ward.officer, reason="")
    with pytest.raises(Refused, match="không được quyết định"):
        drop(fresh(delivery), by=person(ward.organisation, Role.AUDITOR), reason="x")


def test_only_who_approves_or_manages_switches_and_says_why(ward):
    for nobody in (ward.officer, person(ward.organisation, Role.AUDITOR), make_ward().approver):
        with pytest.raises(Refused, match="Chỉ người duyệt hoặc quản trị"):
            set_blackout(ward.organisation, by=nobody, **NOTICE)
    with pytest.raises(Refused, match="văn bản làm căn cứ"):
        set_blackout(ward.organisation, by=ward.admin, reason="Quốc tang", document="")
    set_blackout(ward.organisation, by=ward.admin, **NOTICE)
    with pytest.raises(Refused, match="đang có một lệnh tạm dừng"):
        set_blackout(ward.organisation, by=ward.approver, **NOTICE)


def test_lifting_is_told_once_and_stays_in_the_log(ward, mourning):
    with pytest.raises(Refused, match="Chỉ người duyệt"):
        lift_blackout(mourning, by=ward.officer)
    lift_blackout(mourning, by=ward.admin)
    with pytest.raises(Refused, match="đã được gỡ"):
        lift_blackout(mourning, by=ward.approver)
    kinds = Event.objects.filter(subject=f"blackout:{mourning.pk}").values_list("kind", "actor")
    assert list(kinds) == [("blackout.set", ward.approver.pk), ("blackout.lifted", ward.admin.pk)]


def test_it_may_be_set_for_a_moment_to_come(ward):
    set_blackout(ward.organisation, by=ward.approver, since=at(2, 0), **NOTICE)
    (before,) = ward.approved("page")
    (inside,) = ward.approved("page", due=at(2), title="Họp tổ dân phố")
    turn()
    turn(at(2, 10))
    assert states(before, inside) == [State.DELIVERED, State.SCHEDULED]


def test_a_day_marked_silent_after_the_approval_holds_too(ward):
    (delivery,) = ward.approved("page", due=at(3))
    DayOverride.objects.create(
        organisation=ward.organisation, date=at(3).date(), kind="quiet", name="Kỳ thi", source="CV 12/SGDĐT"
    )
    assert claim_due(at(3)) == []
    turn(at(3))
    assert states(delivery) == [State.SCHEDULED]
    assert "Kỳ thi" in fresh(delivery).review_why


def test_the_officer_is_warned_before_submitting(ward, mourning):
    found = outlook(ward.post("page"), timezone.now())
    assert "tạm dừng đăng (Quốc tang)" in found.warnings[0]
    assert outlook(ward.post("page", urgent=True), timezone.now()).warnings == ()


def test_what_lies_with_people_is_listed_for_a_call(ward, mourning):
    (script,) = ward.approved("loudspeaker", due=at(1))
    Delivery.objects.filter(pk=script.pk).update(state=State.HANDED_OVER)
    assert list(lying_with_people(ward.organisation, timezone.now())) == [script]
