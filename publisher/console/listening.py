"""The recording of a post: making it by a button on the post's page, and hearing it there."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from assets.models import Asset
from campaigns.models import Post
from publisher.console.doors import needs, own
from publisher.console.previews import MARK
from publisher.delivery.listening import MEDIA_TYPE, CannotSpeak, make_sound
from publisher.delivery.shaping import media, words_of
from publisher.people.rights import Right
from publisher.ranges import ranged

KEPT = "private, max-age=31536000, immutable"


@needs(post=Right.WRITE)
def made(request: HttpRequest, pk: int) -> HttpResponse:
    """Reads the saved words aloud."""
    found = own(Post.objects.select_related("campaign", "theme", "organisation"), request, pk=pk)
    try:
        sound = make_sound(found, words_of(found), media(), by=request.seat.person)
    except CannotSpeak as error:
        messages.error(request, f"Chưa tạo được bản nghe. {error}")
    else:
        messages.success(request, f"Đã có bản nghe dài {sound.seconds} giây. Nghe thử rồi trình duyệt cùng bài.")
    return redirect("post", pk=pk)


@needs(Right.READ)
def played(request: HttpRequest, mark: str) -> HttpResponse:
    """A recording of the organisation by the first characters of its sha256, by the range a player asks for."""
    if not re.fullmatch(rf"[0-9a-f]{{{MARK}}}", mark):
        raise Http404("Không có bản nghe này.")
    asset = own(Asset, request, sha256__startswith=mark, media_type=MEDIA_TYPE)
    if asset.sha256 not in media():
        raise Http404("Bản nghe không còn trong kho. Báo quản trị khôi phục từ bản sao lưu.")
    return ranged(request, media().path(asset.sha256), MEDIA_TYPE, Cache_Control=KEPT)
