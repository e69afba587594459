from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from channels.sandbox import Sandbox


def error(answer: requests.Response) -> tuple[int, int, int]:
    """HTTP status, code, subcode."""
    told = answer.json()["error"]
    assert told["fbtrace_id"]
    return answer.status_code, told["code"], told.get("error_subcode", 0)


def test_a_post_has_the_shapes_of_the_real_ones(graph: Any) -> None:
    made = graph.feed(message="Chào", link="https://songvang.example/a").json()
    assert re.fullmatch(r"100000000000001_\d{15,}", made["id"])
    fields = "message,created_time,permalink_url,is_published,scheduled_publish_time,attachments{unshimmed_url}"
    told = graph.ask("GET", made["id"], params={"fields": fields}).json()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000", told["created_time"])
    assert told["is_published"] is True
    assert "scheduled_publish_time" not in told  # what is empty is left out
    assert "id" not in told  # what was not asked for too
    (link,) = told["attachments"]["data"]
    assert link["url"].startswith("https://l.facebook.com/l.php?u=https%3A%2F%2Fsongvang")
    assert link["unshimmed_url"] == "https://songvang.example/a"


@pytest.mark.parametrize("token", ["", "unknown"])
def test_an_unknown_token_is_refused_with_190(graph: Any, token: str) -> None:
    assert error(graph.ask("POST", "100000000000001/feed", data={"message": "x"}, token=token)) == (400, 190, 0)


def test_a_token_may_also_be_a_parameter(graph: Any) -> None:
    url = f"{graph.base}/100000000000001/feed"
    assert requests.post(url, data={"message": "x", "access_token": graph.token}, timeout=5).status_code == 200


def test_a_persons_token_sees_nothing_and_may_write_nothing(graph: Any, png: bytes) -> None:
    graph.feed(message="Chào")
    user = {"token": "sandbox-user-token-100000000000001"}
    assert graph.ask("GET", "100000000000001/published_posts", **user).json() == {"data": []}
    refused = graph.ask("POST", "100000000000001/photos", files={"source": ("a.png", png)}, **user)
    assert error(refused) == (400, 200, 0)
    assert "Unpublished posts must be posted to a page as the page itself" in refused.text


@pytest.mark.parametrize(
    ("asked", "served"), [("v26.0", "v26.0"), ("v23.0", "v23.0"), ("v18.0", "v21.0"), ("", "v21.0")]
)
def test_an_expired_version_is_silently_served_by_the_next_one(
    sandbox: Sandbox, graph: Any, asked: str, served: str
) -> None:
    graph.base = f"{sandbox.url}/facebook/{asked}".rstrip("/")
    assert graph.ask("GET", "100000000000001").headers["facebook-api-version"] == served


@pytest.mark.parametrize(
    ("form", "code", "words"),
    [
        ({}, 100, ""),
        ({"message": "x" * 63_207}, 100, "Name parameter too long"),
        ({"message": "x", "link": "no address"}, 100, ""),
        ({"message": "x", "attached_media[0]": '{"media_fbid":"77"}'}, 100, "Invalid parameter"),
        ({"message": "x", "attached_media[0]": "no json"}, 100, "Invalid parameter"),
        ({"message": "x", "link": "https://a.example", "attached_media[0]": '{"media_fbid":"7"}'}, 100, ""),
    ],
)
def test_a_post_the_real_page_refuses_is_refused(graph: Any, form: dict[str, str], code: int, words: str) -> None:
    refused = graph.feed(**form)
    assert error(refused)[:2] == (400, code)
    assert words in refused.text


def test_photos_hang_in_a_post_in_their_order_and_only_once(sandbox: Sandbox, graph: Any, png: bytes) -> None:
    photos = [graph.photo(png, published="false").json()["id"] for _ in range(12)]
    form = {f"attached_media[{at}]": json.dumps({"media_fbid": photo}) for at, photo in enumerate(photos)}
    post = graph.feed(message="Ảnh", **form).json()["id"]
    assert [photo["id"] for photo in sandbox.posts("facebook")[0]["pictures"]] == photos
    told = graph.ask("GET", post, params={"fields": "attachments"}).json()
    assert told["attachments"]["data"][0]["media_type"] == "album"
    assert error(graph.feed(message="Lại", **form)) == (400, 100, 0)


def test_a_json_body_may_hold_a_real_list(sandbox: Sandbox, graph: Any, png: bytes) -> None:
    photo = graph.photo(png, published="false").json()["id"]
    body = {"message": "Ảnh", "attached_media": [{"media_fbid": photo}]}
    graph.ask("POST", "100000000000001/feed", json=body)
    assert [shown["id"] for shown in sandbox.posts("facebook")[0]["pictures"]] == [photo]


def test_a_published_photo_is_a_post_of_its_own(sandbox: Sandbox, graph: Any, png: bytes) -> None:
    made = graph.photo(png, caption="Một ảnh", alt_text_custom="Mô tả").json()
    (post,) = sandbox.posts("facebook")
    assert made["post_id"] == post["id"] != made["id"]
    assert (post["message"], post["pictures"][0]["alt"]) == ("Một ảnh", "Mô tả")


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff" + bytes(10 * 1024 * 1024)])
def test_a_bad_picture_is_refused_with_324(sandbox: Sandbox, graph: Any, data: bytes) -> None:
    assert error(graph.photo(data))[:2] == (400, 324)
    assert sandbox.photos() == []


def test_a_temporary_photo_must_not_be_published(graph: Any, png: bytes) -> None:
    assert error(graph.photo(png, temporary="true")) == (400, 100, 0)
    assert "id" in graph.photo(png, temporary="true", published="false").json()


