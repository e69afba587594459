"""The small readers: words and figures of money, numbers of documents, labels, roles, folding."""

from __future__ import annotations

from datetime import date

import pytest

from campaigns.reading.dates import blank_date, display_date, long_date
from campaigns.reading.folding import fold, near
from campaigns.reading.headings import role_of
from campaigns.reading.labels import Style, parse_label
from campaigns.reading.legal_status import statuses
from campaigns.reading.money import amounts, in_words, scaled, table_unit
from campaigns.reading.symbols import find_numbers


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("Một tỷ, sáu trăm triệu đồng chẵn", 1_600_000_000),
        ("Bốn trăm bảy mươi triệu đồng", 470_000_000),
        ("năm mươi lăm triệu hai trăm linh năm nghìn đồng", 55_205_000),
        ("Mười lăm triệu đồng", 15_000_000),
        ("Hai mươi mốt triệu không trăm linh bốn nghìn đồng", 21_004_000),
        ("hai nghìn ba trăm tỷ đồng", 2_300_000_000_000),
        ("Hai mươi tư ngàn đồng", 24_000),
        ("một trăm lẻ năm đồng", 105),
        ("theo quy định", None),
        ("", None),
    ],
)
def test_number_words_are_read(words: str, value: int | None) -> None:
    assert in_words(words) == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("100.000.000đ", [100_000_000]),
        ("1,5 triệu đồng và 50 tr.đ", [1_500_000, 50_000_000]),
        ("50,000,000 VNĐ", [50_000_000]),
        ("12 đợt, 5 điểm, 3 đội, 2 đồng chí trưởng ban", []),
        ("1.600 tỷ đồng", [1_600_000_000_000]),
    ],
)
def test_amounts_need_a_money_unit(text: str, values: list[int]) -> None:
    assert [a.value for a in amounts(text)] == values


@pytest.mark.parametrize(
    ("text", "factor", "value"),
    [
        ("1.600", 1_000_000, 1_600_000_000),
        ("12,5", 1_000_000, 12_500_000),
        ("1,600", 1_000_000, None),
        ("0,3", 1, None),
    ],
)
def test_a_figure_with_two_readings_has_none(text: str, factor: int, value: int | None) -> None:
    assert scaled(text, factor) == value


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("Đơn vị tính: triệu đồng", 1_000_000),
        ("(ĐVT: 1.000 đồng)", 1_000),
        ("Kinh phí (đồng)", 1),
        ("Đơn vị thực hiện", None),
    ],
)
def test_the_unit_of_a_table(text: str, factor: int | None) -> None:
    unit = table_unit(text)
    assert (unit[1] if unit else None) == factor


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("số 45/2020/NĐ- CP ngày", "45/2020/NĐ-CP", "Nghị định"),
        ("107/2021/Nb-CP", "107/2021/NĐ-CP", "Nghị định"),
        ("6680/QB UBND ngay", "6680/QĐ-UBND", "Quyết định"),
        ("27/CT TTg", "27/CT-TTg", "Chỉ thị"),
        ("185/UBND-KSTTHC", "185/UBND-KSTTHC", "Công văn"),
        ("số 72/2025/QH15", "72/2025/QH15", "Luật"),
        ("số 33-KH/ĐU", "33-KH/ĐU", "Kế hoạch"),
    ],
)
def test_numbers_of_documents_are_normalised(text: str, number: str, kind: str) -> None:
    assert [(n.text, n.kind) for n in find_numbers(text)] == [(number, kind)]


@pytest.mark.parametrize("text", ["Đề án 06/Chính phủ", "ngày 20/3/2026", "24/7", "chia 1/2 số tiền", "H1- Đài PT&TH"])
def test_other_slashes_are_no_numbers(text: str) -> None:
    assert list(find_numbers(text)) == []


