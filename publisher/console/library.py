"""The library of pictures: found again, handed in one by one or by the dozen, picked for a post."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assets.models import Asset
from assets.pictures import LARGEST_FILE, BadPicture
from assets.renditions import varied
from assets.store import Damaged, Missing
from channels.contract import VariantNeed
from publisher.approval.library import INCOMPLETE, Kept, matching, pictures, upload
from publisher.console.doors import needs, own
from publisher.console.files import A_YEAR
from publisher.console.library_forms import LARGEST, UploadForm
from publisher.console.slices import cut
from publisher.delivery.shaping import media
from publisher.people.rights import Right

SMALL = VariantNeed("width", "image/webp", 480)  # in a grid, twice as dense as shown
OFFERED = 24  # pictures to pick from at once
MOST_AT_ONCE = 40
GONE = "Ảnh không còn trong kho. Báo quản trị khôi phục từ bản sao lưu, hoặc tải lại ảnh gốc."

SHOWN: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "": ("Đang dùng", lambda rows: rows.filter(retired_at=None)),
    "thieu": ("Cần bổ sung", lambda rows: rows.filter(INCOMPLETE, retired_at=None)),
    "co-bai": ("Có trong tin bài", lambda rows: rows.filter(used=True)),
    "chua-bai": ("Chưa có trong tin bài", lambda rows: rows.filter(used=False, retired_at=None)),
    "ngung": ("Đã ngừng dùng", lambda rows: rows.exclude(retired_at=None)),
}


@needs(Right.READ, post=Right.WRITE)
def library(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return handed_in(request)
    return page(request, UploadForm())


def page(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    ours = pictures(request.seat.organisation)
    text, which = request.GET.get("tim", ""), request.GET.get("loai", "")
    which = which if which in SHOWN else ""
    context = {
        "form": form,
        "slice": cut(matching(SHOWN[which][1](ours), text), "created_at", request.GET.get("sau", "")),
        "text": text,
        "which": which,
        "shown": [(name, words) for name, (words, _) in SHOWN.items()],
        "incomplete": ours.filter(INCOMPLETE, retired_at=None).count(),
        "filtered": bool(text or which),
        "most_bytes": LARGEST_FILE,
    }
    return render(request, "console/library.html", context, status=status)


def handed_in(request: HttpRequest) -> HttpResponse:
    """Every picture for itself: one that is refused keeps none of the others out."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return one_by_one(request, form) or page(request, form, status=422)
    files = form.cleaned_data["files"][:MOST_AT_ONCE]
    results = [(file.name, *taken(request, file, form)) for file in files]
    if request.headers.get("X-Progress"):  # the script sends one file at a time and shows what became of it
        name, kept, refused = results[0]
        context = {"name": name, "kept": kept, "refused": refused}
        return render(request, "console/_library_kept.html", context, status=422 if refused else 200)
    for name, kept, refused in results:
        tell(request, name, kept, refused)
    if len(results) == 1 and results[0][1]:
        return redirect("library-picture", pk=results[0][1].asset.pk)
    return redirect("library")


def one_by_one(request: HttpRequest, form: UploadForm) -> HttpResponse | None:
    if not request.headers.get("X-Progress"):
        return None
    refused = " ".join(str(one) for errors in form.errors.values() for one in errors)
    return render(request, "console/_library_kept.html", {"refused": refused}, status=422)


def taken(request: HttpRequest, file: UploadedFile, form: UploadForm) -> tuple[Kept | None, str]:
    if file.size and file.size > LARGEST_FILE:
        return None, f"Tệp ảnh nặng hơn {LARGEST}: hãy thu nhỏ rồi tải lại."
    try:
        by, name = request.seat.person, file.name or ""
        return upload(request.seat.organisation, file.read(), by=by, name=name, **form.words), ""
    except BadPicture as refused:
        return None, str(refused)
    except OSError as error:
        return None, f"Không lưu được ảnh: {error.strerror}. Báo quản trị dọn bớt đĩa."


def tell(request: HttpRequest, name: str | None, kept: Kept | None, refused: str) -> None:
    if kept is None:
        messages.error(request, f"{name}: {refused}")
    elif kept.known:
        messages.info(request, f"{name}: ảnh này đã có trong thư viện, không thêm lần nữa.")
    elif lacks := kept.asset.missing:
        messages.success(request, f"{name}: đã thêm. Trước khi dùng, hãy bổ sung {', '.join(lacks)}.")
    else:
        messages.success(request, f"{name}: đã thêm.")


@needs(Right.WRITE)
def pick(request: HttpRequest) -> HttpResponse:
    """Pictures to hang on the post that is being written; those ticked already stay ticked."""
    return render(request, "console/_library_pick.html", offered(request, request.GET.getlist("pick")))


def offered(request: HttpRequest, ticked: list[str]) -> dict[str, object]:
    ours = pictures(request.seat.organisation).filter(retired_at=None)
    text = request.GET.get("tim", "")
    chosen = picked(request, ticked)
    found = matching(ours, text).exclude(pk__in=[one.pk for one in chosen]).order_by("-created_at", "-pk")
    return {"picking": True, "picked": chosen, "offered": list(found[:OFFERED]), "pick_text": text}


def picked(request: HttpRequest, ticked: list[str]) -> list[Asset]:
    """The organisation's own among the keys a form sent."""
    keys = [int(key) for key in ticked[:MOST_AT_ONCE] if key.isdecimal() and len(key) < 19]
    return list(pictures(request.seat.organisation).filter(pk__in=keys, retired_at=None))


@needs(Right.READ)
def small(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture for a grid, made once."""
    asset = own(pictures(request.seat.organisation), request, pk=pk)
    try:
        ((_, made),) = varied(asset, [SMALL], media())
        data = media().get(made.sha256)
    except (Missing, Damaged, BadPicture) as error:
        raise Http404(GONE) from error
    response = HttpResponse(data, content_type=made.media_type)
    response["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    return response
