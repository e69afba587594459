"""A public site of 10,000 articles: one publication more, everything made again, and what either touches.

    .venv/bin/python -m tests.bench.bench_site [--articles 10000] [--keep FOLDER]

Exits 1 when a goal is missed. What a publication costs is set beside the same on a site of 100.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image

from channels.contract import Account, Content, Desk, Picture, Publisher, Remote
from channels.files import Batch
from channels.page import Frame, Page, Site, article_url, lay_out, rebuild, verify
from channels.page.catalogue import lists_of
from channels.page.register import NAME
from channels.standing import stamp

PUBLISH_GOAL, REBUILD_GOAL = 0.3, 60.0  # seconds
SMALL, ONES = 100, 9  # articles of the small site; publications measured
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST = datetime(2022, 1, 3, 8, tzinfo=ZONE)
BASE = "https://songvang.example/trang/phuong-song-vang/"
WARD = Publisher(
    "Ủy ban nhân dân phường Sông Vàng", "Phường Sông Vàng", "phuong-song-vang", "12 Bến Đò", "0236 3 999 999"
)
FRAME = Frame(WARD.name, WARD.short_name, WARD.address, WARD.hotline)
TOPICS = ("tiêm chủng", "thu gom rác", "dịch vụ công", "phòng cháy", "đường Bến Đò", "nước sạch", "bảo hiểm y tế")
SENTENCE = "Bà con mang theo giấy tờ đến nhà văn hóa tổ dân phố, có cán bộ phường hướng dẫn từng việc một. "


def picture() -> tuple[Picture, bytes]:
    made = io.BytesIO()
    Image.new("RGB", (1200, 630), "teal").save(made, "JPEG")
    data = made.getvalue()
    sha256 = hashlib.sha256(data).hexdigest()
    return Picture(sha256, "image/jpeg", 1200, 630, len(data), "Bà con họp tổ dân phố"), data


PICTURE, BYTES = picture()


class Office:
    def __init__(self, root: Path) -> None:
        self.root, self.page = root, Page()
        self.site = Site(root, BASE)
        self.account = Account("1", "page", "Trang", {"root": str(root), "base_url": BASE})

    def content(self, number: int) -> Content:
        title = f"Tin {number}: {TOPICS[number % len(TOPICS)]} ở tổ dân phố {number % 41 + 1}"
        return Content(
            ref=f"t{number:06}",
            title=title,
            lead=f"Phường mời bà con tổ {number % 41 + 1} xem lịch {TOPICS[number % len(TOPICS)]} trong tuần.",
            body="\n\n".join([SENTENCE * 4] * 5),
            footer="Đường dây nóng: 0236 3 999 999",
            publisher=WARD,
            url=article_url(BASE, title, f"t{number:06}"),
            campaign=f"Chiến dịch {number % 3}",
            theme=f"Nội dung tuyên truyền {number % 4}",
            pictures=(PICTURE,),
        )

    def publish(self, number: int) -> None:
        payload = self.page.shape(self.content(number), self.account)
        at = FIRST + timedelta(hours=4 * number)
        self.page.send(payload, self.account, Desk(f"d{number}", at, at, {PICTURE.sha256: BYTES}.__getitem__))

    def withdraw(self, number: int) -> None:
        path = self.page.shape(self.content(number), self.account).body["path"]
        at = FIRST + timedelta(hours=4 * number, minutes=30)
        self.page.withdraw(Remote(path, BASE + path, "d", at), self.account, Desk("w", at, at, lambda sha256: b""))

    def found(self, articles: int) -> None:
        """So many articles as records, as a backup holds them: everything else is made from these."""
        lay_out(self.site, FRAME, lambda sha256: b"")
        for first in range(0, articles, 500):
            with Batch(self.root) as batch:
                for number in range(first, min(first + 500, articles)):
                    self.put_record(batch, number)
        with Batch(self.root) as batch:
            batch.put(f"anh/{PICTURE.sha256[:16]}.jpg", BYTES)

    def put_record(self, batch: Batch, number: int) -> None:
        payload = self.page.shape(self.content(number), self.account)
        body, at = payload.body, stamp(FIRST + timedelta(hours=4 * number))
        mark = {"ref": f"d{number}", "digest": payload.digest, "at": at, "sha256": ""}
        record = {"version": 2, "ref": body["ref"], "path": body["path"], "published": at, "withdrawn": ""}
        record |= {"deliveries": [mark], "body": body, "page_sha256": ""}
        assert lists_of(record)
        batch.put_json(f"{body['path']}bai.json", record)

    def state(self) -> dict[Path, tuple[int, int]]:
        """(modification time, size) of every file but the register, which is one more."""
        found = (path for path in self.root.rglob("*") if path.is_file() and not path.name.startswith(NAME))
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in found}


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def changed(office: Office, work: Callable[[], object]) -> int:
    before = office.state()
    work()
    after = office.state()
    return sum(before.get(path) != known for path, known in after.items()) + len(before.keys() - after.keys())


def one_more(office: Office, articles: int) -> tuple[float, int]:
    """Median seconds of a publication after the first, which fills the file cache, and the files of one more."""
    office.publish(articles)
    took = [timed(lambda number=number: office.publish(number)) for number in range(articles + 1, articles + ONES)]  # type: ignore[misc]
    return statistics.median(took), changed(office, lambda: office.publish(articles + ONES))


def measured(root: Path, articles: int) -> list[str]:
    """Prints the figures; returns the goals missed."""
    small, large = Office(root / "small"), Office(root / "large")
    small.found(SMALL)
    rebuild(small.site)
    few, few_files = one_more(small, SMALL)
    large.found(articles)
    began = cpu()
    first = timed(lambda: rebuild(large.site))
    used = cpu() - began
    files = len(large.state())
    idle = 0.0

    def again() -> None:
        nonlocal idle
        idle = timed(lambda: rebuild(large.site))

    written = changed(large, again)
    many, many_files = one_more(large, articles)
    down = timed(lambda: large.withdraw(articles // 2))
    looking = timed(lambda: None if not verify(large.site) else sys.exit("verify found faults"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"one more at {articles:,}: {many * 1000:.0f} ms, {many_files} files and the register")
    print(f"one more at {SMALL}: {few * 1000:.0f} ms, {few_files} files and the register ({many / few:.1f} times)")
    print(f"one withdrawn at {articles:,}: {down * 1000:.0f} ms")
    print(f"all made from the records: {first:.1f} s, CPU {used:.1f} s, {files:,} files")
    print(f"made again with nothing changed: {idle:.1f} s, {written} files written")
    print(f"every file looked at: {looking:.1f} s; peak memory {peak:.0f} MB")
    goals = {
        f"one more under {PUBLISH_GOAL * 1000:.0f} ms": many < PUBLISH_GOAL,
        "as many files as on a small site": many_files <= few_files,
        f"all made under {REBUILD_GOAL:.0f} s": first < REBUILD_GOAL,
        "nothing written when nothing changed": written == 0,
    }
    for goal, met in goals.items():
        print(f"{'PASS' if met else 'FAIL'}  {goal}")
    return [goal for goal, met in goals.items() if not met]


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--articles", type=int, default=10_000)
    asked.add_argument("--keep", type=Path, help="folder the sites are made in and left")
    given = asked.parse_args()
    if given.keep:
        return 1 if measured(given.keep, given.articles) else 0
    with tempfile.TemporaryDirectory() as folder:
        return 1 if measured(Path(folder), given.articles) else 0


if __name__ == "__main__":
    sys.exit(main())
