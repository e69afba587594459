"""Today, the calendar, the budget, and signing in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from publisher.budget.models import BudgetLine
from publisher.delivery.accounts import hold
from publisher.delivery.models import Account, ClockBeat
from publisher.delivery.scheduling import schedule_version
from publisher.delivery.sites import site_address
from publisher.delivery.states import State
from publisher.people.models import Person
from publisher.people.rights import Role


@pytest.fixture
def officer(office):
    return office.client(Role.OFFICER)


def test_today_says_whether_the_clock_lives(office, officer) -> None:
    assert "không chạy" in officer.get("/hom-nay").content.decode()
    ClockBeat.objects.create(name="a:1", started_at=timezone.now(), beat_at=timezone.now())
    assert "đang chạy" in officer.get("/hom-nay").content.decode()


def test_everybody_sees_on_every_page_that_no_clock_runs(office) -> None:
    beat = ClockBeat.objects.create(name="a:1", started_at=timezone.now(), beat_at=timezone.now())
    for role in Role:
        assert "Đồng hồ không chạy" not in office.client(role).get("/lich").content.decode()
    ClockBeat.objects.filter(pk=beat.pk).update(beat_at=timezone.now() - timedelta(seconds=31))
    for role in Role:
        for place in ("/lich", "/kenh", "/ke-hoach"):
            assert "Đồng hồ không chạy" in office.client(role).get(place).content.decode()


def test_today_tells_what_went_wrong_and_what_waits_for_whom(office, officer) -> None:
    office.delivery(State.UNKNOWN)
    failed = office.delivery(State.FAILED)
    type(failed).objects.filter(pk=failed.pk).update(last_error="Kênh từ chối tiêu đề")
    office.delivery(State.HANDED_OVER, account=office.loudspeaker)
    hold(office.page, reason="Mã truy cập hết hạn")
    page = officer.get("/hom-nay").content.decode()
    for words in (
        "Không rõ đã lên chưa",
        "Kênh từ chối tiêu đề",
        "Đã giao, chờ xác nhận",
        "Mã truy cập hết hạn",
    ):
        assert words in page
    assert "Chờ bạn duyệt" not in page
    assert "Chờ bạn duyệt" in office.client(Role.APPROVER).get("/hom-nay").content.decode()


def test_deliveries_of_one_post_at_one_time_are_told_together(office, officer) -> None:
    version = office.submitted(accounts=[office.page, office.newspaper])
    schedule_version(version, by=office.people[Role.APPROVER])
    (bundle,) = officer.get("/hom-nay").context["due"]
    assert [d.account for d in bundle.deliveries] == [office.page, office.newspaper]


def test_the_living_part_is_sent_only_when_something_changed(office, officer) -> None:
    first = officer.get("/hom-nay/moi", headers={"HX-Request": "true"})
    seen = first.context["seen"]
    assert officer.get(f"/hom-nay/moi?seen={seen}").status_code == 204
    office.delivery(State.UNKNOWN)
    changed = officer.get(f"/hom-nay/moi?seen={seen}")
    assert changed.status_code == 200
    assert changed.context["seen"] != seen


def test_the_page_leads_to_what_people_read(office, officer) -> None:
    there = f'href="{site_address(office.organisation)}">Mở trang công khai'
    assert there in officer.get("/hom-nay").content.decode()
    Account.objects.filter(kind="page").update(retired_at=timezone.now())
    assert "Mở trang công khai" not in officer.get("/hom-nay").content.decode()


def test_the_number_of_queries_does_not_grow_with_the_rows(office, officer, django_assert_max_num_queries) -> None:
    for _ in range(3):
        office.delivery(State.UNKNOWN)
        office.delivery(State.DELIVERED)
        office.delivery()
    for place, most in (
        ("/hom-nay", 36),
        ("/luot-dang", 15),
        ("/luot-dang/chua-ro", 20),
        ("/lich", 16),
        ("/tin-bai", 16),
        ("/du-toan", 14),
    ):
        with django_assert_max_num_queries(most):
            officer.get(place)


def test_the_budget_shows_what_is_planned_committed_spent_and_left(office, officer) -> None:
    line = office.line
    Account.objects.filter(pk=office.newspaper.pk).update(rate=2_000_000, budget_line=line)
    version = office.submitted(accounts=[Account.objects.get(pk=office.newspaper.pk)])
    schedule_version(version, by=office.people[Role.APPROVER])
    page = officer.get("/du-toan").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "2.000.000 đ" in page
    entries = officer.get(f"/du-toan/{line.pk}").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "cam kết" in entries
    assert version.title in entries


def test_a_line_without_an_amount_says_so(office, officer) -> None:
    line = BudgetLine.objects.create(organisation=office.organisation, plan=office.plan, name="Chi khác", amount=None)
    assert "kế hoạch không ghi" in officer.get("/du-toan").content.decode()
    assert "kế hoạch không ghi" in officer.get(f"/du-toan/{line.pk}").content.decode()


def test_handed_over_work_that_is_not_due_yet_does_not_ask_for_confirmation(office, officer) -> None:
    office.delivery(State.HANDED_OVER, account=office.loudspeaker, due_at=timezone.now() + timedelta(hours=3))
    assert "Đã giao, chờ xác nhận" not in officer.get("/hom-nay").content.decode()


@pytest.fixture
def password(office) -> str:
    person = office.people[Role.OFFICER]
    person.set_password("mật khẩu đủ dài")
    person.save(update_fields=["password"])
    return "mật khẩu đủ dài"


def test_signing_in_leads_to_where_one_wanted_to_go(office, password: str) -> None:
    given = {"username": "officer", "password": password}
    assert Client().post("/dang-nhap?next=/du-toan", given).headers["Location"] == "/du-toan"
    assert Client().post("/dang-nhap?next=https://evil.example/", given).headers["Location"] == "/hom-nay"


def test_a_wrong_password_says_nothing_about_who_exists(office, password: str) -> None:
    known = Client().post("/dang-nhap", {"username": "officer", "password": "sai"}).content.decode()
    unknown = Client().post("/dang-nhap", {"username": "khong-co", "password": "sai"}).content.decode()
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in known
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in unknown


def test_guessing_passwords_is_stopped(office, password: str) -> None:
    client = Client()
    for _ in range(8):
        answer = client.post("/dang-nhap", {"username": "officer", "password": "sai"})
    assert answer.status_code == 429
    assert "Tạm khóa đăng nhập" in answer.content.decode()
    right = client.post("/dang-nhap", {"username": "officer", "password": password})
    assert right.status_code == 429
    assert Person.objects.get(username="officer").last_login is None


def test_signing_out_needs_a_form_and_ends_the_session(officer) -> None:
    assert officer.get("/dang-xuat").status_code == 405
    officer.post("/dang-xuat")
    assert officer.get("/hom-nay").status_code == 302


def test_the_bare_address_leads_to_work(officer) -> None:
    assert officer.get("/").headers["Location"] == "/hom-nay"
