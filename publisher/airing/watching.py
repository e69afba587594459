"""What must be seen without anybody pressing anything: sessions that came to be, changed, or nobody speaks of."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from channels.errors import ChannelError
from publisher.airing.approving import empty, standing_approval, void_if_changed
from publisher.airing.finishing import finish_unfinished
from publisher.airing.hours import span_of
from publisher.airing.models import Airing, Bulletin, Ruling, Standing
from publisher.airing.sessions import KIND, Look, kept_bulletins, look, open_bulletins, session_of
from publisher.airing.sounding import failed_since, sound_soon
from publisher.delivery.models import Account
from publisher.delivery.secrets import UnreadableSecret
from publisher.people.models import Organisation

NEAR = timedelta(days=2)  # around now; farther sessions are seen when somebody opens them


def watch(now: datetime) -> None:
    stations = defaultdict(list)
    for account in Account.objects.filter(kind=KIND, retired_at=None).select_related("organisation"):
        stations[account.organisation].append(account)
    for organisation, accounts in stations.items():
        found = look(accounts, now - NEAR, now + NEAR)
        bulletins = kept_bulletins(organisation, found)
        refresh(bulletins, found, now)
        ask_for_sound(bulletins, found, now)
        close_empty(organisation, now)
    if stations:
        finish_unfinished(now)


def refresh(bulletins: dict[tuple[int, datetime], Bulletin], found: Look, now: datetime) -> None:
    """Ends approvals of what has changed since."""
    for key, bulletin in bulletins.items():
        if bulletin.state == Standing.APPROVED:
            void_if_changed(bulletin, found.sessions[key].digest, now)


def close_empty(organisation: Organisation, now: datetime) -> None:
    """Sessions whose items were all taken back or moved on: there is nothing to air, nothing to ask about."""
    for bulletin in open_bulletins(organisation, now + NEAR):
        try:
            if session_of(bulletin) is None:
                empty(bulletin, now)
        except (ChannelError, UnreadableSecret, OSError, KeyError):
            continue  # a folder that cannot be read is not an empty one


def ask_for_sound(bulletins: dict[tuple[int, datetime], Bulletin], found: Look, now: datetime) -> None:
    for key, bulletin in bulletins.items():
        if bulletin.state != Standing.APPROVED or bulletin.slot_at < now:
            continue
        approval = standing_approval(bulletin, found.sessions[key].digest)
        if approval and found.sessions[key].sound is None and not failed_since(bulletin, approval.at):
            sound_soon(bulletin)


def unconfirmed(organisation: Organisation, now: datetime) -> list[Bulletin]:
    """Sessions nobody has spoken of for longer than it takes."""
    return list(open_bulletins(organisation, now - span_of("unconfirmed_hours")))


def without_document(organisation: Organisation, now: datetime, *, overdue: bool = False) -> list[Airing]:
    """Airings on an oral order whose document nobody has named yet; `overdue`: for too long."""
    rows = Airing.objects.filter(bulletin__organisation=organisation, outcome__in=[Standing.AIRED, Standing.CUT_SHORT])
    rows = rows.exclude(order="").exclude(bulletin__approvals__ruling=Ruling.APPROVED)
    if overdue:
        rows = rows.filter(at__lt=now - span_of("oral_order_hours"))
    return list(rows.select_related("bulletin__account", "by").order_by("pk"))
