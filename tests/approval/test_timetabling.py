"""From "two a month" to times for drafts: what stands counts first, what is missing is said, nothing half-written."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from assets.models import Asset
from campaigns.models import Campaign, PostPicture, PostState, Theme
from publisher.approval.drafting import set_schedule
from publisher.approval.review import Refused
from publisher.approval.spans import spans_of
from publisher.approval.timetabling import accept, of_plan, propose
from publisher.delivery.bounds import days_of
from publisher.events.models import Event
from publisher.timetable.models import Schedule
from tests.approval.timing import ZONE, row
from tests.ward import Ward

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 7, 0, tzinfo=ZONE)


@pytest.fixture
def monthly(ward: Ward) -> Campaign:
    """Two a month, from March to May 2027."""
    ward.campaign.rhythm = {"every": "month", "count": 2, "origin": "plan"}
    ward.campaign.starts_on, ward.campaign.ends_on = date(2027, 3, 1), date(2027, 5, 31)
    ward.campaign.save()
    return ward.campaign


def drafts(ward: Ward, count: int, *kinds: str) -> list:
    return [ward.post(*(kinds or ("page",)), title=f"Bài {n}") for n in range(count)]


def test_drafts_get_times_in_the_order_of_periods_and_the_rest_is_said_to_be_missing(ward, monthly):
    drafts(ward, 3)
    found = propose([monthly], now=NOW)
    assert [(g.span.name, g.wanted, g.standing, g.placed, g.missing) for g in found.gaps] == [
        ("tháng 3/2027", 2, 0, 2, 0),
        ("tháng 4/2027", 2, 0, 1, 1),
        ("tháng 5/2027", 2, 0, 0, 2),
    ]
    assert found.missing == 3
    assert [line.at.month for line in found.lines] == [3, 3, 4]
    assert all(days_of(ward.organisation).is_working(line.at.date()) for line in found.lines)
    assert not Schedule.objects.exists()


def test_what_has_a_time_counts_first(ward, monthly):
    first, *_ = drafts(ward, 4)
    set_schedule(first, by=ward.officer, starts_at=datetime(2027, 3, 20, 9, tzinfo=ZONE))
    found = propose([monthly], now=NOW)
    assert [(g.standing, g.placed) for g in found.gaps] == [(1, 1), (0, 2), (0, 0)]


def test_drafts_beyond_the_rhythm_are_left_over_and_listed(ward, monthly):
    drafts(ward, 8)
    found = propose([monthly], now=NOW)
    assert (len(found.lines), len(found.left), found.missing) == (6, 2, 0)


def test_topics_take_turns(ward, monthly):
    other = Theme.objects.create(plan=ward.plan, order=2, path="2", label="2", title="Phòng cháy")
    theme = ward.plan.themes.get(path="1")
    posts = [ward.post("page", theme=theme) for _ in range(2)] + [ward.post("page", theme=other) for _ in range(2)]
    found = propose([monthly], now=NOW)
    march = {line.post.theme for line in found.lines if line.at.month == 3}
    assert march == {theme, other}
    assert {line.post for line in found.lines} == set(posts)


def test_the_same_input_gives_the_same_proposal(ward, monthly):
    drafts(ward, 5)
    first, second = propose([monthly], now=NOW), propose([monthly], now=NOW)
    assert [(line.post.pk, line.at) for line in first.lines] == [(line.post.pk, line.at) for line in second.lines]
    assert first.digest == second.digest


def test_bounds_of_accounts_hold_across_campaigns(ward, monthly):
    ward.account("page", cap_per_day=1, slots="09:00-10:00")
    twin = Campaign.objects.create(
        organisation=ward.organisation, plan=ward.plan, code=ward.campaign.code + "-2", title="Hai",
        rhythm=monthly.rhythm, starts_on=monthly.starts_on, ends_on=monthly.ends_on,
    )  # fmt: skip
    made = drafts(ward, 10)
    for post in made[5:]:
        post.campaign = twin
        post.save(update_fields=["campaign"])
    found = propose(of_plan(ward.plan), now=NOW)
    days = [line.at.date() for line in found.lines]
    assert len(days) == len(set(days)) == 10
    assert {line.at.hour for line in found.lines} == {9}


def test_what_finds_no_place_is_listed_with_the_nearest(ward, monthly):
    from publisher.timetable.models import DayOverride

    for day in range(1, 32):
        DayOverride.objects.create(
            organisation=ward.organisation, date=date(2027, 3, day), kind="quiet", name="Kỳ thi", source="CV 1"
        )
    drafts(ward, 2)
    found = propose([monthly], now=NOW)
    (first, _) = found.unmet
    assert "Gần nhất có thể" in first[1]
    assert found.lines == []


def test_a_proposal_measures_what_is_read_aloud_without_drawing_a_picture(ward, monthly):
    ward.account("loudspeaker", settings={"station": "Đài phường", "sessions": "07:30, 16:30"})
    drafts(ward, 2, "loudspeaker")
    PostPicture.objects.all().delete()
    known = Asset.objects.count()
    assert len(propose([monthly], now=NOW).lines) == 2
    assert Asset.objects.count() == known


def test_a_rhythm_of_one_channel_counts_that_channel_alone(ward, monthly):
    monthly.rhythm = {}
    monthly.rhythms = [{"every": "quarter", "count": 2, "channel": "loudspeaker"}]
    monthly.save()
    drafts(ward, 1, "page")
    spoken = drafts(ward, 1, "loudspeaker")
    found = propose([monthly], now=NOW)
    assert [line.post for line in found.lines] == spoken
    assert [(g.span.name, g.channel, g.missing) for g in found.gaps][:1] == [("quý 1/2027", "loudspeaker", 1)]
    assert len(found.left) == 1


def test_the_hour_that_is_over_today_begins_tomorrow(ward, monthly):
    monthly.rhythm = {"every": "period", "count": 1}
    monthly.ends_on = date(2027, 3, 2)
    monthly.save()
    drafts(ward, 1)
    (line,) = propose([monthly], now=NOW + timedelta(hours=3), clock=time(8)).lines
    assert line.at == datetime(2027, 3, 2, 8, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"rhythm": {}}, "Chưa đặt nhịp đăng"),
        ({"ends_on": None}, "Chưa có ngày kết thúc"),
        ({"starts_on": date(2026, 1, 1), "ends_on": date(2026, 3, 1)}, "Đã kết thúc ngày 1/3/2026"),
        ({"rhythm": {"every": "day", "count": 1}, "ends_on": date(2199, 1, 1)}, "xa quá 5 năm"),
    ],
)
def test_a_campaign_that_cannot_be_timetabled_says_why(ward, monthly, changed, told):
    Campaign.objects.filter(pk=monthly.pk).update(**changed)
    monthly.refresh_from_db()
    drafts(ward, 1)
    found = propose([monthly], now=NOW)
    assert told in found.problems[0][1]
    assert found.lines == []


def test_accepting_writes_every_time_at_once(ward, monthly):
    drafts(ward, 3)
    found = propose([monthly], now=NOW)
    assert accept(found, ward.officer) == 3
    assert {s.post_id: s.starts_at for s in Schedule.objects.all()} == {line.post.pk: line.at for line in found.lines}
    assert Event.objects.get(kind="campaign.timetabled").data == {"posts": 3}
    assert propose([monthly], now=NOW).lines == []


def test_only_what_was_chosen_is_written(ward, monthly):
    first, *_ = drafts(ward, 3)
    assert accept(propose([monthly], now=NOW), ward.officer, posts=[first.pk]) == 1
    assert row(first).schedule.starts_at


def test_nothing_is_written_when_one_post_changed_meanwhile(ward, monthly):
    first, second, _ = drafts(ward, 3)
    found = propose([monthly], now=NOW)
    set_schedule(second, by=ward.officer, starts_at=NOW + timedelta(days=3))
    with pytest.raises(Refused, match="Xếp lại để xem đề xuất mới"):
        accept(found, ward.officer)
    assert not Schedule.objects.filter(post=first).exists()
    with pytest.raises(Refused, match="không được xếp lịch"):
        accept(found, ward.approver)
    with pytest.raises(Refused, match="Chưa chọn bài nào"):
        accept(found, ward.officer, posts=[])


def test_what_waits_for_approval_is_left_where_it_is(ward, monthly):
    version = ward.submitted("page")
    assert propose([monthly], now=NOW).lines == []
    assert row_state(version.post) == PostState.SUBMITTED


def row_state(post) -> str:
    post.refresh_from_db()
    return str(post.state)


@pytest.mark.parametrize(
    ("every", "names"),
    [
        ("period", ["cả đợt"]),
        ("day", ["ngày 28/6/2027", "ngày 29/6/2027"]),
        ("week", ["tuần 28/6 – 29/6/2027"]),
        ("quarter", ["quý 2/2027"]),
        ("half", ["6 tháng đầu năm 2027"]),
        ("year", ["năm 2027"]),
    ],
)
def test_periods_are_called_as_an_officer_calls_them(every, names):
    assert [span.name for span in spans_of(every, date(2027, 6, 28), date(2027, 6, 29))] == names
