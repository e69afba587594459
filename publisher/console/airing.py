"""The operator's page, phone first: the session that is next, its words large, its sound, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from channels.errors import ChannelError
from channels.loudspeaker.bulletin import Kind
from channels.loudspeaker.folder import PAPERS, RECORDING
from publisher.airing.approving import (
    approve,
    lacks_document,
    silent_for,
    standing_approval,
    too_late,
    unreadable,
    why_not_approve,
    wrote_something,
)
from publisher.airing.hours import is_unusual, span_of
from publisher.airing.models import Airing, Bulletin, BulletinApproval, Standing
from publisher.airing.sessions import (
    Look,
    Session,
    kept_bulletins,
    look,
    open_bulletins,
    reopened,
    session_of,
    stations,
)
from publisher.airing.sounding import is_speaking, sound_soon, why_no_sound
from publisher.airing.telling import correct, tell
from publisher.airing.watching import refresh, without_document
from publisher.approval.review import Refused
from publisher.console.airing_forms import TellForm, correction_form, last_items, tell_form
from publisher.console.doors import needs, own
from publisher.console.forms import first_error
from publisher.delivery.secrets import UnreadableSecret
from publisher.events.models import Event
from publisher.people.models import Person
from publisher.people.rights import Right
from publisher.ranges import ranged

BACK, AHEAD = timedelta(days=1), timedelta(days=2)  # sessions shown on the operator's page
TYPES = {
    ".txt": "text/plain; charset=utf-8",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".ssml": "application/ssml+xml",
    ".mp3": "audio/mpeg",
    ".opus": "audio/ogg",
    ".vtt": "text/vtt; charset=utf-8",
    ".json": "application/json",
}
SHOWN = {".txt", ".pdf", ".mp3", ".opus", ".vtt", ".json"}  # the rest is downloaded
SPEAKING = (Right.AIR, Right.APPROVE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One session as the pages show it."""

    bulletin: Bulletin
    session: Session | None
    approval: BulletinApproval | None

    @property
    def has_come(self) -> bool:
        return self.bulletin.slot_at <= timezone.now()

    @property
    def minutes(self) -> float:
        return self.session.seconds / 60 if self.session else 0.0


@needs(Right.READ)
def operate(request: HttpRequest) -> HttpResponse:
    """Today's sessions of all stations; the next on top, and above it those nobody has spoken of."""
    now = timezone.now()
    sheets, problems = sheets_of(request, now)
    focus = next_of(sheets, now)
    rest = [sheet for sheet in sheets if sheet is not focus]
    waiting = open_bulletins(request.seat.organisation, now)
    context = {
        "problems": problems,
        "unconfirmed": [row for row in waiting if focus is None or row != focus.bulletin],
        "undocumented": without_document(request.seat.organisation, now),
        "sheet": focus,
        "others": [sheet for sheet in rest if sheet.bulletin.slot_at > now - BACK],
        "stations": stations(request.seat.organisation).filter(retired_at=None),
        **(session_context(request, focus) if focus else {}),
    }
    return render(request, "console/airing.html", context)


def sheets_of(request: HttpRequest, now: datetime) -> tuple[list[Sheet], list[str]]:
    organisation = request.seat.organisation
    found = look(stations(organisation).filter(retired_at=None), now - BACK, now + AHEAD)
    bulletins = kept_bulletins(organisation, found)
    refresh(bulletins, found, now)
    sheets = [sheet_of(row, found.sessions[key]) for key, row in bulletins.items()]
    return sheets, found.problems


def sheet_of(bulletin: Bulletin, session: Session | None) -> Sheet:
    return Sheet(bulletin, session, standing_approval(bulletin, session.digest) if session else None)


def next_of(sheets: list[Sheet], now: datetime) -> Sheet | None:
    """The session that is on, or was until just now and waits for its entry; else the next to come."""
    recent = now - span_of("same_session_minutes")
    return next((one for one in sheets if one.bulletin.is_open and one.bulletin.slot_at > recent), None)


@needs(Right.READ)
def session(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, found_by(request, pk))


def page(request: HttpRequest, bulletin: Bulletin, *, status: int = 200, **given: Any) -> HttpResponse:
    lying, problem = lying_of(bulletin)
    if lying is not None:
        reopened(bulletin)
        key = (bulletin.account_id, bulletin.slot_at)
        refresh({key: bulletin}, Look({key: lying}, []), timezone.now())
    sheet = sheet_of(bulletin, lying)
    context = {"sheet": sheet, "problem": problem, "alone": True, **session_context(request, sheet), **given}
    return render(request, "console/airing_session.html", context, status=status)


def lying_of(bulletin: Bulletin) -> tuple[Session | None, str]:
    try:
        return session_of(bulletin), ""
    except (ChannelError, UnreadableSecret) as error:
        return None, str(error)


def session_context(request: HttpRequest, sheet: Sheet) -> dict[str, Any]:
    bulletin, lying = sheet.bulletin, sheet.session
    airings = list(bulletin.airings.select_related("by"))
    context = {
        "rulings": bulletin.approvals.select_related("by"),
        "airings": airings,
        "history": Event.objects.filter(subject=f"bulletin:{bulletin.pk}").order_by("id"),
        "correction": correction_form(airings[0]) if airings and not bulletin.is_open else None,
        "spoken": sound_context(bulletin, lying),
        "undocumented_here": lacks_document(bulletin),
    }
    return context if lying is None else {**context, **of_words(request, bulletin, lying)}


