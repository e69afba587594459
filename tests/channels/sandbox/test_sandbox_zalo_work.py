"""What becomes of an article after it was taken in: pictures fetched, hidden, shown, replaced; videos; consents."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from channels.sandbox import Sandbox
from channels.sandbox.zalo.oauth import challenge_of

APP = "300000000000003"


@pytest.fixture
def host(sandbox: Sandbox, png: bytes) -> Iterator[str]:
    """A host of pictures on loopback: /fine, /large, /words, /cut, /late, all else 404."""
    sandbox.turn("fetch_ms", 200)
    over = threading.Event()

    class Host(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = {
                "/fine": png,
                "/large": png + bytes(1024 * 1024),
                "/words": b"<p>no</p>",
                "/cut": png,
                "/late": png,
            }
            data = known.get(self.path)
            if self.path == "/late":
                over.wait(5)
            self.send_response(200 if data else 404)
            self.send_header("Content-Length", str(len(data or b"") + (self.path == "/cut")))
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        over.set()
        server.shutdown()


@pytest.mark.parametrize("path", ["gone", "large", "words", "cut", "late"])
def test_a_picture_that_cannot_be_fetched_fails_at_verify(
    sandbox: Sandbox, zalo: Any, article: dict[str, Any], host: str, path: str
) -> None:
    sandbox.turn("pending_looks", 0)
    article["cover"]["photo_url"] = f"{host}/{path}"
    token = zalo.post("create", article)["data"]["token"]
    failed = zalo.post("verify", {"token": token})
    assert (failed["error"], failed["message"]) == (-200, "Upload media failed")
    assert sandbox.record("published") == []


def test_a_picture_that_can_be_fetched_is_shown(
    sandbox: Sandbox, zalo: Any, article: dict[str, Any], host: str
) -> None:
    article["cover"]["photo_url"] = f"{host}/fine"
    article["body"].append({"type": "image", "url": f"{host}/fine", "caption": "Xe"})
    known = zalo.stand(article)
    assert requests.get(f"{sandbox.url}/zalo/bai/{known}", timeout=5).text.count("/zalo/anh/") == 2


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("media_fails", "Upload media failed"),
        ("media_fails_often", "Upload media failed. Too many failed attempts"),
        ("media_not_made", "create media fail"),
    ],
)
def test_media_may_fail_for_the_vendors_own_reasons(
    sandbox: Sandbox, zalo: Any, article: dict[str, Any], fault: str, words: str
) -> None:
    sandbox.fault("zalo", "create", fault)
    token = zalo.post("create", article)["data"]["token"]
    told = [zalo.post("verify", {"token": token}) for _ in range(3)]
    assert [(one["error"], one["message"]) for one in told[1:]] == [(-200, words)] * 2
    assert zalo.get("getslice", type="normal")["data"]["total"] == 0


def test_one_article_may_take_longer_than_others(sandbox: Sandbox, zalo: Any, article: dict[str, Any]) -> None:
    sandbox.fault("zalo", "create", "slow_article", seconds=4, match="tiêm chủng")
    token = zalo.post("create", article)["data"]["token"]
    assert [zalo.post("verify", {"token": token})["error"] for _ in range(5)] == [-214] * 4 + [0]


def test_an_article_is_hidden_and_shown_by_its_full_replacement(
    sandbox: Sandbox, zalo: Any, article: dict[str, Any]
) -> None:
    known = zalo.stand(article)
    for change in ({"status": "hide"}, {"status": "show"}, {"title": "Lịch mới"}):
        article.update(change)
        assert zalo.stand({**article, "id": known}, "update") == known
    acts = [line["act"] for line in sandbox.record() if line["object"] == known]
    assert acts == ["created", "published", "hidden", "shown", "edited"]
    detail = zalo.get("getdetail", id=known)["data"]
    assert {name: detail[name] for name in ("title", "status", "comment", "related_medias", "total_like")} == {
        "title": "Lịch mới",
        "status": "show",
        "comment": "show",
        "related_medias": [],
        "total_like": 0,
    }
    assert zalo.post("update", {"id": known, "status": "hide"})["error"] == -201  # no patch: the whole article


def test_a_replacement_shows_only_once_it_was_worked_on(zalo: Any, article: dict[str, Any]) -> None:
    known = zalo.stand(article)
    zalo.post("update", {**article, "id": known, "title": "Lịch mới"})
    assert zalo.get("getdetail", id=known)["data"]["title"] == "Lịch tiêm chủng"
    zalo.get("getslice", type="normal")
    assert zalo.get("getslice", type="normal")["data"]["medias"][0]["title"] == "Lịch mới"


@pytest.mark.parametrize("way", [{"headers": "token"}, {"params": "token"}])
def test_a_video_is_converted_and_then_makes_an_article(
    sandbox: Sandbox, zalo: Any, mp4: bytes, article: dict[str, Any], way: dict[str, str]
) -> None:
    files = {"file": ("a.mp4", mp4, "video/mp4")}
    token = zalo.oa("POST", "article/upload_video/preparevideo", files=files)["data"]["token"]
    given = {"headers": {**zalo.headers, "token": token}} if "headers" in way else {"params": {"token": token}}
    first, second = (zalo.oa("GET", "article/upload_video/verify", **given)["data"] for _ in range(2))
    assert (first["status"], first["video_id"], second["status"], second["convert_percent"]) == (3, "", 1, 100)
    video = {
        "type": "video",
        "title": "Video",
        "description": "Mô tả",
        "video_id": second["video_id"],
        "avatar": "https://a.example/a.jpg",
        "status": "show",
    }
    assert zalo.post("create", {**video, "video_id": "x"})["error"] == -201
    assert zalo.post("create", {**video, "avatar": ""})["error"] == -201
    known = zalo.stand(video)
    article["cover"] = {
        "cover_type": "video",
        "cover_view": "horizontal",
        "video_id": second["video_id"],
        "status": "show",
    }
    other = zalo.stand(article)
    for kind, expected in (("video", known), ("normal", other)):
        assert [media["id"] for media in zalo.get("getslice", type=kind)["data"]["medias"]] == [expected]
    assert "· video" in requests.get(f"{sandbox.url}/zalo", timeout=5).text


def test_a_video_that_is_none_or_cannot_be_converted(sandbox: Sandbox, zalo: Any, mp4: bytes) -> None:
    path = "article/upload_video/preparevideo"
    assert zalo.oa("POST", path, files={"file": ("a.mp4", b"words", "video/mp4")})["error"] == -201
    sandbox.turn("oa_video_looks", 0)
    sandbox.fault("zalo", "preparevideo", "video_error")
    token = zalo.oa("POST", path, files={"file": ("a.mp4", mp4, "video/mp4")})["data"]["token"]
    assert zalo.oa("GET", "article/upload_video/verify", params={"token": token})["data"]["status"] == 4


def exchange(zalo: Any, code: str, verifier: str = "") -> dict[str, Any]:
    form = {"code": code, "app_id": APP, "grant_type": "authorization_code", "code_verifier": verifier}
    headers = {"secret_key": zalo.secrets["secret_key"]}
    return dict(
        requests.post(f"{zalo.url}/zalo-oauth/v4/oa/access_token", data=form, headers=headers, timeout=5).json()
    )


def test_a_person_consents_on_a_page_and_the_code_makes_one_pair(sandbox: Sandbox, zalo: Any) -> None:
    query = {
        "app_id": APP,
        "redirect_uri": "http://127.0.0.1:8000/ve?x=1",
        "code_challenge": challenge_of("mật khẩu dài"),
        "state": "abc",
    }
    url = f"{sandbox.url}/zalo-oauth/v4/oa/permission"
    page = requests.get(url, params=query, timeout=5).text
    back = parse_qs(urlsplit(page.split('href="http://127.0.0.1')[1].split('"')[0].replace("&amp;", "&")).query)
    assert (back["oa_id"], back["state"], back["x"]) == (["200000000000002"], ["abc"], ["1"])
    assert exchange(zalo, back["code"][0], "sai")["error"] == -14005
    pair = exchange(zalo, back["code"][0], "mật khẩu dài")
    assert pair["expires_in"] == "90000"
    assert exchange(zalo, back["code"][0], "mật khẩu dài")["error"] == -14005
    assert zalo.oa("GET", "oa/getoa")["error"] == -216  # the pair before it is dead
    zalo.headers = {"access_token": pair["access_token"]}
    assert zalo.oa("GET", "oa/getoa")["error"] == 0
    foreign = {**query, "redirect_uri": "https://ke-xau.example/"}
    assert requests.get(url, params=foreign, timeout=5).json()["error"] == -14003


def test_tokens_and_codes_age_by_the_sandboxs_clock(sandbox: Sandbox, zalo: Any) -> None:
    old = sandbox.code()
    sandbox.turn_clock(advance=601)
    assert exchange(zalo, old)["error"] == -14005
    sandbox.turn_clock(advance=25 * 3600)
    assert zalo.oa("GET", "oa/getoa")["error"] == -216
    pair = zalo.refresh(zalo.secrets["refresh_token"])
    sandbox.turn_clock(advance=89 * 86400)
    assert "access_token" in (renewed := zalo.refresh(pair["refresh_token"]))
    sandbox.turn_clock(advance=91 * 86400)
    assert zalo.refresh(renewed["refresh_token"])["error"] == -14014


@pytest.mark.parametrize("restarts", [0, 1])
def test_whether_a_rotation_starts_the_months_anew_is_a_switch(sandbox: Sandbox, zalo: Any, restarts: int) -> None:
    sandbox.turn("refresh_restarts", restarts)
    sandbox.turn_clock(advance=60 * 86400)
    pair = zalo.refresh(zalo.secrets["refresh_token"])
    sandbox.turn_clock(advance=60 * 86400)
    assert ("access_token" in zalo.refresh(pair["refresh_token"])) is bool(restarts)


def test_a_lost_refresh_has_spent_the_token(sandbox: Sandbox, zalo: Any) -> None:
    sandbox.fault("zalo", "refresh", "reset_after_commit")
    with pytest.raises(requests.ConnectionError):
        zalo.refresh(zalo.secrets["refresh_token"])
    assert zalo.refresh(zalo.secrets["refresh_token"])["error"] == -14014
    assert sandbox.calls["zalo refresh"] == 2
