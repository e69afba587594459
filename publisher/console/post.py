"""One post: writing it, seeing it as every channel will show it, submitting it, and what became of it."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from assets.pictures import BadPicture
from assets.videos import BadVideo
from campaigns.models import Post, PostState
from channels.page import article_url
from publisher.approval.drafting import (
    EditConflict,
    attach_asset,
    attach_video,
    detach_picture,
    detach_video,
    edit_post,
    new_post,
)
from publisher.approval.library import upload
from publisher.approval.review import NotReady, submit
from publisher.console.composer import ComposerForm, NewPostForm
from publisher.console.doors import needs, own
from publisher.console.library import offered, picked
from publisher.delivery.desk import NotPossible, correct
from publisher.delivery.listening import sound_of
from publisher.delivery.models import Action, Delivery
from publisher.delivery.scheduling import CannotSchedule, outlook
from publisher.delivery.shaping import Shaped, content_of, hosts_articles, shape, shape_post
from publisher.delivery.sites import site_address
from publisher.delivery.states import State
from publisher.events.models import Event
from publisher.people.rights import Right
from publisher.timetable.recurrence import BadRule

OPEN = {PostState.DRAFT, PostState.RETURNED}  # states in which the composer opens by itself
MOST_TIMES = 12  # due times that are written out
RELATED = ("campaign", "theme", "author", "organisation", "video")
NOT_EVERYWHERE = (
    "Video không ở dạng H.264 nên nhiều máy không xem được ngay trên trang. "
    "Nên xuất lại thành MP4 (H.264) rồi thay video."
)


@needs(Right.WRITE, post=Right.WRITE)
def new(request: HttpRequest) -> HttpResponse:
    organisation = request.seat.organisation
    campaign = request.GET.get("chien-dich", "")
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = NewPostForm(*given, organisation=organisation, campaign=campaign)
    if not form.is_valid():
        return render(
            request, "console/post_new.html", {"form": form, **picking(request)}, status=422 if form.errors else 200
        )
    made = new_post(form.cleaned_data["campaign"], by=request.seat.person, **form.words)
    finish(request, made, form)
    messages.success(request, "Đã lưu nháp. Xem trước từng kênh rồi trình duyệt.")
    return redirect("post", pk=made.pk)


@needs(Right.READ, post=Right.WRITE)
def post(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(Post.objects.select_related(*RELATED), request, pk=pk)
    if request.method == "POST":
        return written(request, found)
    editing = request.seat.may(Right.WRITE) and (found.state in OPEN or "sua" in request.GET)
    form = ComposerForm(organisation=request.seat.organisation, post=found) if editing else None
    return page(request, found, form)


def written(request: HttpRequest, found: Post) -> HttpResponse:
    form = ComposerForm(request.POST, request.FILES, organisation=request.seat.organisation, post=found)
    if not form.is_valid():
        return page(request, found, form, status=422)
    try:
        if form.words_changed:
            found = edit_post(found, form.words, by=request.seat.person, revision=form.cleaned_data["revision"] or 0)
        elif form.time_changed and form.cleaned_data["revision"] not in {None, found.revision}:
            return collision(request, found, form)  # moved meanwhile, in the calendar or with its happening
        finish(request, found, form)
    except EditConflict:
        return collision(request, found, form)
    if request.POST.get("do") == "submit":
        return submitted(request, found)
    messages.success(request, "Đã lưu.")
    return redirect("post", pk=found.pk)


def finish(request: HttpRequest, found: Post, form: ComposerForm) -> None:
    """Time and pictures of a post whose words are saved; what is wrong with them loses nothing of the words."""
    by = request.seat.person
    if form.time_changed:
        try:
            form.keep_time(found, by=by)
        except BadRule as refused:
            messages.error(request, f"Chữ đã lưu, nhưng lịch chưa đổi: {refused}")
    dropped = set(request.POST.getlist("drop"))
    for asset in [asset for asset in found.pictures.all() if str(asset.pk) in dropped]:
        detach_picture(found, asset, by=by)
    for asset in picked(request, request.POST.getlist("pick")):
        attach_asset(found, asset, by=by)
    if file := form.cleaned_data["picture"]:
        try:
            kept = upload(found.organisation, file.read(), by=by, name=file.name, **form.picture_words)
        except BadPicture as refused:
            messages.error(request, f"Chữ đã lưu, nhưng ảnh không dùng được: {refused}")
        except OSError as error:
            messages.error(request, f"Chữ đã lưu, nhưng ảnh thì chưa: {error.strerror}. Báo quản trị dọn bớt đĩa.")
        else:
            attach_asset(found, kept.asset, by=by)
            if kept.known:
                messages.info(request, "Ảnh này đã có trong thư viện: dùng ảnh có sẵn với mô tả và nguồn đã ghi.")
    finish_video(request, found, form)


def finish_video(request: HttpRequest, found: Post, form: ComposerForm) -> None:
    by = request.seat.person
    if file := form.cleaned_data["video"]:
        try:
            facts = attach_video(found, file, by=by, name=file.name)
        except BadVideo as refused:
            messages.error(request, f"Chữ đã lưu, nhưng video không dùng được: {refused}")
        else:
            if not facts.played_everywhere:
                messages.warning(request, NOT_EVERYWHERE)
    elif form.cleaned_data.get("drop_video"):
        detach_video(found, by=by)


def submitted(request: HttpRequest, found: Post) -> HttpResponse:
    try:
        submit(found, by=request.seat.person)
    except NotReady as error:
        form = ComposerForm(organisation=request.seat.organisation, post=found)
        return page(request, found, form, status=422, problems=error.problems)
    messages.success(request, "Đã trình duyệt. Nội dung được khóa; sửa bài sẽ phải trình duyệt lại.")
    return redirect("post", pk=found.pk)


def collision(request: HttpRequest, found: Post, form: ComposerForm) -> HttpResponse:
    """Somebody saved first: both texts are shown, and saving again is then a choice, not an accident."""
    theirs = Post.objects.select_related(*RELATED).get(pk=found.pk)
    form.data = form.data.copy()
    form.data["revision"] = theirs.revision
    return page(request, theirs, form, status=409, theirs=theirs)


def page(
    request: HttpRequest, found: Post, form: ComposerForm | None, *, status: int = 200, **more: object
) -> HttpResponse:
    rows = Delivery.objects.filter(version__post=found).select_related("account").order_by("-due_at", "-pk")
    context = {
        "post": found,
        "form": form,
        "previews": shape_post(found),
        "pictures": [link.asset for link in found.postpicture_set.select_related("asset")],
        "versions": found.versions.select_related("submitted_by").prefetch_related("approvals__by"),
        "deliveries": rows[:40],
        "correctable": correctable(found),
        "events": Event.objects.filter(subject=f"post:{found.pk}", organisation=found.organisation).order_by("-pk")[
            :40
        ],
        **plan_of(found),
        **picking(request),
        **more,
    }
    return render(request, "console/post.html", context, status=status)


def picking(request: HttpRequest) -> dict[str, object]:
    """The library beside the composer, where it was asked for or pictures of it are ticked already."""
    ticked = request.POST.getlist("pick")
    return offered(request, ticked) if ticked or "chon" in request.GET else {}


def plan_of(found: Post) -> dict[str, object]:
    """Where and when the post will go were it approved now, what cannot be met, and what looks wrong."""
    try:
        look = outlook(found, timezone.now())
    except (CannotSchedule, ValueError) as error:
        return {"placements": [], "unmet": [str(error)], "timing_warnings": []}
    return {"placements": look.placements[:MOST_TIMES], "unmet": look.unmet, "timing_warnings": look.warnings}


def correctable(found: Post) -> bool:
    """Whether older words still stand in public although newer ones are approved. Approving orders corrections by
    itself; this is for those that failed."""
    newest = found.versions.first()
    if newest is None or found.state != PostState.APPROVED:
        return False
    standing = Delivery.objects.filter(version__post=found, state=State.DELIVERED).exclude(version=newest)
    over = [State.FAILED, State.CANCELLED]
    under_way = Delivery.objects.filter(of__in=standing, action=Action.CORRECT).exclude(state__in=over)
    return standing.exclude(pk__in=under_way.values("of")).exclude(action=Action.WITHDRAW).exists()


@needs(post=Right.WRITE)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Every ticked account's preview of what stands in the form now; nothing is stored."""
    found = own(Post.objects.select_related(*RELATED), request, pk=pk)
    form = ComposerForm(request.POST, organisation=request.seat.organisation, post=found)
    form.is_valid()  # an unfinished form is shown as far as it goes
    return render(request, "console/_previews.html", {"previews": unsaved(found, form)})


