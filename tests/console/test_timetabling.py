"""Xếp lịch on the screen: a proposal to read, then times for what was ticked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.models import Campaign
from publisher.approval.drafting import set_schedule
from publisher.people.rights import Role
from publisher.timetable.models import Schedule
from tests.console.test_happenings import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(office):
    return office.client(Role.OFFICER)


@pytest.fixture
def campaign(office):
    """Three drafts of a campaign that wants two a month for three months."""
    office.campaign.posts.all().delete()
    today = timezone.localdate()
    Campaign.objects.filter(pk=office.campaign.pk).update(
        rhythm={"every": "month", "count": 2, "origin": "own"},
        rhythms=[],
        starts_on=today + timedelta(days=1),
        ends_on=today + timedelta(days=90),
    )
    office.drafts = [office.post(f"Bài {n}") for n in range(3)]
    return Campaign.objects.get(pk=office.campaign.pk)


def digest(page: str) -> str:
    return re.search(r'name="digest" value="([^"]+)"', page)[1]


def test_a_proposal_stores_nothing_and_names_what_is_missing(officer, campaign) -> None:
    answer = officer.get(f"/chien-dich/{campaign.pk}/xep-lich")
    words = text(answer)
    assert "Xếp được 3 bài" in words
    assert re.search(r"thiếu \d bài nháp", words)
    assert not Schedule.objects.exists()


def test_accepting_gives_times_to_what_was_ticked(office, officer, campaign) -> None:
    place = f"/chien-dich/{campaign.pk}/xep-lich"
    page = officer.get(place).content.decode()
    ticked = [str(post.pk) for post in office.drafts[:2]]
    answer = officer.post(place, {"digest": digest(page), "clock": "08:00", "bai": ticked}, follow=True)
    assert "Đã xếp lịch 2 bài nháp" in text(answer)
    assert {str(pk) for pk in Schedule.objects.values_list("post", flat=True)} == set(ticked)


def test_a_proposal_that_changed_is_shown_again_instead_of_stored(office, officer, campaign) -> None:
    place = f"/chien-dich/{campaign.pk}/xep-lich"
    seen = digest(officer.get(place).content.decode())
    set_schedule(office.drafts[0], by=office.people[Role.OFFICER], starts_at=timezone.now() + timedelta(days=5))
    answer = officer.post(place, {"digest": seen, "clock": "08:00", "bai": [str(office.drafts[1].pk)]})
    assert answer.status_code == 409
    assert "Đây là đề xuất mới" in text(answer)
    assert Schedule.objects.count() == 1


def test_a_whole_plan_is_timetabled_on_one_page(office, officer, campaign) -> None:
    words = text(officer.get(f"/ke-hoach/{office.plan.pk}/xep-lich"))
    assert "Bài 0" in words
    assert "Từng kỳ" in words


def test_ticking_nothing_is_said_and_nonsense_is_left_out(officer, campaign) -> None:
    place = f"/chien-dich/{campaign.pk}/xep-lich"
    seen = digest(officer.get(place).content.decode())
    answer = officer.post(place, {"digest": seen, "clock": "08:00", "bai": ["x", "9" * 40]})
    assert answer.status_code == 409
    assert "Chưa chọn bài nào" in text(answer)


def test_a_draft_without_a_channel_is_left_over_and_says_why(office, officer, campaign) -> None:
    office.drafts[0].accounts.clear()
    words = text(officer.get(f"/chien-dich/{campaign.pk}/xep-lich"))
    assert "Nháp chưa dùng tới 1 bài" in words
    assert "Bài 0 chưa chọn kênh" in words
