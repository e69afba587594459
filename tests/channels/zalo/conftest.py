from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
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
from channels.sandbox.accounts import credentials
from tests.channels.zalo.scripted import Vendor, serving
from tests.channels.zalo.vault import Vault

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
    thread = threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True)
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
def vendor() -> Iterator[Vendor]:
    """A vendor that says what the test wrote down, and an OA without anything."""
    with serving() as running:
        yield running


@pytest.fixture
def scripted(vendor: Vendor) -> Account:
    """An account that speaks to the scripted vendor."""
    settings = {"oa_id": "200000000000002", "app_id": "3", "api_url": vendor.url, "oauth_url": vendor.url}
    secrets = {"access_token": "token-1", "refresh_token": "refresh-1", "secret_key": "secret"}
    return Account("oa-9", "zalo", "OA phường Sông Vàng", settings, secrets)


@pytest.fixture
def account(sandbox: Sandbox) -> Account:
    return Account("oa-1", "zalo", "OA phường Sông Vàng", **sandbox.accounts["zalo"])


@pytest.fixture
def since() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=1)


@pytest.fixture
def vault(since: datetime) -> Vault:
    """Holds the secrets of the sandbox's OA from the start; no sandbox is needed for it."""
    return Vault(dict(credentials("")["zalo"]["secrets"]), since)


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
