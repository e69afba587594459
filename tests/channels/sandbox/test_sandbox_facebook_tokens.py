"""Who asks the Graph API, what the token may, and when it ends."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest
import requests

from channels.sandbox import Sandbox

APP_TOKEN = "400000000000004|sandbox-facebook-app-secret"
USER = "sandbox-user-token-100000000000001"


def debug(graph: Any, token: str) -> dict[str, Any]:
    query = {"input_token": token, "access_token": APP_TOKEN}
    return dict(requests.get(f"{graph.base}/debug_token", params=query, timeout=5).json()["data"])


def test_the_app_sees_what_a_token_is_and_may(sandbox: Sandbox, graph: Any) -> None:
    told = debug(graph, graph.token)
    assert (told["type"], told["is_valid"], told["expires_at"]) == ("PAGE", True, 0)
    assert told["profile_id"] == "100000000000001"
    assert {"pages_manage_posts", "pages_read_engagement", "publish_video"} <= set(told["scopes"])
    assert told["data_access_expires_at"] > sandbox.now
    sandbox.turn("grant_video", 0)
    assert "publish_video" not in debug(graph, graph.token)["scopes"]
    assert debug(graph, USER)["type"] == "USER"
    assert debug(graph, "other")["is_valid"] is False
    assert graph.ask("GET", "debug_token", params={"input_token": "x"}).json()["error"]["code"] == 100


def test_a_token_ends_when_its_time_comes(sandbox: Sandbox, graph: Any) -> None:
    sandbox.turn("page_token_expires", int(sandbox.now) + 3600)
    assert graph.feed(message="x").status_code == 200
    sandbox.turn_clock(advance=3601)
    ended = graph.feed(message="x").json()["error"]
    assert (ended["code"], ended["error_subcode"]) == (190, 463)
    assert debug(graph, graph.token)["is_valid"] is False


@pytest.mark.parametrize("subcode", [458, 460, 467])
def test_a_token_dies_of_other_causes(sandbox: Sandbox, graph: Any, subcode: int) -> None:
    sandbox.turn("page_token_dead", subcode)
    assert graph.read("me")["error"]["error_subcode"] == subcode


def test_a_person_gets_the_token_of_the_page(graph: Any) -> None:
    short = {"grant_type": "fb_exchange_token", "client_id": "400000000000004", "fb_exchange_token": USER}
    long = graph.read("oauth/access_token", **short, client_secret="sandbox-facebook-app-secret")
    assert (long["token_type"], long["expires_in"]) == ("bearer", 5184000)
    assert graph.read("oauth/access_token", **short, client_secret="x")["error"]["code"] == 1
    (page,) = graph.ask("GET", "me/accounts", token=long["access_token"]).json()["data"]
    assert page["access_token"] == graph.token
    assert "CREATE_CONTENT" in page["tasks"]
    assert graph.ask("GET", "me", token=USER).json()["id"] != page["id"]
    assert graph.read("me")["id"] == page["id"]
    assert graph.read("me/accounts")["error"]["code"] == 100


def test_the_page_tells_only_what_was_asked_for(graph: Any) -> None:
    assert graph.read("100000000000001", fields="name") == {"id": "100000000000001", "name": "UBND phường Sông Vàng"}
    assert graph.read("100000000000001", fields="access_token")["access_token"] == graph.token
    assert "node type (Page)" in graph.read("100000000000001", fields="tasks")["error"]["message"]


def test_a_missing_right_is_named(sandbox: Sandbox, graph: Any, mp4: bytes) -> None:
    sandbox.turn("grant_video", 0)
    refused = graph.video(upload_phase="start", file_size=9).json()["error"]
    assert refused["code"] == 200
    assert "publish_video" in refused["message"]
    sandbox.turn("task_content", 0)
    assert "pages_manage_posts" in graph.feed(message="x").json()["error"]["message"]
    sandbox.turn("grant_reads", 0)
    assert graph.read("100000000000001/published_posts")["error"]["code"] == 10


def test_a_person_cannot_schedule_and_is_told_nothing(graph: Any) -> None:
    when = {"published": "false", "scheduled_publish_time": "2000000000", "message": "x"}
    assert graph.ask("POST", "100000000000001/feed", data=when, token=USER).json()["error"]["code"] == 1


def test_a_proof_belongs_to_its_token(sandbox: Sandbox, graph: Any) -> None:
    sandbox.turn("require_proof", 1)
    assert graph.feed(message="x").json()["error"]["code"] == 100
    right = hmac.new(b"sandbox-facebook-app-secret", graph.token.encode(), hashlib.sha256).hexdigest()
    assert graph.feed(message="x", appsecret_proof=right).status_code == 200
    assert graph.feed(message="x", appsecret_proof="0" * 64).json()["error"]["code"] == 100
