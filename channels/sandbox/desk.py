"""The addresses for tests and scripts: faults, switches, what was received, what was really done.

GET /_posts?vendor=facebook · GET /_record · GET/POST/DELETE /_faults · GET/POST /_switches · POST /_consent
"""

from __future__ import annotations

import json
from typing import Any

from channels.sandbox import faults
from channels.sandbox.exchange import Answer, Request, as_json, redirect
from channels.sandbox.facebook import Facebook, stamp
from channels.sandbox.people import Pages
from channels.sandbox.store import Store
from channels.sandbox.switches import SWITCHES
from channels.sandbox.zalo import Zalo


class Desk:
    def __init__(self, store: Store, facebook: Facebook, zalo: Zalo, pages: Pages) -> None:
        self._store = store
        self._facebook = facebook
        self._zalo = zalo
        self._pages = pages

    def answer(self, request: Request) -> Answer:
        match request.method, request.path:
            case "GET", "/_posts":
                return as_json(self.posts(request.query.get("vendor", "facebook")))
            case "GET", "/_record":
                return as_json([dict(row) for row in self._store.rows("SELECT * FROM record ORDER BY id")])
            case "GET", "/_faults":
                return as_json(faults.listed(self._store))
            case "POST", "/_faults":
                return self._order(request)
            case ("DELETE", "/_faults") | ("POST", "/_faults/clear"):
                faults.clear(self._store)
                return as_json({}) if request.method == "DELETE" else redirect("/")
            case "GET", "/_switches":
                return as_json({name: self._store.switch(name) for name in SWITCHES})
            case "POST", "/_switches":
                return self._turn(request)
            case "POST", "/_consent":
                self._store.consent()
                return redirect("/")
        return as_json({"error": "no such address"}, 404)

    def posts(self, vendor: str) -> list[dict[str, Any]]:
        """What a vendor shows in public now, oldest first."""
        if vendor == "zalo":
            return [self._article(row) for row in reversed(self._zalo.articles())]
        return [
            {
                "id": row["id"],
                "message": row["message"],
                "link": row["link"],
                "pictures": [dict(photo) for photo in self._facebook.photos(row["id"])],
                "created": stamp(row["created"]),
                "permalink": self._facebook.permalink(row["id"]),
            }
            for row in reversed(self._facebook.posts())
        ]

    def _article(self, row: Any) -> dict[str, Any]:
        content = json.loads(row["content"])
        return {**content, "id": row["id"], "created": stamp(row["created"]), "permalink": self._zalo.link(row["id"])}

    def _order(self, request: Request) -> Answer:
        document = request.document() if request.media_type == "application/json" else None
        wrong = faults.order(self._store, document if document is not None else request.form())
        if document is not None:
            return as_json({"error": wrong}, 400) if wrong else as_json(faults.listed(self._store), 201)
        return self._pages.index(wrong, 400) if wrong else redirect("/")

    def _turn(self, request: Request) -> Answer:
        try:
            for name, value in (request.document() or {}).items():
                self._store.turn(name, int(value))
        except (KeyError, TypeError, ValueError):
            return as_json({"error": f"known switches, whole numbers: {', '.join(SWITCHES)}"}, 400)
        return as_json({name: self._store.switch(name) for name in SWITCHES})
