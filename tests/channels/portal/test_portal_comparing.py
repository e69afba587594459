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


def test_a_table_and_a_list_are_looked_for_by_their_cells_and_lines(account):
    table = replace(WORDS, body="| Thứ | Giờ xe đến nơi |\n|---|---|\n| Thứ hai tuần này | lúc 17h30 chiều |")
    wanted = comparing.paragraphs(CHANNEL.shape(table, account).body)
    assert "Thứ hai tuần này" in wanted
    assert "lúc 17h30 chiều" in wanted
