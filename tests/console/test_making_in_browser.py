"""A card series made in a real browser, by keyboard, on a telephone's width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assets.models import Asset

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from tests.console.office import Office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
BODY = """Ứng dụng làm được nhiều việc ngay tại nhà.

- **Nộp hồ sơ**: chụp giấy tờ bằng điện thoại, nhận kết quả qua bưu điện
- **Tra cứu hồ sơ**: biết hồ sơ đang ở bộ phận nào
- **Phản ánh hiện trường**: gửi ảnh, phường trả lời trong 3 ngày
"""


def test_an_officer_makes_a_card_series_by_keyboard(
    at_work: Page, office: Office, live_server: LiveServer, said: list[str]
) -> None:
    post = office.post("3 tiện ích của ứng dụng công dân số", body=BODY)
    at_work.set_viewport_size({"width": 390, "height": 844})
    at_work.goto(f"{live_server.url}/tin-bai/{post.pk}")
    at_work.get_by_role("link", name="Làm ảnh cho bài này").focus()
    at_work.keyboard.press("Enter")
    at_work.get_by_text("Bài này có danh sách 3 ý").wait_for()
    at_work.wait_for_load_state()
    assert at_work.evaluate("document.documentElement.scrollWidth") <= 390
    drawn = at_work.locator("#made img")
    assert drawn.count() == 4
    third = drawn.nth(3).get_attribute("src")

    # The words of one card change: that card alone is drawn anew.
    at_work.get_by_label("Thẻ 3", exact=True).focus()
    at_work.keyboard.press("Control+A")
    with at_work.expect_response(lambda answer: "/lam-anh/ve" in answer.url) as answered:
        at_work.keyboard.type("Phản ánh hiện trường\nGửi ảnh ổ gà, phường trả lời")
    assert answered.value.ok
    at_work.wait_for_function("src => document.querySelectorAll('#made img')[3].getAttribute('src') !== src", arg=third)
    at_work.wait_for_function("() => [...document.querySelectorAll('#made img')].every(one => one.naturalWidth > 0)")

    # A fourth card; the cursor stands in it at once.
    at_work.get_by_role("button", name="Thêm thẻ").focus()
    at_work.keyboard.press("Enter")
    at_work.get_by_label("Thẻ 4", exact=True).wait_for()
    assert at_work.evaluate("document.activeElement.id") == "card-4"
    at_work.keyboard.type("Đặt lịch hẹn\nChọn giờ, không phải chờ")
    at_work.get_by_alt_text("Thẻ 4 trên 4: Đặt lịch hẹn. Chọn giờ, không phải chờ").wait_for()

    at_work.get_by_role("button", name="Lưu vào thư viện và gắn vào bài").focus()
    at_work.keyboard.press("Enter")
    at_work.get_by_text("Đã gắn 5 ảnh vào bài, đúng thứ tự").wait_for()
    assert [one.alt for one in post.pictures.order_by("postpicture__order")][3:] == [
        "Thẻ 3 trên 4: Phản ánh hiện trường. Gửi ảnh ổ gà, phường trả lời",
        "Thẻ 4 trên 4: Đặt lịch hẹn. Chọn giờ, không phải chờ",
    ]
    assert Asset.objects.filter(kind="picture", source="Đồ họa của đơn vị").count() == 5
    assert not said
