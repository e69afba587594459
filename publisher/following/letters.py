"""Notices by e-mail: one letter for a person and a few minutes, through the installation's own mail server.

A letter's Message-ID stays the same at every try, so that one sent twice after a crash shows once where the mail
program knows it already. Without `PUBLISHER_SMTP_URL` nothing is written: the console's list is the usual way.
"""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.db.models import F, Min, Q

from publisher.config import config
from publisher.following import waits
from publisher.following.models import DispatchState, Letter, Notice

GATHERED = timedelta(minutes=3)  # what comes within, goes in one letter
FRESH = timedelta(days=1)  # older notices are no news
LEASE = timedelta(seconds=120)
TIMEOUT = 20  # seconds for each step of the conversation
LATER = range(400, 500)  # SMTP: try again


def gather(now: datetime) -> int:
    """Puts unread notices into letters, a person and organisation each; returns how many letters."""
    if not config.smtp_url:
        return 0
    rows = Notice.objects.filter(letter=None, read_at=None, at__gt=now - FRESH)
    willing = rows.exclude(person__email="").exclude(person__notice_choice__by_letter=False)
    pairs = willing.filter(person__is_active=True).order_by().values_list("person_id", "organisation_id")
    ready = pairs.annotate(first=Min("at")).filter(first__lte=now - GATHERED)
    return sum(write(person, place, now) for person, place, _ in list(ready))


def write(person: int, organisation: int, now: datetime) -> bool:
    """False when another process put these notices into a letter of its own."""
    with transaction.atomic():
        letter = Letter.objects.create(person_id=person, organisation_id=organisation, since=now, next_try_at=now)
        rows = Notice.objects.filter(person_id=person, organisation_id=organisation, letter=None, read_at=None)
        if rows.filter(at__gt=now - FRESH).update(letter=letter):
            return True
        letter.delete()
    return False


def due_letters(now: datetime) -> list[int]:
    if not config.smtp_url:
        return []
    rows = Letter.objects.filter(state=DispatchState.WAITING, next_try_at__lte=now)
    return list(rows.filter(Q(turn_until=None) | Q(turn_until__lt=now)).values_list("pk", flat=True)[:100])


def send(pk: int, now: datetime) -> bool:
    """One try of one letter; False when somebody else has it, or it did not go."""
    rows = Letter.objects.filter(pk=pk, state=DispatchState.WAITING)
    if not rows.filter(Q(turn_until=None) | Q(turn_until__lt=now)).update(turn_until=now + LEASE):
        return False
    letter = Letter.objects.select_related("person", "organisation").get(pk=pk)
    try:
        message_of(letter).send()
    except (OSError, smtplib.SMTPException, ValueError) as error:  # ValueError: an address no letter can carry
        put_off(letter, error, now)
        return False
    return bool(rows.update(state=DispatchState.SENT, sent_at=now, tries=F("tries") + 1, turn_until=None, answer=""))


def put_off(letter: Letter, error: Exception, now: datetime) -> None:
    """Tried again for a day, unless the server refuses the person's address or ours for good."""
    refused = code_of(error) >= LATER.stop
    over = refused or now - letter.since >= waits.PATIENCE
    Letter.objects.filter(pk=letter.pk, state=DispatchState.WAITING).update(
        state=DispatchState.GIVEN_UP if over else DispatchState.WAITING,
        next_try_at=now + waits.before_try(letter.tries + 1),
        tries=F("tries") + 1,
        turn_until=None,
        answer=f"{type(error).__name__} {code_of(error) or ''}".strip(),
    )


def code_of(error: Exception) -> int:
    """The server's reply code, 0 where there was none. A reply to the address counts like any other."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _ in error.recipients.values())
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0


def message_of(letter: Letter) -> EmailMessage:
    words = [notice.words for notice in letter.notices.order_by("pk")]
    first = words[0] if len(words) == 1 else f"{len(words)} việc cần xem"
    subject = " ".join(f"[{letter.organisation.short_name}] {first}".split())[:150]
    sender = config.notice_sender or f"Tin Cơ Sở <{config.mail_server.username}>"
    domain = sender.rpartition("@")[2].rstrip("> ") or "localhost"
    return EmailMessage(
        subject,
        body_of(letter),
        sender,
        [letter.person.email],
        headers={
            "Message-ID": f"<thong-bao-{letter.uid}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
        connection=mail_server(),
    )


def body_of(letter: Letter) -> str:
    lines = [f"{notice.words}\n{config.origin}{notice.address}" for notice in letter.notices.order_by("pk")]
    closing = f"Thôi nhận thư, hoặc xem mọi thông báo: {config.origin}/thong-bao"
    return "\n\n".join([f"Kính gửi {letter.person},", *lines, closing]) + "\n"


def mail_server() -> EmailBackend:
    place = config.mail_server
    return EmailBackend(
        host=place.host,
        port=place.port,
        username=place.username,
        password=place.password,
        use_ssl=place.tls == "at once",
        use_tls=place.tls == "upgrade",
        timeout=TIMEOUT,
    )
