"""A whole public site of an invented ward, written by the channel itself, and the web server that shows it.

with served(tmp_path) as (folder, address):      # nginx, set up as deploy/nginx.conf says
    make(folder, address)                        # http://127.0.0.1:41234/trang/phuong-song-vang/
"""

from __future__ import annotations

import hashlib
import io
import math
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw, ImageFilter

from channels.contract import Account, Content, Desk, Picture, Publisher, Remote, Sound, Variant
from channels.page import Emblem, Frame, Page, Site, Upcoming, article_url, lay_out
from tests.processes import ROOT
from tests.services import LOOPBACK, MissingPackage, free_port, stop_process, wait_until

SLUG = "phuong-song-vang"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 3, 20, 9, 5, tzinfo=ZONE)
WARD = Publisher(
    name="Ủy ban nhân dân phường Sông Vàng",
    short_name="Phường Sông Vàng",
    slug=SLUG,
    address="12 đường Bến Đò, phường Sông Vàng, thành phố Lạc An",
    hotline="0236 3 999 999",
    email="ubnd@songvang.example",
)
FORMS = {"JPEG": "image/jpeg", "WEBP": "image/webp", "AVIF": "image/avif"}
HEALTH, DIGITAL, ROADS = "Vì sức khỏe cộng đồng", "Phường số gần dân", "Đường sạch, ngõ đẹp"

Article = tuple[str, str, str, str, bool]  # title, lead, campaign, theme, with a picture
ARTICLES: tuple[Article, ...] = (
    ("Họp tổ dân phố số 4 bàn việc lắp đèn ngõ 12", "Tối thứ sáu, mời đại diện mỗi hộ dự họp.", ROADS, "", False),
    ("Mở lớp học bơi miễn phí cho trẻ em dịp hè", "Lớp nhận 60 em từ 7 đến 12 tuổi.", HEALTH, "Chăm sóc trẻ em", True),
    ("Cách nhận biết cuộc gọi mạo danh cán bộ phường", "Cán bộ không yêu cầu chuyển tiền qua điện thoại.", DIGITAL,
     "Phòng chống lừa đảo trên mạng", False),
    ("Thu gom rác cồng kềnh vào chủ nhật cuối tháng", "Bà con để đồ cũ trước ngõ trước 7 giờ sáng.", ROADS, "", True),
    ("Nộp hồ sơ khai sinh tại nhà: năm bước đơn giản", "Không phải đến trụ sở, kết quả gửi qua bưu điện.", DIGITAL,
     "Dịch vụ công trực tuyến", True),
    ("Lịch tiêm chủng mở rộng tháng 3 tại trạm y tế phường", "Trạm y tế mời bà con đưa trẻ đến tiêm đúng lịch vào "
     "các ngày 22 và 23/3. Khi đi nhớ mang theo sổ tiêm chủng và giấy khai sinh của cháu.", HEALTH, "Chăm sóc trẻ em",
     True),
)  # fmt: skip
ROAD = "Sửa đường Bến Đò: cấm xe tải từ ngày 25/3 đến hết ngày 10/4"
STORM = "Tạm dừng đò ngang qua sông Vàng vì gió mạnh cấp 6"
WORDS = """Bắt đầu từ **7 giờ 30** ngày 22/3, trạm tiêm lần lượt theo tổ dân phố để bà con không phải chờ lâu. \
Cháu nào đang sốt thì hoãn sang buổi sau.

## Lịch theo tổ

| Buổi | Tổ dân phố | Nơi tiêm |
|---|---|---|
| Sáng 22/3 | Tổ 1, tổ 2, tổ 3 | Trạm y tế phường |
| Chiều 22/3 | Tổ 4, tổ 5 | Trạm y tế phường |
| Sáng 23/3 | Tổ 6 và trẻ tạm trú | Nhà văn hóa tổ 6 |

## Cần mang theo

- Sổ tiêm chủng của cháu
- Giấy khai sinh hoặc mã định danh
- Nước uống, quần áo rộng tay

> Sau khi tiêm, ở lại trạm 30 phút để theo dõi. Về nhà, nếu cháu sốt cao trên 39 độ, hãy gọi ngay cho trạm.

Xem thêm [hướng dẫn theo dõi sau tiêm](https://yte.example/theo-doi-sau-tiem)."""


