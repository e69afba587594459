"""A broadcast to an OA's followers from approval to the doubt a person decides: page, article, then the message."""

from __future__ import annotations

from datetime import time

import pytest
from django.utils import timezone

from campaigns.models import PostVersion
from channels.zalo_broadcast import rules
from publisher.approval.review import Refused, approve, submit
from publisher.delivery import desk
from publisher.delivery.accounts import hold, lift
from publisher.delivery.models import Account, Delivery
from publisher.delivery.states import State
from publisher.reports.verification import verify_audit, verify_budget
from tests.ward import Ward, fresh, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
RATE = 250_000


@pytest.fixture
def day(monkeypatch, sandbox):
    """The vendor takes messages at every hour; `night` ends that."""
    monkeypatch.setattr(rules, "OPENS", time.min)
    monkeypatch.setattr(rules, "CLOSES", time.max)
    sandbox.turn("broadcast_opens", 0)
    sandbox.turn("broadcast_closes", 24)
    sandbox.turn("pending_looks", 0)


@pytest.fixture
def oa(ward: Ward, sandbox, day) -> Ward:
    """A ward whose OA sends messages at a price."""
    ward.connect(sandbox)
    ward.account("zalo_broadcast", through=ward.account("zalo"), rate=RATE, budget_line=ward.line)
    return ward


def round_(*deliveries: Delivery) -> list[str]:
    """One turn of the clock, waits left out; the states after it."""
    Delivery.objects.filter(state__in=["scheduled", "unknown", "processing"]).update(next_try_at=timezone.now())
    turn()
    return [fresh(delivery).state for delivery in deliveries]


def ordered(ward: Ward) -> tuple[Delivery, Delivery, Delivery]:
    made = {d.account.kind: d for d in ward.approved("page", "zalo", "zalo_broadcast")}
    return made["page"], made["zalo"], made["zalo_broadcast"]


def standing_article(ward: Ward) -> Delivery:
    """The broadcast of a post whose article stands."""
    page, article, message = ordered(ward)
    assert round_(page, article, message) == [State.DELIVERED, State.SCHEDULED, State.SCHEDULED]
    assert round_(article, message) == [State.DELIVERED, State.SCHEDULED]
    return message


def money(ward: Ward) -> tuple[int, int]:
    ward.line.refresh_from_db()
    return ward.line.committed, ward.line.spent


def test_a_broadcast_is_approved_by_its_own_payload_and_reserves_its_own_cost(oa):
    version: PostVersion = oa.submitted("page", "zalo", "zalo_broadcast")
    kinds = {r.kind: r for r in version.renderings.all()}
    assert kinds["zalo_broadcast"].digest not in {kinds["zalo"].digest, kinds["page"].digest}
    made = {d.account.kind: d for d in approve(version, by=oa.approver, digest=version.digest)}
    assert (made["zalo_broadcast"].cost, made["zalo"].cost) == (RATE, 0)
    assert made["zalo_broadcast"].waits_for == made["zalo"]
    assert made["zalo"].waits_for == made["page"]
    assert money(oa) == (RATE, 0)


def test_it_waits_for_its_article_and_goes_out_once_and_is_paid_once(oa, sandbox):
    message = standing_article(oa)
    assert sandbox.posts("broadcast") == []
    assert round_(message) == [State.DELIVERED]
    round_()
    (sent,) = sandbox.posts("broadcast")
    assert sandbox.posts("zalo")[0]["id"] in str(sent)
    assert money(oa) == (0, RATE)
    assert verify_audit() == []
    assert verify_budget() == []


def test_at_night_it_waits_for_the_morning_and_nobody_else_does(oa, sandbox, monkeypatch):
    message = standing_article(oa)
    hour = timezone.now().astimezone(rules.ZONE).time()
    monkeypatch.setattr(rules, "CLOSES", min(hour, time(23, 59)))
    monkeypatch.setattr(rules, "OPENS", min(hour, time(23, 59)))
    assert round_(message) == [State.SCHEDULED]
    assert "sáng" in fresh(message).last_error
    assert fresh(message).next_try_at.astimezone(rules.ZONE).time() >= rules.AGAIN
    assert Account.objects.get(pk=oa.accounts["zalo"].pk).rests_until is None
    assert sandbox.posts("broadcast") == []
    assert money(oa) == (RATE, 0)


def test_a_hold_of_the_oa_holds_the_message_too(oa, sandbox):
    message = standing_article(oa)
    hold(oa.accounts["zalo"], reason="Mã truy cập hết hạn")
    assert round_(message) == [State.SCHEDULED]
    lift(oa.accounts["zalo"], by=oa.admin)
    assert round_(message) == [State.DELIVERED]


