"""The pictures of README and guide, docs/images/: a ward of its own is started, filled (scripts/scene.py), looked at in
Chromium at 1280 and 390 px, and stopped again.

    .venv/bin/python scripts/screenshots.py                       # what the documents show
    .venv/bin/python scripts/screenshots.py --all --out /tmp/all  # every page of the list below
    .venv/bin/python scripts/screenshots.py --only loa,kenh --all --out /tmp/some

Pages of single rows are found by following the first link of their list. Fails when a page answers an error, breaks
the content security policy, writes an error to the browser's console or is wider than the screen, and when a document
shows a picture that nobody makes. Pages of recorded sound need espeak-ng and ffmpeg.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from made_samples import samples
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from publisher.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = "/usr/bin/chromium"
SIZES = {"1280": (1280, 900), "390": (390, 844)}
LARGEST = 110_000  # bytes of one picture
COLOURS = (256, 128, 64, 32)  # fewer until the picture is small enough
OFFICER, APPROVER, ADMIN, OPERATOR, PUBLIC = "canbo", "nguoiduyet", "quantri", "vanhanh", ""
ROLES = {"officer": OFFICER, "approver": APPROVER, "admin": ADMIN, "operator": OPERATOR}
SITE = "/trang/phuong-song-vang/"


@dataclass(frozen=True, slots=True)
class Shot:
    """One page: who looks at it, where it is, or in which list its first link stands and which page of it is meant."""

    name: str
    who: str
    path: str
    first: str = ""  # start of the address of the row's page, which ends in a number
    then: str = ""  # the end of the address of a page beside it
    link: str = ""  # words of the link to follow instead
    whole: bool = False  # the whole page, not one screen of it


SHOTS = (
    Shot("dang-nhap", PUBLIC, "/dang-nhap"),
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
    Shot("soan-bai", OFFICER, "/tin-bai?trang-thai=draft", link="Mời bà con gửi câu hỏi"),
    Shot("bai-moi", OFFICER, "/tin-bai/moi"),
    Shot("thu-vien-anh", OFFICER, "/anh"),
    Shot("anh", OFFICER, "/anh", link="Tranh vẽ ba thùng", whole=True),
    Shot("lam-anh", OFFICER, "/tin-bai?trang-thai=draft", link="5 tiện ích"),
    Shot("lam-anh-mau-don-vi", ADMIN, "/lam-anh/mau"),
    Shot("cho-duyet", APPROVER, "/duyet"),
    Shot("duyet-bai", APPROVER, "/duyet", first="/duyet/"),
    Shot("loa", OPERATOR, "/loa"),
    Shot("loa-lich-tuan", OPERATOR, "/loa/lich"),
    Shot("loa-nhat-ky", OPERATOR, "/loa/nhat-ky"),
    Shot("loa-ip", ADMIN, "/loa/dia-chi"),
    Shot("lich", OFFICER, "/lich", link="Tháng sau"),
    Shot("cac-su-kien", OFFICER, "/su-kien"),
    Shot("su-kien", OFFICER, "/su-kien", link="Ngày hội chuyển đổi số"),
    Shot("ngay", OFFICER, "/lich/ngay"),
    Shot("tam-dung", APPROVER, "/tam-dung"),
    Shot("lich-dien-thoai", OFFICER, "/lich/dien-thoai"),
    Shot("luot-dang", OFFICER, "/luot-dang"),
    Shot("mot-luot-dang", OFFICER, "/luot-dang?khi=tat-ca", first="/luot-dang/"),
    Shot("chua-ro", OFFICER, "/luot-dang/chua-ro"),
    Shot("du-toan", OFFICER, "/du-toan"),
    Shot("mot-dong-du-toan", OFFICER, "/du-toan", first="/du-toan/"),
    Shot("kenh", ADMIN, "/kenh"),
    Shot("mot-kenh", ADMIN, "/kenh", first="/kenh/"),
    Shot("them-kenh", ADMIN, "/kenh/moi"),
    Shot("nhan-dien", ADMIN, "/kenh/nhan-dien"),
    Shot("nhan-tin", ADMIN, "/nhan-tin"),
    Shot("thong-bao", APPROVER, "/thong-bao"),
    Shot("trang-cong-khai", PUBLIC, SITE),
    Shot("trang-bai-viet", PUBLIC, SITE, link="Nộp hồ sơ tại nhà"),
    Shot("trang-tim-kiem", PUBLIC, f"{SITE}tim-kiem/?q=duong"),
    Shot("trang-su-kien", PUBLIC, f"{SITE}su-kien/"),
    Shot("trang-lien-he", PUBLIC, f"{SITE}lien-he/"),
)


@dataclass(slots=True)
class Album:
    """Where pictures go, and which of those that are taken are kept."""

    out: Path
    wanted: set[str] | None  # file names; None: all
    only: set[str] = field(default_factory=set)  # names of shots; empty: all
    kept: set[str] = field(default_factory=set)

    def wants(self, name: str) -> bool:
        return self.wanted is None or name in self.wanted

    def add(self, name: str, data: bytes) -> None:
        (self.out / name).write_bytes(data)
        self.kept.add(name)


def main() -> int:
    asked = arguments()
    asked.out.mkdir(parents=True, exist_ok=True)
    album = Album(asked.out, None if asked.all else shown(), set(filter(None, asked.only.split(","))))
    for name, data in samples() if not album.only else ():
        if album.wants(name):
            album.add(name, data)
    with sync_playwright() as driver, running_ward() as (url, passwords):
        browser = driver.chromium.launch(executable_path=asked.chromium, args=["--no-sandbox"])
        troubles = [words for size in SIZES for words in take_all(browser, album, url, passwords, size)]
        browser.close()
    if not asked.all and not album.only:
        troubles += [f"{name}: shown, but nobody makes it" for name in sorted(shown() - album.kept)]
    for trouble in troubles:
        print(trouble, file=sys.stderr)
    return 1 if troubles else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--all", action="store_true", help="also what no document shows")
    parser.add_argument("--only", default="", help="names of pages, comma-separated")
    parser.add_argument("--chromium", default=CHROMIUM)
    return parser.parse_args()


def shown() -> set[str]:
    """The names of the pictures that documents show."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    return {name for page in pages for name in re.findall(r"\((?:docs/)?images/([a-z0-9.-]+)\)", page.read_text())}


