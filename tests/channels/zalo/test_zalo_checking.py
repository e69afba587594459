"""Looking at the live OA before anything is published, and hiding what was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from channels.contract import Account, Checkup, Content, PictureNeeds, Remote, Result, Sign
from channels.errors import Rejected, Unavailable
from channels.sandbox import Sandbox
from channels.zalo import Zalo
from tests.channels.zalo.scripted import Vendor, good, refusal

Make = Callable[..., Content]
channel = Zalo(pause=0)
OA, SLICE = "/v2.0/oa/getoa", "/v2.0/article/getslice"
OURS = {"oa_id": "200000000000002", "name": "Phường Sông Vàng", "is_verified": True, "package_name": "Nâng cao"}


@pytest.fixture
def live(vendor: Vendor) -> Vendor:
    vendor.answers = {OA: [good(**OURS)], SLICE: [good(medias=[], total=0)]}
    return vendor


def signs(found: Checkup) -> dict[str, Sign]:
    return {finding.what: finding.sign for finding in found.findings}


def words(found: Checkup, what: str) -> str:
    return next(finding.message for finding in found.findings if finding.what == what)


def test_the_sandboxs_oa_works(sandbox: Sandbox, account: Account, vault: Any) -> None:
    found = channel.check(account, vault.desk())
    assert found.works
    assert found.name == "Phường Sông Vàng"
    assert sandbox.posts("zalo") == []


def test_a_connected_oa_is_told_by_name_package_rights_and_age(live: Vendor, scripted: Account, vault: Any) -> None:
    vault.secrets = {**scripted.secrets, "renewed_at": vault.at.isoformat()}
    found = channel.check(replace(scripted, secrets=vault.secrets), vault.desk())
    assert found.works
    assert set(signs(found).values()) == {Sign.GOOD}
    assert found.expires_at == vault.at + timedelta(days=90)
    assert "gói: Nâng cao" in words(found, "Xác thực")


def test_a_token_whose_age_nobody_knows_is_good_and_its_end_open(live: Vendor, scripted: Account, vault: Any) -> None:
    found = channel.check(scripted, vault.desk())
    assert (found.works, found.expires_at) == (True, None)
    assert "lần gia hạn đầu tiên" in words(found, "Mã gia hạn")


@pytest.mark.parametrize(("left", "sign"), [(15, Sign.GOOD), (13, Sign.WARNING), (-1, Sign.MISSING)])
def test_the_end_of_the_refresh_token_is_told_ahead(
    live: Vendor, scripted: Account, vault: Any, left: int, sign: Sign
) -> None:
    told = {"renewed_at": vault.at.isoformat(), "refresh_ends_at": (vault.at + timedelta(days=left)).isoformat()}
    found = channel.check(replace(scripted, secrets={**scripted.secrets, **told}), vault.desk())
    assert signs(found)["Mã gia hạn"] is sign
    assert found.expires_at == vault.at + timedelta(days=left)


def test_a_token_of_another_oa_is_named_as_such(live: Vendor, scripted: Account, vault: Any) -> None:
    live.answers[OA] = [good(**{**OURS, "oa_id": "7", "name": "Xã Bên"})]
    found = channel.check(scripted, vault.desk())
    assert not found.works
    assert "“Xã Bên” (mã 7), không phải OA 200000000000002" in words(found, "Zalo OA")


def test_an_oa_without_verification_or_without_the_right_says_what_to_do(
    live: Vendor, scripted: Account, vault: Any
) -> None:
    live.answers[OA] = [good(**{**OURS, "is_verified": False})]
    live.answers[SLICE] = [refusal(-223, "OA has not authorized this API")]
    found = channel.check(scripted, vault.desk())
    assert (signs(found)["Xác thực"], signs(found)["Quyền bài viết"]) == (Sign.WARNING, Sign.MISSING)
    assert "Quản lý bài viết" in words(found, "Quyền bài viết")


def test_a_dead_token_is_a_finding_not_an_error(sandbox: Sandbox, account: Account, vault: Any) -> None:
    vault.secrets = {**account.secrets, "access_token": "dead", "refresh_token": "spent"}
    found = channel.check(replace(account, secrets=vault.secrets), vault.desk())
    assert not found.works
    assert "nhập mã truy cập và mã gia hạn mới" in words(found, "Mã truy cập")


def test_what_the_form_lacks_is_found_without_asking_anybody(live: Vendor, scripted: Account, vault: Any) -> None:
    found = channel.check(replace(scripted, secrets={}), vault.desk())
    assert not found.works
    assert live.asked == []


@pytest.mark.parametrize("answer", [refusal(-32, "Your application reached limit call api"), (502, {}, b"<html>")])
@pytest.mark.parametrize("path", [OA, SLICE])
def test_an_oa_that_was_not_reached_is_not_judged(
    live: Vendor, scripted: Account, vault: Any, path: str, answer: Any
) -> None:
    live.answers[path] = [answer]
    with pytest.raises(Unavailable):
        channel.check(scripted, vault.desk())


def test_looking_renews_a_pair_that_is_old_so_an_idle_oa_stays_connected(
    sandbox: Sandbox, account: Account, vault: Any
) -> None:
    vault.secrets = {**account.secrets, "renewed_at": (vault.at - timedelta(days=30)).isoformat()}
    found = channel.check(replace(account, secrets=vault.secrets), vault.desk())
    assert found.works
    assert [kept["renewed_at"] for kept in vault.kept] == [vault.at.isoformat()]
    assert found.expires_at == vault.at + timedelta(days=90)


def test_pictures_are_fitted_to_what_zalo_takes() -> None:
    assert Zalo.picture_needs == PictureNeeds(("image/jpeg", "image/png"), 1024 * 1024)


@pytest.fixture
def hiding(account: Account) -> Account:
    return replace(account, settings={**account.settings, "withdraw_by": "hide"})


def published(account: Account, vault: Any, content: Make) -> Remote:
    sent = channel.send(channel.shape(content(), account), account, vault.desk("delivery-0"))
    return Remote(sent.remote_id, sent.permalink, "delivery-0", vault.at)


def test_hiding_keeps_the_article_whole_under_its_id_and_nobody_sees_it(
    sandbox: Sandbox, hiding: Account, vault: Any, content: Make
) -> None:
    remote = published(hiding, vault, content)
    before = sandbox.posts("zalo")[0]
    assert channel.withdraw(remote, hiding, vault.desk()).result is Result.DELIVERED
    shown = [post for post in sandbox.posts("zalo") if post["status"] == "show"]
    hidden = [post for post in sandbox.posts("zalo") if post["status"] == "hide"]
    assert shown == []
    for post in hidden:  # one that lists hidden articles too shows it unchanged
        assert {**post, "status": "show"} == before


def test_hiding_asks_for_the_whole_article_first_and_is_followed_like_any_replacement(
    sandbox: Sandbox, hiding: Account, vault: Any, content: Make
) -> None:
    remote = published(hiding, vault, content)
    sandbox.turn("pending_looks", 3)
    outcome = channel.withdraw(remote, hiding, vault.desk())
    assert outcome.result is Result.PROCESSING
    payload = channel.shape(content(), hiding)
    channel.poll(outcome.token, payload, hiding, vault.desk())
    assert channel.poll(outcome.token, payload, hiding, vault.desk()).result is Result.DELIVERED


def test_what_is_hidden_or_gone_counts_as_withdrawn_either_way(
    sandbox: Sandbox, account: Account, hiding: Account, vault: Any, content: Make
) -> None:
    remote = published(hiding, vault, content)
    for by in (hiding, hiding, account, hiding, account):  # hide, hide again, remove, then it is gone
        desk = vault.desk(f"withdrawal-{len(vault.notes)}")
        assert channel.withdraw(remote, by, desk).result is Result.DELIVERED
    assert sandbox.posts("zalo") == []


def test_a_removal_that_is_refused_while_the_article_is_hidden_is_no_failure(
    sandbox: Sandbox, account: Account, hiding: Account, vault: Any, content: Make
) -> None:
    remote = published(hiding, vault, content)
    channel.withdraw(remote, hiding, vault.desk())
    sandbox.fault("zalo", "remove", "code_-248")
    assert channel.withdraw(remote, account, vault.desk("delivery-2")).result is Result.DELIVERED


def test_an_article_that_cannot_be_looked_at_is_not_taken_for_gone(
    vendor: Vendor, scripted: Account, vault: Any
) -> None:
    vendor.answers = {
        "/v2.0/article/remove": [refusal(-248, "Violates our platform standards")],
        "/v2.0/article/getdetail": [refusal(-210, "Parameter exceeds allowable limit")],
    }
    with pytest.raises(Rejected):
        channel.withdraw(Remote("a1", "", "delivery-0", vault.at), scripted, vault.desk())


def test_a_way_of_withdrawing_nobody_knows_is_a_problem_of_the_account(account: Account) -> None:
    wrong = replace(account, settings={**account.settings, "withdraw_by": "xoa"})
    assert channel.problems(wrong) == ["Cách gỡ bài chỉ nhận “remove” (xóa bài) hoặc “hide” (ẩn bài)."]
