from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from channels.contract import Account, Content, Desk, Publisher
from channels.loudspeaker.spoken import Voice, default_voice

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SLOT = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)
WARD = Publisher(
    name="Ủy ban nhân dân phường Sông Vàng",
    short_name="UBND phường Sông Vàng",
    slug="phuong-song-vang",
    address="Số 1 phố Bến Đò, phường Sông Vàng, thành phố Lạc An",
    hotline="0200 555 0118",
)


@pytest.fixture
def voice() -> Voice:
    return default_voice()


@pytest.fixture
def account(tmp_path: Path) -> Account:
    settings = {"root": str(tmp_path / "loa"), "station": "Đài truyền thanh phường Sông Vàng"}
    return Account("a1", "loudspeaker", "Loa phường", settings)


@pytest.fixture
def content() -> Content:
    return Content(
        ref="p1",
        title="Họp TDP số 7",
        lead="Mời bà con dự họp lúc 19h30 ngày 25/11/2026.",
        body="Nội dung:\n\n- thu gom rác;\n- 100% hộ ký cam kết PCCC.\n\nXin đến đúng giờ.",
        footer="Đường dây nóng: 0200 555 0118.",
        publisher=WARD,
    )


@pytest.fixture
def desk() -> Desk:
    """The day before the broadcast."""
    return Desk("d1", SLOT, SLOT - timedelta(days=1), media=lambda sha256: b"")


@pytest.fixture
def after_airing(desk: Desk) -> Desk:
    return replace(desk, now=SLOT + timedelta(hours=1))
