"""Broadcasts and quotas of the OA, by the sandbox's own clock."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from channels.sandbox import Sandbox

MORNING = "2026-12-01T08:00:00+07:00"


@pytest.fixture
def known(sandbox: Sandbox, zalo: Any, article: dict[str, Any]) -> str:
    sandbox.turn_clock(now=MORNING)
    requests.post(f"{sandbox.url}/_consent", timeout=5)  # tokens live 25 hours by that clock
    return str(zalo.stand(article))


def test_a_broadcast_is_taken_looked_at_and_goes_out(sandbox: Sandbox, zalo: Any, known: str) -> None:
    made = zalo.broadcast(known, ages="0,1", gender=0)
    assert list(made["data"]) == ["message_id"]
    assert "đang chờ Zalo duyệt" in requests.get(f"{sandbox.url}/zalo", timeout=5).text
    sandbox.turn_clock(advance=1801)
    page = requests.get(f"{sandbox.url}/zalo", timeout=5).text
    assert "đã tới người nhận" in page
    assert "Gửi cho: nhóm tuổi 0,1, giới tính 0" in page
    assert "không thu hồi được" in page
    (line,) = sandbox.record("broadcast")
    assert line["object"] == made["data"]["message_id"]
    for name in ("oa/message/remove", "oa/message/recall"):
        assert zalo.oa("POST", name, json={"message_id": line["object"]})["error"] == -209


@pytest.mark.parametrize(
    ("hour", "code"), [("05:59:59", -234), ("06:00:00", 0), ("21:59:59", 0), ("22:00:00", -234), ("00:30:00", -234)]
)
def test_nothing_is_sent_at_night(sandbox: Sandbox, zalo: Any, known: str, hour: str, code: int) -> None:
    sandbox.turn_clock(now=f"2026-12-01T{hour}+07:00", frozen=True)
    assert zalo.broadcast(known)["error"] == code


def test_each_follower_gets_one_a_day_and_so_many_a_month(sandbox: Sandbox, zalo: Any, known: str) -> None:
    def left() -> tuple[int, int]:
        asked = zalo.oa("POST", "oa/quota/message", json={"user_id": "1", "type": "promotion"})["data"]["promotion"]
        return asked["daily_remain"], asked["monthly_remain"]

    assert (zalo.broadcast(known)["error"], left()) == (0, (0, 3))
    assert zalo.broadcast(known)["error"] == -218
    for day in (2, 3, 4):
        sandbox.turn_clock(now=f"2026-12-0{day}T08:00:00+07:00")
        pair = zalo.refresh(zalo.secrets["refresh_token"])
        zalo.secrets = {**zalo.secrets, "refresh_token": pair["refresh_token"]}
        zalo.headers = {"access_token": pair["access_token"]}
        assert zalo.broadcast(known)["error"] == 0
    sandbox.turn_clock(advance=3600)
    assert left() == (0, 0)
    assert zalo.broadcast(known)["error"] == -211


@pytest.mark.parametrize(
    ("switch", "value", "code"), [("oa_verified", 0, -221), ("broadcast_month", 0, -224), ("oa_disabled", 1, -204)]
)
def test_an_oa_without_the_right_may_not(
    sandbox: Sandbox, zalo: Any, known: str, switch: str, value: int, code: int
) -> None:
    sandbox.turn(switch, value)
    assert zalo.broadcast(known)["error"] == code


def test_only_articles_that_stand_can_be_sent(sandbox: Sandbox, zalo: Any, known: str) -> None:
    assert zalo.broadcast("0" * 20)["error"] == -201
    assert zalo.broadcast()["error"] == -201
    assert zalo.broadcast(*[known] * 6)["error"] == -201
    assert zalo.broadcast(known, ages="trẻ")["error"] == -201
    direct = {"recipient": {"user_id": "1"}, "message": {"text": "Chào"}}
    assert zalo.oa("POST", "oa/message", json=direct)["error"] == -240
    assert sandbox.record("broadcast") == []


def test_a_broadcast_whose_answer_is_lost_has_gone_out(sandbox: Sandbox, zalo: Any, known: str) -> None:
    sandbox.fault("zalo", "message", "reset_after_commit")
    with pytest.raises(requests.ConnectionError):
        zalo.broadcast(known)
    assert len(sandbox.record("broadcast")) == 1


def test_the_oa_tells_who_it_is(sandbox: Sandbox, zalo: Any) -> None:
    told = zalo.oa("GET", "oa/getoa")["data"]
    assert (told["oa_id"], told["is_verified"], told["num_follower"]) == ("200000000000002", True, 1200)
    assert told["package_name"] == "Nâng cao"
    sandbox.turn("oa_proof", 1)
    assert zalo.oa("GET", "oa/getoa")["error"] == -242


def test_too_many_calls_a_minute_are_refused(sandbox: Sandbox, zalo: Any) -> None:
    sandbox.turn_clock(frozen=True)
    sandbox.turn("calls_a_minute", 2)
    url = f"{sandbox.url}/zalo/v2.0/oa/getoa"
    answers = [requests.get(url, headers=zalo.headers, timeout=5) for _ in range(3)]
    assert [answer.json()["error"] for answer in answers] == [0, 0, -32]
    assert [answer.headers["X-RateLimit-Remain"] for answer in answers] == ["1", "0", "0"]
    sandbox.turn_clock(advance=60)
    assert zalo.oa("GET", "oa/getoa")["error"] == 0
