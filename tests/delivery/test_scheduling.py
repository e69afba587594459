"""From an approved version to its deliveries: when, where, at what cost."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from campaigns.models import LateRule, Post
from publisher.approval.review import NotReady, Refused, approve
from publisher.delivery.models import Delivery
from publisher.delivery.scheduling import placements
from publisher.delivery.states import State
from publisher.timetable.recurrence import monthly, weekly
from tests.ward import fresh, late, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def tomorrow(hour: int, minute: int = 0) -> datetime:
    return (timezone.localtime(timezone=ZONE) + timedelta(days=1)).replace(
        hour=hour, minute=minute, second=0, microsecond=0
    )


def test_a_post_without_a_time_is_due_now(ward):
    before = timezone.now()
    (delivery,) = ward.approved("page")
    assert before <= delivery.due_at <= timezone.now()


def test_a_time_that_has_passed_means_now(ward):
    (delivery,) = ward.approved("page", due=timezone.now() - timedelta(days=2))
    assert delivery.due_at >= timezone.now() - timedelta(seconds=30)


def test_a_post_in_the_night_goes_out_in_the_morning_unless_it_is_urgent(ward):
    ward.account("page", quiet_from=time(21), quiet_until=time(6))
    (calm,) = ward.approved("page", due=tomorrow(22))
    (urgent,) = ward.approved("page", due=tomorrow(22), urgent=True)
    assert calm.due_at == tomorrow(6) + timedelta(days=1)
    assert urgent.due_at == tomorrow(22)


def test_a_bulletin_is_placed_into_the_next_session(ward):
    (delivery,) = ward.approved("loudspeaker", due=tomorrow(9))
    assert delivery.due_at == tomorrow(16, 30)
    ((placement),) = placements(delivery.version.post, timezone.now())
    assert placement.note == "vào buổi phát kế tiếp"


def test_a_weekly_post_makes_one_delivery_a_week_but_one_work_order(ward):
    made = ward.approved("loudspeaker", "contracted", due=tomorrow(7), rule=weekly(*range(7)))
    kinds = [delivery.account.kind for delivery in made]
    assert kinds.count("contracted") == 1
    assert kinds.count("loudspeaker") > 300
    spoken = [d.due_at for d in made if d.account.kind == "loudspeaker"]
    assert spoken == sorted(spoken)


def test_times_of_a_rule_that_fall_into_one_session_are_one_delivery(ward):
    ward.account("loudspeaker", settings={"station": "Đài phường", "sessions": "06:00"})
    made = ward.approved("loudspeaker", due=tomorrow(5), rule=monthly(31))
    assert len({d.due_at for d in made}) == len(made)


def test_a_rule_without_any_time_left_is_refused(ward):
    ward.campaign.ends_on = timezone.localdate() - timedelta(days=1)
    ward.campaign.save()
    with pytest.raises(NotReady, match="không còn lượt nào"):
        ward.submitted("page", due=tomorrow(9) - timedelta(days=9), rule=weekly(0))


@pytest.mark.parametrize(
    ("rule", "hours", "after"),
    [(LateRule.ALWAYS, 1, None), (LateRule.UNTIL, 3, timedelta(hours=3)), (LateRule.NEVER, 3, timedelta(minutes=15))],
)
def test_the_late_rule_of_the_post_becomes_a_time_of_the_delivery(ward, rule, hours, after):
    (delivery,) = ward.approved("page", due=tomorrow(9), **late(rule, hours))
    assert delivery.late_until == (delivery.due_at + after if after else None)


def test_a_paid_account_without_a_budget_line_is_refused_and_nothing_is_made(ward):
    ward.account("contracted", rate=2_000_000)
    version = ward.submitted("page", "contracted")
    with pytest.raises(Refused, match=r"2\.000\.000 đ nhưng chưa gắn dòng dự toán"):
        approve(version, by=ward.approver, digest=version.digest)
    assert not Delivery.objects.exists()
    assert Post.objects.get(pk=version.post_id).state == "submitted"


def test_sessions_that_are_no_times_are_named_with_their_account(ward):
    version = ward.submitted("loudspeaker")
    ward.account("loudspeaker", settings={"station": "Đài phường", "sessions": "sáng sớm"})
    with pytest.raises(Refused, match=r"loudspeaker thử: “sáng sớm” không phải giờ"):
        approve(version, by=ward.approver, digest=version.digest)
    assert not Delivery.objects.exists()


def test_the_campaigns_line_pays_where_the_account_has_none(ward):
    ward.campaign.budget_line = ward.line
    ward.campaign.save()
    ward.account("contracted", rate=2_000_000)
    (delivery,) = ward.approved("contracted")
    assert (delivery.cost, delivery.budget_line) == (2_000_000, ward.line)


def test_an_edit_cancels_what_is_not_out_yet_and_frees_its_money(ward):
    from publisher.approval.drafting import edit_post

    ward.account("contracted", rate=2_000_000, budget_line=ward.line)
    made = ward.approved("page", "contracted", due=tomorrow(9))
    post = Post.objects.get(pk=made[0].version.post_id)
    edit_post(post, {"title": "Đổi"}, by=ward.officer, revision=post.revision)
    assert {fresh(d).state for d in made} == {State.CANCELLED}
    ward.line.refresh_from_db()
    assert ward.line.committed == 0
    assert turn(tomorrow(10)) == 0
