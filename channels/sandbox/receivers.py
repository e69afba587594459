"""Two more that hear from the publisher: webhooks, which are only kept, and a WebSub hub, which is only told.

`POST /webhook/{name}` takes any body and verifies nothing. `POST /hub` is what hubs do in fact: a form with
hub.mode=publish and any number of hub.url, answered with 204.
"""

from __future__ import annotations

import hashlib

from channels.sandbox.exchange import Answer, Request, as_json
from channels.sandbox.store import Store

DELIVERY = "x-tincoso-delivery"
_OURS = ("host", "connection", "accept-encoding", "accept", "content-length")


class Webhooks:
    vendor = "webhook"

    def __init__(self, store: Store) -> None:
        self._store = store

    def call(self, request: Request) -> str:
        return "post"

    def answer(self, request: Request) -> Answer:
        if request.method != "POST":
            return as_json({"error": "only POST"}, 405)
        name = request.path.removeprefix("/webhook/")
        headers = {key: value for key, value in request.headers.items() if key not in _OURS}
        said = {"name": name, "headers": headers, "body": request.body.decode("utf-8", "replace")}
        digest, delivery = hashlib.sha256(request.body).hexdigest(), request.headers.get(DELIVERY, "")
        self._store.note("webhook", "webhook", delivery, said, account=name, sha256=digest)
        return as_json({"received": True})


class Hub:
    vendor = "hub"

    def __init__(self, store: Store) -> None:
        self._store = store

    def call(self, request: Request) -> str:
        return "ping"

    def answer(self, request: Request) -> Answer:
        pairs = request.pairs()
        topics = [value for name, value in pairs if name in ("hub.url", "hub.topic")]
        if request.method != "POST" or ("hub.mode", "publish") not in pairs or not topics:
            return Answer(400, b"hub.mode=publish and hub.url are needed", "text/plain; charset=utf-8")
        with self._store.transaction():
            for topic in topics:
                self._store.note("hub", "ping", topic, {"topic": topic})
        return Answer(204, b"", "text/plain; charset=utf-8")
