"""N in a period: evenly over topics and time."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.timetable.days import DayKind, DayMark, Days
from publisher.timetable.spread import Unit, periods, phase_of, spread, spread_periods

DAYS = Days()
JANUARY = date(2026, 1, 1), date(2026, 1, 31)
topics = st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=6, unique=True)
spans = st.tuples(st.dates(date(2025, 12, 1), date(2026, 12, 31)), st.integers(0, 120)).map(
    lambda pair: (pair[0], pair[0] + timedelta(days=pair[1]))
)
phases = st.floats(0, 1, exclude_max=True)
marks = st.lists(
    st.builds(
        DayMark,
        st.dates(date(2025, 12, 1), date(2026, 12, 31)),
        st.sampled_from([DayKind.BLACKOUT, DayKind.QUIET, DayKind.OFF]),
        st.just("Ngày"),
    ),
    max_size=20,
)


@given(topics, st.integers(0, 60), spans, phases, marks, st.integers(0, 10))
def test_without_a_distance_all_are_placed_in_the_period_unless_every_day_is_forbidden(
    names, count, span, phase, forbidden, turn
):
    days = Days(forbidden)
    found = spread(names, count, *span, days, phase=phase, turn=turn)
    inside = [span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1)]
    allowed = [day for day in inside if not days.is_forbidden(day)]
    assert len(found.items) == (count if allowed else 0)
    assert sum(lack.missing for lack in found.short) == count - len(found.items)
    assert {day for _, day in found.items} <= set(allowed)
    if any(days.is_working(day) for day in allowed):
        assert all(days.is_working(day) for _, day in found.items)


@given(topics, st.integers(0, 60), spans, phases, st.integers(0, 10))
def test_each_topic_gets_the_floor_or_the_ceiling_of_its_share(names, count, span, phase, turn):
    share = Counter(topic for topic, _ in spread(names, count, *span, DAYS, phase=phase, turn=turn).items)
    floor, rest = divmod(count, len(names))
    assert sorted(share[name] for name in names) == [floor] * (len(names) - rest) + [floor + 1] * rest


@given(topics, st.integers(1, 40), spans, phases, st.integers(1, 30), marks)
def test_posts_on_a_topic_keep_their_distance_and_what_does_not_fit_is_said(
    names, count, span, phase, distance, forbidden
):
    days = Days(forbidden)
    found = spread(names, count, *span, days, distance=distance, phase=phase)
    for name in names:
        own = [day for topic, day in found.items if topic == name]
        assert all((after - before).days >= distance for before, after in pairwise(own))
        lack = sum(lack.missing for lack in found.short if lack.topic == name)
        assert lack == 0 or len(own) == most_that_fit(usable(span, days), distance)
    assert len(found.items) + sum(lack.missing for lack in found.short) == count


@given(topics, st.integers(1, 40), spans, st.integers(1, 30), marks)
def test_the_day_offered_for_what_is_missing_is_after_the_period_and_would_do(names, count, span, distance, forbidden):
    days = Days(forbidden)
    found = spread(names, count, *span, days, distance=distance)
    for lack in found.short:
        assert lack.nearest > span[1]
        assert days.is_working(lack.nearest)
        assert not days.is_forbidden(lack.nearest)
        own = [day for topic, day in found.items if topic == lack.topic]
        assert all((lack.nearest - day).days >= distance for day in own)


def usable(span: tuple[date, date], days: Days) -> list[date]:
    inside = [span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1)]
    allowed = [day for day in inside if not days.is_forbidden(day)]
    return [day for day in allowed if days.is_working(day)] or allowed


def most_that_fit(allowed: list[date], distance: int) -> int:
    """Every longest chain, by trying day after day: slow, and nothing like the code it checks."""
    best: dict[date, int] = {}
    for day in allowed:
        best[day] = 1 + max((best[other] for other in best if (day - other).days >= distance), default=0)
    return max(best.values(), default=0)


def test_time_is_shared_evenly():
    days = [day for _, day in spread(["a"], 4, *JANUARY, DAYS).items]
    assert days == [date(2026, 1, 6), date(2026, 1, 13), date(2026, 1, 21), date(2026, 1, 28)]
    working = [day for n in range(31) if DAYS.is_working(day := date(2026, 1, 1) + timedelta(days=n))]
    gaps = {working.index(after) - working.index(before) for before, after in pairwise(days)}
    assert max(gaps) - min(gaps) <= 1


def test_campaigns_of_the_same_rhythm_speak_on_different_days():
    days = Counter(spread(["a"], 1, *JANUARY, DAYS, phase=phase_of(f"CD{n}")).items[0][1] for n in range(200))
    assert len(days) == 21  # every working day of that month
    assert max(days.values()) < 25


def test_a_period_of_only_a_weekend_is_used_all_the_same():
    found = spread(["a", "b"], 2, date(2026, 3, 7), date(2026, 3, 8), DAYS)
    assert found.items == (("a", date(2026, 3, 7)), ("b", date(2026, 3, 8)))


def test_a_shortage_is_told_in_words():
    (lack,) = spread(["An toàn giao thông"], 4, date(2026, 2, 1), date(2026, 2, 28), DAYS, distance=10).short
    assert (lack.missing, lack.code) == (1, "distance")
    assert lack.message == (
        "Chủ đề “An toàn giao thông” còn thiếu 1 bài từ 1/2/2026 đến 28/2/2026: "
        "hai bài cùng chủ đề phải cách nhau ít nhất 10 ngày."
    )
    mourning = Days([DayMark(date(2026, 3, 3), DayKind.BLACKOUT, "Quốc tang")])
    (lack,) = spread(["a"], 1, date(2026, 3, 3), date(2026, 3, 3), mourning, distance=3).short
    assert (lack.code, lack.nearest) == ("forbidden-day", date(2026, 3, 4))


@pytest.mark.parametrize(
    ("unit", "count", "clipped"),
    [(Unit.WEEK, 42, 2), (Unit.MONTH, 10, 1), (Unit.QUARTER, 4, 1), (Unit.HALF, 2, 1), (Unit.YEAR, 1, 1)],
)
def test_periods_are_those_of_the_calendar_clipped_to_the_campaign(unit, count, clipped):
    found = periods(unit, date(2026, 3, 18), date(2026, 12, 31))
    assert (len(found), sum(period.clipped for period in found)) == (count, clipped)
    assert (found[0].first, found[-1].last) == (date(2026, 3, 18), date(2026, 12, 31))
    assert all(after.first - before.last == timedelta(days=1) for before, after in pairwise(found))


@given(st.sampled_from(Unit), st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 900))
def test_every_day_of_a_campaign_is_in_one_period_only(unit, starts_on, length):
    ends_on = starts_on + timedelta(days=length)
    found = periods(unit, starts_on, ends_on)
    assert sum((period.last - period.first).days + 1 for period in found) == length + 1
    assert all(after.first - before.last == timedelta(days=1) for before, after in pairwise(found))


def test_topics_take_turns_across_periods():
    found = spread_periods(list("abcd"), 1, Unit.MONTH, date(2026, 1, 1), date(2026, 12, 31), DAYS)
    assert [topic for topic, _ in found.items] == list("abcd") * 3
    assert [day.month for _, day in found.items] == list(range(1, 13))


@given(topics, st.integers(1, 5), st.integers(1, 40), phases)
def test_the_distance_holds_across_periods_too(names, count, distance, phase):
    year = date(2026, 1, 1), date(2026, 12, 31)
    found = spread_periods(names, count, Unit.MONTH, *year, DAYS, distance=distance, phase=phase)
    for name in names:
        own = [day for topic, day in found.items if topic == name]
        assert all((after - before).days >= distance for before, after in pairwise(own))
    assert len(found.items) + sum(lack.missing for lack in found.short) == 12 * count


@pytest.mark.parametrize("given_", [([], 1, 0.5), (["a"], -1, 0.5), (["a"], 1, 1.0)])
def test_nonsense_is_refused(given_):
    names, count, phase = given_
    with pytest.raises(ValueError, match="spreading needs"):
        spread(names, count, *JANUARY, DAYS, phase=phase)
