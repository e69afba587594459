"""The press itself: what stands in a manuscript stands in the file, with the faults that were asked for."""

from __future__ import annotations

from io import BytesIO

import pdfplumber
import pytest
from docx import Document

from tests.plans.typesetting import Typesetter, typeset

LONG = "Tổ chức tuyên truyền bằng nhiều hình thức phù hợp với từng nhóm người dân trên địa bàn phường Hoa Lạc"
PLAN = {
    "letterhead": {
        "left": ["ỦY BAN NHÂN DÂN", "PHƯỜNG HOA LẠC"],
        "right": ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"],
        "number": "Số: 15/KH-UBND",
        "place_date": "Hoa Lạc, ngày 03 tháng 02 năm 2026",
    },
    "blocks": [
        {"title": ["KẾ HOẠCH", "Thông tin, tuyên truyền năm 2026"]},
        {"heading": "I", "text": "MỤC ĐÍCH"},
        {"item": "1.", "level": 1, "text": f"{LONG} và vùng lân cận"},
        {"footnote": "Gồm 12 tổ dân phố."},
        {"heading": "II", "text": "NỘI DUNG"},
        {"item": "1.", "level": 1, "text": "Cải cách hành chính:"},
        *({"item": f"{letter})", "level": 2, "text": f"Việc {letter};"} for letter in "abcdđe"),
        {"bullet": "-", "level": 2, "text": "Loa truyền thanh."},
        {"heading": "II", "text": "KINH PHÍ"},
        {
            "table": [
                ["STT", "Nội dung", "Kinh phí"],
                ["1", "In tờ gấp\ntuyên truyền", "12.500"],
                ["Cộng", None, "12.500"],
            ]
        },
    ],
    "signature": {"authority": ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"], "name": "Trần Văn Mẫu"},
    "recipients": ["UBND thành phố (để b/c)", "Lưu: VT"],
    "after": [{"page_break": True}, {"title": ["PHỤ LỤC"]}, {"para": "(Kèm theo Kế hoạch số 15/KH-UBND)"}],
}


def with_quirks(form: str, **quirks: object) -> dict[str, object]:
    return {**PLAN, "quirks": {form: quirks}}


def text_of(**quirks: object) -> str:
    return typeset(with_quirks("txt", **quirks), "txt").decode()


def test_plain_text_holds_every_block_in_order():
    text = text_of()
    places = [
        text.index(words) for words in ("15/KH-UBND", "KẾ HOẠCH", "I. MỤC ĐÍCH", "đ) Việc đ", "Nơi nhận", "PHỤ LỤC")
    ]
    assert places == sorted(places)


def test_plain_text_wraps_and_breaks_pages_in_mid_sentence():
    lines = text_of(wrap=40, page_break_every=15, page_numbers=True, leading_space_after_break=True).splitlines()
    assert max(map(len, lines)) <= 41  # one more for the space after a break
    turn = lines.index("2")
    assert lines[turn - 2] == "1. Tổ chức tuyên truyền bằng nhiều hình"
    assert lines[turn + 2] == " thức phù hợp với từng nhóm người dân"


def test_a_blank_line_may_follow_every_line():
    lines = text_of(wrap=40, blank_lines=True).splitlines()
    assert all(lines[0::2])
    assert not any(lines[1::2])


@pytest.mark.parametrize(
    ("tables", "row"),
    [
        ("tabs", "1\tIn tờ gấp tuyên truyền\t12.500\n"),
        ("cells", "\n\n1\n\nIn tờ gấp\ntuyên truyền\n\n12.500\n\n"),
        ("pipes", "| 1 | In tờ gấp<br>tuyên truyền | 12.500 |\n"),
    ],
)
def test_tables_come_out_as_the_three_kinds_of_extractor_leave_them(tables, row):
    assert row in text_of(tables=tables)


def test_marks_and_columns_are_kept_when_asked_for():
    text = text_of(bold_marks=True, columns=True)
    assert "Số: **15**/KH-UBND" in text
    assert "**I. MỤC ĐÍCH**" in text
    assert any("PHƯỜNG HOA LẠC" in line and "Độc lập" in line for line in text.splitlines())


def test_markdown_has_bold_or_marked_headings_and_notes():
    assert "## I. MỤC ĐÍCH" in typeset(PLAN, "md").decode()
    text = typeset(with_quirks("md", bold_headings=True), "md").decode()
    assert "**I. MỤC ĐÍCH**" in text
    assert "lân cận[^1]" in text
    assert "| Cộng |  | 12.500 |" in text


def test_word_numbers_by_itself_only_what_comes_out_right():
    document = Document(BytesIO(typeset(with_quirks("docx", numbering="word"), "docx")))
    made = {p.text: p._p.pPr.numPr is not None for p in document.paragraphs if p.text}
    assert made["MỤC ĐÍCH"]
    assert made["Việc a;"]
    assert made["đ) Việc đ;"] is False  # Word knows no đ
    assert made["Việc e;"]
    assert made["II. KINH PHÍ"] is False  # a doubled label is typed


def test_a_word_file_keeps_notes_text_boxes_and_joined_cells():
    data = typeset(with_quirks("docx", textbox_letterhead=True, merged_cells=True), "docx")
    document = Document(BytesIO(data))
    table = document.tables[0]
    assert table.cell(2, 0)._tc is table.cell(2, 1)._tc
    assert document.element.xml.count("Số: 15/KH-UBND") == 2  # the drawing and its older twin
    notes = [part for part in document.part.package.iter_parts() if str(part.partname) == "/word/footnotes.xml"]
    assert "Gồm 12 tổ dân phố." in notes[0].blob.decode()


def test_a_printed_plan_has_a_text_layer_with_vietnamese_letters(browser):
    with Typesetter(browser) as press:
        data = press.pdf(with_quirks("pdf", header="UBND phường Hoa Lạc", footer_page_numbers=True))
    with pdfplumber.open(BytesIO(data)) as pdf:
        first, last = (page.extract_text() for page in pdf.pages)
        assert [row[-1] for row in pdf.pages[0].extract_tables()[0]] == ["Kinh phí", "12.500", "12.500"]
    assert "Độc lập - Tự do - Hạnh phúc" in first
    assert "đ) Việc đ;" in first
    assert last.startswith("UBND phường Hoa Lạc\nPHỤ LỤC")
    assert last.endswith("2")
