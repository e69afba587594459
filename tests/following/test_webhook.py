"""Signed webhooks: at least once on the wire, once in effect, and a receiver in trouble is in trouble alone."""

from __future__ import annotations

import threading
import time
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels import signature
from publisher.delivery.models import Delivery
from publisher.delivery.secrets import lock
from publisher.events.models import Event
from publisher.following import turns
from publisher.following.endpoints import EndpointRefused, add, pause, replay, replay_all, resume, retire, rotate
from publisher.following.models import Dispatch, Endpoint, Notice
from publisher.following.thread import Followers
from tests.following.days import after, carry, happen, look, secret_of, states
from tests.ward import fresh, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def test_a_receiver_reads_what_happened_and_can_tell_that_it_was_us(ward, listen, receiver):
    endpoint = listen("/", "delivery.delivered")
    delivery = ward.delivered("page")
    assert carry() == 1
    [got] = receiver.got
    event = Event.objects.get(kind="delivery.delivered", subject=f"delivery:{delivery.pk}")
    assert got.said == {
        "id": str(event.uid),
        "kind": "delivery.delivered",
        "at": event.at.isoformat(),
        "organisation": ward.organisation.slug,
        "subject": f"delivery:{delivery.pk}",
        "data": event.data,
    }
    assert got.headers["x-tincoso-delivery"] == str(event.uid)
    assert got.headers["content-type"] == "application/json; charset=utf-8"
    secret, now = secret_of(endpoint), time.time()
    assert signature.verify(got.headers, secret, got.body, now)
    assert not signature.verify(got.headers, "another", got.body, now)
    assert not signature.verify(got.headers, secret, got.body + b" ", now)
    assert not signature.verify(got.headers, secret, got.body, now + signature.WINDOW + 60), (
        "too old to be played again"
    )
    assert not signature.verify({}, secret, got.body, now)
    assert carry(after(hours=1)) == 0, "what was taken is not sent again"


def test_a_crash_between_call_and_record_repeats_the_same_id(ward, listen, receiver):
    endpoint = listen("/", "post.*")
    happen(ward.organisation, "post.drafted")
    now = look()
    taken = turns.take(endpoint.pk, now)
    [lot] = turns.lots(taken, now)
    assert turns.call(taken, lot, now).taken
    # Here the process dies: nothing was recorded, and the turn is still its own.
    assert carry() == 0
    assert carry(now + turns.LEASE + timezone.timedelta(seconds=1)) == 1
    assert len(receiver.got) == 2
    assert len(receiver.effects()) == 1
    assert receiver.got[0].body == receiver.got[1].body
    assert states(endpoint) == ["sent"]


def test_two_processes_never_speak_with_one_endpoint_at_the_same_time(ward, listen, receiver):
    endpoint = listen("/", "post.*")
    happen(ward.organisation, "post.drafted")
    now = look()
    assert turns.take(endpoint.pk, now)
    assert turns.take(endpoint.pk, now) is None
    assert turns.turn(endpoint.pk, now) == 0


def test_events_come_in_order_but_for_those_that_were_refused(ward, listen, receiver):
    listen("/", "post.*")
    for number in range(4):
        happen(ward.organisation, "post.drafted", f"post:{number}")
    answers = iter([200, 503, 200, 200, 200])
    receiver.answers["/"] = lambda: next(answers)
    assert carry() == 1, "a bad answer ends the turn"
    assert carry(after(seconds=7)) == 2, "the endpoint has rested, the refused event has not"
    assert carry(after(minutes=1)) == 1
    told = [got.said["subject"] for got in receiver.got]
    assert told == ["post:0", "post:1", "post:2", "post:3", "post:1"]
    assert len(receiver.effects()) == 4


def test_who_never_answers_well_is_tried_for_a_day_ever_more_seldom_and_can_be_sent_to_again(ward, listen, receiver):
    endpoint = listen("/", "post.*")
    happen(ward.organisation, "post.drafted")
    receiver.answers["/"] = lambda: 500
    moments = []
    now = look()
    while states(endpoint) == ["waiting"]:
        dispatch = Dispatch.objects.get(endpoint=endpoint)
        now = max(dispatch.next_try_at, Endpoint.objects.get(pk=endpoint.pk).next_turn_at)
        moments.append(now)
        turns.turn(endpoint.pk, now)
    gaps = [(later - sooner).total_seconds() for sooner, later in pairwise(moments)]
    assert 8 <= gaps[0] <= 12
    assert max(gaps) <= 6 * 3600 * 1.2
    assert all(later > sooner for sooner, later in pairwise(gaps[:8]))
    assert 86_400 <= (moments[-1] - moments[0]).total_seconds() <= 86_400 + max(gaps)
    assert states(endpoint) == ["given_up"]
    dispatch = Dispatch.objects.select_related("endpoint").get(endpoint=endpoint)
    assert dispatch.answer == "127.0.0.1 trả lời HTTP 500."

    receiver.answers.clear()
    assert replay(dispatch, by=ward.admin)
    assert not replay(dispatch, by=ward.admin), "it waits already"
    assert carry() == 1
    assert len(receiver.effects()) == 1, "the same id to the end"
    assert Event.objects.get(kind="endpoint.replayed").actor == ward.admin


