"""Making pictures: words are written, the picture stands beside them, and the library keeps it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify

from assets.made.formats import PAPERS, SQUARE
from assets.made.lists import FEWEST, MOST_CARDS, entries
from assets.made.making import paper
from campaigns.models import Post, PostState
from publisher.approval.drafting import EditConflict
from publisher.console.doors import needs, own
from publisher.console.making_drawn import Shown, shown
from publisher.console.making_forms import KINDS, MakingForm, SeriesForm
from publisher.console.making_kept import Kept, hung, kept
from publisher.console.making_looks import choices, declared, look_of
from publisher.delivery.shaping import address_of, base_of
from publisher.people.rights import Right
from publisher.timetable.models import Happening

FIRST = "the"
DONE = {PostState.RETIRED}


@needs(Right.WRITE, post=Right.WRITE)
def making(request: HttpRequest) -> HttpResponse:
    post = post_of(request)
    kind = kind_of(request, post)
    if request.method == "GET":
        form = KINDS[kind][1](organisation=request.seat.organisation, initial=begun(request, kind, post))
        return page(request, kind, form, post)
    form = given(request, kind)
    if request.POST.get("do", "").partition(":")[0] in {"more", "up", "down", "drop"}:
        rearrange(form, request.POST["do"])
        return page(request, kind, form, post)
    if request.POST.get("do") not in {"keep", "pdf"}:
        form.is_valid()
        return page(request, kind, form, post)
    if not form.is_valid():
        return page(request, kind, form, post, status=422)
    return print_file(request, form) if request.POST["do"] == "pdf" else keep_all(request, kind, form, post)


@needs(post=Right.WRITE)
def preview(request: HttpRequest) -> HttpResponse:
    """What stands in the form now, drawn small; nothing is kept."""
    form = given(request, kind_of(request, None))
    return render(request, "console/_making_shown.html", {"parts": parts_of(form), "form": form})


def kind_of(request: HttpRequest, post: Post | None) -> str:
    kind = request.POST.get("kind") or request.GET.get("loai", "")
    if kind in KINDS:
        return kind
    if request.GET.get("su-kien"):
        return "thong-bao"
    return "loat" if post and entries(post.body) else FIRST


def post_of(request: HttpRequest) -> Post | None:
    named = request.POST.get("post") or request.GET.get("bai", "")
    return own(Post.objects.select_related("organisation"), request, pk=named) if named.isdecimal() else None


def given(request: HttpRequest, kind: str) -> MakingForm:
    return KINDS[kind][1](request.POST.copy(), organisation=request.seat.organisation)


def begun(request: HttpRequest, kind: str, post: Post | None) -> dict[str, Any]:
    """The words a post or a happening already has."""
    named = choices(request.seat.organisation)
    first: dict[str, Any] = {"look": named[0].key, "size": "a4" if kind == "to-in" else SQUARE.name}
    if kind == "loat":
        first["cards"] = ["", "", ""]
    if kind == "thong-bao":
        return first | begun_notice(request)
    if post is None:
        return first
    found = entries(post.body)
    first["title"] = post.title
    if kind == "loat" and found:
        first |= {"cards": [str(one) for one in found], "split": len(found) > 9}
    if kind == "to-in":
        first |= {"lead": post.lead, "points": "\n".join(one.head for one in found[:6])}
        first["address"] = address_of(post, base_of(post))
    return first


def begun_notice(request: HttpRequest) -> dict[str, Any]:
    named = request.GET.get("su-kien", "")
    if not named.isdecimal():
        return {}
    found = own(Happening, request, pk=named)
    at = timezone.localtime(found.starts_at)
    return {"title": found.title, "day": at.date(), "hour": f"{at.hour} giờ {at.minute:02d}", "place": found.place}


def rearrange(form: MakingForm, do: str) -> None:
    """One card more, one less, or two in each other's place. The words of all others stay as they are."""
    if not isinstance(form, SeriesForm):
        return
    cards = form.cards
    what, _, at = do.partition(":")
    place = int(at) if at.isdecimal() and len(at) < 4 else -1
    if what == "more" and len(cards) < MOST_CARDS:
        cards.append("")
    elif 0 <= place < len(cards):
        if what == "drop":
            del cards[place]
        else:
            other = max(0, min(len(cards) - 1, place + (1 if what == "down" else -1)))
            cards[place], cards[other] = cards[other], cards[place]
    form.data.setlist("card", cards)


