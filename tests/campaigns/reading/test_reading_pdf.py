"""PDF pages: what their geometry tells about lines, tables, columns, headers and notes."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pytest

from campaigns.reading import PlanRefused, read_plan
from campaigns.reading.document import Document
from campaigns.reading.formats import load
from campaigns.reading.limits import DEFAULT
from tests.campaigns.reading.conftest import make_pdf

Texts = list[tuple[float, float, str]]
Rules = list[tuple[float, float, float, float]]
FULL = "Tuyên truyền đến mọi tổ dân phố và mọi hộ gia đình trên địa bàn phường"


def _read(pages: list[Texts], rules: Rules | None = None) -> Document:
    return load(make_pdf(pages, rules or []), "x.pdf", DEFAULT)


def _grid(columns: list[float], rows: list[float]) -> Rules:
    across = [(columns[0], y, columns[-1], y) for y in rows]
    return across + [(x, rows[0], x, rows[-1]) for x in columns]


def _cells(document: Document) -> list[tuple[str, ...]]:
    return [line.cells for line in document.lines if line.cells]


def test_rules_make_a_table_and_the_words_in_it_its_cells() -> None:
    texts = [(70, 115, "STT"), (130, 115, "Nội dung"), (310, 115, "Số tiền"), (70, 135, "1"), (130, 135, "In tờ gấp"),
             (310, 135, "5.000.000"), (70, 60, "Trước bảng có lời dẫn.")]  # fmt: skip
    document = _read([texts], _grid([60, 120, 300, 500], [100, 120, 140]))
    assert _cells(document) == [("STT", "Nội dung", "Số tiền"), ("1", "In tờ gấp", "5.000.000")]
    assert document.lines[0].text == "Trước bảng có lời dẫn."


def test_a_cell_without_a_rule_inside_is_one_cell() -> None:
    rules = [(60, y, 500, y) for y in (100, 120, 140)]
    rules += [(60, 100, 60, 140), (500, 100, 500, 140), (300, 100, 300, 140), (120, 100, 120, 120)]
    texts = [(70, 115, "1"), (130, 115, "In tờ gấp"), (310, 115, "5.000"), (70, 135, "Tổng cộng"), (310, 135, "5.000")]
    assert _cells(_read([texts], rules)) == [("1", "In tờ gấp", "5.000"), ("Tổng cộng", "", "5.000")]


def test_a_frame_around_text_is_no_table() -> None:
    document = _read([[(70, 120, FULL), (70, 140, "Dòng thứ hai của khung.")]], _grid([60, 560], [100, 150]))
    assert _cells(document) == []


def test_a_table_without_rules_is_told_by_its_gaps() -> None:
    rows = [("STT", "Nội dung", "Số tiền"), ("1", "In tờ gấp", "5.000.000"), ("2", "Xe loa", "1.250.000")]
    texts = [(x, 100.0 + 18 * n, t) for n, row in enumerate(rows) for x, t in zip((70, 150, 400), row, strict=True)]
    assert _cells(_read([texts])) == rows


ROWS = [100.0, 120.0, 140.0, 160.0]
COLUMNS = [60.0, 120.0, 300.0, 500.0]


def _over_two_pages(*pages: list[tuple[str, str, str]]) -> Document:
    texts = [
        [
            (x + 5, y + 14, t)
            for y, row in zip(ROWS, rows, strict=False)
            for x, t in zip(COLUMNS, row, strict=False)
            if t
        ]
        for rows in pages
    ]
    return load(make_pdf(texts, _grid(COLUMNS, ROWS), everywhere=True), "x.pdf", DEFAULT)


HEAD = ("STT", "Nội dung", "Số tiền")


def test_a_table_that_goes_on_over_the_page_break_is_one_without_its_head_said_again() -> None:
    rows = [HEAD, ("1", "In tờ gấp", "5.000"), ("2", "Xe loa", "6.000")]
    document = _over_two_pages(rows, [HEAD, ("3", "Pa nô", "7.000"), ("", "Cộng", "18.000")])
    assert _cells(document) == [*rows, ("3", "Pa nô", "7.000"), ("", "Cộng", "18.000")]
    assert len({line.table for line in document.lines}) == 1


def test_a_row_cut_by_the_page_break_is_whole_again() -> None:
    rows = [HEAD, ("1", "In tờ gấp", "5.000"), ("2", "Làm biển", "6.000")]
    document = _over_two_pages(rows, [("", "cấm lửa", ""), ("", "Cộng", "11.000")])
    assert _cells(document) == [HEAD, rows[1], ("2", "Làm biển\ncấm lửa", "6.000"), ("", "Cộng", "11.000")]


def test_a_letterhead_in_two_columns_is_kept_apart() -> None:
    texts = [(60, 60, "ỦY BAN NHÂN DÂN"), (300, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), (60, 76, "XÃ ĐỒI SIM"),
             (330, 76, "Độc lập - Tự do - Hạnh phúc"), (250, 130, "KẾ HOẠCH")]  # fmt: skip
    first, second = _read([texts]).lines
    assert first.cells == (
        "ỦY BAN NHÂN DÂN\nXÃ ĐỒI SIM",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
    )
    assert second.text == "KẾ HOẠCH"


def test_a_label_stays_with_the_words_a_tab_keeps_from_it() -> None:
    document = _read([[(60, 100, "1."), (110, 100, "Phát trên loa của xã Đồi Sim.")]])
    assert [line.text for line in document.lines] == ["1. Phát trên loa của xã Đồi Sim."]


def _pages(count: int, header: str = "KH tuyên truyền {}", footer: str = "{}") -> list[Texts]:
    return [
        [
            (60, 40, header.format(n)),
            (60, 200, f"Nội dung riêng của trang này là {'abcdefgh'[n]}."),
            (300, 815, footer.format(n + 1)),
        ]
        for n in range(count)
    ]


def test_running_headers_and_page_numbers_are_left_out() -> None:
    lines = _read(_pages(4)).lines
    assert [line.text for line in lines] == [f"Nội dung riêng của trang này là {c}." for c in "abcd"]
    assert [line.page for line in lines] == [1, 2, 3, 4]


def test_what_stands_once_at_the_top_of_a_page_is_read() -> None:
    lines = _read([*_pages(4), [(60, 40, "PHỤ LỤC"), (60, 200, "Dự toán kinh phí thực hiện.")]]).lines
    assert "PHỤ LỤC" in [line.text for line in lines]


def test_an_item_on_top_of_many_pages_is_no_header() -> None:
    lines = _read(_pages(4, header="a) Loa truyền thanh của xã.")).lines
    assert sum(line.text == "a) Loa truyền thanh của xã." for line in lines) == 4


def test_progress_counts_pages() -> None:
    told: list[tuple[int, int]] = []
    load(make_pdf(_pages(4)), "x.pdf", DEFAULT, lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_lines_that_ended_with_room_left_end_their_paragraph() -> None:
    texts = [(60.0, 100.0 + 16 * n, text) for n, text in enumerate([FULL, "phường.", FULL, "Ngắn", FULL])]
    assert [line.whole for line in _read([texts]).lines] == [False, False, True, False, True]


IMAGE = (
    b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n0\n"
    b"endstream"
)


def _mixed(pages: str) -> bytes:
    """A PDF whose pages are text ("t"), a picture ("p") or nothing ("-")."""
    text = b"BT /F 12 Tf 1 0 0 1 60 700 Tm (KE HOACH tuyen truyen cua phuong nam 2026) Tj ET"
    drawings = {"t": text, "p": b"200 0 0 200 0 0 cm /I Do", "-": b""}
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", IMAGE]
    kids = []
    for page in pages:
        packed = zlib.compress(drawings[page])
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R"
            b"/Resources<</Font<</F 3 0 R>>/XObject<</I 4 0 R>>>>>>" % len(objects)
        )
        kids.append(len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, b"".join(places))
    return out + head + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))


def test_pages_that_are_pictures_among_text_are_named() -> None:
    (warning,) = load(_mixed("tptp"), "x.pdf", DEFAULT).warnings
    assert warning.code == "pages_without_text"
    assert "Trang 2, 4 " in warning.message
    assert "OCR" in warning.message
    assert load(_mixed("t-t"), "x.pdf", DEFAULT).warnings == []


@pytest.mark.parametrize("pages", ["pp", "p-", "-"])
def test_a_scan_without_a_text_layer_needs_ocr(pages: str) -> None:
    with pytest.raises(PlanRefused, match="OCR") as caught:
        read_plan(_mixed(pages), "x.pdf")
    assert caught.value.code == "scanned_pdf"


def test_more_pages_than_any_plan_has_are_refused_before_they_are_read() -> None:
    told: list[tuple[int, int]] = []
    with pytest.raises(PlanRefused) as caught:
        load(_mixed("t" * 12), "x.pdf", replace(DEFAULT, pages=10), lambda done, total: told.append((done, total)))
    assert caught.value.code == "too_many_pages"
    assert told == []


def test_a_count_of_pages_that_lies_is_no_harm() -> None:
    with pytest.raises(PlanRefused):
        read_plan(_mixed("t").replace(b"/Count 1", b"/Count 9999999999"), "x.pdf")


def test_an_object_stream_that_unpacks_to_megabytes_is_refused() -> None:
    """The structure itself packed: every object of the file lies in one stream of zeroes."""
    packed = zlib.compress(bytes(30_000_000), 9)
    objects = b"1 0 obj\n<</Type/ObjStm/N 5/First 40/Filter/FlateDecode/Length %d>>stream\n%s\nendstream\nendobj\n"
    body = b"%PDF-1.5\n" + objects % (len(packed), packed)
    with pytest.raises(PlanRefused) as caught:
        read_plan(body + b"trailer<</Size 2/Root 1 0 R>>\nstartxref\n9\n%%EOF", "x.pdf")
    assert caught.value.code in {"broken_pdf", "scanned_pdf", "page_too_heavy"}