@contextmanager
def running_ward() -> Iterator[tuple[str, dict[str, str]]]:
    """Address and passwords by user name of an installation of its own, filled and at work."""
    with tempfile.TemporaryDirectory(prefix="publisher-pictures-") as var:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("PUBLISHER_")}
        given = plain | {"PUBLISHER_VAR_DIR": var, "PORT": str(free_port())}
        publisher = subprocess.Popen(
            [sys.executable, "-m", "publisher", "run"], cwd=ROOT, env=given, stdout=subprocess.PIPE, text=True
        )
        try:
            next((line for line in publisher.stdout or () if "Ctrl-C" in line), None)
            subprocess.run([sys.executable, ROOT / "scripts" / "scene.py"], cwd=ROOT, env=given, check=True)  # noqa: S603
            made = json.loads((Path(var) / "secrets" / "sign-ins.json").read_text())
            yield f"http://127.0.0.1:{given['PORT']}", {name: made[role] for role, name in ROLES.items()}
        finally:
            publisher.send_signal(signal.SIGTERM)
            publisher.communicate()


def take_all(browser: Browser, album: Album, url: str, passwords: dict[str, str], size: str) -> Iterator[str]:
    width, height = SIZES[size]
    pages: dict[str, Page] = {}
    for shot in SHOTS:
        wanted = album.wants(f"{shot.name}-{size}.png") and (not album.only or shot.name in album.only)
        if not wanted:
            continue
        if shot.who not in pages:
            pages[shot.who] = browser.new_context(
                viewport={"width": width, "height": height}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
            ).new_page()
            if shot.who != PUBLIC:
                enter(pages[shot.who], url, shot.who, passwords[shot.who])
        yield from take(pages[shot.who], album, url, shot, size)


def enter(page: Page, url: str, name: str, password: str) -> None:
    page.goto(f"{url}/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/hom-nay")


def take(page: Page, album: Album, url: str, shot: Shot, size: str) -> Iterator[str]:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    answer = page.goto(f"{url}{shot.path}")
    if shot.first or shot.link:
        address = first_of(page, shot)
        if address is None:
            yield f"{shot.name}-{size}: no row to show in {shot.path}"
            return
        answer = page.goto(address + shot.then)
    if answer is None or not answer.ok:
        yield f"{shot.name}-{size}: {page.url} answered {answer.status if answer else 'nothing'}"
        return
    if shot.name == "lam-anh":
        page.goto(f"{url}/lam-anh?bai={page.url.rsplit('/', 1)[1]}")
    page.wait_for_load_state("networkidle")
    keep(page, album, f"{shot.name}-{size}.png", shot.whole)
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        yield f"{shot.name}-{size}: wider than the screen"
    yield from (f"{shot.name}-{size}: {words}" for words in said)


def first_of(page: Page, shot: Shot) -> str | None:
    """The address of the first link of the page's own part that the shot means."""
    links = page.eval_on_selector_all(
        "main a[href]", "links => links.map(link => [link.href, link.pathname, link.text])"
    )
    for address, path, words in links:
        if shot.link and shot.link in words:
            return str(address)
        if shot.first and path.startswith(shot.first) and path.removeprefix(shot.first).isdecimal():
            return str(address)
    return None


def keep(page: Page, album: Album, name: str, whole: bool) -> None:
    page.evaluate("document.activeElement && document.activeElement.blur()")
    album.add(name, small(Image.open(io.BytesIO(page.screenshot(full_page=whole))).convert("RGB")))


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