@pytest.mark.parametrize("fault", ["reset_after_commit", "half_answer"])
def test_a_lost_answer_is_a_persons_to_decide_and_never_sent_again_by_itself(oa, sandbox, fault):
    message = standing_article(oa)
    sandbox.fault("zalo", "message", fault)
    assert round_(message) == [State.UNKNOWN]
    waiting = fresh(message)
    assert waiting.review_since is not None
    assert "Zalo không cho đọc lại" in waiting.last_error
    for _ in range(3):
        Account.objects.update(rests_until=None)
        assert round_(message) == [State.UNKNOWN]
    assert len(sandbox.posts("broadcast")) == 1
    assert money(oa) == (RATE, 0)
    desk.decide_unknown(fresh(message), by=oa.officer, posted=True, note="Thấy trong lịch sử gửi tin của OA")
    assert money(oa) == (0, RATE)
    assert verify_audit() == []
    assert verify_budget() == []


def test_a_person_who_saw_no_message_lets_it_go_again(oa, sandbox):
    message = standing_article(oa)
    sandbox.fault("zalo", "message", "reset_before_commit")
    assert round_(message) == [State.UNKNOWN]
    desk.decide_unknown(fresh(message), by=oa.officer, posted=False, note="Không có trong lịch sử gửi tin")
    Account.objects.update(rests_until=None)
    assert round_(message) == [State.DELIVERED]
    assert len(sandbox.posts("broadcast")) == 1


def test_an_article_taken_down_before_takes_the_message_with_it(oa, sandbox):
    message = standing_article(oa)
    article = Delivery.objects.get(account__kind="zalo", action="publish")
    hold(oa.accounts["zalo_broadcast"], reason="Chờ")
    desk.withdraw(article, by=oa.officer, reason="Sai ngày")
    round_()
    lift(oa.accounts["zalo_broadcast"], by=oa.admin)
    assert round_(message) == [State.CANCELLED]
    assert sandbox.posts("broadcast") == []
    assert money(oa) == (0, 0)


def test_a_broadcast_chosen_after_the_article_stands_sends_that_article(oa, sandbox):
    page, article = sorted(oa.approved("page", "zalo"), key=lambda d: d.account.kind)
    round_()
    assert round_(page, article) == [State.DELIVERED, State.DELIVERED]
    accounts = [oa.account(kind) for kind in ("page", "zalo", "zalo_broadcast")]
    (message,) = oa.reworded(page.version.post, accounts=accounts)
    assert message.waits_for_id == article.pk
    assert round_(message) == [State.DELIVERED]
    assert article_of(sandbox) == fresh(article).remote_id


def test_a_broadcast_chosen_with_new_words_waits_for_the_corrected_article(oa, sandbox):
    page, article = sorted(oa.approved("page", "zalo"), key=lambda d: d.account.kind)
    round_()
    round_()
    accounts = [oa.account(kind) for kind in ("page", "zalo", "zalo_broadcast")]
    made = oa.reworded(page.version.post, accounts=accounts, body="Nội dung đã sửa, dài hơn một chút.")
    correction = next(d for d in made if d.account.kind == "zalo")
    message = next(d for d in made if d.account.kind == "zalo_broadcast")
    assert message.waits_for_id == correction.pk
    round_()
    assert round_(message) == [State.DELIVERED]
    assert article_of(sandbox) == fresh(article).remote_id


def article_of(sandbox) -> str:
    (sent,) = sandbox.posts("broadcast")
    return next(post["id"] for post in sandbox.posts("zalo") if post["id"] in str(sent))


def test_a_broadcast_without_its_article_is_refused_before_it_costs_anything(oa):
    post = oa.post("page", "zalo_broadcast")
    version = submit(post, by=oa.officer)
    with pytest.raises(Refused, match="chọn thêm kênh"):
        approve(version, by=oa.approver, digest=version.digest)
    assert money(oa) == (0, 0)


def test_two_oas_each_send_their_own_article(oa):
    other = Account.objects.create(
        organisation=oa.organisation, kind="zalo", name="OA thứ hai", settings={"oa_id": "2"}
    )
    second = Account.objects.create(
        organisation=oa.organisation, kind="zalo_broadcast", name="Gửi OA thứ hai", through=other, pace_per_minute=0
    )
    post = oa.post("page", "zalo", "zalo_broadcast")
    post.accounts.add(other, second)
    version = submit(post, by=oa.officer)
    made = approve(version, by=oa.approver, digest=version.digest)
    pairs = {d.account.name: d.waits_for.account.name for d in made if d.account.kind == "zalo_broadcast"}
    assert pairs == {"zalo_broadcast thử": "zalo thử", "Gửi OA thứ hai": "OA thứ hai"}
