"""Connecting an account to the sandbox: what is wrong is named, what is right is on, no secret is read back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from publisher.config import config
from publisher.delivery.accounts import as_channel_sees, hold, set_secrets
from publisher.delivery.checkup import check_account, connect
from publisher.delivery.models import Account
from publisher.events.models import Event
from publisher.people.rights import Role


@pytest.fixture
def admin(office):
    return office.client(Role.ADMIN)


@pytest.fixture
def here(sandbox):
    """The sandbox as this installation's own: where it listens is written down."""
    kept = config.private_folder("sandbox") / "port"
    kept.write_text(sandbox.url.rpartition(":")[2])
    yield sandbox
    kept.unlink()


def new(admin, kind: str) -> Account:
    admin.post("/kenh/moi", {"kind": kind, "name": f"{kind} mới"})
    return Account.objects.get(kind=kind, name=f"{kind} mới")


def entered(sandbox, kind: str, **wrong: str) -> dict[str, str]:
    """What a person types into the form."""
    given = sandbox.accounts[kind]
    settings = {f"set-{name}": value for name, value in given["settings"].items()}
    return {**settings, **given["secrets"], **wrong}


@pytest.mark.parametrize("kind", ["facebook", "zalo", "webhook"])
def test_one_button_connects_to_the_sandbox_and_turns_on(admin, here, kind: str) -> None:
    made = new(admin, kind)
    assert "Dùng thử với máy giả lập" in admin.get(f"/kenh/{made.pk}/ket-noi").content.decode()
    page = admin.post(f"/kenh/{made.pk}/dung-thu", follow=True).content.decode()
    made.refresh_from_db()
    assert not made.held, made.findings
    assert made.checked_at is not None
    assert made.findings
    assert "Đang bật, nối với máy giả lập" in page
    for secret in here.accounts[kind]["secrets"].values():
        assert secret not in page


def test_without_a_sandbox_the_button_is_not_there(admin) -> None:
    made = new(admin, "facebook")
    assert "Dùng thử" not in admin.get(f"/kenh/{made.pk}/ket-noi").content.decode()
    answer = admin.post(f"/kenh/{made.pk}/dung-thu", follow=True)
    assert "không có máy giả lập" in answer.content.decode()


def test_a_wrong_token_is_named_and_the_account_stays_held_until_it_is_right(admin, sandbox) -> None:
    made = new(admin, "facebook")
    wrong = "EAAG-sai-bi-mat-khong-ai-doc"
    page = admin.post(f"/kenh/{made.pk}/ket-noi", entered(sandbox, "facebook", access_token=wrong), follow=True)
    made.refresh_from_db()
    assert made.held
    assert "missing" in {finding["sign"] for finding in made.findings}
    assert wrong not in page.content.decode() + made.held_reason + str(made.findings)
    right = sandbox.accounts["facebook"]["secrets"]["access_token"]
    given = entered(sandbox, "facebook", access_token=right)
    page = admin.post(f"/kenh/{made.pk}/ket-noi", given, follow=True).content.decode()
    made.refresh_from_db()
    assert not made.held, made.findings
    assert "Kết nối tốt" in page
    assert Event.objects.filter(kind="account.checked", subject=f"account:{made.pk}").count() == 2


def test_a_broadcast_borrows_the_connection_of_an_official_account(admin, here) -> None:
    lender, made = new(admin, "zalo"), new(admin, "zalo_broadcast")
    admin.post(f"/kenh/{lender.pk}/dung-thu")
    form = admin.get(f"/kenh/{made.pk}/ket-noi").content.decode()
    assert "Đăng qua tài khoản Zalo OA" in form
    assert 'type="password"' not in form
    assert "Chọn tài khoản Zalo OA" in admin.post(f"/kenh/{made.pk}/ket-noi", follow=True).content.decode()
    admin.post(f"/kenh/{made.pk}/ket-noi", {"through": lender.pk})
    made.refresh_from_db()
    lender.refresh_from_db()
    assert (made.through, made.held, made.secret) == (lender, False, ""), made.findings
    assert as_channel_sees(made).secrets == as_channel_sees(lender).secrets


