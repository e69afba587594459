"""A public site follows what its organisation says: brand, happenings, the time, the software."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from assets.models import Asset
from channels.page import render, verify
from publisher.delivery import clock
from publisher.delivery.broker import broker, refresh_site
from publisher.delivery.sites import due_sites, frame_of, hosts, is_due, refresh, site_of, standing
from publisher.timetable.models import Happening
from tests.ward import make_ward

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def page(ward):
    """The article of a ward whose site is as it should be."""
    delivery = ward.delivered("page")
    refresh(ward.organisation)
    assert not is_due(ward.organisation, timezone.now())
    return ward.site / delivery.remote_id / "index.html"


def test_a_new_hotline_reaches_the_articles_that_stand_and_leaves_their_words(ward, page):
    body = page.read_text().partition("<main")[2].partition("</main>")[0]
    ward.organisation.hotline = "0200 555 0199"
    ward.organisation.save(update_fields=["hotline"])
    assert is_due(ward.organisation, timezone.now())
    refresh(ward.organisation)
    assert "0200 555 0199" in page.read_text()
    assert page.read_text().partition("<main")[2].partition("</main>")[0] == body
    assert verify(site_of(ward.organisation)) == []


def test_a_happening_touches_the_pages_that_tell_of_it_and_no_article(ward, page):
    before = page.stat().st_mtime_ns
    now = timezone.now()
    starts_at = now + timedelta(days=2)
    Happening.objects.create(organisation=ward.organisation, title="Đối thoại với bà con", starts_at=starts_at)
    assert is_due(ward.organisation, now)
    refresh(ward.organisation)
    assert "Đối thoại với bà con" in (ward.site / "su-kien/index.html").read_text()
    assert page.stat().st_mtime_ns == before
    assert is_due(ward.organisation, starts_at + timedelta(hours=1)), "it is over"


def test_a_cancelled_happening_stays_until_it_would_have_begun(ward):
    now = timezone.now()
    told = {"organisation": ward.organisation, "title": "Hội nghị", "cancelled_at": now}
    Happening.objects.create(**told, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    assert frame_of(ward.organisation, now).happenings == ()
    Happening.objects.create(**told, starts_at=now + timedelta(hours=1))
    assert [shown.cancelled for shown in frame_of(ward.organisation, now).happenings] == [True]


def test_new_software_makes_the_pages_again(ward, page, monkeypatch):
    monkeypatch.setattr(render, "form", lambda: "another")
    assert is_due(ward.organisation, timezone.now())
    refresh(ward.organisation)
    assert not is_due(ward.organisation, timezone.now())


def test_a_clock_gives_a_site_that_is_due_to_a_worker_and_leaves_the_others(ward, page):
    other = make_ward()
    other.account("page")
    assert set(due_sites(timezone.now())) == {other.organisation.pk}
    told = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refresh_site, "send", told.append)
        clock.look_at_sites(timezone.now())
    assert told == [other.organisation.pk]
    refresh_site.fn(other.organisation.pk)
    assert list(due_sites(timezone.now())) == []
    assert refresh_site.queue_name in broker.get_declared_queues()


def test_an_organisation_without_a_page_has_no_site(ward):
    ward.account("feed")
    assert list(hosts()) == []


def test_a_domain_of_its_own_stands_at_its_root(ward):
    ward.organisation.site_url = "https://songvang.lacan.example"
    ward.organisation.save(update_fields=["site_url"])
    delivery = ward.delivered("page")
    refresh(ward.organisation)
    assert delivery.permalink == f"https://songvang.lacan.example/{delivery.remote_id}"
    written = (ward.site / delivery.remote_id / "index.html").read_text()
    assert 'href="/kieu.css' in written
    assert "/trang/" not in written
    assert standing(ward.organisation)[0]


def test_two_organisations_keep_their_own_frames(ward, page):
    other = make_ward()
    other.organisation.hotline = "0200 555 0177"
    other.organisation.save(update_fields=["hotline"])
    other.delivered("page")
    refresh(other.organisation)
    assert "0200 555 0177" in (other.site / "index.html").read_text()
    assert "0200 555 0177" not in page.read_text()


def test_the_emblem_is_put_beside_the_pictures_and_shown(ward, page):
    asset = Asset.objects.filter(organisation=ward.organisation).earliest("pk")  # of the article
    ward.organisation.emblem = asset
    ward.organisation.save(update_fields=["emblem"])
    refresh(ward.organisation)
    named = f"anh/{asset.sha256[:16]}.{'png' if asset.media_type == 'image/png' else 'jpg'}"
    assert (ward.site / named).is_file()
    assert named in page.read_text()
