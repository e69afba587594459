"""Every call to another machine goes through here: bounded in time and size, and honest about what is not known.

A call is either `repeatable` (a read, a deletion, a full replacement: doing it twice does no harm) or it creates.
When the answer of a creating call is lost after bytes went out, nobody can say what stands: `OutcomeUnknown`. All else
that fails on the way is `Unavailable`: it may be tried again.

Environment proxies, cookies and redirects are refused. Nothing raised here holds an address, a header or a token.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from urllib3.exceptions import HTTPError, NewConnectionError

from channels.errors import ChannelError, OutcomeUnknown, Unavailable

ANSWER_LIMIT = 2 * 1024 * 1024  # bytes; the largest listing asked for is some hundred kilobytes
AGENT = "tincoso"
_DOUBTFUL = re.compile(r"[\\\s\x00-\x1f\x7f]|//[^/?#]*@")  # requests and urlsplit part these differently
LOOPBACK = {"127.0.0.1", "::1", "localhost"}

_local = threading.local()


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `parts` (name → file name, bytes, media type) makes it multipart, `document` JSON, `form` a form,
    `raw` sends exactly those bytes."""

    method: str
    url: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    document: Any = None
    raw: bytes = field(default=b"", repr=False)
    parts: Mapping[str, tuple[str, bytes, str]] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    repeatable: bool = False

    def lost(self, why: str) -> ChannelError:
        """What a lost or unreadable answer means for this call."""
        if self.repeatable:
            return Unavailable(f"{why} Hệ thống sẽ tự thử lại.", code="transport")
        return OutcomeUnknown(
            f"{why} Chưa biết bài đã đăng hay chưa: hệ thống sẽ đọc lại để kiểm tra.", code="transport"
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that arrived whole. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    call: Call = field(repr=False)

    def record(self) -> dict[str, Any]:
        """The JSON object of the answer; what is none counts as a lost answer."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise self.call.lost(f"{host(self.call.url)} trả lời không đọc được (HTTP {self.status}).")
        return value


def host(url: str) -> str:
    """The host of an address, for messages: never its path or query."""
    return _parts(url).hostname or "máy chủ"


def is_loopback(url: str) -> bool:
    return _parts(url).hostname in LOOPBACK


def _parts(url: str) -> SplitResult:
    """An address in its parts; empty ones where it is none, or where two readers would see two hosts in it."""
    try:
        return urlsplit("" if _DOUBTFUL.search(url) else url)
    except ValueError:
        return urlsplit("")


def address_problem(url: str, label: str) -> str:
    """Why `url` may not be called, in the reader's words; "" when it may: https, or http on this very machine."""
    parts = _parts(url)
    if parts.scheme == "https" and parts.hostname:
        return ""
    if parts.scheme == "http" and is_loopback(url):
        return ""
    return f"{label} phải bắt đầu bằng https://."


def mask(value: Any, hidden: Iterable[str]) -> Any:
    """A JSON value with every secret in `hidden` covered."""
    covered = [secret for secret in hidden if secret]
    if isinstance(value, str):
        for secret in covered:
            value = value.replace(secret, "•••")
        return value
    if isinstance(value, Mapping):
        return {key: mask(item, covered) for key, item in value.items()}
    if isinstance(value, list):
        return [mask(item, covered) for item in value]
    return value


def ask(call: Call, timeout: tuple[float, float]) -> Reply:
    """Makes the call; `timeout` is (connect, read) in seconds. Any HTTP status is an answer, except a redirect."""
    reason = ""
    try:
        return _ask(call, timeout)
    except requests.exceptions.ConnectTimeout:
        raise _not_reached(call, "không kết nối được trong thời gian cho phép") from None
    except requests.exceptions.Timeout:
        reason = f"{host(call.url)} không trả lời kịp."
    except requests.exceptions.ConnectionError as error:
        if _never_connected(error):
            raise _not_reached(call, "không kết nối được") from None
        reason = f"Đường truyền tới {host(call.url)} bị ngắt giữa chừng."
    except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema):
        raise _not_reached(call, "địa chỉ không đúng") from None
    except (requests.exceptions.RequestException, HTTPError, OSError):
        reason = f"Câu trả lời của {host(call.url)} bị cắt giữa chừng."
    # Raised outside the except block: the original exception quotes the address.
    raise call.lost(reason)


def _not_reached(call: Call, why: str) -> Unavailable:
    return Unavailable(f"{host(call.url)}: {why}. Chưa gửi gì, hệ thống sẽ tự thử lại.", code="transport")


def _never_connected(error: requests.exceptions.ConnectionError) -> bool:
    """True when not one byte of the request left: no such name, refused, certificate not trusted."""
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    if isinstance(reason, NewConnectionError):  # NameResolutionError is one of these
        return True
    return isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(reason)


def _ask(call: Call, timeout: tuple[float, float]) -> Reply:
    deadline = time.monotonic() + sum(timeout)
    with _session().request(
        call.method,
        call.url,
        params=dict(call.query),
        data=call.raw or dict(call.form) or None,
        json=call.document,
        files=dict(call.parts) or None,
        headers=dict(call.headers),
        timeout=timeout,
        allow_redirects=False,
        stream=True,
    ) as answer:
        if answer.is_redirect:
            raise call.lost(f"{host(call.url)} chuyển hướng sang nơi khác, không đi theo.")
        body = _read(answer, call, deadline)
    return Reply(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, body, call)


def _read(answer: requests.Response, call: Call, deadline: float) -> bytes:
    """The body, as long as it is small enough and does not drip past the deadline."""
    body = bytearray()
    for piece in answer.iter_content(65536):
        body += piece
        if len(body) > ANSWER_LIMIT:
            raise call.lost(f"{host(call.url)} trả lời quá dài.")
        if time.monotonic() > deadline:
            raise call.lost(f"{host(call.url)} trả lời quá chậm.")
    return bytes(body)


def _session() -> requests.Session:
    """One session a thread: connections are kept, cookies and the environment are not."""
    session: requests.Session | None = getattr(_local, "session", None)
    if session is None:
        session = requests.Session()
        session.trust_env = False
        session.headers["User-Agent"] = AGENT
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        _local.session = session
    return session
