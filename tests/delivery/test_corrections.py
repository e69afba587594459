"""Correction and withdrawal reach every channel that can, whatever crosses their way."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Post, PostState
from channels.contract import Proof
from publisher.approval.drafting import edit_post
from publisher.approval.review import Refused
from publisher.delivery import desk
from publisher.delivery.desk import NotPossible
from publisher.delivery.models import Action, Delivery
from publisher.delivery.states import State
from publisher.events.models import Event
from publisher.reports.verification import verify_audit, verify_budget
from tests.ward import TITLE, Ward, fresh, turn, turn_until_quiet

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
NEW = {"title": "Lịch thu gom rác: đổi sang chủ nhật", "body": "Thu gom lúc 8 giờ sáng chủ nhật."}
REASON = "Sai ngày"


def of_kind(kind: str) -> Delivery:
    return Delivery.objects.filter(account__kind=kind).order_by("-pk").first()


def settle(ward: Ward) -> None:
    """The clock's rounds until everything rests, waits left out; contractors accept."""
    for _ in range(12):
        Delivery.objects.filter(state__in=["scheduled", "unknown", "processing"]).update(next_try_at=timezone.now())
        if not turn():
            break
    for row in Delivery.objects.filter(state=State.HANDED_OVER, organisation=ward.organisation):
        desk.confirm(row, by=ward.officer, proofs=[Proof("minutes", "Biên bản", f"BB-{row.pk}")])


@pytest.fixture
def published(ward: Ward, sandbox) -> Post:
    ward.connect(sandbox)
    sandbox.turn("pending_looks", 0)
    made = ward.approved("page", "feed", "facebook", "zalo")
    settle(ward)
    assert {fresh(d).state for d in made} == {State.DELIVERED}
    return made[0].version.post


def test_a_correction_reaches_page_feed_facebook_and_zalo(ward, sandbox, published):
    url = of_kind("page").permalink
    corrections = ward.reworded(published, **NEW)
    assert [d.action for d in corrections] == [Action.CORRECT] * 4
    settle(ward)
    assert {fresh(d).state for d in corrections} == {State.DELIVERED}
    assert set(Delivery.objects.filter(action="publish").values_list("state", flat=True)) == {State.CORRECTED}

    page = of_kind("page")
    html = (ward.site / page.remote_id / "index.html").read_text()
    assert "chủ nhật" in html
    assert "thứ bảy" not in html
    assert page.permalink == url, "an address once given is for life"
    feed = json.loads((ward.site / "feed.json").read_text())
    assert [item["title"] for item in feed["items"]] == [NEW["title"]]
    (post,) = sandbox.posts("facebook")
    assert post["message"].startswith(NEW["title"])
    (article,) = sandbox.posts("zalo")
    assert article["title"] == NEW["title"]
    assert verify_audit() == []
    assert verify_budget() == []


def test_a_withdrawal_reaches_page_feed_facebook_and_zalo(ward, sandbox, published):
    for kind in ("page", "feed", "facebook", "zalo"):
        follow_up = desk.withdraw(of_kind(kind), by=ward.officer, reason=REASON)
        assert follow_up.urgent
    settle(ward)
    assert set(Delivery.objects.filter(action="publish").values_list("state", flat=True)) == {State.WITHDRAWN}
    assert "bài đã gỡ" in (ward.site / of_kind("page").remote_id / "index.html").read_text().lower()
    assert json.loads((ward.site / "feed.json").read_text())["items"] == []
    assert sandbox.posts("facebook") == []
    assert sandbox.posts("zalo") == []
    assert verify_audit() == []


def test_a_correction_of_a_correction_and_then_a_withdrawal_find_what_stands(ward, sandbox, published):
    ward.reworded(published, **NEW)
    settle(ward)
    ward.reworded(published, title="Lần sửa thứ hai")
    settle(ward)
    (post,) = sandbox.posts("facebook")
    assert post["message"].startswith("Lần sửa thứ hai")
    for kind in ("page", "feed", "facebook", "zalo"):
        desk.withdraw(of_kind(kind), by=ward.officer, reason=REASON)
    settle(ward)
    assert sandbox.posts("facebook") == []
    assert sandbox.posts("zalo") == []
    assert json.loads((ward.site / "feed.json").read_text())["items"] == []
    assert verify_audit() == []


