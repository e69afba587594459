"""Whether a plan says that it amends or replaces earlier ones. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from campaigns.headlines import fold

_AMENDS = r"\b(?:sua doi|dieu chinh|bo sung|thay the)\b"
_NUMBER = re.compile(r"\b\d+[a-z]?\s?/\s?kh\s?[-–]\s?[a-zđ0-9]+(?:[-–.][a-zđ0-9]+)*", re.IGNORECASE)


def amended_numbers(reading: Mapping[str, Any]) -> list[str]:
    """Numbers of the plans the document says it amends or replaces, in order, as printed without spaces; never its
    own. Its title counts, and sentences like "thay thế Kế hoạch số 18/KH-UBND"."""
    own = compact(reading.get("number") or "")
    found = dict.fromkeys(number for number in _numbers(reading) if compact(number) != own)
    return list(found)


def compact(number: str) -> str:
    """A number for comparing: "18 / KH - UBND" and "18/KH-UBND" are one."""
    return re.sub(r"\s", "", fold(number)).replace("–", "-")


def _numbers(reading: Mapping[str, Any]) -> Iterator[str]:
    title = reading.get("title") or ""
    references = [*reading.get("legal_bases", []), *reading.get("other_refs", [])]
    if re.search(_AMENDS + r".*\bke hoach\b", fold(title)):
        named = [re.sub(r"\s", "", match[0]) for match in _NUMBER.finditer(title)]
        cited = [r["number"] for r in references if r.get("number") and fold(r.get("kind") or "") == "ke hoach"]
        yield from named or cited  # a title that names none means one of those it cites
    yield from (r["number"] for r in references if r.get("number") and r.get("replaced"))
