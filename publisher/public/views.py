"""The public site, served from its static files by the same process. Behind a web server this view is never reached."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    HttpResponsePermanentRedirect,
)
from django.utils.http import http_date, parse_etags, quote_etag
from django.views.decorators.http import require_safe

from channels.errors import Rejected
from channels.files import inside
from publisher.delivery.sites import site_address
from publisher.people.models import Organisation
from publisher.public.serving import HEADERS, kept, media_type
from publisher.ranges import ranged

# Plain pages: stricter than the console, with which they share a host on one machine (as deploy/site.conf).
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
def site_file(request: HttpRequest, slug: str, path: str = "") -> HttpResponseBase:
    """One file of an organisation's site, with ETag, Last-Modified, 304 (RFC 9110 §13) and ranges."""
    answer = moved(request, slug, path) or answer_of(request, slug, path)
    for name, value in HEADERS.items():
        answer[name] = value
    return answer


def answer_of(request: HttpRequest, slug: str, path: str) -> HttpResponseBase:
    file = file_of(slug, path)
    if file is None:
        return not_found(slug)
    stat = file.stat()
    etag = quote_etag(f"{stat.st_mtime_ns:x}-{stat.st_size:x}")
    caching = kept(path, request.META.get("QUERY_STRING", ""))
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers={"ETag": etag, "Cache-Control": caching})
    changed = http_date(stat.st_mtime)
    return ranged(request, file, media_type(file.name), ETag=etag, Last_Modified=changed, Cache_Control=caching)


def moved(request: HttpRequest, slug: str, path: str) -> HttpResponse | None:
    """A folder has a closing slash, and a site on a domain of its own is read there."""
    if path and not path.endswith("/"):
        return HttpResponsePermanentRedirect(f"{request.path}/") if is_folder(slug, path) else None
    organisation = Organisation.objects.filter(slug=slug).exclude(site_url="").first()
    if organisation is None or site_address(organisation).partition("//")[2].rstrip("/") == request.get_host():
        return None
    return HttpResponsePermanentRedirect(site_address(organisation) + path)


def is_folder(slug: str, path: str) -> bool:
    file = file_of(slug, path + "/")
    return file is not None and file.name == "index.html" and file.parent.name == path.rpartition("/")[2]


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
