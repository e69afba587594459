"""The HTTP server of the sandbox. Start it in this process (`Sandbox`) or as a process of its own (`serve`)."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from channels.sandbox import faults
from channels.sandbox.accounts import credentials
from channels.sandbox.desk import Desk
from channels.sandbox.exchange import BODY_LIMIT, Answer, Request, as_json
from channels.sandbox.facebook import PATH, Facebook
from channels.sandbox.people import Pages
from channels.sandbox.store import Store
from channels.sandbox.zalo import Zalo

IDLE_SECONDS = 60.0


class Sandbox:
    """`with Sandbox(folder) as sandbox: sandbox.url …`. All it knows lies in the folder and survives any death."""

    def __init__(
        self,
        data: Path,
        port: int = 0,
        host: str = "127.0.0.1",
        *,
        public_url: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`port` 0 takes a free one. `public_url`: what links begin with, where people reach it by another address."""
        self._data, self._host, self._port, self._clock = data, host, port, clock
        self._public_url = public_url.rstrip("/")
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return self._running.url

    @property
    def accounts(self) -> dict[str, dict[str, dict[str, str]]]:
        """Ready credentials, by kind of channel: {"facebook": {"settings": …, "secrets": …}, "zalo": …}."""
        return credentials(self.url)

    @property
    def _running(self) -> _Server:
        if self._server is None:
            raise RuntimeError("the sandbox is not started")
        return self._server

    def start(self) -> None:
        """Raises OSError when the port is taken."""
        self._server = _Server((self._host, self._port), self._data, self._public_url, self._clock)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="sandbox", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends it at once, also what hangs on purpose."""
        server, self._server = self._server, None
        if server is None or self._thread is None:
            return
        server.shutdown()
        self._thread.join()
        server.server_close()

    def posts(self, vendor: str) -> list[dict[str, Any]]:
        """What a vendor shows in public now, oldest first."""
        return self._running.desk.posts(vendor)

    def record(self) -> list[dict[str, Any]]:
        """Everything that was ever really done, in order."""
        return [dict(row) for row in self._running.store.rows("SELECT * FROM record ORDER BY id")]

    def photos(self) -> list[dict[str, Any]]:
        """Every photo the Page holds: {"id", "post"}; `post` is "" for one that hangs in none."""
        return [dict(row) for row in self._running.store.rows("SELECT id, post FROM photo ORDER BY number")]

    def fault(self, vendor: str, call: str, fault: str, *, times: int = 1, seconds: float = 3.0) -> None:
        """Sets a fault. Raises ValueError for one that does not exist."""
        given = {"vendor": vendor, "call": call, "fault": fault, "times": times, "seconds": seconds}
        if wrong := faults.order(self._running.store, given):
            raise ValueError(wrong)

    def turn(self, switch: str, value: int) -> None:
        self._running.store.turn(switch, value)


def serve(
    data: Path,
    host: str = "127.0.0.1",
    port: int = 8099,
    public_url: str = "",
    ready: Callable[[str], object] = lambda url: None,
) -> None:
    """Serves until interrupted; `ready` is told the address. Raises OSError when the port is taken."""
    server = _Server((host, port), data, public_url.rstrip("/"), time.time)
    try:
        ready(server.url)
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], data: Path, public_url: str, clock: Callable[[], float]) -> None:
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self.store = Store(data, clock)
        super().__init__(address, _Handler)  # closes what stands above when the port is taken
        self.url = public_url or f"http://{address[0]}:{self.server_address[1]}"
        self.facebook, self.zalo = Facebook(self.store, self.url), Zalo(self.store, self.url)
        self.pages = Pages(self.store, self.facebook, self.zalo)
        self.desk = Desk(self.store, self.facebook, self.zalo, self.pages)

    def answer(self, request: Request) -> Answer:
        vendor = self._vendor(request.path)
        if vendor is None:
            inside = request.path.startswith("/_") and request.path != "/_sandbox.css"
            return self.desk.answer(request) if inside else self.pages.answer(request)
        ordered = faults.take(self.store, vendor.vendor, vendor.call(request))
        if ordered is None:
            return vendor.answer(request)
        fault, seconds = ordered
        return fault.change(vendor.answer(request) if fault.commits else faults.SILENT, seconds)

    def _vendor(self, path: str) -> Facebook | Zalo | None:
        if path.startswith(("/zalo/v", "/zalo-oauth/")):
            return self.zalo
        match = PATH.fullmatch(path)
        page = match and match[1] is None and match[3].split("/")[0] in ("posts", "photos")
        return self.facebook if match and not page else None

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        self.stopping.set()
        super().server_close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.store.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is told on standard error."""
        if not self.stopping.is_set():
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "tincoso-sandbox"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        length = _length(self.headers.get("Content-Length"))
        if not 0 <= length <= BODY_LIMIT:
            self.close_connection = True
            self._send(as_json({"error": "body too large"}, 413))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        request = Request(self.command, parts.path, query, headers, self.rfile.read(length))
        self._send(self.server.answer(request))

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: a line would hold addresses with tokens."""

    def _send(self, answer: Answer) -> None:
        if answer.delay and self.server.stopping.wait(answer.delay):
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
