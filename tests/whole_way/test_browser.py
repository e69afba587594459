"""The whole way as people walk it: written, approved, published, aired, accounted for — in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import feedparser
import pytest
import requests

from tests.services import wait_until
from tests.whole_way.office import WARD, Office, Start, answers, posts_in_sandbox

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.processes]

TITLE = "Lịch thu gom rác cồng kềnh ở tổ dân phố số 5"
LEAD = "Sáng chủ nhật, xe của phường đến tận ngõ nhận đồ cũ của bà con."
BODY = "Bà con để đồ cũ trước cửa nhà trước 8 giờ.\n\nĐồ nhỏ xin buộc gọn. Không nhận rác xây dựng."
CHANNELS = {"page", "feed", "facebook", "zalo", "loudspeaker"}
AIRING = 150_000  # đồng: what the announcer is paid for one bulletin item

# What an administrator sets up once: hours in which the test may run, and a price for reading aloud.
SET_UP = (
    WARD
    + f"""
from publisher.budget.models import BudgetLine
line = BudgetLine.objects.filter(amount__gt=0).order_by("order").first()
Account.objects.update(quiet_from=None, quiet_until=None, pace_per_minute=0)
loud = Account.objects.get(kind="loudspeaker")
loud.settings = {{**loud.settings, "sessions": ""}}
loud.rate, loud.budget_line = {AIRING}, line
loud.save()
answer = [[a.kind, a.pk] for a in Account.objects.all()]
"""
)
LOG = f"""
from publisher.delivery.models import Delivery
rows = Delivery.objects.filter(version__title={TITLE!r}).select_related("account")
answer = [{{"pk": d.pk, "kind": d.account.kind, "state": d.state, "evidence": d.evidence.count(),
           "error": d.last_error}} for d in rows]
