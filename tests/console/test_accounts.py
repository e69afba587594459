"""Accounts: settings within bounds, secrets that go in and never come out, holds."""

from __future__ import annotations

import pytest

from publisher.delivery.accounts import as_channel_sees
from publisher.delivery.models import Account
from publisher.events.models import Event
from publisher.people.rights import Role

SECRET = "EAAG-mot-ma-that-bi-mat"


@pytest.fixture
def admin(office):
    return office.client(Role.ADMIN)


@pytest.fixture
def facebook(office) -> Account:
    return Account.objects.create(
        organisation=office.organisation, kind="facebook", name="Facebook phường", settings={"page_id": "1"}
    )


def own_columns(**changes: object) -> dict[str, object]:
    return {"quiet_from": "21:00", "quiet_until": "06:00", "pace_per_minute": "30", "rate": "0", **changes}


def test_a_secret_is_kept_and_never_shown_again(admin, facebook) -> None:
    answer = admin.post(f"/kenh/{facebook.pk}/bi-mat", {"access_token": SECRET}, follow=True)
    page = answer.content.decode()
    facebook.refresh_from_db()
    assert as_channel_sees(facebook).secrets["access_token"] == SECRET
    assert SECRET not in page
    assert "Đã lưu. Để trống nếu không đổi." in page
    assert SECRET not in facebook.secret
    assert not Event.objects.filter(data__icontains=SECRET).exists()


def test_an_empty_field_leaves_a_secret_alone(admin, facebook) -> None:
    admin.post(f"/kenh/{facebook.pk}/bi-mat", {"access_token": SECRET})
    admin.post(f"/kenh/{facebook.pk}/bi-mat", {"app_secret": "khac"})
    facebook.refresh_from_db()
    assert as_channel_sees(facebook).secrets == {"access_token": SECRET, "app_secret": "khac"}
    assert "các ô đều trống" in admin.post(f"/kenh/{facebook.pk}/bi-mat", {}, follow=True).content.decode()


def test_a_secret_the_keys_do_not_open_is_told_and_can_be_entered_anew(admin, facebook) -> None:
    Account.objects.filter(pk=facebook.pk).update(secret="gAAAAA-khong-mo-duoc")
    for place in ("/kenh", f"/kenh/{facebook.pk}"):
        assert "Không mở được bí mật của tài khoản" in admin.get(place).content.decode()
    admin.post(f"/kenh/{facebook.pk}/bi-mat", {"access_token": SECRET})
    assert "Không mở được bí mật của tài khoản" not in admin.get("/kenh").content.decode()


def test_settings_are_kept_and_their_change_is_in_the_log(office, admin, facebook) -> None:
    admin.post(f"/kenh/{facebook.pk}", own_columns(**{"set-page_id": "42", "set-api_url": "", "rate": "5000"}))
    facebook.refresh_from_db()
    assert facebook.settings == {"page_id": "42"}
    assert (facebook.rate, str(facebook.quiet_from)) == (5000, "21:00:00")
    event = Event.objects.get(kind="account.settings_changed")
    assert "page_id" in event.data["names"]
    assert event.actor == office.people[Role.ADMIN]


