"""The channel `feed`: the item stands in RSS 2.0, Atom and JSON Feed beside the public page."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from channels.contract import (
    Account,
    Channel,
    Content,
    Count,
    Desk,
    Outcome,
    Payload,
    Picture,
    Preview,
    Proof,
    Remote,
    Result,
    Setting,
)
from channels.errors import Rejected, Unauthorized, Unsupported
from channels.feed import shelf
from channels.feed.address import ascii_url, sound_url, video_url
from channels.feed.head import full_html, hub_address, hubs_named, hubs_of
from channels.feed.index import Shelf
from channels.standing import mark_of, stamp
from channels.text import nfc, opening, to_html, to_text

REFS = uuid.UUID("5f1a1c0e-7f0c-5d0a-9f57-3d2f0d6a4b11")  # the name space of our post refs, fixed for life
SUMMARY = 300  # characters a reader shows in its list


class Feed(Channel):
    kind = "feed"
    public_files = True
    repeats = False
    label = "RSS"
    follows_page = True
    listing_lag = 0.0
    asked_settings = (
        Setting("root", "thư mục của trang", hint="Cùng thư mục với trang công khai; hệ thống điền sẵn."),
        Setting("base_url", "địa chỉ trang chủ", hint="Ví dụ: https://songvang.example/trang/phuong-song-vang/"),
        Setting(
            "self_url",
            "địa chỉ đặt các tệp RSS",
            required=False,
            hint="Để trống nếu rss.xml, atom.xml và feed.json nằm ngay ở trang chủ.",
        ),
        Setting("hubs", "hub WebSub", required=False, hint="Địa chỉ các hub, cách nhau bằng dấu phẩy."),
    )

    def problems(self, account: Account) -> list[str]:
        found = super().problems(account)
        for name in ("base_url", "self_url"):
            given = str(account.settings.get(name, ""))
            if given and (urlsplit(given).scheme not in ("http", "https") or not urlsplit(given).netloc):
                found.append(f"Địa chỉ “{given}” phải bắt đầu bằng http:// hoặc https:// và có tên miền.")
        for hub in hubs_named(account.settings):
            if not hub_address(hub):
                found.append(f"Hub WebSub “{hub[:80]}” phải là một địa chỉ bắt đầu bằng https://.")
        return found

    def shape(self, content: Content, account: Account) -> Payload:
        title, url = nfc(content.title).strip(), ascii_url(content.url)
        if not title:
            raise Unsupported("Bài chưa có tiêu đề: hãy viết tiêu đề rồi gửi lại.", code="title")
        if urlsplit(url).scheme not in ("http", "https"):
            raise Unsupported(
                "Bản tin RSS cần địa chỉ bài trên trang công khai: hãy thêm kênh Trang công khai.", code="url"
            )
        lead, words, footer = nfc(content.lead).strip(), to_text(content.body), nfc(content.footer).strip()
        pictures = [_picture(picture) for picture in content.pictures if picture.url]
        campaign, theme = nfc(content.campaign).strip(), nfc(content.theme).strip()
        body = {
            "ref": content.ref,
            "guid": guid_of(content.ref),
            "title": title,
            "url": url,
            "summary": opening(lead or words or title, SUMMARY),
            "html": full_html(lead, to_html(content.body), footer, pictures, url),
            "text": "\n\n".join(part for part in (lead, words, footer) if part) or title,
            "campaign": campaign,
            "theme": theme,
            "tags": [tag for tag in (campaign, theme) if tag],
            "pictures": pictures,
            **_played(content, account),
            "publisher": {"name": nfc(content.publisher.name)},
        }
        return Payload(self.kind, body)

    def preview(self, payload: Payload, account: Account) -> Preview:
        body = payload.body
        html = (
            f'<article class="feed-item"><p class="source">{escape(body["publisher"]["name"])}</p>'
            f'<h3><a href="{escape(body["url"])}" rel="noopener noreferrer">{escape(body["title"])}</a></h3>'
            f'<p class="summary">{escape(body["summary"])}</p><div class="content">{body["html"]}</div></article>'
        )
        text = f"{body['title']}\n{body['url']}\n\n{body['text']}"
        counts = (
            Count("Ký tự trong tóm tắt", len(body["summary"]), SUMMARY),
            Count("Ảnh", len(body["pictures"])),
            *([Count("Bản đọc, giây", body["sound"]["seconds"])] if body.get("sound") else []),
            *([Count("Video", 1)] if body.get("video") else []),
        )
        return Preview(html, text, counts)

    def send(self, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """Puts the item into its feeds: of the body, the campaign, the theme. The same again gives the same bytes."""
        place = shelf_of(account)
        return _outcome(shelf.put(place, payload, desk.delivery_ref, stamp(desk.now)))

    def reconcile(self, payload: Payload, account: Account, desk: Desk, since: datetime) -> Outcome | None:
        """Compares the item's record with the payload, and the documents that show it with what the records make."""
        place = shelf_of(account)
        record = shelf.record_of(place, payload.body["guid"])
        mark = mark_of(record, desk.delivery_ref, payload.digest) if record else None
        if record is None or mark is None:
            return None
        overtaken = mark is not record["deliveries"][-1] or bool(record["withdrawn"])
        if overtaken or shelf.is_current(place, record["guid"]):
            return _outcome(record, mark, overtaken)
        return self.send(payload, account, desk)  # the item stands, the files made of it do not yet

    def update(self, remote: Remote, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """The same item with new words and a newer time of change; readers show it as changed, not as new."""
        place = shelf_of(account)
        if shelf.record_of(place, remote.remote_id) is None:
            raise Rejected("Không thấy bản tin gốc trong RSS để đính chính: hãy đăng lại bài.", code="missing")
        if payload.body["guid"] != remote.remote_id:
            raise Rejected("Bản tin gốc trong RSS là của một bài khác: hãy kiểm tra lại lượt đăng gốc.", code="guid")
        return _outcome(shelf.put(place, payload, desk.delivery_ref, stamp(desk.now)))

    def withdraw(self, remote: Remote, account: Account, desk: Desk) -> Outcome:
        """Takes the item out of the feeds. Readers that have fetched it keep their copy: no feed can call it back."""
        record = shelf.take_out(shelf_of(account), remote.remote_id, stamp(desk.now))
        return _outcome(record) if record else Outcome(Result.DELIVERED, remote.remote_id, remote.permalink)


def guid_of(ref: str) -> str:
    """The item's identity for life: it follows from the post alone, so a new domain or title changes nothing."""
    return f"urn:uuid:{uuid.uuid5(REFS, ref)}"


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "url": ascii_url(picture.url),
        "sha256": picture.sha256,
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
        "size": picture.size,
        "alt": nfc(picture.alt).strip(),
    }


