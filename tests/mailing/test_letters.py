"""Asking for letters, confirming it and leaving, as people and mail programs do it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from publisher.config import config
from publisher.mailing import subscribing
from publisher.mailing.audience import leave_url
from publisher.mailing.models import Subscriber
from tests.services import free_port

pytestmark = pytest.mark.django_db
ADDRESS = "nguoi.doc@vidu.example"


@pytest.fixture
def form(ward, account) -> str:
    return reverse("letters-subscribe", args=[ward.organisation.slug])


def ask(form: str, address: str = ADDRESS, client: Client | None = None):
    return (client or Client()).post(form, {"address": address})


def came(sandbox) -> list[dict]:
    return [letter["content"] for letter in sandbox.posts("email")]


def link(sandbox) -> str:
    """The path of the link in the newest letter."""
    words = came(sandbox)[-1]["text"]
    return re.search(rf"{re.escape(config.origin)}(/thu/\S+)", words)[1]


def test_a_reader_is_one_only_after_two_deliberate_acts(ward, form, sandbox):
    page = Client().get(form)
    assert page.status_code == 200
    assert ward.organisation.short_name in page.content.decode()
    assert "Hãy xem hộp thư" in ask(form).content.decode()
    row = Subscriber.objects.get()
    assert row.confirmed_at is None
    assert came(sandbox)[-1]["to"] == ADDRESS
    path = link(sandbox)
    assert "Xác nhận" in Client().get(path).content.decode()
    row.refresh_from_db()
    assert row.confirmed_at is None, "a scanner that follows links confirms nothing"
    assert "Đã đăng ký" in Client().post(path).content.decode()
    row.refresh_from_db()
    assert row.confirmed_at is not None
    confirmed = row.confirmed_at
    Client().post(path)
    row.refresh_from_db()
    assert row.confirmed_at == confirmed


def test_one_click_of_a_mail_program_ends_it_and_forgets_the_address(ward, reader):
    row = reader(ADDRESS)
    path = leave_url(row).removeprefix(config.origin)
    assert path == reverse("letters-leave", args=[row.leave_key])
    strict = Client(enforce_csrf_checks=True)
    assert "Bấm nút" in strict.get(path).content.decode()
    assert strict.head(path).status_code == 200
    row.refresh_from_db()
    assert row.unsubscribed_at is None, "a GET must not"
    answer = strict.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    row.refresh_from_db()
    assert row.unsubscribed_at is not None
    assert row.address == ""
    assert strict.post(path).status_code == 200, "twice has the effect of once"
    assert "từ trước" in strict.get(path).content.decode()


def test_who_left_may_come_back(ward, form, sandbox, reader):
    row = reader(ADDRESS)
    subscribing.leave(row, timezone.now())
    ask(form)
    Client().post(link(sandbox))
    assert Subscriber.objects.filter(address=ADDRESS).exclude(pk=row.pk).get().confirmed_at is not None


def test_nobody_learns_who_is_subscribed(ward, form, sandbox, reader):
    reader(ADDRESS)
    known, stranger = ask(form).content, ask(form, "nguoi.la@vidu.example").content
    assert known == stranger
    first, second = came(sandbox)
    assert "đã đăng ký" in first["headers"]["Subject"]
    assert "/thu/huy/" in first["text"]
    assert "Xác nhận" in second["headers"]["Subject"]


def test_an_address_gets_one_letter_however_often_it_is_typed_in(ward, form, sandbox):
    for address in (ADDRESS, ADDRESS.upper(), ADDRESS):
        assert ask(form, address).status_code == 200
    assert len(sandbox.posts("email")) == 1
    assert Subscriber.objects.count() == 1


def test_one_client_and_one_office_cannot_be_made_to_write_without_end(ward, form, sandbox, monkeypatch):
    monkeypatch.setitem(subscribing.LIMITS, "asks_an_hour", 2)
    codes = [ask(form, f"n{n}@vidu.example").status_code for n in range(3)]
    assert codes == [200, 200, 429]
    monkeypatch.setitem(subscribing.LIMITS, "letters_an_hour", 2)
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert ask(form, "n9@vidu.example", other).status_code == 429
    assert len(sandbox.posts("email")) == 2


def test_what_is_not_confirmed_in_time_is_forgotten(ward, form, sandbox):
    ask(form)
    path = link(sandbox)
    Subscriber.objects.update(asked_at=timezone.now() - subscribing.PENDING - timedelta(minutes=1))
    assert Client().get(path).status_code == 404
    assert Client().post(path).status_code == 404
    ask(form, "khac@vidu.example")
    assert [row.address for row in Subscriber.objects.all()] == ["khac@vidu.example"]


@pytest.mark.parametrize("address", ["", "khong-phai", "a@b", "a b@vidu.example", "x" * 300 + "@vidu.example"])
def test_what_is_no_address_is_said_beside_the_field(ward, form, sandbox, address):
    page = ask(form, address)
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()
    assert sandbox.posts("email") == []


def test_a_vietnamese_domain_is_written_as_mail_servers_write_it(ward, form, sandbox):
    ask(form, "ten@sông-vàng.example")
    assert Subscriber.objects.get().address == "ten@xn--sng-vng-dwa9o.example"


def test_an_office_without_letters_says_so(ward):
    page = Client().get(reverse("letters-subscribe", args=[ward.organisation.slug]))
    assert page.status_code == 200
    assert "chưa gửi tin qua thư" in page.content.decode()
    assert "<form" not in page.content.decode()
    assert Client().get(reverse("letters-subscribe", args=["khong-co"])).status_code == 404


def test_a_letter_that_could_not_go_is_told_and_may_be_asked_for_at_once(ward, form, sandbox, account):
    good = account.settings
    ward.account("email", settings={**good, "port": str(free_port())})
    assert ask(form).status_code == 503
    ward.account("email", settings=good)
    assert ask(form).status_code == 200
    assert len(sandbox.posts("email")) == 1


def test_wrong_keys_lead_nowhere_and_right_ones_are_never_turned_away(ward, reader, monkeypatch):
    monkeypatch.setitem(subscribing.LIMITS, "wrong_keys_a_minute", 2)
    wrong = reverse("letters-leave", args=["00000000-0000-4000-8000-000000000000"])
    assert [Client().post(wrong).status_code for _ in range(3)] == [404, 404, 429]
    assert Client().get(reverse("letters-confirm", args=["khong-co"])).status_code == 429
    path = reverse("letters-leave", args=[reader(ADDRESS).leave_key])
    assert Client().post(path).status_code == 200


def test_the_pages_hold_no_script_and_no_style_of_their_own_and_are_kept_nowhere(ward, form, reader):
    for path in (form, reverse("letters-leave", args=[reader(ADDRESS).leave_key])):
        page = Client().get(path)
        assert "default-src 'self'" in page["Content-Security-Policy"]
        assert "no-store" in page["Cache-Control"]
        assert not re.search(r"<script|<style|style=|onclick", page.content.decode())
