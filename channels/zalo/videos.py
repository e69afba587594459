"""The video of an article: handed over as a file, then worked on by the vendor until it has an id.

https://developers.zalo.me/docs/official-account/bai-viet/upload-video-cho-bai-viet
The upload's token goes into the delivery's notes, so that no later attempt sends the file again. The official SDK asks
for its state with the token as a header, the documents as a parameter: both are sent.
"""

from __future__ import annotations

from typing import Any

from channels.contract import Desk, Payload
from channels.errors import ChannelError, Rejected, Unavailable, Unsupported
from channels.zalo import facts
from channels.zalo.openapi import OpenApi, Pending

MARK = "video:"  # begins a token that stands for "the video is not ready yet"; an article's token is base64


class Notes:
    """What this delivery keeps from one attempt to the next: token, video_token, creating (ISO time)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._told: dict[str, Any] = dict(desk.notes)

    def read(self, name: str) -> str:
        return str(self._told.get(name, ""))

    def keep(self, **more: str) -> None:
        """Durably, before it returns."""
        self._told.update(more)
        self._desk.keep_notes(dict(self._told))


def ready(api: OpenApi, payload: Payload, desk: Desk, notes: Notes) -> str:
    """The id of the video; "" while the vendor works on it. Uploads it once. Raises `Rejected` when it is refused."""
    if token := notes.read("video_token"):
        try:
            return look(api, token)
        except Rejected:
            pass  # that upload failed: send the file anew
    return _after_upload(api, _upload(api, payload, desk, notes))


def look(api: OpenApi, token: str) -> str:
    """The id of an uploaded video; "" while the vendor works on it. Raises `Rejected` when it failed."""
    try:
        told = api.get("article/upload_video/verify", headers={"token": token}, token=token)
    except Pending:
        return ""
    state = facts.video_state(told.get("status"))
    if state.verdict == "failed":
        said = str(told.get("status_message", ""))
        raise Rejected(f"Zalo không nhận video: {state.message} ({said}). Thay video khác rồi gửi lại.")
    return str(told.get("video_id", "")) if state.verdict == "ready" else ""


def waiting(replacing: str, notes: Notes) -> str:
    """The token under which the engine asks again; `replacing` is the article to be replaced, "" for a new one."""
    return f"{MARK}{replacing}:{notes.read('video_token')}"


def replaced(token: str) -> str:
    """The article to be replaced by one that waits for its video; "" for a new one."""
    return token.removeprefix(MARK).partition(":")[0]


def uploaded(token: str) -> str:
    return token.removeprefix(MARK).partition(":")[2]


def _upload(api: OpenApi, payload: Payload, desk: Desk, notes: Notes) -> str:
    video = payload.body["video"]
    try:
        data = desk.media(video["sha256"])
    except KeyError:
        raise Unsupported("Video của bài không còn trong kho: tải video lên lại rồi trình duyệt.") from None
    told = api.upload("article/upload_video/preparevideo", video["name"], data, video["media_type"])
    token = str(told.get("token", ""))
    if not token:
        raise Unavailable("Zalo nhận video nhưng không trả mã theo dõi. Hệ thống sẽ tự gửi lại video.")
    notes.keep(video_token=token)
    return token


def _after_upload(api: OpenApi, token: str) -> str:
    """Trouble in the first look is no trouble of the upload: the engine asks again."""
    try:
        return look(api, token)
    except Rejected:
        raise
    except ChannelError:
        return ""
