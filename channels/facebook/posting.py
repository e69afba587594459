"""What the connector does on a Page, step by step: publish, find again, reword, and tell the outcome."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar

from channels.contract import Account, Desk, Outcome, Payload, Proof, Remote, Result
from channels.errors import ChannelError, OutcomeUnknown, Rejected, Unsupported
from channels.facebook import facts, photos, reading, videos
from channels.facebook.graph import Graph
from channels.facebook.notes import Notes

FIELDS = "id,permalink_url"
ATTACHED = "attachments{media_type,target,unshimmed_url,subattachments}"
LISTED = f"id,message,created_time,permalink_url,{ATTACHED}"
TOLD = ("id", "photo", "permalink_url")  # of an answer, kept with the outcome
Told = TypeVar("Told")


def publish(graph: Graph, body: Mapping[str, Any], desk: Desk, notes: Notes) -> Outcome:
    """Sends the post in the one way its parts allow."""
    if video := body.get("video"):
        data = approved(video["sha256"], desk, "video")
        return processing(graph, videos.Upload(graph, body, data, notes, desk.now).publish())
    pictures = [(picture, _picture(picture, desk)) for picture in body["pictures"]]
    message = str(body["message"])
    if not pictures:
        link = {"link": str(body["link"])} if body["link"] else {}
        made = graph.post(f"{graph.page}/feed", {"message": message, **link}, fields=FIELDS)
    elif len(pictures) == 1:
        made = photos.publish_one(graph, message, pictures[0])
    else:
        made = photos.Album(graph, notes, desk.now).publish(message, pictures, FIELDS)
    if not made.get("id"):
        raise OutcomeUnknown("Facebook nhận bài nhưng không cho biết mã bài: hệ thống sẽ đọc lại để kiểm tra.")
    return delivered(graph, made)


def approved(sha256: str, desk: Desk, what: str) -> bytes:
    """The bytes that were approved, and no others."""
    try:
        data = desk.media(sha256)
    except KeyError:
        raise Unsupported(f"Không tìm thấy tệp {what} của bài: tải {what} lên lại rồi duyệt lại.") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Unsupported(f"Tệp {what} đã khác với {what} được duyệt: tải {what} lên lại rồi duyệt lại.")
    return data


def _picture(picture: Mapping[str, str], desk: Desk) -> bytes:
    data = approved(picture["sha256"], desk, "ảnh")
    if len(data) > facts.PICTURE_LIMIT:
        raise Unsupported("Ảnh lớn hơn 4 MB, Facebook không nhận: giảm cỡ ảnh.")
    return data


def refuse_other_page(payload: Payload, account: Account) -> None:
    """A post is approved for one Page. Payloads frozen before the Page stood in them name none."""
    page, now = str(payload.body.get("page_id") or ""), str(account.settings["page_id"])
    if page and page != now:
        raise Unsupported(f"Bài được duyệt cho Trang {page}, tài khoản nay là Trang {now}: trình duyệt lại.")


def note_duplicate(notes: Notes, doubt: OutcomeUnknown) -> None:
    """The vendor says it has this already: looked for once. Sent again because nothing was found and refused again, it
    resembles an older post, and only a person can change that. Raises `Rejected` then."""
    if notes.get("duplicate"):
        raise Rejected(
            "Facebook hai lần nói bài này trùng bài đã đăng, mà đọc lại không thấy bài mới: "
            f"sửa lời bài rồi trình duyệt lại, hoặc tìm bài cũ trên Trang (mã {doubt.code}).",
            code=doubt.code,
            subcode=doubt.subcode,
            trace=doubt.trace,
        ) from None
    notes.keep(duplicate=True)


def found(graph: Graph, payload: Payload, since: datetime) -> Outcome | None:
    body = payload.body
    posts = list(published(graph, since))
    ours = reading.candidates(posts, body["message"], body["link"], since)
    if not ours:
        if not posts:
            graph.prove_page()  # a person's token is shown an empty list where there are posts
        return None
    others = [str(post["id"]) for post in ours[1:]]
    return delivered(graph, ours[0], **({"also": others} if others else {}))


def found_video(graph: Graph, payload: Payload, desk: Desk) -> Outcome | None:
    """Its own id tells more than any listing, where it is known."""
    video = videos.found_again(graph, desk)
    return video_delivered(graph, video, payload, videos.asked_at(desk)) if video else None


def published(graph: Graph, since: datetime) -> Iterator[dict[str, Any]]:
    """What the Page published, newest first. Cursors live for one reading and are kept nowhere."""
    start = int((since - timedelta(seconds=facts.SKEW_SECONDS)).timestamp())
    query = {"fields": LISTED, "limit": str(facts.LISTING_PAGE), "since": str(start)}
    for _ in range(facts.LISTING_PAGES):
        listing = graph.get(f"{graph.page}/published_posts", **query)
        yield from listing.get("data", [])
        cursor = reading.next_cursor(listing)
        if not cursor:
            return
        query["after"] = cursor
    raise Rejected("danh sách bài quá dài để đọc hết.")


def reword(graph: Graph, remote: Remote, body: Mapping[str, Any]) -> Outcome:
    """New words for what stands; `Unsupported` when the correction would change more than words."""
    if "_" not in remote.remote_id:  # a video whose post was never found
        graph.post(remote.remote_id, {"description": body["message"]}, repeatable=True)
        return outcome(graph, remote.remote_id, remote.permalink)
    standing = graph.get(remote.remote_id, fields=f"id,{ATTACHED}")
    if changed := reading.unchangeable(standing, body):
        raise Unsupported(
            f"Facebook chỉ cho sửa lời của bài đã đăng, không cho đổi {changed}: gỡ bài này rồi đăng bài mới."
        )
    graph.post(remote.remote_id, {"message": body["message"]}, repeatable=True)
    return outcome(graph, remote.remote_id, remote.permalink)


def or_gone(graph: Graph, words: str, act: Callable[[], Told]) -> Told:
    """Does what needs an object to stand. "Gone" is also said to a token without rights, which then shows itself."""
    try:
        return act()
    except Rejected as refusal:
        if not reading.is_gone(refusal):
            raise
        graph.prove_page()
        raise Rejected(
            f"{words} {refusal.message}", code=refusal.code, subcode=refusal.subcode, trace=refusal.trace
        ) from None


def delivered(graph: Graph, post: Mapping[str, Any], **more: Any) -> Outcome:
    """The outcome of a post that stands; nothing that fails from here on may unsay that."""
    remote_id, permalink = str(post["id"]), str(post.get("permalink_url", ""))
    if not permalink:
        with suppress(ChannelError):
            permalink = str(graph.get(remote_id, fields=FIELDS).get("permalink_url", ""))
    answer = {name: post[name] for name in TOLD if name in post}
    return outcome(graph, remote_id, permalink, answer=answer, **more)


def video_delivered(graph: Graph, video: Mapping[str, Any], payload: Payload, since: datetime) -> Outcome:
    """A video that stands, under the id of its post where that can be found: posts can be edited and deleted by it."""
    posts: list[dict[str, Any]] = []
    with suppress(ChannelError):
        posts = list(published(graph, since))
    video_id = str(video["id"])
    post = videos.post_of(posts, video_id) or reading.ours(posts, payload.body["message"], payload.body["link"], since)
    permalink = videos.permalink(post or {}) or videos.permalink(video)
    return outcome(graph, str(post["id"]) if post else video_id, permalink, video=video_id)


def processing(graph: Graph, video_id: str) -> Outcome:
    detail = outcome(graph, video_id, "").detail
    return Outcome(Result.PROCESSING, remote_id=video_id, token=video_id, detail=detail)


def outcome(graph: Graph, remote_id: str, permalink: str, **more: Any) -> Outcome:
    proofs = [Proof("remote_id", "Mã bài trên Facebook", remote_id)]
    if permalink:
        proofs.append(Proof("permalink", "Bài trên Facebook", permalink))
    detail: dict[str, Any] = {"api": facts.VERSION, **more}
    if graph.served:
        detail |= {"served": graph.served, "note": other_version(graph)}
    return Outcome(Result.DELIVERED, remote_id, permalink, proofs=tuple(proofs), detail=graph.covered(detail))


def other_version(graph: Graph) -> str:
    return f"Phần mềm gọi Graph API {facts.VERSION} nhưng Facebook trả lời bằng {graph.served}: cập nhật phần mềm."
