"""The wire of the OA Open API: token header, envelope, error classes, pace, one renewal.

OA Open API v2.0: https://developers.zalo.me/docs/official-account/
Every answer is HTTP 200 (an unknown path 404); `error` in the body tells. The token is the header `access_token`, never
`Authorization`. The version belongs to a family of calls: articles, uploads and broadcasts are v2.0.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from channels.contract import Account, Desk, Payload
from channels.errors import ChannelError, Rejected, Throttled, Unauthorized, Unavailable, Unsupported
from channels.remote import Call, Reply, ask, mask
from channels.zalo import facts
from channels.zalo.oauth import Tokens

QUOTED = 200  # characters of the vendor's own words in a message
YES = {"1", "co", "có", "true", "yes", "bật"}  # what people write into a setting that is switched on


class Pending(Unavailable):
    """The remote is still at work (-214). Never leaves this folder."""


class Expired(Unauthorized):
    """The access token is dead: the one error that a renewal may heal."""


class MediaRefused(Rejected):
    """The vendor could not fetch or take a picture."""


class OpenApi:
    """One OA's view of the API, for one act. Renews its pair once at most."""

    def __init__(self, account: Account, desk: Desk) -> None:
        self._account = account
        self._desk = desk
        self._base = f"{str(account.settings.get('api_url') or facts.ADDRESS).rstrip('/')}/{facts.VERSION}"
        self._proves = str(account.settings.get("send_proof", "")).strip().lower() in YES
        self._fresh = False
        self.tokens = Tokens(account, desk)

    def get(self, path: str, *, headers: Mapping[str, str] | None = None, **query: str) -> dict[str, Any]:
        return self._ask(Call("GET", self._url(path), query=query, headers=headers or {}, repeatable=True))

    def post(self, path: str, document: Mapping[str, Any], *, repeatable: bool) -> dict[str, Any]:
        return self._ask(Call("POST", self._url(path), document=document, repeatable=repeatable))

    def upload(self, path: str, name: str, data: bytes, media_type: str) -> dict[str, Any]:
        """One file as multipart. What is uploaded is not public, so doing it twice does no harm."""
        return self._ask(Call("POST", self._url(path), parts={"file": (name, data, media_type)}, repeatable=True))

    def _url(self, path: str) -> str:
        return f"{self._base}/{path}"

    def _ask(self, call: Call) -> dict[str, Any]:
        if not self._fresh:
            self.tokens.freshen()
            self._fresh = True
        for _ in range(2):  # a pair that somebody else renewed may be dead too: then our own renewal follows
            try:
                return self._once(call)
            except Expired:
                if self.tokens.renewed:
                    raise
                self.tokens.replace_dead()
        return self._once(call)

    def _once(self, call: Call) -> dict[str, Any]:
        reply = ask(replace(call, headers={**call.headers, **self._proof()}), self._desk.timeout)
        self._mind_pace(reply)
        try:
            data: dict[str, Any] = mask(answer(reply, self.tokens.hidden), self.tokens.hidden)
        except Throttled as error:
            if error.code in facts.SHARED_LIMITS:
                self._desk.slow_down(error.wait)
            raise
        return data

    def _proof(self) -> dict[str, str]:
        """Who we are: the token, and where the application asks for it, that we know its secret."""
        headers = {"access_token": self.tokens.access}
        if self._proves:
            key = self._account.secrets["secret_key"].encode()
            headers["appsecret_proof"] = hmac.new(key, self.tokens.access.encode(), hashlib.sha256).hexdigest()
        return headers

    def _mind_pace(self, reply: Reply) -> None:
        """Rests before the vendor refuses. The header's name is "Remain", not "Remaining"."""
        limit, left = (reply.headers.get(f"x-ratelimit-{name}", "") for name in ("limit", "remain"))
        if limit.isdecimal() and left.isdecimal() and int(left) < int(limit) * facts.LOW_SHARE:
            self._desk.slow_down(facts.REST_SECONDS)


def other_oa(payload: Payload, account: Account) -> str:
    """Why `payload` may not be used on this account: it was approved for another OA. "" when it may.

    Payloads frozen before they named their OA are believed.
    """
    approved, now = str(payload.body.get("oa_id", "")), str(account.settings.get("oa_id", ""))
    if approved in ("", now):
        return ""
    return (
        f"Bài được duyệt cho OA {approved}, nay tài khoản kênh trỏ tới OA {now}. "
        "Sửa lại mã OA trong tài khoản kênh hoặc trình duyệt lại bài."
    )


def refuse_other_oa(payload: Payload, account: Account) -> None:
    """Raises `Unsupported` when the payload was approved for another OA."""
    if words := other_oa(payload, account):
        raise Unsupported(words, code="other-oa")


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
        case "unavailable":
            return Unavailable(message, code=mark)
        case "media":
            return MediaRefused(f"{message}: {text[:QUOTED]}", code=mark)
    return Rejected(f"{message}: {text[:QUOTED]}", code=mark)
