"""How much of its quotas an account has used, as the headers of any answer tell. Pure.

https://developers.facebook.com/docs/graph-api/overview/rate-limiting: `X-App-Usage` and `X-Page-Usage` hold
percentages, `X-Business-Use-Case-Usage` the same by business and the minutes until access comes back. They appear only
"once enough calls have been made", and what cannot be read says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from channels.facebook import facts

PLAIN = ("x-app-usage", "x-page-usage")
BY_BUSINESS = "x-business-use-case-usage"
PERCENTAGES = ("call_count", "total_time", "total_cputime")


def regain(headers: Mapping[str, str]) -> float:
    """Seconds until access comes back; 0.0 when no header says so. The header's unit is minutes."""
    return max((60.0 * _number(use.get("estimated_time_to_regain_access")) for use in _business(headers)), default=0.0)


def rest(headers: Mapping[str, str]) -> float:
    """Seconds to leave the account alone; 0.0 while its quotas are far from used up."""
    if told := regain(headers):
        return told
    used = percent(headers)
    return max((wait for at, wait in facts.USAGE_STEPS if used >= at), default=0.0)


def percent(headers: Mapping[str, str]) -> float:
    """The fullest of all quotas."""
    uses = [*_business(headers), *(_record(headers.get(name, "")) for name in PLAIN)]
    return max((_number(use.get(name)) for use in uses for name in PERCENTAGES), default=0.0)


def _business(headers: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    for rows in _record(headers.get(BY_BUSINESS, "")).values():
        for use in rows if isinstance(rows, list) else []:
            if isinstance(use, Mapping) and use.get("type", "pages") in facts.USAGE_TYPES:
                yield use


def _record(header: str) -> Mapping[str, Any]:
    try:
        value = json.loads(header)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, Mapping) else {}


def _number(value: Any) -> float:
    try:
        return max(0.0, float(value))
    except (TypeError, ValueError):
        return 0.0
