"""The Graph API of one Page, as far as publishing goes.

Graph API v26.0: https://developers.facebook.com/docs/graph-api/reference/page/feed. Published, scheduled and draft
posts are kept apart, as are photos that hang in no post (they vanish after a day). Answers hold only what was asked
for, and leave out what is empty.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from sqlite3 import Row
from typing import Any
from urllib.parse import quote

from channels.sandbox import accounts
from channels.sandbox import graph_words as words
from channels.sandbox.exchange import Answer, Request, as_json
from channels.sandbox.pictures import fetch, fetchable, media_type
from channels.sandbox.store import Store

SERVED = ((21, 0), (22, 0), (23, 0), (24, 0), (25, 0), (26, 0))  # November 2026; older ones have expired
MESSAGE_LIMIT = 63206
PHOTO_LIMIT = 10 * 1024 * 1024
PHOTO_SECONDS = 86400.0
SOONEST, LATEST = 600, 30 * 86400  # seconds ahead of a scheduled post
LISTINGS = {"published_posts": "published", "feed": "published", "posts": "published", "scheduled_posts": "scheduled"}
FIELDS = {
    *("id", "message", "created_time", "updated_time", "permalink_url", "is_published", "scheduled_publish_time"),
    *("attachments", "status_type"),
}
DEFAULT_FIELDS = "id,message,created_time"
PATH = re.compile(r"/facebook(?:/v(\d+)\.(\d+))?/(.+)")


class Facebook:
    vendor = "facebook"

    def __init__(self, store: Store, url: str) -> None:
        self._store = store
        self._url = url

    def call(self, request: Request) -> str:
        """The name of the call, as faults know it."""
        match = PATH.fullmatch(request.path)
        parts = match[3].strip("/").split("/") if match else []
        if len(parts) == 2:
            listing = request.method == "GET" and parts[1] in LISTINGS
            return "read" if listing else parts[1]
        return {"POST": "edit", "DELETE": "delete"}.get(request.method, "object")

    def answer(self, request: Request) -> Answer:
        match = PATH.fullmatch(request.path)
        if match is None:
            return words.refusal(2500, "Unknown path components")
        found = self._refuse(request) or self._route(request, match[3].strip("/").split("/"))
        served = {"facebook-api-version": served_version(match[1], match[2])}
        return Answer(found.status, found.body, found.media_type, {**found.headers, **served})

    def permalink(self, post_id: str) -> str:
        if self._store.switch("real_permalinks"):
            page, _, post = post_id.partition("_")
            return f"https://www.facebook.com/{page}/posts/{post}"
        return f"{self._url}/facebook/posts/{post_id}"

    def _refuse(self, request: Request) -> Answer | None:
        """What is wrong with who is asking."""
        given = values(request)
        token = token_of(request, given)
        if token not in (accounts.PAGE_TOKEN, accounts.USER_TOKEN):
            return words.no_token()
        proof = given.get("appsecret_proof", "")
        right = hmac.new(accounts.APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
        if proof and not hmac.compare_digest(proof.encode(), right.encode()):
            return words.refusal(100, "Invalid appsecret_proof provided in the API argument")
        if not proof and self._store.switch("require_proof"):
            return words.refusal(100, "API calls from the server require an appsecret_proof argument")
        return None

    def _route(self, request: Request, parts: list[str]) -> Answer:
        given = values(request)
        as_page = token_of(request, given) == accounts.PAGE_TOKEN
        if len(parts) == 2:
            return self._edge(request, parts, given, as_page=as_page)
        if len(parts) != 1:
            return words.refusal(2500, "Unknown path components")
        if request.method == "GET":
            return self._object(parts[0], given)
        if not as_page:
            return words.not_the_page()
        return self._delete(parts[0]) if request.method == "DELETE" else self._edit(parts[0], given)

    def _edge(self, request: Request, parts: list[str], given: Mapping[str, str], *, as_page: bool) -> Answer:
        owner, edge = parts
        if owner != accounts.PAGE_ID:
            return words.gone(request.method, owner)
        if request.method == "GET" and edge in LISTINGS:
            return self._listing(edge, given) if as_page else as_json({"data": []})
        if request.method != "POST" or edge not in ("feed", "photos"):
            return words.refusal(2500, "Unknown path components")
        if not as_page:
            return words.not_the_page()
        return self._feed(given) if edge == "feed" else self._photo(request, given)

    def _feed(self, given: Mapping[str, str]) -> Answer:
        attached = attached_media(given)
        if wrong := self._wrong_feed(given, attached):
            return wrong
        when, state = given.get("scheduled_publish_time", ""), "published"
        if truth(given, "published") is False:
            if when and not SOONEST <= seconds(when) - self._store.clock() <= LATEST:
                return words.bad_time()
            marked = given.get("unpublished_content_type") == "SCHEDULED"
            state = "scheduled" if when and (marked or not attached) else "draft"
        with self._store.transaction():
            free = [self._free_photo(photo) for photo in attached]
            if not all(free):
                return words.invalid()
            post = self._put_post(given, state, seconds(when) if state == "scheduled" else None)
            for place, photo in enumerate(attached):
                self._store.write("UPDATE photo SET post = ?, place = ? WHERE id = ?", (post, place, photo))
            said = {"message": given.get("message", ""), "link": given.get("link", ""), "photos": attached}
            self._store.note("facebook", "post" if state == "published" else state, post, said)
        return self._written(post, given, {"id": post})

    def _wrong_feed(self, given: Mapping[str, str], attached: list[str]) -> Answer | None:
        message, link = given.get("message", ""), given.get("link", "")
        if not (message or link or attached):
            return words.invalid("The status you are trying to publish is a duplicate of, or too similar to, nothing")
        if len(message) > MESSAGE_LIMIT:
            return words.invalid("Name parameter too long")
        if link and attached and self._store.switch("link_or_media"):
            return words.invalid()
        if link and not re.match(r"https?://[^/]+", link):
            return words.refusal(100, "(#100) link URL is not properly formatted", subcode=1609005)
        if self._store.switch("refuse_repeats") and message and message == self._last_message():
            return words.refusal(506, "(#506) Duplicate status message")
        return None

    def _last_message(self) -> str:
        row = self._store.row("SELECT message FROM post WHERE state = 'published' ORDER BY number DESC LIMIT 1")
        return str(row["message"]) if row else ""

    def _free_photo(self, photo: str) -> bool:
        oldest = self._store.clock() - PHOTO_SECONDS
        sql = "SELECT 1 FROM photo WHERE id = ? AND post = '' AND created > ?"
        return bool(self._store.rows(sql, (photo, oldest)))

    def _put_post(self, given: Mapping[str, str], state: str, scheduled: float | None) -> str:
        now, number = self._store.clock(), self._store.number("post")
        post = f"{accounts.PAGE_ID}_{122100000000000000 + number}"
        self._store.insert(
            "INSERT INTO post VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (number, post, given.get("message", ""), given.get("link", ""), state, now, now, scheduled),
        )
        return post

    def _photo(self, request: Request, given: Mapping[str, str]) -> Answer:
        data = picture_bytes(request, given)
        published = truth(given, "published") is not False
        if truth(given, "temporary") and (published or given.get("scheduled_publish_time")):
            return words.invalid("published must be false for a temporary photo")
        if data is None or not media_type(data) or len(data) > PHOTO_LIMIT:
            return words.bad_picture()
        with self._store.transaction():
            photo = self._put_photo(data, given)
            if not published:
                return as_json({"id": photo})
            post = self._put_post({"message": given.get("caption", "")}, "published", None)
            self._store.write("UPDATE photo SET post = ? WHERE id = ?", (post, photo))
            self._store.note("facebook", "post", post, {"message": given.get("caption", ""), "photos": [photo]})
        return as_json({"id": photo, "post_id": post})

    def _put_photo(self, data: bytes, given: Mapping[str, str]) -> str:
        number = self._store.number("photo")
        photo, alt = str(122200000000000000 + number), given.get("alt_text_custom", "")
        digest = hashlib.sha256(data).hexdigest()
        self._store.insert(
            "INSERT INTO photo (number, id, data, media_type, sha256, alt, caption, created)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (number, photo, data, media_type(data), digest, alt, given.get("caption", ""), self._store.clock()),
        )
        return photo

    def _edit(self, post: str, given: Mapping[str, str]) -> Answer:
        if "link" in given:
            return words.invalid("Invalid parameter: link")
        with self._store.transaction():
            row = self.post(post)
            if row is None:
                return words.gone("POST", post)
            message = given.get("message", row["message"])
            state = "published" if truth(given, "is_published") else row["state"]
            self._store.write(
                "UPDATE post SET message = ?, state = ?, updated = ? WHERE id = ?",
                (message, state, self._store.clock(), post),
            )
            self._store.note("facebook", "edit", post, {"message": message, "state": state})
        return self._written(post, given, {"success": True})

    def _delete(self, object_id: str) -> Answer:
        with self._store.transaction():
            if self._store.write("DELETE FROM photo WHERE id = ?", (object_id,)):
                return as_json({"success": True})
            if not self._store.write("UPDATE post SET state = 'gone' WHERE id = ? AND state != 'gone'", (object_id,)):
                return words.gone("DELETE", object_id)
            self._store.note("facebook", "delete", object_id, {})
        return as_json({"success": True})

    def _object(self, object_id: str, given: Mapping[str, str]) -> Answer:
        if object_id in (accounts.PAGE_ID, "me"):
            known = {"id": accounts.PAGE_ID, "name": accounts.PAGE_NAME}
            return as_json({name: known[name] for name in names(given.get("fields", "id,name")) if name in known})
        row = self.post(object_id)
        if row is None:
            return words.gone("GET", object_id)
        return self._told(row, given.get("fields", DEFAULT_FIELDS))

    def _written(self, post: str, given: Mapping[str, str], plain: dict[str, Any]) -> Answer:
        """Read after write: with `fields` the answer is the object as it now stands."""
        row = self.post(post)
        if "fields" not in given or row is None:
            return as_json(plain)
        return self._told(row, given["fields"])

    def _told(self, row: Row, fields: str) -> Answer:
        unknown = [name for name in names(fields) if name not in FIELDS]
        if unknown:
            return words.invalid(f"Tried accessing nonexisting field ({unknown[0]}) on node type (PagePost)")
        return as_json(self.view(row, names(fields)))

    def _listing(self, edge: str, given: Mapping[str, str]) -> Answer:
        limit, offset = int(seconds(given.get("limit", "25"))), cursor_offset(given.get("after", ""))
        if not 1 <= limit <= 100:
            return words.invalid("The limit parameter must be between 1 and 100")
        wanted = names(given.get("fields", DEFAULT_FIELDS))
        if unknown := [name for name in wanted if name not in FIELDS]:
            return words.invalid(f"Tried accessing nonexisting field ({unknown[0]}) on node type (PagePost)")
        rows = self.posts(LISTINGS[edge], seconds(given.get("since", "0")), seconds(given.get("until", "9e12")))
        page = [self.view(row, ["id", *wanted]) for row in rows[offset : offset + limit]]
        listing: dict[str, Any] = {"data": page}
        if page:
            after = base64.urlsafe_b64encode(str(offset + limit).encode()).decode()
            listing["paging"] = {"cursors": {"before": "MA==", "after": after}}
            if len(rows) > offset + limit:
                following = f"{self._url}/facebook/{accounts.PAGE_ID}/{edge}?limit={limit}&after={quote(after)}"
                listing["paging"]["next"] = following
        return as_json(listing)

    def posts(self, state: str = "published", since: float = 0.0, until: float = 9e12) -> list[Row]:
        """Newest first. Scheduled posts whose time has come are published on the way."""
        now = self._store.clock()
        due = "UPDATE post SET state = 'published', created = scheduled WHERE state = 'scheduled' AND scheduled <= ?"
        self._store.write(due, (now,))
        sql = "SELECT * FROM post WHERE state = ? AND created >= ? AND created <= ? ORDER BY created DESC, number DESC"
        return self._store.rows(sql, (state, since, until))

    def post(self, post: str) -> Row | None:
        return self._store.row("SELECT * FROM post WHERE id = ? AND state != 'gone'", (post,))

    def photos(self, post: str) -> list[Row]:
        sql = "SELECT id, media_type, sha256, alt, length(data) AS size FROM photo WHERE post = ? ORDER BY place"
        return self._store.rows(sql, (post,))

    def view(self, row: Row, wanted: list[str]) -> dict[str, Any]:
        """The fields asked for; empty ones are left out, as the real one does."""
        every = {
            "id": row["id"],
            "message": row["message"],
            "created_time": stamp(row["created"]),
            "updated_time": stamp(row["updated"]),
            "permalink_url": self.permalink(row["id"]),
            "is_published": row["state"] == "published",
            "scheduled_publish_time": int(row["scheduled"]) if row["scheduled"] else None,
            "status_type": "mobile_status_update",
            "attachments": self._attachments(row),
        }
        return {name: every[name] for name in wanted if every.get(name) not in (None, "", [])}

    def _attachments(self, row: Row) -> dict[str, Any] | None:
        if row["link"]:
            wrapped = f"https://l.facebook.com/l.php?u={quote(row['link'], safe='')}"
            return {"data": [{"media_type": "link", "url": wrapped, "unshimmed_url": row["link"]}]}
        photos = [{"media_type": "photo", "target": {"id": photo["id"]}} for photo in self.photos(row["id"])]
        if len(photos) > 1:
            return {"data": [{"media_type": "album", "subattachments": {"data": photos}}]}
        return {"data": photos} if photos else None


def values(request: Request) -> dict[str, str]:
    """Query and body as one set of strings; in a JSON body nested values become JSON text."""
    document = request.document() if request.media_type == "application/json" else None
    flat = {key: value if isinstance(value, str) else json.dumps(value) for key, value in (document or {}).items()}
    return {**request.query, **request.form(), **request.parts()[0], **flat}


def token_of(request: Request, given: Mapping[str, str]) -> str:
    bearer = request.headers.get("authorization", "")
    return given.get("access_token") or bearer.removeprefix("Bearer ").removeprefix("OAuth ")


def attached_media(given: Mapping[str, str]) -> list[str]:
    """Photo ids in their order, from `attached_media[n]` of a form or the list of a JSON body."""
    try:
        items = json.loads(given.get("attached_media", "[]"))
        keys = sorted((key for key in given if media_place(key) >= 0), key=media_place)
        items += [json.loads(given[key]) for key in keys]
        return [str(item["media_fbid"]) for item in items]
    except (ValueError, TypeError, KeyError):
        return [""]  # stands for a photo that does not exist


def media_place(key: str) -> int:
    match = re.fullmatch(r"attached_media\[(\d+)]", key)
    return int(match[1]) if match else -1


def picture_bytes(request: Request, given: Mapping[str, str]) -> bytes | None:
    """From exactly one of `source` and `url`; None when there is none or it cannot be had."""
    source = request.parts()[1].get("source")
    if source is not None:
        return None if given.get("url") else source.data
    fetched = fetch(given["url"]) if fetchable(given.get("url", "")) else None
    return fetched.data if fetched else None


def truth(given: Mapping[str, str], name: str) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(given.get(name, "").lower())


def seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return -1.0


def names(fields: str) -> list[str]:
    """Field names at the top level: `a,b{c,d}` is a and b."""
    return [name for name in re.sub(r"\{[^{}]*}", "", fields).replace(" ", "").split(",") if name]


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def cursor_offset(after: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(after)) if after else 0
    except ValueError:
        return 0


def served_version(major: str | None, minor: str | None) -> str:
    """What answers: the version asked for, or the oldest one that has not expired."""
    asked = (int(major), int(minor or 0)) if major else SERVED[0]
    usable = min((version for version in SERVED if version >= asked), default=SERVED[-1])
    return f"v{usable[0]}.{usable[1]}"