"""

# The bulletin's hour is hours away: what its operator would tell then (tests/console/test_airing_in_browser.py).
AIRED = f"""
from publisher.delivery.desk import confirm
from publisher.delivery.models import Delivery
from publisher.people.models import Person
delivery = Delivery.objects.get(version__title={TITLE!r}, account__kind="loudspeaker")
confirm(delivery, by=Person.objects.get(username="canbo"), note="Đã phát đủ.", heard=True)
answer = delivery.pk
"""


@dataclass
class Installation:
    office: Office
    url: str
    sandbox: str
    var: Path
    accounts: dict[str, int]

    def window(self, browser: Browser, username: str) -> Page:
        """A signed-in window of this person."""
        passwords = json.loads((self.var / "secrets" / "sign-ins.json").read_text())
        role = {"canbo": "officer", "nguoiduyet": "approver"}[username]
        page = browser.new_context(locale="vi-VN", viewport={"width": 1280, "height": 900}).new_page()
        page.goto(f"{self.url}/dang-nhap")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu").fill(passwords[role])
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url("**/hom-nay")
        return page

    def log(self) -> list[dict[str, Any]]:
        return self.office.do(LOG)


@pytest.fixture
def installation(
    publisher: Start, free_ports: Callable[[int], list[int]], tables: Path, tmp_path: Path
) -> Installation:
    port, sandbox_port = free_ports(2)
    env = {
        "PUBLISHER_VAR_DIR": str(tmp_path / "var"),
        "PORT": str(port),
        "PUBLISHER_SANDBOX_PORT": str(sandbox_port),
        "PUBLISHER_TICK_SECONDS": "0.2",
    }
    publisher("run", env=env).wait_for("Dừng bằng Ctrl-C", 120)
    office = Office(publisher, env)
    accounts = dict(office.do(SET_UP))
    url, sandbox = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}"
    wait_until(lambda: answers(f"{sandbox}/"), "the sandbox answers")
    return Installation(office, url, sandbox, tmp_path / "var", accounts)


def test_a_post_goes_from_the_officers_desk_to_every_channel_and_into_the_books(
    installation: Installation, browser: Browser
) -> None:
    write_and_submit(installation, browser)
    approve(installation, browser)
    installation.office.wait_until(LOG, published, "the clock has published it", 90)

    the_same_words_stand_everywhere(installation)
    approve_the_bulletin(installation, browser)
    installation.office.do(AIRED)
    officer = installation.window(browser, "canbo")
    the_log_shows_five_deliveries_with_evidence(installation, officer)
    the_budget_shows_the_money(installation, officer)


def write_and_submit(installation: Installation, browser: Browser) -> None:
    page = installation.window(browser, "canbo")
    page.goto(f"{installation.url}/tin-bai/moi")
    page.get_by_label("Chiến dịch").select_option(index=1)
    page.get_by_label("Tiêu đề").fill(TITLE)
    page.get_by_label("Sa-pô").fill(LEAD)
    page.get_by_label("Nội dung").fill(BODY)
    for kind, account in installation.accounts.items():
        page.locator(f"input[name=accounts][value='{account}']").set_checked(kind in CHANNELS)
    page.get_by_role("button", name="Lưu nháp và xem trước").click()
    page.wait_for_url(re.compile(r"/tin-bai/\d+$"))
    assert page.locator("#previews .share").count() == len(CHANNELS)
    page.get_by_role("button", name="Lưu và trình duyệt").click()
    page.get_by_text("Đã trình duyệt.").wait_for()


def approve(installation: Installation, browser: Browser) -> None:
    page = installation.window(browser, "nguoiduyet")
    page.goto(f"{installation.url}/duyet")
    page.get_by_role("link", name=TITLE).click()
    assert page.locator(".share").count() == len(CHANNELS)
    page.get_by_role("button", name="Duyệt và lên lịch").click()
    page.wait_for_url("**/duyet")


def published(log: list[dict[str, Any]]) -> bool:
    wanted = dict.fromkeys(CHANNELS, "delivered") | {"loudspeaker": "handed_over"}
    return {row["kind"]: row["state"] for row in log} == wanted


def the_same_words_stand_everywhere(installation: Installation) -> None:
    site = f"{installation.url}/trang/phuong-song-vang/"
    feed = feedparser.parse(requests.get(f"{site}rss.xml", timeout=10).content)
    entry = next(entry for entry in feed.entries if entry.title == TITLE)
    places = {
        "page": requests.get(entry.link, timeout=10).text,
        "feed": f"{entry.title} {entry.summary} {entry.content[0].value}",
        "facebook": json.dumps(posts_in_sandbox(installation.sandbox), ensure_ascii=False),
        "zalo": json.dumps(posts_in_sandbox(installation.sandbox, "zalo"), ensure_ascii=False),
        "facebook as people see it": requests.get(f"{installation.sandbox}/facebook", timeout=10).text,
        "zalo as people see it": requests.get(f"{installation.sandbox}/zalo", timeout=10).text,
        "loudspeaker": "\n".join(path.read_text() for path in (installation.var / "desk").rglob("ban-doc.txt")),
    }
    spoken = TITLE.replace("số 5", "số năm")
    for place, words in places.items():
        assert (spoken if place == "loudspeaker" else TITLE) in words, place
    for place in ("page", "feed", "facebook", "zalo"):
        assert "Bà con để đồ cũ trước cửa nhà trước 8 giờ." in places[place], place
    assert "Bà con để đồ cũ trước cửa nhà trước tám giờ." in places["loudspeaker"]


def approve_the_bulletin(installation: Installation, browser: Browser) -> None:
    page = installation.window(browser, "nguoiduyet")
    page.goto(f"{installation.url}/loa")
    page.get_by_text("Chưa duyệt, không được phát.").wait_for()
    page.get_by_role("button", name="Duyệt cả bản tin").click()
    page.get_by_text("Đã duyệt cả bản tin: ").wait_for()


def the_log_shows_five_deliveries_with_evidence(installation: Installation, page: Page) -> None:
    log = installation.log()
    assert {row["kind"] for row in log} == CHANNELS
    assert {row["state"] for row in log} == {"delivered"}
    page.goto(f"{installation.url}/luot-dang?khi=tat-ca")
    assert page.get_by_role("link", name=TITLE).count() == len(CHANNELS)
    for row in log:
        page.goto(f"{installation.url}/luot-dang/{row['pk']}")
        assert page.locator("section[aria-labelledby=h-evidence] li").count() == row["evidence"] >= 1


def the_budget_shows_the_money(installation: Installation, page: Page) -> None:
    page.goto(f"{installation.url}/du-toan")
    spent = page.locator(".fact", has_text="Đã chi")
    assert "150.000 đ" in spent.inner_text().replace("\N{NO-BREAK SPACE}", " ")
