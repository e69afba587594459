"""Spans of a day, minute by minute."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.timetable.bounds import DAY, Bounds, clipped, merged, minus, openings

spans = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)).map(lambda p: (p[0], p[0] + p[1])), max_size=8)


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        (Bounds(), [(0, DAY)]),
        (Bounds(quiet=(time(21), time(6))), [(6 * 3600, 21 * 3600)]),
        (Bounds(quiet=(time(6), time(6))), [(0, DAY)]),
        (Bounds(slots=((time(22), time(2)),)), [(0, 2 * 3600), (22 * 3600, DAY)]),
        (Bounds(slots=((time(8), time(8)),)), [(0, DAY)]),
        (Bounds(slots=((time(8), time(11)), (time(10), time(12)))), [(8 * 3600, 12 * 3600)]),
        (Bounds(slots=((time(20), time(0)),), quiet=(time(21), time(6))), [(20 * 3600, 21 * 3600)]),
        (
            Bounds(sessions=(time(16, 30), time(5), time(7, 30)), quiet=(time(21), time(6))),
            [(27000, 27001), (59400, 59401)],
        ),
        (Bounds(sessions=(time(7, 30),), slots=((time(8), time(9)),)), []),
    ],
)  # fmt: skip
def test_an_account_is_open_in_its_slots_outside_its_quiet_hours(bounds, found):
    assert openings(bounds) == found


@given(spans, spans)
def test_taking_away_leaves_exactly_what_was_not_taken(whole, cuts):
    left = minus(merged(whole), sorted(cuts))
    assert seconds(left) == seconds(whole) - seconds(cuts)
    assert all(first < end for first, end in left)


@given(spans, st.integers(0, 80), st.integers(0, 80))
def test_clipping_keeps_what_lies_between(whole, first, end):
    assert seconds(clipped(whole, first, end)) == seconds(whole) & set(range(first, end))


def seconds(found: list[tuple[int, int]]) -> set[int]:
    return {second for first, end in found for second in range(first, end)}