def test_an_endpoint_that_is_gone_is_paused_and_the_administrator_told_once(ward, listen, receiver):
    endpoint = listen("/", "post.*")
    receiver.answers["/"] = lambda: 410
    for number in range(3):
        happen(ward.organisation, "post.drafted", f"post:{number}")
    carry()
    look()
    assert Endpoint.objects.get(pk=endpoint.pk).paused_at
    assert carry(after(hours=2)) == 0
    assert len(receiver.got) == 1
    [notice] = Notice.objects.filter(kind="endpoint.paused")
    assert notice.person == ward.admin
    assert "HTTP 410" in notice.words

    receiver.answers.clear()
    resume(endpoint, by=ward.admin)
    assert carry() == 3, "what gathered meanwhile, in its order"
    assert [got.said["subject"] for got in receiver.got[1:]] == ["post:0", "post:1", "post:2"]


def test_a_secret_nobody_can_open_keeps_the_event_waiting_with_the_reason(ward, listen, receiver):
    endpoint = listen("/", "post.*")
    happen(ward.organisation, "post.drafted")
    for secret, words in (("không mở được", "Không mở được bí mật"), (lock({}), "Lỗi bất ngờ khi gọi (KeyError)")):
        Endpoint.objects.filter(pk=endpoint.pk).update(secret=secret, next_turn_at=timezone.now())
        Dispatch.objects.update(next_try_at=timezone.now())
        assert carry() == 0
        assert words in Dispatch.objects.get(endpoint=endpoint).answer
    assert states(endpoint) == ["waiting"]
    assert not receiver.got


def test_while_paused_a_day_is_kept_and_a_retired_endpoint_gets_nothing_more(ward, listen, receiver):
    paused, retired = listen("/dung", "post.*"), listen("/bo", "post.*")
    assert pause(paused, reason="bảo trì", by=ward.admin)
    assert not pause(paused, reason="lần nữa", by=ward.admin)
    happen(ward.organisation, "post.drafted")
    look()
    retire(retired, by=ward.admin)
    assert states(retired) == ["given_up"]
    assert Endpoint.objects.get(pk=retired.pk).secret == ""
    retired.refresh_from_db()
    assert replay_all(retired.dispatches.all(), retired, by=ward.admin) == 0
    assert turns.give_up_stale(after(hours=23)) == 0
    assert turns.give_up_stale(after(hours=25)) == 1
    assert states(paused) == ["given_up"]
    assert not receiver.got


def test_two_secrets_sign_for_a_day_after_a_change(ward, listen, receiver):
    endpoint = listen("/", "post.*")
    old = secret_of(endpoint)
    new = rotate(endpoint, by=ward.admin)
    assert new != old
    for hours in (1, 25):
        happen(ward.organisation, "post.drafted")
        assert carry(after(hours=hours)) == 1
    first, second = receiver.got
    for hours, got, valid in ((1, first, {old, new}), (25, second, {new})):
        moment = after(hours=hours).timestamp()
        assert {s for s in (old, new) if signature.verify(got.headers, s, got.body, moment)} == valid
    assert old not in Endpoint.objects.get(pk=endpoint.pk).secret
    assert not any(secret in str(event.data) for event in Event.objects.all() for secret in (old, new))


def test_an_address_that_must_not_be_called_is_refused(ward, listen, receiver):
    for url in ("http://cong.example/tin", "https://10.0.0.7/", "ftp://cong.example", "https://a@b.example/"):
        with pytest.raises(EndpointRefused):
            add(ward.organisation, name="Cổng", url=url, kinds=[], by=ward.admin)
    listen("/hai")
    with pytest.raises(EndpointRefused, match="đã có"):
        listen("/hai")


def test_a_failing_follower_costs_a_publication_not_one_statement(ward, listen, receiver, free_ports):
    def statements() -> tuple[list[str], Delivery]:
        delivery = ward.one("page")
        with CaptureQueriesContext(connection) as seen:
            turn()
        return [query["sql"].split('"')[0] for query in seen.captured_queries], fresh(delivery)

    statements()  # the first fills caches
    without, _ = statements()
    receiver.answers["/"] = lambda: 500
    endpoint = listen("/")
    add(ward.organisation, name="Chết", url=f"http://127.0.0.1:{free_ports(1)[0]}/", kinds=[], by=ward.admin)
    carry()
    with_followers, delivery = statements()
    assert with_followers == without
    carry(after(minutes=1))
    before = Delivery.objects.filter(pk=delivery.pk).values().get(), delivery.attempts.count()
    carry(after(hours=1))
    assert before == (Delivery.objects.filter(pk=delivery.pk).values().get(), delivery.attempts.count())
    assert delivery.state == "delivered"
    assert "waiting" in states(endpoint)


@pytest.mark.django_db(transaction=True)
def test_one_endpoint_that_hangs_keeps_nobody_else_waiting(ward, listen, receiver):
    let_go = threading.Event()
    receiver.answers["/treo"] = lambda: 200 if let_go.wait(30) else 500
    hanging, well = listen("/treo", "post.*"), listen("/", "post.*")
    happen(ward.organisation, "post.drafted")
    look()
    followers = Followers()
    running = threading.Thread(target=followers.run)
    running.start()
    try:
        receiver.wait_for(1, "/treo")
        receiver.wait_for(1)
        assert states(hanging) == ["waiting"]
    finally:
        let_go.set()
        followers.stop()
        running.join(30)
    assert not running.is_alive()
    assert len(receiver.effects()) == 1
    assert well.dispatches.count() == 1
