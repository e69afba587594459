"""Posts of the Page: published, waiting for their time, drafts. Scheduled ones come out when anybody looks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from sqlite3 import Row
from typing import Any
from urllib.parse import quote

from channels.sandbox import accounts
from channels.sandbox.exchange import Answer, Request, as_json
from channels.sandbox.facebook import words
from channels.sandbox.facebook.asked import attached_media, cursor, cursor_offset, names, seconds, stamp, truth
from channels.sandbox.facebook.photos import Photos
from channels.sandbox.facebook.videos import Videos
from channels.sandbox.store import Store

MESSAGE_LIMIT = 63206
SOONEST, DAY = 600, 86400  # seconds
LISTINGS = {"published_posts": "published", "feed": "published", "posts": "published", "scheduled_posts": "scheduled"}
FIELDS = {
    *("id", "message", "created_time", "updated_time", "permalink_url", "is_published", "scheduled_publish_time"),
    *("attachments", "status_type", "is_hidden", "full_picture", "shares", "story"),
}
DEFAULT_FIELDS = "id,message,created_time"


class Posts:
    def __init__(self, store: Store, url: str, photos: Photos, videos: Videos) -> None:
        self._store = store
        self._url = url
        self._photos = photos
        self._videos = videos

    def permalink(self, row: Row) -> str:
        if row["video"]:
            return self._videos.permalink(row["video"])
        if self._store.switch("real_permalinks"):
            page, _, post = row["id"].partition("_")
            return f"https://www.facebook.com/{page}/posts/{post}"
        return f"{self._url}/facebook/posts/{row['id']}"

    def feed(self, request: Request) -> Answer:
        given = request.values
        attached = attached_media(given)
        if wrong := self._wrong_feed(given, attached):
            return wrong
        when, state = given.get("scheduled_publish_time", ""), "published"
        if truth(given, "published", words=bool(self._store.switch("form_truth"))) is False:
            if when and not self._in_window(when):
                return words.bad_time()
            marked = given.get("unpublished_content_type") == "SCHEDULED"
            state = "scheduled" if when and (marked or not attached) else "draft"
        with self._store.transaction():
            if not all(self._photos.is_free(photo) for photo in attached):
                return words.invalid()
            post = self.put(given, state, seconds(when) if state == "scheduled" else None)
            self._photos.hang(attached, post)
            said = {"message": given.get("message", ""), "link": given.get("link", ""), "photos": attached}
            self._store.note("facebook", {"draft": "drafted"}.get(state, state), post, said)
        return self._written(post, given, {"id": post})

    def _in_window(self, when: str) -> bool:
        latest = DAY * self._store.switch("latest_days")
        most = self._store.switch("scheduled_most")
        full = most and len(self.standing("scheduled")) >= most
        return not full and SOONEST <= seconds(when) - self._store.clock() <= latest

    def _wrong_feed(self, given: Mapping[str, str], attached: list[str]) -> Answer | None:
        message, link = given.get("message", ""), given.get("link", "")
        if not (message or link or attached):
            return words.invalid("One of message, link or attached_media is required")
        if self._length(message) > MESSAGE_LIMIT:
            return words.invalid("Name parameter too long")
        if link and attached and self._store.switch("link_or_media"):
            return words.invalid()
        if link and not re.match(r"https?://[^/]+", link):
            return words.refusal(100, "(#100) link URL is not properly formatted", subcode=1609005)
        if self._store.switch("refuse_repeats") and message and message == self._last_message():
            return self._repeated()
        return None

    def _length(self, message: str) -> int:
        return len(message.encode()) if self._store.switch("message_bytes") else len(message)

    def _repeated(self) -> Answer:
        if self._store.switch("repeat_code") == 368:
            return words.refusal(368, "You've already posted this", subcode=1390008)
        return words.refusal(506, "(#506) Duplicate status message")

    def _last_message(self) -> str:
        row = self._store.row("SELECT message FROM post WHERE state = 'published' ORDER BY number DESC LIMIT 1")
        return str(row["message"]) if row else ""

    def put(self, given: Mapping[str, str], state: str, scheduled: float | None) -> str:
        now, number = self._store.clock(), self._store.number("post")
        post = f"{accounts.PAGE_ID}_{122100000000000000 + number}"
        self._store.insert(
            "post",
            number=number,
            id=post,
            message=given.get("message", ""),
            link=given.get("link", ""),
            state=state,
            created=now,
            updated=now,
            scheduled=scheduled,
        )
        return post

    def answer(self, request: Request, call: str, post: str) -> Answer:
        """One post: read, edited or deleted."""
        if call == "delete":
            return self._delete(post)
        if call == "edit":
            return self._edit(post, request.values)
        self._come_out()
        row = self.post(post)
        if row is None:
            return words.gone("GET", post)
        return self._told(row, request.values.get("fields", DEFAULT_FIELDS))

    def _edit(self, post: str, given: Mapping[str, str]) -> Answer:
        if wrong := self._wrong_edit(given):
            return wrong
        with self._store.transaction():
            row = self.post(post)
            if row is None:
                return words.gone("POST", post)
            self._change(row, given)
        return self._written(post, given, {"success": True})

    def _wrong_edit(self, given: Mapping[str, str]) -> Answer | None:
        if "link" in given:
            return words.invalid("Invalid parameter: link")
        if any(name.startswith("attached_media") for name in given) and not self._store.switch("swap_photos"):
            return words.invalid()
        if self._length(given.get("message", "")) > MESSAGE_LIMIT:
            return words.invalid("Name parameter too long")
        if not self._store.switch("same_app"):
            return words.refusal(200, "(#200) You do not have permission to edit this post")
        when = given.get("scheduled_publish_time", "")
        return words.bad_time() if when and not self._in_window(when) else None

    def _change(self, row: Row, given: Mapping[str, str]) -> None:
        message, now = given.get("message", row["message"]), self._store.clock()
        comes_out = truth(given, "is_published") and row["state"] != "published"
        hidden = truth(given, "is_hidden")
        when = given.get("scheduled_publish_time")
        self._store.write(
            "UPDATE post SET message = ?, state = ?, created = ?, updated = ?, hidden = ?, scheduled = ? WHERE id = ?",
            (
                message,
                "published" if comes_out else row["state"],
                now if comes_out else row["created"],
                now,
                row["hidden"] if hidden is None else int(hidden),
                seconds(when) if when else row["scheduled"],
                row["id"],
            ),
        )
        act = "published" if comes_out else "edited"
        if hidden is not None and hidden != bool(row["hidden"]):
            act = "hidden" if hidden else "shown"
        self._store.note("facebook", act, row["id"], {"message": message})

    def _delete(self, post: str) -> Answer:
        with self._store.transaction():
            row = self.post(post)
            if row is None:
                return words.gone("DELETE", post)
            self._store.write("UPDATE post SET state = 'gone' WHERE id = ?", (post,))
            self._store.write("UPDATE video SET state = 'gone' WHERE id = ?", (row["video"],))
            self._store.note("facebook", "deleted", post, {"kind": "post", "video": row["video"]})
        return as_json({"success": True})

    def _written(self, post: str, given: Mapping[str, str], plain: dict[str, Any]) -> Answer:
        """Read after write: with `fields` the answer is the object as it now stands."""
        row = self.post(post)
        if "fields" not in given or row is None:
            return as_json(plain)
        return self._told(row, given["fields"])

    def _told(self, row: Row, fields: str) -> Answer:
        if unknown := [name for name in names(fields) if name not in FIELDS]:
            return words.no_field(unknown[0], "PagePost")
        return as_json(self.view(row, names(fields)))

    def listing(self, edge: str, request: Request) -> Answer:
        given = request.values
        limit, offset = int(seconds(given.get("limit", "25"))), cursor_offset(given.get("after", ""))
        if not 1 <= limit <= 100:
            return words.invalid("The limit parameter must be between 1 and 100")
        wanted = names(given.get("fields", DEFAULT_FIELDS))
        if unknown := [name for name in wanted if name not in FIELDS]:
            return words.no_field(unknown[0], "PagePost")
        since, until = seconds(given.get("since", "0")), min(seconds(given.get("until", "9e12")), self._newest(request))
        rows = self.standing(LISTINGS[edge], since, until, limit + 1, offset)
        page = [self.view(row, ["id", *wanted]) for row in rows[:limit]]
        listing: dict[str, Any] = {"data": page}
        if page:
            after = cursor(offset + limit)
            listing["paging"] = {"cursors": {"before": "MA==", "after": after}}
            if len(rows) > limit:
                following = f"{self._url}/facebook/{accounts.PAGE_ID}/{edge}?limit={limit}&after={quote(after)}"
                listing["paging"]["next"] = following
        return as_json(listing)

    def _newest(self, request: Request) -> float:
        """The youngest moment the listings know of: they may lag."""
        lag = float(request.hints.get("lag", self._store.switch("listing_lag")))
        return self._store.clock() - lag if lag else 9e12

    def standing(
        self, state: str = "published", since: float = 0.0, until: float = 9e12, limit: int = -1, offset: int = 0
    ) -> list[Row]:
        """Newest first. What has ripened meanwhile, a scheduled post or a video, comes out on the way."""
        self._videos.work()
        self._come_out()
        sql = (
            "SELECT * FROM post WHERE state = ? AND created >= ? AND created <= ?"
            " ORDER BY created DESC, number DESC LIMIT ? OFFSET ?"
        )
        return self._store.rows(sql, (state, since, until, limit, offset))

    def _come_out(self) -> None:
        sql = "SELECT * FROM post WHERE state = 'scheduled' AND scheduled <= ? ORDER BY scheduled, number"
        if not self._store.row(sql, (self._store.clock(),)):
            return
        with self._store.transaction():
            for row in self._store.rows(sql, (self._store.clock(),)):
                change = "UPDATE post SET state = 'published', created = scheduled WHERE id = ?"
                self._store.write(change, (row["id"],))
                self._store.note("facebook", "published", row["id"], {"message": row["message"], "link": row["link"]})

    def post(self, post: str) -> Row | None:
        return self._store.row("SELECT * FROM post WHERE id = ? AND state != 'gone'", (post,))

    def view(self, row: Row, wanted: list[str]) -> dict[str, Any]:
        """The fields asked for; empty ones are left out, as the real one does."""
        every = {
            "id": row["id"],
            "message": row["message"],
            "created_time": stamp(row["created"]),
            "updated_time": stamp(row["updated"]),
            "permalink_url": self.permalink(row),
            "is_published": row["state"] == "published",
            "is_hidden": bool(row["hidden"]),
            "scheduled_publish_time": int(row["scheduled"]) if row["scheduled"] else None,
            "status_type": "added_video" if row["video"] else "mobile_status_update",
            "attachments": self._attachments(row),
        }
        return {name: every[name] for name in wanted if every.get(name) not in (None, "", [])}

    def _attachments(self, row: Row) -> dict[str, Any] | None:
        if row["video"]:
            address = self._videos.permalink(row["video"])
            return {"data": [{"media_type": "video", "target": {"id": row["video"], "url": address}, "url": address}]}
        if row["link"]:
            wrapped = f"https://l.facebook.com/l.php?u={quote(row['link'], safe='')}"
            return {"data": [{"media_type": "link", "url": wrapped, "unshimmed_url": row["link"]}]}
        photos = [{"media_type": "photo", "target": {"id": photo["id"]}} for photo in self._photos.of(row["id"])]
        if len(photos) > 1:
            return {"data": [{"media_type": "album", "subattachments": {"data": photos}}]}
        return {"data": photos} if photos else None
