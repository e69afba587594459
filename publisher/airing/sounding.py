"""Recordings are made in the background of whatever process asked: speaking a quarter of an hour takes a while.

One after the other, each session once at a time. What a killed process left unmade the next look asks for again.
"""

from __future__ import annotations

import logging
import queue
import threading
from datetime import datetime

from django.db import close_old_connections, connection, connections, transaction

from channels import loudspeaker
from channels.errors import ChannelError
from publisher.airing.finishing import local_slot
from publisher.airing.models import Bulletin
from publisher.airing.saying import say
from publisher.airing.sessions import session_of
from publisher.delivery.accounts import as_channel_sees
from publisher.delivery.secrets import UnreadableSecret
from publisher.events.models import Event
from publisher.people.models import Person

log = logging.getLogger("publisher.airing")
PATIENCE = 60.0  # seconds without work, before the thread ends
TROUBLES = (loudspeaker.NoSound, ChannelError, UnreadableSecret, OSError)


class Speaker:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.in_line: set[int] = set()
        self.thread: threading.Thread | None = None

    def line_up(self, pk: int) -> None:
        with self.lock:
            if pk in self.in_line:
                return
            self.in_line.add(pk)
            self.waiting.put(pk)
            if self.thread is None:
                self.thread = threading.Thread(target=self.run, name="đọc bản tin", daemon=True)
                self.thread.start()

    def run(self) -> None:
        while (pk := self.next()) is not None:
            try:
                close_old_connections()
                speak(pk)
            except Exception:
                log.exception("bulletin %s not spoken", pk)
            finally:
                with self.lock:
                    self.in_line.discard(pk)
        connections.close_all()

    def next(self) -> int | None:
        """None when there is nothing more: then the thread ends, and whoever comes next starts another."""
        try:
            return self.waiting.get(timeout=PATIENCE)
        except queue.Empty:
            with self.lock:
                if self.waiting.empty():
                    self.thread = None
                    return None
            return self.next()


SPEAKER = Speaker()


def sound_soon(bulletin: Bulletin) -> None:
    """Inside somebody's transaction no other thread sees the row: it is asked for after its end."""
    pk = bulletin.pk
    if connection.in_atomic_block:
        transaction.on_commit(lambda: SPEAKER.line_up(pk))
    else:
        SPEAKER.line_up(pk)


def is_speaking(bulletin: Bulletin) -> bool:
    return bulletin.pk in SPEAKER.in_line


def speak(pk: int, by: Person | None = None) -> str:
    """Makes the recording; returns why there is none, "" when there is one. Either way the history tells."""
    bulletin = Bulletin.objects.select_related("organisation", "account__organisation").get(pk=pk)
    try:
        session = session_of(bulletin)
        if session is None or session.sound is not None:
            return ""
        made = loudspeaker.make_sound(as_channel_sees(bulletin.account), local_slot(bulletin))
    except TROUBLES as error:
        told(bulletin, "no_sound", by, reason=str(error))
        return str(error)
    told(bulletin, "spoken", by, seconds=round(made.seconds), voice=made.voice, digest=made.digest)
    return ""


def told(bulletin: Bulletin, what: str, by: Person | None, **data: object) -> None:
    with transaction.atomic():
        say(bulletin, what, by, **data)


def why_no_sound(bulletin: Bulletin) -> str:
    """What the last try said; "" when none failed since the last that went well."""
    last = Event.objects.filter(
        subject=f"bulletin:{bulletin.pk}", kind__in=["bulletin.no_sound", "bulletin.spoken"]
    ).order_by("-id")
    event = last.first()
    return str(event.data.get("reason", "")) if event and event.kind == "bulletin.no_sound" else ""


def failed_since(bulletin: Bulletin, moment: datetime) -> bool:
    """Whether a try failed since then: without a voice there is no use in trying every minute."""
    subject = f"bulletin:{bulletin.pk}"
    return Event.objects.filter(subject=subject, kind="bulletin.no_sound", at__gte=moment).exists()
