"""What is said with every file of a public site. Pure; deploy/nginx.conf and deploy/site.conf say the same."""

from __future__ import annotations

import re

TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "svg": "image/svg+xml",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "gif": "image/gif",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "opus": "audio/ogg",
    "ogg": "audio/ogg",
    "m3u": "audio/mpegurl",
    "mp4": "video/mp4",
    "woff2": "font/woff2",
    "webmanifest": "application/manifest+json",
}
FEEDS = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "podcast.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FOR_GOOD, FOR_A_MINUTE = "public, max-age=31536000, immutable", "public, max-age=60"

_MEDIA = re.compile(r"(anh|am-thanh|video)/|phat-thanh/[0-9a-f]{16}\.")
_NAMED = re.compile(r"(.*/)?[a-z0-9-]+\.(css|js|json|svg|png)")
_MARK = re.compile(r"v=[0-9a-f]+")


def media_type(name: str) -> str:
    """By the name of the file alone: a type that a system table guesses is another on the next machine."""
    return FEEDS.get(name) or TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def kept(path: str, query: str) -> str:
    """How long browsers keep a file: media are named by their content, style and index asked for by it."""
    by_content = _MEDIA.match(path) or (_NAMED.fullmatch(path) and _MARK.fullmatch(query))
    return FOR_GOOD if by_content else FOR_A_MINUTE
