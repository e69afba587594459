"""The console in a real browser: by keyboard alone, at 390 px, under its content security policy, without a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from campaigns.models import Post
from publisher.delivery.states import State

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from tests.console.office import Office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

PAGES = (
    "/hom-nay",
    "/ke-hoach",
    "/chien-dich",
    "/tin-bai",
    "/tin-bai/moi",
    "/duyet",
    "/lich",
    "/luot-dang",
    "/du-toan",
)


def test_the_first_key_offers_the_way_past_the_menu(at_work: Page) -> None:
    at_work.keyboard.press("Tab")
    assert at_work.evaluate("document.activeElement.textContent") == "Bỏ qua, tới nội dung chính"
    at_work.keyboard.press("Enter")
    assert at_work.evaluate("document.activeElement.id") == "main"


def test_no_page_is_wider_than_a_telephone_or_breaks_the_policy(
    at_work: Page, office: Office, live_server: LiveServer, said: list[str]
) -> None:
    post = office.post(accounts=[office.page, office.loudspeaker, office.newspaper])
    rows = (
        f"/ke-hoach/{office.plan.pk}",
        f"/chien-dich/{office.campaign.pk}",
        f"/chien-dich/{office.campaign.pk}/dinh-nghia",
        f"/tin-bai/{post.pk}",
        f"/duyet/{office.submitted().pk}",
        f"/luot-dang/{office.delivery(State.UNKNOWN).pk}",
        f"/luot-dang/{office.delivery(State.HANDED_OVER, account=office.newspaper).pk}",
        f"/du-toan/{office.line.pk}",
        f"/kenh/{office.page.pk}",
    )
    at_work.set_viewport_size({"width": 390, "height": 844})
    for place in (*PAGES, *rows):
        answer = at_work.goto(live_server.url + place)
        assert answer is not None
        assert answer.ok, place
        assert at_work.evaluate("document.documentElement.scrollWidth") <= 390, place
    assert not said


def test_the_menu_of_a_telephone_opens_and_closes_by_keyboard(at_work: Page) -> None:
    at_work.set_viewport_size({"width": 390, "height": 844})
    button = at_work.get_by_role("button", name="Trình đơn")
    plans = at_work.get_by_role("link", name="Kế hoạch", exact=True)
    assert not plans.is_visible()
    button.focus()
    at_work.keyboard.press("Enter")
    assert plans.is_visible()
    assert button.get_attribute("aria-expanded") == "true"
    plans.focus()
    at_work.keyboard.press("Escape")
    assert not plans.is_visible()
    assert at_work.evaluate("document.activeElement.textContent") == "Trình đơn"


def test_previews_follow_the_words_while_they_are_written(
    at_work: Page, office: Office, live_server: LiveServer, said: list[str]
) -> None:
    post = office.post(accounts=[office.page, office.loudspeaker])
    at_work.goto(f"{live_server.url}/tin-bai/{post.pk}")
    at_work.get_by_label("Sa-pô").fill("Mời bà con xem trước câu này")
    shown = at_work.locator("#previews")
    shown.get_by_text("Mời bà con xem trước câu này").first.wait_for()
    at_work.get_by_role("checkbox", name="Loa phường").uncheck()
    shown.get_by_role("article", name="Loa phường").wait_for(state="detached")
    assert shown.locator(".share").count() == 1
    assert Post.objects.get(pk=post.pk).lead == "Rác để riêng từ trong bếp."
    assert not said


def test_fields_of_a_rule_show_only_when_the_rule_needs_them(
    at_work: Page, office: Office, live_server: LiveServer
) -> None:
    at_work.goto(f"{live_server.url}/tin-bai/{office.post().pk}")
    day, weekdays = at_work.get_by_label("Ngày", exact=True), at_work.get_by_label("Thứ Hai")
    assert not day.is_visible()
    at_work.get_by_label("Một lần, vào ngày giờ chọn").check()
    assert day.is_visible()
    assert not weekdays.is_visible()
    at_work.get_by_label("Hằng tuần").check()
    assert weekdays.is_visible()


def test_the_list_of_mistakes_takes_the_focus_and_leads_to_each_field(at_work: Page, live_server: LiveServer) -> None:
    at_work.goto(f"{live_server.url}/tin-bai/moi")
    at_work.get_by_role("button", name="Lưu nháp").click()
    at_work.get_by_role("heading", name="Chưa lưu được").wait_for()
    assert at_work.evaluate("document.activeElement.id") == "errors"
    at_work.get_by_role("link", name="Hãy điền “Tiêu đề”.").click()
    assert at_work.evaluate("document.activeElement.id") == "id_title"


def test_words_survive_the_end_of_a_session(at_work: Page, office: Office, live_server: LiveServer) -> None:
    post = office.post()
    at_work.goto(f"{live_server.url}/tin-bai/{post.pk}")
    at_work.context.clear_cookies(name="sessionid")
    at_work.get_by_label("Sa-pô").fill("Câu chưa lưu")
    at_work.get_by_text("Phiên làm việc đã hết").wait_for()
    assert at_work.get_by_label("Sa-pô").input_value() == "Câu chưa lưu"


def test_today_changes_without_a_reload(at_work: Page, office: Office) -> None:
    assert not at_work.get_by_text("Không rõ đã lên chưa").is_visible()
    office.delivery(State.UNKNOWN)
    at_work.get_by_text("Không rõ đã lên chưa").wait_for(timeout=15_000)