def test_a_work_order_corrected_twice_and_withdrawn_is_one_order(ward):
    """The files are named by the delivery that first ordered; a correction of a correction must find them."""
    ward.account("contracted", rate=1_000_000, budget_line=ward.line)
    post = ward.delivered("contracted").version.post
    settle(ward)
    ward.reworded(post, **NEW)
    settle(ward)
    ward.reworded(post, title="Lần sửa thứ hai")
    turn()
    settle(ward)
    orders = list(ward.desk("contracted").glob("*/*/order.json"))
    assert len(orders) == 1
    assert json.loads(orders[0].read_text())["revision"] == 3
    desk.withdraw(of_kind("contracted"), by=ward.officer, reason=REASON)
    turn()
    settle(ward)
    assert json.loads(orders[0].read_text())["cancelled_at"]
    assert Delivery.objects.get(pk=of_kind("contracted").of_id).state == State.WITHDRAWN
    ward.line.refresh_from_db()
    assert (ward.line.committed, ward.line.spent) == (0, 1_000_000), "a correction is not paid for again"
    assert verify_budget() == []


def test_what_was_aired_is_corrected_in_a_later_session_and_stays_as_it_was_said(ward):
    delivery = ward.delivered("loudspeaker")
    (said,) = ward.desk("loudspeaker").glob("*/ban-doc.txt")
    before = said.read_bytes()
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now() - timedelta(minutes=5))
    said.parent.rename(said.parent.with_name(f"{timezone.localtime() - timedelta(minutes=5):%Y-%m-%d-%H%M}"))
    desk.confirm(fresh(delivery), by=ward.officer, note="Phát đủ")
    (correction,) = ward.reworded(delivery.version.post, **NEW)
    turn()
    assert fresh(correction).state == State.HANDED_OVER
    scripts = {path.parent.name: path.read_text() for path in ward.desk("loudspeaker").glob("*/ban-doc.txt")}
    assert len(scripts) == 2
    assert "Xin đính chính tin đã phát" in scripts[max(scripts)]
    assert before.decode() in scripts.values()


def test_the_same_post_cannot_be_withdrawn_twice(ward, published):
    desk.withdraw(of_kind("page"), by=ward.officer, reason=REASON)
    original = Delivery.objects.get(account__kind="page", action="publish")
    with pytest.raises(NotPossible, match="chưa xong"):
        desk.withdraw(original, by=ward.officer, reason=REASON)
    settle(ward)
    with pytest.raises(NotPossible, match="đang đăng"):
        desk.withdraw(original, by=ward.officer, reason=REASON)  # even from a stale page


def test_a_withdrawal_needs_a_reason_and_orders_nothing_without_one(ward, published):
    with pytest.raises(NotPossible, match="lý do"):
        desk.withdraw(of_kind("page"), by=ward.officer, reason="  ")
    assert not Delivery.objects.filter(action="withdraw").exists()


def test_a_withdrawal_stops_a_correction_that_has_not_gone_out(ward, sandbox, published):
    correction = next(d for d in ward.reworded(published, **NEW) if d.account.kind == "facebook")
    desk.withdraw(Delivery.objects.get(account__kind="facebook", action="publish"), by=ward.officer, reason=REASON)
    settle(ward)
    assert fresh(correction).state == State.CANCELLED
    assert sandbox.posts("facebook") == []


def test_an_edit_does_not_call_a_withdrawal_back(ward, sandbox, published):
    order = desk.withdraw(of_kind("facebook"), by=ward.officer, reason=REASON)
    row = Post.objects.get(pk=published.pk)
    edit_post(row, {"title": "Sửa"}, by=ward.officer, revision=row.revision)
    turn_until_quiet()
    assert fresh(order).state == State.DELIVERED
    assert sandbox.posts("facebook") == []


