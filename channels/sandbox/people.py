"""The pages for people: what "Facebook" and "Zalo" have received, and the form that sets faults.

Everything shown came from outside: text is escaped by the templates, an article's HTML is sanitised.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from sqlite3 import Row
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import nh3
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from channels.sandbox import accounts, faults
from channels.sandbox.exchange import Answer, Request, as_html
from channels.sandbox.facebook import Facebook
from channels.sandbox.store import Store
from channels.sandbox.zalo import Zalo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FOLDER = Path(__file__).with_name("templates")
SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
NAMES = {"facebook": "Facebook", "zalo": "Zalo OA"}
ADDRESS = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)…])")
SHOWN = 200  # posts on one page


class Pages:
    def __init__(self, store: Store, facebook: Facebook, zalo: Zalo) -> None:
        self._store = store
        self._facebook = facebook
        self._zalo = zalo
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER), autoescape=select_autoescape(["html"]), undefined=StrictUndefined
        )

    def answer(self, request: Request) -> Answer:
        found = self._find(request.path)
        return Answer(found.status, found.body, found.media_type, {**SAFE, **found.headers})

    def index(self, wrong: str = "", status: int = 200) -> Answer:
        vendors = [
            {
                "name": vendor,
                "label": NAMES[vendor],
                "calls": calls,
                "faults": [(name, fault) for name, fault in faults.FAULTS.items() if vendor in fault.vendors],
            }
            for vendor, calls in faults.CALLS.items()
        ]
        ordered = [{**row, "label": faults.FAULTS[row["fault"]].label} for row in faults.listed(self._store)]
        return self._show(
            "index.html",
            status,
            here="",
            wrong=wrong,
            posts=len(self._facebook.posts()),
            articles=len(self._zalo.articles()),
            vendors=vendors,
            faults=ordered,
        )

    def _find(self, path: str) -> Answer:
        match path.strip("/").split("/"):
            case [""]:
                return self.index()
            case ["favicon.ico"]:
                return Answer(204, b"", "image/x-icon")
            case ["_sandbox.css"]:
                return Answer(200, (FOLDER / "sandbox.css").read_bytes(), "text/css; charset=utf-8")
            case ["facebook"]:
                posts = [self._post(row) for row in self._facebook.posts()[:SHOWN]]
                return self._show("facebook.html", 200, here="facebook", posts=posts, single=False)
            case ["facebook", "posts", known]:
                return self._one_post(known)
            case ["facebook", "photos", known]:
                return self._picture("SELECT media_type, data FROM photo WHERE id = ?", known)
            case ["zalo"]:
                articles = [self._article(row) for row in self._zalo.articles()[:SHOWN]]
                return self._show("zalo.html", 200, here="zalo", articles=articles)
            case ["zalo", "bai", known]:
                return self._one_article(known)
            case ["zalo", "anh", known]:
                return self._picture("SELECT media_type, data FROM fetched WHERE sha256 = ? LIMIT 1", known)
        return self._missing()

    def _one_post(self, known: str) -> Answer:
        row = self._facebook.post(known)
        if row is None or row["state"] != "published":
            return self._missing()
        return self._show("facebook.html", 200, here="facebook", posts=[self._post(row)], single=True)

    def _one_article(self, known: str) -> Answer:
        row = self._zalo.article(known)
        if row is None:
            return self._missing()
        return self._show("article.html", 200, here="zalo", article=self._article(row))

    def _picture(self, sql: str, known: str) -> Answer:
        row = self._store.row(sql, (known,))
        return Answer(200, row["data"], row["media_type"]) if row else self._missing()

    def _missing(self) -> Answer:
        return self._show("missing.html", 404, here="")

    def _show(self, template: str, status: int, **values: Any) -> Answer:
        names = {"page_name": accounts.PAGE_NAME, "oa_name": accounts.OA_NAME}
        return as_html(self._templates.get_template(template).render(**names, **values), status)

    def _post(self, row: Row) -> dict[str, Any]:
        return {
            "id": row["id"],
            "pieces": _pieces(row["message"]),
            "link": row["link"],
            "host": urlsplit(row["link"]).hostname,
            "photos": self._facebook.photos(row["id"]),
            "edited": row["updated"] > row["created"],
            **_times(row["created"]),
        }

    def _article(self, row: Row) -> dict[str, Any]:
        content = json.loads(row["content"])
        return {
            "id": row["id"],
            "title": content["title"],
            "author": content["author"],
            "description": content.get("description", ""),
            "hidden": content.get("status", "hide") != "show",
            "cover": self._source(content["cover"]["photo_url"]),
            "elements": [self._element(element) for element in content["body"]],
            **_times(row["created"]),
        }

    def _element(self, element: dict[str, Any]) -> dict[str, Any]:
        if element.get("type") == "text":
            return {"html": nh3.clean(str(element.get("content", "")), tags=nh3.ALLOWED_TAGS - {"img"})}
        url = str(element.get("url", ""))
        return {"url": url, "src": self._source(url), "caption": element.get("caption", "")}

    def _source(self, url: str) -> str:
        """Where a fetched picture stands here; "" for one that was never fetched."""
        row = self._store.row("SELECT sha256 FROM fetched WHERE url = ?", (url,))
        return f"/zalo/anh/{row['sha256']}" if row else ""


def _pieces(message: str) -> list[tuple[str, str]]:
    """The words of a post and the addresses in them, which the vendor makes clickable: (words, address or "")."""
    parts = ADDRESS.split(message)  # every second one is an address
    return [(part, part if place % 2 else "") for place, part in enumerate(parts) if part]


def _times(at: float) -> dict[str, str]:
    moment = datetime.fromtimestamp(at, ZONE)
    return {
        "iso": moment.isoformat(timespec="seconds"),
        "time": f"{moment:%H:%M}, {moment.day}/{moment.month}/{moment.year}",
    }
