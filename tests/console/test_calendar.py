"""The calendar: what stands on which day and hour, and moving it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from publisher.approval.drafting import set_schedule
from publisher.approval.review import approve
from publisher.console.spans import month_of, span_asked, week_of
from publisher.delivery.models import Delivery
from publisher.delivery.states import State
from publisher.events.models import Event
from publisher.people.rights import Role
from publisher.timetable.models import Happening

pytestmark = pytest.mark.django_db
SOON = timezone.make_aware(datetime(2027, 3, 10, 9, 0))  # noqa: DTZ001  a Wednesday


@pytest.fixture
def officer(office):
    return office.client(Role.OFFICER)


@pytest.fixture
def draft(office):
    post = office.post("Tết trồng cây")
    set_schedule(post, by=office.people[Role.OFFICER], starts_at=SOON)
    return post


@pytest.fixture
def approved(office, draft):
    from publisher.approval.review import submit

    version = submit(draft, by=office.people[Role.OFFICER])
    approve(version, by=office.people[Role.APPROVER], digest=version.digest)
    draft.refresh_from_db()
    return draft


def cells(client, query: str) -> list:
    return [cell for week in client.get(f"/lich?{query}").context["weeks"] for cell in week]


def titles(client, query: str) -> dict[str, list[str]]:
    return {cell.date.isoformat(): [e.title for e in cell.entries] for cell in cells(client, query) if cell.entries}


def move(client, post, occurrence: datetime, to: datetime, **more: str):
    local = timezone.localtime(to)
    given = {"luc": occurrence.isoformat(), "day": f"{local:%Y-%m-%d}", "hour": f"{local:%H:%M}"}
    return client.post(f"/tin-bai/{post.pk}/doi", {**given, "xem": "thang=2027-03", **more})


def test_a_delivery_stands_on_its_day_in_the_offices_zone(office, officer) -> None:
    office.delivery(due_at=timezone.make_aware(datetime(2027, 1, 1, 0, 30)))  # noqa: DTZ001  still 2026 in UTC
    assert list(titles(officer, "thang=2027-01")) == ["2027-01-01"]


def test_a_draft_with_a_time_stands_beside_what_is_approved(office, officer, draft) -> None:
    assert titles(officer, "thang=2027-03") == {"2027-03-10": ["Tết trồng cây"]}


def test_a_draft_that_repeats_stands_on_every_day_of_its_rule(office, officer) -> None:
    post = office.post("Lịch thu gom rác")
    officer_person = office.people[Role.OFFICER]
    set_schedule(post, by=officer_person, starts_at=SOON, rule="FREQ=WEEKLY;BYDAY=WE", until=date(2027, 3, 31))
    assert list(titles(officer, "thang=2027-03")) == ["2027-03-10", "2027-03-17", "2027-03-24", "2027-03-31"]


def test_a_week_shows_its_entries_by_the_hour(officer, draft) -> None:
    rows = officer.get("/lich?tuan=2027-03-11").context["rows"]
    assert [row.hour for row in rows] == list(range(6, 20))
    assert [e.title for row in rows if row.hour == 9 for _, entries in row.cells for e in entries] == ["Tết trồng cây"]


def test_holidays_and_lunar_days_are_written_on_the_days(officer) -> None:
    by_day = {cell.date: cell for cell in cells(officer, "thang=2026-09")}
    assert by_day[date(2026, 9, 2)].note
    assert by_day[date(2026, 9, 2)].tone == "off"
    assert str(by_day[date(2026, 9, 25)].lunar) == "15/8"
    assert "Trung thu" in officer.get("/lich?thang=2026-09").content.decode()


def test_a_happening_stands_on_its_day(office, officer) -> None:
    Happening.objects.create(organisation=office.organisation, title="Ngày hội đọc sách", starts_at=SOON)
    assert "Ngày hội đọc sách" in officer.get("/lich?thang=2027-03").content.decode()
    assert "Ngày hội đọc sách" in officer.get("/lich?tuan=2027-03-10").content.decode()


def test_two_posts_in_one_hour_of_one_account_are_marked(office, officer, draft) -> None:
    other = office.post("Ngày chủ nhật xanh")
    set_schedule(other, by=office.people[Role.OFFICER], starts_at=SOON + timedelta(minutes=20))
    answer = officer.get("/lich?thang=2027-03")
    assert answer.context["clashing"] == 2
    assert "slot-clash" in answer.content.decode()


def test_an_hour_apart_is_no_clash_unless_the_words_are_the_same(office, officer, draft) -> None:
    other = office.post("Tin khác")
    set_schedule(other, by=office.people[Role.OFFICER], starts_at=SOON + timedelta(hours=2))
    assert officer.get("/lich?thang=2027-03").context["clashing"] == 0
    same = office.post("Tết trồng cây")
    set_schedule(same, by=office.people[Role.OFFICER], starts_at=SOON + timedelta(hours=5))
    assert officer.get("/lich?thang=2027-03").context["clashing"] == 2


def test_a_draft_is_moved_to_the_day_and_hour_it_is_dropped_on(officer, draft) -> None:
    answer = move(officer, draft, SOON, SOON + timedelta(days=2))
    assert answer.status_code == 302
    draft.schedule.refresh_from_db()
    assert draft.schedule.starts_at == SOON + timedelta(days=2)


def test_an_approved_post_moves_within_the_window_and_stays_approved(officer, approved) -> None:
    move(officer, approved, SOON, SOON + timedelta(days=2))
    approved.refresh_from_db()
    assert approved.state == "approved"
    assert Delivery.objects.get(version__post=approved).due_at == SOON + timedelta(days=2)
    assert Event.objects.filter(kind="delivery.rescheduled").exists()


def test_a_move_that_would_undo_the_approval_asks_before_it_is_done(officer, approved) -> None:
    far = SOON + timedelta(days=60)
    asked = move(officer, approved, SOON, far)
    approved.refresh_from_db()
    assert asked.context["voids"]
    assert "Dời và trình duyệt lại" in asked.content.decode()
    assert approved.state == "approved"
    assert approved.schedule.starts_at == SOON
    assert not Event.objects.filter(kind="post.rescheduled").exists()
    move(officer, approved, SOON, far, agreed="1")
    approved.refresh_from_db()
    assert approved.state == "draft"
    assert Delivery.objects.get(version__post=approved).state == State.CANCELLED


def test_a_move_into_the_past_is_refused_in_words(officer, draft) -> None:
    answer = move(officer, draft, SOON, timezone.now() - timedelta(days=1))
    assert answer.status_code == 422
    assert "đã qua" in answer.content.decode()
    draft.schedule.refresh_from_db()
    assert draft.schedule.starts_at == SOON


def test_a_year_nobody_means_is_told_not_reckoned_with(officer, draft) -> None:
    given = {"luc": SOON.isoformat(), "day": "9999-12-31", "hour": "09:00"}
    answer = officer.post(f"/tin-bai/{draft.pk}/doi", given)
    assert answer.status_code == 422
    assert "Năm 9999 không đúng" in answer.content.decode()


def test_a_drop_answers_with_the_calendar_it_was_made_on(officer, draft) -> None:
    given = {"luc": SOON.isoformat(), "day": "2027-03-12", "hour": "09:00", "xem": "thang=2027-03"}
    answer = officer.post(f"/tin-bai/{draft.pk}/doi", given, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert 'data-asked="thang=2027-03"' in page
    assert "Đã dời “Tết trồng cây”" in page


def test_the_form_for_fingers_and_keys_names_the_time_it_starts_from(officer, draft) -> None:
    query = urlencode({"luc": SOON.isoformat(), "xem": "thang=2027-03"})
    page = officer.get(f"/tin-bai/{draft.pk}/doi?{query}").content.decode()
    assert 'value="2027-03-10"' in page
    assert 'value="09:00"' in page


@pytest.mark.parametrize("luc", ["hôm qua", "2027-03-10T09:00:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_is_none_or_has_no_zone_answers_404(officer, draft, luc) -> None:
    assert officer.get(f"/tin-bai/{draft.pk}/doi", {"luc": luc}).status_code == 404


def test_an_approver_moves_too(office, approved) -> None:
    move(office.client(Role.APPROVER), approved, SOON, SOON + timedelta(days=1))
    assert Delivery.objects.get(version__post=approved).due_at == SOON + timedelta(days=1)


def test_who_only_reads_finds_nothing_to_drag(office, draft) -> None:
    auditor = office.client(Role.AUDITOR)
    assert "draggable" not in auditor.get("/lich?thang=2027-03").content.decode()
    assert move(auditor, draft, SOON, SOON + timedelta(days=1)).status_code == 403


def test_the_post_of_another_office_is_not_there(office, draft) -> None:
    assert move(office.client(office.stranger), draft, SOON, SOON + timedelta(days=1)).status_code == 404


@pytest.mark.parametrize("query", ["thang=2026-13", "thang=xuân", "thang=1999-12", "thang=2101-01", "tuan=2026-02-30"])
def test_a_month_or_week_that_is_none_answers_404(officer, query: str) -> None:
    assert officer.get(f"/lich?{query}").status_code == 404


@pytest.mark.parametrize("query", ["thang=2000-01", "thang=2100-12", "tuan=2000-01-01"])
def test_the_first_and_last_days_of_the_calendar_can_be_shown(officer, query: str) -> None:
    assert officer.get(f"/lich?{query}").status_code == 200


def test_weeks_begin_on_monday() -> None:
    assert all(week[0].weekday() == 0 and len(week) == 7 for week in month_of(date(2026, 11, 1)).weeks)
    assert week_of(date(2026, 11, 22)).days[0] == date(2026, 11, 16)


def test_without_a_wish_the_month_of_today_is_shown() -> None:
    assert span_asked("", "", date(2026, 11, 22)).title == "Lịch tháng 11/2026"
