"""What lies on somebody's desk and is not read or printed yet: there in time, taken back when words change."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from campaigns.models import Post
from publisher.approval.drafting import edit_post
from publisher.delivery.desk import NotPossible, withdraw
from publisher.delivery.models import Delivery
from publisher.delivery.states import State
from publisher.reports.verification import verify_budget, verify_deliveries
from tests.ward import fresh, states, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def days_ahead(days: int, hour: int = 7, minute: int = 30) -> datetime:
    day = timezone.localtime(timezone=ZONE) + timedelta(days=days)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def test_a_script_is_on_the_desk_twelve_hours_before_it_is_read(ward):
    (delivery,) = ward.approved("loudspeaker", due=days_ahead(2))
    assert delivery.due_at == days_ahead(2)
    assert turn(delivery.due_at - timedelta(hours=12, minutes=1)) == 0
    assert turn(delivery.due_at - timedelta(hours=12)) == 1
    assert states(delivery) == [State.HANDED_OVER]


def test_a_work_order_is_written_at_once_however_far_its_deadline(ward):
    (delivery,) = ward.approved("contracted", due=days_ahead(40))
    turn()
    assert states(delivery) == [State.HANDED_OVER]
    assert fresh(delivery).due_at == days_ahead(40)


def test_an_edit_takes_back_the_script_that_was_not_read_yet(ward):
    (delivery,) = ward.approved("loudspeaker", due=days_ahead(2))
    turn(delivery.due_at - timedelta(hours=2))
    script = next(ward.desk("loudspeaker").rglob("ban-doc.txt"))
    assert "rác thải cồng kềnh" in script.read_text().lower()

    post = Post.objects.get(pk=delivery.version.post_id)
    edit_post(post, {"title": "Thông báo hoãn lịch thu gom"}, by=ward.officer, revision=post.revision)
    turn()

    assert states(delivery) == [State.FAILED]
    assert fresh(delivery).last_error == "Đã rút lại trước khi thực hiện."
    left = "".join(path.read_text().lower() for path in ward.desk("loudspeaker").rglob("ban-doc.txt"))
    assert "rác thải cồng kềnh" not in left
    assert list(verify_deliveries()) == []


def test_new_words_take_the_place_of_a_script_that_was_taken_back(ward):
    (delivery,) = ward.approved("loudspeaker", due=days_ahead(2))
    turn(delivery.due_at - timedelta(hours=2))
    post = Post.objects.get(pk=delivery.version.post_id)
    post = edit_post(post, {"title": "Thông báo hoãn lịch thu gom"}, by=ward.officer, revision=post.revision)
    turn()
    (renewed,) = ward.reworded(post, lead="Xe không đến vào thứ bảy này.")
    turn(renewed.due_at - timedelta(hours=1))
    script = next(ward.desk("loudspeaker").rglob("ban-doc.txt")).read_text()
    assert states(renewed) == [State.HANDED_OVER]
    assert "Thông báo hoãn lịch thu gom" in script


def test_a_recalled_work_order_frees_its_money_once_the_partner_has_acted(ward):
    account = ward.account("contracted", rate=2_000_000, budget_line=ward.line)
    (delivery,) = ward.approved("contracted", due=days_ahead(40))
    turn()
    notice = withdraw(fresh(delivery), by=ward.officer, reason="Đổi nội dung.")
    turn()
    ward.line.refresh_from_db()
    assert states(delivery, notice) == [State.HANDED_OVER, State.HANDED_OVER]
    assert ward.line.committed == account.rate

    close(notice, ward)
    ward.line.refresh_from_db()
    assert states(delivery) == [State.FAILED]
    assert (ward.line.committed, ward.line.spent) == (0, 0)
    assert verify_budget() == []


def close(notice: Delivery, ward) -> None:
    from channels.contract import Proof
    from publisher.delivery.desk import confirm

    confirm(fresh(notice), by=ward.officer, proofs=[Proof("minutes", "Công văn đồng ý hủy", "12/CV")])


def test_what_should_have_been_read_by_now_cannot_be_taken_back(ward):
    (delivery,) = ward.approved("loudspeaker", due=days_ahead(2))
    turn(delivery.due_at - timedelta(hours=2))
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(NotPossible, match="chưa tới giờ"):
        withdraw(fresh(delivery), by=ward.officer, reason="Nhầm.")
    assert states(delivery) == [State.HANDED_OVER]
