"""Plans as rows, for tests that are not about reading: each document is read once a test process, in that process."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from campaigns.reading import read_plan, to_json

if TYPE_CHECKING:
    from publisher.intake.plans import Imported
    from publisher.people.models import Organisation, Person

SAMPLE = Path(__file__).parents[1] / "publisher" / "samples" / "ke-hoach.md"


@cache
def reading_of(data: bytes, name: str) -> str:
    return json.dumps(to_json(read_plan(data, name)))


def plan_of(
    data: bytes = SAMPLE.read_bytes(), name: str = SAMPLE.name, *, organisation: Organisation, by: Person | None
) -> Imported:
    """What `import_plan` leaves behind, without a reader in a process of its own."""
    from publisher.intake.plans import keep_plan

    return keep_plan(json.loads(reading_of(data, name)), data, name, organisation, by)
