"""Every call to another machine goes through here: bounded in time and size, and honest about what is not known.

A call is either `repeatable` (a read, a deletion, a full replacement: doing it twice does no harm) or it creates.
When the answer of a creating call is lost after bytes went out, nobody can say what stands: `OutcomeUnknown`. All else
that fails on the way is `Unavailable`: it may be tried again. An address that may not be called is `Unauthorized`.

Which machines may be called is `channels.reach`; its check is made where the line is opened. Plain http goes to this
machine alone. Environment proxies, cookies and redirects are refused. Nothing raised or logged here holds a path, a
query, a header or a token.
"""

from __future__ import annotations

import io
import json
import logging
import re
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlencode, urlsplit

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError
from urllib3.filepost import encode_multipart_formdata
from urllib3.response import BaseHTTPResponse

from channels.errors import ChannelError, OutcomeUnknown, Unauthorized, Unavailable
from channels.reach import LOOPBACK, Reader, dial, host_problem, is_allowed, left_until, plain, trust
from channels.reach import allow as allow

if TYPE_CHECKING:
    import socket

ANSWER_LIMIT = 2 * 1024 * 1024  # bytes, uncompressed; the largest listing asked for is some hundred kilobytes
SLOWEST_UPLOAD = 128 * 1024  # bytes a second: a large body gets that much more time
IDLE_SECONDS = 15.0  # a kept line unused for longer may be closed by the other side just as we write to it
AGENT = "tincoso"
REDIRECTS = {301, 302, 303, 307, 308}
_DOUBTFUL = re.compile(r"[\\\s\x00-\x1f\x7f]|//[^/?#]*@")  # two readers part these differently

