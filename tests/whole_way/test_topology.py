"""Many machines, as processes: PostgreSQL, Redis, web, clock and two workers carry a campaign all the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.services import wait_until
from tests.whole_way.office import WARD, Office, Start, answers

pytestmark = pytest.mark.processes

CLOSE_BY_HAND = (
    WARD
    + """
for delivery in Delivery.objects.filter(state="handed_over").select_related("account", "organisation"):
    close_by_hand(delivery, person_of(Role.OFFICER))
answer = [finding.message for finding in [*verify_audit(), *verify_budget()]]
"""
)


def told(url: str) -> dict[str, Any]:
    """What the database tells: how many deliveries in which state, on which channels, by which workers."""
    with psycopg.connect(url) as rows:
        states = rows.execute("SELECT state, count(*) FROM delivery_delivery GROUP BY state").fetchall()
        kinds = "SELECT DISTINCT a.kind FROM delivery_delivery d JOIN delivery_account a ON a.id = d.account_id"
        return {
            "states": dict(states),
            "kinds": {kind for (kind,) in rows.execute(kinds)},
            "workers": {name for (name,) in rows.execute("SELECT DISTINCT worker FROM delivery_attempt")},
        }


def test_a_campaign_goes_all_the_way_on_postgresql_and_redis_with_two_workers(
    publisher: Start,
    free_ports: Callable[[int], list[int]],
    tmp_path: Path,
    new_postgresql_url: str,
    redis_url: str,
) -> None:
    port, sandbox_port = free_ports(2)
    env = {
        "PUBLISHER_VAR_DIR": str(tmp_path / "var"),
        "PUBLISHER_DATABASE_URL": new_postgresql_url,
        "PUBLISHER_REDIS_URL": redis_url,
        "PORT": str(port),
        "PUBLISHER_WORKER_THREADS": "2",
    }
    office = Office(publisher, env)
    sandbox = publisher("sandbox", "--port", str(sandbox_port), env=env)
    assert publisher("migrate", env=env).wait() == 0
    web, clock = publisher("web", env=env), publisher("clock", env=env)
    workers = [publisher("worker", env=env) for _ in range(2)]
    sandbox.wait_for(str(sandbox_port))

    made = office.do(
        WARD
        + f"""
organisation = make_ward("http://127.0.0.1:{sandbox_port}")
wait_for_nothing(organisation)
imported = bring_plan(organisation)
publish_all(imported)
answer = [len(imported.posts), Delivery.objects.count()]
"""
    )
    posts, deliveries = made
    assert deliveries == posts * 6
    wait_until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "the web process answers")
    settled = {"delivered", "handed_over"}
    wait_until(lambda: told(new_postgresql_url)["states"].keys() == settled, "all is delivered or handed over", 90)
    assert office.do(CLOSE_BY_HAND) == [], "log and ledger verify"

    found = told(new_postgresql_url)
    assert found["states"] == {"delivered": deliveries}
    assert found["kinds"] == {"contracted", "facebook", "feed", "loudspeaker", "page", "zalo"}
    pids = {name.rsplit(":", 1)[1] for name in found["workers"]}
    assert pids == {str(worker.pid) for worker in workers}, "both workers sent"
    for command in (clock, *workers, web):
        command.process.terminate()  # all at once: each takes its time to end
