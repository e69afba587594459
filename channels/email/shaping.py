"""What a newsletter says, the same to everybody. Pure."""

from __future__ import annotations

from channels.contract import Content, Count, Payload, Preview
from channels.email import facts
from channels.email.letter import article, text
from channels.errors import Unsupported
from channels.text import nfc, to_html, to_text

KIND = "email"


def shape(content: Content) -> Payload:
    title = " ".join(nfc(content.title).split())
    if not title:
        raise Unsupported("Bài chưa có tiêu đề: hãy viết tiêu đề rồi gửi lại.", code="title")
    body = {
        "ref": content.ref,
        "subject": title,
        "title": title,
        "lead": nfc(content.lead).strip(),
        "html": to_html(content.body),
        "text": to_text(content.body),
        "footer": nfc(content.footer).strip(),
        "url": content.url,
        "pictures": [
            {"url": picture.url, "alt": nfc(picture.alt).strip(), "sha256": picture.sha256}
            for picture in content.pictures
            if picture.url
        ],
        "organisation": {
            "slug": content.publisher.slug,
            "name": nfc(content.publisher.name),
            "short_name": " ".join(nfc(content.publisher.short_name).split()),
        },
    }
    return Payload(KIND, body)


def preview(payload: Payload) -> Preview:
    body = payload.body
    counts = (
        Count("Ký tự trong tiêu đề thư", len(body["subject"]), facts.SUBJECT_SHOWN),
        Count("Chữ trong thư", len(f"{body['lead']} {body['text']}".split())),
    )
    warnings = []
    if len(body["subject"]) > facts.SUBJECT_SHOWN:
        warnings.append(f"Tiêu đề dài hơn {facts.SUBJECT_SHOWN} ký tự: nhiều hộp thư chỉ hiện phần đầu.")
    if not body["url"]:
        warnings.append("Bài không có trang công khai nên thư không kèm liên kết và ảnh.")
    words = text(body, "(liên kết riêng của từng người)")
    return Preview(article(body), f"Tiêu đề: {body['subject']}\n\n{words}", counts, tuple(warnings))
