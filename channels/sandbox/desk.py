"""The addresses for tests and scripts: faults, chaos, switches, the clock, what was received, what was really done.

GET /_posts?vendor= · GET /_record?after=N&limit=&vendor= · GET /_record/verify · GET/POST /_clock ·
GET/POST/DELETE /_faults · GET/POST/DELETE /_chaos · GET/POST /_switches · GET /_accounts · GET /_calls ·
POST /_consent · POST /_code
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from channels.sandbox.accounts import credentials
from channels.sandbox.exchange import Answer, Request, as_json, redirect
from channels.sandbox.facebook.asked import stamp
from channels.sandbox.switches import SWITCHES

if TYPE_CHECKING:
    from channels.sandbox.server import Server

PAGE, MOST = 1000, 10_000  # lines of the record at a time
HEARD = {"broadcast": "broadcast", "webhook": "webhook", "email": "mail", "hub": "ping"}


class Desk:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._store = server.store

    def answer(self, request: Request) -> Answer:
        name = request.path.removeprefix("/_").replace("/", "_")
        act = getattr(self, f"_{request.method.lower()}_{name}", None)
        return act(request) if act is not None else as_json({"error": "no such address"}, 404)

    def posts(self, vendor: str) -> list[dict[str, Any]]:
        """What a vendor shows in public now, oldest first."""
        if vendor == "zalo":
            return [self._article(row) for row in reversed(self._server.zalo.articles.standing())]
        if vendor in HEARD:
            lines = (line for line in self._store.record.every() if line["act"] == HEARD[vendor])
            return [{**line, "content": json.loads(line["content"])} for line in lines]
        facebook = self._server.facebook
        return [
            {
                "id": row["id"],
                "message": row["message"],
                "link": row["link"],
                "video": row["video"],
                "pictures": [dict(photo) for photo in facebook.photos.of(row["id"])],
                "created": stamp(row["created"]),
                "permalink": facebook.posts.permalink(row),
            }
            for row in reversed(facebook.posts.standing())
        ]

    def _article(self, row: Any) -> dict[str, Any]:
        known = {"id": row["id"], "created": stamp(row["created"])}
        return {**json.loads(row["content"]), **known, "permalink": self._server.zalo.articles.link(row["id"])}

    def calls(self) -> dict[str, int]:
        return {" ".join(key): count for key, count in sorted(self._server.calls.items())}

    def _get_posts(self, request: Request) -> Answer:
        return as_json(self.posts(request.query.get("vendor", "facebook")))

    def _get_record(self, request: Request) -> Answer:
        try:
            after, limit = (int(request.query.get(name, given)) for name, given in (("after", 0), ("limit", PAGE)))
        except ValueError:
            return as_json({"error": "after and limit are whole numbers"}, 400)
        limit = min(max(limit, 1), MOST)
        return as_json(self._store.record.page(after, limit, request.query.get("vendor", "")))

    def _get_record_verify(self, request: Request) -> Answer:
        return as_json(self._store.record.verified())

    def _get_clock(self, request: Request) -> Answer:
        return as_json(self._store.clock_told())

    def _post_clock(self, request: Request) -> Answer:
        try:
            self._store.turn_clock(request.document() or {})
        except (TypeError, ValueError):
            said = 'one of {"advance"}, {"offset"}, {"now"}, {"frozen"}, {"reset"}: seconds, ISO 8601 or true/false'
            return as_json({"error": said}, 400)
        return as_json(self._store.clock_told())

    def _get_faults(self, request: Request) -> Answer:
        return as_json(self._server.faults.listed())

    def _delete_faults(self, request: Request) -> Answer:
        self._server.faults.clear()
        return as_json({})

    def _post_faults_clear(self, request: Request) -> Answer:
        self._server.faults.clear()
        return redirect("/")

    def _post_faults(self, request: Request) -> Answer:
        document = request.document() if request.media_type == "application/json" else None
        wrong = self._server.faults.order(document if document is not None else request.form())
        if document is not None:
            return as_json({"error": wrong}, 400) if wrong else as_json(self._server.faults.listed(), 201)
        return self._server.pages.index(wrong, 400) if wrong else redirect("/")

    def _get_chaos(self, request: Request) -> Answer:
        return as_json(self._server.faults.chaos.told())

    def _post_chaos(self, request: Request) -> Answer:
        try:
            wrong = self._server.faults.chaos.order(request.document() or {})
        except (TypeError, ValueError):
            wrong = "Số giây phải là số."
        return as_json({"error": wrong}, 400) if wrong else as_json(self._server.faults.chaos.told(), 201)

    def _delete_chaos(self, request: Request) -> Answer:
        told = self._server.faults.chaos.told()
        self._server.faults.chaos.order({})
        return as_json(told)

    def _get_switches(self, request: Request) -> Answer:
        return as_json({name: self._store.switch(name) for name in SWITCHES})

    def _post_switches(self, request: Request) -> Answer:
        try:
            for name, value in (request.document() or {}).items():
                self._store.turn(name, int(value))
        except (KeyError, TypeError, ValueError):
            return as_json({"error": f"known switches, whole numbers: {', '.join(SWITCHES)}"}, 400)
        return self._get_switches(request)

    def _get_accounts(self, request: Request) -> Answer:
        return as_json(credentials(self._server.url, self._server.mail_port))

    def _get_calls(self, request: Request) -> Answer:
        return as_json(self.calls())

    def _post_consent(self, request: Request) -> Answer:
        self._server.zalo.pairs.consent()
        return redirect("/")

    def _post_code(self, request: Request) -> Answer:
        return as_json({"code": self._server.zalo.pairs.code((request.document() or {}).get("challenge", ""))})
