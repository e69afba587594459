"""From content to an OA article, and how a person reads it. Pure.

Articles v2.0: https://developers.zalo.me/docs/official-account/bai-viet/tao-bai-viet
Body of the payload: `article` (exactly the JSON that goes out), `oa_id` (the OA it was approved for), `pictures`
(sha256 of those it shows by their public address) and `warnings` (what had to be shortened; part of what is approved).
`cover` is required, and without `cover.status` the article fails later; `status` would be "hide" if left out.
`related_medias` is left out: its form is not certain.

A post with a video becomes an article of type video: title, description and picture only. Its payload has `video`
({"sha256", "media_type", "size", "name"}), and the article gets its `video_id` when the vendor has taken the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import nh3

from channels.contract import Content, Count, Payload, Picture, Preview, Video
from channels.errors import Unsupported
from channels.text import nfc, shorten, to_html, to_text
from channels.zalo import facts

PID = "pid"
VIDEO_ONLY = "Bài video trên Zalo chỉ có tiêu đề, mô tả và video: phần thân bài và các ảnh khác không hiện ở đó."


def shape(content: Content, oa_id: str) -> Payload:
    """Raises `Unsupported` when an OA cannot carry it."""
    title, description = _one_line(content.title), _one_line(to_text(content.lead) or to_text(content.body))
    if not title:
        raise Unsupported("Bài Zalo chưa có tiêu đề: thêm tiêu đề.")
    words = {
        "title": shorten(title, facts.TITLE_LIMIT),
        "description": shorten(description or title, facts.DESCRIPTION_LIMIT),
        "status": "show",
        "comment": "show",
    }
    body: dict[str, Any] = _video(content, content.video, words) if content.video else _normal(content, words)
    cuts = [*_cut("Tiêu đề", title, facts.TITLE_LIMIT), *_cut("Mô tả", description, facts.DESCRIPTION_LIMIT)]
    return Payload("zalo", {**body, "oa_id": oa_id, "warnings": [*cuts, *body["warnings"]]})


def cut_title(title: str) -> str:
    """The title as an article of the OA bears it."""
    return shorten(_one_line(title), facts.TITLE_LIMIT)


def preview(payload: Payload) -> Preview:
    article = payload.body["article"]
    counts = (
        Count("Ký tự tiêu đề", len(article["title"]), facts.TITLE_LIMIT),
        Count("Ký tự mô tả", len(article["description"]), facts.DESCRIPTION_LIMIT),
        Count("Ảnh", len(payload.body["pictures"])),
    )
    elements = article.get("body", [])
    words = [article["title"], article["description"], *filter(None, map(_element_text, elements))]
    if video := payload.body.get("video"):
        words.append(_video_words(video))
    return Preview(_html(payload), "\n\n".join(words), counts, tuple(payload.body["warnings"]))


def _normal(content: Content, words: Mapping[str, str]) -> dict[str, Any]:
    _check_pictures(content.pictures)
    article = {
        **words,
        "type": "normal",
        "author": shorten(_one_line(content.publisher.short_name or content.publisher.name), facts.AUTHOR_LIMIT),
        "cover": {"cover_type": "photo", "photo_url": _public(content.pictures[0].url), "status": "show"},
        "body": _elements(content),
    }
    return {"article": article, "pictures": [picture.sha256 for picture in content.pictures], "warnings": []}


def _video(content: Content, video: Video, words: Mapping[str, str]) -> dict[str, Any]:
    _check_video(video)
    cover = video.cover or next(iter(content.pictures), None)
    if cover is None:
        raise Unsupported("Bài video trên Zalo cần một ảnh đại diện: thêm ảnh bìa cho video.")
    _check_pictures((cover,))
    told = {"sha256": video.sha256, "media_type": video.media_type, "size": video.size, "name": video.name}
    article = {**words, "type": "video", "avatar": _public(cover.url)}
    return {"article": article, "video": told, "pictures": [cover.sha256], "warnings": [VIDEO_ONLY]}


def _html(payload: Payload) -> str:
    article = payload.body["article"]
    author = f"<p><em>{escape(article['author'])}</em></p>" if "author" in article else ""
    shown = article["avatar"] if article["type"] == "video" else article["cover"]["photo_url"]
    cover = f'<p><img src="{escape(shown)}" alt=""></p>'
    lead = f"<p><strong>{escape(article['description'])}</strong></p>"
    video = f"<p>{escape(_video_words(payload.body['video']))}</p>" if "video" in payload.body else ""
    body = "".join(map(_element_html, article.get("body", [])))
    return f"<h2>{escape(article['title'])}</h2>{author}{cover}{lead}{video}{body}"


def _video_words(video: Mapping[str, Any]) -> str:
    size = f"{video['size'] / 1024 / 1024:.1f}".replace(".", ",")
    return f"Video: {video['name']} ({size} MB)"


def _elements(content: Content) -> list[dict[str, str]]:
    """Text first, then the pictures after the cover, then the footer and the way to the full article."""
    text = to_html(content.body) or f"<p>{escape(_one_line(content.lead or content.title))}</p>"
    elements = [{"type": "text", "content": text}]
    elements += [
        {"type": "image", "url": _public(picture.url), "caption": nfc(picture.alt).strip()}
        for picture in content.pictures[1:]
    ]
    closing = "".join(f"<p>{escape(line)}</p>" for line in nfc(content.footer).splitlines() if line.strip())
    if link := _own_link(content.url, content.ref):
        closing += f'<p>Xem đầy đủ tại: <a href="{escape(link)}">{escape(link)}</a></p>'
    return [*elements, {"type": "text", "content": closing}] if closing else elements


def _own_link(url: str, ref: str) -> str:
    if not url:
        return ""
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != PID]
    return urlunsplit(parts._replace(query=urlencode([*query, (PID, ref)])))


def _public(url: str) -> str:
    """The address with blanks and letters beyond ASCII escaped: the vendor refuses them bare."""
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]")


def _one_line(text: str) -> str:
    return " ".join(nfc(text).split())


def _cut(what: str, text: str, limit: int) -> list[str]:
    if len(text) <= limit:
        return []
    return [f"{what} dài {len(text)} ký tự, Zalo nhận {limit}: đã cắt ngắn, xem lại câu chữ."]


def _element_html(element: Mapping[str, Any]) -> str:
    if element["type"] == "text":
        return str(element["content"])  # sanitised when it was shaped
    address, caption = escape(element["url"]), escape(element["caption"])
    return f'<figure><img src="{address}" alt="{caption}"><figcaption>{caption}</figcaption></figure>'


def _element_text(element: Mapping[str, Any]) -> str:
    if element["type"] != "text":
        return str(element["caption"])
    return plain(str(element["content"]))


def plain(html: str) -> str:
    """The words of our own sanitised HTML."""
    blocks = html.replace("</p>", "</p>\n").replace("</li>", "</li>\n").replace("<br>", "\n")
    words = unescape(nh3.clean(blocks, tags=set()))
    return re.sub(r"(?<!\s)\s*\n\s*", "\n", words).strip()


def _check_pictures(pictures: tuple[Picture, ...]) -> None:
    if not pictures:
        raise Unsupported("Bài Zalo cần ít nhất một ảnh làm ảnh bìa: thêm ảnh.")
    for place, picture in enumerate(pictures, 1):
        if urlsplit(picture.url).scheme not in ("http", "https"):
            raise Unsupported(
                f"Ảnh thứ {place} chưa có địa chỉ công khai để Zalo lấy về: bật trang công khai của đơn vị."
            )
        if picture.media_type not in facts.MEDIA_TYPES:
            raise Unsupported(f"Ảnh thứ {place} không phải JPEG hoặc PNG: đổi định dạng ảnh.")
        if picture.size > facts.PICTURE_LIMIT:
            raise Unsupported(f"Ảnh thứ {place} lớn hơn 1 MB, Zalo không nhận: giảm cỡ ảnh.")


def _check_video(video: Video) -> None:
    if video.media_type not in facts.VIDEO_TYPES:
        raise Unsupported("Video không phải MP4 hoặc AVI, Zalo không nhận: đổi định dạng video.")
    if video.size > facts.VIDEO_LIMIT:
        raise Unsupported("Video lớn hơn 50 MB, Zalo không nhận: nén hoặc cắt ngắn video.")
