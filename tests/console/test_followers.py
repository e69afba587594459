"""The pages of those who are told: other systems, and the person who sits here."""

from __future__ import annotations

import pytest
from django.utils import timezone

from channels.remote import allow
from publisher.config import config
from publisher.events.seal import seal_log
from publisher.following.models import Dispatch, Endpoint, Notice
from publisher.following.notices import by_letter
from publisher.following.outbox import hand_out
from publisher.following.thread import RECEIVERS
from publisher.following.turns import due_endpoints, turn
from publisher.people.rights import Role
from tests.console.conftest import PASSWORD
from tests.following.receiver import receiving


def tell(person, organisation, words="Lỡ giờ đăng: “Lịch thu gom rác” → Trang phường.", cause="event:1") -> Notice:
    return Notice.objects.create(
        person=person, organisation=organisation, cause=cause, kind="delivery.missed",
        words=words, address="/luot-dang", at=timezone.now(),
    )  # fmt: skip


def test_an_administrator_adds_watches_renews_and_takes_out_an_endpoint(office):
    client = office.client(Role.ADMIN)
    seal_log()
    hand_out(RECEIVERS, timezone.now())
    wrong = client.post("/nhan-tin", {"name": "Cổng", "url": "http://cong.example/tin"})
    assert wrong.status_code == 422
    assert "phải bắt đầu bằng https://" in wrong.content.decode()

    given = {"name": "Cổng thành phố", "url": "https://cong.example/tin", "kinds": ["post.*"]}
    shown = client.post("/nhan-tin", given).content.decode()
    made = Endpoint.objects.get()
    assert "chỉ hiện một lần" in shown
    secret = shown.partition('readonly value="')[2].partition('"')[0]
    assert secret.startswith("tincoso_")
    page = client.get(f"/nhan-tin/{made.pk}").content.decode()
    assert secret not in page
    assert "Tin bài: viết, trình, duyệt, trả lại" in page
    assert client.post("/nhan-tin", given).status_code == 422, "the same address once"

    renewed = client.post(f"/nhan-tin/{made.pk}/doi-khoa").content.decode()
    assert secret not in renewed
    assert "Khóa trước còn ký kèm" in renewed

    client.post(f"/nhan-tin/{made.pk}/tam-dung", {"reason": "Bảo trì cổng"})
    assert "Bảo trì cổng" in client.get("/nhan-tin").content.decode()
    client.post(f"/nhan-tin/{made.pk}/nhan-lai")
    assert Endpoint.objects.get().paused_at is None
    client.post(f"/nhan-tin/{made.pk}/bo")
    assert "Cổng thành phố" not in client.get("/nhan-tin").content.decode().partition("Đã bỏ")[2].partition("table")[2]
    assert "đã bỏ" in client.get(f"/nhan-tin/{made.pk}").content.decode(), "what it had can still be read"


def test_what_was_given_up_is_seen_and_sent_again(office):
    allow(["127.0.0.1"])
    client = office.client(Role.ADMIN)
    seal_log()
    hand_out(RECEIVERS, timezone.now())
    with receiving() as receiver:
        client.post("/nhan-tin", {"name": "Cổng", "url": receiver.url(), "kinds": ["post.*"]})
        office.post()
        seal_log()
        hand_out(RECEIVERS, timezone.now())
        endpoint = Endpoint.objects.get()
        count = endpoint.dispatches.update(state="given_up", answer="127.0.0.1 trả lời HTTP 500.", tries=9)
        page = client.get(f"/nhan-tin/{endpoint.pk}").content.decode()
        assert "9 lần gửi; 127.0.0.1 trả lời HTTP 500." in page
        assert f"Gửi lại {count} tin đã thôi" in page

        one = Dispatch.objects.latest("pk")
        client.post(f"/nhan-tin/{endpoint.pk}/gui-lai", {"dispatch": one.pk})
        assert list(Dispatch.objects.filter(state="waiting")) == [one]
        client.post(f"/nhan-tin/{endpoint.pk}/gui-lai")
        assert not Dispatch.objects.filter(state="given_up").exists()
        now = timezone.now()
        assert sum(turn(pk, now) for pk in due_endpoints(now)) == count
        assert len(receiver.effects()) == count
    assert "đã nhận" in client.get(f"/nhan-tin/{endpoint.pk}").content.decode()


def test_the_bell_counts_what_only_i_have_not_read(office):
    officer = office.people[Role.OFFICER]
    tell(officer, office.organisation)
    mine = tell(officer, office.organisation, "Không đăng được: “Tin hai”.", "event:2")
    client = office.client(Role.OFFICER)
    assert '<span class="badge">2<span class="unseen"> chưa đọc' in client.get("/hom-nay").content.decode()
    assert "chưa đọc" not in office.client(Role.APPROVER).get("/hom-nay").content.decode()
    page = client.get("/thong-bao").content.decode()
    assert "Lịch thu gom rác" in page
    assert "Kết nối nhận tin" not in page, "that door is the administrator's"
    office.client(Role.APPROVER).post("/thong-bao/da-doc", {"notice": mine.pk})
    client.post("/thong-bao/da-doc", {"notice": mine.pk})
    assert Notice.objects.filter(read_at=None).count() == 1
    client.post("/thong-bao/da-doc")
    assert not Notice.objects.filter(read_at=None).exists()


def test_everybody_switches_letters_for_themselves(office, monkeypatch):
    officer, client = office.people[Role.OFFICER], office.client(Role.OFFICER)
    assert "chưa đặt hộp thư gửi" in client.get("/thong-bao").content.decode()
    monkeypatch.setattr(config, "smtp_url", "smtp://127.0.0.1:25")
    assert "chưa có địa chỉ thư" in client.get("/thong-bao").content.decode()
    client.post("/thong-bao/cach-nhan")
    assert not by_letter(officer)
    client.post("/thong-bao/cach-nhan", {"by_letter": "on"})
    assert by_letter(officer)
    assert by_letter(office.people[Role.APPROVER])


@pytest.mark.browser
def test_the_pages_work_by_keyboard_on_a_telephone(office, live_server, page, said):
    admin = office.people[Role.ADMIN]
    admin.set_password(PASSWORD)
    admin.save(update_fields=["password"])
    tell(admin, office.organisation)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{live_server.url}/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(admin.username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/hom-nay")
    page.get_by_role("link", name="Thông báo").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/thong-bao")
    page.get_by_role("button", name="Đã đọc: Lỡ giờ đăng").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Kết nối nhận tin").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/nhan-tin")
    page.get_by_label("Tên", exact=True).focus()
    page.keyboard.insert_text("Cổng thành phố")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("https://cong.example/tin")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Khóa ký").wait_for()
    assert Endpoint.objects.get().kinds == ["delivery.delivered"]
    for path in ("/thong-bao", "/nhan-tin", f"/nhan-tin/{Endpoint.objects.get().pk}"):
        page.goto(f"{live_server.url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert not said
