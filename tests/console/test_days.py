"""Days that differ, the rule for moves, the switch for quốc tang, and calendars for telephones, on the screen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from publisher.approval.blackouts import set_blackout
from publisher.approval.happenings import cancel_happening, new_happening
from publisher.approval.review import approve
from publisher.delivery.bounds import days_of
from publisher.delivery.models import CalendarFeed, Delivery
from publisher.delivery.states import State
from publisher.events.models import Event
from publisher.people.models import Member
from publisher.people.rights import Role
from publisher.timetable.models import Blackout, DayOverride, TimingRules
from tests.console.test_happenings import day, text

pytestmark = pytest.mark.django_db
NOTICE = {"reason": "Quốc tang", "document": "Thông cáo đặc biệt"}


@pytest.fixture
def officer(office):
    return office.client(Role.OFFICER)


def approved(office, title: str = "Ba thùng, ba màu", **fields: object) -> list[Delivery]:
    version = office.submitted(title, **fields)
    return approve(version, by=office.people[Role.APPROVER], digest=version.digest)


def test_a_day_is_entered_with_its_document_and_counts(office, officer) -> None:
    given = {"date": day(3), "kind": "off", "name": "Nghỉ bù", "source": "CV 9859/VPCP-KGVX"}
    answer = officer.post("/lich/ngay", given, follow=True)
    assert "Nghỉ bù CV 9859/VPCP-KGVX; Người officer ghi" in text(answer)
    assert not days_of(office.organisation).is_working(timezone.localdate() + timedelta(days=3))
    assert Event.objects.get(kind="day.set").data["source"] == "CV 9859/VPCP-KGVX"


def test_a_day_without_a_document_is_not_entered(officer) -> None:
    answer = officer.post("/lich/ngay", {"date": day(3), "kind": "off", "name": "Nghỉ", "source": ""})
    assert answer.status_code == 422
    assert not DayOverride.objects.exists()


def test_a_silent_day_says_how_many_deliveries_it_holds(office, officer) -> None:
    (delivery,) = approved(office)
    tomorrow = timezone.now() + timedelta(days=1)
    Delivery.objects.filter(pk=delivery.pk).update(due_at=tomorrow, next_try_at=tomorrow)
    given = {"date": day(1), "kind": "quiet", "name": "Kỳ thi", "source": "CV 12"}
    assert "1 lượt đã lên lịch vào ngày này sẽ chờ xem lại" in text(officer.post("/lich/ngay", given, follow=True))


def test_a_day_is_taken_out_again_and_the_log_keeps_it(office, officer) -> None:
    officer.post("/lich/ngay", {"date": day(3), "kind": "quiet", "name": "Kỳ thi", "source": "CV 12"})
    officer.post(f"/lich/ngay/{DayOverride.objects.get().pk}/bo")
    assert not DayOverride.objects.exists()
    assert Event.objects.get(kind="day.removed").data["name"] == "Kỳ thi"


def test_the_shipped_holidays_are_shown(officer) -> None:
    assert "Quốc khánh" in text(officer.get("/lich/ngay"))


def test_the_window_for_moves_is_shown_to_all_and_changed_by_the_admin(office, officer) -> None:
    assert "trong vòng 14 ngày" in text(officer.get("/lich/ngay"))
    office.client(Role.ADMIN).post("/lich/quy-tac", {"approval_window_days": "7"})
    assert TimingRules.objects.get().approval_window_days == 7
    assert "trong vòng 7 ngày" in text(officer.get("/lich/ngay"))


def test_while_posts_are_held_every_page_says_so(office, officer) -> None:
    approver = office.client(Role.APPROVER)
    assert approver.post("/tam-dung", {**NOTICE, "document": ""}).status_code == 422
    approver.post("/tam-dung", NOTICE)
    for place in ("/hom-nay", "/lich", "/tin-bai", "/kenh", "/tam-dung"):
        assert "Đang tạm dừng đăng: Quốc tang (Thông cáo đặc biệt)" in text(officer.get(place)), place
    assert "/tam-dung/dang-lai" not in officer.get("/tam-dung").content.decode()
    approver.post("/tam-dung/dang-lai")
    assert "Đang tạm dừng đăng" not in text(officer.get("/hom-nay"))
    assert Blackout.objects.get().lifted_by == office.people[Role.APPROVER]


@pytest.fixture
def held(office):
    (delivery,) = approved(office)
    set_blackout(office.organisation, by=office.people[Role.APPROVER], **NOTICE)
    return delivery


def test_what_was_held_is_decided_one_by_one(office, officer, held) -> None:
    page = text(officer.get("/tam-dung"))
    assert "Chờ xem lại (1)" in page
    assert "Đăng ngay" not in page
    place = f"/tam-dung/luot/{held.pk}"
    assert officer.post(place, {"do": "now"}).status_code == 409
    assert officer.post(place, {"do": "later"}).status_code == 422
    assert officer.post(place, {"do": "drop"}).status_code == 409
    office.client(Role.APPROVER).post("/tam-dung/dang-lai")
    assert "1 lượt đăng chờ xem lại, không tự đi" in text(officer.get("/hom-nay"))
    answer = officer.post(place, {"do": "later", "day": day(2), "hour": "09:30"}, follow=True)
    assert "sẽ đăng trên Trang phường lúc 09:30" in text(answer)
    held.refresh_from_db()
    assert held.review_since is None


def test_what_was_held_is_dropped_with_a_reason(officer, held) -> None:
    officer.post(f"/tam-dung/luot/{held.pk}", {"do": "drop", "reason": "Hết thời sự"})
    held.refresh_from_db()
    assert held.state == State.CANCELLED


def test_what_was_held_goes_now(office, officer, held) -> None:
    office.client(Role.APPROVER).post("/tam-dung/dang-lai")
    officer.post(f"/tam-dung/luot/{held.pk}", {"do": "now"})
    held.refresh_from_db()
    assert held.review_since is None


def address_in(answer) -> str:
    return re.search(r'value="https?://[^/]+(/lich/xem/[^"]+)"', answer.content.decode())[1]


def test_a_calendar_is_read_without_signing_in_and_only_by_who_knows_the_address(office, officer) -> None:
    (delivery,) = approved(office)
    new_happening(
        office.organisation,
        by=office.people[Role.OFFICER],
        title="Đối thoại",
        starts_at=timezone.now(),
        place="Hội trường",
    )
    place = address_in(officer.post("/lich/dien-thoai", {"of": ""}))
    assert place not in officer.get("/lich/dien-thoai").content.decode()
    token = place.rsplit("/", 1)[1].removesuffix(".ics")
    assert not CalendarFeed.objects.filter(token_sha256__contains=token).exists()
    answer = Client().get(place)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    titles = {str(event["SUMMARY"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")}
    assert titles == {f"{delivery.version.title} → Trang phường", "Đối thoại"}
    assert Client().get("/lich/xem/khong-co.ics").status_code == 404
    assert "Đối thoại" not in Client().get(place.replace(token, token[:-1])).content.decode()


def test_a_calendar_of_a_channel_holds_that_channel_alone(office, officer) -> None:
    made = approved(office, accounts=[office.page, office.loudspeaker])
    place = address_in(officer.post("/lich/dien-thoai", {"of": str(office.loudspeaker.pk)}))
    (event,) = Calendar.from_ical(Client().get(place).content).walk("VEVENT")
    spoken = next(d for d in made if d.account == office.loudspeaker)
    assert str(event["UID"]).startswith(str(spoken.ref))


def test_a_calendar_says_what_was_called_off(office, officer) -> None:
    by = office.people[Role.OFFICER]
    happening = new_happening(office.organisation, by=by, title="Đối thoại", starts_at=timezone.now())
    place = address_in(officer.post("/lich/dien-thoai", {"of": ""}))
    cancel_happening(happening, by=by, reason="Bão")
    (event,) = Calendar.from_ical(Client().get(place).content).walk("VEVENT")
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", 1)


def test_a_revoked_calendar_and_that_of_somebody_who_left_open_no_more(office, officer) -> None:
    first, second = (address_in(officer.post("/lich/dien-thoai", {"of": ""})) for _ in range(2))
    officer.post(f"/lich/dien-thoai/{CalendarFeed.objects.order_by('pk').first().pk}/thu-hoi")
    assert [Client().get(place).status_code for place in (first, second)] == [404, 200]
    Member.objects.filter(person=office.people[Role.OFFICER]).update(left_at=timezone.now())
    assert Client().get(second).status_code == 404


def test_a_calendar_of_another_office_cannot_be_asked_for_here(office) -> None:
    stranger = office.client(office.stranger)
    answer = stranger.post("/lich/dien-thoai", {"of": str(office.page.pk)})
    assert answer.status_code == 422
    assert not CalendarFeed.objects.exists()
