"""Files an organisation's members may see: evidence, scripts, work orders, pictures before they are public."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from assets.models import Asset
from channels.errors import Rejected
from channels.files import inside
from publisher.console.doors import needs, own
from publisher.console.previews import MARK
from publisher.delivery.accounts import files_root
from publisher.delivery.models import Evidence
from publisher.delivery.shaping import media
from publisher.people.rights import Right
from publisher.ranges import ranged

KEPT_AS_FILES = ("file", "document", "photo", "minutes")
SHOWN = {"image/jpeg", "image/png", "image/webp", "text/plain", "application/pdf"}  # the rest is only downloaded
GONE = "Tệp minh chứng không còn ở chỗ đã lưu. Báo quản trị khôi phục từ bản sao lưu."
A_YEAR = 365 * 24 * 3600  # seconds


@needs(Right.READ)
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of evidence, after its bytes were found to be those that were noted."""
    rows = Evidence.objects.select_related("delivery__account__organisation").filter(kind__in=KEPT_AS_FILES)
    row = get_object_or_404(rows, pk=pk, delivery__organisation=request.seat.organisation)
    path = path_of(row)
    data = path.read_bytes()
    if row.sha256 and hashlib.sha256(data).hexdigest() != row.sha256:
        return render(request, "console/evidence_changed.html", {"evidence": row}, status=409)
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    inline = media_type in SHOWN
    kind = "text/plain; charset=utf-8" if media_type == "text/plain" else media_type
    response = FileResponse(BytesIO(data), as_attachment=not inline, filename=path.name, content_type=kind)
    response["Content-Length"] = len(data)
    return response


def path_of(row: Evidence) -> Path:
    """Where the file stands: below the account's own folder when the channel made it, below the organisation's part of
    the desk when a person brought it. A path that leads out of that folder, or to nothing, answers 404."""
    try:
        path = inside(files_root(row.delivery.account), row.value) if row.by_id is None else brought(row)
    except Rejected as error:
        raise Http404(GONE) from error
    if not path.is_file():
        raise Http404(GONE)
    return path


def brought(row: Evidence) -> Path:
    """What people bring is named from the root of the desk, which all organisations share (publisher.delivery.desk)."""
    first, _, rest = row.value.partition("/")
    if first != row.delivery.account.organisation.slug:
        raise Rejected(GONE)
    return inside(Path(settings.DESK_ROOT) / first, rest)


@needs(Right.READ)
def picture(request: HttpRequest, mark: str) -> HttpResponse:
    """A picture of the organisation by the first characters of its sha256."""
    if not re.fullmatch(rf"[0-9a-f]{{{MARK}}}", mark):
        raise Http404("Không có ảnh này.")
    asset = own(Asset, request, sha256__startswith=mark, media_type__startswith="image/")
    try:
        data = media().get(asset.sha256)
    except (KeyError, OSError) as error:
        raise Http404("Ảnh không còn trong kho. Báo quản trị khôi phục từ bản sao lưu.") from error
    response = HttpResponse(data, content_type=asset.media_type)
    response["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    return response


@needs(Right.READ)
def video(request: HttpRequest, mark: str) -> HttpResponse:
    """A video of the organisation by the first characters of its sha256, whole or by the range a player asks for."""
    if not re.fullmatch(rf"[0-9a-f]{{{MARK}}}", mark):
        raise Http404("Không có video này.")
    asset = own(Asset, request, sha256__startswith=mark, media_type__startswith="video/")
    if asset.sha256 not in media():
        raise Http404("Video không còn trong kho. Báo quản trị khôi phục từ bản sao lưu.")
    kept = f"private, max-age={A_YEAR}, immutable"
    return ranged(request, media().path(asset.sha256), asset.media_type, Cache_Control=kept)
