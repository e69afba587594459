"""Videos for articles: uploaded for a token, converted, then an id."""

from __future__ import annotations

import base64
import hashlib
import secrets
from sqlite3 import Row
from typing import Any

from channels.sandbox.exchange import Answer, Request
from channels.sandbox.pictures import video_type
from channels.sandbox.store import Store
from channels.sandbox.zalo.words import error, good

LIMIT = 50 * 1024 * 1024  # bytes
UNKNOWN, READY, LOCKED, PROCESSING, FAILED, DELETED = range(6)
MESSAGES = ("unknown", "success", "video is locked", "processing", "convert failed", "video is deleted")


class Videos:
    def __init__(self, store: Store) -> None:
        self._store = store

    def take_in(self, request: Request) -> Answer:
        file = request.parts()[1].get("file")
        if file is None or not video_type(file.data):
            return error(-201, "file invalid, only mp4/avi")
        if len(file.data) > LIMIT:
            return error(-210, "Parameter exceeds allowable limit")
        digest, token = hashlib.sha256(file.data).hexdigest(), base64.b64encode(secrets.token_bytes(24)).decode()
        with self._store.transaction():
            number = self._store.number("oa_video")
            video = hashlib.sha256(f"video {number}".encode()).hexdigest()[:20]
            self._store.insert(
                "oa_video",
                number=number,
                token=token,
                id=video,
                name=file.name,
                size=len(file.data),
                sha256=digest,
                looks=self._store.switch("oa_video_looks"),
                status=FAILED if "video_error" in request.hints else READY,
            )
            said = {"name": file.name, "bytes": len(file.data)}
            self._store.note("zalo", "video", video, said, sha256=digest)
        return good({"token": token})

    def look(self, request: Request) -> Answer:
        """The token comes as a header (the SDK) or in the query (the documents)."""
        token = request.headers.get("token") or request.query.get("token", "")
        with self._store.transaction():
            row = self._store.row("SELECT * FROM oa_video WHERE token = ?", (token,))
            if row is None:
                return error(-201, "token is invalid!")
            self._store.write("UPDATE oa_video SET looks = max(looks - 1, 0) WHERE token = ?", (token,))
        return good(_told(row))

    def is_ready(self, video: str) -> bool:
        sql = "SELECT 1 FROM oa_video WHERE id = ? AND status = ? AND looks = 0"
        return bool(self._store.rows(sql, (video, READY)))


def _told(row: Row) -> dict[str, Any]:
    status = PROCESSING if row["looks"] else row["status"]
    return {
        "status_message": MESSAGES[status],
        "video_name": row["name"],
        "video_size": row["size"],
        "convert_percent": 100 if status == READY else 0,
        "video_id": row["id"] if status == READY else "",
        "status": status,
    }
