"""Leaflets and posters: what a print shop and a reader need of the PDF."""

from __future__ import annotations

import io
from itertools import product

import pdfplumber
import pypdfium2
import pytest
import segno
from PIL import Image

from assets.made.contents import Sheet
from assets.made.formats import A4, A5, MM, PAPERS, Format
from assets.made.layouts import LAYOUTS
from assets.made.making import Look, composed, paper, seen
from assets.made.paper import ink
from tests.assets.conftest import encoded, photograph

SHEET = Sheet(
    "Phân loại rác tại nhà: ba thùng, ba màu",
    "Từ 01/01/2027, mọi hộ để riêng rác ngay từ trong bếp.",
    ("Thùng xanh: rác hữu cơ", "Thùng vàng: rác còn lại"),
    "https://songvang.example/bai/phan-loai-rac",
)


def look(layout: str = "river", **more: object) -> Look:
    return Look("UBND phường Sông Vàng", layout, footer="Đường dây nóng 0290 3 123 456", **more)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return " ".join(document[0].get_textpage().get_text_range().split())
    finally:
        document.close()


@pytest.mark.parametrize("size", PAPERS.values(), ids=lambda one: one.name)
def test_a_sheet_has_the_size_of_its_paper(size: Format) -> None:
    with pdfplumber.open(io.BytesIO(paper(SHEET, look(), size).data)) as document:
        (page,) = document.pages
        assert (float(page.width), float(page.height)) == pytest.approx((size.width, size.height), abs=0.1)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_its_words_can_be_selected_and_its_faces_are_embedded(layout: str) -> None:
    made = paper(SHEET, look(layout), A5)
    words = text_of(made.data)
    for said in ("ba thùng, ba màu", "mọi hộ để riêng rác", "Thùng vàng: rác còn lại", "UBND PHƯỜNG SÔNG VÀNG"):
        assert said in words
    assert made.warnings == ()
    assert made.data.count(b"/FontFile2") >= 2


def test_bleed_and_crop_marks_stand_around_the_trimmed_page() -> None:
    with pdfplumber.open(io.BytesIO(paper(SHEET, look(), A4, marks=True).data)) as document:
        (page,) = document.pages
        trim, bleed = (page.page_obj.attrs[box] for box in ("TrimBox", "BleedBox"))
        assert [trim[2] - trim[0], trim[3] - trim[1]] == pytest.approx([A4.width, A4.height], abs=0.1)
        assert [trim[0] - bleed[0], bleed[3] - trim[3]] == pytest.approx([3 * MM, 3 * MM], abs=0.1)
        assert len(page.lines) == 8
        assert all(max(line["x0"], line["x1"]) <= bleed[0] or min(line["x0"], line["x1"]) >= bleed[2]
                   or max(line["top"], line["bottom"]) <= float(page.height) - bleed[3]
                   or min(line["top"], line["bottom"]) >= float(page.height) - bleed[1]
                   for line in page.lines)  # fmt: skip


def test_all_inks_are_process_colours_and_never_too_much() -> None:
    steps = range(0, 256, 15)
    for colour in product(steps, steps, steps):
        assert sum(ink(colour).cmyk()) <= 3.001, colour
    assert ink((0, 0, 0)).cmyk() == (0, 0, 0, 1)
    assert ink((255, 255, 255)).cmyk() == (0, 0, 0, 0)
    with pdfplumber.open(io.BytesIO(paper(SHEET, look("frame"), A5).data)) as document:
        spaces = {len(one["non_stroking_color"]) for one in [*document.pages[0].chars, *document.pages[0].rects]}
    assert spaces == {4}


def test_the_same_sheet_is_the_same_bytes() -> None:
    photo = encoded(photograph(300, 400), "PNG")
    dressed = look("photo", background=photo, emblem=photo)
    assert paper(SHEET, dressed, A5, marks=True).data == paper(SHEET, dressed, A5, marks=True).data


def test_the_code_on_the_paper_is_the_code_of_the_address() -> None:
    matrix = [list(row) for row in segno.make(SHEET.address, error="m", micro=False).matrix]
    side = len(matrix)
    image = Image.open(io.BytesIO(seen(paper(SHEET, look("drum"), A4).data, 3000))).convert("L")
    scale = image.width / A4.width
    (strip, code) = (part for part in composed(SHEET, look("drum"), A4)[-2].strokes)
    box = code[1]
    module = box.width / (side + 8)
    read = [[image.getpixel((int((box.left + (4.5 + x) * module) * scale), int((box.top + (4.5 + y) * module) * scale)))
             < 128 for x in range(side)] for y in range(side)]  # fmt: skip
    assert read == [[bool(one) for one in row] for row in matrix]
    assert strip[1].width > box.width


def test_its_picture_is_what_the_paper_shows() -> None:
    image = Image.open(io.BytesIO(seen(paper(SHEET, look(), A4).data)))
    assert (image.format, max(image.size)) == ("PNG", 1400)
    assert len(set(image.resize((60, 60)).get_flattened_data())) > 100
