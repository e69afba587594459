"""What a receiver gets to read. Pure."""

from __future__ import annotations

from html import escape
from typing import Any

from channels.contract import Content, Count, Payload, Picture, Preview
from channels.errors import Unsupported
from channels.text import nfc, to_html, to_text

KIND = "webhook"


def shape(content: Content) -> Payload:
    title = " ".join(nfc(content.title).split())
    if not title:
        raise Unsupported("Bài chưa có tiêu đề: hãy viết tiêu đề rồi gửi lại.", code="title")
    lead, footer, words = nfc(content.lead).strip(), nfc(content.footer).strip(), to_text(content.body)
    body = {
        "ref": content.ref,
        "title": title,
        "lead": lead,
        "html": to_html(content.body),
        "text": "\n\n".join(part for part in (lead, words, footer) if part) or title,
        "footer": footer,
        "url": content.url,
        "campaign": nfc(content.campaign).strip(),
        "theme": nfc(content.theme).strip(),
        "urgent": content.urgent,
        "pictures": [_picture(picture) for picture in content.pictures if picture.url],
        "organisation": {
            "slug": content.publisher.slug,
            "name": nfc(content.publisher.name),
            "short_name": nfc(content.publisher.short_name),
        },
    }
    return Payload(KIND, body)


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "url": picture.url,
        "alt": nfc(picture.alt).strip(),
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
        "sha256": picture.sha256,
    }


def preview(payload: Payload) -> Preview:
    body = payload.body
    pictures = "".join(f"<li>{escape(picture['alt'] or picture['url'])}</li>" for picture in body["pictures"])
    parts = (
        f"<h3>{escape(body['title'])}</h3>",
        f"<p><strong>{escape(body['lead'])}</strong></p>" if body["lead"] else "",
        body["html"],
        f"<p>{escape(body['footer'])}</p>" if body["footer"] else "",
        f"<ul>{pictures}</ul>" if pictures else "",
    )
    counts = (
        Count("Byte của tin gửi đi", len(payload.canonical())),
        Count("Ảnh", len(body["pictures"])),
    )
    warnings = () if body["url"] else ("Bài không có trang công khai nên tin gửi đi không kèm liên kết và ảnh.",)
    return Preview("".join(parts), f"{body['title']}\n\n{body['text']}", counts, warnings)
