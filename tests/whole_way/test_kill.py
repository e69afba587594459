"""A process killed in the middle of a send: one post, a known state."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.services import wait_until
from tests.whole_way.office import ONE_FACEBOOK_POST, Office, Start, answers, posts_in_sandbox

pytestmark = pytest.mark.processes


def told(database: Path) -> dict[str, Any]:
    """The one delivery as the database file tells it, without a process of ours that might change it."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as rows:
        ((pk, state, attempts),) = rows.execute("SELECT id, state, attempts_made FROM delivery_delivery")
        log = rows.execute("SELECT data FROM events_event WHERE subject = ? ORDER BY id", (f"delivery:{pk}",))
        moves = [move["to"] for (data,) in log if "to" in (move := json.loads(data))]
    return {"state": state, "attempts": attempts, "moves": moves}


def test_a_send_cut_off_by_kill_9_is_found_unknown_and_the_sandbox_holds_one_post(
    publisher: Start, free_ports: Callable[[int], list[int]], tmp_path: Path
) -> None:
    port, sandbox_port = free_ports(2)
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    env = {
        "PUBLISHER_VAR_DIR": str(tmp_path / "var"),
        "PORT": str(port),
        "PUBLISHER_SANDBOX_PORT": str(sandbox_port),
        "PUBLISHER_LEASE_SECONDS": "2",
        "PUBLISHER_TICK_SECONDS": "0.2",
    }
    database = tmp_path / "var" / "publisher.sqlite3"
    running = publisher("run", env=env)
    running.wait_for("Dừng bằng Ctrl-C", 120)
    wait_until(lambda: answers(f"{sandbox}/_posts?vendor=facebook"), "the sandbox answers")
    fault = {"vendor": "facebook", "call": "photos", "fault": "hang_after_commit", "times": 1, "seconds": 60}
    requests.post(f"{sandbox}/_faults", json=fault, timeout=5).raise_for_status()
    Office(publisher, env).do(ONE_FACEBOOK_POST)
    wait_until(lambda: len(posts_in_sandbox(sandbox)) == 1, "the sandbox has taken the post")

    running.kill()
    assert told(database)["state"] == "sending"
    wait_until(lambda: not answers(sandbox), "the sandbox follows its parent")

    publisher("run", env=env)
    wait_until(lambda: told(database)["state"] == "delivered", "the delivery is reconciled")

    found = told(database)
    assert found["moves"] == ["scheduled", "queued", "sending", "unknown", "delivered"]
    assert found["attempts"] == 1
    assert len(posts_in_sandbox(sandbox)) == 1
