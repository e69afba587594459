"""The station's pages in a real browser: the operator at 390 px by keyboard, and an approval that ends by a change."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from publisher.airing.models import Airing, Rest, Standing
from publisher.delivery.models import Delivery
from publisher.delivery.states import State
from publisher.people.rights import Role
from tests.airing.station import MORNING
from tests.airing.stations import bulletin_at, day_before, lay
from tests.console.test_airing import approved
from tests.ward import turn

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from publisher.airing.models import Bulletin
    from tests.console.office import Office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
TELEPHONE = {"width": 390, "height": 844}


def sign_in(page: Page, office: Office, role: Role, live_server: LiveServer) -> None:
    session = office.client(role).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.clear_cookies()
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])


def laid(office: Office, days: int = 1) -> Bulletin:
    """A session of that many days ago, with three items; no voice speaks it while the page is looked at."""
    office.loudspeaker.settings = {**office.loudspeaker.settings, "voice": "khong"}
    office.loudspeaker.save(update_fields=["settings"])
    slot = day_before(MORNING, days=days)
    lay(office.loudspeaker, office.campaign, office.people[Role.OFFICER], slot)
    return bulletin_at(office.loudspeaker, slot)


@pytest.fixture
def telephone(page: Page, office: Office, live_server: LiveServer) -> Page:
    """The operator's, signed in."""
    sign_in(page, office, Role.OPERATOR, live_server)
    page.set_viewport_size(TELEPHONE)
    return page


def narrow(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"])


def test_the_operator_confirms_an_airing_on_a_telephone_by_keyboard(
    telephone: Page, office: Office, live_server: LiveServer, said: list[str]
) -> None:
    bulletin = laid(office)
    approved(office, bulletin)
    telephone.goto(f"{live_server.url}/loa")
    assert narrow(telephone)
    link = telephone.locator(f"a[href='/loa/{bulletin.pk}']")
    link.focus()
    telephone.keyboard.press("Enter")
    button = telephone.get_by_role("button", name="Đã phát", exact=True)
    button.wait_for()
    assert narrow(telephone)
    assert (button.bounding_box() or {})["height"] >= 44
    line = telephone.locator(".said").first
    assert float(line.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")) >= 20
    telephone.get_by_label("Phát xong lúc").fill("07:41")
    telephone.keyboard.press("Tab")
    while not button.evaluate("node => node === document.activeElement"):
        telephone.keyboard.press("Tab")
    telephone.keyboard.press("Enter")
    telephone.get_by_text("Đã ghi nhật ký: đã phát.").wait_for()
    entry = Airing.objects.get()
    assert (entry.outcome, entry.ended_at) == (Standing.AIRED, bulletin.slot_at + timedelta(minutes=11))
    assert Delivery.objects.filter(state=State.DELIVERED).count() == 3
    assert not said


def test_the_operator_tells_where_a_session_was_cut_short(
    telephone: Page, office: Office, live_server: LiveServer
) -> None:
    bulletin = laid(office)
    approved(office, bulletin)
    telephone.goto(f"{live_server.url}/loa/{bulletin.pk}")
    telephone.get_by_text("Phát dở", exact=True).focus()
    telephone.keyboard.press("Enter")
    telephone.get_by_label("Đọc trọn đến tin").select_option("1")
    telephone.get_by_label("Lý do").locator("visible=true").fill("Mất điện cụm 3")
    telephone.keyboard.press("Enter")
    telephone.get_by_text("Tin chưa đọc chuyển sang buổi").wait_for()
    entry = Airing.objects.get()
    assert (entry.outcome, entry.last_item, entry.rest) == (Standing.CUT_SHORT, 1, Rest.CARRIED)
    assert Delivery.objects.filter(state=State.DELIVERED).count() == 1
    assert set(Delivery.objects.filter(state=State.HANDED_OVER).values_list("due_at", flat=True)) == {entry.carried_to}
    assert telephone.get_by_role("heading", name="Chuyển sang buổi sau").is_visible()


def test_an_entry_made_without_a_connection_is_sent_when_there_is_one(
    telephone: Page, office: Office, live_server: LiveServer
) -> None:
    bulletin = laid(office)
    telephone.goto(f"{live_server.url}/loa/{bulletin.pk}")
    telephone.get_by_text("Không phát", exact=True).click()
    telephone.get_by_label("Lý do").locator("visible=true").fill("Mất mạng, mất điện")
    telephone.context.set_offline(True)
    telephone.get_by_role("button", name="Ghi không phát").click()
    telephone.get_by_text("Chưa có mạng. Đã giữ lại").wait_for()
    assert not Airing.objects.exists()
    telephone.context.set_offline(False)
    telephone.get_by_text("Mất mạng, mất điện").first.wait_for()
    assert Airing.objects.get().outcome == Standing.NOT_AIRED


def test_a_change_of_one_item_ends_the_approval_of_the_whole(
    page: Page, office: Office, live_server: LiveServer
) -> None:
    bulletin = laid(office, days=-1)
    place = f"{live_server.url}/loa/{bulletin.pk}"
    sign_in(page, office, Role.APPROVER, live_server)
    page.goto(place)
    page.get_by_text("Chưa duyệt, không được phát.").wait_for()
    page.get_by_role("button", name="Duyệt cả bản tin").click()
    page.get_by_text("Đã duyệt cả bản tin: ").wait_for()
    post = Delivery.objects.filter(account=office.loudspeaker).order_by("pk")[0].version.post
    sign_in(page, office, Role.OFFICER, live_server)
    page.goto(f"{live_server.url}/tin-bai/{post.pk}?sua")
    page.get_by_label("Tiêu đề").fill("Lịch thu gom rác đã đổi")
    page.get_by_role("button", name="Lưu nháp").click()
    page.wait_for_load_state()
    turn()  # the engine takes the item back
    sign_in(page, office, Role.APPROVER, live_server)
    page.goto(place)
    page.get_by_text("phải duyệt lại cả buổi").first.wait_for()
    assert page.get_by_role("button", name="Duyệt cả bản tin").is_visible()
    assert [row.ruling for row in bulletin.approvals.all()] == ["voided", "approved"]
