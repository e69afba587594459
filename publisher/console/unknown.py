"""Chưa rõ kết quả: what may have gone out, what is known of each, where to look, and what a person can decide."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django import forms
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from campaigns.models import Rendering
from publisher.console.doors import needs
from publisher.console.forms import PlainForm
from publisher.delivery.checkup import addresses, on_sandbox
from publisher.delivery.models import Account, Attempt, Delivery
from publisher.delivery.secrets import UnreadableSecret
from publisher.delivery.shaping import shown
from publisher.delivery.states import State
from publisher.people.models import Organisation
from publisher.people.rights import Right

DECIDING = (Right.WRITE, Right.APPROVE)
MOST = 50  # written out in one list; deciding makes room for the rest
LINES = 2  # of the words to look for: enough to find them, short enough to paste


class DecideForm(PlainForm):
    """What a person saw. The three decisions are forms of their own on the page, so one message tells what is wrong."""

    decision = forms.ChoiceField(label="Quyết định", choices=[("posted", ""), ("absent", ""), ("never", "")])
    link = forms.URLField(label="Đường dẫn bài trên kênh", required=False, max_length=500, assume_scheme="https")
    note = forms.CharField(label="Bạn đã xem ở đâu, lúc nào", required=False, max_length=1000)

    def clean(self) -> dict[str, object]:
        given = super().clean()
        said = given.get("note") or (given.get("link") if given.get("decision") == "posted" else "")
        if not self.errors and not said:
            self.add_error(
                "note", "Hãy ghi bạn đã xem ở đâu, lúc nào, hoặc dán đường dẫn bài; nhật ký giữ lại lời này."
            )
        return given


@dataclass(frozen=True, slots=True)
class Doubt:
    """One delivery nobody can vouch for, and all that is known of it."""

    delivery: Delivery
    attempt: Attempt | None
    words: str  # exactly as they would stand there
    where: str
    address: str  # "" where there is none to open
    looks_itself: bool
    after_absent: str  # what happens when a person says it is not there

    @property
    def answered(self) -> str:
        """What came back when it was sent."""
        return self.attempt.error if self.attempt else ""


@needs(Right.READ)
def unknown(request: HttpRequest) -> HttpResponse:
    return page(request)


def page(request: HttpRequest, *, status: int = 200, refused: str = "") -> HttpResponse:
    rows, now = doubtful(request.seat.organisation), timezone.now()
    found = doubts_of(list(rows[:MOST]), now)
    context = {
        "waiting": [doubt for doubt in found if not doubt.looks_itself],
        "looking": [doubt for doubt in found if doubt.looks_itself],
        "count": rows.count(),
        "most": MOST,
        "refused": refused,
        "may_decide": any(request.seat.may(right) for right in DECIDING),
    }
    return render(request, "console/unknown.html", context, status=status)


def doubtful(organisation: Organisation) -> QuerySet[Delivery]:
    """Everything of unknown outcome, the longest in doubt first."""
    rows = Delivery.objects.filter(organisation=organisation, state=State.UNKNOWN)
    latest = Prefetch("attempts", Attempt.objects.order_by("-number"))
    related = ("organisation", "account__organisation", "account__through", "version")
    return rows.select_related(*related).prefetch_related(latest).order_by("due_at", "pk")


def for_people(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Those of `doubtful` that the engine looks for no more; see `looks_itself`."""
    return rows.filter(Q(review_since__isnull=False) | Q(account__held_at__isnull=False))


def doubts_of(rows: Collection[Delivery], now: datetime) -> list[Doubt]:
    found = Rendering.objects.filter(version__in={row.version_id for row in rows})
    renderings = {(rendering.version_id, rendering.account_id): rendering for rendering in found}
    return [doubt_of(row, renderings.get((row.version_id, row.account_id)), now) for row in rows]


def doubt_of(row: Delivery, rendering: Rendering | None, now: datetime) -> Doubt:
    attempt = next(iter(row.attempts.all()), None)
    where, address = place_of(row)
    return Doubt(row, attempt, words_of(row, rendering), where, address, looks_itself(row), after_absent(row, now))


def looks_itself(row: Delivery) -> bool:
    """Whether the engine still reads back: it has not handed the doubt to a person, and the account can be asked."""
    return row.review_since is None and not row.account.held


def after_absent(row: Delivery, now: datetime) -> str:
    if row.late_until is not None and row.late_until < now:
        return "Giờ được gửi muộn đã qua, nên lượt này sẽ ghi là đã lỡ, không gửi lại."
    if row.account.held:
        return "Bài sẽ được GỬI LẠI ngay khi kênh được mở."
    return "Bài sẽ được GỬI LẠI ngay bây giờ. Nếu bài thật ra đã lên, người dân sẽ thấy hai bài."


def words_of(row: Delivery, rendering: Rendering | None) -> str:
    """The first lines of the frozen payload, as the channel shows them; the title where it cannot be read."""
    if rendering is None:
        return row.version.title
    rendering.account = row.account
    try:
        lines = [line.strip() for line in shown(rendering).text.splitlines() if line.strip()]
    except UnreadableSecret:
        return row.version.title
    return "\n".join(lines[:LINES]) or row.version.title


def place_of(row: Delivery) -> tuple[str, str]:
    """Where to look, in words, and its address: what stood before, else the account's own page at the vendor."""
    if row.permalink:
        return "Địa chỉ của bài", row.permalink
    account = row.account
    known = places().get(account.kind)
    if known is None:
        return f"{account.name}", ""
    if on_sandbox(account) and known["sandbox"]:
        return "Máy giả lập, danh sách đã nhận", origin(addresses(account.through or account)) + known["sandbox"]
    return known["words"], filled(known["address"], account)


def origin(found: Iterable[str]) -> str:
    parts = urlsplit(next(iter(found), ""))
    return f"{parts.scheme}://{parts.netloc}"


def filled(address: str, account: Account) -> str:
    try:
        return address.format_map(account.settings)
    except KeyError:
        return ""


@cache
def places() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("places.toml").read_text("utf-8"))
