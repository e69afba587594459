"""One delivery: attempts, evidence, events, money, and what a person may do about it."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from campaigns.models import Rendering
from channels.contract import Preview, Proof
from channels.registry import CHANNELS
from publisher.airing.sessions import session_row
from publisher.console import unknown
from publisher.console.doors import needs, own
from publisher.console.forms import PlainForm, ReasonForm, first_error
from publisher.console.unknown import DECIDING, DecideForm
from publisher.console.words import ADVICE, advice
from publisher.delivery import desk
from publisher.delivery.desk import NotPossible
from publisher.delivery.linking import LONGEST
from publisher.delivery.models import Action, Delivery
from publisher.delivery.secrets import UnreadableSecret
from publisher.delivery.shaping import shown
from publisher.delivery.states import MOVES, State
from publisher.events.models import Event
from publisher.people.models import Person
from publisher.people.rights import Right

RELATED = (
    "organisation",
    "account__organisation",
    "account__through",
    "version__post__campaign",
    "budget_line",
    "of__account",
    "waits_for__account",
)
WORKING = (Right.WRITE,)
RECALLING = (Right.WRITE, Right.APPROVE)  # who answers for the words may also take them back


class ConfirmForm(PlainForm):
    note = forms.CharField(
        label="Ghi chú", required=False, max_length=1000, help_text="Ví dụ: phát đủ 2 lượt, cụm 3 mất điện."
    )
    link = forms.URLField(
        label="Đường dẫn minh chứng", required=False, max_length=500, assume_scheme="https", help_text="Bài báo, video."
    )
    minutes = forms.CharField(
        label="Số biên bản nghiệm thu", required=False, max_length=200, help_text="Ví dụ: 12/BB-UBND ngày 20/3/2026."
    )
    file = forms.FileField(
        label="Tệp minh chứng", required=False, help_text="Ảnh chụp, bản quét biên bản; không quá 12 MB."
    )


class LinkForm(PlainForm):
    """The address where a person put it. `unseen`: nobody but that person can open it."""

    link = forms.URLField(label="Đường dẫn của bài trên cổng", max_length=LONGEST, assume_scheme="https")
    note = forms.CharField(required=False, max_length=1000)
    unseen = forms.BooleanField(required=False)


class EvidenceForm(PlainForm):
    label = forms.CharField(label="Đây là gì", max_length=200, help_text="Ví dụ: ảnh chụp màn hình bài đăng.")
    file = forms.FileField(label="Tệp minh chứng", help_text="Ảnh, PDF, DOCX, XLSX, MP3 hoặc MP4; không quá 12 MB.")


@needs(Right.READ)
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, found_by(request, pk))


@needs(post=WORKING)
def confirmed(request: HttpRequest, pk: int) -> HttpResponse:
    """Aired, printed, accepted: with a note and whatever proves it."""
    form = ConfirmForm(request.POST, request.FILES)

    def do(row: Delivery, given: dict) -> str:
        refuse_part_of_session(row)
        with transaction.atomic():  # evidence of what cannot be confirmed is not kept
            if file := given["file"]:
                desk.add_file_evidence(row, file.read(), file.name, "Minh chứng nghiệm thu", by=request.seat.person)
            desk.confirm(row, by=request.seat.person, note=given["note"], proofs=proofs_of(given))
        return "Đã xác nhận, lượt này tính là đã đăng."

    return act(request, pk, form, do)


@needs(post=WORKING)
def refused(request: HttpRequest, pk: int) -> HttpResponse:
    def do(row: Delivery, given: dict) -> str:
        refuse_part_of_session(row)
        desk.refuse(row, by=request.seat.person, reason=given["reason"])
        return "Đã ghi: lượt này không được thực hiện, kinh phí giữ cho nó được giải phóng."

    return act(request, pk, ReasonForm(request.POST), do)


def refuse_part_of_session(row: Delivery) -> None:
    """What is read in a session is told of with the session, by one entry of the station's log."""
    if session_row(row) is not None:
        raise NotPossible("Tin này nằm trong một buổi phát: ghi kết quả cả buổi ở trang Loa.")


@needs(post=DECIDING)
def decided(request: HttpRequest, pk: int) -> HttpResponse:
    """What a person saw, from the work list or from the delivery's own page; the answer goes back there."""
    row, form = found_by(request, pk), DecideForm(request.POST)
    listed = request.POST.get("then") == "unknown"
    try:
        if not form.is_valid():
            return told(request, row, listed, 422, first_error(form))
        messages.success(request, decide(row, form.cleaned_data, request.seat.person))
    except NotPossible as error:
        return told(request, found_by(request, pk), listed, 409, str(error))
    return redirect("unknown") if listed else redirect("delivery", pk=pk)


def decide(row: Delivery, given: dict, by: Person) -> str:
    title, what = row.version.title, given["decision"]
    if what == "never":
        desk.give_up(row, by=by, reason=given["note"])
        return f"“{title}”: thôi không gửi nữa. Kinh phí giữ cho lượt này được giải phóng."
    desk.decide_unknown(row, by=by, posted=what == "posted", note=given["note"], link=given["link"])
    return f"Đã ghi: “{title}” đã đăng." if what == "posted" else f"Đã ghi: “{title}” chưa đăng. Hệ thống gửi lại."


