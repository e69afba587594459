"""Who gets a due delivery, in which order, and how fast."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from campaigns.models import LateRule
from publisher.config import config
from publisher.delivery.accounts import hold
from publisher.delivery.claim import LANE_DEPTH, claim_due, claim_lanes, claim_questions
from publisher.delivery.clock import lift_expired_holds
from publisher.delivery.deciding import drop_orphans, miss_late, put_off_for_quiet
from publisher.delivery.models import Account, Delivery
from publisher.delivery.sending import deliver, deliver_lane
from publisher.delivery.states import State
from publisher.events.models import Event
from tests.ward import LATER, fresh, late, make_ward, states, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def claimed(now: datetime | None = None) -> list[int]:
    return [pk for pk, _ in claim_due(now or timezone.now())]


def many(delivery: Delivery, number: int) -> list[Delivery]:
    """Copies of one delivery, each due a second after the other."""
    columns = {
        f.attname: getattr(delivery, f.attname) for f in Delivery._meta.fields if f.name not in {"id", "ref", "due_at"}
    }
    rows = [Delivery(**columns, due_at=delivery.due_at - timedelta(seconds=n + 1)) for n in range(number)]
    return Delivery.objects.bulk_create(rows)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pace", [0, 60])
def test_clocks_that_claim_at_once_never_get_the_same_row(pace):
    ward = make_ward()
    ward.account("page", pace_per_minute=pace)
    many(ward.one("page"), 20)
    together = threading.Barrier(4)
    now = timezone.now()

    def clock(_: int) -> list[int]:
        try:
            together.wait(10)
            return [pk for _ in range(3) for pk, _ in claim_due(now)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as clocks:
        taken = Counter(pk for found in clocks.map(clock, range(4)) for pk in found)
    assert set(taken.values()) == {1}
    assert len(taken) == (1 if pace else 21)
    queued = Event.objects.filter(kind="delivery.queued").values_list("subject", flat=True)
    assert sorted(queued) == sorted(f"delivery:{pk}" for pk in taken), "one event for each claim"


@pytest.mark.django_db(transaction=True)
def test_senders_that_get_the_same_message_send_once(sandbox):
    ward = make_ward()
    ward.connect(sandbox)
    delivery = ward.one("facebook")
    ((pk, lease),) = claim_due(timezone.now())
    together = threading.Barrier(4)

    def worker(_: int) -> None:
        try:
            together.wait(10)
            deliver(pk, lease)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(worker, range(4)))
    assert len(sandbox.posts("facebook")) == 1
    assert fresh(delivery).attempts_made == 1


@pytest.mark.django_db(transaction=True)
def test_a_cancellation_and_a_claim_at_once_leave_one_of_them(ward):
    from publisher.delivery.desk import NotPossible, cancel

    for number in range(6):
        delivery = ward.one("page", title=f"Tin {number}")
        together = threading.Barrier(2)

        def stop(row: Delivery, gate: threading.Barrier = together) -> str:
            try:
                gate.wait(10)
                cancel(fresh(row), by=ward.officer, reason="Nhầm ngày")
            except NotPossible:
                return "too late"
            finally:
                connection.close()
            return "cancelled"

        with ThreadPoolExecutor(1) as officer:
            answer = officer.submit(stop, delivery)
            together.wait(10)
            turn()
        if answer.result() == "cancelled":
            turn()
            assert fresh(delivery).state == State.CANCELLED
            assert fresh(delivery).attempts_made == 0
        else:
            assert fresh(delivery).state == State.DELIVERED


def test_nothing_is_claimed_before_its_time(ward):
    delivery = ward.one("page", due=timezone.now() + timedelta(hours=1))
    Delivery.objects.update(next_try_at=delivery.due_at)
    assert claimed() == []
    assert claimed(delivery.due_at) == [delivery.pk]


@pytest.mark.parametrize("column", ["held_at", "retired_at"])
def test_a_held_or_retired_account_is_passed_over(ward, column):
    delivery = ward.one("page")
    ward.account("page", **{column: timezone.now()})
    assert claimed() == []
    ward.account("page", **{column: None})
    assert claimed() == [delivery.pk]


def test_a_hold_ends_by_itself_when_it_was_for_a_time(ward):
    delivery = ward.one("page")
    hold(ward.accounts["page"], reason="Quốc tang", by=ward.admin, until=timezone.now() + timedelta(hours=1))
    lift_expired_holds(timezone.now())
    assert claimed() == []
    lift_expired_holds(timezone.now() + timedelta(hours=2))
    assert claimed() == [delivery.pk]


def test_whoever_links_to_the_page_goes_after_it(ward):
    made = ward.approved("page", "feed")
    page, feed = sorted(made, key=lambda d: d.account.kind != "page")
    assert claimed() == [page.pk]
    Delivery.objects.filter(pk=page.pk).update(state=State.DELIVERED)
    assert claimed() == [feed.pk]


@pytest.mark.parametrize("end", [State.FAILED, State.CANCELLED, State.MISSED, State.WITHDRAWN])
def test_whoever_waits_for_a_page_that_will_not_stand_is_cancelled_with_the_reason(ward, end):
    page, feed = sorted(ward.approved("page", "feed"), key=lambda d: d.account.kind != "page")
    Delivery.objects.filter(pk=page.pk).update(state=end)
    assert drop_orphans(timezone.now()) == 1
    assert fresh(feed).state == State.CANCELLED
    assert str(page.pk) in fresh(feed).last_error


def test_deliveries_of_a_retired_account_are_cancelled_with_the_reason(ward):
    delivery = ward.one("page")
    ward.account("page", retired_at=timezone.now())
    assert turn() == 0
    assert fresh(delivery).state == State.CANCELLED
    assert "ngừng dùng" in fresh(delivery).last_error


def test_urgent_goes_first_also_when_it_came_last(ward):
    rows = many(ward.one("page"), 5)
    urgent = ward.one("page", urgent=True, title="Bão số 9")
    assert claimed()[0] == urgent.pk
    assert set(states(*rows)) == {State.QUEUED}


def test_urgent_goes_first_on_a_paced_account(ward):
    ward.account("page", pace_per_minute=60)
    many(ward.one("page"), 5)
    urgent = ward.one("page", urgent=True, title="Bão số 9")
    assert claimed() == [urgent.pk]


def test_a_backlog_elsewhere_does_not_keep_a_paced_account_waiting(ward):
    paced = ward.account("contracted", pace_per_minute=60)
    many(ward.one("page"), config.worker_threads * 8)
    own = ward.one("contracted")
    assert own.pk in claimed()
    assert Account.objects.get(pk=paced.pk).paced_until is not None


def test_no_more_is_claimed_than_the_workers_can_take(ward, monkeypatch):
    monkeypatch.setattr(config, "queue_depth", 20)
    ward.account("page", at_once=0)
    rows = many(ward.one("page"), 30)
    assert len(claimed()) == 20
    assert claimed() == []
    assert Counter(states(*rows))[State.SCHEDULED] > 0


def test_an_account_has_no_more_lanes_open_than_it_may(ward):
    ward.account("page", at_once=3)
    many(ward.one("page"), 100)
    lanes = claim_lanes(timezone.now())
    assert [len(lane.pks) for lane in lanes] == [LANE_DEPTH] * 3
    assert claim_lanes(timezone.now()) == []
    deliver_lane(lanes[0].pks, lanes[0].lease)
    assert len(claim_lanes(timezone.now())) == 1


def test_few_deliveries_go_side_by_side(ward):
    ward.account("page", at_once=4)
    many(ward.one("page"), 3)
    assert [len(lane.pks) for lane in claim_lanes(timezone.now())] == [1, 1, 1, 1]


def test_an_account_in_trouble_gets_one_lane_and_others_go_first(ward):
    ward.account("page", at_once=4, stumbles=1)
    many(ward.one("page"), 9)
    ward.account("loudspeaker", pace_per_minute=0)
    sound = ward.approved("loudspeaker", due=timezone.now())
    Delivery.objects.filter(pk=sound[0].pk).update(next_try_at=timezone.now())
    lanes = claim_lanes(timezone.now())
    assert lanes[0].pks == (sound[0].pk,)
    assert len(lanes) == 2


def test_the_pace_holds_for_the_backlog(ward):
    ward.account("page", pace_per_minute=20, at_once=0)  # one every three seconds
    many(ward.one("page"), 9)
    start, taken = timezone.now(), []
    for second in range(31):
        taken += [second for _ in claimed(start + timedelta(seconds=second))]
    assert len(taken) == 10
    assert min(later - sooner for sooner, later in pairwise(taken)) >= 3


def test_a_pace_faster_than_the_clock_ticks_is_kept_too(ward):
    ward.account("page", pace_per_minute=600, at_once=60)  # ten a second
    many(ward.one("page"), 60)
    start = timezone.now()
    taken = [len(claimed(start + timedelta(seconds=second))) for second in range(4)]
    assert taken[0] == 1
    assert all(9 <= number <= 11 for number in taken[1:]), taken


def test_a_turn_without_anything_due_costs_the_account_nothing(ward):
    ward.account("page", pace_per_minute=1)
    ward.one("page")
    ward.account("page", held_at=timezone.now())
    assert claimed() == []
    assert Account.objects.get(pk=ward.accounts["page"].pk).paced_until is None


def test_a_doubt_is_asked_about_by_one_clock_only(ward):
    delivery = ward.one("page")
    Delivery.objects.filter(pk=delivery.pk).update(state=State.UNKNOWN)
    now = timezone.now()
    assert len(claim_questions(now)) == 1
    assert claim_questions(now) == []
    assert len(claim_questions(now + LATER)) == 1, "whoever took it may have died"


def test_a_held_account_is_not_asked_either(ward):
    delivery = ward.one("page")
    Delivery.objects.filter(pk=delivery.pk).update(state=State.UNKNOWN)
    hold(ward.accounts["page"], reason="Mã truy cập hết hạn")
    assert claim_questions(timezone.now()) == []


LATE = [
    (LateRule.ALWAYS, 0, timedelta(days=30), State.DELIVERED),
    (LateRule.UNTIL, 2, timedelta(minutes=110), State.DELIVERED),
    (LateRule.UNTIL, 2, timedelta(minutes=130), State.MISSED),
    (LateRule.UNTIL, 0, timedelta(minutes=1), State.MISSED),
    (LateRule.NEVER, 24, timedelta(minutes=10), State.DELIVERED),
    (LateRule.NEVER, 24, timedelta(minutes=20), State.MISSED),
]


@pytest.mark.parametrize(("rule", "hours", "downtime", "end"), LATE)
def test_after_downtime_the_late_rule_decides_first(ward, rule, hours, downtime, end):
    delivery = ward.one("page", **late(rule, hours))
    turn(delivery.due_at + downtime)
    assert fresh(delivery).state == end
    if end is State.MISSED:
        until = fresh(delivery).late_until.astimezone(ZONE)
        assert f"{until:%H:%M} ngày {until.day}/{until.month}/{until.year}" in fresh(delivery).last_error
        assert Event.objects.filter(subject=f"delivery:{delivery.pk}", kind="delivery.missed").exists()


def test_what_was_missed_gives_its_money_back(ward):
    ward.account("contracted", rate=2_000_000, budget_line=ward.line)
    delivery = ward.one("contracted", **late(LateRule.NEVER))
    assert miss_late(delivery.due_at + timedelta(hours=1)) == 1
    ward.line.refresh_from_db()
    assert (ward.line.committed, ward.line.spent) == (0, 0)


def test_a_backlog_waits_for_the_end_of_quiet_hours_but_urgent_does_not(ward):
    noon = datetime(2030, 3, 4, 12, 0, tzinfo=ZONE)
    ward.account("page", quiet_from=time(21), quiet_until=time(6))
    calm, urgent = ward.one("page", **late(LateRule.ALWAYS)), ward.one("page", urgent=True, title="Bão")
    Delivery.objects.update(due_at=noon, next_try_at=noon, late_until=None)
    night = datetime(2030, 3, 4, 23, 30, tzinfo=ZONE)
    assert put_off_for_quiet(night) == 1
    assert claimed(night) == [urgent.pk]
    assert fresh(calm).next_try_at == datetime(2030, 3, 5, 6, 0, tzinfo=ZONE)
    assert claimed(datetime(2030, 3, 5, 6, 0, tzinfo=ZONE)) == [calm.pk]
