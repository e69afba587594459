"""Decisions about another try, as values."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from publisher.delivery.retry import PROCESSING, READING_BACK, STUMBLES, UNAVAILABLE


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 10), (2, 20), (3, 40), (4, 80), (5, 160), (6, 320), (7, 640), (8, 1280), (9, 1800)]
)
def test_waits_double_up_to_half_an_hour(tries, seconds):
    for seed in range(50):
        retry = UNAVAILABLE.after(tries, random.Random(seed))  # noqa: S311 (spreads load)
        assert 0.8 * seconds <= retry.wait.total_seconds() <= 1.2 * seconds
        assert not retry.give_up
    assert retry.wait <= UNAVAILABLE.longest * 1.2


def test_no_two_clients_come_back_at_the_same_moment():
    assert len({UNAVAILABLE.after(3, random.Random(seed)).wait for seed in range(20)}) == 20  # noqa: S311 (as above)


def test_after_enough_tries_it_gives_up():
    assert UNAVAILABLE.after(UNAVAILABLE.most).give_up
    assert UNAVAILABLE.after(UNAVAILABLE.most).wait == timedelta(0)


def test_an_account_that_rests_is_tried_again_for_ever():
    assert not STUMBLES.after(10_000).give_up
    assert STUMBLES.after(10_000).wait <= STUMBLES.longest * 1.2


@pytest.mark.parametrize("policy", [PROCESSING, READING_BACK])
def test_what_never_settles_is_asked_about_for_about_a_day(policy):
    asked = sum((policy.after(tries).wait for tries in range(1, policy.most)), timedelta())
    assert timedelta(hours=18) < asked < timedelta(hours=30)
    assert policy.after(policy.most).give_up
