"""The table of moves, and the one function that makes them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from publisher.delivery.models import Delivery
from publisher.delivery.moves import IllegalMove, Overtaken, move
from publisher.delivery.states import FINAL, LABELS, MOVES, State
from publisher.events.models import Event
from tests.ward import Ward, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def put(delivery: Delivery, state: State, **columns: object) -> Delivery:
    Delivery.objects.filter(pk=delivery.pk).update(state=state, **columns)
    return fresh(delivery)


@pytest.fixture
def delivery(ward: Ward) -> Delivery:
    return ward.one("page")


@pytest.mark.parametrize("was", [state for state in State if MOVES[state]])
def test_every_legal_move_changes_the_row_and_is_logged_once(delivery, was):
    for to in MOVES[was]:
        row = put(delivery, was)
        move(row, to, data={"why": f"{was} {to}"})
        assert fresh(row).state == row.state == to
        (event,) = Event.objects.filter(subject=f"delivery:{row.pk}", kind=f"delivery.{to}", data__why=f"{was} {to}")
        assert (event.data["from"], event.data["to"]) == (was, to)


@pytest.mark.parametrize("was", State)
def test_every_illegal_move_is_refused_and_changes_nothing(delivery, was):
    row = put(delivery, was)
    before, events = Delivery.objects.filter(pk=row.pk).values().get(), Event.objects.count()
    for to in set(State) - MOVES[was]:
        with pytest.raises(IllegalMove, match=LABELS[to]):
            move(row, to)
    assert Delivery.objects.filter(pk=row.pk).values().get() == before
    assert Event.objects.count() == events


def test_every_state_has_a_label_and_a_place_in_the_table():
    assert set(LABELS) == set(MOVES) == set(State)
    assert {State.FAILED, State.CANCELLED, State.MISSED, State.CORRECTED, State.WITHDRAWN} == FINAL


def test_every_state_but_the_first_can_be_reached():
    reached = set().union(*MOVES.values())
    assert reached == set(State)


def test_whoever_read_an_older_state_is_overtaken_and_changes_nothing(delivery):
    stale = fresh(delivery)
    move(fresh(delivery), State.CANCELLED)
    events = Event.objects.count()
    with pytest.raises(Overtaken):
        move(stale, State.QUEUED)
    assert fresh(delivery).state == State.CANCELLED
    assert Event.objects.count() == events


def test_whoever_lost_the_lease_is_fenced_out(delivery):
    row = put(delivery, State.QUEUED, lease=uuid4())
    with pytest.raises(Overtaken):
        move(row, State.SENDING, under=uuid4())
    assert fresh(row).state == State.QUEUED


def test_a_move_gives_the_lease_back_unless_it_is_kept(delivery):
    lease = uuid4()
    row = put(delivery, State.QUEUED, lease=lease, leased_until=timezone.now())
    move(row, State.SENDING, under=lease, lease=lease)
    assert fresh(row).lease == lease
    move(row, State.UNKNOWN, under=lease)
    assert fresh(row).lease is None


@pytest.mark.parametrize(("to", "closed"), [(State.DELIVERED, True), (State.FAILED, True), (State.UNKNOWN, False)])
def test_what_is_done_is_closed_and_what_is_not_stays_open(delivery, to, closed):
    row = move(put(delivery, State.SENDING), to)
    assert (fresh(row).closed_at is not None) is closed
    assert (fresh(row).delivered_at is not None) is (to is State.DELIVERED)


def test_when_the_event_cannot_be_written_the_move_is_undone(delivery):
    row = fresh(delivery)
    with pytest.raises(TypeError), transaction.atomic():
        move(row, State.QUEUED, data={"not JSON": object()})
    assert fresh(row).state == State.SCHEDULED


def test_when_the_money_cannot_be_booked_the_move_and_its_event_are_undone(ward):
    ward.account("contracted", rate=1_000_000, budget_line=ward.line)
    row = ward.one("contracted")
    ward.line.entries.update(kind="confirm")  # as if it had been paid already
    put(row, State.SENDING)
    with pytest.raises(Exception, match=r"(?i)unique"), transaction.atomic():
        move(fresh(row), State.DELIVERED)
    assert fresh(row).state == State.SENDING
    assert not Event.objects.filter(subject=f"delivery:{row.pk}", kind="delivery.delivered").exists()
