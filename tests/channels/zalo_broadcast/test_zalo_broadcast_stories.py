"""Article and broadcast against the sandbox, by its own clock: the window, the quota, what gets lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from channels.contract import Account, Content, Remote, Result
from channels.errors import OutcomeUnknown, Rejected, Throttled
from channels.sandbox import Sandbox
from channels.zalo import Zalo
from channels.zalo_broadcast import ZaloBroadcast
from tests.channels.zalo.vault import Vault
from tests.channels.zalo_broadcast.conftest import MORNING, ZONE

channel = ZaloBroadcast()


class Office:
    """One OA with an article that stands, its broadcasts and its clock."""

    def __init__(self, sandbox: Sandbox, content: Callable[..., Content]) -> None:
        self.sandbox = sandbox
        self.account = Account("oa-1", "zalo_broadcast", "Gửi người quan tâm", **sandbox.accounts["zalo"])
        self.vault = Vault(dict(self.account.secrets), MORNING)
        self.content = content
        article = Zalo(pause=0)
        sandbox.turn("fetch_pictures", 0)
        sandbox.turn("pending_looks", 0)
        shaped = article.shape(content(), self.account)
        sent = article.send(shaped, self.account, self.vault.desk("delivery-of-article"))
        self.article = Remote(sent.remote_id, sent.permalink, "delivery-of-article", MORNING)

    def send(self, ref: str = "broadcast-1") -> Any:
        now = datetime.fromtimestamp(self.sandbox.now, ZONE)
        desk = self.vault.desk(ref, now=now, after=self.article)
        return channel.send(channel.shape(self.content(), self.account), self.account, desk)

    def went_out(self) -> list[dict[str, Any]]:
        return [line for line in self.sandbox.record() if line["act"] == "broadcast"]


@pytest.fixture
def office(tmp_path: Path, content: Callable[..., Content]) -> Any:
    with Sandbox(tmp_path / "oa", clock=lambda: MORNING.timestamp()) as sandbox:
        yield Office(sandbox, content)


def test_an_article_that_stands_goes_to_every_follower_once(office: Office) -> None:
    outcome = office.send()
    (line,) = office.went_out()
    assert (outcome.result, outcome.remote_id) == (Result.DELIVERED, line["object"])
    assert office.article.remote_id in str(line["content"])


def test_a_follower_gets_one_a_day_and_so_many_a_month(office: Office) -> None:
    office.send()
    with pytest.raises(Throttled) as caught:
        office.send("broadcast-2")
    assert caught.value.code == "-218"
    office.sandbox.turn("broadcast_month", 1)
    office.sandbox.turn_clock(advance=86400)
    with pytest.raises(Throttled) as caught:
        office.send("broadcast-2")
    assert caught.value.code == "-211"
    assert len(office.went_out()) == 1


def test_at_night_it_waits_for_the_morning_and_then_goes(office: Office) -> None:
    office.sandbox.turn_clock(now="2026-11-24T22:30:00+07:00")
    with pytest.raises(Throttled) as caught:
        office.send()
    office.sandbox.turn_clock(advance=caught.value.wait)
    morning = datetime.fromtimestamp(office.sandbox.now, ZONE)
    assert timedelta(hours=6, minutes=5) <= morning - morning.replace(hour=0, minute=0) < timedelta(hours=6, minutes=15)
    assert office.send().result is Result.DELIVERED


def test_a_window_that_zalo_counts_in_another_zone_is_met_by_its_answer(office: Office) -> None:
    office.sandbox.turn("broadcast_zone", 0)
    office.sandbox.turn_clock(now="2026-11-24T07:00:00+07:00")  # midnight in Greenwich
    with pytest.raises(Throttled) as caught:
        office.send()
    assert caught.value.code == "-234"
    assert office.went_out() == []


@pytest.mark.parametrize(
    ("fault", "gone_out"),
    [("reset_before_commit", 0), ("html_502", 0), ("reset_after_commit", 1), ("hang_after_commit", 1)],
)
def test_a_broadcast_without_an_answer_is_left_to_a_person(office: Office, fault: str, gone_out: int) -> None:
    office.sandbox.fault("zalo", "message", fault)
    with pytest.raises(OutcomeUnknown, match="không cho đọc lại"):
        office.send()
    assert len(office.went_out()) == gone_out


@pytest.mark.parametrize(
    ("switch", "value", "code"),
    [("oa_verified", 0, "-221"), ("broadcast_month", 0, "-224")],
)
def test_an_oa_that_may_not_says_what_it_lacks(office: Office, switch: str, value: int, code: str) -> None:
    office.sandbox.turn(switch, value)
    with pytest.raises(Rejected) as caught:
        office.send()
    assert caught.value.code == code
    found = channel.check(office.account, office.vault.desk())
    assert found.works == (switch != "oa_verified")


def test_who_gets_it_arrives_as_it_was_approved(office: Office) -> None:
    office.account = replace(office.account, settings={**office.account.settings, "target_cities": "4, 5"})
    office.send()
    assert '"cities": "4,5"' in str(office.went_out()[0]["content"]).replace("'", '"')
