"""One real recording: spoken by the system's voice, played by loudspeakers on the network, put out as an episode."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from publisher.airing.finishing import finish
from publisher.airing.models import PlaylistAddress, Standing
from publisher.airing.playlists import open_address, playable, revoke_address
from publisher.airing.sounding import speak, why_no_sound
from publisher.airing.telling import correct, tell
from publisher.delivery.models import Account
from publisher.events.models import Event
from tests.airing.stations import aired, lay_one, session_at

pytestmark = pytest.mark.django_db
SHORT = {"jingle": "10", "station": "Đài Sông Vàng"}


def test_a_recording_is_made_served_by_ranges_and_put_out_as_an_episode(station, monkeypatch) -> None:
    account, ward = station.account, station.ward
    Account.objects.filter(pk=account.pk).update(settings={**account.settings, **SHORT, "podcast": "co"})
    account.refresh_from_db()
    slot = station.morning
    lay_one(account, ward.campaign, ward.officer, slot, "Họp tổ dân phố", body="Mời bà con đi họp.")
    bulletin = station.bulletin(slot)
    token = open_address(account, "Cụm tổ 5", by=station.operator)
    assert speak(bulletin.pk) == ""
    session = session_at(bulletin)
    assert session.sound is not None
    assert Event.objects.filter(kind="bulletin.spoken").count() == 1
    assert playable(account, slot) == [], "nothing is played that nobody approved"
    station.approved(bulletin)
    assert [one.name for one in playable(account, slot)] == [session.name]

    monkeypatch.setattr("publisher.console.airing_addresses.timezone.now", lambda: slot)
    place = f"/loa/ip/{token}.m3u"
    playlist = Client().get(place).content.decode().splitlines()
    assert playlist[0] == "#EXTM3U"
    address = playlist[2].partition("://")[2].partition("/")[2]
    part = Client().get(f"/{address}", headers={"Range": "bytes=0-99"})
    assert part.status_code == 206
    assert b"".join(part) == session.sound.path.read_bytes()[:100]
    assert Client().get(f"/loa/ip/{token}/{session.name}/duyet.json").status_code == 404
    monkeypatch.undo()

    entry = tell(bulletin, session, aired(bulletin), by=station.operator, digest=session.digest)
    finish(bulletin.pk)
    feed = settings.SITE_ROOT / station.organisation.slug / "phat-thanh" / "podcast.xml"
    assert f"<title>Đài Sông Vàng, buổi 07:30 ngày {slot.day}/{slot.month}/{slot.year}</title>" in feed.read_text()
    assert playable(account, slot) == [], "what is over is not played again"
    told = aired(bulletin, outcome=Standing.NOT_AIRED, reason="Ghi nhầm buổi")
    correct(entry, told, by=station.operator)
    finish(bulletin.pk)
    assert "<item>" not in feed.read_text()


def test_a_revoked_address_opens_nothing(station) -> None:
    token = open_address(station.account, "Cụm tổ 5", by=station.operator)
    assert Client().get(f"/loa/ip/{token}.m3u").content == b"#EXTM3U\n"
    revoke_address(PlaylistAddress.objects.get(), by=station.operator)
    assert Client().get(f"/loa/ip/{token}.m3u").status_code == 404
    assert Client().get("/loa/ip/khong-co.m3u").status_code == 404
    assert token not in str(PlaylistAddress.objects.values())


def test_without_a_voice_the_page_says_why_there_is_no_sound(station) -> None:
    account = station.account
    Account.objects.filter(pk=account.pk).update(settings={**account.settings, "voice": "khong"})
    station.lay()
    bulletin = station.bulletin()
    said = speak(bulletin.pk)
    assert said
    assert why_no_sound(bulletin) == said
