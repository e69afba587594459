"""A Facebook Page: text, link and picture posts.

Graph API v26.0: https://developers.facebook.com/docs/pages-api/posts
Pictures: https://developers.facebook.com/docs/graph-api/reference/page/photos
There is no idempotency key: a post whose answer was lost is looked for by our own link or by its exact text. We never
use the vendor's scheduling: our clock decides, and a scheduled post would not be found among the published ones.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar

from channels.contract import Account, Channel, Content, Desk, Outcome, Payload, Preview, Proof, Remote, Result, Setting
from channels.errors import ChannelError, OutcomeUnknown, Rejected, Throttled, Unavailable, Unsupported
from channels.facebook import facts, reading, shaping
from channels.facebook.graph import Graph
from channels.remote import address_problem

FIELDS = "id,permalink_url"
LISTED = "id,message,created_time,permalink_url,attachments{unshimmed_url}"


class Facebook(Channel):
    kind: ClassVar[str] = "facebook"
    label: ClassVar[str] = "Facebook"
    follows_page: ClassVar[bool] = True  # the link preview is taken from the public page at once
    asked_settings: ClassVar[tuple[Setting, ...]] = (
        Setting("page_id", "Mã Trang", hint="Dãy số trong phần Giới thiệu của Trang."),
        Setting("access_token", "Mã truy cập Trang", secret=True, hint="Mã của Trang, không phải mã của cá nhân."),
        Setting("app_secret", "Khóa bí mật của ứng dụng", required=False, secret=True),
        Setting("api_url", "Địa chỉ Graph API", required=False, default=facts.ADDRESS, takes_secrets=True),
    )

    def problems(self, account: Account) -> list[str]:
        found = super().problems(account)
        page = str(account.settings.get("page_id", ""))
        if page and not page.isdecimal():
            found.append("Mã Trang chỉ gồm chữ số.")
        if wrong := address_problem(str(account.settings.get("api_url") or facts.ADDRESS), "Địa chỉ Graph API"):
            found.append(wrong)
        return found

    def shape(self, content: Content, account: Account) -> Payload:
        return shaping.shape(content)

    def preview(self, payload: Payload, account: Account) -> Preview:
        return shaping.preview(payload)

    def send(self, payload: Payload, account: Account, desk: Desk) -> Outcome:
        graph = Graph(account, desk.timeout)
        pictures = [(picture, _bytes(picture, desk)) for picture in payload.body["pictures"]]
        uploaded: list[str] = []
        try:
            for photo in _upload(graph, pictures):
                uploaded.append(photo)
            made = graph.post(f"{graph.page}/feed", _form(payload, uploaded), fields=FIELDS)
        except (OutcomeUnknown, Throttled):
            # The pictures may hang in a post that stands, and calls made while blocked lengthen the block.
            raise
        except ChannelError:
            _discard(graph, uploaded)
            raise
        if not made.get("id"):
            raise OutcomeUnknown("Facebook nhận bài nhưng không cho biết mã bài: hệ thống sẽ đọc lại để kiểm tra.")
        return _delivered(graph, made)

    def reconcile(self, payload: Payload, account: Account, desk: Desk, since: datetime) -> Outcome | None:
        graph = Graph(account, desk.timeout)
        try:
            posts = list(_published(graph, since))
        except (Unavailable, Rejected) as error:
            raise OutcomeUnknown(
                f"Chưa đọc lại được Trang: {error.message}", code=error.code, subcode=error.subcode, trace=error.trace
            ) from None
        found = reading.ours(posts, payload.body["message"], payload.body["link"], since)
        return _delivered(graph, found) if found else None

    def update(self, remote: Remote, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """Puts the new text. The API cannot change link or pictures of a post that stands."""
        graph = Graph(account, desk.timeout)
        graph.post(remote.remote_id, {"message": payload.body["message"]}, repeatable=True)
        return _outcome(remote.remote_id, remote.permalink)

    def withdraw(self, remote: Remote, account: Account, desk: Desk) -> Outcome:
        graph = Graph(account, desk.timeout)
        try:
            graph.delete(remote.remote_id)
        except Rejected as refusal:
            if not _is_gone(refusal):
                raise
            graph.get(graph.page, fields="id")  # "gone" is also said to a token without rights: this one then fails
        return _outcome(remote.remote_id, remote.permalink)


def _upload(graph: Graph, pictures: Iterable[tuple[Mapping[str, str], bytes]]) -> Iterator[str]:
    """Puts pictures up unpublished. Nothing shows yet, so a lost answer is no doubt about the post."""
    for place, (picture, data) in enumerate(pictures, 1):
        name = f"anh-{place}.{'png' if picture['media_type'] == 'image/png' else 'jpg'}"
        form = {"published": "false", "alt_text_custom": picture["alt"]}
        made = graph.post(
            f"{graph.page}/photos", form, parts={"source": (name, data, picture["media_type"])}, repeatable=True
        )
        if not made.get("id"):
            raise Unavailable("Facebook nhận ảnh nhưng không cho biết mã ảnh. Bài chưa đăng, hệ thống sẽ tự thử lại.")
        yield str(made["id"])


def _form(payload: Payload, uploaded: list[str]) -> dict[str, str]:
    form = {"message": str(payload.body["message"])}
    if uploaded:
        return form | {f"attached_media[{at}]": json.dumps({"media_fbid": photo}) for at, photo in enumerate(uploaded)}
    return form | {"link": str(payload.body["link"])} if payload.body["link"] else form


def _bytes(picture: Mapping[str, str], desk: Desk) -> bytes:
    """The bytes that were approved, and no others."""
    try:
        data = desk.media(picture["sha256"])
    except KeyError:
        raise Unsupported("Không tìm thấy tệp ảnh của bài: tải ảnh lên lại rồi duyệt lại.") from None
    if hashlib.sha256(data).hexdigest() != picture["sha256"]:
        raise Unsupported("Tệp ảnh đã khác với ảnh được duyệt: tải ảnh lên lại rồi duyệt lại.")
    if len(data) > facts.PICTURE_LIMIT:
        raise Unsupported("Ảnh lớn hơn 4 MB, Facebook không nhận: giảm cỡ ảnh.")
    return data


def _discard(graph: Graph, uploaded: list[str]) -> None:
    """Takes back pictures that no post will use. What fails here vanishes at the vendor's after a day."""
    for photo in uploaded:
        with suppress(ChannelError):
            graph.delete(photo)


def _published(graph: Graph, since: datetime) -> Iterator[dict[str, Any]]:
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


def _delivered(graph: Graph, post: Mapping[str, Any]) -> Outcome:
    """The outcome of a post that stands; nothing that fails from here on may unsay that."""
    remote_id, permalink = str(post["id"]), str(post.get("permalink_url", ""))
    if not permalink:
        with suppress(ChannelError):
            permalink = str(graph.get(remote_id, fields="permalink_url").get("permalink_url", ""))
    return _outcome(remote_id, permalink)


def _outcome(remote_id: str, permalink: str) -> Outcome:
    proofs = [Proof("remote_id", "Mã bài trên Facebook", remote_id)]
    if permalink:
        proofs.append(Proof("permalink", "Bài trên Facebook", permalink))
    return Outcome(Result.DELIVERED, remote_id, permalink, proofs=tuple(proofs), detail={"api": facts.VERSION})


def _is_gone(refusal: Rejected) -> bool:
    return (
        (refusal.code, refusal.subcode) == ("100", "33") or refusal.code == "803" or "does not exist" in refusal.message
    )
