"""The pages for people: what everybody has received, the record in plain words, and the forms that set faults.

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

import nh3
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from channels.sandbox import accounts
from channels.sandbox.clock import ZONE
from channels.sandbox.exchange import Answer, Request, as_html
from channels.sandbox.facebook import Facebook
from channels.sandbox.fault_kinds import CALLS, FAULTS
from channels.sandbox.faults import Faults
from channels.sandbox.store import Store
from channels.sandbox.zalo import Zalo

FOLDER = Path(__file__).with_name("templates")
SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
NAMES = {"facebook": "Facebook", "zalo": "Zalo OA", "webhook": "Webhook", "hub": "WebSub", "email": "Thư"}
ACTS = {
    "published": "Đã đăng",
    "scheduled": "Đã hẹn giờ",
    "drafted": "Đã lưu nháp",
    "edited": "Đã sửa",
    "hidden": "Đã ẩn",
    "shown": "Đã hiện lại",
    "deleted": "Đã gỡ",
    "photo": "Đã nhận ảnh",
    "video": "Đã nhận video",
    "created": "Đã nhận bài, đang xử lý",
    "broadcast": "Đã gửi tới người quan tâm (không thu hồi được)",
    "webhook": "Đã nhận webhook",
    "mail": "Đã nhận thư",
    "ping": "Đã nghe báo nguồn tin có bài mới",
}
SAYS = ("message", "title", "titles", "text", "body", "topic", "name", "caption")  # the words of a line, first found
TARGETS = {
    "ages": "nhóm tuổi",
    "gender": "giới tính",
    "locations": "vùng",
    "cities": "tỉnh, thành phố",
    "platform": "loại máy",
}
ADDRESS = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)…])")
SHOWN = 200  # things on one page
EXCERPT = 240  # characters


class Pages:
    def __init__(self, store: Store, faults: Faults, facebook: Facebook, zalo: Zalo) -> None:
        self._store = store
        self._faults = faults
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
                "faults": [(name, fault) for name, fault in FAULTS.items() if vendor in fault.vendors],
            }
            for vendor, calls in CALLS.items()
        ]
        listed = self._faults.listed()
        ordered = [{**row, "label": FAULTS[row["fault"]].label, "who": NAMES[row["vendor"]]} for row in listed]
        counts = {row["vendor"]: row["lines"] for row in self._store.rows(COUNT)}
        clock = self._store.clock_told()
        return self._show(
            "index.html",
            status,
            here="",
            wrong=wrong,
            posts=len(self._facebook.posts.standing()),
            articles=len(self._zalo.articles.standing()),
            counts={vendor: counts.get(vendor, 0) for vendor in ("webhook", "email", "hub")},
            lines=sum(counts.values()),
            vendors=vendors,
            faults=ordered,
            clock={**_times(clock["now"]), "moved": abs(clock["offset"]) >= 1, "frozen": clock["frozen"]},
        )

    def _find(self, path: str) -> Answer:
        match path.strip("/").split("/"):
            case [""]:
                return self.index()
            case ["favicon.ico"]:
                return Answer(204, b"", "image/x-icon")
            case ["_sandbox.css"]:
                return Answer(200, (FOLDER / "sandbox.css").read_bytes(), "text/css; charset=utf-8")
            case ["nhat-ky"]:
                return self._heard("Nhật ký", "", "nhat-ky")
            case ["webhook"]:
                return self._heard("Webhook", "webhook", "webhook")
            case ["thu"]:
                return self._heard("Thư", "email", "thu")
            case ["facebook", *rest]:
                return self._facebook_page(rest)
            case ["zalo", *rest]:
                return self._zalo_page(rest)
        return self._missing()

    def _facebook_page(self, rest: list[str]) -> Answer:
        match rest:
            case []:
                posts = [self._post(row) for row in self._facebook.posts.standing(limit=SHOWN)]
                return self._show("facebook.html", 200, here="facebook", posts=posts, single=False)
            case ["posts", known]:
                return self._one_post(self._facebook.posts.post(known))
            case ["reel", known]:
                return self._one_post(self._store.row("SELECT * FROM post WHERE video = ?", (known,)))
            case ["photos", known]:
                return self._picture(self._facebook.photos.file(known))
            case ["videos", known]:
                data = self._facebook.videos.file(known)
                return Answer(200, data, "video/mp4") if data else self._missing()
        return self._missing()

    def _zalo_page(self, rest: list[str]) -> Answer:
        match rest:
            case []:
                articles = [self._article(row) for row in self._zalo.articles.standing()[:SHOWN]]
                sent = [self._broadcast(row) for row in reversed(self._zalo.broadcasts.every())]
                return self._show("zalo.html", 200, here="zalo", articles=articles, broadcasts=sent[:SHOWN])
            case ["bai", known]:
                row = self._zalo.articles.known(known)
                if row is not None:
                    return self._show("article.html", 200, here="zalo", article=self._article(row))
            case ["anh", known]:
                sql = "SELECT media_type, data FROM fetched WHERE sha256 = ? LIMIT 1"
                return self._picture(self._store.row(sql, (known,)))
        return self._missing()

    def _heard(self, title: str, vendor: str, here: str) -> Answer:
        """The newest lines of the record, in plain words."""
        sql = "SELECT * FROM record WHERE (? = '' OR vendor = ?) ORDER BY id DESC LIMIT ?"
        lines = [self._line(row) for row in self._store.rows(sql, (vendor, vendor, SHOWN))]
        return self._show("record.html", 200, here=here, title=title, lines=lines)

    def _line(self, row: Row) -> dict[str, Any]:
        content = json.loads(row["content"])
        said = next((content[name] for name in SAYS if content.get(name)), "")
        text = "; ".join(said) if isinstance(said, list) else _readable(str(said))
        headers = content.get("headers", {})
        return {
            "number": row["id"],
            "act": ACTS.get(row["act"], row["act"]),
            "who": NAMES.get(row["vendor"], row["vendor"]),
            "account": row["account"],
            "object": row["object"],
            "subject": headers.get("Subject", ""),
            "unsubscribe": headers.get("List-Unsubscribe", ""),
            "text": text if len(text) <= EXCERPT else text[:EXCERPT] + "…",
            **_times(row["at"]),
        }

    def _one_post(self, row: Row | None) -> Answer:
        if row is None or row["state"] != "published":
            return self._missing()
        return self._show("facebook.html", 200, here="facebook", posts=[self._post(row)], single=True)

    def _picture(self, row: Row | None) -> Answer:
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
            "photos": self._facebook.photos.of(row["id"]),
            "video": row["video"],
            "edited": row["updated"] > row["created"],
            "hidden": bool(row["hidden"]),
            **_times(row["created"]),
        }

    def _article(self, row: Row) -> dict[str, Any]:
        content = json.loads(row["content"])
        return {
            "id": row["id"],
            "title": content["title"],
            "author": content.get("author", ""),
            "description": content.get("description", ""),
            "hidden": content.get("status", "hide") != "show",
            "video": content["type"] == "video",
            "cover": self._source(content.get("avatar") or content.get("cover", {}).get("photo_url", "")),
            "elements": [self._element(element) for element in content.get("body", [])],
            **_times(row["created"]),
        }

    def _broadcast(self, told: dict[str, Any]) -> dict[str, Any]:
        known = [self._zalo.articles.known(article) for article in told["articles"]]
        titles = [json.loads(row["content"])["title"] for row in known if row]
        target = ", ".join(f"{TARGETS[name]} {value}" for name, value in told["target"].items() if value != "")
        return {"titles": titles, "target": target, "out": told["out"], **_times(told["created"])}

    def _element(self, element: dict[str, Any]) -> dict[str, Any]:
        if element.get("type") == "text":
            return {"html": nh3.clean(str(element.get("content", "")), tags=nh3.ALLOWED_TAGS - {"img"})}
        url = str(element.get("url", ""))
        return {"url": url, "src": self._source(url), "caption": element.get("caption", "")}

    def _source(self, url: str) -> str:
        """Where a fetched picture stands here; "" for one that was never fetched."""
        row = self._store.row("SELECT sha256 FROM fetched WHERE url = ?", (url,))
        return f"/zalo/anh/{row['sha256']}" if row else ""


COUNT = "SELECT vendor, count(*) AS lines FROM record GROUP BY vendor"


def _readable(said: str) -> str:
    """JSON with its letters as letters; anything else as it is."""
    try:
        return json.dumps(json.loads(said), ensure_ascii=False) if said.startswith("{") else said
    except ValueError:
        return said


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
