"""A vendor that answers what a test wrote down: for traps whose answers a well-behaved server never gives."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


@dataclass
class Vendor:
    """`answers`: by path, one after the other, the last for ever. An answer is `data`, or (status, headers, body)."""

    url: str = ""
    answers: dict[str, list[Any]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def asked_for(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]

    def next_answer(self, path: str) -> tuple[int, Mapping[str, str], bytes]:
        waiting = self.answers.get(path) or [{"error": -209, "message": "Not supported this api"}]
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(answer, tuple):
            return answer
        return 200, {}, json.dumps(answer).encode()


def good(**data: Any) -> dict[str, Any]:
    return {"data": data, "error": 0, "message": "Success"}


def refusal(code: int, message: str) -> dict[str, Any]:
    return {"error": code, "message": message}


@contextmanager
def serving() -> Iterator[Vendor]:
    vendor = Vendor()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            vendor.asked.append(Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body))
            status, more, answer = vendor.next_answer(parts.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(answer)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True)
    thread.start()
    vendor.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield vendor
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
