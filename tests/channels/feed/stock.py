"""Many items at once, as an office has them after years: records straight to disk, everything else made of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from channels.contract import Account, Content, Publisher
from channels.feed import Feed, Shelf, regenerate
from channels.feed.index import FOLDER, VERSION, key
from channels.files import Batch
from channels.standing import stamp

BASE = "https://songvang.example/trang/phuong-song-vang/"
WARD = Publisher("Ủy ban nhân dân phường Sông Vàng", "Phường Sông Vàng", "phuong-song-vang")
BEGIN = datetime(2022, 1, 3, 7, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
CAMPAIGNS, THEMES = 40, 12  # among which the items are spread


def content(number: int) -> Content:
    return Content(
        ref=f"n{number}",
        title=f"Tin số {number}",
        lead="Trạm y tế mời bà con đưa trẻ đến tiêm đúng lịch.",
        body=f"Xem [lịch](/lich/{number}/) từ **7 giờ 30**.\n\n- Tổ 1\n- Tổ 2\n\n" + "Bà con giữ sạch đường. " * 40,
        footer="Đường dây nóng: 0236 3 999 999",
        publisher=WARD,
        url=f"{BASE}bai/tin-n{number}/",
        campaign=f"Chiến dịch {number % CAMPAIGNS}",
        theme=f"Nội dung {number % THEMES}",
    )


def account(root: Path) -> Account:
    return Account("rss-1", "feed", "RSS phường", {"root": str(root), "base_url": BASE})


def at(number: int) -> datetime:
    return BEGIN + timedelta(hours=number)


def stocked(root: Path, count: int, made: Callable[[int], Content] = content) -> Shelf:
    """A shelf with `count` items published one an hour, all documents in place."""
    shelf, channel = Shelf(root, BASE, BASE), Feed()
    for start in range(0, count, 500):
        with Batch(root) as batch:
            for number in range(start, min(start + 500, count)):
                payload = channel.shape(made(number), account(root))
                when = stamp(at(number))
                batch.put_json(
                    f"{FOLDER}/items/{key(payload.body['guid'])}.json",
                    {
                        "version": VERSION,
                        "guid": payload.body["guid"],
                        "published": when,
                        "updated": when,
                        "withdrawn": "",
                        "deliveries": [{"ref": f"d{number}", "digest": payload.digest, "at": when, "sha256": ""}],
                        "body": dict(payload.body),
                    },
                )
    regenerate(shelf)
    return shelf
