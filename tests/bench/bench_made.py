"""Made pictures: one card, a series of fifteen, a poster, beside what merely writing such a JPEG takes.

    .venv/bin/python -m tests.bench.bench_made

Seconds of one core, so that what else runs on the machine counts little. Exits 1 above the goals: a card 20 ms, a
series 1 s, a poster 1 s; the title card is told only.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable
from itertools import count

from PIL import Image

from assets.cards import card
from assets.made.contents import Item, Sheet
from assets.made.formats import A3
from assets.made.layouts import LAYOUTS
from assets.made.lists import Entry, series
from assets.made.making import Look, paper, picture, seen, small

REPEATS = 15
TEXT = "Chụp giấy tờ bằng điện thoại, nộp trên Cổng dịch vụ công, nhận kết quả qua bưu điện."
GOALS = {"card": 0.020, "series of 15 and its cover": 1.0, "poster A3, PDF": 1.0}  # seconds
_number = count()


def look(layout: str = "river") -> Look:
    return Look("UBND phường Sông Vàng", layout, "#0b6e4f", footer="Đường dây nóng 0290 3 123 456")


def one_card(layout: str) -> bytes:
    return picture(Item(next(_number) % 15 + 1, 15, f"Nộp hồ sơ tại nhà {next(_number)}", TEXT), look(layout)).data


def whole_series() -> None:
    entries = [Entry(f"Việc {number} của ứng dụng {next(_number)}", TEXT) for number in range(15)]
    for content in series("15 việc", entries)[0]:
        picture(content, look("drum"))


def poster() -> bytes:
    points = ("Thùng xanh: rác hữu cơ", "Thùng vàng: rác còn lại", TEXT)
    sheet = Sheet(f"Ba thùng, ba màu {next(_number)}", TEXT, points, "https://songvang.example/bai/rac")
    return paper(sheet, look("drum"), A3, marks=True).data


def bare_jpeg() -> None:
    flat.save(io.BytesIO(), "JPEG", quality=90, subsampling=0)


def median(work: Callable[[], object], repeats: int = REPEATS) -> tuple[float, float, float]:
    """Middle, least and most seconds of CPU."""
    work()
    taken = []
    for _ in range(repeats):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return statistics.median(taken), min(taken), max(taken)


flat = Image.open(io.BytesIO(one_card("river")))
flat.load()


def main() -> int:
    pdf, jpeg = poster(), one_card("river")
    layouts = {name: median(lambda name=name: one_card(name)) for name in LAYOUTS}
    rows = {
        "card": sorted(layouts.values())[len(layouts) // 2],
        **{f"card, {name}": taken for name, taken in layouts.items()},
        "of it, writing the JPEG": median(bare_jpeg),
        "series of 15 and its cover": median(whole_series, 5),
        "poster A3, PDF": median(poster, 7),
        "its picture, 900 pixels": median(lambda: seen(pdf, 900, "image/jpeg"), 7),
        "a card brought down for a preview": median(lambda: small(jpeg)),
        "title card (1200 × 630, drawn twice as large)": median(
            lambda: card(f"Ngày hội chuyển đổi số {next(_number)}", "Phường Sông Vàng", accent="#0b6e4f"), 5
        ),
    }
    missed = 0
    for name, (middle, least, most) in rows.items():
        goal = GOALS.get(name)
        missed += goal is not None and middle > goal
        asked = f"  goal {goal * 1000:.0f} ms{'' if middle <= goal else '  MISSED'}" if goal else ""
        print(f"{name:46} {middle * 1000:8.1f} ms  [{least * 1000:.1f}–{most * 1000:.1f}]{asked}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
