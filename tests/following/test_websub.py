"""Hubs are told which feed changed, after it has, and their trouble is theirs alone."""

from __future__ import annotations

import json

import pytest

from campaigns.models import Post, Theme
from channels.feed import FILES
from channels.feed.address import campaign_folder, theme_folder
from channels.feed.head import hubs_of
from publisher.delivery.desk import withdraw
from publisher.following.models import Endpoint
from publisher.following.websub import topics
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
    assert carry() == 12
    base = f"http://127.0.0.1:8000/trang/{ward.organisation.slug}/"
    topics_told = {base + folder + name for folder in ("", campaign_folder(ward.campaign.title)) for name in FILES}
    for hub in ("/hub-1", "/hub-2"):
        forms = [got.form for got in receiver.at(hub)]
        assert {form["hub.url"][0] for form in forms} == topics_told, "of the body, and of the campaign"
        assert {form["hub.mode"][0] for form in forms} == {"publish"}
    assert len(seen) == 6
    assert all(delivery.remote_id in feed for feed in seen), "hubs fetch at once, so the feed goes first"
    assert carry(after(hours=1)) == 0


def test_corrections_and_withdrawals_are_told_and_a_backlog_takes_one_call(ward, receiver):
    ward.account("feed", settings={"hubs": receiver.url("/hub")})
    begin()
    delivery = ward.delivered("feed")
    carry()
    ward.reworded(delivery.version.post)
    turn_until_quiet()
    assert len(receiver.at("/hub")) == 6
    receiver.answers["/hub"] = lambda: 500
    carry()
    assert len(receiver.at("/hub")) == 12
    corrected = delivery.follow_ups.get()
    withdraw(fresh(corrected), by=ward.officer, reason="Sai giờ.")
    turn_until_quiet()
    assert fresh(delivery).state == "corrected"
    assert fresh(corrected).state == "withdrawn"
    receiver.answers.clear()
    assert carry(after(minutes=1)) == 12, "two changes of two feeds in three formats"
    assert len(receiver.at("/hub")) == 18, "but one call for each document: a hub fetches all there is"


def test_the_feed_an_item_leaves_by_a_correction_is_told_too(ward, receiver):
    ward.account("feed", settings={"hubs": receiver.url("/hub")})
    begin()
    theme = Theme.objects.create(plan=ward.plan, order=99, path="2.z", label="z", title="Giữ sạch dòng kênh")
    post = ward.delivered("feed", theme=theme).version.post
    carry()
    before = len(receiver.at("/hub"))
    Post.objects.filter(pk=post.pk).update(theme=None)
    ward.reworded(post)
    turn_until_quiet()
    carry()
    told = {got.form["hub.url"][0] for got in receiver.at("/hub")[before:]}
    base = f"http://127.0.0.1:8000/trang/{ward.organisation.slug}/"
    folders = ("", campaign_folder(ward.campaign.title), theme_folder(theme.title))
    assert told == {base + folder + name for folder in folders for name in FILES}
    assert json.loads((ward.site / folders[2] / "feed.json").read_text())["items"] == []
    assert len(json.loads((ward.site / folders[1] / "feed.json").read_text())["items"]) == 1


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
    assert topics({"base_url": "https://phường.example/trang"})[0].isascii()
    assert topics({"base_url": "https://a.example/x/", "self_url": "https://tin.example"}) == [
        "https://tin.example/rss.xml",
        "https://tin.example/atom.xml",
        "https://tin.example/feed.json",
    ]