def _played(content: Content, account: Account) -> dict[str, Any]:
    """The recording and the video where the page of this very site keeps them: the page stands before the feed."""
    home_url = str(account.settings.get("base_url", "")).rstrip("/") + "/"
    played: dict[str, Any] = {}
    if not content.url.startswith(home_url):
        return played
    if (sound := content.sound) and (url := sound_url(home_url, sound)):
        named = {"url": url, "sha256": sound.sha256, "media_type": sound.media_type, "size": sound.size}
        played["sound"] = named | {"seconds": sound.seconds}
    if (video := content.video) and (url := video_url(home_url, video)):
        named = {"url": url, "sha256": video.sha256, "media_type": video.media_type, "size": video.size}
        played["video"] = named
    return played


def shelf_of(account: Account) -> Shelf:
    """Where the feeds of this account stand. Raises `Unauthorized` for one that lacks its folder or address."""
    root, base_url = str(account.settings.get("root", "")), str(account.settings.get("base_url", ""))
    if not root or not base_url:
        message = "Chưa gửi gì: tài khoản RSS thiếu thư mục hoặc địa chỉ. Hãy bổ sung trong phần Tài khoản kênh."
        raise Unauthorized(message, code="settings")
    home_url = base_url.rstrip("/") + "/"
    self_url = str(account.settings.get("self_url") or home_url).rstrip("/") + "/"
    return Shelf(Path(root), home_url, self_url, hubs_of(account.settings))


def _outcome(record: Mapping[str, Any], mark: Mapping[str, str] | None = None, overtaken: bool = False) -> Outcome:
    mark = mark or record["deliveries"][-1]
    proofs = (
        Proof("permalink", "Địa chỉ bài", record["body"]["url"]),
        Proof("remote_id", "Mã bản tin trong RSS", record["guid"]),
        Proof("file", "Tệp RSS lúc đăng", "rss.xml", mark["sha256"]),
    )
    detail = {"published": record["published"], "withdrawn": record["withdrawn"], "overtaken": overtaken}
    return Outcome(Result.DELIVERED, record["guid"], record["body"]["url"], proofs=proofs, detail=detail)
