from __future__ import annotations

from typing import Any

import pytest
import requests

from channels.sandbox import Sandbox


def stand(zalo: Any, article: dict[str, Any]) -> str:
    token = zalo.post("create", article)["data"]["token"]
    zalo.post("verify", {"token": token})
    return str(zalo.post("verify", {"token": token})["data"]["id"])


def test_creating_gives_a_token_and_only_a_later_look_an_id(
    sandbox: Sandbox, zalo: Any, article: dict[str, Any]
) -> None:
    made = zalo.post("create", article)
    assert (made["error"], made["message"], list(made["data"])) == (0, "Success", ["token"])
    token = made["data"]["token"]
    assert sandbox.posts("zalo") == []
    assert zalo.post("verify", {"token": token})["error"] == -214
    known = zalo.post("verify", {"token": token})["data"]["id"]
    assert zalo.post("verify", {"token": token})["data"]["id"] == known
    (listed,) = zalo.get("getslice", offset=0, limit=10, type="normal")["data"]["medias"]
    assert (listed["id"], listed["title"]) == (known, "Lịch tiêm chủng")
    assert listed["create_date"] > 1_700_000_000_000  # milliseconds
    assert requests.get(listed["link_view"], timeout=5).status_code == 200
    detail = zalo.get("getdetail", id=known)["data"]
    assert (detail["author"], detail["link_view"]) == ("Phường Sông Vàng", listed["link_view"])


def test_an_article_nobody_asks_about_stands_all_the_same(zalo: Any, article: dict[str, Any]) -> None:
    zalo.post("create", article)
    assert zalo.get("getslice", offset=0, limit=10, type="normal")["data"]["total"] == 1


def test_it_takes_as_many_looks_as_it_was_told(sandbox: Sandbox, zalo: Any, article: dict[str, Any]) -> None:
    sandbox.turn("pending_looks", 3)
    token = zalo.post("create", article)["data"]["token"]
    assert [zalo.post("verify", {"token": token})["error"] for _ in range(4)] == [-214, -214, -214, 0]


def test_left_out_the_status_is_hide(sandbox: Sandbox, zalo: Any, article: dict[str, Any]) -> None:
    del article["status"]
    known = stand(zalo, article)
    assert zalo.get("getslice", offset=0, limit=1, type="normal")["data"]["medias"][0]["status"] == "hide"
    assert "đang ẩn" in requests.get(f"{sandbox.url}/zalo/bai/{known}", timeout=5).text


def test_a_cover_without_status_passes_creating_and_fails_at_verify(
    sandbox: Sandbox, zalo: Any, article: dict[str, Any]
) -> None:
    del article["cover"]["status"]
    token = zalo.post("create", article)["data"]["token"]
    zalo.post("verify", {"token": token})
    failed = zalo.post("verify", {"token": token})
    assert (failed["error"], failed["message"]) == (-200, "create media fail")
    assert zalo.post("verify", {"token": token})["error"] == -200
    assert sandbox.posts("zalo") == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": "a" * 150}, "title allow 1 to 150 characters"),
        ({"title": ""}, "title allow"),
        ({"description": "a" * 300}, "description allow 1 to 300 characters"),
        ({"author": ""}, "author is invalid!"),
        ({"author": "a" * 51}, "author is invalid!"),
        ({"cover": None}, "cover value is invalid"),
        ({"cover": {"cover_type": 1, "photo_url": "https://a.example/a.jpg"}}, "cover value is invalid"),
        ({"cover": {"cover_type": "photo", "photo_url": "https://a.example/ảnh.jpg"}}, "photo_url"),
        ({"cover": {"cover_type": "photo", "photo_url": ""}}, "photo_url"),
        ({"body": []}, "body is invalid!"),
        ({"body": ["x"]}, "body is invalid!"),
        ({"type": "other"}, "type is invalid!"),
    ],
)
def test_an_article_the_vendor_refuses_is_refused_inside_http_200(
    sandbox: Sandbox, zalo: Any, article: dict[str, Any], changed: dict[str, Any], words: str
) -> None:
    refused = zalo.post("create", {**article, **changed})
    assert refused["error"] == -201
    assert words in refused["message"]
    assert sandbox.record() == []


def test_one_letter_less_is_taken(zalo: Any, article: dict[str, Any]) -> None:
    assert zalo.post("create", {**article, "title": "a" * 149, "description": "a" * 299})["error"] == 0


def test_a_form_body_or_a_bearer_token_is_refused(zalo: Any, article: dict[str, Any]) -> None:
    assert zalo.post("create", None, data={"title": "x"})["error"] == -201
    assert (
        zalo.post("create", article, headers={"Authorization": f"Bearer {zalo.secrets['access_token']}"})["error"]
        == -216
    )


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"offset": 0, "limit": 11, "type": "normal"}, "maximum limit is 10"),
        ({"offset": 0, "limit": 10}, "type accept only 2 value normal and video."),
        ({"offset": -1, "limit": 10, "type": "normal"}, "offset is invalid!"),
    ],
)
def test_a_listing_asked_for_wrongly_is_refused(zalo: Any, query: dict[str, Any], words: str) -> None:
    refused = zalo.get("getslice", **query)
    assert (refused["error"], refused["message"]) == (-201, words)


def test_an_unknown_address_is_the_one_answer_that_is_not_http_200(sandbox: Sandbox, zalo: Any) -> None:
    answer = requests.post(f"{sandbox.url}/zalo/v2.0/article/upload_image", headers=zalo.headers, json={}, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (404, -209)


@pytest.mark.parametrize("name", ["update", "remove", "verify"])
def test_an_unknown_article_or_token_is_invalid(zalo: Any, article: dict[str, Any], name: str) -> None:
    assert zalo.post(name, {**article, "id": "0", "token": "0"})["error"] == -201


def test_a_refresh_token_works_once_and_kills_the_old_access_token(zalo: Any, article: dict[str, Any]) -> None:
    old = zalo.secrets["refresh_token"]
    pair = zalo.refresh(old)
    assert pair["expires_in"] == "90000"
    assert "error" not in pair
    assert zalo.refresh(old)["error"] == -14014
    assert zalo.post("create", article)["error"] == -216
    zalo.headers = {"access_token": pair["access_token"]}
    assert zalo.post("create", article)["error"] == 0
    assert zalo.refresh(pair["refresh_token"])["refresh_token"] != pair["refresh_token"]


@pytest.mark.parametrize(("changed", "code"), [({"app_id": "1"}, -14002), ({"grant_type": "x"}, -14018)])
def test_a_refresh_asked_for_wrongly_spends_nothing(zalo: Any, changed: dict[str, str], code: int) -> None:
    token = zalo.secrets["refresh_token"]
    assert zalo.refresh(token, **changed)["error"] == code
    assert "access_token" in zalo.refresh(token)


def test_a_wrong_secret_key_is_refused(zalo: Any) -> None:
    zalo.secrets = {**zalo.secrets, "secret_key": "wrong"}
    assert zalo.refresh(zalo.secrets["refresh_token"])["error"] == -14004


def test_consenting_again_makes_the_first_pair_good(sandbox: Sandbox, zalo: Any, article: dict[str, Any]) -> None:
    zalo.refresh(zalo.secrets["refresh_token"])
    requests.post(f"{sandbox.url}/_consent", timeout=5)
    assert zalo.post("create", article)["error"] == 0
    assert "access_token" in zalo.refresh(zalo.secrets["refresh_token"])