@pytest.mark.parametrize(
    ("text", "style", "value"),
    [
        ("I1I. NHIEM VU", Style.ROMAN, "III"),
        ("V.TO CHUC", Style.ROMAN, "V"),
        ("III/ BIỆN PHÁP", Style.ROMAN, "III"),
        ("A. MỤC ĐÍCH", Style.UPPER, "A"),
        ("2.1. Nội dung", Style.DECIMAL, "2.1"),
        ("1.Nội dung", Style.ARABIC, "1"),
        ("¢) To chuc", Style.LETTER, "c"),
        ("C) Tuyen truyen", Style.LETTER, "c"),
        ("đ) Việc", Style.LETTER, "đ"),
        ("- gạch", Style.BULLET, "-"),
        ("+ cộng", Style.PLUS, "+"),
        ("(2) hai", Style.PAREN, "2"),
        ("Chủ đề 3: Nước sạch", Style.ARABIC, "3"),
        ("Phần thứ hai. Nội dung", Style.PART, "II"),
    ],
)
def test_labels_are_read_as_meant(text: str, style: Style, value: str) -> None:
    label = parse_label(text)
    assert label is not None
    assert (label.style, label.value) == (style, value)


@pytest.mark.parametrize(
    "text", ["20.3.2026 là hạn", "v.v... và", "06/Chính phủ", "1.600 triệu", "Hà Nội", "", "12 bài"]
)
def test_what_is_no_label(text: str) -> None:
    assert parse_label(text) is None


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("MỤC ĐÍCH, YÊU CẦU", "purpose"),
        ("MUC PiCH, Y NGHiA", "purpose"),
        ("YÊU CẦU", "requirements"),
        ("NHIỆM VỤ VÀ GIẢI PHÁP", "tasks"),
        ("NỘI DUNG TRỌNG TÂM", "themes"),
        ("PHUONG THU'C THONG TIN, TUYEN TRUYEN", "methods"),
        ("KINH PHÍ THỰC HIỆN", "budget"),
        ("TỔ CHỨC THỰC HIỆN", "organisation"),
        ("THỜI GIAN, ĐỊA ĐIỂM", "other"),
    ],
)
def test_roles_come_from_heading_words(title: str, role: str) -> None:
    assert role_of(title) == role


def test_folding_keeps_places() -> None:
    text = "Đường Nguyễn Huệ – “ƯỚC MƠ”"
    assert fold(text) == 'duong nguyen hue - "uoc mo"'
    assert len(fold(text)) == len(text)
    assert near("Noi nhin", "nơi nhận")
    assert not near("Nội dung", "nơi nhận")


def test_dates_in_words() -> None:
    found = long_date("Sông Vàng, ngày 05 tháng 3 năm 2026")
    assert found is not None
    assert found[0] == date(2026, 3, 5)
    impossible = long_date("ngày 31 tháng 02 năm 2026")
    assert impossible is not None
    assert impossible[0] is None
    assert blank_date("Sông Vàng, ngày     tháng    năm 2026")
    assert not blank_date("ngày 05 tháng 3 năm 2026")


def test_the_legal_data_file_is_dated_and_sourced() -> None:
    repeal = statuses()["42/2022/NĐ-CP"]
    assert repeal.repealed_from == date(2026, 7, 1)
    assert repeal.by == "224/2026/NĐ-CP"
    assert all(entry.source and entry.read_in in ("V", "V1", "U") for entry in statuses().values())


def test_a_date_for_people_has_no_zeros_in_front() -> None:
    assert display_date(date(2026, 2, 3)) == "3/2/2026"
    assert display_date(date(2025, 12, 30)) == "30/12/2025"


@pytest.mark.parametrize(
    ("text", "value", "worded"),
    [("Giai đoạn 1 (từ 01/3): Chuẩn bị", "1", True), ("Quý IV: Tết", "4", True), ("Tháng 05/2026: Nước", "5", True)],
)
def test_periods_are_labels_with_their_figure(text: str, value: str, worded: bool) -> None:
    label = parse_label(text)
    assert label is not None
    assert (label.style, label.value, label.worded) == (Style.ARABIC, value, worded)


@pytest.mark.parametrize(
    "text", ["V/v tuyên truyền", "tháng 5: theo lịch", "X", "Quý vị và các bạn", "Điều 5 Luật này"]
)
def test_words_that_only_look_like_labels(text: str) -> None:
    assert parse_label(text) is None
