"""The HTTP server of the sandbox, and the wire: bytes in, bytes out, or no bytes where a fault says so."""

from __future__ import annotations

import select
import socket
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from channels.sandbox.desk import Desk
from channels.sandbox.exchange import BODY_LIMIT, Answer, Request, as_json
from channels.sandbox.facebook import PATH, Facebook
from channels.sandbox.fault_kinds import FAULTS, SILENT, Order
from channels.sandbox.faults import Faults
from channels.sandbox.mail import Post
from channels.sandbox.people import Pages
from channels.sandbox.receivers import DELIVERY, Hub, Webhooks
from channels.sandbox.store import Store
from channels.sandbox.zalo import Zalo

IDLE_SECONDS = 60.0
PAGES_OF_FACEBOOK = ("posts", "photos", "reel", "videos")  # without a version they are pages for people


class Party(Protocol):
    """One of those the publisher speaks to."""

    @property
    def vendor(self) -> str: ...

    def call(self, request: Request) -> str: ...

    def answer(self, request: Request) -> Answer: ...


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024

    def __init__(
        self,
        address: tuple[str, int],
        mail_port: int,
        data: Path,
        public_url: str,
        machine: Callable[[], float] = time.time,
    ) -> None:
        """Port 0 takes a free one. Raises OSError when a port is taken."""
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self.store = Store(data, machine)
        super().__init__(address, _Handler)  # closes what stands above when the port is taken
        self.url = public_url or f"http://{address[0]}:{self.server_address[1]}"
        self.faults = Faults(self.store)
        self.calls: Counter[tuple[str, str]] = Counter()
        self.facebook, self.zalo = Facebook(self.store, self.url), Zalo(self.store, self.url)
        self.webhooks, self.hub = Webhooks(self.store), Hub(self.store)
        try:
            self.post = Post((address[0], mail_port), self.store, self.faults, self.stopping)
        except OSError:
            self.server_close()
            raise
        self.mail_port = int(self.post.server_address[1])
        self.pages = Pages(self.store, self.faults, self.facebook, self.zalo)
        self.desk = Desk(self)
        threading.Thread(target=self.post.serve_forever, args=(0.02,), name="sandbox-mail", daemon=True).start()

    def answer(self, request: Request) -> Answer:
        party = self._party(request.path)
        if party is None:
            inside = request.path.startswith("/_") and request.path != "/_sandbox.css"
            return self.desk.answer(request) if inside else self.pages.answer(request)
        call = party.call(request)
        self.calls[party.vendor, call] += 1
        order = self.faults.take(party.vendor, call, request.words, request.headers.get(DELIVERY, ""))
        return party.answer(request) if order is None else _struck(party, request, order)

    def _party(self, path: str) -> Party | None:
        if path.startswith(("/zalo/v", "/zalo-oauth/")):
            return self.zalo
        if path.startswith("/webhook/"):
            return self.webhooks
        if path == "/hub":
            return self.hub
        match = PATH.fullmatch(path)
        page = match and match[1] is None and match[3].split("/")[0] in PAGES_OF_FACEBOOK
        return self.facebook if match and not page else None

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def shutdown(self) -> None:
        """Ends both loops, the one while the other does."""
        ending = threading.Thread(target=self.post.shutdown)
        ending.start()
        super().shutdown()
        ending.join()

    def server_close(self) -> None:
        self.stopping.set()
        super().server_close()
        if hasattr(self, "post"):
            self.post.shutdown()
            self.post.server_close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.store.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is told on standard error."""
        if not self.stopping.is_set() and not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def _struck(party: Party, request: Request, order: Order) -> Answer:
    fault = FAULTS[order.fault]
    if fault.hint:
        return party.answer(replace(request, hints={fault.hint: order.seconds}))
    return fault.change(party.answer(request) if fault.done_first(order) else SILENT, order)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "tincoso-sandbox"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        length = _length(self.headers.get("Content-Length"))
        if not 0 <= length <= BODY_LIMIT or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            self._send(as_json({"error": "a body needs its length, and no more than fits"}, 413))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        request = Request(self.command, parts.path, query, headers, self.rfile.read(length))
        self._send(self.server.answer(request))

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: a line would hold addresses with tokens."""

    def _send(self, answer: Answer) -> None:
        if answer.delay and not self._wait(answer.delay):
            self.close_connection = True
            return
        if answer.broken == "reset":
            self._reset()
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self._put(answer)

    def _wait(self, seconds: float) -> bool:
        """Whether there is still somebody to answer after so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self.server.stopping.wait(min(left, 0.1)) or self._is_gone():
                return False
        return True

    def _is_gone(self) -> bool:
        """Whether the client has closed the line."""
        with suppress(OSError, ValueError):
            readable = select.select([self.connection], [], [], 0)[0]
            return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)
        return True

    def _put(self, answer: Answer) -> None:
        body = b"" if self.command == "HEAD" else answer.body
        if answer.broken == "half":
            self.close_connection = True
            body = body[: len(body) // 2]
        self._headers_buffer: list[bytes]
        self._headers_buffer.append(b"\r\n" + body)  # headers and body in one packet
        with suppress(ConnectionError):
            self.flush_headers()

    def _reset(self) -> None:
        """The line dies without a word: RST instead of a close."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()


def _length(header: str | None) -> int:
    """Bytes of the body; -1 for a header that is no number."""
    if header is None:
        return 0
    return int(header) if header.isdecimal() else -1