def parts_of(form: MakingForm) -> list[list[Shown]]:
    """An unfinished form shows nothing rather than something else."""
    if not form.is_bound or not form.is_valid():
        return []
    key = form.cleaned_data["look"]
    look = look_of(form.organisation, key)
    return [[shown(content, look, key, form.format) for content in part] for part in form.parts]


def page(request: HttpRequest, kind: str, form: MakingForm, post: Post | None, status: int = 200) -> HttpResponse:
    tried = form
    if not form.is_bound:  # what a post brings along is shown at once
        data = request.GET.copy()
        data.update({name: value for name, value in form.initial.items() if name != "cards" and value})
        data.setlist("card", form.initial.get("cards", []))
        tried = type(form)(data, organisation=form.organisation)
    context = {
        "form": form,
        "kind": kind,
        "kinds": [(name, label) for name, (label, _) in KINDS.items()],
        "cards": form.cards if isinstance(form, SeriesForm) else [],
        "fewest": FEWEST,
        "post": post,
        "found": len(entries(post.body)) if post else 0,
        "printed": kind == "to-in",
        "parts": parts_of(tried),
        "focus": request.POST.get("do", "") == "more",
    }
    return render(request, "console/making.html", context, status=status)


def print_file(request: HttpRequest, form: MakingForm) -> HttpResponse:
    look = look_of(request.seat.organisation, form.cleaned_data["look"])
    content = form.parts[0][0]
    made = paper(content, look, PAPERS[form.cleaned_data["size"]], marks=bool(form.cleaned_data.get("marks")))
    response = HttpResponse(made.data, content_type=made.media_type)
    name = slugify(content.title.replace("Đ", "D").replace("đ", "d"))[:60] or "to-in"
    response["Content-Disposition"] = f'attachment; filename="{form.cleaned_data["size"]}-{name}.pdf"'
    return response


def keep_all(request: HttpRequest, kind: str, form: MakingForm, post: Post | None) -> HttpResponse:
    """Everything into the library, in order; the first part onto the post it was made for."""
    look = look_of(request.seat.organisation, form.cleaned_data["look"])
    said = declared(request.seat.organisation, form.cleaned_data["look"])
    done = kept(request.seat.organisation, form.parts, look, form.format, by=request.seat.person, declared=said)
    tell(request, done)
    if post is None or kind == "to-in" or post.state in DONE:
        return redirect("library")
    try:
        hung(post, done.parts[0], by=request.seat.person)
    except EditConflict as refused:
        messages.error(request, f"Ảnh đã ở trong thư viện, nhưng chưa gắn vào bài: {refused}")
    else:
        messages.success(request, f"Đã gắn {len(done.parts[0])} ảnh vào bài, đúng thứ tự.")
    return redirect("post", pk=post.pk)


def tell(request: HttpRequest, done: Kept) -> None:
    count = sum(len(part) for part in done.parts)
    if done.new:
        messages.success(request, f"Đã lưu {done.new} ảnh vào thư viện, có sẵn mô tả và nguồn.")
    if count > done.new:
        messages.info(request, f"{count - done.new} ảnh đã có trong thư viện từ trước, không thêm lần nữa.")
    if len(done.parts) > 1:
        messages.info(
            request, f"Loạt thẻ chia {len(done.parts)} phần: tìm nhãn “{done.tag}” trong thư viện để lấy từng phần."
        )
    for warning in done.warnings:
        messages.warning(request, warning)
