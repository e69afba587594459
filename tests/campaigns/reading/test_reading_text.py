"""Text as extractors leave it, and text that only looks like Vietnamese."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from campaigns.reading import PlanRefused, read_plan, to_json
from campaigns.reading.document import Document, Line
from campaigns.reading.formats import load
from campaigns.reading.limits import DEFAULT
from campaigns.reading.paragraphs import Paragraph
from publisher.samples.make_docx import SOURCE

PLAIN = SOURCE.read_text("utf-8")
TCVN3 = dict(
    zip(
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ",
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ",
        strict=True,
    )
)
VNI = {
    "đ": "ñ", "à": "aø", "á": "aù", "ạ": "aï", "ã": "aõ", "ả": "aû", "â": "aâ", "ấ": "aá", "ầ": "aà", "ậ": "aä",
    "ẩ": "aå", "ă": "aê", "ắ": "aé", "ặ": "aë", "ê": "eâ", "ế": "eá", "ề": "eà", "ệ": "eä", "ể": "eå", "ô": "oâ",
    "ố": "oá", "ồ": "oà", "ộ": "oä", "ổ": "oå", "ơ": "ô", "ớ": "ôù", "ờ": "ôø", "ợ": "ôï", "ở": "ôû", "ư": "ö",
    "ứ": "öù", "ừ": "öø", "ự": "öï", "ử": "öû", "ữ": "öõ", "ị": "ò", "ỉ": "æ", "ọ": "oï", "ó": "où", "ủ": "uû",
    "ụ": "uï", "ú": "uù", "ù": "uø", "é": "eù", "è": "eø", "ỹ": "yõ", "ý": "yù",
}  # fmt: skip


def _said(data: bytes, name: str = "x.txt") -> dict[str, Any]:
    """What a plan says, without where it stands and how it came."""
    return dict(_without_places(to_json(read_plan(data, name))))


def _without_places(value: Any) -> Any:
    left_out = ("source", "sources", "rule", "extent", "lines", "file", "format", "to_source", "source_lines")
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k not in left_out or (k == "lines" and _are_rows(v))}
        return {k: _without_places(v) for k, v in kept.items()}
    return [_without_places(one) for one in value] if isinstance(value, list) else value


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _paged(text: str, number: Callable[[int], str], every: int = 30) -> str:
    """A page number on a line of its own after so many lines, in mid-sentence or not."""
    lines = text.split("\n")
    pages = [lines[at : at + every] for at in range(0, len(lines), every)]
    return "\n".join(line for page, body in enumerate(pages, 1) for line in ([number(page)] if page > 1 else []) + body)


LEFT_BEHIND = {
    "windows line ends": lambda t: t.replace("\n", "\r\n"),
    "old line ends": lambda t: t.replace("\n", "\r"),
    "page numbers": lambda t: _paged(t, str),
    "page numbers in dashes": lambda t: _paged(t, lambda n: f"\n- {n} -\n"),
    "pages of a total": lambda t: _paged(t, lambda n: f"\nTrang {n}/12\n"),
    "form feeds": lambda t: _paged(t, lambda n: "\f"),
    "a page number behind a form feed": lambda t: _paged(t, lambda n: f"{n}\n\f"),
    "no-break spaces": lambda t: t.replace("Kế hoạch số ", "Kế hoạch số\u00a0").replace(
        "phường Sông", "phường\u00a0Sông"
    ),
    "marks nobody sees": lambda t: t.replace("tuyên", "tu\u200byên").replace("phường", "phư\u00adờng"),
    "tables as tabs": lambda t: _tabs(t),
}


def _tabs(text: str) -> str:
    rows = [line for line in text.split("\n") if not set(line) <= set("|- ") or not line]
    return "\n".join("\t".join(c.strip() for c in row.strip("|").split("|")) if row[:1] == "|" else row for row in rows)


@pytest.mark.parametrize("what", LEFT_BEHIND)
def test_what_an_extractor_leaves_makes_no_difference(what: str) -> None:
    assert _said(LEFT_BEHIND[what](PLAIN).encode()) == _said(PLAIN.encode())


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encoding_makes_no_difference(codec: str) -> None:
    assert _said(PLAIN.encode(codec)) == _said(PLAIN.encode())


HEAD = (
    "UBND XÃ ĐỒI SIM\nSố: 4/KH-UBND\nKẾ HOẠCH\nTuyên truyền năm 2026\nI. MỤC ĐÍCH\n1. Để biết.\n"
    "II. NỘI DUNG TUYÊN TRUYỀN\n"
)


@pytest.mark.parametrize("bullet", ["-", "–", "+", "*", "•", "\uf0b7", "\uf0d8", "▪", "●", "o\t", "§", "➢", "✓"])
def test_every_bullet_that_word_pastes_begins_an_item(bullet: str) -> None:
    text = HEAD + f"1. Cải cách\n{bullet} Nộp hồ sơ trực tuyến tại nhà;\n{bullet} Trả kết quả đúng hẹn.\n2. Vệ sinh."
    plan = read_plan(text.encode(), "x.txt")
    assert [theme.title for theme in plan.themes] == ["Cải cách", "Vệ sinh."]
    assert [child.title.rstrip(".;") for child in plan.themes[0].children] == [
        "Nộp hồ sơ trực tuyến tại nhà", "Trả kết quả đúng hẹn",
    ]  # fmt: skip


def test_a_note_below_the_text_is_kept_apart() -> None:
    text = HEAD + "1. Phát trên loa của mọi thôn1 vào buổi sáng.\n2. Vệ sinh.\n\n1 Gồm 12 thôn và hai khu tập thể.\n"
    plan = read_plan(text.encode(), "x.txt")
    assert [theme.title for theme in plan.themes] == ["Phát trên loa của mọi thôn vào buổi sáng.", "Vệ sinh."]
    assert [(note.text, note.source.lines) for note in plan.notes] == [("Gồm 12 thôn và hai khu tập thể.", (11, 11))]


def test_a_square_metre_is_no_note() -> None:
    document = _load("Treo 5 m2 pa nô tại mỗi thôn, diện tích 12 km2\n\n2 Thôn còn lại tự làm pa nô.\n")
    assert document.notes == []
    assert "km2" in document.lines[0].text


def _load(text: str) -> Document:
    return load(text.encode(), "x.txt", DEFAULT)


def test_a_note_of_markdown_is_kept_apart() -> None:
    plan = read_plan((HEAD + "1. Loa của xã[^a].\n2. Vệ sinh.\n\n[^a]: Gồm 12 thôn.\n").encode(), "x.md")
    assert [theme.title for theme in plan.themes] == ["Loa của xã.", "Vệ sinh."]
    assert [note.text for note in plan.notes] == ["Gồm 12 thôn."]


@pytest.mark.parametrize(("table", "name"), [(TCVN3, "TCVN3"), (VNI, "VNI")])
def test_text_for_fonts_of_before_unicode_is_refused_by_name(table: dict[str, str], name: str) -> None:
    old = "".join(table.get(char, char) for char in PLAIN.lower())
    with pytest.raises(PlanRefused, match=name) as caught:
        read_plan(old.encode(), "x.txt")
    assert caught.value.code == "legacy_font"
    assert "Unicode" in caught.value.message


def test_a_word_file_typed_in_an_old_font_is_refused() -> None:
    from docx import Document as new_docx

    document, out = new_docx(), io.BytesIO()
    for line in PLAIN.lower().split("\n"):
        document.add_paragraph("".join(TCVN3.get(char, char) for char in line))
    document.save(out)
    with pytest.raises(PlanRefused) as caught:
        read_plan(out.getvalue(), "x.docx")
    assert caught.value.code == "legacy_font"


@pytest.mark.parametrize(
    "text", ["The plan for the year, in English only. " * 20, "Le café où il naît, déjà vu. " * 20]
)
def test_another_language_is_no_old_font(text: str) -> None:
    assert _load(text).lines


def test_lines_without_end_are_refused() -> None:
    with pytest.raises(PlanRefused) as caught:
        load(("a" * 5_000).encode(), "x.txt", replace(DEFAULT, line_characters=4_000))
    assert caught.value.code == "line_too_long"


FOREIGN = """ỦY BAN NHÂN DÂN
PHƯỜNG HOA LẠC
Số: {0}/KH-UBND
Hoa Lạc, ngày {0} tháng 3 năm 2026
KẾ HOẠCH
Tuyên truyền năm 2026
Căn cứ Nghị định số {0}/2010/NĐ-CP ngày 08/{0}/2010;
I. MỤC ĐÍCH
1. Đăng {0} bài/tháng, hoàn thành trước ngày {0}/4/2026.
II. NỘI DUNG TUYÊN TRUYỀN
1. Cải cách hành chính.
III. KINH PHÍ
Tổng kinh phí: {0}.000.000 đồng.
IV. TỔ CHỨC THỰC HIỆN
1. Văn phòng chủ trì.
"""


@pytest.mark.parametrize("digits", ["٣5", "5٣", "٣", "５", "५"])
def test_figures_of_other_scripts_are_no_numbers(digits: str) -> None:
    plan = read_plan(FOREIGN.format(digits).encode(), "x.txt")
    assert (plan.number, plan.date, plan.legal_bases, plan.targets, plan.budget) == (None, None, (), (), None)
    assert (known := read_plan(FOREIGN.format("5").encode(), "x.txt")).number == "5/KH-UBND"
    assert known.targets
    assert known.legal_bases
    assert known.budget


def test_a_sentence_is_found_on_its_own_lines() -> None:
    lines = [Line(no, 1, text) for no, text in enumerate(("Đăng tin", "trên trang.", "Phát loa", "mỗi ngày."), 7)]
    paragraph = Paragraph(lines, " ".join(line.text for line in lines))
    at = paragraph.text.index("Phát")
    assert paragraph.place(0, 8).lines == (7, 7)
    assert paragraph.place(0, at - 1).lines == (7, 8)
    assert paragraph.place(at, len(paragraph.text)).lines == (9, 10)
