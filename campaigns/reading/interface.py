"""The form in which a reading leaves this package, for whoever reads plans by machine.

Apart from `schema`, for pydantic takes longer to load than a plan to read.
"""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from campaigns.reading.schema import Reading


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of what `to_json` gives: the interface for whoever reads a plan by machine."""
    schema = TypeAdapter(Reading).json_schema(mode="serialization")
    del schema["$defs"]["Section"]["properties"]["items"]
    for part in (schema, *schema["$defs"].values()):
        part["required"] = list(part["properties"])  # what is not known is null or empty, never left out
        part["additionalProperties"] = False
    return schema
