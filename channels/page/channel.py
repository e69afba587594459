"""The channel `page`: the article stands on the organisation's public site."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
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
    PictureNeeds,
    Preview,
    Proof,
    Remote,
    Result,
    Setting,
    Sound,
    Variant,
    VariantNeed,
    Video,
)
from channels.errors import Rejected, Unauthorized, Unsupported
from channels.page import catalogue, render, site
from channels.page.address import (
    article_path,
    base_path,
    home,
    is_article_path,
    picture_path,
    sound_path,
    video_path,
)
from channels.page.lists import Site
from channels.standing import mark_of, stamp
from channels.text import nfc, to_html, to_text

_LIMITS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("limits.toml").read_text("utf-8"))["pictures"]
TITLE_SHOWN = 70  # characters a search result or a shared link shows of a title


class Page(Channel):
    kind = "page"
    public_files = True
    repeats = False
    hosts_articles = True
    label = "Trang công khai"
    listing_lag = 0.0
    picture_needs = PictureNeeds(
        tuple(_LIMITS["media_types"]),
        _LIMITS["bytes"],
        _LIMITS["longest_side"],
        tuple(VariantNeed(**need) for need in _LIMITS["variants"]),
    )
    asked_settings = (
        Setting("root", "thư mục của trang", hint="Thư mục trên máy chủ mà trang được ghi vào; hệ thống điền sẵn."),
        Setting("base_url", "địa chỉ công khai", hint="Ví dụ: https://songvang.example/trang/phuong-song-vang/"),
    )

    def problems(self, account: Account) -> list[str]:
        found = super().problems(account)
        address = urlsplit(str(account.settings.get("base_url", "")))
        if account.settings.get("base_url") and (address.scheme not in ("http", "https") or not address.netloc):
            found.append("Địa chỉ công khai phải bắt đầu bằng http:// hoặc https:// và có tên miền.")
        if account.settings.get("root") and not Path(str(account.settings["root"])).is_absolute():
            found.append("Thư mục của trang phải là đường dẫn đầy đủ, bắt đầu bằng dấu /.")
        return found

    def shape(self, content: Content, account: Account) -> Payload:
        if not nfc(content.title).strip():
            raise Unsupported("Bài chưa có tiêu đề: hãy viết tiêu đề rồi gửi lại.", code="title")
        words = to_text(content.body)
        if not words and not content.lead.strip():
            raise Unsupported("Bài chưa có nội dung: hãy viết phần mở đầu hoặc thân bài.", code="body")
        body = {
            "ref": content.ref,
            "path": _path(content, account),
            "title": nfc(content.title).strip(),
            "lead": nfc(content.lead).strip(),
            "html": to_html(content.body),
            "text": words,
            "footer": nfc(content.footer).strip(),
            "campaign": nfc(content.campaign).strip(),
            "theme": nfc(content.theme).strip(),
            "urgent": content.urgent,
            "publisher": _publisher(content),
            "pictures": [_picture(picture) for picture in content.pictures],
            **({"video": _video(content.video)} if content.video else {}),
            **({"sound": _sound(content.sound)} if content.sound else {}),
        }
        return Payload(self.kind, body)

    def preview(self, payload: Payload, account: Account) -> Preview:
        body = payload.body
        parts = (body["title"], body["lead"], body["text"], body["footer"])
        counts = (
            Count("Ký tự trong tiêu đề", len(body["title"])),
            Count("Chữ trong bài", len(f"{body['lead']} {body['text']}".split())),
            Count("Ảnh", len(body["pictures"])),
            *([Count("Video", 1)] if body.get("video") else []),
            *([Count("Bản đọc", 1)] if body.get("sound") else []),
        )
        html = render.fragment(body, base_path(str(account.settings.get("base_url", ""))))
        return Preview(html, "\n\n".join(part for part in parts if part), counts, tuple(_warnings(body)))

    def send(self, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """Writes the article and the lists it stands in. The same delivery again gives the same bytes."""
        place = _site(account)
        _check_paths(payload.body)
        record = site.publish(place, payload, desk.delivery_ref, stamp(desk.now), desk.media)
        return _outcome(place, record)

    def reconcile(self, payload: Payload, account: Account, desk: Desk, since: datetime) -> Outcome | None:
        """Compares the record and the bytes on disk with the payload. A page that differs from its record, because
        somebody was killed between the two or changed it behind our back, is written again."""
        place = _site(account)
        path = site.path_of_ref(place, payload.body["ref"]) or payload.body["path"]
        record = site.record_at(place, path)
        mark = mark_of(record, desk.delivery_ref, payload.digest) if record else None
        if record is None or mark is None:
            return None
        standing = site.file_digest(place, record["path"] + "index.html")
        shown = catalogue.files_of(record["body"])
        if mark is not record["deliveries"][-1] or record["withdrawn"]:
            return _outcome(place, record, sha256=mark["sha256"], overtaken=True)
        whole = all(site.file_digest(place, file) == item["sha256"] for file, item in shown.items())
        if standing != record["page_sha256"] or not whole:
            return self.send(payload, account, desk)
        return _outcome(place, record)

    def update(self, remote: Remote, payload: Payload, account: Account, desk: Desk) -> Outcome:
        """Puts the corrected article at the old address, with a note of the correction and its time."""
        place, path = _site(account), _standing_path(remote, account)
        _check_paths(payload.body)
        record = site.record_at(place, path)
        if record is None:
            raise Rejected("Không thấy bài gốc trên trang để đính chính: hãy đăng lại bài.", code="missing")
        if record["ref"] != payload.body["ref"]:
            raise Rejected("Bài gốc trên trang là một bài khác: hãy kiểm tra lại lượt đăng gốc.", code="ref")
        record = site.publish(place, payload, desk.delivery_ref, stamp(desk.now), desk.media, path)
        return _outcome(place, record)

    def withdraw(self, remote: Remote, account: Account, desk: Desk) -> Outcome:
        """Leaves a notice in the place of the article. One that never stood counts as taken down."""
        place, path = _site(account), _standing_path(remote, account)
        record = site.take_down(place, path, stamp(desk.now))
        return _outcome(place, record) if record else Outcome(Result.DELIVERED, path, place.url(path))


def _site(account: Account) -> Site:
    root, base_url = str(account.settings.get("root", "")), str(account.settings.get("base_url", ""))
    if not root or not base_url:
        message = (
            "Chưa gửi gì: tài khoản trang công khai thiếu thư mục hoặc địa chỉ. Hãy bổ sung trong phần Tài khoản kênh."
        )
        raise Unauthorized(message, code="settings")
    return Site(Path(root), home(base_url))


def _path(content: Content, account: Account) -> str:
    """The path of the address the article was announced under; an old address outlives a new title."""
    base = home(str(account.settings.get("base_url", "")))
    announced = content.url.removeprefix(base)
    made = article_path(content)
    mine = announced.endswith((f"-{content.ref}/", f"/{content.ref}/"))
    return announced if announced != content.url and mine and is_article_path(announced) else made


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "sha256": picture.sha256,
        "alt": nfc(picture.alt).strip(),
        "width": picture.width,
        "height": picture.height,
        "media_type": picture.media_type,
        "path": picture_path(picture),
        **({"source": nfc(picture.source).strip()} if picture.source else {}),
        **({"variants": [_variant(form) for form in picture.variants]} if picture.variants else {}),
    }


def _variant(form: Variant) -> dict[str, Any]:
    return {
        "use": form.use,
        "sha256": form.sha256,
        "media_type": form.media_type,
        "width": form.width,
        "height": form.height,
        "path": picture_path(form),
    }


def _sound(sound: Sound) -> dict[str, Any]:
    return {
        "sha256": sound.sha256,
        "media_type": sound.media_type,
        "size": sound.size,
        "seconds": sound.seconds,
        "path": sound_path(sound),
    }


def _video(video: Video) -> dict[str, Any]:
    return {
        "sha256": video.sha256,
        "media_type": video.media_type,
        "size": video.size,
        "path": video_path(video),
    }


def _publisher(content: Content) -> dict[str, str]:
    body = content.publisher
    named = {"name": body.name, "short_name": body.short_name, "address": body.address}
    return {key: nfc(value).strip() for key, value in (named | {"hotline": body.hotline, "email": body.email}).items()}


def _warnings(body: Mapping[str, Any]) -> list[str]:
    found = []
    if len(body["title"]) > TITLE_SHOWN:
        found.append(
            f"Tiêu đề dài {len(body['title'])} ký tự: công cụ tìm kiếm chỉ hiện khoảng {TITLE_SHOWN} ký tự đầu."
        )
    if not body["lead"]:
        found.append("Bài chưa có phần mở đầu: danh sách tin sẽ lấy những câu đầu của thân bài.")
    found += [
        "Có ảnh chưa có lời mô tả: người khiếm thị không biết ảnh nói gì." for p in body["pictures"] if not p["alt"]
    ]
    return list(dict.fromkeys(found))


def _check_paths(body: Mapping[str, Any]) -> None:
    """A payload comes back from storage: its paths are looked at again before anything is written."""
    if not is_article_path(body["path"]) or any(
        path != _path_of(item) for path, item in catalogue.files_of(body).items()
    ):
        raise Rejected("Đường dẫn của bài không hợp lệ: không ghi. Hãy soạn và duyệt lại bài.", code="path")


def _path_of(item: Mapping[str, Any]) -> str:
    kind = str(item["media_type"]).partition("/")[0]
    if kind == "video":
        return video_path(Video(item["sha256"], item["media_type"], 0, ""))
    if kind == "audio":
        return sound_path(Sound(item["sha256"], item["media_type"], 0, 0))
    return picture_path(Picture(item["sha256"], item["media_type"], 0, 0, 0, ""))


def _standing_path(remote: Remote, account: Account) -> str:
    path = remote.remote_id or remote.permalink.removeprefix(_site(account).base_url)
    if not is_article_path(path):
        raise Rejected("Địa chỉ bài gốc không thuộc trang này: hãy kiểm tra tài khoản kênh.", code="path")
    return path


def _outcome(place: Site, record: Mapping[str, Any], sha256: str = "", overtaken: bool = False) -> Outcome:
    path = record["path"]
    permalink = place.url(path)
    proofs = (
        Proof("permalink", "Địa chỉ bài", permalink),
        Proof("file", "Tệp trên trang", path + "index.html", sha256 or record["page_sha256"]),
    )
    detail = {"published": record["published"], "withdrawn": record["withdrawn"], "overtaken": overtaken}
    return Outcome(Result.DELIVERED, path, permalink, proofs=proofs, detail=detail)
