"""Handing a document in: kept first, then read in the background, found again when that was interrupted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from campaigns.models import Plan
from publisher.events.log import record
from publisher.intake.models import Document, DocumentState
from publisher.intake.plans import documents
from publisher.intake.readers import SILENT, start
from publisher.people.models import Organisation, Person

AT_ONCE = 1.5  # seconds a person waits for all they sent before being told that it is being read
UNDER_WAY = Q(state__in=[DocumentState.WAITING, DocumentState.READING])
GONE = "Tiến trình đọc tệp này đã dừng giữa chừng. Tệp vẫn được giữ nguyên: bấm “Đọc lại”."


def receive(
    data: bytes, name: str, organisation: Organisation, by: Person | None, *, wait: float = AT_ONCE
) -> Document:
    """Keeps the bytes, then reads them; returns after the result or after `wait` seconds, whichever comes first.

    The same bytes again give the same row: read, being read, or, where it was refused or interrupted, read again.
    Raises OSError when the disk takes nothing; then nothing was received.
    """
    sha256 = documents().put(data)
    settle(organisation, timezone.now())
    document = row(organisation, sha256, data, name, by)
    if document.state == DocumentState.READ:
        Document.objects.filter(pk=document.pk).update(fresh=False)
        document.fresh = False
    if document.state == DocumentState.READ or (document.under_way and document.lease is not None):
        return document
    Document.objects.filter(pk=document.pk).update(name=name[:255], by=by)
    return restart(document, wait=wait)


@transaction.atomic
def row(organisation: Organisation, sha256: str, data: bytes, name: str, by: Person | None) -> Document:
    plan = Plan.objects.filter(organisation=organisation, source_sha256=sha256).first()
    first = {
        "name": name[:255],
        "size": len(data),
        "by": by,
        "plan": plan,
        "state": DocumentState.READ if plan else DocumentState.WAITING,
    }
    document, created = Document.objects.get_or_create(organisation=organisation, sha256=sha256, defaults=first)
    if created:
        told = {"name": document.name, "sha256": sha256, "size": document.size}
        record("document.received", f"document:{document.pk}", organisation=organisation, actor=by, data=told)
    return document


def restart(document: Document, *, wait: float = AT_ONCE) -> Document:
    """Reads a refused or interrupted document again from the bytes that are kept. Raises `assets.store.Missing` or
    `Damaged` where they are gone."""
    documents().get(document.sha256)
    start(document, wait)
    return Document.objects.select_related("plan").get(pk=document.pk)


def settle(organisation: Organisation, now: datetime) -> int:
    """Marks what nobody reads any more as interrupted; how many there were. Asked for with every look at the list."""
    silent = Document.objects.filter(
        UNDER_WAY, Q(beat_at__lt=now - SILENT) | Q(beat_at=None, at__lt=now - SILENT), organisation=organisation
    )
    return silent.update(state=DocumentState.INTERRUPTED, lease=None, message=GONE)


def documents_of(organisation: Organisation) -> QuerySet[Document]:
    """All documents, newest first, those that were interrupted marked as such."""
    settle(organisation, timezone.now())
    return Document.objects.filter(organisation=organisation).select_related("plan", "by").defer("plan__reading")
