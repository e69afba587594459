"""Killed in the middle, looked for afterwards: what was created is followed, never created again."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from channels.contract import Account, Content, Outcome, Payload, Remote, Result
from channels.errors import OutcomeUnknown, Rejected
from channels.sandbox import Sandbox
from channels.zalo import Zalo
from tests.channels.zalo.scripted import Vendor, good, refusal

Make = Callable[..., Content]
channel = Zalo(pause=0)
SLICE, DETAIL = "/v2.0/article/getslice", "/v2.0/article/getdetail"


class Killed(BaseException):
    """The process is gone: no handler runs."""


def killed_after_noting(vault: Any, payload: Payload, account: Account) -> None:
    """A worker that dies once its note is stored, before the first look."""

    def keep(notes: Mapping[str, Any]) -> None:
        vault.notes["delivery-1"] = dict(notes)
        raise Killed

    with pytest.raises(Killed):
        channel.send(payload, account, vault.desk(keep_notes=keep))


def test_the_token_is_noted_before_it_is_asked_with(
    sandbox: Sandbox, account: Account, vault: Any, content: Make
) -> None:
    sandbox.turn("pending_looks", 9)
    payload = channel.shape(content(), account)
    outcome = channel.send(payload, account, vault.desk())
    assert vault.notes["delivery-1"] == {"token": outcome.token}


def test_a_worker_killed_before_the_first_look_is_followed_by_its_note_until_the_article_stands(
    sandbox: Sandbox, account: Account, vault: Any, content: Make, since: datetime
) -> None:
    sandbox.turn("pending_looks", 2)
    payload = channel.shape(content(), account)
    killed_after_noting(vault, payload, account)
    looks = [channel.reconcile(payload, account, vault.desk(), since) for _ in range(3)]
    assert [look and look.result for look in looks] == [Result.PROCESSING, Result.PROCESSING, Result.DELIVERED]
    assert looks[0] == Outcome(Result.PROCESSING, token=vault.notes["delivery-1"]["token"])
    assert len(sandbox.posts("zalo")) == 1


def test_sending_again_while_an_earlier_creation_is_pending_creates_nothing(
    sandbox: Sandbox, account: Account, vault: Any, content: Make
) -> None:
    sandbox.turn("pending_looks", 3)
    payload = channel.shape(content(), account)
    killed_after_noting(vault, payload, account)
    results = [channel.send(payload, account, vault.desk()).result for _ in range(4)]
    assert results == [Result.PROCESSING] * 3 + [Result.DELIVERED]
    assert len(sandbox.posts("zalo")) == 1


def test_an_article_that_failed_is_absent_and_is_created_anew_when_sent_again(
    sandbox: Sandbox, account: Account, vault: Any, content: Make, since: datetime, public_page: Any
) -> None:
    payload = channel.shape(content(), account)
    held, public_page.files = public_page.files, {}
    with pytest.raises(Rejected, match="Mở thử từng ảnh"):
        channel.send(payload, account, vault.desk())
    assert channel.reconcile(payload, account, vault.desk(), since) is None
    public_page.files = held
    assert channel.send(payload, account, vault.desk()).result is Result.DELIVERED
    assert len(sandbox.posts("zalo")) == 1


def test_a_noted_token_that_cannot_be_asked_with_now_is_doubt(
    sandbox: Sandbox, account: Account, vault: Any, content: Make, since: datetime
) -> None:
    payload = channel.shape(content(), account)
    killed_after_noting(vault, payload, account)
    sandbox.fault("zalo", "verify", "html_502")
    with pytest.raises(OutcomeUnknown, match="Chưa đọc lại được OA"):
        channel.reconcile(payload, account, vault.desk(), since)


def test_a_correction_killed_on_its_way_is_followed_too(
    sandbox: Sandbox, account: Account, vault: Any, content: Make, since: datetime
) -> None:
    sent = channel.send(channel.shape(content(), account), account, vault.desk("delivery-0"))
    remote = Remote(sent.remote_id, sent.permalink, "delivery-0", since)
    sandbox.turn("pending_looks", 2)
    corrected = channel.shape(content(title="Dời sang chủ nhật"), account)
    outcome = channel.update(remote, corrected, account, vault.desk())
    assert channel.update(remote, corrected, account, vault.desk()).token in ("", outcome.token)
    assert [post["title"] for post in sandbox.posts("zalo")] == ["Dời sang chủ nhật"]


def listed(known: str, title: str, at: datetime) -> dict[str, Any]:
    return {"id": known, "title": title, "create_date": int(at.timestamp() * 1000), "link_view": f"https://z/{known}"}


@pytest.fixture
def candidates(vendor: Vendor) -> Callable[..., None]:
    """An OA that lists these articles of the same title: id → (minutes after the start, body or None)."""

    def lay(title: str, since: datetime, bodies: Mapping[str, tuple[float, Any]]) -> None:
        medias = [listed(known, title, since + timedelta(minutes=minutes)) for known, (minutes, _) in bodies.items()]
        vendor.answers[SLICE] = [good(medias=medias, total=len(medias))]
        vendor.answers[DETAIL] = [
            good(id=known, title=title, **({"body": body} if body is not None else {}))
            for known, (_, body) in bodies.items()
        ]

    return lay


def foreign(words: str) -> list[dict[str, str]]:
    return [{"type": "text", "content": f"<p>{words}</p>"}]


def test_of_several_articles_of_one_title_the_one_with_our_link_is_ours(
    scripted: Account, vault: Any, content: Make, since: datetime, candidates: Callable[..., None]
) -> None:
    payload = channel.shape(content(), scripted)
    ours = payload.body["article"]["body"]
    candidates("Ngày hội đọc sách phường Sông Vàng", since, {"b1": (1, None), "b2": (2, ours)})
    found = channel.reconcile(payload, scripted, vault.desk(), since)
    assert found
    assert (found.remote_id, found.permalink) == ("b2", "https://z/b2")


def test_an_article_of_the_same_title_with_another_text_is_another_systems(
    scripted: Account, vault: Any, content: Make, since: datetime, candidates: Callable[..., None]
) -> None:
    payload = channel.shape(content(), scripted)
    candidates(payload.body["article"]["title"], since, {"b1": (1, foreign("Thông báo cắt điện ngày mai"))})
    assert channel.reconcile(payload, scripted, vault.desk(), since) is None


def test_one_article_whose_text_tells_nothing_is_taken_by_its_time_and_two_are_a_doubt(
    scripted: Account, vault: Any, content: Make, since: datetime, candidates: Callable[..., None]
) -> None:
    payload = channel.shape(content(), scripted)
    title = payload.body["article"]["title"]
    candidates(title, since, {"b1": (1, None), "b0": (-1, None), "b9": (-30, None)})
    found = channel.reconcile(payload, scripted, vault.desk(), since)
    assert found
    assert found.remote_id == "b1"
    candidates(title, since, {"b2": (5, None), "b1": (1, None)})
    with pytest.raises(OutcomeUnknown, match=r"2 bài cùng tiêu đề.*https://z/b1, https://z/b2"):
        channel.reconcile(payload, scripted, vault.desk(), since)


def test_titles_are_compared_in_composed_letters(
    scripted: Account, vault: Any, content: Make, since: datetime, candidates: Callable[..., None]
) -> None:
    payload = channel.shape(content(), scripted)
    candidates(unicodedata.normalize("NFD", payload.body["article"]["title"]), since, {"b1": (1, None)})
    assert channel.reconcile(payload, scripted, vault.desk(), since) is not None


def test_reading_back_a_listing_that_zalo_refuses_is_doubt(
    vendor: Vendor, scripted: Account, vault: Any, content: Make, since: datetime
) -> None:
    vendor.answers[SLICE] = [refusal(-201, "maximum limit is 10")]
    with pytest.raises(OutcomeUnknown):
        channel.reconcile(channel.shape(content(), scripted), scripted, vault.desk(), since)
