"""Where a delivery has come to rest: in a final state, on a person's list with the reason, or nowhere yet. Pure.

A row is what `facts.PLACES` selects: plain values of the database, nothing of the engine's code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]
NEED_WORDS = ("failed", "cancelled", "missed")  # an end that is no success says why
FINAL = ("delivered", "corrected", "withdrawn", *NEED_WORDS)


def place(row: Row) -> str:
    """ "final", the name of the list it stands on, or "" while it is on its way."""
    if row["state"] in FINAL:
        return "final" if row["state"] not in NEED_WORDS or row["last_error"] else ""
    if row["state"] == "handed_over":
        return "handed over"
    if row["state"] not in ("scheduled", "unknown"):
        return ""  # somebody is at work on it
    if row["review_since"] is not None and row["review_why"]:
        return "unknown" if row["state"] == "unknown" else "to review"
    if row["held_at"] is not None and row["held_reason"]:
        return "account held"
    return "everything held" if row["engine_held"] else waits(row)


def waits(row: Row) -> str:
    """What stands behind a page that a person must decide on first."""
    decided_first = row["before_review_since"] is not None or row["before_held_at"] is not None
    return "behind a page on a list" if decided_first and row["before_state"] in ("scheduled", "unknown") else ""


def moving(row: Row) -> bool:
    return not place(row)


def reason(row: Row) -> str:
    """The words a person reads beside it."""
    return (
        row["review_why"] or row["held_reason"] or row["engine_held"] or row["last_error"] or row["before_words"] or ""
    )
