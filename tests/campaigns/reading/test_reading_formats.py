"""The same kinds of content as .docx, .pdf and text in several encodings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from campaigns.reading import read_plan

Sample = Callable[[str], bytes]
Maker = Callable[..., bytes]


def _letterhead(document: Any) -> None:
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text = "ỦY BAN NHÂN DÂN\nXÃ ĐỒI SIM"
    table.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    table.cell(1, 0).text = "Số: 44/KH-UBND"
    table.cell(1, 1).text = "Đồi Sim, ngày 02 tháng 6 năm 2026"


def _numbered(document: Any, text: str, level: int, num: int) -> None:
    paragraph = document.add_paragraph(text)
    properties = paragraph._p.get_or_add_pPr()
    numbering = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", level), ("w:numId", num)):
        element = OxmlElement(tag)
        element.set(qn("w:val"), str(value))
        numbering.append(element)
    properties.append(numbering)


def _multilevel(document: Any) -> int:
    """A list "I." / "1." / "a)" as Word makes it; its id."""
    root = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "90")
    for depth, (form, text) in enumerate((("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"))):
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), str(depth))
        for tag, value in (("w:start", "1"), ("w:numFmt", form), ("w:lvlText", text)):
            element = OxmlElement(tag)
            element.set(qn("w:val"), value)
            level.append(element)
        abstract.append(level)
    root.insert(0, abstract)
    num = OxmlElement("w:num")
    num.set(qn("w:numId"), "90")
    link = OxmlElement("w:abstractNumId")
    link.set(qn("w:val"), "90")
    num.append(link)
    root.append(num)
    return 90


def _word_plan(document: Any) -> None:
    _letterhead(document)
    document.add_paragraph("KẾ HOẠCH").runs[0].bold = True
    document.add_paragraph("Tuyên truyền phòng cháy rừng mùa khô năm 2026").runs[0].bold = True
    document.add_paragraph("Căn cứ Luật Lâm nghiệp số 16/2017/QH14 ngày 15/11/2017, UBND xã Đồi Sim ban hành kế hoạch:")
    num = _multilevel(document)
    _numbered(document, "MỤC ĐÍCH", 0, num)
    document.add_paragraph("Không để cháy rừng do đốt nương.")
    _numbered(document, "NỘI DUNG TUYÊN TRUYỀN", 0, num)
    _numbered(document, "Cấp dự báo cháy và việc không được làm ở từng cấp", 1, num)
    _numbered(document, "Cách báo cháy nhanh nhất", 2, num)
    _numbered(document, "Cách làm đường băng cản lửa", 2, num)
    _numbered(document, "Bài học từ các vụ cháy đã qua", 1, num)
    _numbered(document, "KINH PHÍ", 0, num)
    table = document.add_table(rows=1, cols=4)
    for cell, text in zip(table.rows[0].cells, ("TT", "Nội dung", "Thành tiền (đồng)", "Ghi chú"), strict=True):
        cell.text = text
    for row in (
        ("1", "Viết tin, bài", "Báo Lạc An: 15.000.000đ\nĐài xã: 5.000.000đ", ""),
        ("2", "Làm biển cấm lửa", "8.250.000", "12 biển"),
        ("", "Cộng", "28.250.000", ""),
    ):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph("Bằng chữ: Hai mươi tám triệu hai trăm năm mươi nghìn đồng.")
    _numbered(document, "TỔ CHỨC THỰC HIỆN", 0, num)
    _numbered(document, "Ban chỉ huy quân sự xã: trực loa lưu động.", 1, num)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "Nơi nhận:\n- Các thôn;\n- Lưu: VT."
    table.cell(0, 1).text = "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\nHoàng Thị Suối"


def test_a_word_plan_with_generated_numbers_and_tables(docx: Maker) -> None:
    plan = read_plan(docx(_word_plan), "ke-hoach.docx")
    assert plan.format == "docx"
    assert plan.issuer is not None
    assert (plan.issuer.name, plan.number, plan.date) == ("UBND xã Đồi Sim", "44/KH-UBND", date(2026, 6, 2))
    assert plan.title == "Tuyên truyền phòng cháy rừng mùa khô năm 2026"
    assert [(s.label, s.role) for s in plan.sections] == [
        ("I", "purpose"), ("II", "themes"), ("III", "budget"), ("IV", "organisation"),
    ]  # fmt: skip
    assert [(t.label, [c.label for c in t.children]) for t in plan.themes] == [("1", ["a", "b"]), ("2", [])]
    assert plan.signer is not None
    assert (plan.signer.name, plan.signer.title) == ("Hoàng Thị Suối", "PHÓ CHỦ TỊCH")
    assert plan.recipients == ("Các thôn", "Lưu: VT")


def test_a_word_table_of_money_names_its_payees(docx: Maker) -> None:
    budget = read_plan(docx(_word_plan), "ke-hoach.docx").budget
    assert budget is not None
    assert [(p.name, p.amount) for p in budget.lines[0].payees] == [("Báo Lạc An", 15_000_000), ("Đài xã", 5_000_000)]
    assert [line.amount for line in budget.lines] == [20_000_000, 8_250_000]
    assert (budget.stated_total, budget.in_words_amount, budget.consistent) == (28_250_000, 28_250_000, True)


def _pdf_plan() -> tuple[list[list[tuple[float, float, str]]], list[tuple[float, float, float, float]]]:
    first = [
        (60, 40, "TRUNG TÂM Y TẾ KHU VỰC BẾN CŨ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (60, 60, "Số: 9/KH-TTYT"), (300, 60, "Bến Cũ, ngày 11 tháng 8 năm 2026"),
        (250, 100, "KẾ HOẠCH"),
        (90, 120, "Truyền thông phòng bệnh sốt xuất huyết mùa mưa năm 2026"),
        (60, 150, "Căn cứ Kế hoạch số 302/KH-SYT ngày 01/7/2026 của Sở Y tế thành phố Lạc An."),
        (60, 180, "1. MỤC ĐÍCH"),
        (60, 200, "Mỗi nhà tự diệt lăng quăng mỗi tuần."),
        (60, 220, "2. NỘI DUNG TRUYỀN THÔNG"),
        (60, 240, "a) Dấu hiệu cần đến trạm y tế ngay;"),
        (60, 260, "b) Lịch phun hóa chất của từng khu phố, việc cần làm trước khi"),
        (60, 600, "3. KINH PHÍ"),
    ]  # fmt: skip
    cells = [
        ("STT", "Nội dung", "Số tiền (nghìn đồng)"),
        ("1", "In áp phích", "4.500"),
        ("2", "Xe loa", "1.250"),
        ("", "Tổng", "5.750"),
    ]
    for row, texts in enumerate(cells):
        first += [(x, 635 + row * 20, text) for x, text in zip((65, 125, 305), texts, strict=True) if text]
    rules = [(60, 620 + n * 20, 500, 620 + n * 20) for n in range(5)] + [(x, 620, x, 700) for x in (60, 120, 300, 500)]
    second = [
        (60, 60, "người đến phun."),
        (60, 90, "4. TỔ CHỨC THỰC HIỆN"),
        (60, 110, "a) Khoa Dân số: phát tờ rơi."),
        (60, 140, "Nơi nhận:"), (320, 140, "GIÁM ĐỐC"),
        (60, 160, "- Lưu: VT."), (320, 200, "Đặng Thị Nắng"),
    ]  # fmt: skip
    return [first, second], rules


def test_a_pdf_plan_with_a_ruled_table(pdf: Maker) -> None:
    plan = read_plan(pdf(*_pdf_plan()), "ke-hoach.pdf")
    assert plan.format == "pdf"
    assert plan.issuer is not None
    assert (plan.issuer.name, plan.number, plan.date) == (
        "Trung tâm Y tế khu vực Bến Cũ",
        "9/KH-TTYT",
        date(2026, 8, 11),
    )
    assert plan.title == "Truyền thông phòng bệnh sốt xuất huyết mùa mưa năm 2026"
    assert [s.role for s in plan.sections] == ["purpose", "themes", "budget", "organisation"]
    assert [t.label for t in plan.themes] == ["a", "b"]
    assert plan.budget is not None
    assert [(line.name, line.amount) for line in plan.budget.lines] == [
        ("In áp phích", 4_500_000),
        ("Xe loa", 1_250_000),
    ]
    assert (plan.budget.stated_total, plan.budget.consistent) == (5_750_000, True)
    assert plan.signer is not None
    assert (plan.signer.name, plan.signer.title) == ("Đặng Thị Nắng", "GIÁM ĐỐC")
    assert plan.sections[3].source.page == 2


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_of_text_make_no_difference(sample: Sample, codec: str) -> None:
    text = sample("ward-wrapped.txt").decode()
    assert read_plan(text.encode(codec), "x.txt").themes == read_plan(text.encode(), "x.txt").themes


def test_decomposed_letters_and_windows_line_ends_make_no_difference(sample: Sample) -> None:
    import unicodedata

    text = sample("ward-wrapped.txt").decode()
    other = unicodedata.normalize("NFD", text).replace("\n", "\r\n")
    assert read_plan(other.encode(), "x.txt").themes == read_plan(text.encode(), "x.txt").themes


def test_an_old_encoding_is_read_with_a_warning(sample: Sample) -> None:
    import unicodedata

    text = unicodedata.normalize("NFC", sample("ward-wrapped.txt").decode())
    data = b"".join(_cp1258(c) for c in text)
    plan = read_plan(data, "x.txt")
    assert plan.number == "15/KH-UBND"
    assert "old_encoding" in {w.code for w in plan.warnings}


def _cp1258(char: str) -> bytes:
    """A letter as Windows-1258 stores it: base letter, then its tone as a combining mark."""
    import unicodedata

    try:
        return char.encode("cp1258")
    except UnicodeEncodeError:
        marks = unicodedata.normalize("NFD", char)
        tone = [m for m in marks[1:] if m in "\u0300\u0301\u0303\u0309\u0323"]
        base = unicodedata.normalize("NFC", "".join(m for m in marks if m not in tone))
        return "".join([base, *tone]).encode("cp1258", errors="replace")


def test_the_name_of_the_file_decides_nothing(sample: Sample, docx: Maker) -> None:
    assert read_plan(docx(_word_plan), "anh.png").number == "44/KH-UBND"
    assert read_plan(sample("ward-letters.md"), "bang.xlsx").themes[0].label == "a"
