"""Plans in a real browser: sent with a bar, reviewed on two sides, on a telephone, by keyboard, without script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publisher.intake.models import Correction, Document
from publisher.people.rights import Role
from tests.plan_rows import SAMPLE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

    from tests.console.office import Office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

DROP = """frame => {
  const carried = new DataTransfer();
  carried.items.add(new File(["Kính mời họp tổ dân phố."], "thu.txt", {type: "text/plain"}));
  frame.dispatchEvent(new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""
NARROW = {"width": 390, "height": 844}


def signed_in(page: Page, office: Office, live_server: LiveServer) -> Page:
    session = office.client(Role.OFFICER).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


def test_a_file_is_chosen_or_dropped_read_and_reviewed(
    at_work: Page, office: Office, live_server: LiveServer, said
) -> None:
    at_work.goto(f"{live_server.url}/ke-hoach")
    more = SAMPLE.read_bytes() + "\n\nNơi nhận thêm: Lưu VT.\n".encode()
    at_work.get_by_label("Tệp kế hoạch").set_input_files(
        {"name": "ke-hoach-2.md", "mimeType": "text/markdown", "buffer": more}
    )
    at_work.get_by_role("button", name="Đọc và nhập").click()
    at_work.wait_for_url("**/doi-chieu?nhap=moi")
    assert at_work.get_by_text("Đã đọc xong").is_visible()
    at_work.goto(f"{live_server.url}/ke-hoach")
    at_work.locator(".drop").evaluate(DROP)
    at_work.locator("#documents .refused").wait_for()
    assert at_work.get_by_role("button", name="Đọc lại thu.txt").is_visible()
    assert Document.objects.get(name="thu.txt").message in at_work.locator("#documents").inner_text()
    assert not said


def test_each_side_lights_the_other_and_a_value_is_corrected_by_keyboard(
    at_work: Page, office: Office, live_server: LiveServer, said
) -> None:
    at_work.goto(f"{live_server.url}/ke-hoach/{office.plan.pk}/doi-chieu")
    at_work.locator("#f-themes-1 > .place a.at").focus()
    at_work.keyboard.press("Enter")
    line = at_work.locator(".line.is-lit").first
    assert "Phòng cháy" in line.inner_text()
    assert line.evaluate("e => e.getBoundingClientRect().top < innerHeight")
    at_work.locator("#L35 .text").click()
    assert at_work.locator("#f-targets-0").evaluate("e => e.classList.contains('is-lit')")

    at_work.locator("#e-f-targets-0").focus()
    at_work.keyboard.press("Enter")
    at_work.get_by_label("Số lượng").fill("hai")
    at_work.keyboard.press("Enter")
    at_work.locator("#f-targets-0 .trouble").wait_for()
    at_work.locator("#errors:focus").wait_for()
    at_work.get_by_label("Số lượng").fill("3")
    at_work.keyboard.press("Enter")
    at_work.locator("#g-targets .notice-success").wait_for()
    at_work.locator("#e-f-targets-0:focus").wait_for()
    assert "máy đọc: 2" in at_work.locator("#f-targets-0").inner_text()
    assert Correction.objects.get().value == 3

    at_work.get_by_role("link", name="Sửa… căn cứ").wait_for(state="detached")
    at_work.get_by_role("button", name="Đã xem").first.click()
    at_work.get_by_text("đã xem hết 1").wait_for()
    at_work.locator("#h-todo:focus").wait_for()
    assert not said


def test_a_telephone_shows_one_side_at_a_time(at_work: Page, office: Office, live_server: LiveServer) -> None:
    at_work.set_viewport_size(NARROW)
    at_work.goto(f"{live_server.url}/ke-hoach/{office.plan.pk}/doi-chieu")
    source, understood = at_work.locator("#van-ban"), at_work.locator("#da-hieu")
    assert not source.is_visible()
    at_work.locator("#f-themes-0 > .place a.at").click()
    assert source.is_visible()
    assert not understood.is_visible()
    assert at_work.locator("#L47").evaluate("e => e.getBoundingClientRect().top < innerHeight")
    at_work.locator("#L47 .marks a").first.click()
    assert understood.is_visible()


def test_no_page_of_a_plan_is_wider_than_a_telephone(
    at_work: Page, office: Office, live_server: LiveServer, said
) -> None:
    at_work.set_viewport_size(NARROW)
    plan = f"/ke-hoach/{office.plan.pk}"
    places = [
        *(f"{plan}/{page}" for page in ("doi-chieu", "sua/targets/0", "them/themes", "lap-chien-dich", "tien-do")),
        f"/ke-hoach/sua-doi/{office.revision().pk}",
        f"{plan}/so-sanh",
        f"/chien-dich/{office.campaign.pk}/sua",
    ]
    for place in places:
        answer = at_work.goto(live_server.url + place)
        assert answer is not None
        assert answer.ok, place
        assert at_work.evaluate("document.documentElement.scrollWidth") <= 390, place
    assert not said


def test_the_way_needs_no_script(browser: Browser, office: Office, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page = signed_in(context.new_page(), office, live_server)
    page.goto(f"{live_server.url}/ke-hoach/{office.plan.pk}/doi-chieu")
    page.locator("#e-f-number").click()
    page.get_by_label("Số, ký hiệu").fill("19/KH-UBND")
    page.get_by_role("button", name="Lưu").click()
    assert page.url.endswith("/doi-chieu#f-number")
    assert "máy đọc: 18/KH-UBND" in page.locator("#f-number").inner_text()
    page.locator("#f-themes-3 > .tools button").click()
    assert "không phải nội dung" in page.locator("#f-themes-3 > .what").inner_text()
    context.close()
