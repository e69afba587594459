"""Videos of the Page: taken in whole, by handle or in three phases, given an id, and only then worked on.

https://developers.facebook.com/docs/video-api/guides/publishing. A look at a video (its status, or the listing) brings
it forward; when it is ready its post comes out. A Video node has `published`, never `is_published`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from sqlite3 import Row
from typing import Any

from channels.sandbox import accounts
from channels.sandbox.exchange import Answer, Request, as_json
from channels.sandbox.facebook import words
from channels.sandbox.facebook.asked import names, seconds, stamp, truth
from channels.sandbox.facebook.uploads import VIDEO_LIMIT, Uploads
from channels.sandbox.pictures import fetch_bytes, video_type
from channels.sandbox.store import Store

WRONG_OFFSET = 1363037  # subcode; the right offsets are in error_data
OUTCOMES = {"video_error": "error", "video_expired": "expired"}
FIELDS = {
    *("id", "status", "permalink_url", "published", "title", "description", "created_time", "updated_time"),
    *("scheduled_publish_time", "post_id"),
}


class Videos:
    def __init__(self, store: Store, url: str, uploads: Uploads) -> None:
        self._store = store
        self._url = url
        self._uploads = uploads

    def permalink(self, video: str) -> str:
        if self._store.switch("real_permalinks"):
            return f"/reel/{video}/"
        return f"{self._url}/facebook/reel/{video}"

    def post(self, request: Request) -> Answer:
        phases = {"start": self._start, "transfer": self._transfer, "finish": self._finish}
        phase = request.values.get("upload_phase", "")
        if phase:
            return phases[phase](request) if phase in phases else words.invalid()
        if wrong := self._wrong(request.values):
            return wrong
        data = self._whole(request)
        if data is None:
            return words.invalid("No video file was selected")
        if not video_type(data):
            return words.refusal(352, "Sorry, the video file you selected is in a format that we don't support.")
        session = f"v{secrets.token_hex(12)}"
        self._uploads.add(session, data)
        with self._store.transaction():
            video = self._put(session, len(data))
            self._take_in(video, request, data)
        return as_json({"id": video})

    def _whole(self, request: Request) -> bytes | None:
        given = request.values
        if source := request.parts()[1].get("source"):
            return source.data
        if handle := given.get("fbuploader_video_file_chunk"):
            session = self._uploads.by_handle(handle)
            return self._uploads.data(session) if session else None
        return fetch_bytes(given.get("file_url", ""), self._store.switch("fetch_ms") / 1000, VIDEO_LIMIT)

    def _wrong(self, given: Mapping[str, str]) -> Answer | None:
        when = given.get("scheduled_publish_time")
        latest = 86400 * self._store.switch("latest_days")
        if when and not 600 <= seconds(when) - self._store.clock() <= latest:
            return words.bad_time()
        if given.get("unpublished_content_type") and not self._store.switch("marked_videos"):
            return words.invalid("Invalid parameter: unpublished_content_type")
        return None

    def _put(self, session: str, size: int) -> str:
        number, now = self._store.number("video"), self._store.clock()
        video = str(122300000000000000 + number)
        self._store.insert(
            "video",
            number=number,
            id=video,
            session=session,
            size=size,
            sha256="",
            title="",
            description="",
            state="uploading",
            outcome="ready",
            looks=0,
            published=0,
            created=now,
            updated=now,
        )
        return video

    def _start(self, request: Request) -> Answer:
        size = int(seconds(request.values.get("file_size", "")))
        if not 0 < size <= VIDEO_LIMIT:
            return words.invalid("Invalid parameter: file_size")
        session = str(122400000000000000 + self._store.number("session"))
        with self._store.transaction():
            video = self._put(session, size)
        return as_json({"upload_session_id": session, "video_id": video, **self._offsets(session, size)})

    def _offsets(self, session: str, size: int) -> dict[str, str]:
        """What is wanted next, as strings; equal when nothing is."""
        start = self._uploads.length(session)
        return {"start_offset": str(start), "end_offset": str(min(size, start + self._store.switch("video_chunk")))}

    def _by_session(self, request: Request) -> Row | None:
        session = request.values.get("upload_session_id", "")
        return self._store.row("SELECT * FROM video WHERE session = ?", (session,))

    def _transfer(self, request: Request) -> Answer:
        row, part = self._by_session(request), request.parts()[1].get("video_file_chunk")
        if row is None or part is None or row["state"] != "uploading":
            return words.invalid("Invalid parameter: upload_session_id, video_file_chunk")
        session, size = row["session"], row["size"]
        wanted = self._offsets(session, size)
        start, end = int(wanted["start_offset"]), int(wanted["end_offset"])
        if request.values.get("start_offset") != str(start) or not 0 < len(part.data) <= end - start:
            return words.refusal(
                6001,
                "There was a problem uploading your video file. Please try again with another file.",
                subcode=WRONG_OFFSET,
                error_data=wanted,
            )
        self._uploads.add(session, part.data)
        if "back" in request.hints:
            self._uploads.cut(session, start // 2)
        return as_json(self._offsets(session, size))

    def _finish(self, request: Request) -> Answer:
        row = self._by_session(request)
        if row is None:
            return words.invalid("Invalid parameter: upload_session_id")
        if row["state"] != "uploading":
            return words.refusal(6000, "The upload session has already been finished.", subcode=1363041)
        if wrong := self._wrong(request.values):
            return wrong
        data = self._uploads.data(row["session"])
        if len(data) != row["size"]:
            said = "There was a problem uploading your video file. Please try again."
            return words.refusal(
                6000, said, subcode=WRONG_OFFSET, error_data=self._offsets(row["session"], row["size"])
            )
        with self._store.transaction():
            self._take_in(row["id"], request, data)
        return as_json({"success": True})

    def _take_in(self, video: str, request: Request, data: bytes) -> None:
        """From here on it is worked on."""
        given, digest = request.values, hashlib.sha256(data).hexdigest()
        outcome = next((end for hint, end in OUTCOMES.items() if hint in request.hints), "ready")
        when = given.get("scheduled_publish_time")
        published = truth(given, "published") is not False
        said = {
            "title": given.get("title", ""),
            "description": given.get("description", ""),
            "bytes": len(data),
        }
        self._store.write(
            "UPDATE video SET sha256 = ?, title = ?, description = ?, state = 'processing', outcome = ?, looks = ?,"
            " published = ?, scheduled = ?, updated = ? WHERE id = ?",
            (
                digest,
                said["title"],
                said["description"],
                outcome if video_type(data) else "error",
                self._store.switch("video_looks"),
                int(published),
                seconds(when) if when and not published else None,
                self._store.clock(),
                video,
            ),
        )
        self._store.note("facebook", "video", video, said, sha256=digest)

    def work(self) -> None:
        """A look from afar: brings every video one look forward."""
        if not self._store.row("SELECT 1 FROM video WHERE state = 'processing'"):
            return
        with self._store.transaction():
            for row in self._store.rows("SELECT * FROM video WHERE state = 'processing' ORDER BY number"):
                self._step(row)

    def _step(self, row: Row) -> None:
        if row["looks"] > 0:
            self._store.write("UPDATE video SET looks = looks - 1 WHERE id = ?", (row["id"],))
            return
        self._store.write("UPDATE video SET state = ? WHERE id = ?", (row["outcome"], row["id"]))
        if row["outcome"] == "ready" and (row["published"] or row["scheduled"]):
            self._come_out(row)

    def _come_out(self, row: Row) -> None:
        """Its post stands, or waits for its time."""
        number, now = self._store.number("post"), self._store.clock()
        post = f"{accounts.PAGE_ID}_{122100000000000000 + number}"
        state = "scheduled" if row["scheduled"] else "published"
        self._store.insert(
            "post",
            number=number,
            id=post,
            message=row["description"],
            link="",
            state=state,
            created=now,
            updated=now,
            scheduled=row["scheduled"],
            video=row["id"],
        )
        said = {"message": row["description"], "title": row["title"], "video": row["id"]}
        self._store.note("facebook", state, post, said, sha256=row["sha256"])

    def known(self, video: str) -> Row | None:
        return self._store.row("SELECT * FROM video WHERE id = ? AND state != 'gone'", (video,))

    def answer(self, request: Request, call: str, video: str) -> Answer:
        given = request.values
        if call == "delete":
            return self._delete(video)
        if call == "edit":
            return self._edit(video, given)
        wanted = names(given.get("fields", "id,updated_time,description"))
        if unknown := [name for name in wanted if name not in FIELDS]:
            return words.no_field(unknown[0], "Video")
        with self._store.transaction():
            row = self.known(video)
            if row is not None and row["state"] == "processing" and "status" in wanted:
                self._step(row)
            row = self.known(video)
        return as_json(self._view(row, ["id", *wanted])) if row else words.gone("GET", video)

    def _view(self, row: Row, wanted: list[str]) -> dict[str, Any]:
        post = self._store.row("SELECT id FROM post WHERE video = ?", (row["id"],))
        every = {
            "id": row["id"],
            "status": _status(row["state"]),
            "permalink_url": self.permalink(row["id"]),
            "published": bool(row["published"] and row["state"] == "ready"),
            "title": row["title"],
            "description": row["description"],
            "created_time": stamp(row["created"]),
            "updated_time": stamp(row["updated"]),
            "scheduled_publish_time": int(row["scheduled"]) if row["scheduled"] else None,
            "post_id": post["id"] if post else None,
        }
        return {name: every[name] for name in wanted if every[name] not in (None, "")}

    def _edit(self, video: str, given: Mapping[str, str]) -> Answer:
        with self._store.transaction():
            row = self.known(video)
            if row is None:
                return words.gone("POST", video)
            said = {name: given.get(name, row[name]) for name in ("title", "description")}
            now = self._store.clock()
            change = "UPDATE video SET title = ?, description = ?, updated = ? WHERE id = ?"
            self._store.write(change, (*said.values(), now, video))
            change = "UPDATE post SET message = ?, updated = ? WHERE video = ?"
            self._store.write(change, (said["description"], now, video))
            self._store.note("facebook", "edited", video, {"kind": "video", **said})
        return as_json({"success": True})

    def _delete(self, video: str) -> Answer:
        with self._store.transaction():
            self._store.write("UPDATE video SET state = 'gone' WHERE id = ?", (video,))
            self._store.write("UPDATE post SET state = 'gone' WHERE video = ?", (video,))
            self._store.note("facebook", "deleted", video, {"kind": "video"})
        return as_json({"success": True})

    def file(self, video: str) -> bytes | None:
        row = self.known(video)
        return self._uploads.data(row["session"]) if row else None


def _status(state: str) -> dict[str, Any]:
    """`video_status` and the phases behind it."""
    done = {"uploading": 0, "processing": 1, "ready": 3}.get(state, 1)
    phases = ("uploading_phase", "processing_phase", "publishing_phase")
    told: dict[str, Any] = {
        phase: {"status": "complete" if at < done else "not_started"} for at, phase in enumerate(phases)
    }
    if state in ("uploading", "processing"):
        told[phases[done]] = {"status": "in_progress"}
    if state == "error":
        told[phases[1]] = {"status": "error", "error": {"message": "Video processing failed."}}
    return {"video_status": state, **told}
