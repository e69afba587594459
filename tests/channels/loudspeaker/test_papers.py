"""What is printed and handed to machines: pages an announcer can read, SSML a parser takes, the same bytes twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pypdfium2
import pytest

from channels.contract import Account
from channels.loudspeaker import Approval, Bulletin, Credit, Item, sheet_docx, sheet_pdf, ssml
from channels.loudspeaker.practice import Practice
from channels.loudspeaker.sheet import marked
from tests.channels.loudspeaker.conftest import SLOT

LETTERS = "Ăắằẳẵặ Ââấầẩẫậ Êêếềểễệ Ôôốồổỗộ Ơơớờởỡợ Ưưứừửữự Đđ Ýỳỷỹỵ Ìỉĩị"
SPACE = "{http://www.w3.org/2001/10/synthesis}"


@pytest.fixture
def bulletin(account: Account) -> Bulletin:
    items = [
        Item("d1", SLOT.isoformat(), "Họp tổ dân phố", ("Họp tổ dân phố số bảy.", "Lúc tám giờ, tại nhà văn hóa."), 9),
        Item("d2", SLOT.isoformat(), "Chữ & <dấu>", (LETTERS, "Xin cảm ơn."), 9, urgent=True, unread=("QXZT",)),
    ]
    return Bulletin.of(Practice.of(account), SLOT, items)


def approval(bulletin: Bulletin) -> Approval:
    named = {"d1": Credit("Lê Văn An", "Trần Thị Bình", "Tổ dân phố số 7")}
    return Approval("Trần Thị Bình, Phó Chủ tịch", SLOT - timedelta(hours=14), bulletin.digest, named)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def test_the_printed_sheet_holds_every_sentence_with_its_pauses_and_the_boxes(bulletin: Bulletin) -> None:
    printed = text_of(sheet_pdf(bulletin))
    for part in bulletin.parts:
        for sentence in part.sentences:
            assert " ".join(marked(sentence).split()) in printed
    assert "Lúc tám giờ, / tại nhà văn hóa. //" in printed
    assert "Chữ & <dấu>" in printed
    assert "Chưa đọc được: QXZT" in printed
    assert "Đã phát lúc ____:____" in printed
    assert "Không phát, lý do:" in printed


def test_the_sheet_names_who_wrote_and_who_approved_and_when(bulletin: Bulletin) -> None:
    printed = text_of(sheet_pdf(bulletin, approval(bulletin)))
    assert "Người viết: Lê Văn An; Người duyệt: Trần Thị Bình; Nguồn: Tổ dân phố số 7" in printed
    assert "Người duyệt: Trần Thị Bình, Phó Chủ tịch, 17:30 ngày 22/11/2026." in printed


def test_an_approval_of_other_words_is_not_printed(bulletin: Bulletin) -> None:
    other = replace(approval(bulletin), digest="0" * 64)
    assert "Phó Chủ tịch" not in text_of(sheet_pdf(bulletin, other))


def test_the_same_bulletin_is_the_same_bytes(bulletin: Bulletin) -> None:
    said = approval(bulletin)
    assert sheet_pdf(bulletin, said) == sheet_pdf(bulletin, said)
    assert sheet_docx(bulletin, said) == sheet_docx(bulletin, said)
    assert ssml(bulletin) == ssml(bulletin)


def test_the_pages_are_a4(bulletin: Bulletin) -> None:
    page = pypdfium2.PdfDocument(sheet_pdf(bulletin))[0]
    assert [round(side) for side in page.get_size()] == [595, 842]


def test_ssml_says_every_sentence_and_every_pause(bulletin: Bulletin) -> None:
    root = ET.fromstring(ssml(bulletin))  # noqa: S314 (our own)
    assert (root.tag, root.attrib["version"]) == (f"{SPACE}speak", "1.1")
    assert root.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "vi"
    said = [node.text for node in root.iter(f"{SPACE}s")]
    assert said == [sentence for part in bulletin.parts for sentence in part.sentences]
    pauses = [node.attrib["time"] for node in root.iter(f"{SPACE}break")]
    assert (pauses[0], pauses[-1], pauses.count("500ms")) == ("15000ms", "15000ms", len(said))


def test_the_digest_covers_every_word_and_the_hour_but_not_the_approver(bulletin: Bulletin) -> None:
    other = replace(bulletin.items[0], sentences=("Khác.",))
    assert Bulletin.of(bulletin.practice, SLOT, [other, bulletin.items[1]]).digest != bulletin.digest
    assert replace(bulletin, slot=SLOT + timedelta(days=1)).digest != bulletin.digest
    assert replace(bulletin, practice=replace(bulletin.practice, approver="Ai đó")).digest == bulletin.digest
