"""The wire of the Graph API: tokens, envelopes, error classes, the wait a header names.

Graph API v26.0: https://developers.facebook.com/docs/graph-api/guides/error-handling
Errors come as HTTP 400 (throttling too), 500 or 503, now and then inside a 200. `type` says nothing, `code` and
`error_subcode` do. The token travels in a header, so that no address holds it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from channels.contract import Account
from channels.errors import ChannelError, OutcomeUnknown, Rejected, Throttled, Unauthorized, Unavailable
from channels.facebook import facts
from channels.remote import Call, Reply, ask, mask

QUOTED = 200  # characters of the vendor's own words in a message


class Graph:
    """One account's view of the Graph API."""

    def __init__(self, account: Account, timeout: tuple[float, float]) -> None:
        self.page = str(account.settings["page_id"])
        self._base = f"{str(account.settings.get('api_url') or facts.ADDRESS).rstrip('/')}/{facts.VERSION}"
        self._token = account.secrets["access_token"]
        self._app_secret = account.secrets.get("app_secret", "")
        self._timeout = timeout

    def get(self, path: str, **query: str) -> dict[str, Any]:
        return self._ask("GET", path, query, repeatable=True)

    def post(
        self,
        path: str,
        form: Mapping[str, str],
        *,
        fields: str = "",
        parts: Mapping[str, tuple[str, bytes, str]] | None = None,
        repeatable: bool = False,
    ) -> dict[str, Any]:
        """`fields` asks for those fields of what was written (read after write)."""
        query = {"fields": fields} if fields else {}
        return self._ask("POST", path, query, form=form, parts=parts or {}, repeatable=repeatable)

    def delete(self, path: str) -> dict[str, Any]:
        return self._ask("DELETE", path, {}, repeatable=True)

    def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        *,
        repeatable: bool,
        form: Mapping[str, str] | None = None,
        parts: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> dict[str, Any]:
        call = Call(
            method,
            f"{self._base}/{path}",
            query={**query, **self._proof()},
            form=form or {},
            parts=parts or {},
            headers={"Authorization": f"Bearer {self._token}"},
            repeatable=repeatable,
        )
        reply = ask(call, self._timeout)
        record: dict[str, Any] = mask(answer(reply), (self._token, self._app_secret))
        return record

    def _proof(self) -> dict[str, str]:
        """https://developers.facebook.com/docs/graph-api/guides/secure-requests"""
        if not self._app_secret:
            return {}
        return {
            "appsecret_proof": hmac.new(self._app_secret.encode(), self._token.encode(), hashlib.sha256).hexdigest()
        }


IN_DOUBT = "Chưa biết bài đã đăng hay chưa: hệ thống sẽ đọc lại để kiểm tra."


def answer(reply: Reply) -> dict[str, Any]:
    """The JSON object of a good answer. Raises the class of error that a bad one means."""
    record = reply.record()
    error = record.get("error")
    if isinstance(error, Mapping):
        raise classify(error, reply)
    if reply.status >= 500:
        raise reply.call.lost(f"Facebook đang trục trặc (HTTP {reply.status}).")
    if reply.status >= 400:
        raise Rejected(f"Facebook không nhận yêu cầu (HTTP {reply.status}).", code=str(reply.status))
    if record.get("success") is False:
        raise Rejected("Facebook từ chối thay đổi này mà không nêu lý do.", code="success:false")
    return record


def classify(error: Mapping[str, Any], reply: Reply) -> ChannelError:
    """The `error` object of an answer as one of our errors."""
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    text = str(error.get("message", ""))
    transient = error.get("is_transient") is True or reply.status >= 500
    found = facts.verdict(code, subcode, text, transient=transient)
    marks = {
        "code": str(code),
        "subcode": str(subcode) if subcode else "",
        "trace": str(error.get("fbtrace_id", "")),
    }
    message = f"{found.message} (mã {code}{f'/{subcode}' if subcode else ''})"
    match found.verdict:
        case "unauthorized":
            return Unauthorized(message, **marks)
        case "throttled":
            return Throttled(message, wait=wait(reply.headers) or found.wait, **marks)
        case "unknown":
            return OutcomeUnknown(message, **marks)
        case "transient":
            if reply.call.repeatable:
                return Unavailable(message, **marks)
            return OutcomeUnknown(f"{message}. {IN_DOUBT}", **marks)
    return Rejected(f"{message}: {_quoted(text, reply)}", **marks)


def wait(headers: Mapping[str, str]) -> float:
    """Seconds until access comes back, as the usage header says; 0.0 when it does not.

    https://developers.facebook.com/docs/graph-api/overview/rate-limiting (the header's unit is minutes)
    """
    try:
        uses = json.loads(headers.get("x-business-use-case-usage", "{}"))
        return max(
            (60.0 * float(use["estimated_time_to_regain_access"]) for rows in uses.values() for use in rows),
            default=0.0,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return 0.0


def _number(value: Any) -> int:
    """A code as a number; the vendor sometimes sends it as text."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _quoted(text: str, reply: Reply) -> str:
    """The vendor's own words, without our token (it is sometimes quoted back)."""
    token = reply.call.headers.get("Authorization", "").removeprefix("Bearer ")
    return str(mask(text, [token]))[:QUOTED]
