"""A local HTTP endpoint with a latency, which stamps what arrives: the channel of every system that is compared.

    python -m tests.bench.sink --port 0 --milliseconds 20

POST anywhere: answered 200 after the latency; the header X-Tincoso-Delivery or the path names the delivery.
GET /stamps: [[name, epoch seconds], …] in order of arrival · GET /count: how many different names ·
POST /forget: starts anew.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
NAME = b"x-tincoso-delivery:"


class Sink(asyncio.Protocol):
    stamps: list[tuple[str, float]] = []
    names: set[bytes] = set()
    latency = 0.02

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.held = b""

    def data_received(self, data: bytes) -> None:
        self.held += data
        while (end := self.held.find(b"\r\n\r\n")) >= 0:
            head = self.held[:end]
            lower = head.lower()
            at = lower.find(b"content-length:")
            size = int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.held) < end + 4 + size:
                return
            self.held = self.held[end + 4 + size :]
            self.answer(head, lower)

    def answer(self, head: bytes, lower: bytes) -> None:
        method, path = head.split(b" ", 2)[:2]
        if method == b"GET":
            told = len(self.names) if path == b"/count" else self.stamps
            body = json.dumps(told).encode()
            self.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        elif path == b"/forget":
            self.stamps.clear()
            self.names.clear()
            self.send(ANSWER)
        else:
            at = lower.find(NAME)
            name = head[at + len(NAME) :].split(b"\r\n", 1)[0].strip() if at >= 0 else path[1:]
            if not name.startswith(b"ping"):  # a look at the account, no delivery
                self.stamps.append((name.decode(), time.time()))
                self.names.add(name)
            asyncio.get_running_loop().call_later(self.latency, self.send, ANSWER)

    def send(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description="stamps what arrives")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--milliseconds", type=float, default=20)
    given = parser.parse_args()
    Sink.latency = given.milliseconds / 1000
    asyncio.run(serve(given.port))


if __name__ == "__main__":
    main()
