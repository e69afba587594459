"""Where things stand on the public page. Pure; an address once given is for life."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from channels.contract import Content, Picture, Sound, Variant, Video
from channels.errors import Unsupported
from channels.text import nfc, slug

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/avif": "avif",
}
FILMS = {"video/mp4": "mp4"}
SOUNDS = {"audio/mpeg": "mp3"}

_REF = re.compile(r"[A-Za-z0-9]{1,64}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ARTICLE = re.compile(r"bai/(?:[a-z0-9]+-)*[A-Za-z0-9]{1,64}/")


def path_of(title: str, ref: str) -> str:
    """`bai/<slug>-<ref>/`. Raises `Unsupported` for a ref that is not letters and digits."""
    if not _REF.fullmatch(ref):
        raise Unsupported("Mã bài chỉ được gồm chữ cái không dấu và chữ số: hãy báo người quản trị.", code="ref")
    words = slug(title)
    return f"bai/{words}-{ref}/" if words else f"bai/{ref}/"


def article_path(content: Content) -> str:
    """Where the article stands under the root of the site."""
    return path_of(content.title, content.ref)


def article_url(base_url: str, title: str, ref: str) -> str:
    """The public address of the article, known before it stands: what other channels link to."""
    return home(base_url) + path_of(title, ref)


def is_article_path(path: str) -> bool:
    return _ARTICLE.fullmatch(path) is not None


def picture_path(picture: Picture | Variant) -> str:
    """`anh/<first 16 of sha256>.<ext>`. Raises `Unsupported` for a type browsers cannot be trusted to show."""
    if not _SHA256.fullmatch(picture.sha256):
        raise Unsupported("Ảnh không có mã nhận dạng hợp lệ: hãy chọn lại ảnh trong thư viện.", code="picture")
    if picture.media_type not in EXTENSIONS:
        raise Unsupported(
            f"Trang công khai không nhận ảnh loại {picture.media_type}: hãy dùng JPEG hoặc PNG.", code="type"
        )
    return f"anh/{picture.sha256[:16]}.{EXTENSIONS[picture.media_type]}"


def picture_url(base_url: str, picture: Picture) -> str:
    """The public address of the picture once the article stands."""
    return home(base_url) + picture_path(picture)


def video_path(video: Video) -> str:
    """`video/<first 16 of sha256>.mp4`. Raises `Unsupported` for a type browsers cannot be trusted to play."""
    if not _SHA256.fullmatch(video.sha256):
        raise Unsupported("Video không có mã nhận dạng hợp lệ: hãy tải lại video.", code="video")
    if video.media_type not in FILMS:
        raise Unsupported(f"Trang công khai không nhận video loại {video.media_type}: hãy dùng MP4.", code="type")
    return f"video/{video.sha256[:16]}.{FILMS[video.media_type]}"


def sound_path(sound: Sound) -> str:
    """`am-thanh/<first 16 of sha256>.mp3`. Raises `Unsupported` for a type browsers cannot be trusted to play."""
    if not _SHA256.fullmatch(sound.sha256):
        raise Unsupported("Tệp âm thanh không có mã nhận dạng hợp lệ: hãy tạo lại bản đọc.", code="sound")
    if sound.media_type not in SOUNDS:
        raise Unsupported(f"Trang công khai không nhận âm thanh loại {sound.media_type}: hãy dùng MP3.", code="type")
    return f"am-thanh/{sound.sha256[:16]}.{SOUNDS[sound.media_type]}"


def campaign_path(title: str) -> str:
    """`chien-dich/<slug>-<6 of sha256>/`: titles that differ only in their marks stay apart."""
    return _titled("chien-dich", title)


def theme_path(title: str) -> str:
    """`chu-de/<slug>-<6 of sha256>/`"""
    return _titled("chu-de", title)


def month_path(published: str) -> str:
    """`thang/2026-03/`, by the ISO time of publication in the zone of the reader."""
    return f"thang/{published[:7]}/"


def sheet_path(folder: str, number: int) -> str:
    """The folder of one page of the list at `folder` ("" is the home page); 0 is its front."""
    return f"{folder}tin-cu/{number}/" if number else folder


def _titled(kind: str, title: str) -> str:
    mark = hashlib.sha256(nfc(title).encode()).hexdigest()[:6]
    return f"{kind}/{slug(title)}-{mark}/".replace("/-", "/")


def home(base_url: str) -> str:
    """The base address with its closing slash."""
    return base_url.rstrip("/") + "/"


def base_path(base_url: str) -> str:
    """The path part, which begins every link inside the site: `/trang/phuong-song-vang/`."""
    return urlsplit(home(base_url)).path
