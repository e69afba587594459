"""What is no plan, or cannot be read, is refused with its reason and what to do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from campaigns.reading import PlanRefused, read_plan, refusal_to_json
from campaigns.reading.limits import DEFAULT

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Sample = Callable[[str], bytes]
Maker = Callable[..., bytes]


def _refusal(data: bytes, name: str = "tep.bin", **limits: int) -> PlanRefused:
    with pytest.raises(PlanRefused) as caught:
        read_plan(data, name, replace(DEFAULT, **limits))
    assert "Hãy" in caught.value.message
    return caught.value


HEAD = "UBND PHƯỜNG SÔNG VÀNG\nSố: 3/{}-UBND\nSông Vàng, ngày 04 tháng 5 năm 2026\n\n"
OTHERS = {
    "Quyết định": "QUYẾT ĐỊNH\nVề việc khen thưởng tổ dân phố số 4\n\nĐiều 1. Khen thưởng.\nĐiều 2. Tổ chức thực "
    "hiện.\n",
    "Báo cáo": "BÁO CÁO\nKết quả thực hiện Kế hoạch tuyên truyền quý I\n\nI. KẾT QUẢ\n1. Nội dung tuyên truyền.\nII. "
    "NHIỆM VỤ\n1. Làm tiếp.\n",
    "Tờ trình": "TỜ TRÌNH\nVề việc ban hành Kế hoạch tuyên truyền năm 2026\n\n1. Sự cần thiết\nXin ý kiến.\n",
    "Thông báo": "THÔNG BÁO\nLịch cắt điện ngày 08/5\n\nTừ 7 giờ đến 11 giờ.\n",
    "Công văn": "V/v tăng cường tuyên truyền theo kế hoạch\n\nKính gửi: Các tổ dân phố.\n\nThực hiện Kế hoạch số "
    "3/KH-UBND, đề nghị phát thanh.\n",
}


@pytest.mark.parametrize("kind", sorted(OTHERS))
def test_another_kind_of_document_is_told_by_its_name(kind: str) -> None:
    refusal = _refusal((HEAD.format("VB") + OTHERS[kind]).encode(), "van-ban.txt")
    assert (refusal.code, refusal.seems) == ("not_a_plan", kind)
    assert kind.lower() in refusal.message
    told = refusal_to_json(refusal, "van-ban.txt")
    assert told["is_plan"] is False
    assert told["doc_type"] == kind
    assert told["warnings"][0]["code"] == "not_a_plan"


def test_a_novel_is_no_plan() -> None:
    text = (
        "Chương một\n\n"
        + "Trời chuyển mưa từ chiều. Bà cụ ngồi têm trầu bên hiên, kể chuyện ngày xưa cho đàn cháu. " * 200
    )
    assert _refusal(text.encode(), "truyen.txt").code == "not_a_plan"


def test_a_press_article_about_a_plan_is_no_plan() -> None:
    text = (
        "Phường Sông Vàng ra quân dọn rác\n\nTheo Kế hoạch số 15/KH-UBND ngày 05/3/2026, phường sẽ tổ chức "
        "tuyên truyền tại 14 tổ dân phố với kinh phí 36.500.000 đồng.\n\nÔng Lê Văn Đò cho biết nội dung tuyên truyền "
        "sẽ được phát trên loa. Việc tổ chức thực hiện bắt đầu từ tháng 4.\n"
    )
    assert _refusal(text.encode(), "bao.txt").code == "not_a_plan"


@pytest.mark.parametrize("data", [b"", b"   \n\t\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\0" * 50])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert _refusal(data).code == "empty_file"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20, "binary_file"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "image_file"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 40, "image_file"),
        (OLE + b"\0" * 600, "broken_doc"),
        (OLE + b"\0" * 504 + "WordDocument".encode("utf-16-le"), "needs_libreoffice"),
        (OLE + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (OLE + b"\0" * 504 + b"\xec\xa5\xc1\0" + b"\0" * 7 + b"\x13" + "WordDocument".encode("utf-16-le"), "encrypted"),
        (OLE + b"\0" * 504 + "WordDocument_VBA_PROJECT".encode("utf-16-le"), "has_macros"),
        (OLE + b"\0" * 504 + "Workbook".encode("utf-16-le"), "not_word"),
        (rb"{\rtf1\ansi KE HOACH}", "rtf_file"),
        (b"%PDF-1.7\nnothing behind it", "broken_pdf"),
        (b"PK\x03\x04 not really a package", "broken_docx"),
        (bytes(range(128, 256)) * 30, "binary_file"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, code: str) -> None:
    assert _refusal(data).code == code


def test_a_file_too_large_is_refused_before_it_is_read() -> None:
    assert _refusal(b"a" * 2_000, file_bytes=1_000).code == "too_large"


def test_too_many_lines_and_too_much_text_are_refused(sample: Sample) -> None:
    assert _refusal(sample("ward-wrapped.txt"), lines=20).code == "too_many_lines"
    assert _refusal(sample("ward-wrapped.txt"), characters=500).code == "too_much_text"


def _package(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


def test_a_package_that_is_no_word_file_is_refused() -> None:
    assert _refusal(_package({"xl/workbook.xml": b"<workbook/>"})).code == "not_word"


def test_a_bomb_is_refused_before_it_unfolds() -> None:
    bomb = _package({"word/document.xml": b"<w>" + b"A" * 3_000_000})
    assert _refusal(bomb, unzipped_bytes=1_000_000).code == "zip_bomb"


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = bytearray(_package({"word/document.xml": b"A" * 3_000_000}))
    entry = bomb.index(b"PK\x01\x02")
    bomb[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    assert _refusal(bytes(bomb), unzipped_bytes=1_000_000).code in {"zip_bomb", "broken_docx"}


def test_too_many_entries_are_a_bomb() -> None:
    assert _refusal(_package({f"word/{n}.xml": b"" for n in range(60)}), zip_entries=50).code == "zip_bomb"


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_declared_entities_are_refused(codec: str) -> None:
    evil = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><d>&x;</d>'
    assert _refusal(_package({"word/document.xml": evil.encode(codec)})).code == "unsafe_xml"


def test_a_broken_word_file_is_refused(docx: Maker) -> None:
    whole = docx(lambda d: d.add_paragraph("KẾ HOẠCH"))
    assert _refusal(whole[: len(whole) // 2]).code == "broken_docx"
    assert _refusal(_package({"word/document.xml": b"<w:document"})).code == "broken_docx"


def test_a_scanned_pdf_needs_ocr(pdf: Maker) -> None:
    refusal = _refusal(pdf([[(10, 10, "1")]]))
    assert refusal.code == "scanned_pdf"
    assert "OCR" in refusal.message


def test_a_pdf_with_too_many_pages_is_refused(pdf: Maker) -> None:
    assert _refusal(pdf([[(10, 10, "KẾ HOẠCH")]] * 4), pages=3).code == "too_many_pages"


def test_an_encrypted_pdf_is_refused(pdf: Maker) -> None:
    locked = pdf([[(10, 10, "KẾ HOẠCH")]]).replace(
        b"/Root 1 0 R >>",
        b"/Root 1 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] "
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >> >>",
    )
    assert _refusal(locked).code == "encrypted"


def test_an_encrypted_word_file_is_refused() -> None:
    data = bytearray(_package({"word/document.xml": b"<w/>"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert _refusal(bytes(data)).code == "encrypted"


@pytest.mark.parametrize("part", ["word/vbaProject.bin", "customUI/VBAPROJECT.BIN", "Basic/Standard/Module1.xml"])
def test_a_file_with_macros_is_refused(docx: Maker, part: str) -> None:
    out = io.BytesIO(docx(lambda d: d.add_paragraph("KẾ HOẠCH")))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(part, b"macro")
    assert _refusal(out.getvalue(), "x.docm").code == "has_macros"
