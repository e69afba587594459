"""An invented ward, its pictures and its site in a folder of the test."""

import hashlib
import io
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from channels.contract import Account, Content, Desk, Outcome, Payload, Picture, Publisher, Remote
from channels.page import Page, Site, article_url, picture_url
from channels.page.register import NAME, opened

BASE = "https://songvang.example/trang/phuong-song-vang/"
NOW = datetime(2026, 3, 20, 9, 5, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
WARD = Publisher(
    name="Ủy ban nhân dân phường Sông Vàng",
    short_name="Phường Sông Vàng",
    slug="phuong-song-vang",
    address="12 đường Bến Đò, phường Sông Vàng, thành phố Lạc An",
    hotline="0236 3 999 999",
    email="ubnd@songvang.example",
)


@dataclass
class Office:
    """One office at its site: writes, publishes, corrects, withdraws."""

    root: Path
    channel: Page = field(default_factory=Page)
    pictures: dict[str, bytes] = field(default_factory=dict)

    @property
    def account(self) -> Account:
        return Account("trang-1", "page", "Trang phường", {"root": str(self.root), "base_url": BASE})

    def picture(self, colour: str, alt: str = "Bà con họp tổ dân phố") -> Picture:
        made = io.BytesIO()
        Image.new("RGB", (320, 180), colour).save(made, "PNG")
        data = made.getvalue()
        self.pictures[hashlib.sha256(data).hexdigest()] = data
        picture = Picture(hashlib.sha256(data).hexdigest(), "image/png", 320, 180, len(data), alt)
        return replace(picture, url=picture_url(BASE, picture))

    def media(self, data: bytes, media_type: str) -> tuple[str, str]:
        """Bytes the desk knows: their name and their type."""
        self.pictures[hashlib.sha256(data).hexdigest()] = data
        return hashlib.sha256(data).hexdigest(), media_type

    def content(self, ref: str = "a1", title: str = "Lịch tiêm chủng tháng 3", **changes: object) -> Content:
        made = Content(
            ref=ref,
            title=title,
            lead="Trạm y tế mời bà con đưa trẻ đến tiêm đúng lịch.",
            body="Bắt đầu từ **7 giờ 30** ngày 22/3.\n\n- Tổ 1\n- Tổ 2",
            footer="Đường dây nóng: 0236 3 999 999",
            publisher=WARD,
            url=article_url(BASE, title, ref),
            campaign="Vì sức khỏe cộng đồng",
            theme="Chăm sóc sức khỏe nhân dân",
        )
        return replace(made, **changes)

    def desk(self, delivery: str, hours: float = 0) -> Desk:
        return Desk(delivery, NOW, NOW + timedelta(hours=hours), self.pictures.__getitem__)

    def shape(self, content: Content) -> Payload:
        return self.channel.shape(content, self.account)

    def send(self, content: Content, delivery: str = "d1", hours: float = 0) -> Outcome:
        return self.channel.send(self.shape(content), self.account, self.desk(delivery, hours))

    def update(self, first: Outcome, content: Content, delivery: str = "d2", hours: float = 24) -> Outcome:
        return self.channel.update(remote(first), self.shape(content), self.account, self.desk(delivery, hours))

    def withdraw(self, first: Outcome, delivery: str = "d9", hours: float = 48) -> Outcome:
        return self.channel.withdraw(remote(first), self.account, self.desk(delivery, hours))

    def reconcile(self, content: Content, delivery: str = "d1") -> Outcome | None:
        return self.channel.reconcile(self.shape(content), self.account, self.desk(delivery, 72), NOW)

    def read(self, path: str) -> str:
        return (self.root / path).read_text()

    def bytes_on_disk(self) -> dict[str, bytes]:
        """Everything but the register, whose bytes tell its history; what it says is `register`."""
        found = (p for p in self.root.rglob("*") if p.is_file() and not p.name.startswith(NAME))
        return {p.relative_to(self.root).as_posix(): p.read_bytes() for p in found}

    def register(self) -> list[str]:
        with opened(self.root) as known:
            return known.dump()

    @property
    def site(self) -> Site:
        return Site(self.root, BASE)


def remote(first: Outcome) -> Remote:
    return Remote(first.remote_id, first.permalink, "d1", NOW)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "trang")
