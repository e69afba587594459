"""What Word keeps beside the plain paragraphs, each as the officer sees it on the page."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from docx import Document as new_docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from campaigns.reading import PlanRefused, read_plan
from campaigns.reading.document import Document
from campaigns.reading.formats import load
from campaigns.reading.limits import DEFAULT

SPACES = nsdecls("w") + (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
BEFORE = "<w:p><w:r><w:t>Trước.</w:t></w:r></w:p>"
AFTER = "<w:p><w:r><w:t>Sau.</w:t></w:r></w:p>"


def _docx(body: str, **parts: str) -> bytes:
    """A .docx with `body` as its paragraphs and tables; `parts` replace or add XML parts ("footnotes")."""
    document = new_docx()
    for block in parse_xml(f"<w:body {SPACES}>{body}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, block)
    out = io.BytesIO()
    document.save(out)
    return _with_notes(out.getvalue(), parts) if parts else out.getvalue()


def _with_notes(data: bytes, parts: dict[str, str]) -> bytes:
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    with zipfile.ZipFile(out, "w") as package:
        for name in source.namelist():
            text = source.read(name)
            for part in parts:
                if name == "word/_rels/document.xml.rels":
                    link = f'<Relationship Id="n{part}" Type="{relation}/{part}" Target="{part}.xml"/></Relationships>'
                    text = text.replace(b"</Relationships>", link.encode())
                if name == "[Content_Types].xml":
                    override = f'<Override PartName="/word/{part}.xml" ContentType="{kind}.{part}+xml"/></Types>'
                    text = text.replace(b"</Types>", override.encode())
            package.writestr(name, text)
        for part, xml in parts.items():
            package.writestr(f"word/{part}.xml", f"<w:{part} {SPACES}>{xml}</w:{part}>")
    return out.getvalue()


def _read(body: str, **parts: str) -> Document:
    return load(_docx(body, **parts), "x.docx", DEFAULT)


def _texts(body: str, **parts: str) -> list[str]:
    return [line.text for line in _read(body, **parts).lines if line.text.strip()]


def _p(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def _row(*cells: str, properties: str = "") -> str:
    return f"<w:tr>{properties}{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"


def _rows(document: Document) -> list[tuple[str, ...]]:
    return [line.cells for line in document.lines if line.cells]


def test_merged_cells_keep_the_other_cells_in_their_columns() -> None:
    span = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
    down, begun = "<w:tcPr><w:vMerge/></w:tcPr>", '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>'
    table = "<w:tbl>" + "".join(
        (
            _row(_p("1"), begun + _p("In tờ gấp"), _p("5.000")),
            _row(_p("2"), down + _p(""), _p("6.000")),
            _row(span + _p("Cộng"), _p("11.000")),
        )
    )
    assert _rows(_read(f"{table}</w:tbl>")) == [("1", "In tờ gấp", "5.000"), ("2", "", "6.000"), ("Cộng", "", "11.000")]


def test_a_span_that_lies_is_bounded() -> None:
    span = '<w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr>'
    rows = _rows(_read(f"<w:tbl>{_row(span + _p('a'), _p('b'))}</w:tbl>"))
    assert len(rows[0]) == 64


def test_a_table_in_a_cell_is_a_table_of_its_own() -> None:
    inner = f"<w:tbl>{_row(_p('Mục'), _p('Tiền'))}{_row(_p('Loa'), _p('3.000'))}</w:tbl>{_p('')}"
    document = _read(f"<w:tbl>{_row(_p('Trái'), _p('Phải') + inner)}</w:tbl>")
    assert _rows(document) == [("Trái", "Phải"), ("Mục", "Tiền"), ("Loa", "3.000")]
    assert len({line.table for line in document.lines if line.cells}) == 2


def test_a_table_one_column_wide_only_lays_out_what_stands_in_it() -> None:
    inner = f"<w:tbl>{_row(_p('Mục'), _p('Tiền'))}</w:tbl>"
    document = _read(f"<w:tbl>{_row(_p('Lời dẫn.') + inner + _p('Lời kết.'))}</w:tbl>")
    assert [line.text for line in document.lines] == ["Lời dẫn.", "Mục\tTiền", "Lời kết."]


BOX = "<w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent>"
NEW_BOX, OLD_BOX = f"<wps:txbx>{BOX}</wps:txbx>", f"<w:pict><v:textbox>{BOX}</v:textbox></w:pict>"


def _both(first: str, twin: str) -> str:
    choice = f'<mc:Choice Requires="wps"><w:drawing>{first}</w:drawing></mc:Choice>'
    return f"<w:r><mc:AlternateContent>{choice}<mc:Fallback>{twin}</mc:Fallback></mc:AlternateContent></w:r>"


@pytest.mark.parametrize(
    "runs",
    [
        _both(NEW_BOX.format("Số: 1/KH"), OLD_BOX.format("Số: 1/KH")),
        _both("", OLD_BOX.format("Số: 1/KH")),
        f"<w:r><w:drawing>{NEW_BOX.format('Số: 1/KH')}</w:drawing></w:r>",
        f"<w:r>{OLD_BOX.format('Số: 1/KH')}</w:r>",
    ],
    ids=["both", "only-the-old-one-has-text", "drawing", "vml"],
)
def test_a_text_box_is_read_once(runs: str) -> None:
    assert _texts(f"<w:p><w:r><w:t>Đoạn có hộp.</w:t></w:r>{runs}</w:p>") == ["Đoạn có hộp.", "Số: 1/KH"]
    assert _rows(_read(f"<w:tbl>{_row(f'<w:p>{runs}</w:p>', _p('b'))}</w:tbl>")) == [("Số: 1/KH", "b")]


def test_a_box_in_a_box_is_read_once() -> None:
    inner = f"<w:txbxContent>{_p('Trong')}</w:txbxContent>"
    outer = f"<w:txbxContent><w:p><w:r><w:t>Ngoài</w:t></w:r><w:r><w:pict>{inner}</w:pict></w:r></w:p></w:txbxContent>"
    assert _texts(f"<w:p><w:r><w:pict>{outer}</w:pict></w:r></w:p>") == ["Ngoài", "Trong"]


def _note(kind: str) -> tuple[str, dict[str, str]]:
    mark = f'<w:r><w:{kind}Reference w:id="2"/></w:r>'
    line = f'<w:{kind} w:type="separator" w:id="0">{_p("----")}</w:{kind}>'
    return mark, {f"{kind}s": f'{line}<w:{kind} w:id="2">{_p("1. Gồm 12 tổ dân phố.")}</w:{kind}>'}


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_a_note_is_kept_and_breaks_no_sentence(kind: str) -> None:
    mark, parts = _note(kind)
    body = f"<w:p><w:r><w:t>Phát tại mọi tổ</w:t></w:r>{mark}<w:r><w:t> dân phố của phường.</w:t></w:r></w:p>"
    document = _read(BEFORE + body + AFTER, **parts)
    assert [line.text for line in document.lines] == ["Trước.", "Phát tại mọi tổ dân phố của phường.", "Sau."]
    assert [(note.no, note.text) for note in document.notes] == [(3, "1. Gồm 12 tổ dân phố.")]


def test_a_note_becomes_no_item_and_no_section() -> None:
    mark, parts = _note("footnote")
    titles = ["UBND XÃ ĐỒI SIM", "Số: 4/KH-UBND", "KẾ HOẠCH", "Tuyên truyền năm 2026", "I. MỤC ĐÍCH", "1. Để biết."]
    last = f"<w:p><w:r><w:t>1. Loa của xã</w:t></w:r>{mark}<w:r><w:t>.</w:t></w:r></w:p>"
    body = "".join(_p(text) for text in [*titles, "II. NỘI DUNG TUYÊN TRUYỀN"]) + last + _p("2. Vệ sinh.")
    plan = read_plan(_docx(body, **parts), "x.docx")
    assert [theme.title for theme in plan.themes] == ["Loa của xã.", "Vệ sinh."]
    assert len(plan.sections) == 2
    assert [note.text for note in plan.notes] == ["1. Gồm 12 tổ dân phố."]


def test_tracked_changes_are_read_as_accepted() -> None:
    changes = (
        '<w:p><w:r><w:t xml:space="preserve">Phát </w:t></w:r><w:del><w:r><w:delText>5</w:delText><w:t>6</w:t></w:r>'
        "</w:del><w:ins><w:r><w:t>12</w:t></w:r></w:ins><w:moveFrom><w:r><w:t> cũ</w:t></w:r></w:moveFrom><w:moveTo>"
        "<w:r><w:t> bài.</w:t></w:r></w:moveTo></w:p>"
    )
    assert _texts(changes) == ["Phát 12 bài."]


def test_a_deleted_end_of_a_paragraph_joins_it_with_the_next() -> None:
    gone = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
    assert _texts(_p("Nửa đầu ", gone) + _p("nửa sau.")) == ["Nửa đầu nửa sau."]


def test_a_deleted_row_is_not_read() -> None:
    gone = "<w:trPr><w:del/></w:trPr>"
    table = f"<w:tbl>{_row(_p('a'), _p('1'))}{_row(_p('b'), _p('2'), properties=gone)}</w:tbl>"
    assert _rows(_read(table)) == [("a", "1")]


def test_hidden_text_is_not_read() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t> bí mật</w:t></w:r>"
    shown = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t> rõ</w:t></w:r>'
    assert _texts(f"<w:p><w:r><w:t>Nói</w:t></w:r>{hidden}{shown}</w:p>") == ["Nói rõ"]


def test_a_table_of_contents_makes_no_sections() -> None:
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    contents = f"<w:sdt>{gallery}<w:sdtContent>{_p('I. MỤC ĐÍCH 1')}</w:sdtContent></w:sdt>"
    kept = f"<w:sdt><w:sdtContent>{_p('Trong khung.')}</w:sdtContent></w:sdt>"
    assert _texts(contents + kept + AFTER) == ["Trong khung.", "Sau."]


def test_soft_line_breaks_end_no_sentence() -> None:
    lines = "<w:p><w:r><w:t>Tuyên truyền đến mọi tổ dân phố trên địa bàn phường</w:t><w:br/><w:t>{}</w:t></w:r></w:p>"
    assert _texts(lines.format("Sông Vàng.")) == ["Tuyên truyền đến mọi tổ dân phố trên địa bàn phường Sông Vàng."]
    assert len(_texts(lines.format("- Loa truyền thanh."))) == 2
    head = "<w:p><w:r><w:t>TM. ỦY BAN NHÂN DÂN</w:t><w:br/><w:t>CHỦ TỊCH</w:t></w:r></w:p>"
    assert _texts(head) == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]


def test_odd_spaces_and_loose_marks_make_no_difference() -> None:
    assert _texts(_p("Tuye\u0302n\u200b truye\u0302\u0300n\u00ad"))[0] == "Tuyên truyền"
    line = _p("Số:\u00a012/KH\u2011UBND")
    assert _texts(line) == ["Số:\u00a012/KH\u2011UBND"]


def test_the_letterhead_in_a_first_page_header_is_read_and_page_numbers_are_not() -> None:
    document = new_docx()
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "ỦY BAN NHÂN DÂN XÃ ĐỒI SIM"
    section.first_page_header.add_paragraph("1")
    section.header.paragraphs[0].text = "Trang chạy 2"
    section.footer.paragraphs[0].text = "Cuối trang"
    document.add_paragraph("KẾ HOẠCH")
    out = io.BytesIO()
    document.save(out)
    lines = load(out.getvalue(), "x.docx", DEFAULT).lines
    assert [line.text for line in lines] == ["ỦY BAN NHÂN DÂN XÃ ĐỒI SIM", "KẾ HOẠCH"]


def test_a_numbered_paragraph_that_is_empty_shows_no_label() -> None:
    document = new_docx()
    for text in ("Một", "", "Hai"):
        document.add_paragraph(text, style="List Number")
    out = io.BytesIO()
    document.save(out)
    lines = load(out.getvalue(), "x.docx", DEFAULT).lines
    assert [line.text for line in lines] == ["1. Một", "", "3. Hai"]


def test_progress_counts_paragraphs_and_tables() -> None:
    told: list[tuple[int, int]] = []
    load(_docx(_p("a") * 120), "x.docx", DEFAULT, lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == [50, 100, 121]
    assert {total for _, total in told} == {121}


@pytest.mark.parametrize("depth", [300, 5_000])
def test_tables_in_tables_without_end_are_refused(depth: int) -> None:
    body = "<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth
    data = _docx("")
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in source.namelist():
            text = source.read(name)
            package.writestr(
                name, text.replace(b"<w:body>", b"<w:body>" + body.encode()) if "document.xml" in name else text
            )
    with pytest.raises(PlanRefused) as caught:
        load(out.getvalue(), "x.docx", DEFAULT)
    assert caught.value.code == "broken_docx"


def test_a_table_of_endless_rows_is_refused() -> None:
    with pytest.raises(PlanRefused) as caught:
        load(_docx(f"<w:tbl>{_row(_p('a'), _p('b')) * 40}</w:tbl>"), "x.docx", replace(DEFAULT, lines=30))
    assert caught.value.code == "too_many_lines"
