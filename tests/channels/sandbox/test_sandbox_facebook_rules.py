"""Rules of the Page that can be turned, and what happens to posts and photos over time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from channels.sandbox import Sandbox


def attach(*photos: str) -> dict[str, str]:
    return {f"attached_media[{at}]": json.dumps({"media_fbid": photo}) for at, photo in enumerate(photos)}


@pytest.mark.parametrize(("code", "answer"), [(324, (324, 0)), (1366046, (100, 1366046)), (100, (100, 0))])
def test_a_picture_address_that_cannot_be_read_is_refused_in_one_of_three_ways(
    sandbox: Sandbox, graph: Any, code: int, answer: tuple[int, int]
) -> None:
    sandbox.turn("bad_url_code", code)
    for url in ("https://private.example/a.jpg", f"{sandbox.url}/khong-co.jpg"):
        refused = graph.ask("POST", "100000000000001/photos", data={"url": url}).json()["error"]
        assert (refused["code"], refused.get("error_subcode", 0)) == answer


def test_a_picture_may_come_by_its_address(sandbox: Sandbox, graph: Any, png: bytes) -> None:
    photo = graph.photo(png, published="false").json()["id"]
    url = f"{sandbox.url}/facebook/photos/{photo}"
    made = graph.ask("POST", "100000000000001/photos", data={"url": url, "caption": "Từ địa chỉ"}).json()
    assert graph.read(made["post_id"], fields="message") == {"message": "Từ địa chỉ"}
    assert graph.photo(png, url=url).json()["error"]["code"] == 324  # one of the two, not both


def test_a_photo_is_a_node_and_can_be_deleted_once(sandbox: Sandbox, graph: Any, png: bytes) -> None:
    photo = graph.photo(png, published="false", caption="Cờ", alt_text_custom="Lá cờ").json()["id"]
    told = graph.read(photo, fields="name,alt_text_custom,page_story_id")
    assert told == {"id": photo, "name": "Cờ", "alt_text_custom": "Lá cờ"}
    assert graph.ask("DELETE", photo).json() == {"success": True}
    assert graph.ask("DELETE", photo).json()["error"]["error_subcode"] == 33
    assert [line["act"] for line in sandbox.record()] == ["photo", "deleted"]


def test_a_photo_cannot_be_scheduled_by_itself(sandbox: Sandbox, graph: Any, png: bytes) -> None:
    when = {"published": "false", "scheduled_publish_time": str(int(sandbox.now) + 3600)}
    assert graph.photo(png, **when).json()["error"]["code"] == 1
    assert graph.photo(png, temporary="true", **when).json()["error"]["code"] == 100
    sandbox.turn("photo_scheduling", 1)
    assert "id" in graph.photo(png, **when).json()


def test_a_scheduled_post_with_temporary_photos_and_its_marker_comes_out(
    sandbox: Sandbox, graph: Any, png: bytes
) -> None:
    photo = graph.photo(png, published="false", temporary="true").json()["id"]
    when = {"published": "false", "scheduled_publish_time": str(int(sandbox.now) + 3600)}
    graph.feed(message="Hẹn", unpublished_content_type="SCHEDULED", **when, **attach(photo))
    assert sandbox.posts("facebook") == []
    sandbox.turn_clock(advance=3601)
    assert [post["message"] for post in sandbox.posts("facebook")] == ["Hẹn"]
    assert [line["act"] for line in sandbox.record()] == ["photo", "scheduled", "published"]


def test_a_scheduled_post_can_be_moved_and_published_at_once(sandbox: Sandbox, graph: Any) -> None:
    when = int(sandbox.now) + 3600
    post = graph.feed(message="Hẹn", published="false", scheduled_publish_time=str(when)).json()["id"]
    assert "time is invalid" in graph.ask("POST", post, data={"scheduled_publish_time": "5"}).text
    moved = {"scheduled_publish_time": str(when + 600), "fields": "scheduled_publish_time,is_published"}
    assert graph.ask("POST", post, data=moved).json() == {"scheduled_publish_time": when + 600, "is_published": False}
    graph.ask("POST", post, data={"is_published": "true"})
    assert len(sandbox.posts("facebook")) == 1


def test_hiding_and_showing_are_acts_of_their_own(sandbox: Sandbox, graph: Any) -> None:
    post = graph.feed(message="Chào").json()["id"]
    for hidden in ("true", "false"):
        graph.ask("POST", post, data={"is_hidden": hidden})
    assert [line["act"] for line in sandbox.record()] == ["published", "hidden", "shown"]


def test_another_apps_posts_cannot_be_edited(sandbox: Sandbox, graph: Any) -> None:
    post = graph.feed(message="Chào").json()["id"]
    sandbox.turn("same_app", 0)
    assert graph.ask("POST", post, data={"message": "x"}).json()["error"]["code"] == 200


@pytest.mark.parametrize(("switch", "message"), [("message_bytes", "ổ" * 30_000), ("refuse_repeats", "Hai lần")])
def test_doubtful_rules_are_switches(sandbox: Sandbox, graph: Any, switch: str, message: str) -> None:
    assert graph.feed(message=message).status_code == 200
    sandbox.turn(switch, 1)
    assert graph.feed(message=message).status_code == 400


def test_a_repeated_post_is_refused_with_506_or_368_only_when_nothing_lies_between(
    sandbox: Sandbox, graph: Any
) -> None:
    sandbox.turn("refuse_repeats", 1)
    graph.feed(message="Một")
    assert graph.feed(message="Một").json()["error"]["message"] == "(#506) Duplicate status message"
    sandbox.turn("repeat_code", 368)
    assert graph.feed(message="Một").json()["error"]["code"] == 368
    graph.feed(message="Hai")
    assert graph.feed(message="Một").status_code == 200


def test_the_usage_headers_tell_what_they_are_told_to(sandbox: Sandbox, graph: Any) -> None:
    assert "X-App-Usage" not in graph.ask("GET", "me").headers
    sandbox.fault("facebook", "feed", "usage", percent=91)
    headers = graph.feed(message="x").headers
    assert json.loads(headers["X-App-Usage"])["call_count"] == 91
    (use,) = json.loads(headers["X-Business-Use-Case-Usage"])["100000000000001"]
    assert (use["type"], use["call_count"], use["estimated_time_to_regain_access"]) == ("pages", 91, 0)
    sandbox.turn("usage_percent", 40)
    assert json.loads(graph.ask("GET", "me").headers["X-Page-Usage"])["call_count"] == 40


def test_a_listing_lags_for_as_long_as_it_was_told(sandbox: Sandbox, graph: Any) -> None:
    sandbox.turn_clock(frozen=True)
    graph.feed(message="Chào")
    sandbox.fault("facebook", "read", "lag", seconds=30, times=2)
    assert graph.read("100000000000001/published_posts")["data"] == []
    sandbox.turn_clock(advance=31)
    assert len(graph.read("100000000000001/published_posts")["data"]) == 1
    sandbox.turn("listing_lag", 3600)
    assert graph.read("100000000000001/published_posts")["data"] == []
