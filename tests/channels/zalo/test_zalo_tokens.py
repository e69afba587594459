"""Renewing the token pair: once, stored before use, and a lost answer calls a person."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from channels.contract import Account, Content, Desk, Result
from channels.errors import Throttled, Unauthorized
from channels.sandbox import Sandbox
from channels.zalo import Zalo

Make = Callable[..., Content]
channel = Zalo(pause=0)


def with_dead_token(account: Account) -> Account:
    return replace(account, secrets={**account.secrets, "access_token": "dead"})


def test_a_dead_token_is_renewed_once_and_the_article_goes_out(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, kept: list[dict[str, str]]
) -> None:
    outcome = channel.send(channel.shape(content(), account), with_dead_token(account), desk)
    assert outcome.result is Result.DELIVERED
    (pair,) = kept
    assert set(pair) == {"access_token", "refresh_token"}
    assert pair["refresh_token"] != account.secrets["refresh_token"]
    renewed = replace(account, secrets={**account.secrets, **pair})
    channel.send(channel.shape(content(), renewed), renewed, desk)
    assert len(kept) == 1


def test_the_new_pair_is_stored_before_it_is_used(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make
) -> None:
    seen: list[int] = []

    def keep(pair: Mapping[str, str]) -> None:
        seen.append(len(sandbox.record()))

    channel.send(channel.shape(content(), account), with_dead_token(account), replace(desk, keep_secrets=keep))
    assert seen == [0]
    assert len(sandbox.record()) == 2


def test_a_pair_that_could_not_be_stored_is_not_used_and_not_lost(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, kept: list[dict[str, str]]
) -> None:
    def full_disk(pair: Mapping[str, str]) -> None:
        raise OSError("disk full")

    payload, dead = channel.shape(content(), account), with_dead_token(account)
    with pytest.raises(OSError, match="disk full"):
        channel.send(payload, dead, replace(desk, keep_secrets=full_disk))
    assert sandbox.record() == []
    assert channel.send(payload, dead, desk).result is Result.DELIVERED
    assert len(kept) == 1


def test_a_token_that_expires_after_25_hours_is_renewed(
    tmp_path: Path, desk: Desk, content: Make, kept: list[dict[str, str]]
) -> None:
    now = [1_800_000_000.0]
    with Sandbox(tmp_path / "later", clock=lambda: now[0]) as sandbox:
        account = Account("oa-2", "zalo", "OA", **sandbox.accounts["zalo"])
        channel.send(channel.shape(content(), account), account, desk)
        now[0] += 90_001
        channel.send(channel.shape(content(), account), account, desk)
        assert len(kept) == 1
        assert len(sandbox.posts("zalo")) == 2


def test_a_spent_refresh_token_calls_a_person(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, kept: list[dict[str, str]]
) -> None:
    spent = replace(account, secrets={**account.secrets, "access_token": "dead", "refresh_token": "spent"})
    with pytest.raises(Unauthorized, match="cấp quyền lại") as caught:
        channel.send(channel.shape(content(), spent), spent, desk)
    assert caught.value.code == "-14014"
    assert kept == []


@pytest.mark.parametrize(
    "fault", ["hang_after_commit", "reset_after_commit", "half_answer", "truncated_json", "html_502_after_commit"]
)
def test_a_lost_renewal_calls_a_person_at_once(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, kept: list[dict[str, str]], fault: str
) -> None:
    sandbox.fault("zalo", "refresh", fault)
    with pytest.raises(Unauthorized, match="cấp quyền lại cho ứng dụng ngay") as caught:
        channel.send(channel.shape(content(), account), with_dead_token(account), desk)
    assert caught.value.code == "refresh-lost"
    assert kept == []
    assert sandbox.record() == []


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


def test_a_remembered_pair_that_died_meanwhile_is_not_trusted(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, kept: list[dict[str, str]]
) -> None:
    payload, dead = channel.shape(content(), account), with_dead_token(account)
    channel.send(payload, dead, desk)
    requests.post(f"{sandbox.url}/_consent", timeout=5)  # the first pair is good again, the renewed one is dead
    channel.send(payload, dead, desk)
    assert len(kept) == 2
    assert len(sandbox.posts("zalo")) == 2


def test_a_throttled_call_does_not_renew(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, kept: list[dict[str, str]]
) -> None:
    sandbox.fault("zalo", "create", "code_-32")
    with pytest.raises(Throttled):
        channel.send(channel.shape(content(), account), account, desk)
    assert kept == []


def test_many_threads_with_the_same_dead_token_renew_it_once(
    sandbox: Sandbox, account: Account, desk: Desk, content: Make, kept: list[dict[str, str]]
) -> None:
    dead, together = with_dead_token(account), threading.Barrier(6)
    payloads = [channel.shape(content(ref=f"bai{n}", title=f"Bài số {n}"), dead) for n in range(6)]

    def send(number: int) -> Result:
        together.wait()
        return channel.send(payloads[number], dead, replace(desk, timeout=(2.0, 5.0))).result

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(send, range(6))) == [Result.DELIVERED] * 6
    assert len(kept) == 1
    assert len(sandbox.posts("zalo")) == 6
