"""The envelope of the OA Open API, and that of its OAuth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels.sandbox.exchange import Answer, as_json


def good(data: Any) -> Answer:
    return as_json({"data": data, "error": 0, "message": "Success"})


def error(code: int, message: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    return as_json({"error": code, "message": message}, status, headers)


def oauth_error(code: int, name: str) -> Answer:
    said = {"error_name": name, "error_reason": name, "error_description": name}
    return as_json({"error": code, **said, "ref_doc": "https://developers.zalo.me/docs/official-account"})


def whole(text: str) -> int:
    return int(text) if text.isdecimal() else -1
