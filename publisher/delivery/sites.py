"""The public site of an organisation: where it stands, what its pages show, and keeping it so.

The frame on disk follows brand, happenings and software. A clock looks once a minute, which costs a file and two rows:
so whatever changed it, a form, a command, a restored backup, a new version or only the time, one way brings it out.
What must be made again is made by a worker, never in a request.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from assets.store import Store
from channels import contract
from channels.errors import Unavailable
from channels.page import (
    Emblem,
    Frame,
    Page,
    Site,
    Upcoming,
    is_built,
    is_laid_out,
    is_rebuilding,
    lay_out,
    progress_of,
    rebuild,
)
from channels.page.rebuilding import Fault
from channels.page.site import record_at
from channels.standing import stamp
from publisher.config import config
from publisher.delivery.models import Account, Action, Delivery
from publisher.delivery.states import State
from publisher.people.models import Organisation
from publisher.timetable.models import Happening

log = logging.getLogger("publisher.sites")
SHOWN = 20  # happenings


def site_address(organisation: Organisation) -> str:
    """Where the public site of an organisation stands, with its slash."""
    if organisation.site_url:
        return organisation.site_url.rstrip("/") + "/"
    return f"{config.origin}/trang/{organisation.slug}/"


def site_root(organisation: Organisation) -> Path:
    return Path(settings.SITE_ROOT) / organisation.slug


def site_of(organisation: Organisation) -> Site:
    return Site(site_root(organisation), site_address(organisation))


def publisher_of(organisation: Organisation) -> contract.Publisher:
    """The body in whose name everything is said."""
    return contract.Publisher(
        name=organisation.name,
        short_name=organisation.short_name,
        slug=organisation.slug,
        address=organisation.address,
        hotline=organisation.hotline,
        email=organisation.email,
    )


def frame_of(organisation: Organisation, now: datetime) -> Frame:
    """What every page of the site shows beside its article."""
    told, emblem = publisher_of(organisation), organisation.emblem
    letters = Account.objects.filter(organisation=organisation, kind="email", retired_at=None, held_at=None).exists()
    return Frame(
        name=told.name,
        short_name=told.short_name,
        address=told.address,
        hotline=told.hotline,
        email=told.email,
        accent=organisation.accent,
        emblem=Emblem(emblem.sha256, emblem.media_type, emblem.width, emblem.height) if emblem else None,
        feedback_url=organisation.feedback_url,
        letters_url=f"{config.origin}/thu/{organisation.slug}/dang-ky" if letters else "",
        happenings=tuple(upcoming(organisation, now)),
    )


def upcoming(organisation: Organisation, now: datetime) -> Iterator[Upcoming]:
    """What is not over, the soonest first; a cancelled one stays until it would have begun."""
    ahead = Q(starts_at__gte=now) | Q(ends_at__gte=now, cancelled_at=None)
    for row in Happening.objects.filter(ahead, organisation=organisation).order_by("starts_at", "pk")[:SHOWN]:
        ends_at = stamp(row.ends_at) if row.ends_at else ""
        yield Upcoming(row.title, stamp(row.starts_at), ends_at, row.place, row.cancelled)


def open_site(organisation: Organisation) -> bool:
    """A site answers before its first article. Says whether all its pages stand as they should."""
    return lay_out(site_of(organisation), frame_of(organisation, timezone.now()), emblem_bytes)


def emblem_bytes(sha256: str) -> bytes:
    """Raises `KeyError` when the picture is not in the store."""
    return Store(Path(settings.MEDIA_STORE)).get(sha256)


def is_due(organisation: Organisation, now: datetime) -> bool:
    """Whether something of the site is not as it should be."""
    site, frame = site_of(organisation), frame_of(organisation, now)
    return not (is_laid_out(site, frame) and is_built(site, frame))


def refresh(organisation: Organisation) -> None:
    """Brings the site to what the organisation says now: the front at once, the rest as long as it takes."""
    try:
        if not open_site(organisation):
            rebuild(site_of(organisation), wait=False)
    except Unavailable as error:
        if error.code != "busy":
            raise


def hosts() -> Iterator[Organisation]:
    """Organisations with a public site."""
    named = Account.objects.filter(kind=Page.kind, retired_at=None).values("organisation")
    yield from Organisation.objects.filter(pk__in=named, retired_at=None).select_related("emblem").order_by("slug")


def due_sites(now: datetime) -> Iterator[int]:
    """Those of which something is to be made again and nobody is at it."""
    for organisation in hosts():
        if is_due(organisation, now) and not is_rebuilding(site_of(organisation)):
            yield organisation.pk


def standing(organisation: Organisation) -> tuple[bool, int, int]:
    """(whether all stands as it should, pages done, pages in all) for whoever looks at the brand."""
    done, total = progress_of(site_of(organisation))
    return not is_due(organisation, timezone.now()), done, total


def log_faults(organisation: Organisation) -> Iterator[Fault]:
    """Every delivered publication of the log against the record on disk: its payload, its address."""
    site = site_of(organisation)
    delivered = Delivery.objects.filter(
        account__kind=Page.kind,
        organisation=organisation,
        action__in=(Action.PUBLISH, Action.CORRECT),
        state__in=(State.DELIVERED, State.CORRECTED, State.WITHDRAWN),
    )
    asked = delivered.order_by("pk").values_list("ref", "digest", "remote_id", "permalink", "state")
    for ref, digest, path, permalink, state in asked.iterator():
        yield from _log_faults(site, str(ref), digest, path, permalink, state)


def _log_faults(site: Site, ref: str, digest: str, path: str, permalink: str, state: str) -> Iterator[Fault]:
    record = record_at(site, path) if path else None
    if record is None:
        yield Fault(path, f"Nhật ký ghi lượt {ref} đã đăng, trên đĩa không có bài.")
        return
    if (ref, digest) not in {(mark["ref"], mark["digest"]) for mark in record["deliveries"]}:
        yield Fault(path, f"Bài trên đĩa không mang dấu của lượt {ref} với đúng nội dung đã duyệt.")
    if not permalink.endswith("/" + path):
        yield Fault(path, f"Nhật ký ghi địa chỉ {permalink}, bài đứng ở {site.url(path)}.")
    if state == State.WITHDRAWN and not record["withdrawn"] and record["deliveries"][-1]["ref"] == ref:
        yield Fault(path, "Nhật ký ghi bài đã gỡ, trên đĩa bài vẫn còn.")
    if state == State.DELIVERED and record["withdrawn"] and record["deliveries"][-1]["ref"] == ref:
        yield Fault(path, "Nhật ký ghi bài đang đăng, trên đĩa bài đã gỡ.")
