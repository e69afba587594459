"""Kênh đang tạm dừng: one hold once, what waits behind it, and the ways out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.delivery.accounts import hold
from publisher.delivery.models import Account
from publisher.events.models import Event
from publisher.people.rights import Role

PLACE = "/kenh/tam-dung"


@pytest.fixture
def admin(office):
    return office.client(Role.ADMIN)


def test_a_hold_is_shown_once_with_what_waits_and_the_next_of_it(office, admin) -> None:
    for hours in (1, 2, 3):
        office.delivery(due_at=timezone.now() + timedelta(hours=hours))
    hold(office.page, reason="Mã truy cập đã bị thu hồi")
    page = admin.get(PLACE).content.decode()
    assert page.count("Mã truy cập đã bị thu hồi") == 1
    assert "3 lượt đang chờ" in page
    (row,) = admin.get(PLACE).context["held"]
    assert row["waiting"].next_due - timezone.now() < timedelta(hours=1)


def test_an_account_is_held_by_hand_until_a_moment(office, admin) -> None:
    tomorrow = timezone.localtime() + timedelta(days=1)
    given = {"account": office.page.pk, "reason": "Đổi mã", "day": tomorrow.date().isoformat(), "hour": "08:00"}
    admin.post(PLACE, given)
    office.page.refresh_from_db()
    assert (office.page.held_reason, timezone.localtime(office.page.held_until).hour) == ("Đổi mã", 8)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": ""}, "Hãy điền “Vì sao”"),
        ({"day": "2020-01-01", "hour": "08:00"}, "đã qua"),
        ({"day": "2030-01-01"}, "Ghi cả ngày và giờ"),
        ({"account": ""}, "Hãy điền “Kênh”"),
    ],
)
def test_a_hold_nobody_can_follow_is_refused_in_words(office, admin, changes, words) -> None:
    answer = admin.post(PLACE, {"account": office.page.pk, "reason": "Đổi mã", **changes})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    office.page.refresh_from_db()
    assert not office.page.held


def test_opening_without_a_look_needs_a_reason_that_stays_in_the_log(office, admin) -> None:
    hold(office.page, reason="Mã hỏng")
    admin.post(f"/kenh/{office.page.pk}/chay-lai", {"then": "holds"})
    office.page.refresh_from_db()
    assert office.page.held
    answer = admin.post(f"/kenh/{office.page.pk}/chay-lai", {"then": "holds", "reason": "Đã gọi Facebook"}, follow=True)
    office.page.refresh_from_db()
    assert not office.page.held
    assert answer.redirect_chain[-1][0] == PLACE
    assert Event.objects.get(kind="account.opened").data["reason"] == "Đã gọi Facebook"


def test_a_good_look_opens_also_what_a_person_held_when_asked_to(office, admin) -> None:
    hold(office.page, reason="Kiểm kê", by=office.people[Role.ADMIN])
    admin.post(f"/kenh/{office.page.pk}/kiem-tra", {"then": "holds"})
    office.page.refresh_from_db()
    assert office.page.held, "a look alone lifts only what trouble held"
    admin.post(f"/kenh/{office.page.pk}/kiem-tra", {"then": "holds", "open": "1"})
    office.page.refresh_from_db()
    assert not office.page.held


def test_a_look_that_finds_something_missing_keeps_the_hold_and_says_why(office, admin) -> None:
    facebook = Account.objects.create(organisation=office.organisation, kind="facebook", name="FB")
    hold(facebook, reason="Mã hỏng")
    answer = admin.post(f"/kenh/{facebook.pk}/kiem-tra", {"then": "holds", "open": "1"}, follow=True)
    facebook.refresh_from_db()
    assert facebook.held
    assert "Thiếu Mã truy cập Trang" in facebook.held_reason
    assert "chưa dùng được" in answer.content.decode()


def test_who_may_not_manage_reads_only(office) -> None:
    hold(office.page, reason="Mã hỏng")
    page = office.client(Role.OFFICER).get(PLACE).content.decode()
    assert "Mã hỏng" in page
    assert "Mở ngay" not in page
    assert "Tạm dừng một kênh" not in page