def told(request: HttpRequest, row: Delivery, listed: bool, status: int, words: str) -> HttpResponse:
    if listed:
        return unknown.page(request, status=status, refused=f"“{row.version.title}”: {words}")
    return page(request, row, status=status, refused=words)


@needs(post=RECALLING)
def cancelled(request: HttpRequest, pk: int) -> HttpResponse:
    def do(row: Delivery, given: dict) -> str:
        desk.cancel(row, by=request.seat.person, reason=given["reason"])
        return "Đã hủy lượt đăng."

    return act(request, pk, ReasonForm(request.POST), do)


@needs(post=RECALLING)
def withdrawn(request: HttpRequest, pk: int) -> HttpResponse:
    def do(row: Delivery, given: dict) -> str:
        desk.withdraw(row, by=request.seat.person, reason=given["reason"])
        return "Đã lệnh gỡ bài. Theo dõi lượt gỡ ở mục “Lượt liên quan”."

    return act(request, pk, ReasonForm(request.POST), do)


@needs(post=WORKING)
def evidenced(request: HttpRequest, pk: int) -> HttpResponse:
    def do(row: Delivery, given: dict) -> str:
        file = given["file"]
        desk.add_file_evidence(row, file.read(), file.name, given["label"], by=request.seat.person)
        return "Đã lưu minh chứng."

    return act(request, pk, EvidenceForm(request.POST, request.FILES), do)


def act(request: HttpRequest, pk: int, form: forms.Form, do: Callable[[Delivery, dict], str]) -> HttpResponse:
    row = found_by(request, pk)
    if not form.is_valid():
        return page(request, row, status=422, refused=first_error(form))
    try:
        messages.success(request, do(row, form.cleaned_data))
    except NotPossible as error:
        return page(request, found_by(request, pk), status=409, refused=str(error))
    return redirect("delivery", pk=pk)


def proofs_of(given: dict) -> list[Proof]:
    proofs = []
    if given["link"]:
        proofs.append(Proof("permalink", "Đường dẫn minh chứng", given["link"]))
    if given["minutes"]:
        proofs.append(Proof("minutes", "Biên bản nghiệm thu", given["minutes"]))
    return proofs


def found_by(request: HttpRequest, pk: int) -> Delivery:
    return own(Delivery.objects.select_related(*RELATED), request, pk=pk)


def page(
    request: HttpRequest, row: Delivery, *, status: int = 200, refused: str = "", tried_link: str = ""
) -> HttpResponse:
    state = State(row.state)
    attempts = list(row.attempts.order_by("-number")[:20])
    context = {
        "needs_acceptance": CHANNELS[row.account.kind].needs_acceptance,
        "delivery": row,
        "too_early": desk.too_early(row),
        "session": session_row(row) if state is State.HANDED_OVER else None,
        "advice": advice(
            state,
            by_a_person=not CHANNELS[row.account.kind].automatic,
            withdraws=row.action == Action.WITHDRAW,
        ),
        "error_advice": ADVICE.get(attempts[0].error_class, "") if attempts else "",
        "attempts": attempts,
        "evidence": row.evidence.select_related("by"),
        "events": Event.objects.filter(subject=f"delivery:{row.pk}", organisation=row.organisation).order_by("id"),
        "entries": row.entries.select_related("by"),
        "follow_ups": row.follow_ups.select_related("account"),
        "preview": preview_of(row),
        "refused": refused,
        "tried_link": tried_link,
        "forms": forms_for(row),
        "doubt": unknown.doubts_of([row], timezone.now())[0] if state is State.UNKNOWN else None,
        "may_decide": any(request.seat.may(right) for right in DECIDING),
        "stands": state is State.DELIVERED and row.action != Action.WITHDRAW,
        "can_correct": CHANNELS[row.account.kind].can_correct,
        "automatic": CHANNELS[row.account.kind].automatic,
    }
    return render(request, "console/delivery.html", context, status=status)


def preview_of(row: Delivery) -> Preview | None:
    """What goes or went out; a withdrawal carries nothing."""
    if row.action == Action.WITHDRAW:
        return None
    rendering = Rendering.objects.filter(version=row.version_id, account=row.account_id).first()
    if rendering is None:
        return None
    rendering.account = row.account
    try:
        return shown(rendering)
    except UnreadableSecret:
        return None


def forms_for(row: Delivery) -> dict[str, forms.Form]:
    """The acts the state allows, each with its form; the templates show those the visitor has the right to."""
    state = State(row.state)
    offered: dict[str, forms.Form] = {"evidence": EvidenceForm()}
    if state is State.HANDED_OVER:
        by_link = CHANNELS[row.account.kind].closed_by_link
        offered |= {"link": LinkForm(initial={"link": row.permalink})} if by_link else {"confirm": ConfirmForm()}
        offered["refuse"] = ReasonForm()
    if State.CANCELLED in MOVES[state]:
        offered["cancel"] = ReasonForm()
    if row.action != Action.WITHDRAW and (state is State.DELIVERED or desk.can_recall(row)) and desk.may_withdraw(row):
        offered["withdraw"] = ReasonForm()
    return offered
