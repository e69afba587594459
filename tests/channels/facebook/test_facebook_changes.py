"""Correcting and taking down what stands, and telling apart what is gone from what may not be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from channels.contract import Account, Content, Desk, Picture, Remote, Video
from channels.errors import Rejected, Unauthorized, Unsupported
from channels.facebook import Facebook
from channels.facebook.reading import unchangeable
from channels.sandbox import Sandbox, accounts
from tests.channels.facebook.vendor import Said, Vendor

Make = Callable[..., Content]
Draw = Callable[..., Picture]
channel = Facebook()
DONE = {"success": True}
NO_RIGHT = Said({"error": {"message": "(#10) no", "code": 10}}, 400)
PAGE = {"id": "42"}


def gone(code: int, message: str = "no", **more: Any) -> Said:
    return Said({"error": {"message": message, "code": code, **more}}, 400)


@pytest.fixture
def remote(desk: Desk) -> Remote:
    return Remote("42_7", "https://facebook.example/7", "delivery-1", desk.due_at)


def test_an_edit_changes_the_words_only(
    vendor: Vendor, page: Account, desk: Desk, content: Make, remote: Remote
) -> None:
    payload = channel.shape(content(), page)
    link = [{"media_type": "link", "unshimmed_url": payload.body["link"], "url": "https://l.facebook.com/l.php?u=x"}]
    vendor.says({"id": "42_7", "attachments": {"data": link}}, DONE)
    outcome = channel.update(remote, payload, page, desk)
    edit = vendor.asked[-1]
    assert (edit.method, edit.path, edit.given["message"]) == ("POST", "42_7", payload.body["message"])
    assert set(edit.given) == {"message", "appsecret_proof"}
    assert (outcome.remote_id, outcome.permalink) == (remote.remote_id, remote.permalink)


PHOTO: dict[str, Any] = {"media_type": "photo", "target": {"id": "1"}}
ALBUM = {"media_type": "album", "subattachments": {"data": [PHOTO, PHOTO]}}
LINKED = {"media_type": "link", "unshimmed_url": "https://songvang.example/bai/a?pid=bai7k2"}
FILM = {"media_type": "video_inline", "target": {"id": "5"}}


@pytest.mark.parametrize(
    ("standing", "pictures", "link", "film", "changed"),
    [
        ([], 0, "", False, ""),
        ([PHOTO], 1, "", False, ""),
        ([ALBUM], 2, "", False, ""),
        ([LINKED], 0, "https://songvang.example/bai/a?pid=bai7k2", False, ""),
        ([{"media_type": "link", "unshimmed_url": "https://khac.example"}], 0, "https://a.example/?pid=1", False, ""),
        ([FILM], 0, "", True, ""),
        ([PHOTO], 0, "", False, "ảnh"),
        ([ALBUM], 3, "", False, "ảnh"),
        ([], 1, "", False, "ảnh"),
        ([LINKED], 1, "", False, "ảnh"),
        ([LINKED], 0, "", False, "đường dẫn"),
        ([LINKED], 0, "https://songvang.example/bai/b?pid=bai7k2", False, "đường dẫn"),
        ([FILM], 0, "", False, "video"),
        ([PHOTO], 0, "", True, "video"),
    ],
)
def test_what_an_edit_cannot_change_is_seen(
    standing: list[Any], pictures: int, link: str, film: bool, changed: str
) -> None:
    body: dict[str, Any] = {"message": "m", "link": link, "pictures": [{}] * pictures}
    if film:
        body["video"] = {"title": "Hội sách"}
    assert unchangeable({"id": "42_7", "attachments": {"data": standing}}, body) == changed


def test_a_correction_that_changes_pictures_says_what_to_do_and_touches_nothing(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, picture: Draw
) -> None:
    sent = channel.send(channel.shape(content(pictures=(picture("red"), picture("blue"))), account), account, desk)
    standing = Remote(sent.remote_id, sent.permalink, "delivery-1", desk.due_at)
    before = sandbox.posts("facebook")
    with pytest.raises(Unsupported, match="không cho đổi ảnh: gỡ bài này rồi đăng bài mới"):
        channel.update(standing, channel.shape(content(pictures=(picture("red"),)), account), account, desk)
    film = channel.shape(content(video=Video("a" * 64, "video/mp4", 9, "a.mp4")), account)
    with pytest.raises(Unsupported, match="không cho đổi video"):
        channel.update(standing, film, account, desk)
    assert sandbox.posts("facebook") == before
    reworded = channel.shape(content(title="Lời mới", pictures=(picture("red"), picture("blue"))), account)
    channel.update(standing, reworded, account, desk)
    assert sandbox.posts("facebook")[0]["message"].startswith("Lời mới")


@pytest.mark.parametrize(
    "answer",
    [
        gone(100, error_subcode=33),
        gone(100, "(#100) Object with ID '42_7' does not exist"),
        gone(803, "(#803) Some of the aliases you requested do not exist"),
    ],
)
def test_what_is_gone_counts_as_taken_down_once_the_token_is_known_to_work(
    vendor: Vendor, page: Account, desk: Desk, remote: Remote, answer: Said
) -> None:
    vendor.says(answer, PAGE)
    assert channel.withdraw(remote, page, desk).remote_id == "42_7"
    for owner in (NO_RIGHT, {"id": "9"}):
        vendor.says(answer, owner)
        with pytest.raises(Unauthorized):
            channel.withdraw(remote, page, desk)


@pytest.mark.parametrize(
    "answer", [gone(100, "(#100) Invalid parameter"), gone(100, error_subcode=34), {"success": False}]
)
def test_another_refusal_is_not_taken_for_gone(
    vendor: Vendor, page: Account, desk: Desk, remote: Remote, answer: Any
) -> None:
    vendor.says(answer)
    with pytest.raises(Rejected):
        channel.withdraw(remote, page, desk)
    assert len(vendor.asked) == 1


def test_a_post_of_another_page_is_not_taken_for_gone(
    vendor: Vendor, page: Account, desk: Desk, remote: Remote
) -> None:
    vendor.says(gone(100, error_subcode=33), {"id": "43"})
    other = replace(page, settings={**page.settings, "page_id": "43"})
    with pytest.raises(Unsupported, match="Trang 42, tài khoản nay là Trang 43"):
        channel.withdraw(remote, other, desk)


def test_a_correction_of_what_is_gone_says_so_once_the_token_is_known_to_work(
    vendor: Vendor, page: Account, desk: Desk, content: Make, remote: Remote
) -> None:
    payload = channel.shape(content(), page)
    vendor.says(gone(100, error_subcode=33), PAGE)
    with pytest.raises(Rejected, match="Bài không còn trên Facebook"):
        channel.update(remote, payload, page, desk)
    vendor.says(gone(100, error_subcode=33), gone(190))
    with pytest.raises(Unauthorized):
        channel.update(remote, payload, page, desk)


def test_a_post_made_by_another_application_is_not_ours_to_edit(
    vendor: Vendor, page: Account, desk: Desk, content: Make, remote: Remote
) -> None:
    vendor.says({"id": "42_7"}, gone(200, "(#200) You do not have permission to edit this post"))
    with pytest.raises(Unauthorized):
        channel.update(remote, channel.shape(content(), page), page, desk)


def test_an_edit_refused_with_http_200_is_a_refusal(
    vendor: Vendor, page: Account, desk: Desk, content: Make, remote: Remote
) -> None:
    vendor.says({"id": "42_7"}, {"success": False})
    with pytest.raises(Rejected, match="không nêu lý do"):
        channel.update(remote, channel.shape(content(), page), page, desk)


def test_of_several_posts_of_ours_the_first_is_taken_and_the_others_are_named(
    vendor: Vendor, page: Account, desk: Desk, content: Make
) -> None:
    payload = channel.shape(content(), page)
    moment = desk.now.strftime("%Y-%m-%dT%H:%M:")
    posts = [
        {"id": f"42_{number}", "message": payload.body["message"], "created_time": f"{moment}{second}+0000"}
        for number, second in ((3, "59"), (2, "58"), (1, "57"))
    ]
    start = desk.now.replace(second=58, microsecond=0)
    vendor.says({"data": posts}, {"id": "42_2", "permalink_url": "https://facebook.example/2"})
    found = channel.reconcile(payload, page, desk, start)
    assert found is not None
    assert (found.remote_id, found.detail["also"]) == ("42_2", ["42_3", "42_1"])


def test_what_is_read_back_asks_for_own_posts_the_address_behind_the_wrapping_and_no_more(
    vendor: Vendor, page: Account, desk: Desk, content: Make
) -> None:
    vendor.says({"data": []}, PAGE)
    assert channel.reconcile(channel.shape(content(), page), page, desk, desk.now) is None
    asked = vendor.asked[0]
    assert asked.path == "42/published_posts"
    assert "unshimmed_url" in asked.given["fields"]
    assert (asked.given["limit"], int(asked.given["since"])) == ("100", int(desk.now.timestamp()) - 120)
    assert "after" not in asked.given


def test_an_empty_list_seen_with_a_persons_token_is_no_absence(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make
) -> None:
    payload = channel.shape(content(), account)
    channel.send(payload, account, desk)
    person = replace(account, secrets={**account.secrets, "access_token": accounts.USER_TOKEN})
    with pytest.raises(Unauthorized, match="không phải mã của Trang"):
        channel.reconcile(payload, person, desk, desk.now)
