"""The way of a plan as an officer walks it: handed in, corrected, derived, timetabled, moved, and looked at."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from campaigns.models import Plan, Post
from publisher.approval.drafting import edit_post
from publisher.approval.review import approve, submit
from publisher.people.rights import Role
from publisher.timetable.models import Happening, Schedule
from tests.plan_rows import SAMPLE

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from tests.console.office import Office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_a_plan_becomes_a_timetable_that_people_move_and_see_fulfilled(
    at_work: Page, office: Office, live_server: LiveServer, said: list[str]
) -> None:
    at_work.set_default_timeout(15_000)
    plan = hand_in(at_work, live_server.url)
    correct_a_target(at_work, plan)
    derive_again(at_work, plan, live_server.url)
    post = timetable(at_work, plan, live_server.url)
    drag(at_work, post, live_server.url)
    move_a_happening(at_work, office, post, live_server.url)
    see_the_picture(at_work, office, plan, post, live_server.url)
    assert not said


def hand_in(page: Page, url: str) -> Plan:
    """Next year's plan, whenever this runs."""
    words = SAMPLE.read_text("utf-8").replace("2026", str(timezone.localdate().year + 1))
    page.goto(f"{url}/ke-hoach")
    file = {"name": "ke-hoach-moi.md", "mimeType": "text/markdown", "buffer": words.encode()}
    page.get_by_label("Tệp kế hoạch").set_input_files(file)
    page.get_by_role("button", name="Đọc và nhập").click()
    page.wait_for_url("**/doi-chieu?nhap=moi")
    return Plan.objects.get(source_name="ke-hoach-moi.md")


def correct_a_target(page: Page, plan: Plan) -> None:
    page.locator("#e-f-targets-0").click()
    page.get_by_label("Số lượng").fill("8")
    page.get_by_label("Ghi chú").fill("theo bản giấy")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.locator("#g-targets .notice-success").wait_for()
    assert "máy đọc: 2" in page.locator("#f-targets-0").inner_text()
    rhythm = plan.campaigns.order_by("code").first().rhythm
    assert (rhythm["count"], rhythm["origin"]) == (2, "plan")  # eight a week, shared by four campaigns


def derive_again(page: Page, plan: Plan, url: str) -> None:
    """Somebody renamed a campaign; deriving shows it, and takes it back only because it was chosen."""
    campaign = plan.campaigns.order_by("code").first()
    page.goto(f"{url}/chien-dich/{campaign.pk}/sua")
    page.get_by_label("Tên chiến dịch").fill("Tên tạm")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.wait_for_url(f"**/chien-dich/{campaign.pk}")
    page.goto(f"{url}/ke-hoach/{plan.pk}")
    page.get_by_role("link", name="Lập chiến dịch").last.click()
    row = page.locator(".drafts > li", has_text="thay đổi")
    assert "Tên tạm" in row.inner_text()
    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="Lập các chiến dịch đã chọn").click()
    page.get_by_text("1 chiến dịch thay đổi").wait_for()
    campaign.refresh_from_db()
    assert campaign.title != "Tên tạm"


def timetable(page: Page, plan: Plan, url: str) -> Post:
    """The campaign's rhythm becomes times; the first of its posts."""
    campaign = plan.campaigns.order_by("code").first()
    page.goto(f"{url}/chien-dich/{campaign.pk}")
    page.get_by_role("link", name="Xếp lịch").click()
    page.get_by_role("button", name=re.compile(r"Xếp lịch \d+ bài")).click()
    page.get_by_text("Đã xếp lịch").wait_for()
    return Post.objects.filter(campaign=campaign).exclude(schedule=None).order_by("schedule__starts_at").first()


def day_of(post: Post) -> date:
    return timezone.localtime(Schedule.objects.get(post=post).starts_at).date()


def drag(page: Page, post: Post, url: str) -> None:
    day = day_of(post)
    later = day + timedelta(days=7)
    to = later if later.month == day.month else day - timedelta(days=7)
    page.goto(f"{url}/lich?thang={day:%Y-%m}")
    slot, place = page.locator(f'[data-day="{day}"] .slot', has_text=post.title), page.locator(f'[data-day="{to}"]')
    place.scroll_into_view_if_needed()  # a page that scrolls while the mouse carries a post loses it
    slot.drag_to(place)
    page.locator("#calendar [data-told]", has_text="Đã dời").wait_for()
    assert day_of(post) == to


def move_a_happening(page: Page, office: Office, post: Post, url: str) -> None:
    """A post tied seven days before a happening goes along when the happening moves."""
    day = day_of(post) + timedelta(days=14)
    page.goto(f"{url}/su-kien")
    page.get_by_label("Tên sự kiện").fill("Ngày hội chuyển đổi số")
    page.locator("input[name=day]").fill(f"{day}")
    page.locator("input[name=hour]").fill("08:00")
    page.get_by_role("button", name="Thêm sự kiện").click()
    page.get_by_role("heading", name="Ngày hội chuyển đổi số").wait_for()
    happening = Happening.objects.get(organisation=office.organisation)

    page.goto(f"{url}/tin-bai/{post.pk}")
    page.locator("input[name=when][value=tied]").check()
    page.locator("select[name=happening]").select_option(str(happening.pk))
    page.locator("input[name=offset]").fill("7")
    page.get_by_role("button", name="Lưu nháp").first.click()
    page.wait_for_load_state()
    assert day_of(post) == day - timedelta(days=7)

    page.goto(f"{url}/su-kien/{happening.pk}")
    page.locator("form[action$='/doi'] input[name=day]").fill(f"{day + timedelta(days=2)}")
    page.locator("form[action$='/doi'] [name=reason]").fill("Trùng lịch họp")
    page.get_by_role("button", name="Dời sự kiện").click()
    page.wait_for_load_state()
    assert day_of(post) == day - timedelta(days=5)


def see_the_picture(page: Page, office: Office, plan: Plan, post: Post, url: str) -> None:
    """Approved, the post stands in the picture as scheduled."""
    by, fresh = office.people[Role.OFFICER], Post.objects.get(pk=post.pk)
    fresh = edit_post(fresh, {"body": "Nội dung đã viết xong."}, by=by, revision=fresh.revision)
    fresh.accounts.set([office.page])
    version = submit(fresh, by=by)
    approve(version, by=office.people[Role.APPROVER], digest=version.digest)
    page.goto(f"{url}/ke-hoach/{plan.pk}")
    page.get_by_role("link", name="Tiến độ").click()
    page.wait_for_url("**/tien-do")
    assert page.locator(".squares rect").count() == 10
    assert page.locator(".squares .st-scheduled").count() == 1
    assert "1 đã lên lịch" in page.locator(".theme-row").first.inner_text()
    assert page.locator(".bullet .goal").count() > 2