def test_an_unused_photo_is_gone_after_a_day(tmp_path: Path, png: bytes) -> None:
    now = [1_800_000_000.0]
    with Sandbox(tmp_path / "day", clock=lambda: now[0]) as sandbox:
        base = f"{sandbox.url}/facebook/v26.0/100000000000001"
        form = {"published": "false", "access_token": sandbox.accounts["facebook"]["secrets"]["access_token"]}
        made = requests.post(f"{base}/photos", data=form, files={"source": ("a.png", png)}, timeout=5).json()
        now[0] += 86_401
        form["attached_media[0]"] = json.dumps({"media_fbid": made["id"]})
        assert error(requests.post(f"{base}/feed", data=form, timeout=5)) == (400, 100, 0)


def test_a_scheduled_post_with_photos_stays_a_draft_for_ever_without_the_marker(
    sandbox: Sandbox, graph: Any, png: bytes
) -> None:
    photo = graph.photo(png, published="false").json()["id"]
    when = {"published": "false", "scheduled_publish_time": str(int(time.time()) + 3600)}
    graph.feed(message="Nháp", **when, **{"attached_media[0]": json.dumps({"media_fbid": photo})})
    graph.feed(message="Hẹn giờ", **when)
    listed = graph.ask("GET", "100000000000001/scheduled_posts", params={"fields": "message"}).json()["data"]
    assert [post["message"] for post in listed] == ["Hẹn giờ"]
    assert sandbox.posts("facebook") == []


@pytest.mark.parametrize("ahead", [-60, 60, 31 * 86400])
def test_a_time_outside_the_window_is_refused_in_the_real_words(graph: Any, ahead: int) -> None:
    refused = graph.feed(message="x", published="false", scheduled_publish_time=str(int(time.time()) + ahead))
    assert error(refused) == (400, 100, 0)
    assert "(#100) The specified scheduled publish time is invalid." in refused.text


def test_without_published_false_a_scheduled_post_goes_live_now(sandbox: Sandbox, graph: Any) -> None:
    graph.feed(message="Ngay", scheduled_publish_time=str(int(time.time()) + 3600))
    assert len(sandbox.posts("facebook")) == 1


def test_a_scheduled_post_is_published_when_its_time_comes(tmp_path: Path) -> None:
    now = [1_800_000_000.0]
    with Sandbox(tmp_path / "hour", clock=lambda: now[0]) as sandbox:
        token = sandbox.accounts["facebook"]["secrets"]["access_token"]
        form = {"message": "Hẹn", "published": "false", "scheduled_publish_time": "1800003600", "access_token": token}
        requests.post(f"{sandbox.url}/facebook/v26.0/100000000000001/feed", data=form, timeout=5)
        assert sandbox.posts("facebook") == []
        now[0] += 3601
        assert [post["message"] for post in sandbox.posts("facebook")] == ["Hẹn"]


def test_the_listing_is_paged_newest_first_and_bounded_by_time(graph: Any) -> None:
    for number in range(5):
        graph.feed(message=f"Bài {number}")
    first = graph.ask("GET", "100000000000001/published_posts", params={"limit": 3}).json()
    assert [post["message"] for post in first["data"]] == ["Bài 4", "Bài 3", "Bài 2"]
    after = first["paging"]["cursors"]["after"]
    second = graph.ask("GET", "100000000000001/published_posts", params={"limit": 3, "after": after}).json()
    assert [post["message"] for post in second["data"]] == ["Bài 1", "Bài 0"]
    assert "next" in first["paging"]
    assert "next" not in second["paging"]
    later = {"since": str(int(time.time()) + 60)}
    assert graph.ask("GET", "100000000000001/published_posts", params=later).json() == {"data": []}
    assert error(graph.ask("GET", "100000000000001/published_posts", params={"limit": 101})) == (400, 100, 0)


def test_a_field_that_does_not_exist_is_named(graph: Any) -> None:
    refused = graph.ask("GET", "100000000000001/published_posts", params={"fields": "id,likes_of_friends"})
    assert "nonexisting field (likes_of_friends)" in refused.text


def test_what_is_gone_is_said_to_be_gone_in_the_real_words(graph: Any) -> None:
    post = graph.feed(message="Chào").json()["id"]
    assert graph.ask("DELETE", post).json() == {"success": True}
    for method, verb in (("GET", "get"), ("POST", "post"), ("DELETE", "delete")):
        refused = graph.ask(method, post)
        assert error(refused) == (400, 100, 33)
        assert f"Unsupported {verb} request. Object with ID '{post}' does not exist" in refused.text


def test_the_link_of_a_post_cannot_be_edited(graph: Any) -> None:
    post = graph.feed(message="Chào").json()["id"]
    assert error(graph.ask("POST", post, data={"link": "https://a.example"})) == (400, 100, 0)


@pytest.mark.parametrize("path", ["100000000000001/likes", "a/b/c", "100000000000001/feed/x"])
def test_an_unknown_edge_is_refused(graph: Any, path: str) -> None:
    assert error(graph.ask("POST", path)) == (400, 2500, 0)


def test_a_person_may_not_delete_for_the_page(sandbox: Sandbox, graph: Any) -> None:
    post = graph.feed(message="Chào").json()["id"]
    assert error(graph.ask("DELETE", post, token="sandbox-user-token-100000000000001")) == (400, 200, 0)
    assert len(sandbox.posts("facebook")) == 1


def test_another_page_is_not_ours(graph: Any) -> None:
    assert error(graph.ask("POST", "999/feed", data={"message": "x"})) == (400, 100, 33)
