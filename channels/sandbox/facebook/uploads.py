"""Files that come in pieces: the Resumable Upload API, and where the pieces of any upload lie.

https://developers.facebook.com/docs/graph-api/guides/upload: a session is opened, bytes are sent from an offset, and
the whole file has a handle. A broken line leaves what had arrived; the session tells from where to go on.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from channels.sandbox import accounts
from channels.sandbox.exchange import Answer, Request, as_json
from channels.sandbox.facebook import words
from channels.sandbox.facebook.asked import seconds
from channels.sandbox.store import Store

SESSION = "upload:"
VIDEO_LIMIT = 1024 * 1024 * 1024  # bytes


class Uploads:
    def __init__(self, store: Store) -> None:
        self._store = store

    def start(self, request: Request, app: str, *, as_page: bool) -> Answer:
        given = request.values
        if app != accounts.PAGE_APP_ID or request.method != "POST":
            return words.gone(request.method, app)
        if as_page and self._store.switch("upload_as_person"):
            return words.refusal(200, "(#200) A user access token is required to request this resource.")
        size = int(seconds(given.get("file_length", "")))
        if not 0 < size <= VIDEO_LIMIT or not given.get("file_type"):
            return words.invalid("Invalid parameter: file_length, file_type")
        session = f"MTp{secrets.token_urlsafe(24)}"
        self._store.insert(
            "upload",
            session=session,
            name=given.get("file_name", ""),
            size=size,
            handle=f"4:{secrets.token_urlsafe(32)}",
            created=self._store.clock(),
        )
        return as_json({"id": SESSION + session})

    def session(self, request: Request, session: str) -> Answer:
        row = self._store.row("SELECT * FROM upload WHERE session = ?", (session,))
        if row is None or request.method not in ("GET", "POST"):
            return words.gone(request.method, SESSION + session)
        if request.method == "GET":
            return as_json({"id": SESSION + session, "file_offset": self.length(session)})
        if not request.headers.get("authorization", "").startswith("OAuth "):
            return words.no_token()
        offset = request.headers.get("file_offset", "")
        if offset != str(self.length(session)) or self.length(session) + len(request.body) > row["size"]:
            return words.invalid(f"Invalid file_offset: expected {self.length(session)}")
        kept = request.body[: len(request.body) // 2] if "half_upload" in request.hints else request.body
        self.add(session, kept)
        if "half_upload" in request.hints:
            return Answer(200, b"", broken="reset")
        if self.length(session) < row["size"]:
            return words.refusal(1, "Partial upload", is_transient=True)
        return as_json({"h": row["handle"]})

    def by_handle(self, handle: str) -> str:
        """The session of a file that is here whole; "" for any other handle."""
        row = self._store.row("SELECT * FROM upload WHERE handle = ?", (handle,))
        return str(row["session"]) if row and self.length(row["session"]) == row["size"] else ""

    def file(self, session: str) -> Path:
        """Where the bytes of an upload lie; the name comes from the sandbox itself."""
        if not re.fullmatch(r"[A-Za-z0-9_-]+", session):
            raise ValueError(session)
        folder = self._store.folder / "uploads"
        folder.mkdir(exist_ok=True)
        return folder / session

    def length(self, session: str) -> int:
        file = self.file(session)
        return file.stat().st_size if file.exists() else 0

    def add(self, session: str, data: bytes) -> None:
        with self.file(session).open("ab") as file:
            file.write(data)

    def cut(self, session: str, length: int) -> None:
        with self.file(session).open("ab") as file:
            file.truncate(length)

    def data(self, session: str) -> bytes:
        file = self.file(session)
        return file.read_bytes() if file.exists() else b""
