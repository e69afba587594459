"""Decisions about another try, as values."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from publisher.delivery.retry import LONGEST, TRIES, after_unavailable


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 10), (2, 20), (3, 40), (4, 80), (5, 160), (6, 320), (7, 640), (8, 1280), (9, 1800)]
)
def test_waits_double_up_to_half_an_hour(tries, seconds):
    for seed in range(50):
        retry = after_unavailable(tries, random.Random(seed))  # noqa: S311 (spreads load)
        assert 0.8 * seconds <= retry.wait.total_seconds() <= 1.2 * seconds
        assert not retry.give_up
    assert retry.wait <= LONGEST * 1.2


def test_no_two_clients_come_back_at_the_same_moment():
    assert len({after_unavailable(3, random.Random(seed)).wait for seed in range(20)}) == 20  # noqa: S311 (as above)


def test_after_enough_tries_it_gives_up():
    assert after_unavailable(TRIES).give_up
    assert after_unavailable(TRIES).wait == timedelta(0)
