from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest

from channels.contract import Account, Content, Picture
from channels.errors import Unsupported
from channels.facebook import Facebook

ACCOUNT = Account("page-1", "facebook", "Trang", {"page_id": "1"}, {"access_token": "t"})
LINK = "https://songvang.example/bai/ngay-hoi-doc-sach?pid=bai7k2"
Make = Callable[..., Content]


def test_a_post_is_title_lead_body_and_footer_in_plain_words(content: Make) -> None:
    body = Facebook().shape(content(), ACCOUNT).body
    assert body["message"] == (
        "Ngày hội đọc sách phường Sông Vàng\n\nSáng thứ bảy, thư viện phường mở cửa đón bạn đọc.\n\n"
        "Bạn đọc được mượn sách miễn phí.\n\n- Sách thiếu nhi\n- Sách nông nghiệp\n\nĐường dây nóng: 0900 000 000"
    )
    assert body["link"] == LINK
    assert body["pictures"] == []


def test_with_pictures_the_address_stands_in_the_text_before_the_footer(
    content: Make, picture: Callable[..., Picture]
) -> None:
    body = Facebook().shape(content(pictures=(picture(),)), ACCOUNT).body
    assert body["message"].endswith(f"\n\nXem đầy đủ: {LINK}\n\nĐường dây nóng: 0900 000 000")
    assert [shown["alt"] for shown in body["pictures"]] == ["Bìa sách đặt trên bàn đọc"]


def test_without_an_article_there_is_no_link_and_the_approver_is_told(content: Make) -> None:
    payload = Facebook().shape(content(url=""), ACCOUNT)
    assert payload.body["link"] == ""
    assert "nguyên văn" in Facebook().preview(payload, ACCOUNT).warnings[0]


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://songvang.example/a", "https://songvang.example/a?pid=bai7k2"),
        ("https://songvang.example/a?muc=2", "https://songvang.example/a?muc=2&pid=bai7k2"),
        ("https://songvang.example/a?pid=cu&muc=2#cuoi", "https://songvang.example/a?muc=2&pid=bai7k2#cuoi"),
    ],
)
def test_our_mark_joins_the_address(content: Make, url: str, link: str) -> None:
    assert Facebook().shape(content(url=url), ACCOUNT).body["link"] == link


def test_decomposed_text_becomes_the_same_payload_as_composed_text(content: Make) -> None:
    composed, decomposed = content(), content(title=unicodedata.normalize("NFD", content().title))
    assert composed.title != decomposed.title
    assert Facebook().shape(composed, ACCOUNT).digest == Facebook().shape(decomposed, ACCOUNT).digest


def test_the_last_allowed_character_fits_and_one_more_does_not(content: Make) -> None:
    bare = content(title="", lead="", footer="", body="a" * 63_206)
    assert len(Facebook().shape(bare, ACCOUNT).body["message"]) == 63_206
    with pytest.raises(Unsupported, match="63207 ký tự"):
        Facebook().shape(replace(bare, body="a" * 63_207), ACCOUNT)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"size": 4 * 1024 * 1024 + 1}, "lớn hơn 4 MB"),
        ({"media_type": "image/webp"}, "không phải JPEG hoặc PNG"),
    ],
)
def test_a_picture_the_vendor_refuses_is_refused_before(
    content: Make, picture: Callable[..., Picture], changed: dict[str, object], reason: str
) -> None:
    bad = replace(picture(), **changed)  # type: ignore[arg-type]
    with pytest.raises(Unsupported, match=f"Ảnh thứ 2.*{reason}"):
        Facebook().shape(content(pictures=(picture(), bad)), ACCOUNT)


def test_more_pictures_than_a_post_shows_are_refused(content: Make, picture: Callable[..., Picture]) -> None:
    with pytest.raises(Unsupported, match="11 ảnh, nhiều nhất 10"):
        Facebook().shape(content(pictures=(picture(),) * 11), ACCOUNT)


def test_a_post_without_a_word_is_refused(content: Make) -> None:
    with pytest.raises(Unsupported, match="không có chữ nào"):
        Facebook().shape(content(title=" ", lead="", body="", footer=""), ACCOUNT)


def test_the_preview_shows_exactly_the_words_that_go_out_and_no_markup_of_others(content: Make) -> None:
    payload = Facebook().shape(content(title="<script>alert(1)</script> & bạn"), ACCOUNT)
    preview = Facebook().preview(payload, ACCOUNT)
    assert "<script>" not in preview.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; bạn" in preview.html
    assert preview.text == f"{payload.body['message']}\n\n{LINK}"
    assert (preview.counts[0].used, preview.counts[0].limit) == (len(payload.body["message"]), 63_206)


def test_a_picture_without_words_for_the_blind_is_warned_of(content: Make, picture: Callable[..., Picture]) -> None:
    payload = Facebook().shape(content(pictures=(picture(alt=""),)), ACCOUNT)
    assert Facebook().preview(payload, ACCOUNT).warnings == ("Có ảnh chưa có lời mô tả cho người khiếm thị.",)


@pytest.mark.parametrize(
    ("settings", "secrets", "problem"),
    [
        ({}, {"access_token": "t"}, "Thiếu Mã Trang."),
        ({"page_id": "1"}, {}, "Thiếu Mã truy cập Trang."),
        ({"page_id": "abc"}, {"access_token": "t"}, "Mã Trang chỉ gồm chữ số."),
        (
            {"page_id": "1", "api_url": "http://graph.example"},
            {"access_token": "t"},
            "Địa chỉ Graph API phải bắt đầu bằng https://.",
        ),
    ],
)
def test_an_account_that_cannot_work_says_why(settings: dict[str, str], secrets: dict[str, str], problem: str) -> None:
    assert Facebook().problems(Account("a", "facebook", "Trang", settings, secrets)) == [problem]


def test_a_ready_account_has_no_problems() -> None:
    assert Facebook().problems(ACCOUNT) == []
