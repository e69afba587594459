from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from channels.contract import Account, Content, Desk, Picture, Publisher
from channels.sandbox import Sandbox
from tests.channels.facebook.vendor import Vendor

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


@dataclass
class Book:
    """What the engine keeps of one delivery and its account: notes, and the rests that were asked for."""

    notes: dict[str, Any] = field(default_factory=dict)
    rests: list[float] = field(default_factory=list)

    def keep(self, notes: Mapping[str, Any]) -> None:
        self.notes = json.loads(json.dumps(notes))


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def desk(shelf: dict[str, bytes], since: datetime, book: Book) -> Desk:
    return Desk(
        "delivery-1",
        since,
        since,
        shelf.__getitem__,
        slow_down=book.rests.append,
        keep_notes=book.keep,
        timeout=(0.5, 0.5),
    )


@pytest.fixture
def again(desk: Desk, book: Book) -> Callable[..., Desk]:
    """The desk of the next attempt: it knows what earlier ones kept."""
    return lambda **changed: replace(desk, notes=book.notes, **changed)


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


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    running = Vendor()
    yield running
    running.stop()


@pytest.fixture
def page(vendor: Vendor) -> Account:
    """An account of the scripted vendor."""
    settings = {"page_id": "42", "app_id": "777", "api_url": vendor.url}
    return Account("page-2", "facebook", "Trang", settings, {"access_token": "EAA-page-token", "app_secret": "app-key"})
