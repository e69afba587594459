"""The lines of a plan's document, as its reading counts them: read again once, within the same bounds, and then kept.

They lie beside the documents (`publisher.intake.plans.documents`), under the same digest, as JSON.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.store import Damaged, Missing
from campaigns.models import Plan
from campaigns.reading import PlanRefused
from campaigns.reading.guarded import lines_guarded
from channels.errors import Unavailable
from channels.files import Batch
from publisher.config import config
from publisher.intake.plans import documents

GONE = "Không thấy tệp gốc trong kho, hoặc tệp đã hỏng. Nhờ người quản trị khôi phục từ sao lưu."


class NoSource(Exception):
    """The document cannot be shown; the message says why."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line: `no` as the places of a reading name it, `page` None where the format has none; `cells` is more than
    one in a row of a table; `opens` is the page that begins with this line, None elsewhere."""

    no: int
    page: int | None
    cells: tuple[str, ...]
    heading: bool
    opens: int | None


def lines_of(plan: Plan) -> list[SourceLine]:
    """Every line in order, numbers once. Raises `NoSource`."""
    found: list[SourceLine] = []
    page, last = None, 0
    for line in kept(plan):
        if line["no"] <= last:
            continue  # a note that shares the number of the line it hangs on
        last = line["no"]
        opens = line["page"] if line["page"] is not None and line["page"] != page else None
        page = line["page"]
        cells = tuple(line["text"].split("\t"))
        found.append(SourceLine(last, page, cells, line["heading"] is not None, opens))
    return found


def kept(plan: Plan) -> list[dict[str, Any]]:
    path = place_of(plan)
    try:
        return list(json.loads(path.read_bytes()))
    except (FileNotFoundError, ValueError):
        lines = read_again(plan)
    with contextlib.suppress(Unavailable), Batch(path.parent) as batch:  # a full disk only makes the next look slower
        batch.put(path.name, json.dumps(lines, ensure_ascii=False).encode())
    return lines


def keep_lines(plan: Plan) -> None:
    """Reads the lines ahead of whoever will look at them. What cannot be shown is told when somebody looks."""
    with contextlib.suppress(NoSource):
        kept(plan)


def place_of(plan: Plan) -> Path:
    return config.private_folder("plan-lines") / f"{plan.source_sha256}.json"


def read_again(plan: Plan) -> list[dict[str, Any]]:
    try:
        return lines_guarded(documents().get(plan.source_sha256), plan.source_name, soffice=config.soffice)
    except (Missing, Damaged) as error:
        raise NoSource(
            "Không thấy tệp gốc trong kho, hoặc tệp đã hỏng. Nhờ người quản trị khôi phục từ sao lưu."
        ) from error
    except PlanRefused as refusal:
        raise NoSource(f"Không đọc lại được tệp gốc. {refusal.message}") from refusal
