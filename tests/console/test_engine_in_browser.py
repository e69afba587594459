"""The engine's screens in a real browser, by keyboard: an account is connected, a doubt decided, a hold lifted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from publisher.delivery.models import Account, Delivery
from publisher.delivery.scheduling import schedule_version
from publisher.delivery.states import State
from publisher.people.rights import Role
from tests.console.conftest import PASSWORD
from tests.ward import turn

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from pytest_django.live_server_helper import LiveServer

    from channels.sandbox import Sandbox
    from tests.console.office import Office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def sit_down(page: Page, office: Office, live_server: LiveServer):
    """`sit_down(Role.ADMIN)`: that person at work in the same window."""

    def enter(role: Role) -> Page:
        person = office.people[role]
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
        page.context.clear_cookies()
        page.goto(f"{live_server.url}/dang-nhap")
        write(page.get_by_label("Tên đăng nhập"), person.username)
        write(page.get_by_label("Mật khẩu"), PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/hom-nay")
        return page

    return enter


def write(field: Locator, words: str) -> None:
    field.focus()
    field.page.keyboard.press("Control+A")
    field.page.keyboard.insert_text(words)


def press(thing: Locator) -> None:
    thing.focus()
    thing.page.keyboard.press("Enter")


def post_on(office: Office, account: Account) -> Delivery:
    """An approved post, due now."""
    version = office.submitted(f"Tin {timezone.now():%M%S%f}", accounts=[account])
    (made,) = schedule_version(version, by=office.people[Role.APPROVER])
    Delivery.objects.filter(pk=made.pk).update(next_try_at=timezone.now())
    return made


def narrow_enough(page: Page) -> bool:
    page.set_viewport_size({"width": 390, "height": 844})
    fits = bool(page.evaluate("document.documentElement.scrollWidth <= 390"))
    page.set_viewport_size({"width": 1280, "height": 800})
    return fits


def test_an_account_is_connected_a_doubt_decided_and_a_hold_lifted(
    sit_down, office: Office, sandbox: Sandbox, live_server: LiveServer, said: list[str]
) -> None:
    page = sit_down(Role.ADMIN)
    given = sandbox.accounts["facebook"]

    press(page.get_by_role("link", name="Kênh", exact=True))
    press(page.get_by_role("link", name="Thêm kênh"))
    page.get_by_role("radio", name="Facebook").focus()
    page.keyboard.press("Space")
    write(page.get_by_label("Tên gọi trong phần mềm"), "Facebook phường")
    assert narrow_enough(page)
    page.keyboard.press("Enter")

    write(page.get_by_label("Mã Trang"), given["settings"]["page_id"])
    write(page.get_by_label("Mã truy cập Trang"), "mã-gõ-sai")
    press(page.get_by_text("Địa chỉ máy chủ của kênh"))
    write(page.get_by_label("Địa chỉ Graph API"), given["settings"]["api_url"])
    page.keyboard.press("Enter")
    page.get_by_text("Sửa những chỗ có dấu ✕").wait_for()
    assert page.locator(".tick-missing").count() >= 1
    assert page.get_by_label("Mã truy cập Trang").input_value() == ""
    assert narrow_enough(page)
    write(page.get_by_label("Mã truy cập Trang"), given["secrets"]["access_token"])
    write(page.get_by_label("Khóa bí mật của ứng dụng"), given["secrets"]["app_secret"])
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Đang bật, nối với máy giả lập").wait_for()
    account = Account.objects.get(name="Facebook phường")
    assert not account.held
    Account.objects.filter(pk=account.pk).update(pace_per_minute=0)  # how fast it may send is not told here

    # The vendor took the post, its answer was lost, and the Page cannot be read.
    lost = post_on(office, account)
    sandbox.fault("facebook", "photos", "reset_after_commit")
    sandbox.fault("facebook", "read", "html_502")
    turn()
    Delivery.objects.filter(pk=lost.pk, state=State.UNKNOWN).update(next_try_at=timezone.now(), unanswered=99)
    turn()
    page = sit_down(Role.OFFICER)
    press(page.get_by_role("link", name="Chưa rõ 1"))
    page.get_by_role("heading", name="Cần người xem và quyết định (1)").wait_for()
    assert page.get_by_role("link", name="Máy giả lập, danh sách đã nhận").get_attribute("href").startswith(sandbox.url)
    assert narrow_enough(page)
    press(page.locator("summary", has_text="Đã đăng"))
    write(page.get_by_label("Đường dẫn bài trên kênh"), sandbox.posts("facebook")[0]["permalink"])
    page.keyboard.press("Enter")
    page.get_by_text("Không có lượt nào chưa rõ").wait_for()
    assert Delivery.objects.get(pk=lost.pk).state == State.DELIVERED

    # The token dies; the account is held once; the vendor is well again and a look opens it.
    waiting = post_on(office, account)
    sandbox.fault("facebook", "photos", "code_190_463")
    turn()
    page = sit_down(Role.ADMIN)
    press(page.get_by_role("link", name="Kiểm tra lại và mở"))
    page.get_by_text("1 lượt đang chờ").wait_for()
    assert narrow_enough(page)
    press(page.get_by_role("button", name="Kiểm tra lại và mở"))
    page.get_by_text("Không có kênh nào đang tạm dừng").wait_for()
    turn()
    assert Delivery.objects.get(pk=waiting.pk).state == State.DELIVERED
    assert not said
