"""One picture: what is written beside it, where its middle lies, what the channels get of it, where it is used."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import get_valid_filename

from assets.consent import LAW
from assets.models import Asset
from assets.pictures import BadPicture
from assets.renditions import fitted, varied
from assets.store import Damaged, Missing
from channels.contract import VariantNeed
from channels.registry import CHANNELS
from publisher.approval.library import bring_back, describe, pictures, retire, still_to_go_out, usage
from publisher.console.doors import needs, own
from publisher.console.library import GONE
from publisher.console.library_forms import PictureForm
from publisher.delivery.shaping import media
from publisher.events.models import Event
from publisher.people.rights import Right

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif", "image/heic": "heic",
           "image/avif": "avif"}  # fmt: skip
EVENTS = 40
NAMED = 5  # posts in one sentence


@dataclass
class Shown:
    """One form of the picture and the channels that get it."""

    asset: Asset
    channels: list[str] = field(default_factory=list)
    crop: VariantNeed | None = None


@needs(Right.READ, post=Right.WRITE)
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    asset = own(pictures(request.seat.organisation), request, pk=pk)
    form = PictureForm(*([request.POST] if request.method == "POST" else []), asset=asset)
    if request.method == "POST" and form.is_valid():
        asset = describe(asset, form.given, by=request.seat.person)
        if lacks := asset.missing:
            messages.warning(request, f"Đã lưu. Trước khi dùng còn thiếu {', '.join(lacks)}.")
        else:
            messages.success(request, "Đã lưu. Ảnh dùng được.")
        return redirect("library-picture", pk=pk)
    return page(request, asset, form)


def page(request: HttpRequest, asset: Asset, form: PictureForm) -> HttpResponse:
    shown, trouble = forms_of(asset)
    log = Event.objects.filter(subject=f"asset:{asset.pk}", organisation=asset.organisation)
    context = {
        "asset": asset,
        "form": form,
        "shown": shown,
        "trouble": trouble,
        "usage": usage(asset),
        "law": LAW,
        "events": log.order_by("-pk")[:EVENTS],
    }
    return render(request, "console/library_picture.html", context, status=422 if form.errors else 200)


def forms_of(asset: Asset) -> tuple[list[Shown], str]:
    """What each channel gets, forms that several share told once; and what keeps them from being made."""
    by_form: dict[tuple[int, VariantNeed | None], Shown] = {}
    if asset.sha256 not in media():
        return [], GONE
    try:
        for channel in CHANNELS.values():
            note(by_form, fitted(asset, channel.picture_needs, media()), channel.label)
            cuts = [need for need in channel.picture_needs.variants if need.height]
            for need, made in varied(asset, cuts, media()):
                note(by_form, made, f"{channel.label}, khi chia sẻ đường dẫn", need)
    except (Missing, Damaged):
        return [], GONE
    except BadPicture as error:
        return [], str(error)
    return sorted(by_form.values(), key=lambda one: one.crop is None), ""


def note(
    by_form: dict[tuple[int, VariantNeed | None], Shown], made: Asset, label: str, crop: VariantNeed | None = None
) -> None:
    by_form.setdefault((made.pk, crop), Shown(made, crop=crop)).channels.append(label)


@needs(post=Right.WRITE)
def retired(request: HttpRequest, pk: int) -> HttpResponse:
    asset = own(pictures(request.seat.organisation), request, pk=pk)
    retire(asset, by=request.seat.person)
    messages.success(request, "Đã ngừng dùng ảnh. Bài đã đăng giữ nguyên; muốn bỏ ảnh ở đó thì gỡ hoặc đính chính bài.")
    if posts := still_to_go_out(asset):
        named = ", ".join(f"“{post.title}”" for post in posts[:NAMED])
        messages.warning(
            request, f"{len(posts)} bài đã duyệt có ảnh này sắp đăng: {named}. Không muốn đăng ảnh thì mở bài, bỏ ảnh."
        )
    return redirect("library-picture", pk=pk)


@needs(post=Right.WRITE)
def brought_back(request: HttpRequest, pk: int) -> HttpResponse:
    bring_back(own(pictures(request.seat.organisation), request, pk=pk), by=request.seat.person)
    messages.success(request, "Ảnh dùng lại được.")
    return redirect("library-picture", pk=pk)


@needs(Right.WRITE)
def original(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it was handed in, camera's notes included: to keep, never to publish, never shown in place."""
    asset = own(pictures(request.seat.organisation), request, pk=pk)
    try:
        data = media().get(asset.original_sha256)
    except (Missing, Damaged) as error:
        raise Http404("Không có tệp gốc của ảnh này.") from error
    ending = ENDINGS.get(asset.original_type, "bin")
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{get_valid_filename(f"anh-goc-{asset.pk}")}.{ending}"'
    return response
