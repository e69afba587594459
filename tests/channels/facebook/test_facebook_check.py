"""Looking at a live account while connecting it: what is missing is named, with what to do."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels.contract import Account, Checkup, Desk, Sign
from channels.errors import Unavailable
from channels.facebook import Facebook
from channels.sandbox import Sandbox, accounts
from tests.channels.facebook.conftest import Book
from tests.channels.facebook.vendor import Said, Vendor

channel = Facebook()
PAGE = {"id": "42", "name": "Trang phường"}
PERSON = {"id": "9", "name": "Nguyễn Văn A"}
SCOPES = ["pages_manage_posts", "pages_read_engagement", "pages_show_list", "publish_video"]
TOKEN = {"app_id": "777", "type": "PAGE", "is_valid": True, "expires_at": 0, "profile_id": "42", "scopes": SCOPES}


def refused(code: int, **more: Any) -> Said:
    return Said({"error": {"message": "no", "code": code, **more}}, 400)


def words(checkup: Checkup, sign: Sign) -> str:
    return "\n".join(finding.message for finding in checkup.findings if finding.sign is sign)


def looked(vendor: Vendor, page: Account, desk: Desk, **token: Any) -> Checkup:
    told = {name: value for name, value in {**TOKEN, **token}.items() if value is not None}
    vendor.says(PAGE, PAGE, {"data": told})
    return channel.check(page, desk)


def test_a_ready_account_has_nothing_but_good_findings(vendor: Vendor, page: Account, desk: Desk) -> None:
    checkup = looked(vendor, page, desk)
    assert {finding.sign for finding in checkup.findings} == {Sign.GOOD}
    assert (checkup.works, checkup.name, checkup.expires_at) == (True, "Trang phường", None)


def test_the_token_is_looked_at_in_the_name_of_the_application(vendor: Vendor, page: Account, desk: Desk) -> None:
    looked(vendor, page, desk)
    asked = vendor.asked[-1]
    assert (asked.method, asked.path, asked.given["input_token"]) == ("GET", "debug_token", "EAA-page-token")
    assert asked.headers["authorization"] == "Bearer 777|app-key"
    assert asked.given["appsecret_proof"] != vendor.asked[0].given["appsecret_proof"], "a proof is of one token"


def test_the_one_address_that_must_name_the_token_stands_in_no_log(
    vendor: Vendor, page: Account, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert "EAA-page-token" not in f"{looked(vendor, page, desk)!r}{caplog.text}"


@pytest.mark.parametrize("scope", SCOPES[:3])
def test_each_missing_right_is_named(vendor: Vendor, page: Account, desk: Desk, scope: str) -> None:
    checkup = looked(vendor, page, desk, scopes=[name for name in SCOPES if name != scope])
    assert not checkup.works
    assert f"Thiếu quyền {scope}" in words(checkup, Sign.MISSING)


def test_a_missing_right_for_video_is_a_warning(vendor: Vendor, page: Account, desk: Desk) -> None:
    checkup = looked(vendor, page, desk, scopes=SCOPES[:3])
    assert checkup.works
    assert "publish_video" in words(checkup, Sign.WARNING)


def test_a_right_given_for_other_pages_only_is_missing(vendor: Vendor, page: Account, desk: Desk) -> None:
    granular: list[dict[str, Any]] = [
        {"scope": "pages_manage_posts", "target_ids": ["43"]},
        {"scope": "pages_show_list"},
    ]
    assert "pages_manage_posts" in words(looked(vendor, page, desk, granular_scopes=granular), Sign.MISSING)
    granular[0]["target_ids"] = ["43", "42"]
    assert looked(vendor, page, desk, granular_scopes=granular).works


@pytest.mark.parametrize(
    ("token", "sign", "said"),
    [
        ({"is_valid": False, "error": {"message": "Session has expired"}}, Sign.MISSING, "không còn hiệu lực"),
        ({"type": "USER"}, Sign.MISSING, "không phải mã của Trang"),
        ({"profile_id": "43"}, Sign.MISSING, "Trang 43, không phải Trang 42"),
        ({"app_id": "778"}, Sign.MISSING, "ứng dụng 778"),
        ({"scopes": None}, Sign.WARNING, "không cho biết mã truy cập có những quyền nào"),
        ({"expires_at": None}, Sign.WARNING, "dùng được đến khi nào"),
        ({"expires_at": 0}, Sign.GOOD, "không có ngày hết hạn"),
    ],
)
def test_what_the_vendor_knows_of_a_token_is_told(
    vendor: Vendor, page: Account, desk: Desk, token: Mapping[str, Any], sign: Sign, said: str
) -> None:
    assert said in words(looked(vendor, page, desk, **token), sign)


@pytest.mark.parametrize(
    ("days", "sign", "said"),
    [(-1, Sign.MISSING, "đã hết hạn"), (3, Sign.WARNING, "trước ngày đó"), (40, Sign.GOOD, "dùng được đến ngày")],
)
@pytest.mark.parametrize("name", ["expires_at", "data_access_expires_at"])
def test_an_expiry_is_told_ahead(
    vendor: Vendor, page: Account, desk: Desk, name: str, days: int, sign: Sign, said: str
) -> None:
    at = (desk.now + timedelta(days=days)).replace(microsecond=0)
    checkup = looked(vendor, page, desk, **{name: int(at.timestamp())})
    assert said in words(checkup, sign)
    assert checkup.expires_at == at.astimezone(UTC)


def test_the_nearer_of_two_expiries_counts(vendor: Vendor, page: Account, desk: Desk) -> None:
    near, far = (int((desk.now + timedelta(days=days)).timestamp()) for days in (20, 60))
    checkup = looked(vendor, page, desk, expires_at=far, data_access_expires_at=near)
    assert checkup.expires_at == datetime.fromtimestamp(near, UTC)


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ([{"id": "42", "tasks": ["ANALYZE", "CREATE_CONTENT"]}], "không phải mã của Trang"),
        ([{"id": "42", "tasks": ["ANALYZE"]}], "CREATE_CONTENT"),
        ([{"id": "43"}], "không quản lý Trang 42"),
        ([], "không quản lý Trang 42"),
    ],
)
def test_a_persons_token_is_named_as_the_mistake(
    vendor: Vendor, page: Account, desk: Desk, pages: list[Any], said: str
) -> None:
    vendor.says(PAGE, PERSON, {"data": pages})
    checkup = channel.check(page, desk)
    assert not checkup.works
    assert "mã cá nhân của Nguyễn Văn A" in words(checkup, Sign.MISSING)
    assert said in words(checkup, Sign.MISSING)
    assert "access_token" not in vendor.asked[-1].given["fields"], "other tokens are not asked for"


def test_the_token_of_another_page_is_named(vendor: Vendor, page: Account, desk: Desk) -> None:
    vendor.says(PAGE, {"id": "43", "name": "Trang khác"}, refused(100))
    assert "Trang khác (43), không phải của Trang 42" in words(channel.check(page, desk), Sign.MISSING)


@pytest.mark.parametrize(
    ("answer", "said"),
    [(refused(190, error_subcode=463), "đã hết hạn"), (refused(100, error_subcode=33), "không thấy Trang 42")],
)
def test_a_page_that_cannot_be_seen_says_why(
    vendor: Vendor, page: Account, desk: Desk, answer: Said, said: str
) -> None:
    vendor.says(answer)
    assert said in words(channel.check(page, desk), Sign.MISSING)


def test_application_and_secret_that_do_not_belong_together_are_a_warning(
    vendor: Vendor, page: Account, desk: Desk
) -> None:
    vendor.says(PAGE, PAGE, refused(190))
    checkup = channel.check(page, desk)
    assert checkup.works
    assert "không đi với nhau" in words(checkup, Sign.WARNING)


def test_without_the_application_reading_is_tried(vendor: Vendor, page: Account, desk: Desk) -> None:
    bare = replace(page, settings={**page.settings, "app_id": ""})
    vendor.says(PAGE, PAGE, {"data": []}, PAGE, PAGE, refused(10))
    checkup = channel.check(bare, desk)
    assert checkup.works
    assert "Chưa nhập mã ứng dụng" in words(checkup, Sign.WARNING)
    assert "pages_read_engagement" in words(channel.check(bare, desk), Sign.MISSING)


def test_an_older_or_newer_version_that_answers_is_warned_of(vendor: Vendor, page: Account, desk: Desk) -> None:
    vendor.says(PAGE, PAGE, Said({"data": TOKEN}, headers={"facebook-api-version": "v27.0"}))
    assert "v26.0 nhưng Facebook trả lời bằng v27.0" in words(channel.check(page, desk), Sign.WARNING)


@pytest.mark.parametrize("answer", [Said({}, cut=True), refused(4), Said(b"<html>", 502)])
def test_a_vendor_that_cannot_be_asked_now_is_not_a_finding(
    vendor: Vendor, page: Account, desk: Desk, answer: Said
) -> None:
    vendor.says(answer)
    with pytest.raises(Unavailable):
        channel.check(page, desk)


def test_settings_that_are_missing_are_found_without_a_call(vendor: Vendor, page: Account, desk: Desk) -> None:
    checkup = channel.check(replace(page, secrets={}), desk)
    assert (checkup.works, vendor.asked) == (False, [])


@pytest.fixture
def known(account: Account) -> Account:
    """The account of the sandbox with the application's id."""
    return replace(account, settings={**account.settings, "app_id": accounts.PAGE_APP_ID})


