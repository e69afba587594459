"""An invented ward and its feeds in a folder of the test."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from channels.contract import Account, Content, Desk, Outcome, Payload, Picture, Publisher, Remote
from channels.feed import Feed

BASE = "https://songvang.example/trang/phuong-song-vang/"
NOW = datetime(2026, 3, 20, 9, 5, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
WARD = Publisher("Ủy ban nhân dân phường Sông Vàng", "Phường Sông Vàng", "phuong-song-vang")
PICTURE = Picture("ab" * 32, "image/jpeg", 1200, 675, 54321, "Bà con họp tổ dân phố", BASE + "anh/abababababababab.jpg")


@dataclass
class Newsroom:
    """One office at its feeds: publishes, corrects, withdraws."""

    root: Path
    channel: Feed = field(default_factory=Feed)

    @property
    def account(self) -> Account:
        return Account("rss-1", "feed", "RSS phường", {"root": str(self.root), "base_url": BASE})

    def content(self, ref: str = "a1", title: str = "Lịch tiêm chủng tháng 3", **changes: object) -> Content:
        made = Content(
            ref=ref,
            title=title,
            lead="Trạm y tế mời bà con đưa trẻ đến tiêm đúng lịch.",
            body="Bắt đầu từ **7 giờ 30** ngày 22/3, xem [lịch](/lich/).\n\n- Tổ 1\n- Tổ 2",
            footer="Đường dây nóng: 0236 3 999 999",
            publisher=WARD,
            url=f"{BASE}bai/tin-{ref}/",
            campaign="Vì sức khỏe cộng đồng",
            theme="Chăm sóc sức khỏe nhân dân",
        )
        return replace(made, **changes)

    def desk(self, delivery: str, hours: float = 0) -> Desk:
        return Desk(delivery, NOW, NOW + timedelta(hours=hours), {}.__getitem__)

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

    def bytes_on_disk(self) -> dict[str, bytes]:
        return {p.relative_to(self.root).as_posix(): p.read_bytes() for p in self.root.rglob("*") if p.is_file()}


def remote(first: Outcome) -> Remote:
    return Remote(first.remote_id, first.permalink, "d1", NOW)


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path / "trang")