def test_an_account_may_be_saved_while_something_is_missing(admin) -> None:
    made = new(admin, "zalo")
    page = admin.post(f"/kenh/{made.pk}/ket-noi", {"set-oa_id": "42"}, follow=True).content.decode()
    made.refresh_from_db()
    assert made.settings == {"oa_id": "42"}
    assert made.held
    for words in ("Thiếu Mã ứng dụng", "Thiếu Mã gia hạn", "Thiếu Khóa bí mật"):
        assert words in page


def test_what_a_worker_renewed_meanwhile_is_not_lost_by_saving_the_form(office, admin, sandbox) -> None:
    """A refresh token is good once: writing back the one before it would cut the connection."""
    made = new(admin, "zalo")
    given, by = sandbox.accounts["zalo"], office.people[Role.ADMIN]
    connect(made, by=by, settings=given["settings"], secrets=given["secrets"])
    stale = Account.objects.get(pk=made.pk)
    set_secrets(Account.objects.get(pk=made.pk), {"refresh_token": "mã gia hạn mới"}, by=None)
    connect(stale, by=by, settings=given["settings"], secrets={"secret_key": "khóa mới"})
    kept = as_channel_sees(Account.objects.get(pk=made.pk)).secrets
    assert (kept["refresh_token"], kept["secret_key"]) == ("mã gia hạn mới", "khóa mới")


def test_a_vendor_out_of_reach_says_nothing_about_the_account(admin, sandbox) -> None:
    made = new(admin, "facebook")
    admin.post(f"/kenh/{made.pk}/ket-noi", entered(sandbox, "facebook"))
    expiry = timezone.now() + timedelta(days=40)
    Account.objects.filter(pk=made.pk).update(
        secret_expires_at=expiry, settings={**sandbox.accounts["facebook"]["settings"], "api_url": "http://127.0.0.1:9"}
    )
    page = admin.post(f"/kenh/{made.pk}/kiem-tra", follow=True).content.decode()
    made.refresh_from_db()
    assert not made.held, "a network that is down is no matter of credentials"
    assert made.secret_expires_at == expiry
    assert "Chưa kiểm tra được" in page


def test_the_daily_look_lifts_what_it_held_and_nothing_a_person_held(office, admin, sandbox) -> None:
    made = new(admin, "facebook")
    admin.post(f"/kenh/{made.pk}/ket-noi", entered(sandbox, "facebook"))
    made.refresh_from_db()
    hold(made, reason="Mã bị từ chối")
    check_account(made, None)
    assert not made.held
    hold(made, reason="Trang bị chặn", until=timezone.now() + timedelta(hours=3))
    check_account(made, None)
    assert made.held, "a hold with an end is not for credentials"
    check_account(made, office.people[Role.ADMIN])
    assert not made.held
    hold(made, reason="Kiểm kê", by=office.people[Role.ADMIN])
    check_account(made, None)
    assert made.held


def test_secrets_leave_by_no_export_log_or_event_when_a_look_fails(office, admin, sandbox, caplog) -> None:
    caplog.set_level("DEBUG")
    made = new(admin, "facebook")
    planted = "EAAG-trong-bi-mat-0123456789"
    admin.post(f"/kenh/{made.pk}/ket-noi", entered(sandbox, "facebook", access_token=planted, app_secret=planted))
    sandbox.fault("facebook", "*", "html_502")
    admin.post(f"/kenh/{made.pk}/kiem-tra")
    made.refresh_from_db()
    assert as_channel_sees(made).secrets["access_token"] == planted
    rows = [*Event.objects.values(), *Account.objects.values()]
    assert planted not in str(rows)
    assert planted not in caplog.text
    assert planted not in repr(as_channel_sees(made))
