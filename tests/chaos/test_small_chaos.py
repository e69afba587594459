"""A small storm in each test run; `make chaos` is the large one."""

from __future__ import annotations

import pytest

from tests.chaos.__main__ import run
from tests.chaos.report import table
from tests.chaos.storm import Order

pytestmark = pytest.mark.processes

SMALL = {"a": Order(4, 6, 27, 8.0, quiet=120.0, harshness=2.0), "b": Order(4, 2, 18, 6.0, quiet=120.0, harshness=2.0)}


@pytest.mark.parametrize("part", SMALL)
def test_kills_lost_answers_and_a_full_disk_lose_nothing_and_repeat_nothing(part: str) -> None:
    report = run(part, SMALL[part])
    assert report.weathered, table(report)
    assert sum(report.told.kills.values()) == SMALL[part].kills
    assert report.told.settled, table(report)
    states = report.verdict.states()
    assert set(states) >= {"page", "feed", "facebook", "zalo", "loudspeaker", "contracted"}
    assert sum(found.get("delivered", 0) for found in states.values()) > SMALL[part].deliveries // 4, table(report)
