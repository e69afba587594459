"""The link pasted back: read over real HTTP and held against what was approved, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from channels import remote
from channels.contract import Account, Content, Desk, Payload, Publisher
from channels.errors import Rejected, Unavailable
from channels.portal import Portal, comparing
from channels.portal.package import fragment
from tests.channels.portal.provincial import Portal as Provincial

CHANNEL = Portal()
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
DESK = Desk("d1", NOW, NOW, media={}.__getitem__, timeout=(2.0, 2.0))
WORDS = Content(
    ref="p1",
    title="Ba thùng, ba màu",
    lead="Phường nhờ mỗi nhà chia rác “ba nhóm” – từ trong bếp.",
    body="## Ba nhóm rác\n\n- thức ăn thừa của bữa trước;\n- giấy, chai nhựa, lon.\n\nXe đến lúc 17h30 mỗi ngày.",
    footer="",
    publisher=Publisher("UBND phường Sông Vàng", "Phường Sông Vàng", "phuong-song-vang"),
)


@pytest.fixture
def portal() -> Iterator[Provincial]:
    remote.allow(["127.0.0.1"])
    with Provincial().open() as opened:
        yield opened


@pytest.fixture
def account(portal: Provincial, tmp_path: Path) -> Account:
    return Account("a", "portal", "Cổng", {"root": str(tmp_path), "portal": "Cổng", "portal_url": portal.address})


@pytest.fixture
def payload(account: Account) -> Payload:
    return CHANNEL.shape(WORDS, account)


def article(payload: Payload) -> str:
    return f"<h1>{payload.body['title']}</h1><p>{payload.body['lead']}</p>{fragment(payload.body)}"


def test_what_stands_as_approved_inside_the_portal_s_own_frame_is_the_same(portal, account, payload):
    found = CHANNEL.compare(portal.post(article(payload)), payload, account, DESK)
    assert found.same
    assert found.looked_for == 6
    assert "Trang chủ".encode() in found.page


def test_other_quotation_marks_dashes_and_spaces_are_no_difference(portal, account, payload):
    typed = article(payload).replace("“ba nhóm” –", '"ba  nhóm"&nbsp;-')
    assert CHANNEL.compare(portal.post(typed), payload, account, DESK).same


@pytest.mark.parametrize(
    ("approved", "typed", "shown"),
    [("17h30", "17h00", "Xe đến lúc 17h00 mỗi ngày."), ("Xe đến lúc 17h30 mỗi ngày.", "", "")],
)
def test_an_altered_or_missing_paragraph_is_named_with_what_stands_instead(
    portal, account, payload, approved, typed, shown
):
    found = CHANNEL.compare(portal.post(article(payload).replace(approved, typed)), payload, account, DESK)
    assert [one.approved for one in found.missing] == ["Xe đến lúc 17h30 mỗi ngày."]
    assert shown in found.missing[0].standing


def test_words_in_a_script_or_a_comment_do_not_count_as_standing_there(portal, account, payload):
    hidden = f"<script>/* {payload.body['title']} */</script><!-- {payload.body['lead']} --><p>Đang cập nhật</p>"
    found = CHANNEL.compare(portal.post(hidden), payload, account, DESK)
    assert len(found.missing) == found.looked_for


def test_a_link_to_another_host_is_refused_before_anybody_is_called(account, payload):
    with pytest.raises(Rejected, match="phải là bài trên"):
        CHANNEL.compare("https://khac.example/bai.html", payload, account, DESK)


def test_an_article_that_is_not_there_is_told_not_taken_for_a_difference(portal, account, payload):
    with pytest.raises(Unavailable, match="404"):
        CHANNEL.compare(portal.address + "khong-co.html", payload, account, DESK)


def test_a_withdrawal_is_proved_by_absence_and_not_by_a_page_that_still_tells_it(portal, account, payload):
    link = portal.post(article(payload))
    assert not CHANNEL.compare(link, payload, account, DESK, gone=True).same
    portal.edit(link, "<p>Bài đã gỡ.</p>")
    assert CHANNEL.compare(link, payload, account, DESK, gone=True).same
    portal.edit(link, None)
    assert CHANNEL.compare(link, payload, account, DESK, gone=True).same


def test_a_page_that_is_no_html_says_nothing(payload):
    assert comparing.words_of(b"") == ""
    assert not comparing.compare(payload.body, b"\x00\xff", "https://x.example/").same


def test_a_page_in_another_encoding_is_read_in_it(payload):
    body = {**payload.body, "text": "", "footer": "", "lead": ""}
    page = b'<html><head><meta charset="utf-16"></head></html>'
    assert not comparing.compare(body, page, "https://x.example/").same
    latin = f'<html><meta charset="windows-1258"><p>{"Ba thung"}</p></html>'.encode("windows-1258")
    assert comparing.compare({**body, "title": "Ba thung"}, latin, "https://x.example/").same


def test_a_row_of_a_table_is_one_line_so_that_a_changed_date_in_a_small_cell_is_seen(account):
    table = replace(WORDS, body="| Tổ | Ngày |\n|---|---|\n| Tổ 1 | 22/3 |\n\nNgày 30/3\n\nHết.")
    body = CHANNEL.shape(table, account).body
    page = f"<h1>{body['title']}</h1><p>{body['lead']}</p>{body['html']}"
    assert comparing.compare(body, page.encode(), "https://x.example/").same
    changed = comparing.compare(body, page.replace("22/3", "23/3").encode(), "https://x.example/")
    assert [one.standing for one in changed.missing] == ["Tổ 1 23/3"]
    assert not comparing.compare(body, page.replace("30/3", "31/3").encode(), "https://x.example/").same


@pytest.mark.parametrize("name", ["utf-8-sig", "punycode", "cp65001", "unicode-escape", "iso-8859-17", "utf-16"])
def test_a_charset_nobody_knows_is_read_as_utf_8(payload, name):
    page = f'<html><meta charset="{name}"><h1>{payload.body["title"]}</h1></html>'.encode()
    assert payload.body["title"] in comparing.words_of(page)


def test_the_charset_the_server_names_counts_before_the_page_s_own():
    page = b'<html><meta charset="utf-8"><p>' + "Nước".encode("utf-16-le") + b"</p>"
    assert "Nước" not in comparing.words_of(page)
    assert "Nước" in comparing.words_of("<p>Nước</p>".encode("utf-16"), "text/html; charset=UTF-16")


def test_what_an_editor_s_box_slips_between_letters_is_no_difference(payload):
    page = article(payload).replace("thức ăn", "thức\u200b ă\u00adn\ufeff").encode()
    assert comparing.compare(payload.body, page, "https://x.example/").same


def test_the_hotline_in_the_portal_s_own_frame_does_not_keep_a_withdrawal_open(account):
    signed = replace(WORDS, footer="Đường dây nóng: 0236 3 999 999")
    body = CHANNEL.shape(signed, account).body
    frame = "<p>Không tìm thấy bài. 17h30</p><p>Đường dây nóng: 0236 3 999 999</p>".encode()
    assert comparing.gone(body, frame, "https://x.example/").same
