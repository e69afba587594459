"""An editor put the article on the province's portal: the link closes the delivery, or what differs is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from channels import remote
from channels.portal.package import fragment
from publisher.delivery.models import Account, Delivery
from publisher.delivery.states import State
from publisher.people.rights import Role
from tests.channels.portal.provincial import Portal


@pytest.fixture
def portal() -> Iterator[Portal]:
    remote.allow(["127.0.0.1"])
    with Portal().open() as opened:
        yield opened


@pytest.fixture
def handed(office: Any, portal: Portal) -> Delivery:
    settings = {"portal": "Cổng tỉnh Lạc An", "portal_url": portal.address}
    account = Account.objects.create(
        organisation=office.organisation, kind="portal", name="Cổng tỉnh", settings=settings
    )
    return office.delivery(State.HANDED_OVER, account=account)


def article(delivery: Delivery) -> str:
    body = delivery.version.renderings.get(account=delivery.account).body
    return f"<h1>{body['title']}</h1><p>{body['lead']}</p>{fragment(body)}"


def give(office: Any, delivery: Delivery, **fields: str) -> Any:
    return office.client(Role.OFFICER).post(f"/luot-dang/{delivery.pk}/duong-dan", fields)


def state(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


def test_a_link_to_the_approved_words_closes_the_delivery_and_keeps_the_page(office, portal, handed):
    link = portal.post(article(handed))
    assert give(office, handed, link=link).status_code == 302
    assert state(handed) == State.DELIVERED
    assert handed.permalink == link
    kept = {row.label: row for row in handed.evidence.all()}
    assert "Khớp bản đã duyệt" in kept["Kết quả đối chiếu"].value
    file = office.client(Role.AUDITOR).get(f"/minh-chung/{kept['Trang trên cổng lúc đối chiếu'].pk}")
    assert b"Trang ch" in b"".join(file)
    assert file["Content-Disposition"].startswith("attachment")


def test_a_page_that_differs_closes_nothing_and_shows_both(office, portal, handed):
    link = portal.post(article(handed).replace("17h30", "18h30"))
    answer = give(office, handed, link=link)
    assert answer.status_code == 409
    assert "18h30" in answer.content.decode()
    assert state(handed) == State.HANDED_OVER
    assert not handed.evidence.exclude(by=None).exists()


def test_a_difference_a_person_stands_for_is_kept_in_the_log(office, portal, handed):
    link = portal.post(article(handed).replace("17h30", "18h30"))
    give(office, handed, link=link, note="Cổng sửa giờ theo đề nghị của phường.")
    assert state(handed) == State.DELIVERED
    assert "Khác bản đã duyệt 1/" in handed.evidence.get(label="Kết quả đối chiếu").value


def test_a_page_nobody_outside_can_open_is_closed_by_a_person_s_word_and_says_so(office, portal, handed):
    missing = portal.address + "khong-co.html"
    refused = give(office, handed, link=missing)
    assert refused.status_code == 409
    assert "Xác nhận bằng lời" in refused.content.decode()
    assert give(office, handed, link=missing, unseen="on").status_code == 409
    assert state(handed) == State.HANDED_OVER
    give(office, handed, link=missing, unseen="on", note="Chị Hà đã xem trong mạng nội bộ, khớp.")
    assert state(handed) == State.DELIVERED
    assert handed.evidence.filter(label__contains="chưa đối chiếu").exists()


def test_a_word_alone_does_not_close_it(office, handed):
    answer = office.client(Role.OFFICER).post(f"/luot-dang/{handed.pk}/xac-nhan", {"note": "xong"})
    assert answer.status_code == 409
    assert state(handed) == State.HANDED_OVER


def test_a_second_link_for_what_is_closed_changes_nothing(office, portal, handed):
    link = portal.post(article(handed))
    give(office, handed, link=link)
    assert give(office, handed, link=link).status_code == 409
    assert handed.evidence.filter(label="Bài trên cổng").count() == 1
