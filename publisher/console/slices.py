"""Lists cut by key, not by number: page 1000 costs what page 1 costs, and no row shows twice while others arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

SIZE = 40


@dataclass(frozen=True, slots=True)
class Slice:
    rows: list[Any]
    after: str  # cursor of the next slice, "" at the end


def cut(rows: QuerySet[Any], field: str, cursor: str = "", size: int = SIZE) -> Slice:
    """`rows` newest first by (`field`, pk), from behind `cursor`. A cursor nobody gave out answers 404."""
    if cursor:
        at, pk = _read(cursor)
        rows = rows.filter(**{f"{field}__lte": at}).exclude(**{field: at, "pk__gte": pk})
    found = list(rows.order_by(f"-{field}", "-pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Slice(found[:size], f"{getattr(last, field).isoformat()}~{last.pk}" if last else "")


def _read(cursor: str) -> tuple[datetime, int]:
    at, _, pk = cursor.partition("~")
    try:
        moment, last = datetime.fromisoformat(at), int(pk)
        moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Http404("Không có trang này trong danh sách.") from error
    if moment.tzinfo is None:
        raise Http404("Không có trang này trong danh sách.")
    return moment, last
