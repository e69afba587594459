"""A mail server that keeps every letter and passes none on: as much of RFC 5321 as a sender needs.

Without TLS, on loopback. Faults: vendor "email", calls "mail", "rcpt" and "data" (after the end of the letter); a reset
after commit keeps the letter and drops the line before the 250.
"""

from __future__ import annotations

import base64
import hashlib
import re
import select
import socket
import socketserver
import threading
import time
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage

from channels.sandbox.exchange import Answer
from channels.sandbox.fault_kinds import FAULTS, SILENT
from channels.sandbox.faults import Faults
from channels.sandbox.store import Store

SIZE_LIMIT = 32 * 1024 * 1024  # bytes of a letter
LINE_LIMIT = 64 * 1024
IDLE_SECONDS = 60.0
ADDRESS = re.compile(r"(?:FROM|TO):\s*<([^<>\s]*)>", re.IGNORECASE)
GOOD = Answer(250, b"2.0.0 Ok")
EXTENSIONS = ("SIZE 33554432", "8BITMIME", "SMTPUTF8", "AUTH PLAIN")


class Post(socketserver.ThreadingTCPServer):
    """Where letters are left."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], store: Store, faults: Faults, stopping: threading.Event) -> None:
        self.store, self.faults, self.stopping = store, faults, stopping
        super().__init__(address, _Line)

    def strike(self, call: str, words: str, known: str = "") -> tuple[Answer, bool]:
        """The reply to a command, and whether what it asks for is done."""
        order = self.faults.take("email", call, words, known)
        if order is None:
            return GOOD, True
        fault = FAULTS[order.fault]
        does = fault.done_first(order)
        return fault.change(GOOD if does else SILENT, order), does

    def keep(self, sender: str, recipients: list[str], raw: bytes) -> None:
        letter = message_from_bytes(raw, policy=policy.default)
        digest, headers = hashlib.sha256(raw).hexdigest(), {name: str(value) for name, value in letter.items()}
        with self.store.transaction():
            self.store.insert(
                "letter", sender=sender, recipients="\n".join(recipients), raw=raw, created=self.store.clock()
            )
            for recipient in recipients:
                said = {"to": recipient, "from": sender, "headers": headers, "text": text_of(letter)}
                known = str(letter["Message-ID"] or "").strip()
                self.store.note("email", "mail", known, said, account=recipient, sha256=digest)


class _Line(socketserver.StreamRequestHandler):
    server: Post
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self._clear()
        with suppress(OSError):
            self._say(220, "127.0.0.1 ESMTP tincoso-sandbox")
            while not self.server.stopping.is_set():
                line = self.rfile.readline(LINE_LIMIT)
                if not line or not self._obey(line.decode("utf-8", "replace").strip()):
                    return

    def _clear(self) -> None:
        self._sender: str | None = None
        self._recipients: list[str] = []

    def _say(self, code: int, words: str) -> bool:
        self.wfile.write(f"{code} {words}\r\n".encode())
        return True

    def _obey(self, line: str) -> bool:
        """Whether the line stays open."""
        verb, _, rest = line.partition(" ")
        acts = {"EHLO": self._ehlo, "HELO": self._helo, "AUTH": self._auth, "MAIL": self._mail, "RCPT": self._rcpt}
        match verb.upper():
            case "DATA":
                return self._data()
            case "RSET" | "NOOP":
                if verb.upper() == "RSET":
                    self._clear()
                return self._say(250, "2.0.0 Ok")
            case "QUIT":
                self._say(221, "2.0.0 Bye")
                return False
            case known if known in acts:
                return acts[known](rest)
        return self._say(502, "5.5.2 Command not recognized")

    def _ehlo(self, rest: str) -> bool:
        lines = ["127.0.0.1", *EXTENSIONS]
        told = [f"250{' ' if at == len(lines) - 1 else '-'}{line}" for at, line in enumerate(lines)]
        self.wfile.write("\r\n".join([*told, ""]).encode())
        return True

    def _helo(self, rest: str) -> bool:
        return self._say(250, "127.0.0.1")

    def _auth(self, rest: str) -> bool:
        """Any name and password but the empty one."""
        kind, _, given = rest.partition(" ")
        if kind.upper() != "PLAIN":
            return self._say(504, "5.5.4 Unrecognized authentication type")
        if not given:
            self.wfile.write(b"334 \r\n")
            given = self.rfile.readline(LINE_LIMIT).decode("ascii", "replace").strip()
        with suppress(ValueError):
            if base64.b64decode(given).rpartition(b"\0")[2]:
                return self._say(235, "2.7.0 Authentication succeeded")
        return self._say(535, "5.7.8 Authentication credentials invalid")

    def _mail(self, rest: str) -> bool:
        found = ADDRESS.match(rest)
        if found is None:
            return self._say(501, "5.5.4 Syntax: MAIL FROM:<address>")
        reply, does = self.server.strike("mail", found[1])
        if does:
            self._clear()
            self._sender = found[1]
        return self._answer(reply)

    def _rcpt(self, rest: str) -> bool:
        found = ADDRESS.match(rest)
        if self._sender is None or found is None or not found[1]:
            return self._say(503 if found else 501, "5.5.1 MAIL first, then RCPT TO:<address>")
        reply, does = self.server.strike("rcpt", found[1])
        if does:
            self._recipients.append(found[1])
        return self._answer(reply)

    def _data(self) -> bool:
        if not self._recipients:
            return self._say(503, "5.5.1 RCPT first")
        self._say(354, "End data with <CR><LF>.<CR><LF>")
        raw = self._letter()
        if raw is None:
            return False
        letter = message_from_bytes(raw, policy=policy.default)
        known = str(letter["Message-ID"] or "").strip()
        words = "\n".join([*self._recipients, known, str(letter["Subject"] or ""), text_of(letter)])
        reply, does = self.server.strike("data", words, known)
        if does:
            self.server.keep(self._sender or "", self._recipients, raw)
        self._clear()
        return self._answer(reply)

    def _letter(self) -> bytes | None:
        """Up to the line with a single dot; None when the line died before or it is too long."""
        lines, size = [], 0
        while (line := self.rfile.readline(LINE_LIMIT)) != b".\r\n":
            size += len(line)
            if not line or size > SIZE_LIMIT:
                return None
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _answer(self, reply: Answer) -> bool:
        until = time.monotonic() + reply.delay
        while time.monotonic() < until:
            if self.server.stopping.wait(min(0.2, max(until - time.monotonic(), 0.0))) or self._is_gone():
                return False
        if reply.broken:
            return False
        return self._say(reply.status, reply.body.decode())

    def _is_gone(self) -> bool:
        """Whether the other side has closed its end."""
        readable = select.select([self.connection], [], [], 0)[0]
        return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)


def text_of(letter: EmailMessage) -> str:
    """What a person reads of it, as plain text where there is any."""
    part = letter.get_body(("plain", "html"))
    if part is None:
        return ""
    with suppress(LookupError, ValueError):
        return str(part.get_content())
    return ""
