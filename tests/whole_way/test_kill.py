"""A process killed in the middle of a send: one post, a known state."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.services import wait_until
from tests.whole_way.office import ONE_FACEBOOK_POST, Office, Start, answers, posts_in_sandbox

pytestmark = pytest.mark.processes

STATE = """
from publisher.delivery.models import Delivery
from publisher.events.models import Event
d = Delivery.objects.get()
moves = Event.objects.filter(subject=f"delivery:{d.pk}").order_by("id")
answer = {"state": d.state, "attempts": d.attempts_made, "moves": [e.data["to"] for e in moves if "to" in e.data]}
"""


def test_a_send_cut_off_by_kill_9_is_found_unknown_and_the_sandbox_holds_one_post(
    publisher: Start, free_ports: Callable[[int], list[int]], tmp_path: Path
) -> None:
    port, sandbox_port = free_ports(2)
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    env = {
        "PUBLISHER_VAR_DIR": str(tmp_path / "var"),
        "PORT": str(port),
        "PUBLISHER_SANDBOX_PORT": str(sandbox_port),
        "PUBLISHER_LEASE_SECONDS": "3",
    }
    office = Office(publisher, env)
    running = publisher("run", env=env)
    running.wait_for("Dừng bằng Ctrl-C", 120)
    wait_until(lambda: answers(f"{sandbox}/_posts?vendor=facebook"), "the sandbox answers")
    fault = {"vendor": "facebook", "call": "photos", "fault": "hang_after_commit", "times": 1, "seconds": 60}
    requests.post(f"{sandbox}/_faults", json=fault, timeout=5).raise_for_status()
    office.do(ONE_FACEBOOK_POST)
    wait_until(lambda: len(posts_in_sandbox(sandbox)) == 1, "the sandbox has taken the post")

    running.kill()
    assert office.do(STATE)["state"] == "sending"
    wait_until(lambda: not answers(sandbox), "the sandbox follows its parent")

    publisher("run", env=env).wait_for("Dừng bằng Ctrl-C", 120)
    found = office.wait_until(STATE, lambda now: now["state"] == "delivered", "the delivery is reconciled")

    assert found["moves"] == ["scheduled", "queued", "sending", "unknown", "delivered"]
    assert found["attempts"] == 1
    assert len(posts_in_sandbox(sandbox)) == 1
