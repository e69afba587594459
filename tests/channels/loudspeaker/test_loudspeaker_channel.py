"""The operator's folder: what lies there after each act, twice, in the wrong order, or after a crash."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import docx
import pytest

from channels.contract import Account, Content, Desk, Outcome, Remote, Result
from channels.errors import ChannelError, Rejected, Unavailable, Unsupported
from channels.loudspeaker import Loudspeaker
from channels.loudspeaker.sheet import marked

CHANNEL = Loudspeaker()


def folder(account: Account) -> Path:
    return Path(account.settings["root"]) / "2026-11-23-0730"


def script(account: Account) -> str:
    return (folder(account) / "ban-doc.txt").read_text("utf-8")


def send(content: Content, account: Account, desk: Desk) -> Outcome:
    return CHANNEL.send(CHANNEL.shape(content, account), account, desk)


def named(content: Content, desk: Desk) -> Content:
    return replace(content, title=f"Tin của lượt {desk.delivery_ref}")


def published(desk: Desk, outcome: Outcome) -> Remote:
    return Remote(outcome.remote_id, "", desk.delivery_ref, desk.due_at)


def files_of(account: Account) -> dict[str, bytes]:
    root = folder(account)
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_approver_hears_in_the_preview_what_the_announcer_reads(
    content: Content, account: Account, desk: Desk
) -> None:
    payload = CHANNEL.shape(content, account)
    CHANNEL.send(payload, account, desk)
    preview = CHANNEL.preview(payload, account)
    assert preview.text in script(account)
    assert preview.warnings == ()


def test_shaping_twice_gives_the_same_bytes(content: Content, account: Account) -> None:
    assert CHANNEL.shape(content, account).canonical() == CHANNEL.shape(content, account).canonical()


def test_a_token_nobody_can_read_is_warned_of_and_marked(content: Content, account: Account, desk: Desk) -> None:
    odd = replace(content, lead="Theo QXZT, bà con chú ý.")
    preview = CHANNEL.preview(CHANNEL.shape(odd, account), account)
    assert preview.warnings == ("Loa không đọc được “QXZT”: viết rõ bằng chữ hoặc thêm vào từ điển của đài.",)
    send(odd, account, desk)
    assert "Chưa đọc được: QXZT" in script(account)


def test_the_stations_dictionary_reads_it(content: Content, account: Account) -> None:
    taught = replace(account, settings={**account.settings, "dictionary": "QXZT = quán xá"})
    payload = CHANNEL.shape(replace(content, lead="Theo QXZT."), taught)
    assert payload.body["unread"] == []
    assert "Theo quán xá." in payload.body["sentences"]


def test_markup_in_a_title_cannot_break_out_of_the_preview(content: Content, account: Account) -> None:
    html = CHANNEL.preview(CHANNEL.shape(replace(content, title="<script>alert"), account), account).html
    assert "<script" not in html


def test_sending_hands_over_a_script_a_sheet_and_the_item_with_their_digests(
    content: Content, account: Account, desk: Desk
) -> None:
    outcome = send(content, account, desk)
    assert outcome.result is Result.HANDED_OVER
    root = Path(account.settings["root"])
    for proof in outcome.proofs:
        assert hashlib.sha256((root / proof.value).read_bytes()).hexdigest() == proof.sha256
    assert [proof.value.rpartition("/")[2] for proof in outcome.proofs] == [
        "ban-doc.txt",
        "ban-doc.docx",
        "ban-doc.pdf",
        "d1.json",
    ]


def test_sending_twice_changes_nothing(content: Content, account: Account, desk: Desk) -> None:
    first = send(content, account, desk)
    before = files_of(account)
    assert send(content, account, replace(desk, now=desk.now + timedelta(hours=2))) == first
    assert files_of(account) == before


def test_the_bulletin_holds_every_item_of_the_slot_the_urgent_first(
    content: Content, account: Account, desk: Desk
) -> None:
    send(content, account, desk)
    storm = replace(content, ref="p2", title="Tin bão khẩn cấp", urgent=True)
    send(storm, account, replace(desk, delivery_ref="d2"))
    text = script(account)
    assert text.index("TIN 1 (KHẨN). Tin bão khẩn cấp") < text.index("TIN 2. Họp TDP số 7")
    assert "Buổi phát hôm nay gồm hai tin." in text


def test_the_order_of_sending_does_not_matter(content: Content, account: Account, desk: Desk, tmp_path: Path) -> None:
    other = replace(account, settings={**account.settings, "root": str(tmp_path / "khac")})
    desks = [replace(desk, delivery_ref=ref) for ref in ("d1", "d2", "d3")]
    for one in desks:
        send(named(content, one), account, one)
    for one in reversed(desks):
        send(named(content, one), other, one)
    assert files_of(account) == files_of(other)


def test_two_senders_at_once_lose_no_item(content: Content, account: Account, desk: Desk) -> None:
    desks = [replace(desk, delivery_ref=f"d{number}") for number in range(5)]
    senders = [threading.Thread(target=send, args=(named(content, one), account, one)) for one in desks]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert "Buổi phát hôm nay gồm năm tin." in script(account)


def test_another_time_is_another_slot(content: Content, account: Account, desk: Desk) -> None:
    send(content, account, desk)
    later = send(content, account, replace(desk, delivery_ref="d2", due_at=desk.due_at.replace(hour=16)))
    assert later.remote_id == "2026-11-23-1630/d2"
    assert later.detail["items"] == 1


def test_the_frame_greets_dates_and_names_the_next_session(content: Content, account: Account, desk: Desk) -> None:
    send(content, account, desk)
    text = script(account)
    assert "Đài truyền thanh phường Sông Vàng, xin kính chào quý vị và bà con nhân dân." in text
    assert "Hôm nay là thứ hai, ngày hai mươi ba tháng mười một năm hai nghìn không trăm hai mươi sáu." in text
    assert "buổi phát tiếp theo lúc mười sáu giờ ba mươi phút hôm nay" in text


def test_the_sheet_is_large_one_sentence_a_line_with_boxes_to_sign(
    content: Content, account: Account, desk: Desk
) -> None:
    named = replace(account, settings={**account.settings, "approver": "Phó Chủ tịch phường"})
    payload = CHANNEL.shape(content, named)
    CHANNEL.send(payload, named, desk)
    sheet = docx.Document(BytesIO((folder(account) / "ban-doc.docx").read_bytes()))
    lines = [paragraph.text for paragraph in sheet.paragraphs]
    assert {marked(one) for one in payload.body["sentences"]} <= set(lines)
    assert sheet.styles["Normal"].font.size.pt == 17
    assert any(text.startswith("Người duyệt: Phó Chủ tịch phường ...") for text in lines)
    assert any(text.startswith("☐ Đã phát lúc ____:____") for text in lines)
    assert any(text.startswith("☐ Không phát, lý do:") for text in lines)


def test_what_was_sent_is_found_again_and_nothing_else(content: Content, account: Account, desk: Desk) -> None:
    payload = CHANNEL.shape(content, account)
    assert CHANNEL.reconcile(payload, account, desk, desk.now) is None
    sent = CHANNEL.send(payload, account, desk)
    assert CHANNEL.reconcile(payload, account, desk, desk.now) == sent
    other = CHANNEL.shape(replace(content, lead="Lời khác."), account)
    assert CHANNEL.reconcile(other, account, desk, desk.now) is None


@pytest.mark.parametrize("lost", ["ban-doc.txt", "ban-doc.docx"])
def test_a_bulletin_left_half_written_is_finished_by_the_look(
    lost: str, content: Content, account: Account, desk: Desk
) -> None:
    payload = CHANNEL.shape(content, account)
    sent = CHANNEL.send(payload, account, desk)
    (folder(account) / lost).unlink()
    assert CHANNEL.reconcile(payload, account, desk, desk.now) == sent
    assert (folder(account) / lost).is_file()


def test_a_bulletin_without_the_item_is_not_taken_for_one_with_it(
    content: Content, account: Account, desk: Desk
) -> None:
    payload = CHANNEL.shape(content, account)
    CHANNEL.send(payload, account, desk)
    (folder(account) / "items/d1.json").unlink()
    assert CHANNEL.reconcile(payload, account, desk, desk.now) is None


def test_a_correction_before_the_broadcast_takes_the_place_of_the_item(
    content: Content, account: Account, desk: Desk
) -> None:
    remote = published(desk, send(content, account, desk))
    payload = CHANNEL.shape(replace(content, lead="Mời bà con dự họp lúc 20h00."), account)
    outcome = CHANNEL.update(remote, payload, account, replace(desk, delivery_ref="d9"))
    assert (outcome.result, outcome.remote_id) == (Result.HANDED_OVER, remote.remote_id)
    assert "lúc hai mươi giờ" in script(account)
    assert "mười chín giờ ba mươi" not in script(account)


def test_what_was_aired_is_corrected_by_an_item_of_the_next_session(
    content: Content, account: Account, desk: Desk, after_airing: Desk
) -> None:
    remote = published(desk, send(content, account, desk))
    aired = script(account)
    right = CHANNEL.shape(replace(content, lead="Mời bà con dự họp lúc 20h00."), account)
    order = replace(after_airing, delivery_ref="d9")
    outcome = CHANNEL.update(remote, right, account, order)
    assert outcome.remote_id == "2026-11-23-1630/d9"
    told = (folder(account).parent / "2026-11-23-1630" / "ban-doc.txt").read_text("utf-8")
    assert "TIN 1. Đính chính: Họp TDP số 7" in told
    assert "Xin đính chính tin đã phát lúc bảy giờ ba mươi phút ngày hai mươi ba tháng mười một" in told
    assert "lúc hai mươi giờ" in told
    assert script(account) == aired, "what was read is not changed"
    assert CHANNEL.update(remote, right, account, order) == outcome, "done again, it is one correction"


def test_a_correction_that_was_not_read_yet_is_itself_corrected_in_its_place(
    content: Content, account: Account, desk: Desk, after_airing: Desk
) -> None:
    remote = published(desk, send(content, account, desk))
    first = CHANNEL.update(remote, CHANNEL.shape(content, account), account, replace(after_airing, delivery_ref="d8"))
    right = CHANNEL.shape(replace(content, lead="Mời họp lúc 20h00."), account)
    standing = replace(remote, remote_id=first.remote_id)
    second = CHANNEL.update(standing, right, account, replace(after_airing, delivery_ref="d9"))
    assert second.remote_id == first.remote_id
    assert second.detail["items"] == 1
    CHANNEL.withdraw(standing, account, replace(after_airing, delivery_ref="d10"))
    assert not (folder(account).parent / "2026-11-23-1630" / "ban-doc.txt").exists()


def test_what_was_aired_cannot_be_taken_back(
    content: Content, account: Account, desk: Desk, after_airing: Desk
) -> None:
    remote = published(desk, send(content, account, desk))
    with pytest.raises(Unsupported, match="đã tới giờ"):
        CHANNEL.withdraw(remote, account, after_airing)


def test_a_withdrawn_item_leaves_the_bulletin_and_the_others_stay(
    content: Content, account: Account, desk: Desk
) -> None:
    remote = published(desk, send(content, account, desk))
    send(replace(content, title="Tin ở lại"), account, replace(desk, delivery_ref="d2"))
    assert CHANNEL.withdraw(remote, account, desk).result is Result.DELIVERED
    assert "Họp TDP" not in script(account)
    assert "Tin ở lại" in script(account)


def test_the_last_item_takes_the_script_with_it_and_gone_is_gone(
    content: Content, account: Account, desk: Desk
) -> None:
    remote = published(desk, send(content, account, desk))
    CHANNEL.withdraw(remote, account, desk)
    assert files_of(account) == {}
    assert CHANNEL.withdraw(remote, account, desk).result is Result.DELIVERED


@pytest.mark.parametrize("ref", ["../d1", "a/b", "", "/etc/d1"])
def test_a_delivery_name_cannot_lead_out_of_the_folder(
    ref: str, content: Content, account: Account, desk: Desk
) -> None:
    with pytest.raises(Rejected):
        send(content, account, replace(desk, delivery_ref=ref))


def test_a_broken_item_file_is_named_and_nothing_is_changed(content: Content, account: Account, desk: Desk) -> None:
    send(content, account, desk)
    before = script(account)
    (folder(account) / "items" / "d0.json").write_text('{"delivery": 1}')
    with pytest.raises(Unavailable, match=r"“d0\.json”"):
        send(content, account, replace(desk, delivery_ref="d2"))
    assert script(account) == before
    assert not (folder(account) / "items" / "d2.json").exists()


def test_a_folder_that_is_a_file_is_told_in_plain_words(
    content: Content, account: Account, desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "loa").write_text("")
    with pytest.raises(Unavailable, match="Chưa gửi gì") as caught:
        send(content, account, desk)
    assert str(tmp_path) not in str(caught.value)


def test_an_item_longer_than_the_session_is_refused_before_approval(content: Content, account: Account) -> None:
    long = replace(content, body="Bà con chú ý giữ gìn vệ sinh chung. " * 400)
    with pytest.raises(Unsupported, match="hãy rút ngắn"):
        CHANNEL.shape(long, account)


def test_an_empty_post_is_refused(content: Content, account: Account) -> None:
    with pytest.raises(Unsupported, match="chưa có lời nào"):
        CHANNEL.shape(replace(content, title="", lead="", body="", footer=""), account)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("root", "", "Thiếu"),
        ("station", "", "Thiếu Tên đài"),
        ("sessions", "sáng", "07:30,16:30"),
        ("minutes", "0", "1 đến 120"),
        ("rate", "500", "100 đến 240"),
        ("region", "mars", "north"),
        ("jingle", "5", "10 đến 20 giây"),
        ("wording", "chào", "greeting = lời chào"),
        ("voice", "robot", "espeak, khong, http"),
        ("dictionary", "CLB", "CLB = câu lạc bộ"),
    ],
)
def test_a_wrong_setting_is_told_with_its_right_form(name: str, value: str, told: str, account: Account) -> None:
    wrong = replace(account, settings={**account.settings, name: value})
    assert told in " ".join(CHANNEL.problems(wrong))


def test_an_account_filled_in_rightly_has_no_problems(account: Account) -> None:
    full = {
        "sessions": "07:30, 16:30",
        "minutes": "20",
        "rate": "160",
        "region": "south",
        "dictionary": "NVH = nhà văn hóa",
    }
    assert CHANNEL.problems(replace(account, settings={**account.settings, **full})) == []


def test_an_account_with_wrong_settings_shapes_nothing(content: Content, account: Account) -> None:
    with pytest.raises(ChannelError, match="chưa dùng được"):
        CHANNEL.shape(content, replace(account, settings={**account.settings, "rate": "nhanh"}))


def test_the_item_file_is_plain_json_a_person_can_open(content: Content, account: Account, desk: Desk) -> None:
    send(content, account, desk)
    record = json.loads((folder(account) / "items" / "d1.json").read_text("utf-8"))
    assert record["body"]["title"] == "Họp TDP số 7"
    assert record["due_at"] == "2026-11-23T07:30:00+07:00"
