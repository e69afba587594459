"""When an account that speaks at fixed times may speak next."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from publisher.delivery.desks import desk_for
from publisher.delivery.sessions import sessions_after
from publisher.timetable.models import DayOverride, OverrideKind

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)


def coming(account, count: int = 3) -> list[str]:
    return [f"{at:%a %d %H:%M}" for at in islice(sessions_after(account)(MONDAY), count)]


@pytest.fixture
def station(ward):
    return ward.account("loudspeaker", settings={"station": "Đài phường", "sessions": "07:30, 16:30"})


def test_the_next_session_is_later_than_the_one_that_is_full(station):
    assert coming(station) == ["Mon 23 16:30", "Tue 24 07:30", "Tue 24 16:30"]


def test_days_of_silence_quiet_hours_and_days_of_rest_are_passed_over(ward, station):
    station.quiet_from, station.quiet_until = time(16), time(7)
    station.working_days_only = True
    DayOverride.objects.create(
        organisation=ward.organisation, date=date(2026, 11, 25), kind=OverrideKind.BLACKOUT, name="Quốc tang"
    )
    assert coming(station, 4) == ["Tue 24 07:30", "Thu 26 07:30", "Fri 27 07:30", "Mon 30 07:30"]


def test_an_account_without_sessions_has_none_to_come(ward):
    assert coming(ward.account("loudspeaker", settings={"station": "Đài phường"})) == []


def test_the_desk_of_a_delivery_hands_them_on_with_its_deadline(ward):
    (delivery,) = ward.approved("loudspeaker")
    desk = desk_for(delivery)
    assert desk.deadline == delivery.late_until
    assert list(islice(desk.sessions_after(MONDAY), 1)) == list(islice(sessions_after(delivery.account)(MONDAY), 1))
