"""The public site, served from its static files by the same process. Behind a web server this view is never reached."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import http_date, parse_etags, quote_etag
from django.views.decorators.http import require_safe

from channels.errors import Rejected
from channels.files import inside
from publisher.ranges import ranged

TYPES = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
}
# Plain pages: stricter than the console, with which they share a host on one machine (as deploy/nginx.conf).
POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],  # the search alone runs one; each page's own policy names what it needs
    "connect-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "media-src": [SELF],
    "font-src": [SELF],
    "manifest-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
}
HIDDEN = {"feed", "bai.json"}  # records the site is made from, not part of it


@require_safe
@csp(POLICY)  # type: ignore[arg-type]  # its types know no view with arguments
def site_file(request: HttpRequest, slug: str, path: str = "") -> HttpResponse:
    """One file of an organisation's site, with ETag, Last-Modified, 304 (RFC 9110 §13) and ranges."""
    file = file_of(slug, path)
    if file is None:
        return not_found(slug)
    stat = file.stat()
    etag = quote_etag(f"{stat.st_mtime_ns:x}-{stat.st_size:x}")
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers={"ETag": etag})
    content_type = TYPES.get(file.name) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if content_type == "text/html":
        content_type = "text/html; charset=utf-8"
    changed = http_date(stat.st_mtime)
    return ranged(request, file, content_type, ETag=etag, Last_Modified=changed, Cache_Control="no-cache")


def file_of(slug: str, path: str) -> Path | None:
    """The file behind an address; None for what is not there or not public."""
    parts = [part for part in path.split("/") if part]
    if any(part.startswith(".") for part in parts) or (parts and (parts[0] in HIDDEN or parts[-1] in HIDDEN)):
        return None
    try:
        file = inside(site_folder(slug), path or "index.html")
        file = file / "index.html" if file.is_dir() else file
        return file if file.is_file() else None
    except (Rejected, OSError):  # a name too long for any file
        return None


def site_folder(slug: str) -> Path:
    return Path(settings.SITE_ROOT) / slug


def not_found(slug: str) -> HttpResponse:
    """The site's own page for what it does not have."""
    page = site_folder(slug) / "404.html"
    if not page.is_file():
        raise Http404
    return HttpResponse(page.read_bytes(), status=404, content_type="text/html; charset=utf-8")
