"""The plan of a storm: exact, repeatable, and drawn before anything starts."""

from __future__ import annotations

from itertools import chain

import pytest

from channels.sandbox import Sandbox
from tests.chaos import plan
from tests.chaos.storm import PARTS

WEIGHTS = {"worker": 3, "clock": 1, "redis": 2}


def test_the_same_seed_draws_the_same_storm_and_another_seed_another() -> None:
    for draw in (
        lambda seed: plan.strikes(seed, 50, 100.0, WEIGHTS),
        lambda seed: plan.troubles(seed, 100.0, 1.0),
        lambda seed: plan.droughts(seed, 300.0, 3),
    ):
        assert draw(7) == draw(7)
        assert draw(7) != draw(8)


@pytest.mark.parametrize("kills", [1, 2, 3, 50, 201])
def test_a_plan_has_exactly_the_kills_that_were_asked_for(kills: int) -> None:
    strikes = plan.strikes(3, kills, 60.0, WEIGHTS)
    assert plan.kills_of(strikes) == kills
    assert all(len(set(strike.victims)) == len(strike.victims) == len(strike.down) for strike in strikes)


def test_a_full_storm_kills_everybody_and_lasts_about_as_long_as_it_was_told() -> None:
    for part, kills in (("a", 200), ("b", 100)):
        strikes = plan.strikes(1, kills, 540.0, PARTS[part].weights)
        assert set(chain.from_iterable(strike.victims for strike in strikes)) == set(PARTS[part].weights)
        assert sum(strike.pause for strike in strikes) == pytest.approx(540.0, rel=0.2)


def test_the_sandbox_knows_every_fault_that_may_be_drawn(tmp_path) -> None:
    drawn = {(t.vendor, t.call, t.fault) for t in plan.troubles(1, 5000.0, 1.0)}
    with Sandbox(tmp_path) as sandbox:
        for vendor, call, fault in sorted(drawn):
            sandbox.fault(vendor, call, fault)