def unsaved(found: Post, form: ComposerForm) -> list[Shaped]:
    given = form.cleaned_data
    accounts = list(given.get("accounts", ()))
    title = given.get("title") or found.title
    base = site_address(found.organisation) if hosts_articles(accounts) else ""
    content = replace(
        content_of(found, base),
        title=title,
        url=article_url(base, title, found.ref) if base else "",
        urgent=bool(given.get("urgent")),
        **{name: given.get(name, "") for name in ("lead", "body", "footer")},
    )
    heard = replace(content, sound=sound_of(found, content))  # no recording of words that are not the saved ones
    return [shape(heard, account) for account in accounts]


@needs(post=(Right.WRITE, Right.APPROVE))
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts the approved words in the place of the older ones that stand."""
    found = own(Post, request, pk=pk)
    newest = found.versions.first()
    if newest is None or found.state != PostState.APPROVED:
        messages.error(request, "Chỉ đính chính bằng bản đã duyệt. Sửa bài, trình duyệt, rồi đính chính.")
        return redirect("post", pk=pk)
    try:
        made = correct(newest, by=request.seat.person)
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        told = f"Đã lệnh đính chính {len(made)} nơi đã đăng." if made else "Không nơi nào cần đính chính."
        messages.success(request, told)
    return redirect("post", pk=pk)
