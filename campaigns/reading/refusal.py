"""Why a file was not read as a plan."""

from __future__ import annotations

from typing import Any


class PlanRefused(Exception):
    """The file cannot be read, or is no plan.

    `code` is stable snake_case (`empty_file`, `too_large`, `not_a_plan` …), `message` a Vietnamese sentence that says
    what the file seems to be and what to do, `seems` the kind of document it looks like (None: unknown).
    """

    def __init__(self, code: str, message: str, seems: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.seems = seems


def refusal_to_json(refusal: PlanRefused, file: str) -> dict[str, Any]:
    """The documented JSON of a refusal: `is_plan` false, `doc_type` what it seems to be, a warning with the reason."""
    return {
        "file": file,
        "doc_type": refusal.seems,
        "is_plan": False,
        "refusal": {"code": refusal.code, "message": refusal.message},
        "warnings": [{"code": refusal.code, "message": refusal.message, "source": None}],
    }
