from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import requests

from channels.sandbox import Sandbox

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def shown(sandbox: Sandbox, path: str) -> requests.Response:
    return requests.get(sandbox.url + path, timeout=5)


@pytest.mark.parametrize("path", ["/", "/facebook", "/zalo"])
def test_an_empty_sandbox_has_readable_pages(sandbox: Sandbox, path: str) -> None:
    answer = shown(sandbox, path)
    assert answer.status_code == 200
    assert '<html lang="vi">' in answer.text
    assert answer.text.count("<h1>") == 1
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/facebook", "/zalo", "/khong-co"])
def test_no_page_has_script_or_style_in_it(sandbox: Sandbox, path: str) -> None:
    text = shown(sandbox, path).text
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", text)


@pytest.mark.parametrize("path", ["/khong-co", "/facebook/posts/1", "/facebook/photos/1", "/zalo/bai/1", "/zalo/anh/1"])
def test_what_is_not_there_is_said_to_be_missing(sandbox: Sandbox, path: str) -> None:
    answer = shown(sandbox, path)
    assert answer.status_code == 404
    assert "Không có trang này" in answer.text


def test_every_label_of_the_form_names_a_field(sandbox: Sandbox) -> None:
    text = shown(sandbox, "/").text
    labels, fields = set(re.findall(r'<label for="([^"]+)"', text)), set(re.findall(r' id="([^"]+-[^"]+)"', text))
    assert labels == fields
    assert len(labels) == 5 * 5  # five fields for each of five parties


def test_the_page_shows_posts_with_pictures_and_link_and_their_words_for_the_blind(
    sandbox: Sandbox, graph: Any, png: bytes
) -> None:
    photo = graph.photo(png, published="false", alt_text_custom='Cờ "xanh"').json()["id"]
    graph.feed(message="Có ảnh", **{"attached_media[0]": json.dumps({"media_fbid": photo})})
    post = graph.feed(message="Có đường dẫn", link="https://songvang.example/a?x=1&pid=b").json()["id"]
    text = shown(sandbox, "/facebook").text
    assert text.index("Có đường dẫn") < text.index("Có ảnh")
    assert f'<img src="/facebook/photos/{photo}" alt="Cờ &#34;xanh&#34;">' in text
    assert 'href="https://songvang.example/a?x=1&amp;pid=b"' in text
    picture = shown(sandbox, f"/facebook/photos/{photo}")
    assert (picture.content, picture.headers["Content-Type"]) == (png, "image/png")
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert "Có ảnh" not in shown(sandbox, f"/facebook/posts/{post}").text


def test_what_others_wrote_is_shown_as_words(sandbox: Sandbox, graph: Any, zalo: Any, article: dict[str, Any]) -> None:
    graph.feed(message=HOSTILE)
    article.update(title=HOSTILE, body=[{"type": "text", "content": f"<p>Thật</p>{HOSTILE}"}])
    token = zalo.post("create", article)["data"]["token"]
    zalo.post("verify", {"token": token})
    known = zalo.post("verify", {"token": token})["data"]["id"]
    for path in ("/facebook", "/zalo", f"/zalo/bai/{known}"):
        text = shown(sandbox, path).text
        assert "<script>" not in text
        assert "<img src=x" not in text
    assert "<p>Thật</p>" in shown(sandbox, f"/zalo/bai/{known}").text


def test_an_address_in_the_words_can_be_opened_without_its_full_stop(sandbox: Sandbox, graph: Any) -> None:
    graph.feed(message="Xem https://songvang.example/a?pid=b. Hoặc javascript:alert(1)")
    text = shown(sandbox, "/facebook").text
    assert '<a href="https://songvang.example/a?pid=b" rel=' in text
    assert 'href="javascript' not in text


def test_the_style_is_one_file_served_here(sandbox: Sandbox) -> None:
    answer = shown(sandbox, "/_sandbox.css")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "http" not in answer.text


@pytest.mark.browser
def test_every_page_fits_a_telephone(
    sandbox: Sandbox, graph: Any, zalo: Any, article: dict[str, Any], page: Page
) -> None:
    sandbox.turn_clock(now="2026-12-01T08:00:00+07:00")
    requests.post(f"{sandbox.url}/_consent", timeout=5)
    graph.feed(message="https://songvang.example/" + "dia-chi-khong-ngat" * 12)
    zalo.broadcast(zalo.stand(article), cities="4")
    long = {"X-Tincoso-Delivery": "9f" * 40}
    requests.post(f"{sandbox.url}/webhook/thu", data=b'{"url":"' + b"a" * 300 + b'"}', headers=long, timeout=5)
    sandbox.fault("email", "data", "smtp_451")
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/", "/facebook", "/zalo", "/webhook", "/thu", "/nhat-ky"):
        page.goto(sandbox.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
