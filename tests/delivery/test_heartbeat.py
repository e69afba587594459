"""A long call keeps its lease; a dead one loses it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.delivery.deciding import recover
from publisher.delivery.heartbeat import beat, beating
from publisher.delivery.models import Delivery
from publisher.delivery.recording import begin
from publisher.delivery.sending import load
from publisher.delivery.states import State
from tests.ward import fresh, queued

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def sending(ward) -> Delivery:
    """A delivery whose call is under way for so long that its lease is over."""
    pk, lease = queued(ward.one("page"))
    assert begin(load(pk), lease, worker="máy:1") is not None
    Delivery.objects.filter(pk=pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    return load(pk)


def test_a_call_under_way_keeps_its_lease(ward):
    delivery = sending(ward)
    with beating(delivery.lease):
        assert beat() == 1
        assert recover(timezone.now()) == 0
    assert fresh(delivery).state == State.SENDING


def test_a_lane_that_waits_behind_a_slow_call_keeps_its_place(ward):
    _, lease = queued(ward.one("page"))
    with beating(lease):
        beat()
        assert recover(timezone.now() + timedelta(seconds=60)) == 0


def test_the_lease_of_a_dead_process_runs_out_and_leaves_a_doubt(ward):
    delivery = sending(ward)
    assert beat() == 0
    assert recover(timezone.now()) == 1
    found = fresh(delivery)
    assert found.state == State.UNKNOWN
    assert found.attempts.get().outcome == State.UNKNOWN


def test_where_nothing_can_be_read_back_the_doubt_goes_to_a_person_at_once(ward):
    delivery = sending(ward)
    delivery.account.kind = "zalo_broadcast"
    delivery.account.save(update_fields=["kind"])
    recover(timezone.now())
    found = fresh(delivery)
    assert (found.state, found.review_since is not None) == (State.UNKNOWN, True)
    assert "cần người kiểm tra" in found.review_why
