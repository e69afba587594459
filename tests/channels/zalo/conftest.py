from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from channels.contract import Account, Content, Desk, Picture, Publisher
from channels.sandbox import Sandbox

WARD = Publisher("Ủy ban nhân dân phường Sông Vàng", "UBND phường Sông Vàng", "song-vang")


@dataclass
class PublicPage:
    """The organisation's own site, from which the vendor fetches pictures: path → (status, bytes)."""

    url: str = ""
    files: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def public_page() -> Iterator[PublicPage]:
    page = PublicPage()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page.asked.append(self.path)
            status, data = page.files.get(self.path, (404, b""))
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    page.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield page
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox(tmp_path / "sandbox") as running:
        yield running


@pytest.fixture
def account(sandbox: Sandbox) -> Account:
    return Account("oa-1", "zalo", "OA phường Sông Vàng", **sandbox.accounts["zalo"])


@pytest.fixture
def since() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=1)


@dataclass
class Vault:
    """What all workers share of one account: its secrets, the lock around them, and the notes of each delivery."""

    secrets: dict[str, str]
    at: datetime
    kept: list[dict[str, str]] = field(default_factory=list)  # renewed secrets, in the order they were stored
    notes: dict[str, dict[str, Any]] = field(default_factory=dict)
    rests: list[float] = field(default_factory=list)
    lock: Any = field(default_factory=threading.Lock)

    def keep(self, renewed: Mapping[str, str]) -> None:
        self.secrets = {**self.secrets, **renewed}
        self.kept.append(dict(renewed))

    def desk(self, ref: str = "delivery-1", **changed: Any) -> Desk:
        """A worker's desk: built anew for every act, as the engine does."""
        given: dict[str, Any] = {
            "media": {}.__getitem__,
            "keep_secrets": self.keep,
            "secrets_now": lambda: self.secrets,
            "alone": self.alone,
            "slow_down": self.rests.append,
            "notes": dict(self.notes.get(ref, {})),
            "keep_notes": lambda notes: self.notes.update({ref: dict(notes)}),
            "timeout": (0.5, 0.5),
        }
        return Desk(ref, self.at, changed.pop("now", self.at), **{**given, **changed})

    @contextmanager
    def alone(self) -> Iterator[None]:
        with self.lock:
            yield


@pytest.fixture
def vault(account: Account, since: datetime) -> Vault:
    return Vault(dict(account.secrets), since)


@pytest.fixture
def kept(vault: Vault) -> list[dict[str, str]]:
    return vault.kept


@pytest.fixture
def desk(vault: Vault) -> Desk:
    """One desk whose notes nobody has written to."""
    return vault.desk()


@pytest.fixture
def picture(public_page: PublicPage) -> Callable[..., Picture]:
    def make(color: str = "red", alt: str = "Bìa sách đặt trên bàn đọc", path: str = "") -> Picture:
        held = BytesIO()
        Image.new("RGB", (40, 30), color).save(held, "JPEG")
        data = held.getvalue()
        name = hashlib.sha256(data).hexdigest()
        path = path or f"/{name}.jpg"
        public_page.files[path] = (200, data)
        return Picture(name, "image/jpeg", 40, 30, len(data), alt, public_page.url + path)

    return make


@pytest.fixture
def content(picture: Callable[..., Picture]) -> Callable[..., Content]:
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
        return Content(**{**given, "pictures": (picture(),), **changed})

    return make
