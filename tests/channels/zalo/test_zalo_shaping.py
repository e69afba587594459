from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest

from channels.contract import Account, Content, Picture
from channels.errors import Unsupported
from channels.zalo import Zalo

SECRETS = {"access_token": "a", "refresh_token": "r", "secret_key": "s"}
ACCOUNT = Account("oa-1", "zalo", "OA", {"oa_id": "1", "app_id": "2"}, SECRETS)
LINK = "https://songvang.example/bai/ngay-hoi-doc-sach?pid=bai7k2"
Make = Callable[..., Content]
channel = Zalo()


def test_an_article_says_everything_the_vendor_would_otherwise_assume(
    content: Make, picture: Callable[..., Picture]
) -> None:
    cover, second = picture("red"), picture("blue", "Góc đọc thiếu nhi")
    article = channel.shape(content(pictures=(cover, second)), ACCOUNT).body["article"]
    assert article["type"] == "normal"
    assert article["title"] == "Ngày hội đọc sách phường Sông Vàng"
    assert article["author"] == "UBND phường Sông Vàng"
    assert article["description"] == "Sáng thứ bảy, thư viện phường mở cửa đón bạn đọc."
    assert article["cover"] == {"cover_type": "photo", "photo_url": cover.url, "status": "show"}
    assert (article["status"], article["comment"]) == ("show", "show")
    text, image, closing = article["body"]
    assert "<strong>mượn sách miễn phí</strong>" in text["content"]
    assert image == {"type": "image", "url": second.url, "caption": "Góc đọc thiếu nhi"}
    assert "Đường dây nóng: 0900 000 000" in closing["content"]
    assert f'<a href="{LINK}">' in closing["content"]


@pytest.mark.parametrize(("field", "limit", "word"), [("title", 140, "Tiêu đề"), ("lead", 250, "Mô tả")])
def test_what_is_too_long_is_cut_between_words_and_the_approver_is_told(
    content: Make, field: str, limit: int, word: str
) -> None:
    long = "chữ " * 70 + "cuối"
    payload = channel.shape(content(**{field: long}), ACCOUNT)
    cut = payload.body["article"]["title" if field == "title" else "description"]
    assert len(cut) <= limit
    assert cut.endswith("chữ…")
    (warning,) = channel.preview(payload, ACCOUNT).warnings
    assert warning.startswith(f"{word} dài 284 ký tự, Zalo nhận {limit}")


@pytest.mark.parametrize("field", ["title", "lead"])
def test_what_just_fits_is_left_alone(content: Make, field: str) -> None:
    limit = 140 if field == "title" else 250
    payload = channel.shape(content(**{field: "a" * limit}), ACCOUNT)
    assert payload.body["warnings"] == []


def test_length_is_counted_in_composed_letters(content: Make) -> None:
    title = "ữ" * 140
    payload = channel.shape(content(title=unicodedata.normalize("NFD", title)), ACCOUNT)
    assert payload.body["article"]["title"] == title
    assert payload.body["warnings"] == []


def test_without_a_lead_the_body_describes_the_article_and_without_a_body_the_lead_is_the_text(content: Make) -> None:
    assert channel.shape(content(lead=""), ACCOUNT).body["article"]["description"].startswith("Bạn đọc được mượn sách")
    article = channel.shape(content(body="", footer="", url=""), ACCOUNT).body["article"]
    assert article["body"] == [{"type": "text", "content": "<p>Sáng thứ bảy, thư viện phường mở cửa đón bạn đọc.</p>"}]


def test_blanks_and_vietnamese_letters_in_a_picture_address_are_escaped(
    content: Make, picture: Callable[..., Picture]
) -> None:
    drawn = replace(picture(), url="https://songvang.example/ảnh bìa.jpg")
    article = channel.shape(content(pictures=(drawn,)), ACCOUNT).body["article"]
    assert article["cover"]["photo_url"] == "https://songvang.example/%E1%BA%A3nh%20b%C3%ACa.jpg"


def test_raw_html_in_the_body_is_shown_as_words_not_sent_as_markup(content: Make) -> None:
    article = channel.shape(content(body="<img src=x onerror=alert(1)> [a](javascript:alert(1))"), ACCOUNT).body[
        "article"
    ]
    assert "<img" not in article["body"][0]["content"]
    assert 'href="javascript' not in article["body"][0]["content"]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"url": ""}, "chưa có địa chỉ công khai"),
        ({"url": "file:///etc/passwd"}, "chưa có địa chỉ công khai"),
        ({"size": 1024 * 1024 + 1}, "lớn hơn 1 MB"),
        ({"media_type": "image/gif"}, "không phải JPEG hoặc PNG"),
    ],
)
def test_a_picture_the_vendor_cannot_take_is_refused_before(
    content: Make, picture: Callable[..., Picture], changed: dict[str, object], reason: str
) -> None:
    bad = replace(picture(), **changed)  # type: ignore[arg-type]
    with pytest.raises(Unsupported, match=f"Ảnh thứ 2.*{reason}"):
        channel.shape(content(pictures=(picture(), bad)), ACCOUNT)


def test_an_article_without_a_picture_or_a_title_is_refused(content: Make) -> None:
    with pytest.raises(Unsupported, match="ảnh bìa"):
        channel.shape(content(pictures=()), ACCOUNT)
    with pytest.raises(Unsupported, match="tiêu đề"):
        channel.shape(content(title=" "), ACCOUNT)


def test_the_preview_shows_the_words_that_go_out(content: Make, picture: Callable[..., Picture]) -> None:
    pictures = (picture("red"), picture("blue", 'Góc "đọc"'))
    payload = channel.shape(content(title="Bạn & <b>tôi</b>", pictures=pictures), ACCOUNT)
    preview = channel.preview(payload, ACCOUNT)
    assert "<h2>Bạn &amp; &lt;b&gt;tôi&lt;/b&gt;</h2>" in preview.html
    assert preview.text.splitlines()[0] == "Bạn & <b>tôi</b>"
    assert "mượn sách miễn phí" in preview.text
    assert 'Góc "đọc"' in preview.text
    assert 'alt="Góc &quot;đọc&quot;"' in preview.html
    assert [count.limit for count in preview.counts] == [140, 250, None]


def test_an_account_that_cannot_work_says_why() -> None:
    assert channel.problems(ACCOUNT) == []
    bare = Account("oa-1", "zalo", "OA", {"oa_id": "1", "app_id": "2", "oauth_url": "http://o.example"}, {})
    assert channel.problems(bare) == [
        "Thiếu Mã truy cập.",
        "Thiếu Mã gia hạn.",
        "Thiếu Khóa bí mật của ứng dụng.",
        "Địa chỉ gia hạn mã phải bắt đầu bằng https://.",
    ]
