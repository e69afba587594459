"""Bad files: each is refused in plain words that say what to do, and leaves nothing behind."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from assets.models import Asset
from assets.pictures import BadPicture
from campaigns.models import Campaign, Plan, Post
from publisher.approval.drafting import attach_picture
from publisher.config import config
from publisher.events.models import Event
from tests.ward import picture

pytestmark = [pytest.mark.django_db]
ROWS = (Plan, Campaign, Post, Event, Asset)


def counts() -> list[int]:
    return [table.objects.count() for table in ROWS]


def blank_pdf(trailer: bytes = b"") -> bytes:
    """One page without a word; `trailer` adds entries, such as a lock nobody has the key of."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
        b"<</Filter/Standard/V 1/R 2/P -4/O(%s)/U(%s)>>" % (b"o" * 32, b"u" * 32),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size 5/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, table)
    return bytes(out)


def zipped(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), data)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAMPLE = (Path(__file__).parents[2] / "publisher" / "samples" / "ke-hoach.docx").read_bytes()
PLANS = {
    "an empty file": (b"", "Tệp trống"),
    "a picture": (picture(), "OCR"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "lưu lại thành .docx"),
    "a Word file with macros": (zipped(word__document_xml=b"<w/>", word__vbaProject_bin=b"x"), "macro"),
    "a Word file with a password": (OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
    "a spreadsheet": (OLE + bytes(504) + "Workbook".encode("utf-16-le"), "bảng tính"),
    "a Word file that declares entities": (zipped(word__document_xml=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), "ENTITY"),
    "text for an old font": ("KÕ ho¹ch tuyªn truyÒn n¨m häc míi cña phêng, x·\n".encode() * 9, "TCVN3"),
    "a Word file cut in half": (SAMPLE[: len(SAMPLE) // 2], "hỏng"),
    "a Word file without its text": (zipped(**{"a.txt": b"x"}), ""),
    "a Word file that unfolds": (zipped(word__document_xml=bytes(80_000_000)), ""),
    "a PDF with a password": (blank_pdf(b"/Encrypt 4 0 R/ID[(a)(a)]"), "mật khẩu"),
    "a PDF without a text layer": (blank_pdf(), ""),
    "a PDF that is none": (b"%PDF-1.7\nxin chao", ""),
    "a letter": ("Kính gửi các đồng chí, tôi xin phép nghỉ ngày mai.".encode(), ""),
    "bytes": (bytes(range(256)) * 20, ""),
    "an RTF file": (b"{\\rtf1 ke hoach}", "lưu lại thành .docx"),
}


@pytest.mark.parametrize("what", PLANS)
def test_a_file_that_is_no_plan_is_refused_and_nothing_is_stored(ward, what, tmp_path):
    data, words = PLANS[what]
    file = tmp_path / "ke-hoach.docx"
    file.write_bytes(data)
    before = counts()
    with pytest.raises(CommandError) as refusal:
        call_command("plan", "import", str(file))
    message = str(refusal.value)
    assert words.lower() in message.lower(), message
    assert len(message) > 25
    assert message.rstrip().endswith((".", "…"))
    assert "Error" not in message
    assert counts() == before
    assert not (config.var_dir / "definitions" / ward.organisation.slug).exists()


def test_a_refusal_is_a_document_too(capsys, tmp_path):
    import json

    file = tmp_path / "rong.txt"
    file.write_bytes(b"")
    with pytest.raises(CommandError):
        call_command("plan", "read", str(file), "--json")
    answer = json.loads(capsys.readouterr().out)
    assert (answer["is_plan"], answer["file"]) == (False, "rong.txt")
    assert answer["refusal"]["message"]


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(CommandError, match=r"Không thấy tệp “khong-co\.docx”.*Kiểm tra đường dẫn"):
        call_command("plan", "read", "khong-co.docx")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(CommandError, match="Không đọc được tệp"):
        call_command("plan", "read", str(tmp_path))


def bomb() -> bytes:
    """A PNG of 60,000 × 60,000 points in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (60_000).to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(7501) * 60))
        + chunk(b"IEND", b"")
    )


def tiny() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    return out.getvalue()


PICTURES = {
    "a picture that unfolds": (bomb(), "quá lớn"),
    "half a picture": (picture()[:400], "hỏng"),
    "no picture": (b"%PDF-1.7 and so on", "không phải ảnh"),
    "a drawing with a program in it": (b"<svg onload=alert(1)>", "mã lệnh"),
    "a picture with an archive in it": (picture() + zipped(a=b"x"), "chứa tệp khác"),
    "an empty picture": (b"", "Tệp rỗng"),
    "a picture of four points": (tiny(), "quá nhỏ"),
}


@pytest.mark.parametrize("what", PICTURES)
def test_a_bad_picture_is_refused_and_the_post_stays_as_it_was(ward, what):
    data, words = PICTURES[what]
    post = ward.post("page")
    before = (counts(), post.revision, post.pictures.count())
    with pytest.raises(BadPicture, match=words):
        attach_picture(post, data, "Ảnh", by=ward.officer)
    post.refresh_from_db()
    assert (counts(), post.revision, post.pictures.count()) == before


DEFINITIONS = {
    "not YAML": ("campaigns: [", "không đúng cú pháp YAML"),
    "another shape": ("- a", "phải bắt đầu bằng"),
    "an unknown channel": ("campaigns:\n  - {code: a, title: A, channels: [fax]}", "chọn một trong"),
    "no title": ("campaigns:\n  - {code: a}", "Dòng 2"),
    "an unknown theme": ('campaigns:\n  - {code: a, title: A, themes: ["9"]}', "kế hoạch không có nội dung"),
}


@pytest.mark.parametrize("what", DEFINITIONS)
def test_a_wrong_definition_is_refused_with_its_place_and_nothing_is_loaded(ward, what, tmp_path):
    text, words = DEFINITIONS[what]
    file = tmp_path / "chien-dich.yaml"
    file.write_text(text)
    before = counts()
    with pytest.raises(CommandError, match="chưa nạp gì") as refusal:
        call_command("campaign", "load", str(file))
    assert words in str(refusal.value)
    assert counts() == before


def test_a_definition_in_another_encoding_is_named(ward, tmp_path):
    file = tmp_path / "chien-dich.yaml"
    file.write_bytes("campaigns:\n  - title: Vệ sinh".encode("utf-16"))
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("campaign", "load", str(file))


def test_an_export_of_nothing_says_what_comes_first(ward):
    Campaign.objects.all().delete()
    with pytest.raises(CommandError, match="Nhập kế hoạch trước"):
        call_command("campaign", "export")
