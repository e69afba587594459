"""What the vendor takes of an article, and what it says of one it does not take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

AUTHOR_LIMIT = 50
VIEWS = ("horizontal", "vertical", "square")


def wrong_field(article: Mapping[str, Any], title_most: int, description_most: int) -> str:
    """What the vendor would say about an article; "" when it takes it."""
    title, description = (str(article.get(name) or "") for name in ("title", "description"))
    if article.get("type") not in ("normal", "video"):
        return "type is invalid!"
    if not 1 <= len(title) <= title_most:
        return "title allow 1 to 150 characters"
    if len(description) > description_most:
        return "description allow 1 to 300 characters"
    for name in ("status", "comment"):
        if article.get(name, "show") not in ("show", "hide"):
            return f"{name} is invalid!"
    return _wrong_video(article) if article["type"] == "video" else _wrong_normal(article)


def _wrong_video(article: Mapping[str, Any]) -> str:
    if not article.get("video_id"):
        return "video_id is invalid!"
    return _wrong_address(str(article.get("avatar") or ""), "avatar")


def _wrong_normal(article: Mapping[str, Any]) -> str:
    author, body, cover = str(article.get("author") or ""), article.get("body"), article.get("cover")
    if not 1 <= len(author) <= AUTHOR_LIMIT:
        return "author is invalid!"
    if not isinstance(body, list) or not body or not all(isinstance(element, dict) for element in body):
        return "body is invalid!"
    if not isinstance(cover, dict) or cover.get("cover_type") not in ("photo", "video"):
        return "cover value is invalid"
    if cover["cover_type"] == "video" and not (cover.get("video_id") and cover.get("cover_view") in VIEWS):
        return "cover value is invalid"
    wrong = (_wrong_address(url, "photo_url") for url in picture_urls(article))
    return next((said for said in wrong if said), "")


def _wrong_address(url: str, name: str) -> str:
    fine = url.startswith(("http://", "https://")) and url.isascii() and " " not in url
    return "" if fine else f"{name} {url} is invalid"


def picture_urls(article: Mapping[str, Any]) -> Iterator[str]:
    """Every picture that the vendor will fetch."""
    if article["type"] == "video":
        yield str(article.get("avatar", ""))
        return
    if article["cover"].get("cover_type") == "photo":
        yield str(article["cover"].get("photo_url", ""))
    yield from (str(element.get("url", "")) for element in article["body"] if element.get("type") == "image")


def video_ids(article: Mapping[str, Any]) -> Iterator[str]:
    """Every uploaded video the article shows."""
    if article["type"] == "video":
        yield str(article["video_id"])
        return
    if article["cover"].get("cover_type") == "video":
        yield str(article["cover"]["video_id"])
    yield from (str(element["video_id"]) for element in article["body"] if element.get("video_id"))


def thumb(article: Mapping[str, Any]) -> str:
    return str(article.get("avatar") or article.get("cover", {}).get("photo_url", ""))
