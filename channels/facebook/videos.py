"""A video goes up in pieces, is processed, and only then is a post.

The chunked upload of https://developers.facebook.com/docs/video-api/guides/publishing (`upload_phase` start, transfer,
finish), chosen because it takes the Page's own token; the Resumable Upload API wants a user's. The server says which
bytes it wants next, also ones it had before, and is obeyed. Where an upload stands is noted after every piece, so that
a broken one goes on from there. `finish` publishes: it is noted before it is sent, never sent twice for one upload.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from channels.contract import Desk
from channels.errors import OutcomeUnknown, Rejected, Throttled, Unauthorized, Unavailable
from channels.facebook import facts, reading
from channels.facebook.graph import IN_DOUBT, Displaced, Graph, number
from channels.facebook.notes import Notes, is_young

FIELDS = "id,status,published,permalink_url"  # a Video has `published`; `is_published` is a post's
FAILED = ("error", "expired")
AGAIN = "Tải video lên chưa xong. Bài chưa đăng, hệ thống sẽ tự tải tiếp."


class Upload:
    """One video on its way up. `body`: the payload's; `data`: the approved bytes."""

    def __init__(self, graph: Graph, body: Mapping[str, Any], data: bytes, notes: Notes, now: datetime) -> None:
        self._graph, self._body, self._data, self._notes, self._now = graph, body, data, notes, now
        kept = notes.get("video") or {}
        goes_on = not kept.get("asked") and is_young(kept.get("at"), now, facts.SESSION_SECONDS)
        self._at: dict[str, Any] = dict(kept) if goes_on else {}

    def publish(self) -> str:
        """The id of the video, which is being processed from here on."""
        went_on = bool(self._at)
        if not went_on:
            self._start()
        try:
            self._transfer()
        except Rejected as refusal:
            if not went_on:
                raise
            self._notes.keep(video=None)
            raise Unavailable(
                f"Facebook không nhận tiếp video tải dở: hệ thống sẽ tải lại từ đầu. {refusal.message}"
            ) from None
        self._finish()
        return str(self._at["id"])

    def _start(self) -> None:
        made = self._graph.post_video({"upload_phase": "start", "file_size": str(len(self._data))}, repeatable=True)
        if not (made.get("upload_session_id") and made.get("video_id")):
            raise Unavailable(AGAIN)
        self._at = {"session": str(made["upload_session_id"]), "id": str(made["video_id"]), "at": self._now.isoformat()}
        self._keep(number(made.get("start_offset")), number(made.get("end_offset")))

    def _transfer(self) -> None:
        furthest, stalls = int(self._at["start"]), 0
        while self._at["start"] < self._at["end"]:
            self._keep(*self._put_piece(self._at["start"], self._at["end"]))
            stalls = 0 if self._at["start"] > furthest else stalls + 1
            furthest = max(furthest, self._at["start"])
            if stalls > facts.STALLS:
                raise Unavailable(AGAIN)
        if self._at["start"] != len(self._data):
            self._notes.keep(video=None)
            raise Unavailable(AGAIN)

    def _put_piece(self, start: int, end: int) -> tuple[int, int]:
        """Where the server wants to go on; equal offsets are the end."""
        video = self._body["video"]
        form = {"upload_phase": "transfer", "upload_session_id": self._at["session"], "start_offset": str(start)}
        piece = (video["name"], self._data[start:end], video["media_type"])
        try:
            told = self._graph.post_video(form, parts={"video_file_chunk": piece}, repeatable=True)
        except Displaced as wanted:
            return wanted.start, wanted.end
        if "start_offset" not in told:
            raise Unavailable(AGAIN)
        return number(told["start_offset"]), number(told.get("end_offset"))

    def _keep(self, start: int, end: int, **more: str) -> None:
        if not 0 <= start <= end <= len(self._data):
            raise Unavailable(AGAIN)
        self._at |= {"start": start, "end": end, **more}
        self._notes.keep(video=self._at)

    def _finish(self) -> None:
        place = self._at["start"], self._at["end"]
        self._keep(*place, asked=self._now.isoformat())
        form = {
            "upload_phase": "finish",
            "upload_session_id": self._at["session"],
            "title": self._body["video"]["title"],
            "description": self._body["message"],
        }
        try:
            told = self._graph.post_video(form, repeatable=False)
        except (Unavailable, Throttled, Unauthorized):
            self._keep(*place, asked="")  # it never began: the same upload may be finished later
            raise
        if told.get("success") is not True:
            raise OutcomeUnknown(f"Facebook không xác nhận đã nhận xong video. {IN_DOUBT}")


def look(graph: Graph, video_id: str) -> Mapping[str, Any] | None:
    """The video where it stands in public, None while it is processed. `Rejected`: nothing will come of it."""
    told = graph.get(video_id, fields=FIELDS)
    state = status(told)
    if state in FAILED:
        raise Rejected(
            "Facebook không xử lý được video (lỗi tệp hoặc quá hạn). Kiểm tra lại tệp video rồi đăng lại.", code=state
        )
    if state == "ready" and told.get("published") is not False:
        return told
    return None


def found_again(graph: Graph, desk: Desk) -> Mapping[str, Any] | None:
    """The video whose answer to `finish` was lost; None where that was never asked or nothing came of it.

    Raises `OutcomeUnknown` while the vendor still works on it.
    """
    kept = desk.notes.get("video") or {}
    if not kept.get("asked"):
        return None
    try:
        told = graph.get(kept["id"], fields=FIELDS)
    except Rejected as refusal:
        if not reading.is_gone(refusal):
            raise
        graph.prove_page()  # also said to a token without rights: this one then fails
        return None
    if status(told) == "ready" and told.get("published") is not False:
        return told
    if status(told) == "processing" or told.get("published") is True:
        raise OutcomeUnknown("Facebook đang xử lý video của bài này: hệ thống sẽ xem lại.")
    return None


def status(told: Mapping[str, Any]) -> str:
    held = told.get("status")
    return str(held.get("video_status", "")) if isinstance(held, Mapping) else ""


def asked_at(desk: Desk) -> datetime:
    """When the video was handed in."""
    with suppress(KeyError, TypeError, ValueError):
        return datetime.fromisoformat(desk.notes["video"]["asked"])
    return desk.due_at


def permalink(told: Mapping[str, Any]) -> str:
    """The vendor gives a video's address without a host: `/reel/…`."""
    address = str(told.get("permalink_url", ""))
    return f"{facts.SITE}{address}" if address.startswith("/") else address


def post_of(posts: list[dict[str, Any]], video_id: str) -> Mapping[str, Any] | None:
    """The post in which a video hangs."""
    return next((post for post in posts if video_id in reading.targets(post)), None)
