from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from channels.contract import Content
from channels.loudspeaker import timing
from channels.loudspeaker.sentences import of_content, read, split
from channels.loudspeaker.spoken import Voice, builtin


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Trời mưa. Bà con ở nhà!", ["Trời mưa.", "Bà con ở nhà!"]),
        ("Họp ở TP. Lạc An. Mời dự.", ["Họp ở TP. Lạc An.", "Mời dự."]),
        ("Thu 1.600.000 đ. Nộp tại phường.", ["Thu 1.600.000 đ.", "Nộp tại phường."]),
        ("Cây, hoa, v.v. đều tốt.", ["Cây, hoa, v.v. đều tốt."]),
        ("Một dòng\n\nhai dòng", ["Một dòng", "hai dòng"]),
        ("1. Vào trang. Bấm nút.", ["1. Vào trang.", "Bấm nút."]),
    ],
)
def test_sentences_end_where_a_reader_stops(text: str, parts: list[str]) -> None:
    assert list(split(text, builtin())) == parts


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("- thu gom rác;", "Thu gom rác."),
        ("2. Nộp phí", "Hai là: Nộp phí."),
        ("Nội dung:", "Nội dung:"),
        ("Thứ Hai | 8h", "Thứ Hai, tám giờ."),
    ],
)
def test_a_line_of_a_list_or_table_becomes_a_sentence(text: str, spoken: str, voice: Voice) -> None:
    assert [one.spoken for one in read(text, voice)] == [spoken]


def test_what_is_not_read_aloud_leaves_no_sentence(voice: Voice) -> None:
    assert read("(Đã ký)\n./.\n\nKT. CHỦ TỊCH", voice) == []


def test_the_footer_is_said_twice(content: Content, voice: Voice) -> None:
    said = [one.spoken for one in of_content(content, voice)]
    phone = "Đường dây nóng: không hai không không, năm năm năm, không một một tám."
    assert said[-3:] == [phone, "Xin nhắc lại.", phone]


def test_a_post_without_a_footer_repeats_nothing(content: Content, voice: Voice) -> None:
    said = [one.spoken for one in of_content(replace(content, footer=""), voice)]
    assert said[-1] == "Xin đến đúng giờ."


def test_text_in_combining_form_is_read_like_any_other(content: Content, voice: Voice) -> None:
    apart = replace(content, title=unicodedata.normalize("NFD", content.title))
    assert of_content(apart, voice)[0].spoken == "Họp tổ dân phố số bảy."


def test_reading_time_counts_spoken_syllables_and_pauses() -> None:
    assert timing.syllables("Số bảy, tổ dân phố.") == 5
    assert (
        timing.reading_seconds(["một hai ba bốn năm sáu bảy tám chín mười"] * 17, rate=170) == 69
    )  # 60 s and 17 pauses


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 giây"), (59, "59 giây"), (60, "1 phút"), (200, "3 phút 20 giây")]
)
def test_a_length_is_told_in_minutes_and_seconds(seconds: int, words: str) -> None:
    assert timing.clock(seconds) == words
