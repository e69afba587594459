"""Accounts: settings within bounds, secrets that go in and never come out, expiry."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.delivery.accounts import as_channel_sees
from publisher.delivery.models import Account
from publisher.delivery.secrets import lock
from publisher.events.models import Event
from publisher.people.rights import Role

SECRET = "EAAG-mot-ma-that-bi-mat"
DEAD = "http://127.0.0.1:9"  # nobody listens there


def facebook_on_a_dead_port(account: Account) -> None:
    """No look goes out to the real vendor."""
    account.settings = {"page_id": "1", "api_url": DEAD}
    account.save(update_fields=["settings"])


@pytest.fixture
def admin(office):
    return office.client(Role.ADMIN)


@pytest.fixture
def facebook(office) -> Account:
    return Account.objects.create(
        organisation=office.organisation, kind="facebook", name="Facebook phường", settings={"page_id": "1"}
    )


def rules(**changes: object) -> dict[str, object]:
    return {
        "quiet_from": "21:00",
        "quiet_until": "06:00",
        "pace_per_minute": "30",
        "at_once": "4",
        "rate": "0",
        **changes,
    }


def connect(admin, account: Account, **given: str):
    return admin.post(f"/kenh/{account.pk}/ket-noi", {"set-page_id": "1", **given}, follow=True)


def test_a_secret_is_kept_and_never_shown_again(admin, facebook) -> None:
    facebook_on_a_dead_port(facebook)
    page = connect(admin, facebook, **{"set-api_url": DEAD, "access_token": SECRET}).content.decode()
    facebook.refresh_from_db()
    assert as_channel_sees(facebook).secrets["access_token"] == SECRET
    assert SECRET not in page
    assert "Đã lưu. Để trống nếu không đổi." in page
    assert SECRET not in facebook.secret
    assert not Event.objects.filter(data__icontains=SECRET).exists()


def test_an_empty_field_leaves_a_secret_alone(admin, facebook) -> None:
    facebook_on_a_dead_port(facebook)
    connect(admin, facebook, **{"set-api_url": DEAD, "access_token": SECRET})
    connect(admin, facebook, **{"set-api_url": DEAD, "app_secret": "khac"})
    connect(admin, facebook, **{"set-api_url": DEAD})
    facebook.refresh_from_db()
    assert as_channel_sees(facebook).secrets == {"access_token": SECRET, "app_secret": "khac"}


def test_an_optional_secret_can_be_taken_away_and_a_needed_one_only_replaced(admin, facebook) -> None:
    facebook_on_a_dead_port(facebook)
    connect(admin, facebook, **{"set-api_url": DEAD, "access_token": SECRET, "app_secret": "khac"})
    form = admin.get(f"/kenh/{facebook.pk}/ket-noi").content.decode()
    assert 'name="drop-app_secret"' in form
    assert 'name="drop-access_token"' not in form
    connect(admin, facebook, **{"set-api_url": DEAD, "drop-app_secret": "on", "drop-access_token": "on"})
    facebook.refresh_from_db()
    assert as_channel_sees(facebook).secrets == {"access_token": SECRET}


def test_a_secret_the_keys_do_not_open_is_told_and_can_be_entered_anew(admin, facebook) -> None:
    facebook_on_a_dead_port(facebook)
    Account.objects.filter(pk=facebook.pk).update(secret="gAAAAA-khong-mo-duoc")
    for place in ("/kenh", f"/kenh/{facebook.pk}"):
        assert "Không mở được bí mật của tài khoản" in admin.get(place).content.decode()
    connect(admin, facebook, **{"set-api_url": DEAD, "access_token": SECRET})
    assert "Không mở được bí mật của tài khoản" not in admin.get("/kenh").content.decode()


def test_rules_are_kept_and_their_change_is_in_the_log(office, admin, facebook) -> None:
    admin.post(f"/kenh/{facebook.pk}", rules(rate="5000", at_once="2"))
    facebook.refresh_from_db()
    assert (facebook.rate, str(facebook.quiet_from), facebook.at_once) == (5000, "21:00:00", 2)
    event = Event.objects.get(kind="account.settings_changed")
    assert {"rate", "at_once"} <= set(event.data["names"])
    assert event.actor == office.people[Role.ADMIN]


def test_nobody_points_a_channel_at_another_folder(office, admin) -> None:
    admin.post(f"/kenh/{office.page.pk}/ket-noi", {"set-root": "/etc", "root": "/etc", "base_url": "http://x/"})
    office.page.refresh_from_db()
    assert not {"root", "base_url"} & set(office.page.settings)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"quiet_until": ""}, "cần cả giờ bắt đầu và giờ kết thúc"),
        ({"rate": "-5"}, "0"),
        ({"pace_per_minute": "nhiều"}, "Nhiều nhất mỗi phút"),
        ({"at_once": "-1"}, "Cùng lúc nhiều nhất"),
    ],
)
def test_wrong_rules_are_refused_in_words(office, admin, changes, words) -> None:
    answer = admin.post(f"/kenh/{office.loudspeaker.pk}", rules(**changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_wrong_hours_of_a_station_are_refused_in_words(office, admin) -> None:
    answer = admin.post(f"/kenh/{office.loudspeaker.pk}/ket-noi", {"set-station": "Đài", "set-sessions": "7 giờ rưỡi"})
    assert answer.status_code == 422
    assert "không phải giờ" in answer.content.decode()
    office.loudspeaker.refresh_from_db()
    assert office.loudspeaker.settings["sessions"] == "07:30, 16:30"


def test_a_line_of_another_office_cannot_be_charged(office, admin) -> None:
    from publisher.budget.models import BudgetLine

    theirs = BudgetLine.objects.create(
        organisation=office.stranger.members.first().organisation, name="Của họ", amount=1
    )
    assert admin.post(f"/kenh/{office.page.pk}", rules(budget_line=theirs.pk)).status_code == 422


def test_holding_needs_a_reason_everybody_sees(office, admin) -> None:
    assert "Hãy điền “Vì sao”" in admin.post(f"/kenh/{office.page.pk}/tam-dung", {}, follow=True).content.decode()
    admin.post(f"/kenh/{office.page.pk}/tam-dung", {"reason": "Quốc tang"})
    for place in ("/kenh", f"/kenh/{office.page.pk}", "/kenh/tam-dung", "/hom-nay"):
        assert "Quốc tang" in office.client(Role.AUDITOR).get(place).content.decode()
    again = admin.post(f"/kenh/{office.page.pk}/tam-dung", {"reason": "Khác"}, follow=True)
    assert "đã tạm dừng từ trước" in again.content.decode()


def test_who_may_not_manage_sees_no_form(office, facebook) -> None:
    page = office.client(Role.OFFICER).get(f"/kenh/{facebook.pk}").content.decode()
    assert "Chỉ quản trị đổi được" in page
    assert "Sửa kết nối" not in page


def test_a_new_account_waits_until_it_is_connected(admin, office) -> None:
    answer = admin.post("/kenh/moi", {"kind": "facebook", "name": "Facebook thứ hai"}, follow=True)
    made = Account.objects.get(organisation=office.organisation, name="Facebook thứ hai")
    assert answer.redirect_chain[-1][0] == f"/kenh/{made.pk}/ket-noi"
    assert made.pace_per_minute == 30
    assert made.held
    assert Event.objects.filter(kind="account.created", subject=f"account:{made.pk}").exists()
    assert "Chưa kết nối xong" in admin.get("/kenh").content.decode()


def test_what_needs_no_connection_is_on_at_once(admin, office) -> None:
    admin.post("/kenh/moi", {"kind": "feed", "name": "RSS của phường"})
    assert not Account.objects.get(organisation=office.organisation, kind="feed").held


def test_two_accounts_of_one_kind_cannot_share_a_name(admin, facebook) -> None:
    answer = admin.post("/kenh/moi", {"kind": "facebook", "name": facebook.name})
    assert answer.status_code == 422
    assert "Chọn tên khác" in answer.content.decode()
    assert Account.objects.filter(name=facebook.name).count() == 1


def test_a_new_page_answers_before_its_first_article(admin, office, client) -> None:
    office.page.delete()
    admin.post("/kenh/moi", {"kind": "page", "name": "Trang mới"})
    assert client.get(f"/trang/{office.organisation.slug}/").status_code == 200


def test_an_address_that_changes_takes_no_secret_along(admin, facebook) -> None:
    """Otherwise whoever may manage reads a token by pointing the account at a machine of their own."""
    facebook_on_a_dead_port(facebook)
    connect(admin, facebook, **{"set-api_url": DEAD, "access_token": SECRET})
    connect(admin, facebook, **{"set-api_url": DEAD, "set-page_id": "42"})
    facebook.refresh_from_db()
    assert as_channel_sees(facebook).secrets == {"access_token": SECRET}, "the page alone is no address"
    page = connect(admin, facebook, **{"set-api_url": "http://127.0.0.1:8"}).content.decode()
    facebook.refresh_from_db()
    assert as_channel_sees(facebook).secrets == {}
    assert "các mã bí mật cũ đã bị xóa" in page


def test_a_secret_that_runs_out_soon_is_told_on_the_list_and_on_today(office, admin, facebook) -> None:
    now = timezone.now()
    for days, told in ((15, False), (13, True), (-1, True)):
        Account.objects.filter(pk=facebook.pk).update(
            secret_expires_at=now + timedelta(days=days), secret=lock({"access_token": SECRET})
        )
        assert ("hết hạn" in admin.get("/kenh").content.decode()) is told, days
        assert ("Mã kết nối sắp hết hạn" in office.client(Role.OFFICER).get("/hom-nay").content.decode()) is told, days