def test_nobody_points_a_channel_at_another_folder(office, admin) -> None:
    admin.post(f"/kenh/{office.page.pk}", own_columns(**{"set-root": "/etc", "root": "/etc", "base_url": "http://x/"}))
    office.page.refresh_from_db()
    assert not {"root", "base_url"} & set(office.page.settings)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"quiet_until": ""}, "cần cả giờ bắt đầu và giờ kết thúc"),
        ({"set-sessions": "7 giờ rưỡi"}, "không phải giờ"),
        ({"set-station": ""}, "Hãy điền"),
        ({"rate": "-5"}, "0"),
        ({"pace_per_minute": "nhiều"}, "Nhiều nhất mỗi phút"),
    ],
)
def test_wrong_settings_are_refused_in_words(office, admin, changes, words) -> None:
    given = own_columns(**{"set-station": "Đài", "set-sessions": "07:30", **changes})
    answer = admin.post(f"/kenh/{office.loudspeaker.pk}", given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    office.loudspeaker.refresh_from_db()
    assert office.loudspeaker.settings["sessions"] == "07:30, 16:30"


def test_a_line_of_another_office_cannot_be_charged(office, admin) -> None:
    from publisher.budget.models import BudgetLine

    theirs = BudgetLine.objects.create(
        organisation=office.stranger.members.first().organisation, name="Của họ", amount=1
    )
    assert admin.post(f"/kenh/{office.page.pk}", own_columns(budget_line=theirs.pk)).status_code == 422


def test_holding_needs_a_reason_everybody_sees(office, admin) -> None:
    assert "Hãy điền “Lý do”" in admin.post(f"/kenh/{office.page.pk}/tam-dung", {}, follow=True).content.decode()
    admin.post(f"/kenh/{office.page.pk}/tam-dung", {"reason": "Quốc tang"})
    for place in ("/kenh", f"/kenh/{office.page.pk}", "/hom-nay"):
        assert "Quốc tang" in office.client(Role.AUDITOR).get(place).content.decode()
    again = admin.post(f"/kenh/{office.page.pk}/tam-dung", {"reason": "Khác"}, follow=True)
    assert "đã tạm dừng từ trước" in again.content.decode()


def test_a_hold_is_lifted_by_the_administrator(office, admin) -> None:
    admin.post(f"/kenh/{office.page.pk}/tam-dung", {"reason": "Quốc tang"})
    admin.post(f"/kenh/{office.page.pk}/chay-lai")
    office.page.refresh_from_db()
    assert not office.page.held


def test_the_test_says_what_is_missing(admin, facebook) -> None:
    page = admin.post(f"/kenh/{facebook.pk}/kiem-tra", follow=True).content.decode()
    assert "Thiếu Mã truy cập Trang" in page
    admin.post(f"/kenh/{facebook.pk}/bi-mat", {"access_token": SECRET})
    assert "đủ thông tin để đăng" in admin.post(f"/kenh/{facebook.pk}/kiem-tra", follow=True).content.decode()


def test_who_may_not_manage_sees_no_form(office, facebook) -> None:
    page = office.client(Role.OFFICER).get(f"/kenh/{facebook.pk}").content.decode()
    assert "Chỉ quản trị đổi được" in page
    assert 'name="access_token"' not in page


def test_a_new_account_leads_to_its_settings_and_says_what_it_lacks(admin, office) -> None:
    answer = admin.post("/kenh/moi", {"kind": "facebook", "name": "Facebook thứ hai"}, follow=True)
    made = Account.objects.get(organisation=office.organisation, name="Facebook thứ hai")
    assert answer.redirect_chain[-1][0] == f"/kenh/{made.pk}"
    assert made.pace_per_minute == 30
    assert Event.objects.filter(kind="account.created", subject=f"account:{made.pk}").exists()
    assert "chưa sẵn sàng" in admin.get("/kenh").content.decode()


def test_two_accounts_of_one_kind_cannot_share_a_name(admin, facebook) -> None:
    answer = admin.post("/kenh/moi", {"kind": "facebook", "name": facebook.name})
    assert answer.status_code == 422
    assert "Chọn tên khác" in answer.content.decode()
    assert Account.objects.filter(name=facebook.name).count() == 1


def test_a_new_page_answers_before_its_first_article(admin, office, client) -> None:
    office.page.delete()
    admin.post("/kenh/moi", {"kind": "page", "name": "Trang mới"})
    assert client.get(f"/trang/{office.organisation.slug}/").status_code == 200


def test_an_address_that_changes_takes_no_secret_along(office, admin, facebook) -> None:
    """Otherwise whoever may manage reads a token by pointing the account at a machine of their own."""
    admin.post(f"/kenh/{facebook.pk}/bi-mat", {"access_token": SECRET})
    admin.post(f"/kenh/{facebook.pk}", own_columns(**{"set-page_id": "42", "set-api_url": ""}))
    facebook.refresh_from_db()
    assert as_channel_sees(facebook).secrets == {"access_token": SECRET}, "the page alone is no address"
    moved = own_columns(**{"set-page_id": "42", "set-api_url": "https://may-khac.example"})
    page = admin.post(f"/kenh/{facebook.pk}", moved, follow=True).content.decode()
    facebook.refresh_from_db()
    assert as_channel_sees(facebook).secrets == {}
    assert "các mã bí mật đã bị xóa" in page
