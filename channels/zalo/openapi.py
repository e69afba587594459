"""The wire of the OA Open API: token header, envelope, error classes, one refresh.

OA Open API v2.0: https://developers.zalo.me/docs/official-account/
Every answer is HTTP 200; `error` in the body tells. The token is the header `access_token`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels.contract import Account, Desk
from channels.errors import ChannelError, Rejected, Throttled, Unauthorized, Unavailable
from channels.remote import Call, Reply, ask, mask
from channels.zalo import facts, oauth

QUOTED = 200  # characters of the vendor's own words in a message


class Pending(Unavailable):
    """The remote is still at work (-214). Never leaves this folder."""


class Expired(Unauthorized):
    """The access token is dead: the one error that a refresh may heal."""


class OpenApi:
    """One OA's view of the API. Refreshes its token once at most, and the pair is stored before it is used."""

    def __init__(self, account: Account, desk: Desk) -> None:
        self._account = account
        self._desk = desk
        self._base = f"{str(account.settings.get('api_url') or facts.ADDRESS).rstrip('/')}/{facts.VERSION}"
        self._pair = oauth.Pair(account.secrets["access_token"], account.secrets["refresh_token"])
        self._renewed = False

    def get(self, path: str, **query: str) -> dict[str, Any]:
        return self._ask("GET", path, query=query, repeatable=True)

    def post(self, path: str, document: Mapping[str, Any], *, repeatable: bool) -> dict[str, Any]:
        return self._ask("POST", path, document=document, repeatable=repeatable)

    def _ask(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        try:
            return self._once(method, path, **given)
        except Expired:
            if self._renewed:
                raise
        spent, self._renewed = self._pair, True
        if self._renew(spent):
            try:
                return self._once(method, path, **given)
            except Expired:  # what another thread had renewed is dead too
                self._renew(spent, dead=self._pair.access)
        return self._once(method, path, **given)

    def _renew(self, spent: oauth.Pair, dead: str = "") -> bool:
        keep, timeout = self._desk.keep_secrets, self._desk.timeout
        self._pair, remembered = oauth.renew(self._account, spent, keep, timeout, dead)
        return remembered

    def _once(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool,
        query: Mapping[str, str] | None = None,
        document: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        call = Call(
            method,
            f"{self._base}/{path}",
            query=query or {},
            document=document,
            headers={"access_token": self._pair.access},
            repeatable=repeatable,
        )
        reply = ask(call, self._desk.timeout)
        hidden = (self._pair.access, self._pair.refresh, self._account.secrets.get("secret_key", ""))
        data: dict[str, Any] = mask(answer(reply, hidden), hidden)
        return data


def answer(reply: Reply, hidden: tuple[str, ...] = ()) -> dict[str, Any]:
    """`data` of a good answer, {} when it has none. Raises the class of error that a bad one means."""
    record = reply.record()
    if "error" not in record:
        raise reply.call.lost(f"Zalo trả lời không đúng dạng (HTTP {reply.status}).")
    try:
        code = int(record["error"])
    except (TypeError, ValueError):
        raise reply.call.lost(f"Zalo trả lời không đúng dạng (HTTP {reply.status}).") from None
    if code:
        raise classify(code, str(mask(str(record.get("message", "")), hidden)))
    data = record.get("data")
    return dict(data) if isinstance(data, Mapping) else {}


def classify(code: int, text: str) -> ChannelError:
    """A code of the vendor's table as one of our errors."""
    found = facts.verdict(code, text)
    message, mark = f"{found.message} (mã {code})", str(code)
    match found.verdict:
        case "pending":
            return Pending(message, code=mark)
        case "expired":
            return Expired(message, code=mark)
        case "unauthorized":
            return Unauthorized(message, code=mark)
        case "throttled":
            return Throttled(message, wait=found.wait, code=mark)
    return Rejected(f"{message}: {text[:QUOTED]}", code=mark)
