"""Photos of the Page: those of a post, and those that wait for one for a day."""

from __future__ import annotations

import hashlib
from sqlite3 import Row
from typing import TYPE_CHECKING, Any

from channels.sandbox.exchange import Answer, Request, as_json
from channels.sandbox.facebook import words
from channels.sandbox.facebook.asked import names, stamp, truth
from channels.sandbox.pictures import fetch, media_type
from channels.sandbox.store import Store

if TYPE_CHECKING:
    from channels.sandbox.facebook.posts import Posts

MEGABYTE = 1024 * 1024


class Photos:
    def __init__(self, store: Store) -> None:
        self._store = store

    def post(self, request: Request, posts: Posts) -> Answer:
        given = request.values
        published = truth(given, "published", words=bool(self._store.switch("form_truth"))) is not False
        data = self._data(request)
        if wrong := self._wrong(given, data, published=published):
            return wrong
        assert data is not None  # noqa: S101 (`_wrong` refuses what has none)
        with self._store.transaction():
            photo = self._put(data, given)
            if not published:
                return as_json({"id": photo})
            caption = given.get("caption") or given.get("message", "")
            post = posts.put({"message": caption}, "published", None)
            self._store.write("UPDATE photo SET post = ? WHERE id = ?", (post, photo))
            self._store.note("facebook", "published", post, {"message": caption, "photos": [photo]})
        return as_json({"id": photo, "post_id": post})

    def _data(self, request: Request) -> bytes | None:
        """From exactly one of `source` and `url`; None when there is none or it cannot be had."""
        source, url = request.parts()[1].get("source"), request.values.get("url", "")
        if source is not None:
            return None if url else source.data
        fetched = fetch(url, self._store.switch("fetch_ms") / 1000, self._most, ()) if url else None
        return fetched.data if fetched else None

    @property
    def _most(self) -> int:
        return self._store.switch("photo_limit_mb") * MEGABYTE

    def _wrong(self, given: Any, data: bytes | None, *, published: bool) -> Answer | None:
        scheduled = given.get("scheduled_publish_time")
        if truth(given, "temporary") and (published or scheduled):
            return words.invalid("published must be false for a temporary photo")
        if scheduled and not self._store.switch("photo_scheduling"):
            return words.refusal(1, "An unknown error occurred")
        if data is None and given.get("url"):
            return words.bad_picture_address(self._store.switch("bad_url_code"))
        if data is None or not media_type(data) or len(data) > self._most:
            return words.bad_picture()
        return None

    def _put(self, data: bytes, given: Any) -> str:
        number = self._store.number("photo")
        photo, digest = str(122200000000000000 + number), hashlib.sha256(data).hexdigest()
        self._store.insert(
            "photo",
            number=number,
            id=photo,
            data=data,
            media_type=media_type(data),
            sha256=digest,
            alt=given.get("alt_text_custom", ""),
            caption=given.get("caption", ""),
            created=self._store.clock(),
        )
        said = {"bytes": len(data), "caption": given.get("caption", ""), "alt": given.get("alt_text_custom", "")}
        self._store.note("facebook", "photo", photo, said, sha256=digest)
        return photo

    def known(self, photo: str) -> Row | None:
        """One that hangs in a post, or is not yet a day old."""
        oldest = self._store.clock() - 3600 * self._store.switch("photo_hours")
        return self._store.row("SELECT * FROM photo WHERE id = ? AND (post != '' OR created > ?)", (photo, oldest))

    def is_free(self, photo: str) -> bool:
        row = self.known(photo)
        return row is not None and row["post"] == ""

    def hang(self, photos: list[str], post: str) -> None:
        for place, photo in enumerate(photos):
            self._store.write("UPDATE photo SET post = ?, place = ? WHERE id = ?", (post, place, photo))

    def answer(self, request: Request, call: str, photo: str) -> Answer:
        if call == "delete":
            with self._store.transaction():
                self._store.write("DELETE FROM photo WHERE id = ?", (photo,))
                self._store.note("facebook", "deleted", photo, {"kind": "photo"})
            return as_json({"success": True})
        row = self.known(photo)
        if row is None or call != "object":
            return words.gone(request.method, photo)
        known = {
            "id": photo,
            "name": row["caption"],
            "alt_text_custom": row["alt"],
            "created_time": stamp(row["created"]),
            "page_story_id": row["post"],
        }
        wanted = ["id", *names(request.values.get("fields", "id,name,created_time"))]
        if unknown := [name for name in wanted if name not in known]:
            return words.no_field(unknown[0], "Photo")
        return as_json({name: known[name] for name in wanted if known[name]})

    def of(self, post: str) -> list[Row]:
        sql = "SELECT id, media_type, sha256, alt, length(data) AS size FROM photo WHERE post = ? ORDER BY place"
        return self._store.rows(sql, (post,))

    def every(self) -> list[dict[str, Any]]:
        return [dict(row) for row in self._store.rows("SELECT id, post FROM photo ORDER BY number")]

    def file(self, photo: str) -> Row | None:
        return self._store.row("SELECT media_type, data FROM photo WHERE id = ?", (photo,))
