"""From content to a Page post, and how a person reads it. Pure.

Body of the payload: `message` (the text that goes out), `link` (our own address with `?pid=`, by which the post is
found again) and `pictures` (sha256, media_type, alt). The Graph API takes a link preview or pictures, never both
(https://developers.facebook.com/docs/graph-api/reference/page/feed): with pictures the address stands in the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from channels.contract import Content, Count, Payload, Picture, Preview
from channels.errors import Unsupported
from channels.facebook import facts
from channels.text import nfc, to_text

PID = "pid"


def shape(content: Content) -> Payload:
    _check_pictures(content.pictures)
    link = own_link(content.url, content.ref)
    parts = [content.title, content.lead, to_text(content.body)]
    if link and content.pictures:
        parts.append(f"Xem đầy đủ: {link}")
    parts.append(content.footer)
    message = "\n\n".join(part for part in (nfc(part).strip() for part in parts) if part)
    _check_length(message)
    return Payload("facebook", {"message": message, "link": link, "pictures": [_picture(p) for p in content.pictures]})


def preview(payload: Payload) -> Preview:
    body = payload.body
    html = "".join(
        f"<p>{escape(paragraph).replace(chr(10), '<br>')}</p>" for paragraph in body["message"].split("\n\n")
    )
    html += "".join(_figure(picture) for picture in body["pictures"])
    text = str(body["message"])
    if body["link"] and not body["pictures"]:
        html += f'<p><a href="{escape(body["link"])}" rel="noopener noreferrer">{escape(body["link"])}</a></p>'
        text += f"\n\n{body['link']}"
    counts = (
        Count("Ký tự", len(body["message"]), facts.MESSAGE_LIMIT),
        Count("Ảnh", len(body["pictures"]), facts.PICTURES_LIMIT),
    )
    return Preview(html, text, counts, _warnings(body))


def own_link(url: str, ref: str) -> str:
    """The article's address with our mark, "" without an article. The mark is what makes a post findable."""
    if not url:
        return ""
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != PID]
    return urlunsplit(parts._replace(query=urlencode([*query, (PID, ref)])))


def _picture(picture: Picture) -> dict[str, str]:
    return {"sha256": picture.sha256, "media_type": picture.media_type, "alt": nfc(picture.alt).strip()}


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
