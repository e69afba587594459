"""Happenings on the screen: adding, moving, calling off, and what everyone reads of it on Today."""

from __future__ import annotations

import re
from datetime import time, timedelta

import pytest
from django.utils import timezone

from publisher.approval.drafting import tie_to_happening
from publisher.approval.happenings import move_happening, new_happening
from publisher.events.models import Event
from publisher.people.rights import Role
from publisher.timetable.models import Happening

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(office):
    return office.client(Role.OFFICER)


@pytest.fixture
def happening(office):
    starts_at = timezone.localtime().replace(hour=14, minute=0, second=0, microsecond=0) + timedelta(days=20)
    by = office.people[Role.OFFICER]
    return new_happening(office.organisation, by=by, title="Đối thoại với thanh niên", starts_at=starts_at)


@pytest.fixture
def tied(office, happening):
    post = office.post("Mời dự đối thoại")
    tie_to_happening(post, happening, by=office.people[Role.OFFICER], days=-7, at=time(8))
    return post


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def text(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_happening_is_added_and_found_in_the_list(office, officer) -> None:
    given = {"title": "Hội nghị dân cư", "day": day(5), "hour": "19:30", "end_hour": "21:00", "place": "Nhà văn hóa"}
    answer = officer.post("/su-kien", given, follow=True)
    assert "Đã thêm sự kiện" in text(answer)
    made = Happening.objects.get(title="Hội nghị dân cư")
    assert f"{timezone.localtime(made.ends_at):%H:%M}" == "21:00"
    assert "Hội nghị dân cư" in text(officer.get("/su-kien"))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"title": "", "day": day(5), "hour": "19:30"}, "Hãy điền “Tên sự kiện”"),
        ({"title": "Họp", "day": day(5), "hour": "19:30", "end_hour": "18:00"}, "Giờ kết thúc phải sau giờ bắt đầu"),
    ],
)
def test_what_is_wrong_with_a_happening_is_said_and_nothing_is_kept(officer, given, told) -> None:
    answer = officer.post("/su-kien", given)
    assert answer.status_code == 422
    assert told in text(answer)
    assert not Happening.objects.exists()


def test_moving_tells_what_moved_here_and_on_today_until_it_was_read(office, officer, happening, tied) -> None:
    given = {"day": day(24), "hour": "14:00", "reason": "Hội trường bận"}
    answer = officer.post(f"/su-kien/{happening.pk}/doi", given, follow=True)
    sentence = "1 bài dời theo."
    assert sentence in text(answer)
    approver = office.client(Role.APPROVER)
    for client in (officer, approver):
        assert sentence in text(client.get("/hom-nay"))
    assert sentence not in text(office.client(Role.AUDITOR).get("/hom-nay"))
    change = happening.changes.get()
    approver.post(f"/su-kien/thay-doi/{change.pk}/da-xem")
    assert sentence not in text(approver.get("/hom-nay"))
    assert sentence in text(officer.get("/hom-nay"))
    history = text(officer.get(f"/tin-bai/{tied.pk}"))
    assert "Dời giờ đăng" in history
    assert "Hội trường bận" in history


def test_the_page_of_a_happening_shows_its_posts_with_their_marks(officer, happening, tied) -> None:
    words = text(officer.get(f"/su-kien/{happening.pk}"))
    assert "T-7, 08:00 Mời dự đối thoại" in words


def test_calling_off_needs_a_reason_and_can_be_taken_back(officer, happening, tied) -> None:
    refused = officer.post(f"/su-kien/{happening.pk}/huy", {"reason": ""})
    assert refused.status_code == 409
    assert "ghi lý do hủy" in text(refused)
    answer = officer.post(f"/su-kien/{happening.pk}/huy", {"reason": "Bão số 5"}, follow=True)
    assert "1 bài nháp cần xử lý" in text(answer)
    assert "đã hủy" in text(officer.get(f"/tin-bai/{tied.pk}"))
    again = officer.post(f"/su-kien/{happening.pk}/to-chuc-lai", follow=True)
    assert "vẫn tổ chức" in text(again)


def test_words_and_end_are_edited(officer, happening) -> None:
    half = officer.post(f"/su-kien/{happening.pk}", {"title": "Đối thoại", "end_day": day(20)})
    assert half.status_code == 422
    officer.post(
        f"/su-kien/{happening.pk}",
        {"title": "Đối thoại", "place": "Hội trường", "end_day": day(20), "end_hour": "17:00"},
    )
    happening.refresh_from_db()
    assert (happening.title, happening.place) == ("Đối thoại", "Hội trường")
    assert Event.objects.filter(kind="happening.edited").exists()


def test_a_change_lists_who_needs_what(office, officer, happening, tied) -> None:
    move_happening(happening, timezone.now() + timedelta(days=3), by=office.people[Role.OFFICER])
    words = text(officer.get(f"/su-kien/{happening.pk}"))
    assert "1 bài nháp có mốc đã qua Mời dự đối thoại" in words
