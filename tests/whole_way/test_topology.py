"""Many machines, as processes: PostgreSQL, Redis, web, clock and two workers carry a campaign all the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services import wait_until
from tests.whole_way.office import WARD, Office, Start, answers

pytestmark = pytest.mark.processes

CLOSE_BY_HAND = (
    WARD
    + """
from collections import Counter
from publisher.delivery.models import Attempt
for delivery in Delivery.objects.filter(state="handed_over").select_related("account", "organisation"):
    close_by_hand(delivery, person_of(Role.OFFICER))
rows = Delivery.objects.values_list("account__kind", "state")
answer = {"states": Counter(s for _, s in rows), "kinds": sorted({k for k, _ in rows}),
          "workers": sorted(set(Attempt.objects.values_list("worker", flat=True)))}
"""
)


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
    assert publisher("migrate", env=env).wait() == 0
    publisher("web", env=env)
    publisher("sandbox", "--port", str(sandbox_port), env=env)
    publisher("clock", env=env)
    workers = [publisher("worker", env=env) for _ in range(2)]
    wait_until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "the web process answers")
    wait_until(lambda: answers(f"http://127.0.0.1:{sandbox_port}/"), "the sandbox answers")

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

    found = office.wait_until(
        CLOSE_BY_HAND, lambda now: now["states"] == {"delivered": deliveries}, "all is delivered", 90
    )
    assert found["kinds"] == ["contracted", "facebook", "feed", "loudspeaker", "page", "zalo"]
    pids = {name.rsplit(":", 1)[1] for name in found["workers"]}
    assert pids == {str(worker.pid) for worker in workers}, "both workers sent"
    for proof in ("audit", "budget"):
        verify = publisher(proof, "verify", env=env)
        assert verify.wait() == 0, verify.output