def test_a_correction_while_one_is_in_doubt_is_refused_and_nothing_is_half_done(ward, sandbox, published):
    sandbox.fault("facebook", "edit", "reset_after_commit")
    ward.reworded(published, **NEW)
    Delivery.objects.filter(account__kind="facebook", action="correct").update(state=State.HANDED_OVER)
    before = Delivery.objects.count()
    with pytest.raises(Refused, match="chưa xong"):
        ward.reworded(published, title="Nữa")
    assert Delivery.objects.count() == before
    assert Post.objects.get(pk=published.pk).state == PostState.SUBMITTED


def test_a_correction_whose_answer_was_lost_is_simply_made_again(ward, sandbox, published):
    sandbox.fault("facebook", "edit", "reset_after_commit")
    ward.reworded(published, **NEW)
    settle(ward)
    (post,) = sandbox.posts("facebook")
    assert post["message"].startswith(NEW["title"])
    assert Delivery.objects.get(account__kind="facebook", action="publish").state == State.CORRECTED


def test_what_was_withdrawn_can_be_published_anew(ward, sandbox, published):
    for kind in ("page", "feed", "facebook", "zalo"):
        desk.withdraw(of_kind(kind), by=ward.officer, reason=REASON)
    settle(ward)
    made = ward.reworded(published, **NEW)
    assert [d.action for d in made] == [Action.PUBLISH] * 4
    settle(ward)
    assert {fresh(d).state for d in made} == {State.DELIVERED}
    assert len(sandbox.posts("facebook")) == 1


def test_words_edited_while_a_post_was_in_doubt_do_not_go_out_again(ward, sandbox):
    ward.connect(sandbox)
    sandbox.fault("facebook", "photos", "reset_before_commit")
    delivery = ward.delivered("facebook")
    assert delivery.state == State.UNKNOWN
    row = Post.objects.get(pk=delivery.version.post_id)
    edit_post(row, NEW, by=ward.officer, revision=row.revision)
    settle(ward)
    delivery = fresh(delivery)
    assert delivery.state == State.CANCELLED
    assert "sửa sau khi duyệt" in delivery.last_error
    assert not [p for p in sandbox.posts("facebook") if p["message"].startswith(TITLE)]


def test_a_new_version_is_not_ordered_beside_one_that_is_under_way(ward):
    """A second work order beside an open one would be printed and paid for twice."""
    ward.account("contracted", rate=1_000_000, budget_line=ward.line)
    delivery = ward.delivered("contracted")
    assert delivery.state == State.HANDED_OVER
    assert ward.reworded(delivery.version.post, **NEW) == []
    assert Delivery.objects.count() == 1
    note = Event.objects.get(kind="post.not_everywhere")
    assert note.data["deliveries"] == [str(delivery.pk)]


def test_a_late_answer_to_a_withdrawal_takes_the_original_down_in_the_log_too(ward, sandbox, published):
    from publisher.delivery.claim import claim_due
    from publisher.delivery.deciding import recover
    from publisher.delivery.recording import begin, record_outcome
    from publisher.delivery.sending import act, load

    original = of_kind("facebook")
    order = desk.withdraw(original, by=ward.officer, reason=REASON)
    ((pk, lease),) = claim_due(timezone.now())
    row = load(pk)
    attempt = begin(row, lease, worker="máy:1")
    outcome = act(row)
    recover(timezone.now() + timedelta(hours=1))  # the clock gave it up while the vendor was slow
    assert fresh(order).state == State.UNKNOWN
    record_outcome(row, attempt, lease, outcome)
    assert fresh(order).state == State.DELIVERED
    assert fresh(original).state == State.WITHDRAWN
    assert verify_audit() == []


def test_an_order_that_may_have_taken_effect_is_finished_and_not_called_off(ward, sandbox, published):
    original = of_kind("facebook")
    order = desk.withdraw(original, by=ward.officer, reason=REASON)
    sandbox.fault("facebook", "delete", "reset_after_commit")
    turn()
    assert fresh(order).attempts_made == 1
    with pytest.raises(desk.NotPossible, match="làm lại cho xong"):
        desk.cancel(fresh(order), by=ward.officer, reason="Đổi ý")
    settle(ward)
    assert fresh(original).state == State.WITHDRAWN
