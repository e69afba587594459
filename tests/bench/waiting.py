"""What deliveries cost that only wait (table 3): memory and CPU of an idle period, and the time to claim the next ones.

python -m tests.bench.waiting claim N ROUNDS   in the environment of an installation: milliseconds as JSON
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass

import django

from tests.bench.installation import Installation, installation
from tests.bench.measuring import cpu_seconds, memory_of, middle, percentile

CLAIMED = 100
ROUNDS = 30
CALM_SECONDS = 6.0  # after a million rows were written the database tidies up


@dataclass(frozen=True, slots=True)
class Wait:
    """`memory`: MB by process, shared pages by their share; `cpu`: percent of a core by process; `claim`, `worst`:
    milliseconds to claim the next hundred, median and the slowest of twenty."""

    database: str
    number: int
    store_mb: float
    memory: dict[str, float]
    cpu: dict[str, float]
    claim: float
    worst: float

    @property
    def engine_cpu(self) -> float:
        """Percent of a core of all together."""
        return sum(self.cpu.values())


def waits(database: str, numbers: list[int], seconds: float) -> list[Wait]:
    return [wait(database, number, seconds) for number in numbers]


def wait(database: str, number: int, seconds: float) -> Wait:
    scaled = database == "postgresql"
    with installation(scaled=scaled, threads=8 if scaled else 16, idle=True) as place:
        place.run("tests.bench.seed", "far", str(number))
        times = place.asked("tests.bench.waiting", "claim", str(CLAIMED), str(ROUNDS))
        settle(place)
        place.begin(2 if scaled else 0)
        time.sleep(CALM_SECONDS)
        cpu, memory = idle(place, seconds)
        return Wait(database, number, store_mb(place), memory, cpu, middle(times), percentile(times, 0.95))


def idle(place: Installation, seconds: float) -> tuple[dict[str, float], dict[str, float]]:
    roles = {**place.servers, **{name: part.pid for name, part in place.parts.items()}}
    before, began = {name: cpu_seconds([pid]) for name, pid in roles.items()}, time.monotonic()
    time.sleep(seconds)
    passed = time.monotonic() - began
    cpu = {name: round(100 * (cpu_seconds([pid]) - before[name]) / passed, 2) for name, pid in roles.items()}
    return cpu, {name: round(memory_of([pid]), 1) for name, pid in roles.items()}


def settle(place: Installation) -> None:
    """What a server does by itself within minutes, at once."""
    if place.database:
        import psycopg

        with psycopg.connect(place.database, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")


def store_mb(place: Installation) -> float:
    if place.database:
        return place.one("SELECT pg_total_relation_size('delivery_delivery')") / 2**20
    return place.file.stat().st_size / 2**20


def claim(number: int, rounds: int) -> list[float]:
    """Milliseconds for each of so many claims of the next `number`, which go back to their time afterwards."""
    from django.utils import timezone

    from publisher.delivery.claim import claim_due
    from publisher.delivery.models import Delivery

    rows = list(Delivery.objects.filter(state="scheduled").order_by("due_at").values_list("pk", flat=True)[:number])
    spent = []
    for _ in range(rounds + 2):
        now = timezone.now()
        Delivery.objects.filter(pk__in=rows).update(next_try_at=now)
        began = time.perf_counter()
        taken = claim_due(timezone.now())
        spent.append(1000 * (time.perf_counter() - began))
        assert len(taken) == number, f"{len(taken)} of {number} claimed"
        back = {"state": "scheduled", "lease": None, "leased_until": None}
        Delivery.objects.filter(pk__in=rows).update(**back, next_try_at=now + (now - now.replace(year=now.year - 1)))
    return spent[2:]


def main() -> None:
    django.setup()
    match sys.argv[1:]:
        case ["claim", number, rounds]:
            print(json.dumps(claim(int(number), int(rounds))))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
