from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from channels.contract import Account, Content, Desk, Picture, Publisher
from channels.sandbox import Sandbox

WARD = Publisher("Ủy ban nhân dân phường Sông Vàng", "UBND phường Sông Vàng", "song-vang")


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox(tmp_path / "sandbox") as running:
        yield running


@pytest.fixture
def account(sandbox: Sandbox) -> Account:
    return Account("page-1", "facebook", "Trang phường Sông Vàng", **sandbox.accounts["facebook"])


@pytest.fixture
def since() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=1)


@pytest.fixture
def shelf() -> dict[str, bytes]:
    """The library of pictures: bytes by sha256."""
    return {}


@pytest.fixture
def desk(shelf: dict[str, bytes], since: datetime) -> Desk:
    return Desk("delivery-1", since, since, shelf.__getitem__, timeout=(0.5, 0.5))


@pytest.fixture
def picture(shelf: dict[str, bytes]) -> Callable[..., Picture]:
    def make(color: str = "red", alt: str = "Bìa sách đặt trên bàn đọc") -> Picture:
        held = BytesIO()
        Image.new("RGB", (40, 30), color).save(held, "JPEG")
        data = held.getvalue()
        name = hashlib.sha256(data).hexdigest()
        shelf[name] = data
        return Picture(name, "image/jpeg", 40, 30, len(data), alt)

    return make


@pytest.fixture
def content() -> Callable[..., Content]:
    def make(**changed: Any) -> Content:
        given: dict[str, Any] = {
            "ref": "bai7k2",
            "title": "Ngày hội đọc sách phường Sông Vàng",
            "lead": "Sáng thứ bảy, thư viện phường mở cửa đón bạn đọc.",
            "body": "Bạn đọc được **mượn sách miễn phí**.\n\n- Sách thiếu nhi\n- Sách nông nghiệp",
            "footer": "Đường dây nóng: 0900 000 000",
            "publisher": WARD,
            "url": "https://songvang.example/bai/ngay-hoi-doc-sach",
        }
        return Content(**{**given, **changed})

    return make
