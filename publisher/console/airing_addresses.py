"""Loudspeakers on the network: secret addresses from which they fetch what is approved, and play it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from channels.loudspeaker.folder import SMALL_SOUND, SOUND
from publisher.airing.models import PlaylistAddress
from publisher.airing.playlists import address_of, addresses_of, open_address, playable, revoke_address
from publisher.airing.sessions import Session, stations
from publisher.config import config
from publisher.console.doors import needs, own
from publisher.console.forms import PlainForm
from publisher.delivery.models import Account
from publisher.people.models import Organisation
from publisher.people.rights import Right
from publisher.ranges import ranged

OPENING = (Right.AIR, Right.MANAGE)
GONE = "Địa chỉ này không có hoặc đã bị thu hồi. Tạo địa chỉ mới ở trang Loa truyền thanh."
TYPES = {SOUND: "audio/mpeg", SMALL_SOUND: "audio/ogg"}


class AddressForm(PlainForm):
    account = forms.ModelChoiceField(label="Kênh loa", queryset=Account.objects.none(), empty_label=None)
    label = forms.CharField(label="Tên cụm loa", max_length=120, help_text="Ví dụ: cụm nhà văn hóa tổ 5.")

    def __init__(self, *args: object, organisation: Organisation, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = stations(organisation).filter(retired_at=None)


@needs(OPENING, post=OPENING)
def addresses(request: HttpRequest) -> HttpResponse:
    organisation = request.seat.organisation
    form = AddressForm(request.POST if request.method == "POST" else None, organisation=organisation)
    address = ""
    if request.method == "POST" and form.is_valid():
        token = open_address(form.cleaned_data["account"], form.cleaned_data["label"], by=request.seat.person)
        address = f"{config.origin}{reverse('airing-m3u', kwargs={'token': token})}"
    context = {"form": form, "rows": addresses_of(organisation), "address": address}
    return render(request, "console/airing_addresses.html", context, status=422 if form.errors else 200)


@needs(post=OPENING)
def revoked(request: HttpRequest, pk: int) -> HttpResponse:
    revoke_address(own(PlaylistAddress, request, pk=pk), by=request.seat.person)
    messages.success(request, "Đã thu hồi: loa không lấy được bản tin từ địa chỉ đó nữa.")
    return redirect("airing-addresses")


@require_safe
def playlist(request: HttpRequest, token: str) -> HttpResponse:
    """Nobody signs in here: a loudspeaker fetches what it plays next."""
    lines = ["#EXTM3U"]
    for session in playing(token):
        where = reverse("airing-m3u-sound", kwargs={"token": token, "session": session.name, "name": SOUND})
        length = round(session.sound.seconds) if session.sound else -1
        lines += [f"#EXTINF:{length},{titled(session)}", f"{config.origin}{where}"]
    response = HttpResponse("\n".join(lines) + "\n", content_type="audio/x-mpegurl; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def recording(request: HttpRequest, token: str, session: str, name: str) -> HttpResponse:
    found = next((one for one in playing(token) if one.name == session), None)
    if found is None or name not in TYPES or not (found.path / name).is_file():
        raise Http404("Bản tin này chưa được duyệt, đã phát xong, hoặc chưa có tiếng.")
    etag = f'"{found.sound.sha256}"' if found.sound and name == SOUND else ""
    headers = {"ETag": etag} if etag else {}
    return ranged(request, found.path / name, TYPES[name], Cache_Control="private, no-cache", **headers)


def playing(token: str) -> list[Session]:
    address = address_of(token)
    if address is None:
        raise Http404(GONE)
    with timezone.override(address.account.organisation.timezone):
        return playable(address.account, timezone.now())


def titled(session: Session) -> str:
    return f"{session.bulletin.practice.station}, {session.slot:%H:%M %d/%m/%Y}"
