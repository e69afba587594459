"""Kênh, Nhận diện: what every page of the public site shows, and how far it has followed."""

from __future__ import annotations

import pytest

from publisher.delivery.sites import refresh
from publisher.events.models import Event
from publisher.people.models import Organisation
from publisher.people.rights import Role

PLACE = "/kenh/nhan-dien"
GIVEN = {
    "name": "Ủy ban nhân dân phường Sông Vàng",
    "short_name": "Phường Sông Vàng",
    "hotline": "0200 555 0199",
    "accent": "#0b5d3b",
}


@pytest.fixture
def admin(office):
    return office.client(Role.ADMIN)


def test_a_brand_is_saved_logged_and_followed_by_the_site(office, admin) -> None:
    assert admin.post(PLACE, GIVEN).status_code == 302
    office.organisation.refresh_from_db()
    assert (office.organisation.hotline, office.organisation.accent) == ("0200 555 0199", "#0b5d3b")
    event = Event.objects.get(kind="organisation.branded")
    assert "hotline" in event.data["fields"]
    assert "chờ dựng lại" in admin.get(PLACE).content.decode()
    refresh(office.organisation)
    page = admin.get(PLACE).content.decode()
    assert "đã xong" in page
    assert "hx-get" not in admin.get(PLACE + "/tien-do").content.decode(), "nothing more to ask for"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("accent", "#ffee88", "quá nhạt"),
        ("accent", "red", "#9c1c1c"),
        ("site_url", "https://songvang.lacan.example/trang/", "không có đường dẫn"),
        ("name", "", "Hãy điền"),
    ],
)
def test_what_cannot_be_shown_is_told_and_changes_nothing(office, admin, field, value, words) -> None:
    before = office.organisation.accent
    answer = admin.post(PLACE, {**GIVEN, field: value})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    office.organisation.refresh_from_db()
    assert office.organisation.accent == before


def test_a_domain_of_another_office_is_refused(office, admin) -> None:
    theirs = Organisation.objects.exclude(pk=office.organisation.pk).filter(members__person=office.stranger)
    theirs.update(site_url="https://khac.lacan.example")
    answer = admin.post(PLACE, {**GIVEN, "site_url": "https://khac.lacan.example/"})
    assert "đang dùng cho đơn vị khác" in answer.content.decode()
