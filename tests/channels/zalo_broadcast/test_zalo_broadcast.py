"""An article to every follower: once, by day, after the article stands, and never taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from channels.contract import Account, Content, Desk, Payload, Remote, Result, Sign
from channels.errors import ChannelError, OutcomeUnknown, Rejected, Throttled, Unauthorized, Unavailable, Unsupported
from channels.registry import CHANNELS
from channels.zalo_broadcast import ZaloBroadcast, rules
from tests.channels.zalo.scripted import Vendor, good, refusal
from tests.channels.zalo_broadcast.conftest import ARTICLE, MORNING, ZONE

Make = Callable[..., Content]
Desks = Callable[..., Desk]
channel = ZaloBroadcast()
SEND, OA, DETAIL = "/v2.0/oa/message", "/v2.0/oa/getoa", "/v2.0/article/getdetail"
NIGHT = "This message cannot be sent at night (10:00PM - 6:00AM)"
CHOSEN = {"target_ages": "2, 3,4", "target_gender": "", "target_cities": "4"}


@pytest.fixture
def payload(account: Account, content: Make) -> Payload:
    return channel.shape(content(), account)


def choosing(account: Account, **settings: str) -> Account:
    return replace(account, settings={**account.settings, **settings})


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return MORNING.replace(hour=hour, minute=minute, second=second)


def test_it_is_a_channel_of_its_own_that_borrows_the_oas_account_and_follows_its_article() -> None:
    assert CHANNELS["zalo_broadcast"].through == CHANNELS["zalo_broadcast"].follows == "zalo"
    assert channel.label == "Zalo OA: gửi tới người quan tâm"
    assert (channel.reads_back, channel.can_correct, channel.can_withdraw) == (False, False, False)


def test_it_goes_out_as_zalo_documents_it(vendor: Vendor, account: Account, payload: Payload, desk: Desks) -> None:
    outcome = channel.send(payload, account, desk())
    assert (outcome.result, outcome.remote_id) == (Result.DELIVERED, "m1")
    assert [(proof.kind, proof.value) for proof in outcome.proofs] == [("remote_id", "m1")]
    (asked,) = vendor.asked_for(SEND)
    assert (asked.method, asked.headers["access_token"]) == ("POST", "token-1")
    element = {"media_type": "article", "attachment_id": ARTICLE.remote_id}
    assert asked.document == {
        "recipient": {"target": {}},
        "message": {
            "attachment": {"type": "template", "payload": {"template_type": "media", "elements": [element]}},
        },
    }


def test_who_gets_it_is_chosen_in_the_settings_and_part_of_what_is_approved(
    vendor: Vendor, account: Account, content: Make, desk: Desks
) -> None:
    some = choosing(account, **CHOSEN)
    payload = channel.shape(content(), some)
    assert payload.body["target"] == {"ages": "2,3,4", "cities": "4"}
    assert payload.digest != channel.shape(content(), account).digest
    channel.send(payload, account, desk())  # the settings were changed since: what was approved goes out
    assert vendor.asked_for(SEND)[0].document["recipient"] == {"target": {"ages": "2,3,4", "cities": "4"}}
    assert "nhóm tuổi mã 2,3,4; tỉnh, thành phố mã 4" in channel.preview(payload, some).text


def test_a_target_that_is_no_list_of_numbers_and_an_oa_that_is_missing_keep_it_from_working(account: Account) -> None:
    assert channel.problems(account) == channel.problems(choosing(account, **CHOSEN)) == []
    (wrong,) = channel.problems(choosing(account, target_cities="Hà Nội"))
    assert "Tỉnh, thành phố phải là các mã số" in wrong
    assert "Thiếu Mã OA." in channel.problems(Account("x", "zalo_broadcast", "Gửi"))


def test_the_preview_says_plainly_what_cannot_be_undone(account: Account, payload: Payload) -> None:
    preview = channel.preview(payload, account)
    for words in (
        "tới mọi người quan tâm của Zalo OA 200000000000002",
        "không thu hồi và không sửa được",
        "tính vào hạn mức",
        "06:00–21:59",
        "Chi phí xem ở phần kinh phí",
        "“Cảnh báo mưa lớn chiều nay”",
    ):
        assert words in preview.text
    assert preview.warnings == ("Tin đã gửi tới người quan tâm Zalo OA không thu hồi và không sửa được.",)


def test_the_title_is_the_one_the_article_bears(account: Account, content: Make) -> None:
    shown = channel.shape(content(title="<b>chữ</b> " * 40), account)
    assert (
        shown.body["title"]
        == CHANNELS["zalo"].shape(content(title="<b>chữ</b> " * 40), account).body["article"]["title"]
    )
    assert "<b>" not in channel.preview(shown, account).html
    with pytest.raises(Unsupported, match="tiêu đề"):
        channel.shape(content(title=" "), account)


@pytest.mark.parametrize("after", [None, Remote("", "", "delivery-of-article", MORNING)])
def test_it_waits_until_the_article_stands(
    vendor: Vendor, account: Account, payload: Payload, desk: Desks, after: Remote | None
) -> None:
    with pytest.raises(Unavailable, match="chờ bài Zalo"):
        channel.send(payload, account, desk(after=after))
    assert vendor.asked == []


@pytest.mark.parametrize("answer", [good(id="a1", status="hide"), refusal(-201, "id is invalid!")])
def test_an_article_that_was_hidden_or_taken_down_meanwhile_is_not_sent_to_anybody(
    vendor: Vendor, account: Account, payload: Payload, desk: Desks, answer: Any
) -> None:
    vendor.answers[DETAIL] = [answer]
    with pytest.raises(Rejected, match="đã gỡ hoặc đang ẩn"):
        channel.send(payload, account, desk())
    assert vendor.asked_for(SEND) == []


def test_an_article_that_does_not_tell_whether_it_is_seen_goes(
    vendor: Vendor, account: Account, payload: Payload, desk: Desks
) -> None:
    for answer in (good(id="a1"), refusal(-210, "Parameter exceeds allowable limit")):
        vendor.answers[DETAIL] = [answer]
        assert channel.send(payload, account, desk()).result is Result.DELIVERED


@pytest.mark.parametrize(
    ("moment", "morning"),
    [(at(5, 59, 59), at(6, 5)), (at(22), at(6, 5) + timedelta(days=1)), (at(0, 30), at(6, 5))],
)
def test_at_night_it_is_put_off_to_the_morning_without_asking(
    vendor: Vendor, account: Account, payload: Payload, desk: Desks, moment: datetime, morning: datetime
) -> None:
    waits = []
    for ref in ("delivery-1", "delivery-1", "delivery-2"):
        with pytest.raises(Throttled, match="06:05") as caught:
            channel.send(payload, account, desk(ref=ref, now=moment))
        waits.append(caught.value.wait)
    assert vendor.asked == []
    assert all(0 <= wait - (morning - moment).total_seconds() < rules.JITTER_SECONDS for wait in waits)
    assert waits[0] == waits[1] != waits[2]


@pytest.mark.parametrize("moment", [at(6), at(21, 59, 59)])
def test_by_day_it_goes(account: Account, payload: Payload, desk: Desks, moment: datetime) -> None:
    assert channel.send(payload, account, desk(now=moment)).result is Result.DELIVERED


def test_a_night_that_begins_earlier_at_zalo_is_believed(
    vendor: Vendor, account: Account, payload: Payload, desk: Desks
) -> None:
    """The zone of the window is not certain: what Zalo answers counts."""
    vendor.answers[SEND] = [refusal(-234, NIGHT)]
    with pytest.raises(Throttled) as caught:
        channel.send(payload, account, desk(now=at(21, 30)))
    again = at(21, 30) + timedelta(seconds=caught.value.wait)
    assert at(6, 5) <= again.astimezone(ZONE) - timedelta(days=1) < at(6, 15)


@pytest.mark.parametrize(
    ("code", "message", "meaning", "words"),
    [
        (-211, "Out of quota", Throttled, "hết hạn mức"),
        (-218, "Out of quota receive", Throttled, "hết hạn mức"),
        (-221, "OA needs verification", Rejected, "chưa được xác thực"),
        (-224, "upgrade OA tier package", Rejected, "Nâng gói"),
        (-204, "Offical Account is disable", Unauthorized, "bị khóa"),
        (-200, "Send message failed", Unavailable, "chưa gửi được tin"),
        (-32, "Your application reached limit call api", Throttled, "gọi quá nhiều"),
    ],
)
def test_a_refusal_is_told_for_what_it_is(
    vendor: Vendor,
    account: Account,
    payload: Payload,
    desk: Desks,
    vault: Any,
    code: int,
    message: str,
    meaning: type[ChannelError],
    words: str,
) -> None:
    vendor.answers[SEND] = [refusal(code, message)]
    with pytest.raises(meaning, match=words) as caught:
        channel.send(payload, account, desk())
    assert caught.value.code == str(code)
    assert vault.rests == ([60.0] if code == -32 else [])  # only a limit of all calls is the whole OA's


@pytest.mark.parametrize(
    "answer", [(502, {}, b"<html>502</html>"), (200, {}, b'{"data":{"mess'), (200, {}, b""), good()]
)
def test_a_lost_answer_is_a_doubt_that_only_a_person_can_settle(
    vendor: Vendor, account: Account, payload: Payload, desk: Desks, answer: Any
) -> None:
    vendor.answers[SEND] = [answer]
    with pytest.raises(OutcomeUnknown, match="không cho đọc lại"):
        channel.send(payload, account, desk())
    assert len(vendor.asked_for(SEND)) == 1
    with pytest.raises(OutcomeUnknown, match="chỉ gửi lại khi chắc chắn"):
        channel.reconcile(payload, account, desk(), MORNING)


def test_it_is_neither_corrected_nor_recalled(vendor: Vendor, account: Account, payload: Payload, desk: Desks) -> None:
    sent = Remote("m1", "", "delivery-1", MORNING)
    with pytest.raises(Unsupported, match="không thu hồi"):
        channel.update(sent, payload, account, desk())
    with pytest.raises(Unsupported, match="không thu hồi"):
        channel.withdraw(sent, account, desk())
    assert vendor.asked == []


def test_it_does_not_go_to_the_followers_of_another_oa(
    vendor: Vendor, account: Account, payload: Payload, desk: Desks
) -> None:
    with pytest.raises(Unsupported, match="Bài được duyệt cho OA"):
        channel.send(payload, choosing(account, oa_id="7"), desk())
    assert vendor.asked == []


def test_a_dead_token_is_renewed_for_the_oa_it_was_borrowed_from(
    vendor: Vendor, account: Account, payload: Payload, desk: Desks, vault: Any
) -> None:
    vendor.answers[SEND] = [refusal(-216, "Access token is invalid"), good(message_id="m2")]
    told = {"access_token": "token-2", "refresh_token": "refresh-2", "expires_in": "90000"}
    vendor.answers["/v4/oa/access_token"] = [told]
    assert channel.send(payload, account, desk()).remote_id == "m2"
    assert vault.secrets["access_token"] == "token-2"


def test_looking_at_it_tells_verification_and_quota(vendor: Vendor, account: Account, desk: Desks) -> None:
    told = {"oa_id": "200000000000002", "name": "Phường Sông Vàng", "is_verified": True, "package_name": "Gói Nâng cao"}
    vendor.answers[OA] = [good(**told)]
    vendor.answers["/v2.0/article/getslice"] = [good(medias=[], total=0)]
    found = channel.check(account, desk())
    assert found.works
    assert "khoảng 4 tin một tháng" in found.findings[-1].message
    assert "chưa kiểm chứng" in found.findings[-1].message
    vendor.answers[OA] = [good(**{**told, "is_verified": False})]
    refused = channel.check(account, desk())
    assert (refused.works, refused.findings[-1].sign) == (False, Sign.MISSING)
    assert not channel.check(replace(account, secrets={}), desk()).works
