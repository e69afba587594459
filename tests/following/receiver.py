"""The other side, over real HTTP and SMTP: receivers that count what they got, and answer as they are told."""

from __future__ import annotations

import json
import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

LOOPBACK = "127.0.0.1"


@dataclass
class Got:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode())


@dataclass
class Receiver:
    """`answers[path]`: what to do before answering; it returns the status, 200 where nothing is said."""

    port: int = 0
    got: list[Got] = field(default_factory=list)
    answers: dict[str, Callable[[], int]] = field(default_factory=dict)
    news: threading.Condition = field(default_factory=threading.Condition)

    def url(self, path: str = "/") -> str:
        return f"http://{LOOPBACK}:{self.port}{path}"

    def at(self, path: str = "/") -> list[Got]:
        return [got for got in self.got if got.path == path]

    def effects(self, path: str = "/") -> list[str]:
        """The ids it acted on: an id it has had is dropped."""
        return list(dict.fromkeys(got.headers["x-tincoso-delivery"] for got in self.at(path)))

    def wait_for(self, count: int, path: str = "/") -> None:
        with self.news:
            assert self.news.wait_for(lambda: len(self.at(path)) >= count, 30), f"{path}: {len(self.at(path))}"


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with receiver.news:
                receiver.got.append(Got(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                receiver.news.notify_all()
            status = receiver.answers.get(self.path, lambda: 200)()
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: object) -> None:
            pass  # the caller was killed: that is what is tested

    with Server((LOOPBACK, 0), Handler) as server:
        receiver.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield receiver
        server.shutdown()


@dataclass
class PostOffice:
    """A mail server. `refusals[address]`: the code and words it answers for that recipient."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"smtp://{LOOPBACK}:{self.port}"


@contextmanager
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

        def handle(self) -> None:
            self.say("220 loopback")
            while line := self.rfile.readline().decode().strip():
                verb = line.split(maxsplit=1)[0].upper()
                if verb == "RCPT":
                    self.say(office.refusals.get(re.findall("<(.+)>", line)[0], "250 ok"))
                elif verb == "DATA":
                    self.take()
                elif verb == "QUIT":
                    return self.say("221 bye")
                else:
                    self.say("250 loopback")
            return None

        def take(self) -> None:
            self.say("354 go on")
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line.removeprefix(b"."))
            office.letters.append(message_from_bytes(b"".join(lines), policy=default))
            self.say("250 taken")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server((LOOPBACK, 0), Handler) as server:
        office.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield office
        server.shutdown()
