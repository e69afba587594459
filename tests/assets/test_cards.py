from __future__ import annotations

import io
import unicodedata

import pytest
from PIL import Image, ImageFont

from assets.cards import _even, _fitted, _font, _length
from assets.made.colours import grounds, luminance
from assets.pictures import card

TITLE = "Ngày hội chuyển đổi số phường Sông Vàng: cài đặt, hướng dẫn, hỏi đáp tại chỗ"
OFFICE = "UBND phường Sông Vàng"
ACCENTS = ["#0b6e4f", "#c62828", "#1f4e8c", "#ffd54f", "#ffffff", "#000000", "teal"]
VOWELS = "aăâeêioôơuưy"
TONES = "\u0300\u0301\u0303\u0309\u0323"


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_card_is_what_open_graph_readers_show_whole() -> None:
    image = opened(card(TITLE, OFFICE, accent="#0b6e4f"))
    assert (image.size, image.format, image.mode) == ((1200, 630), "JPEG", "RGB")


def test_the_same_words_are_the_same_bytes_however_they_were_typed() -> None:
    apart = unicodedata.normalize("NFD", TITLE)
    assert card(TITLE, OFFICE, accent="#0b6e4f") == card(f"  {apart}\n", OFFICE, accent="#0b6e4f")


def test_other_words_or_colours_are_another_picture() -> None:
    cards = {
        card(TITLE, OFFICE, accent="#0b6e4f"),
        card("Khác", OFFICE, accent="#0b6e4f"),
        card(TITLE, OFFICE, accent="red"),
    }
    assert len(cards) == 3


@pytest.mark.parametrize("accent", ACCENTS)
def test_white_words_can_be_read_on_every_accent(accent: str) -> None:
    for ground in grounds(accent):
        assert 1.05 / (luminance(ground) + 0.05) >= 4.5


def test_what_is_no_colour_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown color"):
        card(TITLE, OFFICE, accent="màu xanh")


@pytest.mark.parametrize("weight", ["Bold", "Semibold"])
def test_every_vietnamese_letter_has_a_glyph(weight: str) -> None:
    font = _font(weight, 60)
    letters = {unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in ("", *TONES)} | {"đ", "₫"}
    for letter in letters | {one.upper() for one in letters}:
        assert picture_of(font, letter) != picture_of(font, "\U000f0000"), letter


def picture_of(font: ImageFont.FreeTypeFont, letter: str) -> bytes:
    mask = font.getmask(letter)
    return bytes(mask) + repr(mask.size).encode()


@pytest.mark.parametrize(
    "title",
    ["", "Một", TITLE, TITLE * 8, "x" * 400, "Phòng cháy " * 12, "🎉 Chúc mừng năm mới 🎉"],
)
def test_any_title_stays_inside_its_box(title: str) -> None:
    size, lines = _fitted(title)
    assert len(lines) <= 5
    assert all(_length(line, size) <= 900 for line in lines)
    assert opened(card(title, OFFICE * 3, accent="#0b6e4f")).size == (1200, 630)


def test_a_title_is_set_as_large_as_it_fits_and_evenly() -> None:
    assert _fitted("Họp tổ dân phố số 7")[0] > _fitted(TITLE * 2)[0]
    widths = [_length(line, 60) for line in _even("Phòng cháy, chữa cháy mùa hanh khô: kiểm tra ngay", 60, 2)]
    assert min(widths) > max(widths) * 0.6


def test_a_title_far_too_long_ends_in_an_ellipsis() -> None:
    assert _fitted(TITLE * 8)[1][-1].endswith("…")
