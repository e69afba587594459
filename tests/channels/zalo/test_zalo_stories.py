"""Whole stories against the sandbox: what Zalo does otherwise than one would think, and what we make of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from channels.contract import Account, Content, Picture, Remote, Result, Sign, Video
from channels.errors import ChannelError, OutcomeUnknown, Rejected, Throttled, Unauthorized
from channels.sandbox import Sandbox
from channels.zalo import Zalo

Make = Callable[..., Content]
channel = Zalo(pause=0)
FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(4000)
MEDIA = {"f11m": FILM}


@pytest.fixture
def film(content: Make, picture: Callable[..., Picture]) -> Content:
    return content(video=Video("f11m", "video/mp4", len(FILM), "đọc sách.mp4", picture("green")))


def acts(sandbox: Sandbox) -> list[str]:
    return [line["act"] for line in sandbox.record()]


def test_a_video_is_uploaded_once_and_stands_as_a_video_article(
    sandbox: Sandbox, account: Account, vault: Any, film: Content
) -> None:
    sandbox.turn("oa_video_looks", 2)
    payload = channel.shape(film, account)
    outcome = channel.send(payload, account, vault.desk(media=MEDIA.__getitem__))
    assert outcome.result is Result.PROCESSING
    while outcome.result is Result.PROCESSING:
        outcome = channel.poll(outcome.token, payload, account, vault.desk())
    (article,) = sandbox.posts("zalo")
    assert (article["type"], article["id"], article["permalink"]) == ("video", outcome.remote_id, outcome.permalink)
    assert acts(sandbox).count("video") == acts(sandbox).count("created") == 1


@pytest.mark.parametrize("fault", ["reset_after_commit", "html_502", "hang_after_commit"])
def test_a_video_article_whose_creation_was_not_answered_stands_at_most_once(
    sandbox: Sandbox, account: Account, vault: Any, film: Content, since: datetime, fault: str
) -> None:
    """What the engine does: a doubt while asking is looked into, and only proved absence sends again."""
    sandbox.turn("oa_video_looks", 2)
    sandbox.fault("zalo", "create", fault)
    payload = channel.shape(film, account)
    token = channel.send(payload, account, vault.desk(media=MEDIA.__getitem__)).token
    assert channel.poll(token, payload, account, vault.desk()).result is Result.PROCESSING
    with pytest.raises(OutcomeUnknown):
        channel.poll(token, payload, account, vault.desk())
    found = channel.reconcile(payload, account, vault.desk(), since)
    assert (found is None) == (fault == "html_502")
    outcome = found or channel.send(payload, account, vault.desk())
    assert outcome.result is Result.DELIVERED
    assert [post["id"] for post in sandbox.posts("zalo")] == [outcome.remote_id]
    assert acts(sandbox).count("video") == 1


def test_a_video_zalo_cannot_convert_is_refused_in_words(
    sandbox: Sandbox, account: Account, vault: Any, film: Content
) -> None:
    sandbox.turn("oa_video_looks", 0)
    sandbox.fault("zalo", "preparevideo", "video_error")
    with pytest.raises(Rejected, match="không xử lý được video"):
        channel.send(channel.shape(film, account), account, vault.desk(media=MEDIA.__getitem__))
    assert "created" not in acts(sandbox)


@pytest.mark.parametrize("fault", ["media_fails", "media_fails_often", "media_not_made"])
def test_pictures_fail_only_at_verify_and_the_article_never_stands(
    sandbox: Sandbox, account: Account, vault: Any, content: Make, fault: str
) -> None:
    sandbox.fault("zalo", "create", fault)
    payload = channel.shape(content(), account)
    with pytest.raises(Rejected, match="Mở thử từng ảnh") as caught:
        channel.send(payload, account, vault.desk())
    assert payload.body["article"]["cover"]["photo_url"] in caught.value.message
    assert sandbox.posts("zalo") == []


def test_an_article_of_another_system_with_our_title_is_not_taken_for_ours(
    sandbox: Sandbox, account: Account, vault: Any, content: Make, since: datetime
) -> None:
    payload = channel.shape(content(), account)
    other = {**payload.body["article"], "body": [{"type": "text", "content": "<p>Bài do hệ thống khác đăng</p>"}]}
    theirs = replace(payload, body={**payload.body, "article": other})
    channel.send(theirs, account, vault.desk("of-another-system"))
    assert channel.reconcile(payload, account, vault.desk(), since) is None
    ours = channel.send(payload, account, vault.desk("delivery-9"))
    found = channel.reconcile(payload, account, vault.desk(), since)
    assert found
    assert found.remote_id == ours.remote_id


def test_a_listing_that_lags_looks_like_absence_so_two_looks_stand_apart(
    sandbox: Sandbox, account: Account, vault: Any, content: Make, since: datetime
) -> None:
    """An article is listed only when its pictures are fetched: `listing_lag` is longer than that was seen to take."""
    sandbox.fault("zalo", "create", "reset_after_commit")
    payload = channel.shape(content(), account)
    with pytest.raises(OutcomeUnknown):
        channel.send(payload, account, vault.desk())
    sandbox.fault("zalo", "getslice", "lag", seconds=150)
    assert channel.reconcile(payload, account, vault.desk(), since) is None
    assert Zalo.listing_lag > 150
    assert channel.reconcile(payload, account, vault.desk(), since) is not None


def test_an_application_that_demands_the_proof_gets_it(
    sandbox: Sandbox, account: Account, vault: Any, content: Make
) -> None:
    sandbox.turn("oa_proof", 1)
    payload = channel.shape(content(), account)
    with pytest.raises(Unauthorized) as caught:
        channel.send(payload, account, vault.desk())
    assert caught.value.code == "-242"
    proving = replace(account, settings={**account.settings, "send_proof": "Có"})
    assert channel.send(payload, proving, vault.desk()).result is Result.DELIVERED


def test_nearing_the_limit_of_calls_slows_us_down_before_zalo_refuses(
    sandbox: Sandbox, account: Account, vault: Any, content: Make
) -> None:
    sandbox.turn_clock(frozen=True)
    sandbox.turn("calls_a_minute", 10)
    sandbox.turn("pending_looks", 0)
    payloads = [channel.shape(content(ref=f"b{n}", title=f"Bài {n}"), account) for n in range(5)]
    for number in range(3):  # three calls an article
        channel.send(payloads[number], account, vault.desk(f"delivery-{number}"))
        assert bool(vault.rests) == (number == 2)
    assert channel.send(payloads[3], account, vault.desk("delivery-3")).result is Result.PROCESSING
    with pytest.raises(Throttled):
        channel.send(payloads[4], account, vault.desk("delivery-4"))


@pytest.mark.parametrize(
    ("switch", "what", "sign"),
    [("oa_disabled", "Mã truy cập", Sign.MISSING), ("oa_verified", "Xác thực", Sign.WARNING)],
)
def test_a_look_at_an_oa_in_trouble_says_what_is_wrong(
    sandbox: Sandbox, account: Account, vault: Any, switch: str, what: str, sign: Sign
) -> None:
    sandbox.turn(switch, int(switch == "oa_disabled"))
    found = channel.check(account, vault.desk())
    assert {finding.what: finding.sign for finding in found.findings}[what] is sign


@pytest.mark.parametrize(("fault", "stored"), [("reset_before_commit", 0), ("html_502", 0), ("reset_after_commit", 0)])
def test_a_renewal_without_an_answer_calls_a_person_whether_or_not_zalo_had_rotated(
    sandbox: Sandbox, account: Account, vault: Any, content: Make, fault: str, stored: int
) -> None:
    vault.secrets = {**account.secrets, "access_token": "dead"}
    sandbox.fault("zalo", "refresh", fault)
    dead = replace(account, secrets=vault.secrets)
    with pytest.raises(Unauthorized, match="cấp quyền lại cho ứng dụng ngay"):
        channel.send(channel.shape(content(), dead), dead, vault.desk())
    assert len(vault.kept) == stored


@pytest.mark.parametrize(
    ("code", "message", "meaning"),
    [
        (-204, "Offical Account is disable", Unauthorized),
        (-212, "App has not registed this api", Unauthorized),
        (-218, "Out of quota receive", Throttled),
        (-221, "OA needs verification", Unauthorized),
        (-224, "upgrade OA tier package", Unauthorized),
        (-240, "MessageV2 API has been shut down, please switch to MessageV3", Rejected),
    ],
)
def test_every_refusal_of_a_creation_leaves_nothing_behind(
    sandbox: Sandbox, account: Account, vault: Any, content: Make, code: int, message: str, meaning: type[ChannelError]
) -> None:
    sandbox.fault("zalo", "create", "error", code=code, message=message)
    with pytest.raises(meaning) as caught:
        channel.send(channel.shape(content(), account), account, vault.desk())
    assert caught.value.code == str(code)
    assert "created" not in acts(sandbox)


def test_hiding_is_told_as_such_and_not_as_an_edit(
    sandbox: Sandbox, account: Account, vault: Any, content: Make
) -> None:
    hiding = replace(account, settings={**account.settings, "withdraw_by": "hide"})
    sent = channel.send(channel.shape(content(), hiding), hiding, vault.desk())
    remote = Remote(sent.remote_id, sent.permalink, "delivery-1", vault.at)
    assert channel.withdraw(remote, hiding, vault.desk("delivery-2")).result is Result.DELIVERED
    assert acts(sandbox)[-1] == "hidden"
    assert [post["status"] for post in sandbox.posts("zalo")] == ["hide"]
