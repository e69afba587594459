"""Hubs are told which feed changed, after it has, and their trouble is theirs alone."""

from __future__ import annotations

import pytest

from channels.feed.head import hubs_of
from publisher.delivery.desk import withdraw
from publisher.following.models import Endpoint
from publisher.following.websub import topics_of
from tests.following.days import after, begin, carry, look
from tests.ward import fresh, turn_until_quiet

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def test_every_hub_is_told_of_every_format_once_the_feed_says_so(ward, receiver):
    ward.account("feed", settings={"hubs": f"{receiver.url('/hub-1')}, {receiver.url('/hub-2')}"})
    begin()
    seen: list[str] = []

    def look_at_feed() -> int:
        seen.append((ward.site / "rss.xml").read_text())
        return 204

    receiver.answers["/hub-1"] = look_at_feed
    delivery = ward.delivered("feed")
    assert carry() == 6
    base = f"http://127.0.0.1:8000/trang/{ward.organisation.slug}/"
    for hub in ("/hub-1", "/hub-2"):
        forms = [got.form for got in receiver.at(hub)]
        assert {form["hub.url"][0] for form in forms} == {base + name for name in ("rss.xml", "atom.xml", "feed.json")}
        assert {form["hub.mode"][0] for form in forms} == {"publish"}
    assert len(seen) == 3
    assert all(delivery.remote_id in feed for feed in seen), "hubs fetch at once, so the feed goes first"
    assert carry(after(hours=1)) == 0


def test_corrections_and_withdrawals_are_told_and_a_backlog_takes_one_call(ward, receiver):
    ward.account("feed", settings={"hubs": receiver.url("/hub")})
    begin()
    delivery = ward.delivered("feed")
    carry()
    ward.reworded(delivery.version.post)
    turn_until_quiet()
    assert len(receiver.at("/hub")) == 3
    receiver.answers["/hub"] = lambda: 500
    carry()
    assert len(receiver.at("/hub")) == 6
    corrected = delivery.follow_ups.get()
    withdraw(fresh(corrected), by=ward.officer, reason="Sai giờ.")
    turn_until_quiet()
    assert fresh(delivery).state == "corrected"
    assert fresh(corrected).state == "withdrawn"
    receiver.answers.clear()
    assert carry(after(minutes=1)) == 6, "two changes, three formats"
    assert len(receiver.at("/hub")) == 9, "but one call for each format: a hub fetches all there is"


def test_without_hubs_nobody_is_called_and_other_channels_call_nobody(ward, receiver):
    begin()
    ward.delivered("feed")
    ward.account("page", settings={"hubs": receiver.url("/hub")})
    ward.delivered("page")
    look()
    assert not Endpoint.objects.exists()


def test_addresses_of_hubs_are_read_as_people_write_them():
    assert hubs_of({"hubs": "https://a.example/ ,\nhttps://b.example;https://a.example/"}) == (
        "https://a.example/",
        "https://b.example",
    )
    assert hubs_of({}) == ()
    assert topics_of({"base_url": "https://phường.example/trang"})[0].isascii()
    assert topics_of({"base_url": "https://a.example/x/", "self_url": "https://tin.example"}) == [
        "https://tin.example/rss.xml",
        "https://tin.example/atom.xml",
        "https://tin.example/feed.json",
    ]
