"""From a plan's directive to a headline, with and without diacritics."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.headlines import BLANK, LONGEST, directive_length, fold, footer, headline, lead, outline, points_of

TABLE = [
    ("Tiếp tục tuyên truyền về vai trò của nhà văn hóa; gắn với phong trào.", "Vai trò của nhà văn hóa"),
    ("Tuyên truyền, phổ biến Luật Đất đai năm 2024", "Luật Đất đai năm 2024"),
    ("Đẩy mạnh thông tin, tuyên truyền về chuyển đổi số: dịch vụ công trực tuyến", "Chuyển đổi số"),
    ("Thông tin kịp thời về tình hình mưa bão", "Tình hình mưa bão"),
    ("Tập trung tuyên truyền các nội dung về vệ sinh môi trường.", "Vệ sinh môi trường"),
    ("Tuyên truyền vệ sinh môi trường", "Vệ sinh môi trường"),
    ("Tuyen truyen ve ve sinh moi truong", "Ve sinh moi truong"),
    ("Tuyên truyền về nội dung Nghị quyết số 18", "Nội dung Nghị quyết số 18"),
    ("Tuyên truyền về việc sắp xếp lại TP. Lạc An. Phổ biến rộng", "Sắp xếp lại TP. Lạc An"),
    ("Tăng cường truyền thông về tiêm chủng", "Tiêm chủng"),
    ("Bảo vệ môi trường nông thôn", "Bảo vệ môi trường nông thôn"),
    ("Tăng cường quản lý đất đai", "Tăng cường quản lý đất đai"),
    ("Tuyên truyền", "Tuyên truyền"),
    ("Các nội dung tuyên truyền khác", "Các nội dung tuyên truyền khác"),
    ("Tuyén truyén vé vai trd cta ngudi dan", "Vai trd cta ngudi dan"),
    ("Đẩy mạnh tuyền truyền vệ sinh môi trường", "Vệ sinh môi trường"),
    ("Tuyén truyén vé vé sinh", "Vé sinh"),
    ("Tiep tuc tuyen truyen ve vai tro cua nha van hoa; gan voi phong trao.", "Vai tro cua nha van hoa"),
    ("tuyen truyen, pho bien Luat Dat dai", "Luat Dat dai"),
    ("DAY MANH THONG TIN, TUYEN TRUYEN VE CHUYEN DOI SO", "CHUYEN DOI SO"),
    ("Tuyên truyền về: kết quả cải cách hành chính", "Kết quả cải cách hành chính"),
    ("; nội dung còn lại", "Nội dung còn lại"),
    ("– Đẩy mạnh", "Đẩy mạnh"),
    ("", ""),
    (".", ""),
    ("…;:", "…"),
]


@pytest.mark.parametrize(("directive", "wanted"), TABLE)
def test_a_directive_becomes_a_headline(directive, wanted):
    assert headline(directive) == wanted


def test_a_long_headline_is_cut_at_a_comma_or_a_word():
    words = "xây dựng nếp sống văn minh đô thị " * 3
    at_comma = headline(f"Tuyên truyền về {words.strip()}, {words * 3}")
    assert at_comma == f"X{words.strip()[1:]}"
    at_word = headline(words * 4)
    assert at_word.endswith("…")
    assert len(at_word) <= LONGEST + 1
    assert words.strip().startswith(at_word[0].lower() + at_word[1:20])


@given(st.text(max_size=600))
def test_whatever_a_plan_says_a_headline_is_one_short_line(directive):
    found = headline(directive)
    assert len(found) <= LONGEST + 2
    assert "\n" not in found


@given(st.lists(st.sampled_from(["tuyên", "truyền", "và", "về", "nước", "thông", "tin", ";"]), max_size=12))
def test_never_more_words_are_taken_for_an_order_than_there_are(words):
    assert 0 <= directive_length(words) <= len(words)


@pytest.mark.parametrize(("text", "wanted"), [("Đường Điện", "duong dien"), ("Hòa", "hoa"), ("hoà", "hoa")])
def test_folding_takes_every_mark(text, wanted):
    assert fold(text) == wanted


def test_a_lead_names_who_speaks():
    assert lead("Vai trò của nhà văn hóa", "UBND phường") == (
        "UBND phường thông tin tới người dân: vai trò của nhà văn hóa."
    )


def test_an_outline_lists_the_points_and_leaves_what_only_an_officer_knows():
    text = outline("Phổ biến quy định mới; vận động người dân tham gia. Biểu dương gương tốt.")
    assert "- Phổ biến quy định mới\n- Vận động người dân tham gia\n- Biểu dương gương tốt" in text
    assert text.count(BLANK) == 1


def test_abbreviations_and_dates_do_not_cut_a_point():
    assert points_of("Theo QĐ số 12/2024 ngày 1.2.2024 của UBND TP. Hà Nội; và các văn bản khác") == [
        "Theo QĐ số 12/2024 ngày 1.2.2024 của UBND TP. Hà Nội",
        "Và các văn bản khác",
    ]


@pytest.mark.parametrize(
    ("hotline", "address", "wanted"),
    [
        ("0200 555 0118", "Số 1 Bến Đò", "Đường dây nóng: 0200 555 0118. Địa chỉ: Số 1 Bến Đò"),
        ("", "Số 1 Bến Đò", "Địa chỉ: Số 1 Bến Đò"),
        ("", "", ""),
    ],
)
def test_the_footer_says_where_to_ask(hotline, address, wanted):
    assert footer(hotline, address) == wanted
