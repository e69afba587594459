"""The episode of a session that was aired, on the organisation's public site, where the office wants it there."""

from __future__ import annotations

from django.db import transaction

from channels.feed.podcast import Episode, Show, Station, Transcript, put_episode, take_out_episode
from channels.loudspeaker.folder import CUES
from publisher.airing.models import Airing, Bulletin, Ruling, Standing
from publisher.airing.saying import say
from publisher.airing.sessions import Session, session_of
from publisher.delivery.models import Account
from publisher.delivery.sites import site_address, site_root
from publisher.events.models import Event
from publisher.people.models import Organisation
from publisher.timetable.obstacles import at_clock

WANTED = {"co", "có", "yes", "1"}


def is_wanted(account: Account) -> bool:
    return str(account.settings.get("podcast", "")).strip().lower() in WANTED


def put_episode_of(bulletin: Bulletin) -> bool:
    """Puts the episode out, or takes it out where a later entry says that it was not aired after all. False where there
    is nothing to do: not wanted, not aired, no recording."""
    first = bulletin.airings.order_by("pk").first()
    last = bulletin.airings.first()
    if first is None or last is None or not is_wanted(bulletin.account):
        return False
    approved = bulletin.approvals.filter(ruling=Ruling.APPROVED, digest=first.digest).exists()
    if last.outcome != Standing.AIRED or not approved:  # on an oral order: public once its document is named
        return take_out(bulletin, str(first.key))
    session = session_of(bulletin)
    if session is None or session.sound is None or session.digest != first.digest:
        return False
    put_out(bulletin, session, first, last)
    return True


def put_out(bulletin: Bulletin, session: Session, first: Airing, last: Airing) -> None:
    sound = session.sound
    if sound is None or last.started_at is None:
        return
    local = bulletin.slot_at.astimezone(bulletin.organisation.timezone)
    episode = Episode(
        ref=str(first.key),  # of the first entry: it outlives corrections
        title=f"{session.bulletin.practice.station}, buổi {at_clock(local)}",
        summary="; ".join(item.title for item in session.items),
        aired_at=last.started_at,
        seconds=round(sound.seconds),
        media_type=sound.media_type,
    )
    cues = session.path / CUES
    transcript = Transcript("text/vtt", cues.read_bytes()) if cues.is_file() else None
    put_episode(station_of(bulletin.organisation, session), episode, sound.path.read_bytes(), transcript)
    note(bulletin, str(first.key))


def take_out(bulletin: Bulletin, ref: str) -> bool:
    session = session_of(bulletin)
    return bool(session and take_out_episode(station_of(bulletin.organisation, session), ref))


def station_of(organisation: Organisation, session: Session) -> Station:
    name = session.bulletin.practice.station
    show = Show(
        title=f"Phát thanh {organisation.short_name}",
        description=f"Các buổi phát của {name}.",
        author=organisation.name,
        email=organisation.email,
    )
    return Station(root=site_root(organisation), base_url=site_address(organisation), show=show)


def note(bulletin: Bulletin, ref: str) -> None:
    """Once: putting it out again changes nothing."""
    if not has_episode(bulletin):
        with transaction.atomic():
            say(bulletin, "episode", None, ref=ref)


def has_episode(bulletin: Bulletin) -> bool:
    """Whether it was put out once; it may have been taken out since."""
    return Event.objects.filter(subject=f"bulletin:{bulletin.pk}", kind="bulletin.episode").exists()
