"""A receiver as an office would write it: it checks the signature and drops what it has had."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from channels.contract import Account, Content, Desk, Picture, Publisher
from channels.webhook import verify

SECRET = "khoa-ky-cua-cong-thong-tin"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass
class Receiver:
    """`answers`: what it says next, (status, headers, body); afterwards 200. "silent" keeps the post and hangs up."""

    url: str = ""
    secrets: list[str] = field(default_factory=lambda: [SECRET])
    answers: list[Any] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)

    def take(self, headers: dict[str, str], body: bytes) -> Any:
        self.heard.append((headers, body))
        if not verify(headers, self.secrets, body, time.time()):
            return 401, {}, b"bad signature"
        message = json.loads(body)
        if message["action"] != "ping":
            self.kept.setdefault(headers["x-tincoso-delivery"], message)
        return self.answers.pop(0) if self.answers else (200, {}, b"")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    held = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = held.take({name.lower(): value for name, value in self.headers.items()}, body)
            if answer == "silent":
                self.close_connection = True
                return
            status, headers, said = answer
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(said))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.url = f"http://127.0.0.1:{server.server_port}/nhan?ma=bi-mat-trong-dia-chi"
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield held
    server.shutdown()
    server.server_close()


@pytest.fixture
def account(receiver: Receiver) -> Account:
    return Account("7", "webhook", "Cổng thông tin", {"url": receiver.url}, {"secret": SECRET})


@pytest.fixture
def desk() -> Desk:
    now = datetime.now(ZONE)
    return Desk("luot-1", now - timedelta(minutes=5), now, {}.__getitem__, timeout=(1.0, 1.0))


@pytest.fixture
def content() -> Callable[..., Content]:
    ward = Publisher("Ủy ban nhân dân phường Sông Vàng", "UBND phường Sông Vàng", "song-vang")
    plain = Content(
        ref="bai7k2",
        title="Ngày hội đọc sách",
        lead="Sáng thứ bảy, thư viện phường mở cửa.",
        body="Bạn đọc được **mượn sách miễn phí**.",
        footer="Đường dây nóng: 0900 000 000",
        publisher=ward,
        url="https://songvang.example/bai/ngay-hoi-doc-sach-bai7k2/",
        pictures=(
            Picture(
                "a" * 64, "image/jpeg", 1200, 675, 90_000, "Bạn đọc trước thư viện", "https://songvang.example/a.jpg"
            ),
            Picture("b" * 64, "image/jpeg", 1200, 675, 90_000, "Ảnh không có trên trang"),
        ),
    )
    return lambda **changed: replace(plain, **changed)
