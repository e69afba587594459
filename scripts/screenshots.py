"""Pictures of every console page at 1280 and 390 px, taken from a running installation, for docs/images/.

    python scripts/screenshots.py http://127.0.0.1:8000 canbo:matkhau nguoiduyet:matkhau quantri:matkhau

The sign-ins are those `make run` prints: officer, approver, administrator, in this order. Nothing is changed on the
way: pages of single rows are found by following the first link of their list. Fails when a page answers an error,
breaks the content security policy, writes an error to the browser's console, or is wider than the screen.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
SIZES = {"1280": (1280, 900), "390": (390, 844)}
LARGEST = 200_000  # bytes of one picture
COLOURS = (256, 128, 64, 32)  # fewer until the picture is small enough
OFFICER, APPROVER, ADMIN = range(3)


@dataclass(frozen=True, slots=True)
class Shot:
    """One page: who looks at it, where it is, or in which list its first link stands and which page of it is meant."""

    name: str
    who: int
    path: str
    first: str = ""  # start of the address of the row's page
    then: str = ""  # the end of the address of a page beside it


SHOTS = (
    Shot("hom-nay", OFFICER, "/hom-nay"),
    Shot("ke-hoach", OFFICER, "/ke-hoach"),
    Shot("mot-ke-hoach", OFFICER, "/ke-hoach", first="/ke-hoach/"),
    Shot("doi-chieu", OFFICER, "/ke-hoach", first="/ke-hoach/", then="/doi-chieu"),
    Shot("lap-chien-dich", OFFICER, "/ke-hoach", first="/ke-hoach/", then="/lap-chien-dich"),
    Shot("tien-do", OFFICER, "/ke-hoach", first="/ke-hoach/", then="/tien-do"),
    Shot("chien-dich", OFFICER, "/chien-dich"),
    Shot("mot-chien-dich", OFFICER, "/chien-dich", first="/chien-dich/"),
    Shot("nap-dinh-nghia", OFFICER, "/chien-dich/nap"),
    Shot("tin-bai", OFFICER, "/tin-bai"),
    Shot("soan-bai", OFFICER, "/tin-bai?trang-thai=draft", first="/tin-bai/"),
    Shot("bai-moi", OFFICER, "/tin-bai/moi"),
    Shot("cho-duyet", APPROVER, "/duyet"),
    Shot("duyet-bai", APPROVER, "/duyet", first="/duyet/"),
    Shot("lich", OFFICER, "/lich"),
    Shot("su-kien", OFFICER, "/su-kien"),
    Shot("mot-su-kien", OFFICER, "/su-kien", first="/su-kien/"),
    Shot("ngay", OFFICER, "/lich/ngay"),
    Shot("tam-dung", APPROVER, "/tam-dung"),
    Shot("lich-dien-thoai", OFFICER, "/lich/dien-thoai"),
    Shot("luot-dang", OFFICER, "/luot-dang"),
    Shot("mot-luot-dang", OFFICER, "/luot-dang?khi=tat-ca", first="/luot-dang/"),
    Shot("du-toan", OFFICER, "/du-toan"),
    Shot("mot-dong-du-toan", OFFICER, "/du-toan", first="/du-toan/"),
    Shot("kenh", ADMIN, "/kenh"),
    Shot("mot-kenh", ADMIN, "/kenh", first="/kenh/"),
)


def main() -> int:
    asked = arguments()
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=asked.chromium, args=["--no-sandbox"])
        troubles = [trouble for size in SIZES for trouble in take_all(browser, asked, size)]
        browser.close()
    for trouble in troubles:
        print(trouble, file=sys.stderr)
    return 1 if troubles else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("sign_ins", nargs=3, metavar="NAME:PASSWORD")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--full", action="store_true", help="the whole page, not one screen of it")
    parser.add_argument("--chromium", default=CHROMIUM)
    parser.add_argument("--only", default="", help="names, comma-separated")
    return parser.parse_args()


def take_all(browser: Browser, asked: argparse.Namespace, size: str) -> Iterator[str]:
    width, height = SIZES[size]
    window = {"viewport": {"width": width, "height": height}, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}
    only = set(filter(None, asked.only.split(",")))
    pages: dict[int, Page] = {}
    for who, sign_in in enumerate(asked.sign_ins):
        pages[who] = browser.new_context(**window).new_page()
        if who == OFFICER and not only:
            pages[who].goto(f"{asked.url}/dang-nhap")
            keep(pages[who], asked, f"dang-nhap-{size}")
        enter(pages[who], asked.url, sign_in)
    for shot in SHOTS:
        if not only or shot.name in only:
            yield from take(pages[shot.who], asked, shot, size)


def enter(page: Page, url: str, sign_in: str) -> None:
    name, _, password = sign_in.partition(":")
    page.goto(f"{url}/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/hom-nay")


def take(page: Page, asked: argparse.Namespace, shot: Shot, size: str) -> Iterator[str]:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    answer = page.goto(f"{asked.url}{shot.path}")
    if shot.first:
        address = first_of(page, shot.first)
        if address is None:
            yield f"{shot.name}-{size}: no row to show in {shot.path}"
            return
        answer = page.goto(asked.url + address + shot.then)
    if answer is None or not answer.ok:
        yield f"{shot.name}-{size}: {page.url} answered {answer.status if answer else 'nothing'}"
        return
    page.wait_for_load_state("networkidle")
    keep(page, asked, f"{shot.name}-{size}")
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        yield f"{shot.name}-{size}: wider than the screen"
    yield from (f"{shot.name}-{size}: {words}" for words in said)


def first_of(page: Page, start: str) -> str | None:
    """The address of the first link in the page's own part whose path is `start` and a number."""
    links = page.eval_on_selector_all("main a[href]", "links => links.map(link => link.getAttribute('href'))")
    return next((link for link in links if link.startswith(start) and link.removeprefix(start).isdecimal()), None)


def keep(page: Page, asked: argparse.Namespace, name: str) -> None:
    page.evaluate("document.activeElement && document.activeElement.blur()")
    picture = Image.open(io.BytesIO(page.screenshot(full_page=asked.full))).convert("RGB")
    (asked.out / f"{name}.png").write_bytes(small(picture))


def small(picture: Image.Image) -> bytes:
    """The picture as PNG with as many colours as fit into `LARGEST` bytes."""
    data = b""
    for colours in COLOURS:
        out = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        data = out.getvalue()
        if len(data) <= LARGEST:
            break
    return data


if __name__ == "__main__":
    sys.exit(main())
