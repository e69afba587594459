"""Moving posts on the calendar in a real browser: with the mouse, with the keyboard, with a finger."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from publisher.approval.drafting import set_schedule
from publisher.people.rights import Role

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from campaigns.models import Post
    from tests.console.office import Office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SOON = timezone.make_aware(datetime(2027, 3, 10, 9, 30))  # noqa: DTZ001  a Wednesday


@pytest.fixture
def post(office: Office) -> Post:
    made = office.post("Tết trồng cây")
    set_schedule(made, by=office.people[Role.OFFICER], starts_at=SOON)
    return made


def due(post: Post) -> datetime:
    post.schedule.refresh_from_db()
    return post.schedule.starts_at


def wait_for(page: Page, words: str) -> None:
    page.locator("#calendar [data-told]", has_text=words).wait_for()


def test_a_post_dragged_to_another_day_keeps_its_hour(
    at_work: Page, post: Post, live_server: LiveServer, said: list[str]
) -> None:
    at_work.goto(f"{live_server.url}/lich?thang=2027-03")
    at_work.locator(".slot").drag_to(at_work.locator('[data-day="2027-03-18"]'))
    wait_for(at_work, "Đã dời “Tết trồng cây”")
    assert due(post) == SOON + timedelta(days=8)
    at_work.locator(".slot").drag_to(at_work.locator('[data-day="2027-03-19"]'))  # and once more, on what came back
    at_work.locator('[data-day="2027-03-19"] .slot').wait_for()
    assert due(post) == SOON + timedelta(days=9)
    assert at_work.locator('[data-day="2027-03-19"] .slot').count() == 1
    assert not said


def test_a_post_dragged_to_another_hour_of_the_week_keeps_its_minutes(
    at_work: Page, post: Post, live_server: LiveServer
) -> None:
    at_work.goto(f"{live_server.url}/lich?tuan=2027-03-10")
    at_work.locator(".hours .slot").drag_to(at_work.locator('[data-day="2027-03-12"][data-hour="14"]'))
    wait_for(at_work, "Đã dời")
    assert due(post) == SOON + timedelta(days=2, hours=5)


def test_the_keyboard_moves_a_post_and_escape_leaves_it(at_work: Page, post: Post, live_server: LiveServer) -> None:
    at_work.goto(f"{live_server.url}/lich?thang=2027-03")
    link = at_work.get_by_role("link", name="Dời “Tết trồng cây”")
    link.focus()
    at_work.keyboard.press("Enter")
    at_work.keyboard.press("ArrowRight")
    at_work.keyboard.press("Escape")
    assert at_work.locator(".is-target").count() == 0
    link.focus()
    at_work.keyboard.press("Enter")
    for key in ("ArrowDown", "ArrowLeft"):
        at_work.keyboard.press(key)
    assert at_work.locator("#calendar-told").text_content() == "thứ Ba 16/3"
    at_work.keyboard.press("Enter")
    wait_for(at_work, "Đã dời")
    assert due(post) == SOON + timedelta(days=6)


def test_a_drop_that_cannot_be_says_why_and_offers_another_time(
    at_work: Page, post: Post, office: Office, live_server: LiveServer
) -> None:
    now = timezone.localtime()
    past = now - timedelta(days=1)
    set_schedule(post, by=office.people[Role.OFFICER], starts_at=now.replace(hour=23, minute=59))
    at_work.goto(f"{live_server.url}/lich?tuan={past:%Y-%m-%d}")
    if past.weekday() == 6:  # today stands in the next week: the form for fingers does the same
        at_work.goto(f"{live_server.url}/lich?tuan={now:%Y-%m-%d}")
        at_work.get_by_role("link", name="Dời").first.click()
        at_work.get_by_label("Ngày").fill(f"{past:%Y-%m-%d}")
        at_work.get_by_role("button", name="Dời").click()
    else:
        at_work.locator(".hours .slot").drag_to(at_work.locator(f'[data-day="{past:%Y-%m-%d}"][data-hour="8"]'))
    at_work.get_by_text("đã qua").first.wait_for()


def test_on_a_telephone_the_form_moves_a_post(at_work: Page, post: Post, live_server: LiveServer) -> None:
    at_work.set_viewport_size({"width": 390, "height": 844})
    for query in ("thang=2027-03", "tuan=2027-03-10"):
        at_work.goto(f"{live_server.url}/lich?{query}")
        assert at_work.evaluate("document.documentElement.scrollWidth") <= 390
    at_work.get_by_role("link", name="Dời “Tết trồng cây”").click()
    at_work.get_by_label("Ngày").fill("2027-03-11")
    at_work.get_by_role("button", name="Dời").click()
    at_work.wait_for_url("**/lich?tuan=2027-03-08")
    assert due(post) == SOON + timedelta(days=1)
