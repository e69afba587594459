"""Renewing the token pair: once across all workers, stored before use, ahead of its end; a lost one calls a person."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from channels.contract import Account, Content, Desk, Result
from channels.errors import Throttled, Unauthorized, Unavailable
from channels.sandbox import Sandbox
from channels.zalo import Zalo

Make = Callable[..., Content]
channel = Zalo(pause=0)


@pytest.fixture
def dead(account: Account, vault: Any) -> Account:
    """An account whose access token has died, as every worker finds it stored."""
    vault.secrets = {**account.secrets, "access_token": "dead"}
    return replace(account, secrets=vault.secrets)


def test_a_dead_token_is_renewed_once_and_the_article_goes_out(
    sandbox: Sandbox, dead: Account, vault: Any, content: Make
) -> None:
    outcome = channel.send(channel.shape(content(), dead), dead, vault.desk())
    assert outcome.result is Result.DELIVERED
    (renewed,) = vault.kept
    assert set(renewed) == {"access_token", "refresh_token", "renewed_at", "refresh_ends_at"}
    assert renewed["refresh_token"] != dead.secrets["refresh_token"]
    assert datetime.fromisoformat(renewed["renewed_at"]) == vault.at
    stored = replace(dead, secrets=vault.secrets)
    channel.send(channel.shape(content(ref="b2", title="Bài sau"), stored), stored, vault.desk("delivery-2"))
    assert len(vault.kept) == 1


def test_the_new_pair_is_stored_before_it_is_used(sandbox: Sandbox, dead: Account, vault: Any, content: Make) -> None:
    seen: list[int] = []

    def keep(pair: Mapping[str, str]) -> None:
        seen.append(len(sandbox.posts("zalo")))

    channel.send(channel.shape(content(), dead), dead, vault.desk(keep_secrets=keep))
    assert seen == [0]
    assert len(sandbox.posts("zalo")) == 1


def test_a_pair_that_could_not_be_stored_is_not_used_and_not_lost(
    sandbox: Sandbox, dead: Account, vault: Any, content: Make
) -> None:
    def full_disk(pair: Mapping[str, str]) -> None:
        raise OSError("disk full")

    payload = channel.shape(content(), dead)
    with pytest.raises(OSError, match="disk full"):
        channel.send(payload, dead, vault.desk(keep_secrets=full_disk))
    assert sandbox.posts("zalo") == []
    assert channel.send(payload, dead, vault.desk()).result is Result.DELIVERED
    assert len(vault.kept) == 1


@pytest.mark.parametrize(("hours", "renewals"), [(19, 0), (20, 1), (24, 1), (26, 1)])
def test_a_pair_is_renewed_twenty_hours_after_its_last_renewal_not_when_it_dies(
    tmp_path: Path, vault: Any, content: Make, hours: int, renewals: int
) -> None:
    start = datetime(2026, 11, 2, 8, tzinfo=UTC)
    now = [start.timestamp()]
    with Sandbox(tmp_path / "later", clock=lambda: now[0]) as sandbox:
        given = sandbox.accounts["zalo"]
        vault.secrets = {**given["secrets"], "renewed_at": start.isoformat()}
        account = Account("oa-2", "zalo", "OA", given["settings"], vault.secrets)
        now[0] += hours * 3600
        later = start + timedelta(hours=hours)
        channel.send(channel.shape(content(), account), account, vault.desk(now=later))
        assert [kept["renewed_at"] for kept in vault.kept] == [later.isoformat()] * renewals
        assert len(sandbox.posts("zalo")) == 1


def test_renewing_ahead_that_reaches_nobody_goes_on_with_the_token_that_lives(
    sandbox: Sandbox, account: Account, vault: Any, content: Make
) -> None:
    vault.secrets = {**account.secrets, "renewed_at": (vault.at - timedelta(hours=21)).isoformat()}
    settings = {**account.settings, "oauth_url": "http://127.0.0.1:1"}
    old = replace(account, settings=settings, secrets=vault.secrets)
    assert channel.send(channel.shape(content(), old), old, vault.desk()).result is Result.DELIVERED
    assert vault.kept == []


def test_a_dead_token_that_nobody_can_be_asked_to_renew_is_no_matter_for_a_person_yet(
    sandbox: Sandbox, account: Account, vault: Any, content: Make
) -> None:
    """The service that renews is away for a moment: nothing was spent, nothing was sent, the engine tries again."""
    age = {"renewed_at": (vault.at - timedelta(hours=26)).isoformat()}
    vault.secrets = {**account.secrets, **age, "access_token": "dead"}
    settings = {**account.settings, "oauth_url": "http://127.0.0.1:1"}
    cut_off = replace(account, settings=settings, secrets=vault.secrets)
    with pytest.raises(Unavailable, match="Chưa gửi gì"):
        channel.send(channel.shape(content(), cut_off), cut_off, vault.desk())


@pytest.mark.parametrize("age", [21, None], ids=["old", "dead"])
def test_two_workers_that_want_to_renew_at_once_renew_once(
    sandbox: Sandbox, account: Account, vault: Any, content: Make, age: int | None
) -> None:
    """Refresh against refresh: two threads, two desks, two accounts read before, one store with a real lock."""
    renewed_at = {} if age is None else {"renewed_at": (vault.at - timedelta(hours=age)).isoformat()}
    access = {"access_token": "dead"} if age is None else {}
    vault.secrets = {**account.secrets, **access, **renewed_at}
    workers = [replace(account, secrets=dict(vault.secrets)) for _ in range(2)]
    payloads = [channel.shape(content(ref=f"bai{n}", title=f"Bài số {n}"), account) for n in range(2)]
    together = threading.Barrier(2)

    def send(number: int) -> Result:
        together.wait()
        desk = vault.desk(f"delivery-{number}", timeout=(2.0, 5.0))
        return channel.send(payloads[number], workers[number], desk).result

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, range(2))) == [Result.DELIVERED] * 2
    assert len(vault.kept) == 1
    assert len(sandbox.posts("zalo")) == 2


def test_a_spent_refresh_token_calls_a_person(account: Account, vault: Any, content: Make) -> None:
    vault.secrets = {**account.secrets, "access_token": "dead", "refresh_token": "spent"}
    spent = replace(account, secrets=vault.secrets)
    with pytest.raises(Unauthorized, match="cấp quyền lại") as caught:
        channel.send(channel.shape(content(), spent), spent, vault.desk())
    assert caught.value.code == "-14014"
    assert vault.kept == []


@pytest.mark.parametrize(
    ("settings", "secrets", "code", "words"),
    [
        ({"app_id": "9"}, {}, "-14002", "Mã ứng dụng Zalo"),
        ({}, {"secret_key": "wrong"}, "-14004", "Khóa bí mật"),
    ],
)
def test_a_refused_renewal_says_what_to_mend(
    dead: Account, vault: Any, content: Make, settings: Any, secrets: Any, code: str, words: str
) -> None:
    wrong = replace(dead, settings={**dead.settings, **settings}, secrets={**dead.secrets, **secrets})
    vault.secrets = wrong.secrets
    with pytest.raises(Unauthorized, match=words) as caught:
        channel.send(channel.shape(content(), wrong), wrong, vault.desk())
    assert caught.value.code == code


@pytest.mark.parametrize(
    "fault", ["hang_after_commit", "reset_after_commit", "half_answer", "truncated_json", "html_502_after_commit"]
)
def test_a_lost_renewal_calls_a_person_at_once(
    sandbox: Sandbox, dead: Account, vault: Any, content: Make, fault: str
) -> None:
    sandbox.fault("zalo", "refresh", fault)
    with pytest.raises(Unauthorized, match="cấp quyền lại cho ứng dụng ngay") as caught:
        channel.send(channel.shape(content(), dead), dead, vault.desk())
    assert caught.value.code == "refresh-lost"
    assert vault.kept == []
    assert sandbox.posts("zalo") == []


def test_a_token_that_dies_again_right_after_renewal_is_not_renewed_for_ever(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, kept: list[dict[str, str]]
) -> None:
    sandbox.fault("zalo", "create", "code_-216", times=5)
    with pytest.raises(Unauthorized):
        channel.send(channel.shape(content(), account), account, desk)
    assert len(kept) == 1


def test_one_act_renews_once_even_when_a_later_call_finds_the_token_dead_again(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, kept: list[dict[str, str]]
) -> None:
    sandbox.fault("zalo", "create", "code_-216")
    sandbox.fault("zalo", "verify", "code_-216")
    outcome = channel.send(channel.shape(content(), account), account, desk)
    assert (outcome.result, len(kept)) == (Result.PROCESSING, 1)
    assert outcome.token


def test_what_somebody_else_renewed_and_died_meanwhile_is_renewed_again(
    sandbox: Sandbox, dead: Account, vault: Any, content: Make
) -> None:
    channel.send(channel.shape(content(), dead), dead, vault.desk())
    requests.post(f"{sandbox.url}/_consent", timeout=5)  # the first pair is good again, the renewed one is dead
    vault.secrets = {**vault.secrets, "refresh_token": dead.secrets["refresh_token"]}
    channel.send(channel.shape(content(ref="b2", title="Bài sau"), dead), dead, vault.desk("delivery-2"))
    assert len(vault.kept) == 2
    assert len(sandbox.posts("zalo")) == 2


def test_a_throttled_call_does_not_renew(sandbox: Sandbox, account: Account, vault: Any, content: Make) -> None:
    sandbox.fault("zalo", "create", "code_-32")
    with pytest.raises(Throttled):
        channel.send(channel.shape(content(), account), account, vault.desk())
    assert (vault.kept, vault.rests) == ([], [60.0])