def of_words(request: HttpRequest, bulletin: Bulletin, lying: Session) -> dict[str, Any]:
    outcomes = {"aired": Standing.AIRED, "short": Standing.CUT_SHORT, "off": Standing.NOT_AIRED}
    length = timedelta(seconds=lying.seconds)
    may_approve = request.seat.may(Right.APPROVE)
    return {
        "spoken_parts": [part for part in lying.parts if part.kind is not Kind.JINGLE],
        "silent": silent_for(bulletin, lying),
        "unusual": is_unusual(timezone.localtime(bulletin.slot_at), length),
        "why_not": why_not(bulletin, lying, request.seat.person) if may_approve else "",
        "own_work": may_approve and wrote_something(bulletin, lying, request.seat.person),
        "forms": {name: tell_form(bulletin, lying.digest, outcome) for name, outcome in outcomes.items()},
        "last_items": last_items(lying.items),
        "papers": [name for name in lying.papers if not name.endswith(".ssml")],
    }


def why_not(bulletin: Bulletin, lying: Session, by: Person) -> str:
    unread = unreadable(lying) if bulletin.is_open else ""
    return unread or too_late(bulletin, timezone.now()) or why_not_approve(bulletin, lying, by)


def sound_context(bulletin: Bulletin, lying: Session | None) -> dict[str, Any]:
    sound = lying.sound if lying else None
    return {
        "sound": sound,
        "speaking": sound is None and is_speaking(bulletin),
        "why_none": "" if sound else why_no_sound(bulletin),
    }


@needs(post=Right.APPROVE)
def approved(request: HttpRequest, pk: int) -> HttpResponse:
    bulletin = found_by(request, pk)
    lying, problem = lying_of(bulletin)
    if lying is None:
        return page(request, bulletin, status=409, refused=problem or "Buổi này không có tin nào để duyệt.")
    given = {name: request.POST.get(name, "")[:1000] for name in ("digest", "reason", "order")}
    try:
        approve(bulletin, lying, by=request.seat.person, **given)
    except Refused as refused:
        return page(request, found_by(request, pk), status=409, refused=str(refused))
    messages.success(request, "Đã duyệt cả bản tin. Đổi một chữ, một tin hay thứ tự là phải duyệt lại.")
    return redirect("airing-session", pk=pk)


@needs(post=Right.AIR)
def told(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry of the log, or the correction of the last one."""
    bulletin, form = found_by(request, pk), TellForm(request.POST)
    if not form.is_valid():
        return page(request, bulletin, status=422, refused=first_error(form))
    try:
        entry = enter(request, bulletin, form)
    except Refused as refused:
        return page(request, found_by(request, pk), status=409, refused=str(refused))
    messages.success(request, words_of(entry))
    return redirect("airing-session", pk=pk)


def enter(request: HttpRequest, bulletin: Bulletin, form: TellForm) -> Airing:
    given, by = form.told(bulletin), request.seat.person
    if of := request.POST.get("corrects", ""):
        airing = bulletin.airings.filter(pk=int(of)).first() if of.isdecimal() and len(of) < 19 else None
        if airing is None:
            raise Refused("Dòng cần đính chính không có trong buổi này. Tải lại trang.")
        return correct(airing, given, by=by)
    if already := bulletin.airings.filter(key=given.key).first():
        return already  # sent twice; what lies in the folder may have gone on since
    lying, problem = lying_of(bulletin)
    if lying is None:
        raise Refused(problem or "Buổi này không có tin nào.")
    return tell(bulletin, lying, given, by=by, digest=form.cleaned_data["digest"])


def words_of(entry: Airing) -> str:
    words = f"Đã ghi nhật ký: {entry.outcome_label}."
    if entry.carried_to:
        first = timezone.localtime(entry.carried_to)
        return f"{words} Tin chưa đọc chuyển sang buổi còn chỗ sớm nhất từ {first:%H:%M %d/%m/%Y}."
    return words


@needs(post=SPEAKING)
def spoken(request: HttpRequest, pk: int) -> HttpResponse:
    sound_soon(found_by(request, pk))
    messages.info(request, "Đang tạo tiếng đọc. Tải lại trang sau ít phút.")
    return redirect("airing-session", pk=pk)


@needs(Right.READ)
def file(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A paper of the session, or its recording, whole or by the range a player asks for."""
    lying, _ = lying_of(found_by(request, pk))
    stale = name in RECORDING and lying is not None and lying.sound is None  # it speaks words that are no more
    if lying is None or stale or name not in (*PAPERS, *RECORDING) or not (lying.path / name).is_file():
        raise Http404("Buổi phát này không có tệp đó.")
    suffix = f".{name.rpartition('.')[2]}"
    place = "inline" if suffix in SHOWN else "attachment"
    disposition = f'{place}; filename="{lying.name}-{name}"'
    return ranged(
        request, lying.path / name, TYPES[suffix], Content_Disposition=disposition, Cache_Control="private, no-cache"
    )


def found_by(request: HttpRequest, pk: int) -> Bulletin:
    rows: QuerySet[Bulletin] = Bulletin.objects.select_related("organisation", "account__organisation")
    return own(rows, request, pk=pk)
