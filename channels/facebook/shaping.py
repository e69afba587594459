"""From content to a Page post, and how a person reads it. Pure.

Body of the payload: `page_id` (the Page it was approved for), `message` (the text that goes out), `link` (our own
address with `?pid=`, by which the post is found again), `pictures` (sha256, media_type, alt) and, if any, `video`
(sha256, media_type, size, name, title). The Graph API takes a link preview, pictures or one video, never two of them
(https://developers.facebook.com/docs/graph-api/reference/page/feed): beside either the address stands in the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from channels.contract import Content, Count, Payload, Picture, Preview, Video
from channels.errors import Unsupported
from channels.facebook import facts
from channels.text import nfc, shorten, to_text

PID = "pid"


def shape(content: Content, page_id: str) -> Payload:
    pictures = () if content.video else content.pictures  # a video post shows none
    _check_pictures(pictures)
    link = own_link(content.url, content.ref)
    parts = [content.title, content.lead, to_text(content.body)]
    if link and (pictures or content.video):
        parts.append(f"Xem đầy đủ: {link}")
    parts.append(content.footer)
    message = "\n\n".join(part for part in (nfc(part).strip() for part in parts) if part)
    _check_length(message)
    body = {"page_id": page_id, "message": message, "link": link, "pictures": [_picture(p) for p in pictures]}
    return Payload("facebook", body | ({"video": _video(content.video, content.title)} if content.video else {}))


def preview(payload: Payload) -> Preview:
    body = payload.body
    html = "".join(
        f"<p>{escape(paragraph).replace(chr(10), '<br>')}</p>" for paragraph in body["message"].split("\n\n")
    )
    html += "".join(_figure(picture) for picture in body["pictures"])
    text = str(body["message"])
    video = body.get("video")
    if video:
        named = f"<figcaption>Video: {escape(video['title'])}</figcaption>"
        html += f'<figure data-video="{escape(video["sha256"])}">{named}</figure>'
        text += f"\n\n[Video: {video['title']}]"
    if body["link"] and not body["pictures"] and not video:
        html += f'<p><a href="{escape(body["link"])}" rel="noopener noreferrer">{escape(body["link"])}</a></p>'
        text += f"\n\n{body['link']}"
    words = Count("Ký tự", len(body["message"]), facts.MESSAGE_LIMIT)  # code points
    shown = Count("Video", 1, 1) if video else Count("Ảnh", len(body["pictures"]), facts.PICTURES_LIMIT)
    return Preview(html, text, (words, shown), _warnings(body))


def own_link(url: str, ref: str) -> str:
    """The article's address with our mark, "" without an article. The mark is what makes a post findable."""
    if not url:
        return ""
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != PID]
    return urlunsplit(parts._replace(query=urlencode([*query, (PID, ref)])))


def _picture(picture: Picture) -> dict[str, str]:
    return {"sha256": picture.sha256, "media_type": picture.media_type, "alt": nfc(picture.alt).strip()}


def _video(video: Video, title: str) -> dict[str, Any]:
    if video.media_type not in facts.VIDEO_TYPES:
        raise Unsupported("Video không phải MP4: đổi định dạng video.")
    if video.size <= 0:
        raise Unsupported("Tệp video rỗng: tải video lên lại.")
    return {
        "sha256": video.sha256,
        "media_type": video.media_type,
        "size": video.size,
        "name": video.name or "video.mp4",
        "title": shorten(nfc(title).strip(), facts.VIDEO_TITLE),
    }


def _figure(picture: dict[str, str]) -> str:
    return (
        f'<figure data-sha256="{escape(picture["sha256"])}"><figcaption>{escape(picture["alt"])}</figcaption></figure>'
    )


def _warnings(body: Mapping[str, Any]) -> tuple[str, ...]:
    warnings = []
    if not body["link"]:
        warnings.append(
            "Bài không có đường dẫn về trang của đơn vị: nếu mất trả lời của Facebook, chỉ dò lại được theo nguyên văn."
        )
    if any(not picture["alt"] for picture in body["pictures"]):
        warnings.append("Có ảnh chưa có lời mô tả cho người khiếm thị.")
    return tuple(warnings)


def _check_length(message: str) -> None:
    if not message:
        raise Unsupported("Bài Facebook không có chữ nào: thêm tiêu đề hoặc nội dung.")
    if len(message) > facts.MESSAGE_LIMIT:
        raise Unsupported(
            f"Bài Facebook dài {len(message)} ký tự, Facebook nhận nhiều nhất {facts.MESSAGE_LIMIT}: rút ngắn nội dung."
        )


def _check_pictures(pictures: tuple[Picture, ...]) -> None:
    if len(pictures) > facts.PICTURES_LIMIT:
        raise Unsupported(f"Bài Facebook có {len(pictures)} ảnh, nhiều nhất {facts.PICTURES_LIMIT}: bớt ảnh.")
    for place, picture in enumerate(pictures, 1):
        if picture.media_type not in facts.MEDIA_TYPES:
            raise Unsupported(f"Ảnh thứ {place} không phải JPEG hoặc PNG: đổi định dạng ảnh.")
        if picture.size > facts.PICTURE_LIMIT:
            raise Unsupported(f"Ảnh thứ {place} lớn hơn 4 MB, Facebook không nhận: giảm cỡ ảnh.")
