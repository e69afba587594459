"""A vendor that answers from a script, for what only an exact sequence of answers can show."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One call as it arrived. `given`: query, form and the texts of a multipart body; `piece`: the file in it."""

    method: str
    path: str  # below the version
    given: Mapping[str, str]
    piece: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Said:
    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False  # the line dies before a word is said


class Vendor:
    """`script`: the answers in order, each a JSON value or a `Said`. A call beyond its end is answered with 599."""

    def __init__(self) -> None:
        self.script: list[Any] = []
        self.asked: list[Asked] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"vendor": self}))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def says(self, *answers: Any) -> None:
        self.script += answers

    def next(self) -> Said:
        said = self.script.pop(0) if self.script else Said({"error": {"message": "beyond the script"}}, 599)
        return said if isinstance(said, Said) else Said(said)


class _Handler(BaseHTTPRequestHandler):
    vendor: Vendor
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        texts, piece = _texts(self.headers.get("Content-Type", ""), body)
        given = {**dict(parse_qsl(parts.query, keep_blank_values=True)), **texts}
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = "/".join(parts.path.split("/")[2:])
        self.vendor.asked.append(Asked(self.command, path, given, piece, headers))
        self._say(self.vendor.next())

    do_POST = do_DELETE = do_GET

    def _say(self, said: Said) -> None:
        if said.cut:
            self.close_connection = True
            self.connection.close()
            return
        body = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
        self.send_response(said.status)
        for name, value in {"Content-Length": str(len(body)), **said.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


def _texts(content_type: str, body: bytes) -> tuple[dict[str, str], bytes]:
    if content_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True)), b""
    if not content_type.startswith("multipart/"):
        return {}, b""
    message = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body, policy=HTTP)
    texts: dict[str, str] = {}
    piece = b""
    for part in message.iter_parts():
        name: Any = part.get_param("name", header="content-disposition")
        data: Any = part.get_payload(decode=True)
        if part.get_filename():
            piece = data
        else:
            texts[name] = data.decode()
    return texts, piece
