"""The clock: what one round does, and that it says it lives."""

from __future__ import annotations

import gc
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from publisher.config import config
from publisher.delivery.broker import broker, worker
from publisher.delivery.clock import ALIVE, AT_REST, Clock, clock_state, other_clocks, tick
from publisher.delivery.models import ClockBeat, Delivery
from publisher.delivery.states import State
from publisher.events.models import Event, Seal
from tests.services import wait_until
from tests.ward import fresh, make_ward, queued


@pytest.mark.django_db(transaction=True)
@pytest.mark.engine
def test_a_clock_and_a_worker_publish_what_is_due_and_seal_what_they_did(sandbox):
    ward = make_ward()
    ward.connect(sandbox)
    made = ward.approved("page", "facebook")
    clock, sender = Clock(), worker()

    def run() -> None:
        clock.run()
        connection.close()

    thread = threading.Thread(target=run)
    sender.start()
    thread.start()
    try:
        wait_until(lambda: {fresh(d).state for d in made} == {State.DELIVERED}, "delivered", 20)
        wait_until(lambda: not Event.objects.filter(seal=None).exists(), "sealed", 20)
        assert clock_state().alive
    finally:
        clock.stop()
        thread.join(10)
        sender.stop()
        broker.flush_all()
        gc.collect()  # the connections of the workers' threads end with them
    assert not thread.is_alive()
    assert len(sandbox.posts("facebook")) == 1
    assert Seal.objects.exists()


@pytest.mark.django_db
@pytest.mark.engine
def test_a_round_hands_what_is_due_to_the_broker(ward):
    delivery = ward.one("page")
    assert tick(timezone.now()) == 1
    assert fresh(delivery).state == State.QUEUED
    queue = broker.queues["deliveries"]
    assert queue.qsize() == 1
    broker.flush_all()


@pytest.mark.django_db
def test_the_clock_sleeps_until_the_next_due_time_but_never_longer_than_a_tick(ward):
    clock = Clock()
    assert clock.pause() == AT_REST * config.tick_seconds
    delivery = ward.one("page")
    Delivery.objects.filter(pk=delivery.pk).update(next_try_at=timezone.now() + timedelta(seconds=0.4))
    assert 0.01 <= clock.pause() <= 0.4
    Delivery.objects.filter(pk=delivery.pk).update(next_try_at=timezone.now() + timedelta(hours=1))
    assert clock.pause() == AT_REST * config.tick_seconds
    queued(ward.one("page"))
    assert clock.pause() == config.tick_seconds, "a lease may run out"


@pytest.mark.django_db
def test_everybody_sees_whether_a_clock_lives():
    assert not clock_state().alive
    clock = Clock()
    clock.beat()
    clock.beat()
    assert clock_state().alive
    assert ClockBeat.objects.count() == 1
    ClockBeat.objects.update(beat_at=timezone.now() - ALIVE - timedelta(seconds=1))
    assert not clock_state().alive


@pytest.mark.django_db
def test_a_clock_knows_of_the_others_that_run():
    now = timezone.now()
    ClockBeat.objects.create(name="other:1", started_at=now, beat_at=now)
    ClockBeat.objects.create(name="dead:1", started_at=now, beat_at=now - ALIVE - timedelta(minutes=1))
    assert [other.name for other in other_clocks(Clock().name)] == ["other:1"]
