"""Sealing and proving the log.

seal n = SHA-256(seq, hash of seal n-1, leaves); a leaf is an event's id and digest. The newest seal is also written to
`var/seals.log`, outside the database, so that cutting off the end is seen too.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone

from publisher.config import config
from publisher.events.log import digest, mac
from publisher.events.models import Event, Seal

log = logging.getLogger("publisher.events")
GENESIS = "0" * 64
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with the log: `kind` is changed, removed, inserted or chain."""

    kind: str
    what: str
    message: str


def seal_log() -> int:
    """Seals what is not sealed yet; returns how many events. Another sealer at work is no error: it did our work."""
    try:
        with transaction.atomic():
            sealed = seal_batch()
    except IntegrityError:
        return 0
    if sealed:
        anchor(sealed)
        return len(sealed.leaves)
    return 0


def seal_batch() -> Seal | None:
    last = Seal.objects.order_by("-seq").first()  # before the events: a seal made meanwhile then takes our number
    open_events = list(Event.objects.filter(seal=None).order_by("id")[:BATCH])
    if not open_events:
        return None
    leaves = [[event.pk, digest(event)] for event in open_events]
    seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
    seal = Seal.objects.create(
        seq=seq, previous=previous, hash=seal_hash(seq, previous, leaves), leaves=leaves, at=timezone.now()
    )
    Event.objects.filter(pk__in=[event.pk for event in open_events], seal=None).update(seal=seal)
    return seal


def seal_hash(seq: int, previous: str, leaves: list[list[object]]) -> str:
    return hashlib.sha256(json.dumps([seq, previous, leaves], separators=(",", ":")).encode()).hexdigest()


def anchor_path() -> Path:
    return config.var_dir / "seals.log"


def anchor(seal: Seal) -> None:
    """Announces it. A full disk loses an announcement, not the seal, and holds up no publication."""
    try:
        anchor_path().parent.mkdir(parents=True, exist_ok=True)
        with anchor_path().open("ab+") as file:
            torn = file.tell() and file.seek(-1, os.SEEK_END) and file.read(1) != b"\n"
            file.write(f"{chr(10) if torn else ''}{seal.seq} {seal.hash}\n".encode())
    except OSError:
        log.exception("seal %s not announced in %s", seal.seq, anchor_path())


def announced() -> list[tuple[int, str]]:
    """Number and hash of every announced seal; lines that a full disk cut short are none."""
    lines = (line.partition(" ") for line in anchor_path().read_text("ascii", "replace").splitlines())
    return [(int(seq), told) for seq, _, told in lines if seq.isdigit() and len(told) == len(GENESIS)]


def never_announced() -> bool:
    return not anchor_path().exists()


def announced_more() -> bool:
    """Whether a seal was announced outside the database that it does not know: the database is older than that.

    A database with seals beside no announcement at all has lost its var folder, or came to another machine.
    """
    if never_announced():
        return Seal.objects.exists()
    last = announced()[-1:]
    return any(not Seal.objects.filter(seq=seq, hash=told).exists() for seq, told in last)


def verify_log() -> list[Finding]:
    """Every changed, removed or inserted row of the log, and every break in its chain; empty when all is well."""
    return [*broken_chain(), *broken_leaves(), *strangers(), *copies(), *cut_off()]


def broken_chain() -> Iterator[Finding]:
    previous, expected = GENESIS, 1
    for seal in Seal.objects.order_by("seq").iterator():
        if seal.seq != expected:
            yield Finding("removed", f"seal:{expected}", f"Thiếu niêm phong số {expected}.")
        if seal.previous != previous and seal.seq == expected:
            yield Finding("chain", f"seal:{seal.seq}", f"Niêm phong số {seal.seq} không nối với niêm phong trước.")
        if seal.hash != seal_hash(seal.seq, seal.previous, seal.leaves):
            yield Finding("changed", f"seal:{seal.seq}", f"Niêm phong số {seal.seq} đã bị sửa.")
        previous, expected = seal.hash, seal.seq + 1


def broken_leaves() -> Iterator[Finding]:
    for seal in Seal.objects.order_by("seq").iterator():
        rows = {event.pk: event for event in Event.objects.filter(pk__in=[leaf[0] for leaf in seal.leaves])}
        for pk, leaf in seal.leaves:
            event = rows.pop(pk, None)
            if event is None:
                yield Finding("removed", f"event:{pk}", f"Dòng nhật ký {pk} đã bị xóa.")
            elif digest(event) != leaf:
                yield Finding("changed", f"event:{pk}", f"Dòng nhật ký {pk} ({event.kind}, {event.subject}) đã bị sửa.")
            elif mac(event) != event.mac:
                yield foreign(event)  # it was no event of ours when it was sealed
        stowaways = Event.objects.filter(seal=seal).exclude(pk__in=[leaf[0] for leaf in seal.leaves])
        for event in stowaways:
            yield Finding("inserted", f"event:{event.pk}", f"Dòng nhật ký {event.pk} ({event.kind}) bị chèn thêm.")


def strangers() -> Iterator[Finding]:
    """Unsealed events without a valid mark of ours: changed before sealing, or slipped in."""
    for event in Event.objects.filter(seal=None).order_by("id").iterator():
        if mac(event) != event.mac:
            yield foreign(event)


def copies() -> Iterator[Finding]:
    """A row copied with its valid mark: an event happens once, so its uid stands once."""
    twice = Event.objects.values("uid").annotate(rows=Count("pk")).filter(rows__gt=1).values("uid")
    first: dict[UUID, int] = {}
    for uid, pk in Event.objects.filter(uid__in=twice).order_by("id").values_list("uid", "pk"):
        if first.setdefault(uid, pk) != pk:
            yield Finding("inserted", f"event:{pk}", f"Dòng nhật ký {pk} bị chèn thêm: sao từ dòng {first[uid]}.")


def foreign(event: Event) -> Finding:
    words = f"Dòng nhật ký {event.pk} ({event.kind}, {event.subject}) bị chèn thêm hoặc đã bị sửa: dấu xác thực sai."
    return Finding("inserted", f"event:{event.pk}", words)


def cut_off() -> Iterator[Finding]:
    """Seals that were announced outside the database and are no longer in it."""
    if never_announced():
        return
    told = announced()  # first: what is announced stands in the database already
    kept = dict(Seal.objects.values_list("seq", "hash"))
    for seq, value in told:
        if kept.get(seq) != value:
            yield Finding(
                "removed", f"seal:{seq}", f"Niêm phong số {seq} đã công bố nay không còn nguyên trong cơ sở dữ liệu."
            )
