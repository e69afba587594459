"""Done, scheduled and missing against what a plan demands in numbers."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.counting import Demand, Outing, columns, months, periods, target_progress

FIRST, LAST, TODAY = date(2026, 1, 1), date(2026, 12, 31), date(2026, 3, 10)


def demand(count: int = 1, period: str = "month", channel: str = "", unit: str = "tin, bài", op: str = ">=") -> Demand:
    return Demand(1, "…", count, op, unit, period, channel)


def out(post: int, day: date, kind: str = "page", *, done: bool = True) -> Outing:
    return Outing(post, kind, day, done)


@pytest.mark.parametrize(
    ("period", "number"),
    [("day", 365), ("week", 53), ("month", 12), ("quarter", 4), ("half", 2), ("year", 1), ("", 1)],
)
def test_a_year_has_as_many_spans_as_the_period_fits_into_it(period, number):
    assert len(list(periods(period, FIRST, LAST))) == number


@given(
    st.sampled_from(["day", "week", "month", "quarter", "half", "year", ""]),
    st.dates(date(2025, 1, 1), date(2027, 1, 1)),
    st.integers(0, 500),
)
def test_spans_cover_every_day_once(period, first, days):
    last = first + timedelta(days=days)
    spans = list(periods(period, first, last))
    assert (spans[0][0], spans[-1][1]) == (first, last)
    assert all(b[0] - a[1] == timedelta(days=1) for a, b in pairwise(spans))


def test_each_month_is_filled_by_what_went_out_and_what_is_due():
    outings = [out(1, date(2026, 1, 9)), out(2, date(2026, 3, 20), done=False)]
    found = target_progress(demand(), outings, FIRST, LAST, TODAY)
    assert (found.needed, found.done, found.scheduled, found.missing) == (12, 1, 1, 10)
    assert [span.missing for span in found.spans[:3]] == [0, 1, 0]
    assert [span.over for span in found.spans[:3]] == [True, True, False]


def test_more_in_one_month_does_not_make_up_for_another():
    outings = [out(post, date(2026, 1, 9)) for post in range(12)]
    found = target_progress(demand(), outings, FIRST, LAST, TODAY)
    assert (found.done, found.missing) == (12, 11)


def test_one_article_on_five_channels_is_one_article():
    day = date(2026, 1, 9)
    outings = [out(1, day, kind) for kind in ("page", "feed", "zalo")] + [out(1, day, "facebook", done=False)]
    assert target_progress(demand(), outings, FIRST, LAST, TODAY).spans[0].done == 1
    assert target_progress(demand(), outings, FIRST, LAST, TODAY).spans[0].scheduled == 0


def test_a_demand_on_a_channel_counts_what_goes_out_there():
    outings = [out(1, date(2026, 1, day), "loudspeaker") for day in (5, 6, 7)] + [out(1, date(2026, 1, 5))]
    assert target_progress(demand(channel="loudspeaker"), outings, FIRST, LAST, TODAY).spans[0].done == 3


def test_a_period_mostly_outside_of_the_plan_demands_nothing():
    found = target_progress(demand(), [], date(2026, 1, 20), LAST, TODAY)
    assert found.spans[0].needed == 0
    assert target_progress(demand(), [], date(2026, 1, 10), LAST, TODAY).spans[0].needed == 1


@pytest.mark.parametrize(
    "asked",
    [demand(unit="%"), demand(unit="hội nghị"), demand(channel="print"), demand(period="issue"), demand(count=0)],
)
def test_what_deliveries_cannot_tell_is_not_counted_and_says_so(asked):
    found = target_progress(asked, [], FIRST, LAST, TODAY)
    assert found.needed is None
    assert "không đếm được" in found.note


def test_a_plan_without_a_time_says_so():
    assert "không ghi thời gian" in target_progress(demand(), [], None, LAST, TODAY).note


def test_an_upper_limit_demands_nothing():
    found = target_progress(demand(op="<=", count=3), [out(1, date(2026, 1, 9))], FIRST, LAST, TODAY)
    assert (found.needed, found.done, found.missing) == (0, 1, 0)


def test_a_demand_is_told_in_words():
    assert demand(2, "week", "page").words == "ít nhất 2 tin, bài mỗi tuần, trang thông tin"


def test_month_columns_reach_as_far_as_plan_and_posts():
    outings = [out(1, date(2026, 2, 3)), out(1, date(2026, 2, 9)), out(2, date(2027, 1, 5), done=False)]
    heads = columns(date(2026, 1, 15), date(2026, 12, 31), outings)
    assert (heads[0], heads[-1], len(heads)) == (date(2026, 1, 1), date(2027, 1, 1), 13)
    assert [(m.done, m.scheduled) for m in months(outings, [heads[1], heads[-1]])] == [(1, 0), (0, 1)]
    assert columns(None, None, []) == []