_local = threading.local()
for _name in ("urllib3.connectionpool", "urllib3.connection", "urllib3.response"):
    logging.getLogger(_name).addFilter(lambda record: False)  # they quote whole addresses


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
    """Why `url` may not be called, in the reader's words; "" when it may: https to a public or allowed host, or http on
    this very machine where that is allowed. Nothing is looked up."""
    parts = _parts(url)
    if not parts.hostname or parts.scheme not in ("http", "https") or (parts.scheme == "http" and not is_loopback(url)):
        return f"{label} phải bắt đầu bằng https://."
    problem = host_problem(parts.hostname)
    return f"{label}: {problem}" if problem else ""


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
    """Makes the call; `timeout` is (connect, read) in seconds. Any HTTP status is an answer, except a redirect.

    The answer is whole after both together, plus the time a large body needs to go out, or it counts as lost.
    """
    parts = _parts(call.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _not_reached(call, "địa chỉ không đúng")
    trouble: ChannelError
    try:
        return _ask(call, timeout)
    except ConnectTimeoutError:
        trouble = _not_reached(call, "không kết nối được trong thời gian cho phép")
    except NewConnectionError:
        trouble = _not_reached(call, "không kết nối được")
    except (ReadTimeoutError, TimeoutError):
        trouble = call.lost(f"{host(call.url)} không trả lời kịp.")
    except (HTTPError, HTTPException, OSError, ValueError):
        if _local.wrote:
            trouble = call.lost(f"Đường truyền tới {host(call.url)} bị ngắt giữa chừng.")
        else:  # an address or a header that cannot be written
            trouble = _not_reached(call, "địa chỉ hoặc mã truy cập không đúng dạng")
    # Raised outside the except blocks: the original exception quotes the address.
    raise trouble


def _not_reached(call: Call, why: str) -> Unavailable:
    return Unavailable(f"{host(call.url)}: {why}. Chưa gửi gì, hệ thống sẽ tự thử lại.", code="transport")


def _ask(call: Call, timeout: tuple[float, float]) -> Reply:
    body, media_type = _body(call)
    headers = {"User-Agent": AGENT, "Accept": "*/*", **({"Content-Type": media_type} if media_type else {})}
    _local.wait, _local.wrote = timeout[1], False
    _local.deadline = time.monotonic() + sum(timeout) + len(body) / SLOWEST_UPLOAD
    answer = _lines().urlopen(
        call.method,
        f"{call.url}{'&' if '?' in call.url else '?'}{urlencode(call.query)}" if call.query else call.url,
        body=body or None,
        headers=headers | dict(call.headers),
        timeout=Timeout(connect=timeout[0], read=timeout[1]),
        redirect=False,
        preload_content=False,
    )
    try:
        told = _read(answer, call)
    except BaseException:
        answer.close()  # whatever still comes on this line is not the answer to the next question
        raise
    answer.release_conn()
    return Reply(answer.status, {name.lower(): value for name, value in answer.headers.items()}, told, call)


def _body(call: Call) -> tuple[bytes, str]:
    """The bytes of the request and their media type; both empty where there is nothing to say."""
    if call.raw:
        return call.raw, ""
    if call.parts:
        return encode_multipart_formdata([*call.form.items(), *call.parts.items()])
    if call.form:
        return urlencode(call.form).encode(), "application/x-www-form-urlencoded"
    if call.document is not None:
        return json.dumps(call.document, allow_nan=False).encode(), "application/json"
    return b"", ""


def _read(answer: BaseHTTPResponse, call: Call) -> bytes:
    """The body, unpacked piece by piece, as long as it stays small enough."""
    if answer.status in REDIRECTS and "location" in answer.headers:
        raise call.lost(f"{host(call.url)} chuyển hướng sang nơi khác, không đi theo.")
    body = bytearray()
    for piece in answer.stream(65536, decode_content=True):
        body += piece
        if len(body) > ANSWER_LIMIT:
            raise call.lost(f"{host(call.url)} trả lời quá dài.")
        _left()
    return bytes(body)


def _left() -> float:
    """Seconds the call under way in this thread may wait now. Raises `TimeoutError` when it has had its time."""
    return left_until(_local.deadline, _local.wait)


class _Timed:
    """A line as `http.client` reads from it: not a byte past the deadline."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(Reader(self._line, _left))


class _Answer(HTTPResponse):
    def __init__(self, sock: Any, debuglevel: int = 0, method: str | None = None, url: str | None = None) -> None:
        super().__init__(_Timed(sock), debuglevel, method, url)  # type: ignore[arg-type]  # it only makes a file of it


class _Line(HTTPConnection):
    """A connection to an address that was looked at. Whatever fails until it stands, not a byte of the request left."""

    response_class = _Answer
    covered = False  # by TLS
    used_at = 0.0

    def _new_conn(self) -> socket.socket:
        name = plain(self._dns_host)
        if not self.covered and not (name in LOOPBACK and is_allowed(name)):
            raise Unauthorized(host_problem(name) or f"Địa chỉ của {name} phải bắt đầu bằng https://.", code="address")
        return dial(name, self.port, float(self.timeout or 0))

    def connect(self) -> None:
        try:
            super().connect()
        except TimeoutError:
            raise ConnectTimeoutError(self, "") from None
        except OSError:  # no such name, refused, no certificate to trust
            raise NewConnectionError(self, "") from None

    def send(self, data: Any) -> None:
        """The body may take until the deadline; urllib3 would give it the time of a connect."""
        if self.sock is None:
            self.connect()
        self.sock.settimeout(left_until(_local.deadline, float("inf")))
        _local.wrote = True
        super().send(data)

    def close(self) -> None:
        self.used_at = 0.0
        super().close()

    def getresponse(self) -> Any:
        answer = super().getresponse()
        self.used_at = time.monotonic()
        return answer

    @property
    def is_connected(self) -> bool:
        fresh = not self.used_at or time.monotonic() - self.used_at < IDLE_SECONDS
        return fresh and super().is_connected


class _SafeLine(_Line, HTTPSConnection):
    covered = True


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Line


class _SafePool(HTTPSConnectionPool):
    ConnectionCls = _SafeLine


def _lines() -> PoolManager:
    """The kept lines of this thread."""
    lines: PoolManager | None = getattr(_local, "lines", None)
    if lines is None:
        lines = PoolManager(retries=False, ssl_context=trust())
        lines.pool_classes_by_scheme = {"http": _Pool, "https": _SafePool}
        _local.lines = lines
    return lines
