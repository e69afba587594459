"""Photos of a post: one goes out with its caption in a single call, several are put up unpublished first.

https://developers.facebook.com/docs/graph-api/reference/page/photos
A photo that was put up and hangs in no post is an orphan. Its id is noted as soon as it is known, so the next attempt,
also one after a crash, hangs it into the post instead of putting it up again; of a refused post it is taken back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from channels.errors import ChannelError, OutcomeUnknown, Rejected, Unavailable
from channels.facebook import facts
from channels.facebook.graph import IN_DOUBT, Graph, Parts
from channels.facebook.notes import Notes, is_young

Shown = tuple[Mapping[str, str], bytes]  # as the payload names it, and its bytes
INVALID = "100"


def publish_one(graph: Graph, message: str, shown: Shown) -> dict[str, Any]:
    """The post of one photo: {"id", "photo"}. `post_id` of the answer is the post, `id` only the photo in it."""
    form = {"caption": message, "alt_text_custom": shown[0]["alt"], "published": "true"}
    made = graph.post(f"{graph.page}/photos", form, parts=_parts(shown))
    return {"id": str(made.get("post_id", "")), "photo": str(made.get("id", ""))}


class Album:
    """The photos of one post of several, on their way up."""

    def __init__(self, graph: Graph, notes: Notes, now: datetime) -> None:
        self._graph, self._notes, self._now = graph, notes, now
        kept = notes.get("photos") or {}
        self._up = {key: one for key, one in kept.items() if is_young(one.get("at"), now, facts.PHOTO_SECONDS)}
        # What was offered to a post may hang in it although its answer was lost: never deleted.
        self._lent = {one["id"] for one in self._up.values()} if notes.get("offered") else set()

    def publish(self, message: str, pictures: Sequence[Shown], fields: str) -> dict[str, Any]:
        """The post as the vendor answers. Raises what stopped it, after taking back photos no post will use."""
        try:
            photos = self._put_up(pictures)
            return self._graph.post(
                f"{self._graph.page}/feed", {"message": message, **_attached(photos)}, fields=fields
            )
        except Rejected as refusal:
            if self._lent and refusal.code == INVALID:
                self._notes.keep(photos=None, offered=None)
                raise OutcomeUnknown(
                    f"Facebook không nhận lại ảnh đã tải lên lần trước. {IN_DOUBT}",
                    code=refusal.code,
                    subcode=refusal.subcode,
                    trace=refusal.trace,
                ) from None
            self._take_back()
            raise

    def _put_up(self, pictures: Sequence[Shown]) -> list[str]:
        """Nothing shows yet, so a lost answer is no doubt about the post."""
        keys = [f"{place}-{picture['sha256']}" for place, (picture, _) in enumerate(pictures)]
        for key, shown in zip(keys, pictures, strict=True):
            if key not in self._up:
                self._up[key] = {"id": self._put_up_one(shown), "at": self._now.isoformat()}
                self._notes.keep(photos=self._up)
        self._notes.keep(photos=self._up, offered=True)
        return [self._up[key]["id"] for key in keys]

    def _put_up_one(self, shown: Shown) -> str:
        form = {"published": "false", "alt_text_custom": shown[0]["alt"]}
        made = self._graph.post(f"{self._graph.page}/photos", form, parts=_parts(shown), repeatable=True)
        if made.get("post_id"):
            self._graph.delete(str(made["post_id"]))
            raise Rejected("Facebook đăng ngay ảnh lẽ ra còn ẩn nên ảnh đã được gỡ: báo cho đơn vị hỗ trợ.")
        if not made.get("id"):
            raise Unavailable("Facebook nhận ảnh nhưng không cho biết mã ảnh. Bài chưa đăng, hệ thống sẽ tự thử lại.")
        return str(made["id"])

    def _take_back(self) -> None:
        """What fails here vanishes at the vendor's after a day; it stays noted."""
        for key, one in list(self._up.items()):
            if one["id"] not in self._lent:
                with suppress(ChannelError):
                    self._graph.delete(one["id"])
                    del self._up[key]
        self._notes.keep(photos=self._up or None, offered=None if not self._lent else True)


def _attached(photos: Sequence[str]) -> dict[str, str]:
    return {f"attached_media[{at}]": json.dumps({"media_fbid": photo}) for at, photo in enumerate(photos)}


def _parts(shown: Shown) -> Parts:
    picture, data = shown
    name = f"anh.{'png' if picture['media_type'] == 'image/png' else 'jpg'}"
    return {"source": (name, data, picture["media_type"])}