@dataclass
class Press:
    """Writes articles into one site as the publisher would."""

    folder: Path
    base_url: str
    media: dict[str, bytes] = field(default_factory=dict)
    channel: Page = field(default_factory=Page)

    @property
    def account(self) -> Account:
        return Account("trang-1", "page", "Trang phường", {"root": str(self.folder), "base_url": self.base_url})

    def keep(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        self.media[digest] = data
        return digest

    def desk(self, delivery: str, at: datetime) -> Desk:
        return Desk(delivery, at, at, self.media.__getitem__)

    def publish(self, ref: str, title: str, at: datetime, **more: object) -> Remote:
        given = {"lead": "", "body": "Chi tiết xin hỏi tổ trưởng tổ dân phố.", "footer": "", **more}
        content = Content(ref, title, publisher=WARD, url=article_url(self.base_url, title, ref), **given)  # type: ignore[arg-type]
        done = self.channel.send(self.channel.shape(content, self.account), self.account, self.desk(f"d-{ref}", at))
        return Remote(done.remote_id, done.permalink, f"d-{ref}", at)

    def correct(self, first: Remote, ref: str, title: str, at: datetime, **more: object) -> None:
        content = Content(ref, title, publisher=WARD, url=first.permalink, **more)  # type: ignore[arg-type]
        shaped = self.channel.shape(content, self.account)
        self.channel.update(first, shaped, self.account, self.desk(f"e-{ref}", at))

    def picture(self, number: int, alt: str) -> Picture:
        photo = landscape(number)
        made = [
            Variant("width", self.keep(data), FORMS[form], size[0], size[1], len(data))
            for form, width in (("AVIF", 480), ("WEBP", 480), ("AVIF", 960), ("WEBP", 960))
            for data, size in [encoded(photo, form, (width, round(width * photo.height / photo.width)))]
        ]
        card, size = encoded(photo.crop((0, 0, 1200, 630)), "JPEG", (1200, 630))
        made.append(Variant("share", self.keep(card), "image/jpeg", *size, len(card)))
        data, size = encoded(photo, "JPEG", photo.size)
        return Picture(self.keep(data), "image/jpeg", *size, len(data), alt, "", "Văn phòng UBND phường", tuple(made))


def make(folder: Path, base_url: str, older: int = 24, frame: Frame | None = None, emblem: bytes = b"") -> Press:
    """Some forty articles over three months: corrected, withdrawn, urgent, with pictures and a recording."""
    press = Press(folder, base_url)
    shown = Emblem(press.keep(emblem), "image/png") if emblem else None
    lay_out(Site(folder, base_url), frame or brand(emblem=shown), press.media.__getitem__)
    for number in range(older):
        at = NOW - timedelta(days=80 - 2 * number)
        campaign = (HEALTH, DIGITAL, ROADS, "")[number % 4]
        press.publish(f"cu{number}", f"Bản tin phường số {number + 1}", at, lead="Việc tuần qua, việc tuần tới.",
                      campaign=campaign)  # fmt: skip
    for number, (title, lead, campaign, theme, pictured) in enumerate(ARTICLES):
        pictures = (press.picture(number, f"Ảnh minh họa: {title}"),) if pictured else ()
        last = title == ARTICLES[-1][0]
        sound = Sound(press.keep(silence()), "audio/mpeg", len(silence()), 95) if last else None
        if last:
            pictures = (*pictures, press.picture(8, "Bàn tiếp nhận của trạm"), press.picture(9, "Góc chờ"))
        given = {
            "lead": lead, "campaign": campaign, "theme": theme, "pictures": pictures, "sound": sound,
            "body": WORDS if last else "Bà con quan tâm xin liên hệ bộ phận một cửa của phường.",
            "footer": f"Đường dây nóng: {WARD.hotline}\nĐịa chỉ: {WARD.address}",
        }  # fmt: skip
        at = NOW - timedelta(days=len(ARTICLES) - number)
        first = press.publish(f"a{number}", title, at, **given)
        if last:
            press.correct(
                first,
                f"a{number}",
                title,
                at + timedelta(hours=5),
                **{**given, "body": WORDS.replace("**7 giờ 30**", "**7 giờ**")},
            )
    gone = press.publish("rut", "Tin đã rút", NOW - timedelta(hours=3))
    press.channel.withdraw(gone, press.account, press.desk("g", NOW - timedelta(hours=2)))
    press.publish("duong", ROAD, NOW - timedelta(hours=1), campaign=ROADS, lead="Xe máy, xe con đi một làn; xe tải đi "
                  "đường tránh phía nam.", pictures=(press.picture(6, "Rào chắn ở đầu đường Bến Đò"),))  # fmt: skip
    press.publish("khan", STORM, NOW, lead="Đò nghỉ từ 10 giờ đến khi có tin mới.", urgent=True)
    return press


def brand(accent: str = "#9c1c1c", emblem: Emblem | None = None) -> Frame:
    coming = (
        Upcoming("Đối thoại giữa Chủ tịch UBND phường và thanh niên", "2026-03-26T08:00:00+07:00",
                 "2026-03-26T11:00:00+07:00", "Hội trường UBND phường"),
        Upcoming("Ngày hội hiến máu", "2026-04-02T07:30:00+07:00", "", "Nhà văn hóa tổ 6", cancelled=True),
        Upcoming("Tuần lễ vệ sinh môi trường", "2026-04-06T00:00:00+07:00", "2026-04-12T00:00:00+07:00"),
    )  # fmt: skip
    return Frame(WARD.name, WARD.short_name, WARD.address, WARD.hotline, WARD.email, accent, emblem,
                 "https://songvang.example/gop-y", "https://songvang.example/nhan-tin", coming)  # fmt: skip


def landscape(number: int) -> Image.Image:
    """A river under hills, 1600 × 1000, another light for each number."""
    hue = (number * 47) % 360
    sky = Image.linear_gradient("L").resize((1600, 1000))
    photo = Image.merge("HSV", (Image.new("L", sky.size, hue * 255 // 360), sky.point(lambda v: 150 - v // 2),
                                sky.point(lambda v: 170 + v // 3))).convert("RGB")  # fmt: skip
    draw = ImageDraw.Draw(photo)
    draw.ellipse((1080, 180, 1280, 380), "#fff1cf")
    for far in range(4):
        edge = [(x, 480 + far * 95 + 70 * math.sin(x / (170 + 45 * far) + far + number)) for x in range(0, 1601, 8)]
        draw.polygon([(0, 1000), *edge, (1600, 1000)], f"hsl({(hue + 150 + far * 9) % 360}, 38%, {52 - far * 11}%)")
    return photo.filter(ImageFilter.GaussianBlur(1.2))


def encoded(photo: Image.Image, form: str, size: tuple[int, int]) -> tuple[bytes, tuple[int, int]]:
    written = io.BytesIO()
    fast = {"AVIF": {"quality": 55, "speed": 9}, "WEBP": {"quality": 76, "method": 2}}.get(form, {"quality": 84})
    photo.resize(size).save(written, form, **fast)
    return written.getvalue(), size


def silence() -> bytes:
    """Two seconds of it as MPEG-1 layer III: frames of 32 kbit/s at 32 kHz, 144 bytes each, that say nothing."""
    return (bytes((0xFF, 0xFB, 0x18, 0xC4)) + bytes(140)) * 55


@contextmanager
def served(place: Path) -> Iterator[tuple[Path, str]]:
    """nginx as deploy/nginx.conf sets it up, on a free port: the folder of the site and its address."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        raise MissingPackage("nginx is not installed: run scripts/system-packages as root, or install 'nginx-light'")
    port, run, folder = free_port(), place / "nginx", place / "trang" / SLUG
    run.mkdir()
    folder.mkdir(parents=True)
    ours = {
        " /tmp/": f" {run}/",
        "/etc/publisher/": f"{run}/",
        "/srv/site": str(place),
        "proxy_pass http://web:8000": "return 404",
    }
    for name in ("nginx.conf", "site.conf"):
        written = (ROOT / "deploy" / name).read_text().replace("listen 8080", f"listen {LOOPBACK}:{port}")
        for given, wanted in ours.items():
            written = written.replace(given, wanted)
        head = "user root;\n" if name == "nginx.conf" and os.geteuid() == 0 else ""  # the test's folder is its own
        (run / name).write_text(head + written)
    command = [nginx, "-p", run, "-c", run / "nginx.conf", "-e", "stderr", "-g", "daemon off;"]
    with (run / "log").open("wb") as log:
        process = subprocess.Popen(command, stderr=log)
    try:
        wait_until(lambda: process.poll() is not None or (run / "nginx.pid").exists(), "nginx")
        assert process.poll() is None, (run / "log").read_text()
        yield folder, f"http://{LOOPBACK}:{port}/trang/{SLUG}/"
    finally:
        stop_process(process)