def test_the_account_of_the_sandbox_works_with_and_without_its_application(
    sandbox: Sandbox, account: Account, known: Account, desk: Desk
) -> None:
    assert channel.check(account, desk).works
    checkup = channel.check(known, desk)
    assert (checkup.works, checkup.name) == (True, accounts.PAGE_NAME)
    assert checkup.expires_at is not None, "access to data runs out although the token does not"
    assert sandbox.record() == []


def test_wrong_tokens_of_the_sandbox_are_told_apart(
    sandbox: Sandbox, account: Account, known: Account, desk: Desk
) -> None:
    def checked(**secrets: str) -> Checkup:
        return channel.check(replace(known, secrets={**account.secrets, **secrets}), desk)

    assert "mã cá nhân" in words(checked(access_token=accounts.USER_TOKEN), Sign.MISSING)
    assert "không còn hiệu lực" in words(checked(access_token="wrong"), Sign.MISSING)
    assert "Khóa bí mật" in words(checked(app_secret="wrong"), Sign.MISSING)
    sandbox.turn("task_content", 0)
    assert "CREATE_CONTENT" in words(checked(access_token=accounts.USER_TOKEN), Sign.MISSING)


@pytest.mark.parametrize(
    ("switch", "value", "sign", "said"),
    [
        ("grant_posts", 0, Sign.MISSING, "pages_manage_posts"),
        ("grant_reads", 0, Sign.MISSING, "pages_read_engagement"),
        ("grant_video", 0, Sign.WARNING, "publish_video"),
        ("data_access_days", 3, Sign.WARNING, "Quyền đọc dữ liệu hết hạn"),
        ("page_token_dead", 460, Sign.MISSING, "Mật khẩu Facebook"),
        ("usage_percent", 96, Sign.GOOD, "Đủ quyền"),
    ],
)
def test_what_is_wrong_with_the_account_of_the_sandbox_is_named(
    sandbox: Sandbox, known: Account, desk: Desk, book: Book, switch: str, value: int, sign: Sign, said: str
) -> None:
    sandbox.turn(switch, value)
    assert said in words(channel.check(known, desk), sign)
    assert bool(book.rests) == (switch == "usage_percent")
