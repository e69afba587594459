"""The article part of the OA Open API of one OA.

OA Open API v2.0: https://developers.zalo.me/docs/official-account/bai-viet/tao-bai-viet. Every answer is HTTP 200. An
article that was created is worked on: a look at it (verify, or the listing) brings it forward, and only when its
pictures could be fetched does it stand. Nobody has to look for it to be finished: a listing does so too.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from sqlite3 import Row
from typing import Any

from channels.sandbox import accounts
from channels.sandbox.exchange import Answer, Request, as_json
from channels.sandbox.pictures import fetch, fetchable
from channels.sandbox.store import Store

TITLE_LIMIT, DESCRIPTION_LIMIT, AUTHOR_LIMIT = 149, 299, 50  # the documents say 150 and 300, which are refused
LISTING_LIMIT = 10
BASE = "/zalo/v2.0/"
READS = {"article/getslice", "article/getdetail", "oa/getoa"}
WRITES = {"article/create", "article/update", "article/verify", "article/remove"}


class Zalo:
    vendor = "zalo"

    def __init__(self, store: Store, url: str) -> None:
        self._store = store
        self._url = url

    def call(self, request: Request) -> str:
        """The name of the call, as faults know it."""
        return "refresh" if request.path.startswith("/zalo-oauth/") else request.path.rsplit("/", 1)[-1]

    def answer(self, request: Request) -> Answer:
        if request.path == "/zalo-oauth/v4/oa/access_token":
            return self._refresh(request)
        name = request.path.removeprefix(BASE)
        if name not in (READS if request.method == "GET" else WRITES):
            return error(-209, "Not supported this api", status=404)
        if not self._store.token_lives(request.headers.get("access_token", "")):
            return error(-216, "Access token is invalid")
        if name in READS:
            return {"article/getslice": self._slice, "article/getdetail": self._detail, "oa/getoa": self._oa}[name](
                request.query
            )
        document = request.document()
        if request.media_type != "application/json" and self._store.switch("strict_json"):
            document = None
        if document is None:
            return error(-201, "body is invalid!")
        if name == "article/verify":
            return self._verify(document)
        if name == "article/remove":
            return self._remove(document)
        return self._put(document, name.removeprefix("article/"))

    def _refresh(self, request: Request) -> Answer:
        form = request.form()
        if form.get("app_id") != accounts.APP_ID:
            return oauth_error(-14002, "Invalid app id.")
        if request.headers.get("secret_key") != accounts.OA_SECRET_KEY:
            return oauth_error(-14004, "Invalid secret key.")
        if form.get("grant_type") != "refresh_token":
            return oauth_error(-14018, "Invalid grant type.")
        pair = self._store.rotate(form.get("refresh_token", ""))
        if pair is None:
            return oauth_error(-14014, "Invalid refresh token.")
        return as_json({"access_token": pair[0], "refresh_token": pair[1], "expires_in": "90000"})

    def _put(self, article: Mapping[str, Any], act: str) -> Answer:
        """Takes an article or its replacement; both are worked on, and only then stand."""
        wrong = wrong_field(article)
        if wrong:
            return error(-201, wrong)
        with self._store.transaction():
            known = str(article.get("id", "")) if act == "update" else self._new_id()
            if act == "update" and self.article(known) is None:
                return error(-201, "id is invalid!")
            token = base64.b64encode(secrets.token_bytes(30)).decode()
            content = json.dumps({key: value for key, value in article.items() if key != "id"}, ensure_ascii=False)
            looks = self._store.switch("pending_looks")
            self._store.insert(
                "INSERT INTO task (token, article, act, content, looks, state, reason)"
                " VALUES (?, ?, ?, ?, ?, 'open', '')",
                (token, known, act, content, looks),
            )
            if act == "create":
                self._store.insert(
                    "INSERT INTO article (id, content, state, created, updated) VALUES (?, ?, 'processing', ?, ?)",
                    (known, content, self._store.clock(), self._store.clock()),
                )
            self._store.note("zalo", act, known, json.loads(content))
        return good({"token": token})

    def _new_id(self) -> str:
        return hashlib.sha256(f"article {self._store.number('article')}".encode()).hexdigest()[:20]

    def _verify(self, document: Mapping[str, Any]) -> Answer:
        sql = "SELECT * FROM task WHERE token = ?"
        token = str(document.get("token", ""))
        task = self._store.row(sql, (token,))
        if task is None:
            return error(-201, "token is invalid!")
        if task["state"] == "open":
            if task["looks"] > 0:
                self._store.write("UPDATE task SET looks = looks - 1 WHERE token = ?", (token,))
                return error(-214, "Article is being processed")
            self._finish(task)
            task = self._store.row(sql, (token,)) or task
        if task["state"] == "failed":
            return error(-200, str(task["reason"]))
        return good({"id": task["article"]})

    def _finish(self, task: Row) -> None:
        """Fetches the pictures, then lets the article stand or fail. Called by every look that finds it ripe."""
        content = json.loads(task["content"])
        reason = self._fetch(content)
        with self._store.transaction():
            state = "failed" if reason else "done"
            sql = "UPDATE task SET state = ?, reason = ? WHERE token = ? AND state = 'open'"
            if not self._store.write(sql, (state, reason, task["token"])):
                return
            if not reason:
                sql = "UPDATE article SET content = ?, state = 'stands', updated = ? WHERE id = ? AND state != 'gone'"
                self._store.write(sql, (task["content"], self._store.clock(), task["article"]))
                self._store.note("zalo", "stands", task["article"], content)
            elif task["act"] == "create":
                self._store.write("UPDATE article SET state = 'failed' WHERE id = ?", (task["article"],))

    def _fetch(self, content: Mapping[str, Any]) -> str:
        """Why the pictures of an article cannot be had; "" when they can."""
        if content["cover"].get("status") != "show":
            return "create media fail"
        for url in picture_urls(content):
            if not (fetchable(url) and self._store.switch("fetch_pictures")):
                continue
            picture = fetch(url)
            if picture is None:
                return "Upload media failed"
            values = (url, picture.sha256, picture.media_type, picture.data)
            self._store.write("INSERT OR REPLACE INTO fetched VALUES (?, ?, ?, ?)", values)
        return ""

    def _slice(self, query: Mapping[str, str]) -> Answer:
        offset, limit = whole(query.get("offset", "0")), whole(query.get("limit", "10"))
        if query.get("type") not in ("normal", "video"):
            return error(-201, "type accept only 2 value normal and video.")
        if limit > LISTING_LIMIT:
            return error(-201, f"maximum limit is {LISTING_LIMIT}")
        if offset < 0 or limit < 1:
            return error(-201, "offset is invalid!")
        self._work()
        rows = self.articles() if query["type"] == "normal" else []
        medias = [self.listed(row) for row in rows[offset : offset + limit]]
        return good({"medias": medias, "total": len(rows)})

    def _work(self) -> None:
        """A look from afar: brings every open article one look forward, and finishes those that are ripe."""
        self._store.write("UPDATE task SET looks = max(looks - 1, 0) WHERE state = 'open'")
        for task in self._store.rows("SELECT * FROM task WHERE state = 'open' AND looks = 0 ORDER BY number"):
            self._finish(task)

    def _detail(self, query: Mapping[str, str]) -> Answer:
        row = self.article(query.get("id", ""))
        if row is None:
            return error(-201, "id is invalid!")
        return good({**json.loads(row["content"]), "id": row["id"], "link_view": self.link(row["id"])})

    def _remove(self, document: Mapping[str, Any]) -> Answer:
        known = str(document.get("id", ""))
        with self._store.transaction():
            sql = "UPDATE article SET state = 'gone', updated = ? WHERE id = ? AND state = 'stands'"
            if not self._store.write(sql, (self._store.clock(), known)):
                return error(-201, "id is invalid!")
            self._store.note("zalo", "remove", known, {})
        return good({})

    def _oa(self, query: Mapping[str, str]) -> Answer:
        return good({"oa_id": accounts.OA_ID, "name": accounts.OA_NAME, "is_verified": True, "num_follower": 1200})

    def articles(self) -> list[Row]:
        """Those that stand, newest first."""
        return self._store.rows("SELECT * FROM article WHERE state = 'stands' ORDER BY created DESC, number DESC")

    def article(self, known: str) -> Row | None:
        return self._store.row("SELECT * FROM article WHERE id = ? AND state = 'stands'", (known,))

    def listed(self, row: Row) -> dict[str, Any]:
        content = json.loads(row["content"])
        return {
            "id": row["id"],
            "type": "normal",
            "title": content["title"],
            "status": content.get("status", "hide"),
            "total_view": 0,
            "total_share": 0,
            "create_date": int(row["created"] * 1000),
            "update_date": int(row["updated"] * 1000),
            "thumb": content["cover"]["photo_url"],
            "link_view": self.link(row["id"]),
        }

    def link(self, known: str) -> str:
        return f"{self._url}/zalo/bai/{known}"


def good(data: Mapping[str, Any]) -> Answer:
    return as_json({"data": data, "error": 0, "message": "Success"})


def error(code: int, message: str, *, status: int = 200) -> Answer:
    return as_json({"error": code, "message": message}, status)


def oauth_error(code: int, name: str) -> Answer:
    return as_json({"error": code, "error_name": name, "error_reason": name, "error_description": name})


def wrong_field(article: Mapping[str, Any]) -> str:
    """What the vendor would say about an article; "" when it takes it."""
    title, description, author = (str(article.get(name) or "") for name in ("title", "description", "author"))
    body, cover = article.get("body"), article.get("cover")
    if article.get("type") != "normal":
        return "type is invalid!"
    if not 1 <= len(title) <= TITLE_LIMIT:
        return "title allow 1 to 150 characters"
    if not 1 <= len(author) <= AUTHOR_LIMIT:
        return "author is invalid!"
    if len(description) > DESCRIPTION_LIMIT:
        return "description allow 1 to 300 characters"
    if not isinstance(body, list) or not body or not all(isinstance(element, dict) for element in body):
        return "body is invalid!"
    if not isinstance(cover, dict) or cover.get("cover_type") != "photo":
        return "cover value is invalid"
    bad = [url for url in picture_urls(article) if not (url.startswith(("http://", "https://")) and url.isascii())]
    return f"photo_url {bad[0]} is invalid" if bad else ""


def picture_urls(article: Mapping[str, Any]) -> Iterator[str]:
    yield str(article["cover"].get("photo_url", ""))
    yield from (str(element.get("url", "")) for element in article["body"] if element.get("type") == "image")


def whole(text: str) -> int:
    return int(text) if text.isdecimal() else -1
