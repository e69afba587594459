"""Articles: taken in for a token, worked on, and only then public (or hidden, which is the default)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from sqlite3 import Row
from typing import Any

from channels.sandbox.exchange import Answer, Request
from channels.sandbox.pictures import fetch, fetchable
from channels.sandbox.store import Store
from channels.sandbox.zalo.rules import picture_urls, thumb, video_ids, wrong_field
from channels.sandbox.zalo.videos import Videos
from channels.sandbox.zalo.words import error, good, whole

LISTING_LIMIT = 10
FAILURES = {
    "media_fails": "Upload media failed",
    "media_fails_often": "Upload media failed. Too many failed attempts",
    "media_not_made": "create media fail",
}


class Articles:
    def __init__(self, store: Store, url: str, videos: Videos) -> None:
        self._store = store
        self._url = url
        self._videos = videos

    def put(self, article: Mapping[str, Any], act: str, hints: Mapping[str, Any]) -> Answer:
        """Takes an article or its replacement ("create", "update"); both are worked on, and only then stand."""
        most = (self._store.switch("title_most"), self._store.switch("description_most"))
        if wrong := wrong_field(article, *most) or self._wrong_video(article):
            return error(-201, wrong)
        with self._store.transaction():
            known = str(article.get("id", "")) if act == "update" else self._new_id()
            if act == "update" and self.known(known) is None:
                return error(-201, "id is invalid!")
            content = {key: value for key, value in article.items() if key != "id"}
            if act == "create":
                self._put(known, content)
            token = self._work_on(known, act, content, hints)
        return good({"token": token})

    def _wrong_video(self, article: Mapping[str, Any]) -> str:
        unknown = [video for video in video_ids(article) if not self._videos.is_ready(video)]
        return "video_id is invalid!" if unknown else ""

    def _put(self, known: str, content: Mapping[str, Any]) -> None:
        text, now = json.dumps(content, ensure_ascii=False), self._store.clock()
        kind = content["type"]
        self._store.insert("article", id=known, content=text, state="processing", created=now, updated=now, kind=kind)
        self._store.note("zalo", "created", known, content)

    def _work_on(self, known: str, act: str, content: Mapping[str, Any], hints: Mapping[str, Any]) -> str:
        token = base64.b64encode(secrets.token_bytes(30)).decode()
        self._store.insert(
            "task",
            token=token,
            article=known,
            act=act,
            content=json.dumps(content, ensure_ascii=False),
            looks=int(hints.get("looks", self._store.switch("pending_looks"))),
            state="open",
            reason=next((said for hint, said in FAILURES.items() if hint in hints), ""),
        )
        return token

    def _new_id(self) -> str:
        return hashlib.sha256(f"article {self._store.number('article')}".encode()).hexdigest()[:20]

    def verify(self, document: Mapping[str, Any]) -> Answer:
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
        reason = task["reason"] or self._fetch(content)
        with self._store.transaction():
            state = "failed" if reason else "done"
            sql = "UPDATE task SET state = ?, reason = ? WHERE token = ? AND state = 'open'"
            if not self._store.write(sql, (state, reason, task["token"])):
                return
            if not reason:
                self._stand(task["article"], content)
            elif task["act"] == "create":
                self._store.write("UPDATE article SET state = 'failed' WHERE id = ?", (task["article"],))

    def _stand(self, known: str, content: Mapping[str, Any]) -> None:
        row = self._store.row("SELECT * FROM article WHERE id = ? AND state != 'gone'", (known,))
        if row is None:
            return
        before = json.loads(row["content"]) if row["state"] == "stands" else None
        sql = "UPDATE article SET content = ?, state = 'stands', updated = ? WHERE id = ?"
        self._store.write(sql, (json.dumps(content, ensure_ascii=False), self._store.clock(), known))
        for act in _acts(before, content):
            self._store.note("zalo", act, known, content)

    def _fetch(self, content: Mapping[str, Any]) -> str:
        """Why the pictures of an article cannot be had; "" when they can."""
        if content["type"] == "normal" and content["cover"].get("status") != "show":
            return FAILURES["media_not_made"]
        for url in picture_urls(content):
            if not (fetchable(url) and self._store.switch("fetch_pictures")):
                continue
            picture = fetch(url, self._store.switch("fetch_ms") / 1000)
            if picture is None:
                return FAILURES["media_fails"]
            values = (url, picture.sha256, picture.media_type, picture.data)
            self._store.write("INSERT OR REPLACE INTO fetched VALUES (?, ?, ?, ?)", values)
        return ""

    def slice(self, request: Request) -> Answer:
        query = request.query
        offset, limit = whole(query.get("offset", "0")), whole(query.get("limit", "10"))
        if query.get("type") not in ("normal", "video"):
            return error(-201, "type accept only 2 value normal and video.")
        if limit > LISTING_LIMIT:
            return error(-201, f"maximum limit is {LISTING_LIMIT}")
        if offset < 0 or limit < 1:
            return error(-201, "offset is invalid!")
        self._work()
        lag = float(request.hints.get("lag", self._store.switch("listing_lag")))
        until = self._store.clock() - lag if lag else 9e12
        where = "FROM article WHERE state = 'stands' AND created <= ? AND kind = ?"
        total = self._store.rows(f"SELECT count(*) {where}", (until, query["type"]))[0][0]
        sql = f"SELECT * {where} ORDER BY created DESC, number DESC LIMIT ? OFFSET ?"
        rows = self._store.rows(sql, (until, query["type"], limit, offset))
        return good({"medias": [self.listed(row) for row in rows], "total": total})

    def _work(self) -> None:
        """A look from afar: brings every open article one look forward, and finishes those that are ripe."""
        self._store.write("UPDATE task SET looks = max(looks - 1, 0) WHERE state = 'open'")
        for task in self._store.rows("SELECT * FROM task WHERE state = 'open' AND looks = 0 ORDER BY number"):
            self._finish(task)

    def detail(self, request: Request) -> Answer:
        row = self.known(request.query.get("id", ""))
        if row is None:
            return error(-201, "id is invalid!")
        content = json.loads(row["content"])
        told = {"status": "hide", "comment": "show", "related_medias": [], "cite": "", **content}
        counts = {f"total_{what}": 0 for what in ("view", "share", "like", "comment")}
        return good({**told, **counts, "id": row["id"], "link_view": self.link(row["id"])})

    def remove(self, document: Mapping[str, Any]) -> Answer:
        known = str(document.get("id", ""))
        with self._store.transaction():
            sql = "UPDATE article SET state = 'gone', updated = ? WHERE id = ? AND state = 'stands'"
            if not self._store.write(sql, (self._store.clock(), known)):
                return error(-201, "id is invalid!")
            self._store.note("zalo", "deleted", known, {"kind": "article"})
        return good({})

    def standing(self) -> list[Row]:
        """Those that stand, hidden ones too, newest first."""
        return self._store.rows("SELECT * FROM article WHERE state = 'stands' ORDER BY created DESC, number DESC")

    def known(self, known: str) -> Row | None:
        return self._store.row("SELECT * FROM article WHERE id = ? AND state = 'stands'", (known,))

    def listed(self, row: Row) -> dict[str, Any]:
        content = json.loads(row["content"])
        return {
            "id": row["id"],
            "type": content["type"],
            "title": content["title"],
            "status": content.get("status", "hide"),
            "total_view": 0,
            "total_share": 0,
            "create_date": int(row["created"] * 1000),
            "update_date": int(row["updated"] * 1000),
            "thumb": thumb(content),
            "link_view": self.link(row["id"]),
        }

    def link(self, known: str) -> str:
        return f"{self._url}/zalo/bai/{known}"


def _acts(before: Mapping[str, Any] | None, content: Mapping[str, Any]) -> list[str]:
    """What readers see happen: a hidden article is published when it is shown for the first time or again."""
    shows = content.get("status", "hide") == "show"
    if before is None:
        return ["published" if shows else "hidden"]
    showed = before.get("status", "hide") == "show"
    turned = [] if showed == shows else ["shown" if shows else "hidden"]
    changed = {**before, "status": ""} != {**content, "status": ""}
    return turned + (["edited"] if changed or not turned else [])
