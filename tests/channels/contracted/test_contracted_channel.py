"""Orders to a contractor: what lies in the folder after each act, and what the partner reads."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import docx
import pytest

from channels.contract import Account, Content, Desk, Outcome, Picture, Publisher, Remote, Result
from channels.contracted import Contracted
from channels.errors import Rejected, Unavailable, Unsupported

CHANNEL = Contracted()
DEADLINE = datetime(2026, 11, 30, 17, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
PHOTO = b"bytes of a photograph"
SHA256 = hashlib.sha256(PHOTO).hexdigest()
WARD = Publisher(
    "Ủy ban nhân dân phường Sông Vàng", "UBND phường Sông Vàng", "phuong-song-vang", hotline="0200 555 0118"
)


@pytest.fixture
def account(tmp_path: Path) -> Account:
    settings = {
        "root": str(tmp_path / "don"),
        "partner": "Báo Lạc An Ngày Nay",
        "what": "bài báo",
        "contract": "05/2026",
    }
    return Account("a2", "contracted", "Báo", settings)


@pytest.fixture
def content() -> Content:
    return Content(
        ref="p1",
        title="Ba thùng, ba màu",
        lead="Phường nhờ mỗi nhà chia rác thành ba nhóm.",
        body="## Ba nhóm\n\n- thức ăn thừa;\n- giấy, chai nhựa.",
        footer="Đường dây nóng: 0200 555 0118.",
        publisher=WARD,
        pictures=(Picture(SHA256, "image/jpeg", 1200, 675, len(PHOTO), "Ba thùng rác dưới hàng cây"),),
    )


@pytest.fixture
def desk() -> Desk:
    return Desk("d1", DEADLINE, DEADLINE - timedelta(days=7), media={SHA256: PHOTO}.__getitem__)


def send(content: Content, account: Account, desk: Desk) -> Outcome:
    return CHANNEL.send(CHANNEL.shape(content, account), account, desk)


def published(outcome: Outcome) -> Remote:
    return Remote(outcome.remote_id, "", "d1", DEADLINE)


def files_of(account: Account) -> dict[str, bytes]:
    root = Path(account.settings["root"]) / "2026" / "d1"
    return {path.name: path.read_bytes() for path in root.iterdir()}


def order(account: Account, name: str = "phieu-dat-hang.txt") -> str:
    return files_of(account)[name].decode()


def test_the_order_says_who_what_which_words_until_when_and_on_which_terms(
    content: Content, account: Account, desk: Desk
) -> None:
    send(content, account, desk)
    text = order(account)
    for words in (
        "Ủy ban nhân dân phường Sông Vàng",
        "Báo Lạc An Ngày Nay\nTheo hợp đồng số: 05/2026",
        "Loại: bài báo",
        "trước 17:00 ngày 30/11/2026",
        "- thức ăn thừa;\n- giấy, chai nhựa.",
        "Điều kiện nghiệm thu\n- Nội dung đúng nguyên văn",
        "anh-1.jpg: Ba thùng rác dưới hàng cây",
    ):
        assert words in text


def test_paper_and_plain_text_say_the_same(content: Content, account: Account, desk: Desk) -> None:
    send(content, account, desk)
    paper = docx.Document(BytesIO(files_of(account)["phieu-dat-hang.docx"]))
    lines = [paragraph.text for paragraph in paper.paragraphs]
    assert set(filter(None, order(account).splitlines())) <= set(lines)


def test_what_is_previewed_is_what_is_ordered(content: Content, account: Account, desk: Desk) -> None:
    payload = CHANNEL.shape(content, account)
    CHANNEL.send(payload, account, desk)
    assert set(payload.body["text"]) <= set(order(account).splitlines())
    assert "\n".join(payload.body["text"]) in CHANNEL.preview(payload, account).text
    assert "<script" not in CHANNEL.preview(CHANNEL.shape(replace(content, title="<script>"), account), account).html


def test_the_pictures_go_with_the_order(content: Content, account: Account, desk: Desk) -> None:
    send(content, account, desk)
    assert files_of(account)["anh-1.jpg"] == PHOTO


def test_a_picture_that_is_gone_stops_the_order_before_anything_is_written(
    content: Content, account: Account, desk: Desk
) -> None:
    with pytest.raises(Unsupported, match="không còn trong thư viện"):
        send(content, account, replace(desk, media={}.__getitem__))
    assert list(Path(account.settings["root"]).glob("**/*.txt")) == []


def test_handing_over_proves_itself_by_digests(content: Content, account: Account, desk: Desk) -> None:
    outcome = send(content, account, desk)
    assert outcome.result is Result.HANDED_OVER
    root = Path(account.settings["root"])
    assert [hashlib.sha256((root / one.value).read_bytes()).hexdigest() for one in outcome.proofs] == [
        one.sha256 for one in outcome.proofs
    ]


def test_sending_twice_orders_once(content: Content, account: Account, desk: Desk) -> None:
    first = send(content, account, desk)
    before = files_of(account)
    assert send(content, account, replace(desk, now=desk.now + timedelta(days=1))) == first
    assert files_of(account) == before


def test_an_order_is_found_again_by_its_words(content: Content, account: Account, desk: Desk) -> None:
    payload = CHANNEL.shape(content, account)
    assert CHANNEL.reconcile(payload, account, desk, desk.now) is None
    sent = CHANNEL.send(payload, account, desk)
    assert CHANNEL.reconcile(payload, account, desk, desk.now) == sent
    assert CHANNEL.reconcile(CHANNEL.shape(replace(content, lead="Khác."), account), account, desk, desk.now) is None


def test_an_order_whose_paper_is_lost_is_written_again(content: Content, account: Account, desk: Desk) -> None:
    payload = CHANNEL.shape(content, account)
    sent = CHANNEL.send(payload, account, desk)
    (Path(account.settings["root"]) / "2026" / "d1" / "phieu-dat-hang.docx").unlink()
    assert CHANNEL.reconcile(payload, account, desk, desk.now) == sent


def test_a_correction_is_a_revision_beside_the_first_order(content: Content, account: Account, desk: Desk) -> None:
    sent = send(content, account, desk)
    payload = CHANNEL.shape(replace(content, lead="Lời đã sửa."), account)
    outcome = CHANNEL.update(published(sent), payload, account, replace(desk, delivery_ref="d9"))
    assert outcome.detail == {"paper": "phieu-dat-hang-lan-2"}
    revised = order(account, "phieu-dat-hang-lan-2.txt")
    assert "SỬA LẦN 1" in revised
    assert "thay toàn bộ phiếu trước" in revised
    assert "Lời đã sửa." in revised
    assert "Phường nhờ mỗi nhà" in order(account)


def test_a_withdrawal_is_a_notice_once_and_the_order_stays_on_record(
    content: Content, account: Account, desk: Desk
) -> None:
    payload = CHANNEL.shape(content, account)
    remote = published(CHANNEL.send(payload, account, desk))
    first = CHANNEL.withdraw(remote, account, desk)
    assert first.result is Result.HANDED_OVER
    assert "Đề nghị dừng thực hiện “Ba thùng, ba màu”" in order(account, "phieu-huy.txt")
    assert CHANNEL.withdraw(remote, account, replace(desk, now=desk.now + timedelta(days=2))) == first
    assert CHANNEL.reconcile(payload, account, desk, desk.now) is None
    assert "phieu-dat-hang.txt" in files_of(account)


def test_an_order_issued_again_is_no_longer_cancelled(content: Content, account: Account, desk: Desk) -> None:
    payload = CHANNEL.shape(content, account)
    remote = published(CHANNEL.send(payload, account, desk))
    CHANNEL.withdraw(remote, account, desk)
    CHANNEL.update(remote, payload, account, desk)
    assert "phieu-huy.txt" not in files_of(account)
    assert json.loads(files_of(account)["order.json"])["revision"] == 2


def test_withdrawing_what_was_never_ordered_counts_as_done(account: Account, desk: Desk) -> None:
    assert CHANNEL.withdraw(Remote("2026/d1", "", "d1", DEADLINE), account, desk).result is Result.DELIVERED


@pytest.mark.parametrize("ref", ["..", "../d1", "a/b", ""])
def test_a_delivery_name_cannot_lead_out_of_the_folder(
    ref: str, content: Content, account: Account, desk: Desk
) -> None:
    with pytest.raises(Rejected):
        send(content, account, replace(desk, delivery_ref=ref))


def test_a_broken_record_is_named(content: Content, account: Account, desk: Desk) -> None:
    payload = CHANNEL.shape(content, account)
    CHANNEL.send(payload, account, desk)
    record = Path(account.settings["root"]) / "2026" / "d1" / "order.json"
    record.write_text(json.dumps({"digest": payload.digest}))
    with pytest.raises(Unavailable, match=r"order\.json"):
        CHANNEL.send(payload, account, desk)


def test_a_post_without_words_is_refused(content: Content, account: Account) -> None:
    with pytest.raises(Unsupported, match="cả tiêu đề và nội dung"):
        CHANNEL.shape(replace(content, lead="", body="", footer=""), account)


def test_own_terms_of_acceptance_win(content: Content, account: Account) -> None:
    own = replace(account, settings={**account.settings, "acceptance": "In hai màu\n\nGiao tại phường"})
    assert CHANNEL.shape(content, own).body["acceptance"] == ["In hai màu", "Giao tại phường"]


def test_an_account_without_a_partner_is_told(account: Account) -> None:
    bare = replace(account, settings={"root": account.settings["root"]})
    assert CHANNEL.problems(bare) == ["Thiếu Đơn vị thực hiện."]
