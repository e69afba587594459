"""Money: reserve, confirm, release; the database itself refuses to spend a đồng twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from channels.contract import Proof
from publisher.approval.review import Refused, approve
from publisher.budget.ledger import OverLimit, dong, release, reserve, summary
from publisher.budget.models import BudgetLine, LedgerEntry
from publisher.delivery import desk
from publisher.delivery.models import Delivery
from publisher.delivery.moves import move
from publisher.delivery.states import State
from publisher.reports.verification import verify_budget
from tests.ward import Ward, fresh, make_ward, states, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
RATE = 3_000_000  # the line has ten million
MINUTES = [Proof("minutes", "Biên bản", "12/BB")]


def totals(ward: Ward) -> tuple[int, int]:
    line = BudgetLine.objects.get(pk=ward.line.pk)
    return line.committed, line.spent


def entries(delivery: Delivery) -> list[str]:
    return list(delivery.entries.order_by("id").values_list("kind", flat=True))


@pytest.fixture
def paid(ward: Ward) -> Delivery:
    ward.account("contracted", rate=RATE, budget_line=ward.line)
    return ward.one("contracted")


@pytest.mark.parametrize(
    ("end", "kinds", "money"),
    [
        (State.DELIVERED, ["reserve", "confirm"], (0, RATE)),
        (State.FAILED, ["reserve", "release"], (0, 0)),
        (State.UNKNOWN, ["reserve"], (RATE, 0)),
        (State.PROCESSING, ["reserve"], (RATE, 0)),
        (State.HANDED_OVER, ["reserve"], (RATE, 0)),
        (State.SCHEDULED, ["reserve"], (RATE, 0)),
    ],
)
def test_money_follows_the_end_of_a_try(ward, paid, end, kinds, money):
    Delivery.objects.filter(pk=paid.pk).update(state=State.SENDING)
    move(fresh(paid), end)
    assert (entries(paid), totals(ward)) == (kinds, money)
    assert verify_budget() == []


@pytest.mark.parametrize("end", [State.CANCELLED, State.MISSED])
def test_what_never_went_out_costs_nothing(ward, paid, end):
    move(paid, end)
    assert (entries(paid), totals(ward)) == (["reserve", "release"], (0, 0))
    assert verify_budget() == []


def test_a_doubt_keeps_the_money_until_it_is_settled(ward, paid):
    Delivery.objects.filter(pk=paid.pk).update(state=State.UNKNOWN)
    desk.decide_unknown(fresh(paid), by=ward.officer, posted=True, note="Báo đã in")
    assert totals(ward) == (0, RATE)


def test_the_limit_is_the_line_and_the_message_says_what_is_left(ward):
    ward.account("contracted", rate=RATE, budget_line=ward.line)
    for number in range(3):
        ward.one("contracted", title=f"Bài {number}")
    version = ward.submitted("contracted", title="Bài thứ tư")
    with pytest.raises(Refused, match=r"chỉ còn 1\.000\.000 đ để cam kết, lượt này cần 3\.000\.000 đ"):
        approve(version, by=ward.approver, digest=version.digest)
    assert totals(ward) == (3 * RATE, 0)
    assert LedgerEntry.objects.count() == Delivery.objects.count() == 3


def test_a_line_may_be_spent_to_its_last_dong(ward):
    ward.account("contracted", rate=10_000_000, budget_line=ward.line)
    ward.one("contracted")
    assert totals(ward) == (10_000_000, 0)


def test_a_line_without_an_amount_buys_nothing(ward):
    BudgetLine.objects.filter(pk=ward.line.pk).update(amount=None)
    ward.account("contracted", rate=1, budget_line=ward.line)
    version = ward.submitted("contracted")
    with pytest.raises(Refused, match="chưa ghi số tiền"):
        approve(version, by=ward.approver, digest=version.digest)
    assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_officers_cannot_spend_the_same_dong():
    ward = make_ward()
    ward.account("contracted", rate=RATE, budget_line=ward.line)
    versions = [ward.submitted("contracted", title=f"Bài {number}") for number in range(6)]
    together = threading.Barrier(6)

    def approver(version):
        try:
            together.wait(20)
            return len(approve(version, by=ward.approver, digest=version.digest))
        except Refused:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as people:
        bought = sum(people.map(approver, versions))
    assert bought == 3
    assert totals(ward) == (3 * RATE, 0)
    assert Delivery.objects.count() == 3
    assert verify_budget() == []


@pytest.mark.parametrize(
    "columns",
    [
        {"committed": 10_000_001},
        {"spent": 10_000_001},
        {"committed": -1},
        {"amount": None, "committed": 1},
        {"amount": -1},
    ],
)
def test_the_database_refuses_a_line_over_its_limit(ward, columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetLine.objects.filter(pk=ward.line.pk).update(**columns)
    assert totals(ward) == (0, 0)


@pytest.mark.parametrize("kind", ["reserve", "confirm"])
def test_the_database_refuses_to_book_the_same_thing_twice(ward, paid, kind):
    first = paid.entries.get()
    LedgerEntry.objects.filter(pk=first.pk).update(kind=kind)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(line=ward.line, delivery=paid, kind=kind, amount=RATE, at=first.at)


@pytest.mark.parametrize("columns", [{"kind": "gift"}, {"amount": -1}])
def test_the_database_refuses_an_entry_that_is_none(ward, paid, columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        paid.entries.update(**columns)


def test_the_database_refuses_a_cost_without_a_line(ward, paid):
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=paid.pk).update(budget_line=None)


def test_a_reservation_over_the_limit_leaves_no_entry(ward, paid):
    BudgetLine.objects.filter(pk=ward.line.pk).update(amount=RATE)
    other = Delivery(pk=paid.pk + 1, cost=1, budget_line=ward.line)
    with pytest.raises(OverLimit):
        reserve(other)
    assert LedgerEntry.objects.count() == 1


def test_what_costs_nothing_leaves_no_entry(ward):
    delivery = ward.one("page")
    reserve(delivery)
    release(delivery)
    assert not LedgerEntry.objects.exists()


def test_the_rate_of_the_day_it_was_ordered_counts(ward, paid):
    ward.account("contracted", rate=9_000_000)
    turn()
    desk.confirm(fresh(paid), by=ward.officer, proofs=MINUTES)
    assert totals(ward) == (0, RATE)
    assert states(paid) == [State.DELIVERED]


def test_the_summary_adds_up_what_lines_state(ward, paid):
    BudgetLine.objects.create(organisation=ward.organisation, plan=ward.plan, name="Chưa ghi", amount=None)
    found = summary(ward.organisation, ward.plan)
    assert (found.planned, found.committed, found.spent, found.left, found.unstated) == (
        10_000_000,
        RATE,
        0,
        7_000_000,
        1,
    )
    assert summary(make_ward().organisation).committed == 0


def line_of(delivery: Delivery):
    return BudgetLine.objects.filter(pk=delivery.budget_line_id)


TAMPERING = {
    "spent more": lambda d: line_of(d).update(spent=F("spent") + 1),
    "committed less": lambda d: line_of(d).update(committed=F("committed") - 1),
    "entry of another amount": lambda d: d.entries.update(amount=F("amount") - 1),
    "entry removed": lambda d: d.entries.all().delete(),
    "entry slipped in": lambda d: d.entries.create(
        line_id=d.budget_line_id, kind="confirm", amount=d.cost, at=d.due_at
    ),
    "delivery made cheaper": lambda d: Delivery.objects.filter(pk=d.pk).update(cost=1),
    "entry moved to another line": lambda d: (
        d.entries.update(line=(other := BudgetLine.objects.exclude(pk=d.budget_line_id).get())),
        line_of(d).update(committed=0),
        BudgetLine.objects.filter(pk=other.pk).update(committed=d.cost),
    ),
}


@pytest.mark.parametrize("how", TAMPERING)
def test_money_that_was_tampered_with_is_found_and_named(ward, paid, how):
    BudgetLine.objects.create(organisation=ward.organisation, plan=ward.plan, name="Dòng khác", amount=50_000_000)
    assert verify_budget() == []
    TAMPERING[how](paid)
    found = verify_budget()
    assert found
    assert {finding.what.split(":")[0] for finding in found} <= {"delivery", "line"}
    assert all(str(paid.pk) in f.message or "Báo chí" in f.message for f in found)


@pytest.mark.parametrize(
    ("amount", "words"), [(0, "0 đ"), (999, "999 đ"), (1_600_000_000, "1.600.000.000 đ"), (-5000, "-5.000 đ")]
)
def test_money_is_written_as_people_write_it(amount, words):
    assert dong(amount) == words
