"""Yesterday's backup is put in place of today's database: the world sees every post once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.services import wait_until
from tests.whole_way.office import ONE_FACEBOOK_POST, Office, Start, posts_in_sandbox

pytestmark = pytest.mark.processes
SOON = ONE_FACEBOOK_POST.replace(
    "version = submit",
    "from datetime import timedelta\n"
    "from django.utils import timezone\n"
    "from publisher.approval.drafting import set_schedule\n"
    "set_schedule(post, by=officer, starts_at=timezone.now() + timedelta(seconds=4))\n"
    "version = submit",
)


def rows(database: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as reader:
        return reader.execute(sql).fetchall()


def test_a_restored_backup_finds_what_went_out_since_and_sends_nothing_again(
    publisher: Start, free_ports: Callable[[int], list[int]], tables: Path, tmp_path: Path
) -> None:
    port, sandbox_port = free_ports(2)
    sandbox, database = f"http://127.0.0.1:{sandbox_port}", tables
    env = {
        "PUBLISHER_VAR_DIR": str(tmp_path / "var"),
        "PORT": str(port),
        "PUBLISHER_SANDBOX_PORT": str(sandbox_port),
        "PUBLISHER_TICK_SECONDS": "0.2",
        "PUBLISHER_LOOK_AGAIN_SECONDS": "0.2",
    }
    running = publisher("run", env=env)
    running.wait_for("Dừng bằng Ctrl-C", 120)
    Office(publisher, env).do(SOON)
    backup = tmp_path / "backup.sqlite3"
    with closing(sqlite3.connect(database)) as live, closing(sqlite3.connect(backup)) as copy:
        live.backup(copy)
    assert rows(backup, "SELECT state FROM delivery_delivery") == [("scheduled",)]
    wait_until(lambda: rows(database, "SELECT state FROM delivery_delivery") == [("delivered",)], "it goes out")
    running.stop()  # which seals what it did

    for part in database.parent.glob("publisher.sqlite3*"):
        part.unlink()
    backup.rename(database)
    publisher("run", env=env)

    wait_until(lambda: rows(database, "SELECT state FROM delivery_delivery") == [("delivered",)], "it is found")
    assert rows(database, "SELECT COUNT(*) FROM delivery_enginehold WHERE lifted_at IS NULL") == [(1,)]
    moves = rows(database, "SELECT kind FROM events_event WHERE kind LIKE 'delivery.%' ORDER BY id")
    assert [kind for (kind,) in moves] == ["delivery.scheduled", "delivery.unknown", "delivery.delivered"]
    assert len(posts_in_sandbox(sandbox)) == 1
