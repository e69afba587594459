"""The package an editor of the province's portal gets: what lies in it, and that the same article is the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import docx
import pytest

from channels.contract import Account, Content, Desk, Picture, Publisher, Remote, Result
from channels.errors import Rejected, Unsupported
from channels.portal import Portal

CHANNEL = Portal()
DUE = datetime(2026, 11, 30, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
PHOTO = b"bytes of a photograph"
SHA256 = hashlib.sha256(PHOTO).hexdigest()
WARD = Publisher("Ủy ban nhân dân phường Sông Vàng", "UBND phường Sông Vàng", "phuong-song-vang")


@pytest.fixture
def account(tmp_path: Path) -> Account:
    settings = {
        "root": str(tmp_path / "cong"),
        "portal": "Trang phường Sông Vàng, Cổng tỉnh Lạc An",
        "portal_url": "https://songvang.lacan.example/",
        "category": "Tin tức",
    }
    return Account("a2", "portal", "Cổng tỉnh", settings)


@pytest.fixture
def content() -> Content:
    return Content(
        ref="p1",
        title="Ba thùng, ba màu",
        lead="Phường nhờ mỗi nhà chia rác thành ba nhóm.",
        body="## Ba nhóm\n\n- thức ăn thừa;\n- giấy, chai nhựa.\n\nXem [lịch thu gom](https://songvang.example/lich).",
        footer="Đường dây nóng: 0200 555 0118.",
        publisher=WARD,
        campaign="Sạch từ bếp",
        pictures=(Picture(SHA256, "image/jpeg", 1200, 675, len(PHOTO), "Ba thùng rác", source="Văn phòng phường"),),
    )


@pytest.fixture
def desk() -> Desk:
    return Desk("d1", DUE, DUE - timedelta(hours=20), media={SHA256: PHOTO}.__getitem__)


def folder(account: Account, desk: Desk) -> Path:
    return Path(account.settings["root"]) / "2026" / desk.delivery_ref


def test_the_package_holds_the_words_for_each_box_the_body_and_the_pictures(account, content, desk):
    outcome = CHANNEL.send(CHANNEL.shape(content, account), account, desk)
    assert outcome.result is Result.HANDED_OVER
    place = folder(account, desk) / "dang"
    boxes = json.loads((place / "thong-tin.json").read_text())
    assert boxes["tieu_de"] == "Ba thùng, ba màu"
    assert boxes["chuyen_muc"] == "Tin tức"
    assert boxes["anh"] == [
        {
            "tep": "anh/01-ba-thung-rac.jpg",
            "mo_ta": "Ba thùng rác",
            "nguon": "Văn phòng phường",
            "rong": 1200,
            "cao": 675,
        }
    ]
    body = (place / "bai-viet.html").read_text()
    assert '<img src="anh/01-ba-thung-rac.jpg" alt="Ba thùng rác"' in body
    assert "<h2>Ba nhóm</h2>" in body
    sheet = "\n".join(p.text for p in docx.Document(str(place / "phieu-dang-bai.docx")).paragraphs)
    assert "PHIẾU ĐĂNG BÀI" in sheet
    assert "Đăng lúc 09:00 ngày 30/11/2026" in sheet
    with zipfile.ZipFile(io.BytesIO((place / "goi-dang-bai.zip").read_bytes())) as package:
        assert package.testzip() is None
        assert package.read("anh/01-ba-thung-rac.jpg") == PHOTO
    assert all(proof.sha256 for proof in outcome.proofs)


def test_sending_again_later_leaves_every_byte_as_it_was(account, content, desk):
    payload = CHANNEL.shape(content, account)
    first = CHANNEL.send(payload, account, desk)
    again = CHANNEL.send(payload, account, replace(desk, now=desk.now + timedelta(hours=3)))
    assert again.proofs == first.proofs


def test_what_was_handed_over_is_found_again_and_a_torn_package_is_made_whole(account, content, desk):
    payload = CHANNEL.shape(content, account)
    assert CHANNEL.reconcile(payload, account, desk, desk.now) is None
    sent = CHANNEL.send(payload, account, desk)
    (folder(account, desk) / "dang" / "goi-dang-bai.zip").unlink()
    assert CHANNEL.reconcile(payload, account, desk, desk.now).proofs == sent.proofs


def test_a_correction_is_a_package_of_its_own_that_names_the_link(account, content, desk):
    CHANNEL.send(CHANNEL.shape(content, account), account, desk)
    stands = Remote("2026/d1", "https://songvang.lacan.example/bai-1.html", "d1", DUE)
    better = CHANNEL.shape(replace(content, title="Ba thùng, ba màu, ba giờ"), account)
    CHANNEL.update(stands, better, account, replace(desk, delivery_ref="d2"))
    sheet = docx.Document(str(folder(account, desk) / "sua-d2" / "phieu-dang-bai.docx"))
    words = "\n".join(p.text for p in sheet.paragraphs)
    assert "PHIẾU SỬA BÀI ĐÃ ĐĂNG" in words
    assert stands.permalink in words
    assert (folder(account, desk) / "dang" / "goi-dang-bai.zip").is_file()


def test_a_withdrawal_is_a_sheet_and_one_that_never_went_out_counts_as_done(account, content, desk):
    stands = Remote("2026/d1", "https://songvang.lacan.example/bai-1.html", "d1", DUE)
    assert CHANNEL.withdraw(stands, account, replace(desk, delivery_ref="d3")).result is Result.DELIVERED
    CHANNEL.send(CHANNEL.shape(content, account), account, desk)
    outcome = CHANNEL.withdraw(stands, account, replace(desk, delivery_ref="d3"))
    assert outcome.result is Result.HANDED_OVER
    assert outcome.proofs[0].sha256


def test_an_empty_article_and_a_ref_that_leads_elsewhere_are_refused(account, content, desk):
    with pytest.raises(Unsupported, match="cần cả tiêu đề"):
        CHANNEL.shape(replace(content, title=" "), account)
    with pytest.raises(Rejected):
        CHANNEL.send(CHANNEL.shape(content, account), account, replace(desk, delivery_ref="../d1"))


def test_the_preview_is_the_page_of_the_package(account, content):
    preview = CHANNEL.preview(CHANNEL.shape(content, account), account)
    assert "<h1>Ba thùng, ba màu</h1>" in preview.html
    assert "Văn phòng phường" in preview.html


def test_the_address_of_the_portal_must_be_one_that_may_be_called(account):
    spoiled = replace(account, settings={**account.settings, "portal_url": "ftp://cong.example/"})
    assert any("https://" in one for one in CHANNEL.problems(spoiled))
