from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from channels.contract import Account, Content, Picture, Publisher, Remote
from channels.sandbox import Sandbox
from tests.channels.zalo.scripted import Vendor, good, serving
from tests.channels.zalo.vault import Vault

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WARD = Publisher("Ủy ban nhân dân phường Sông Vàng", "UBND phường Sông Vàng", "song-vang")
MORNING = datetime(2026, 11, 24, 9, 30, tzinfo=ZONE)
ARTICLE = Remote("0b5c34017c44951acc55", "https://rd.zalo.me/1", "delivery-of-article", MORNING)


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with serving() as running:
        running.answers = {
            "/v2.0/oa/message": [good(message_id="m1")],
            "/v2.0/article/getdetail": [good(id="0b5c34017c44951acc55", status="show")],
        }
        yield running


@pytest.fixture
def account(vendor: Vendor) -> Account:
    """What the engine hands in: the OA's settings and secrets under the broadcast's own name."""
    settings = {"oa_id": "200000000000002", "app_id": "3", "api_url": vendor.url, "oauth_url": vendor.url}
    secrets = {"access_token": "token-1", "refresh_token": "refresh-1", "secret_key": "secret"}
    return Account("oa-1", "zalo_broadcast", "Gửi người quan tâm", settings, secrets)


@pytest.fixture
def vault(account: Account) -> Vault:
    return Vault(dict(account.secrets), MORNING)


@pytest.fixture
def desk(vault: Vault) -> Callable[..., Any]:
    """The desk of a broadcast whose article stands, at half past nine in the morning unless said otherwise."""
    return lambda **changed: vault.desk(**{"after": ARTICLE, **changed})


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox(tmp_path / "sandbox") as running:
        yield running


@pytest.fixture
def content() -> Callable[..., Content]:
    def make(**changed: Any) -> Content:
        given: dict[str, Any] = {
            "ref": "bai7k2",
            "title": "Cảnh báo mưa lớn chiều nay",
            "lead": "",
            "body": "Người dân ven sông chủ động di dời.",
            "footer": "",
            "publisher": WARD,
            "pictures": (Picture("p1", "image/jpeg", 40, 30, 900, "Bờ sông", "https://songvang.example/p1.jpg"),),
        }
        return Content(**{**given, **changed})

    return make
