from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from channels.sandbox import Sandbox


class Graph:
    """The Graph API as a bare client sees it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.base = f"{sandbox.url}/facebook/v26.0"
        self.token = sandbox.accounts["facebook"]["secrets"]["access_token"]

    def ask(self, method: str, path: str, **given: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {given.pop('token', self.token)}"}
        return requests.request(method, f"{self.base}/{path}", headers=headers, timeout=5, **given)

    def feed(self, **form: Any) -> requests.Response:
        return self.ask("POST", "100000000000001/feed", data=form)

    def read(self, path: str, **query: Any) -> dict[str, Any]:
        return dict(self.ask("GET", path, params=query).json())

    def video(self, **form: Any) -> requests.Response:
        return self.ask("POST", "100000000000001/videos", data=form)

    def photo(self, data: bytes, **form: Any) -> requests.Response:
        files = {"source": ("a.png", data, "image/png")}
        return self.ask("POST", "100000000000001/photos", data=form, files=files)


class OpenApi:
    """The OA Open API as a bare client sees it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.url = sandbox.url
        self.secrets = sandbox.accounts["zalo"]["secrets"]
        self.headers = {"access_token": self.secrets["access_token"]}

    def post(self, name: str, document: Any, **given: Any) -> dict[str, Any]:
        url = f"{self.url}/zalo/v2.0/article/{name}"
        told = requests.post(url, json=document, timeout=5, **{"headers": self.headers, **given})
        assert told.status_code == 200
        return dict(told.json())

    def get(self, name: str, **query: Any) -> dict[str, Any]:
        url = f"{self.url}/zalo/v2.0/article/{name}"
        return dict(requests.get(url, params=query, headers=self.headers, timeout=5).json())

    def oa(self, method: str, name: str, **given: Any) -> dict[str, Any]:
        url = f"{self.url}/zalo/v2.0/{name}"
        return dict(requests.request(method, url, timeout=5, **{"headers": self.headers, **given}).json())

    def stand(self, article: dict[str, Any], name: str = "create") -> str:
        """Creates or replaces an article and asks until it has its id."""
        token = self.post(name, article)["data"]["token"]
        while (told := self.post("verify", {"token": token}))["error"] == -214:
            pass
        return str(told["data"]["id"])

    def broadcast(self, *articles: str, **target: Any) -> dict[str, Any]:
        elements = [{"media_type": "article", "attachment_id": article} for article in articles]
        template = {"type": "template", "payload": {"template_type": "media", "elements": elements}}
        return self.oa(
            "POST", "oa/message", json={"recipient": {"target": target}, "message": {"attachment": template}}
        )

    def refresh(self, token: str, **changed: str) -> dict[str, Any]:
        form = {"refresh_token": token, "app_id": "300000000000003", "grant_type": "refresh_token", **changed}
        headers = {"secret_key": self.secrets["secret_key"]}
        url = f"{self.url}/zalo-oauth/v4/oa/access_token"
        return dict(requests.post(url, data=form, headers=headers, timeout=5).json())


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox(tmp_path / "sandbox") as running:
        yield running


@pytest.fixture
def graph(sandbox: Sandbox) -> Graph:
    return Graph(sandbox)


@pytest.fixture
def zalo(sandbox: Sandbox) -> OpenApi:
    return OpenApi(sandbox)


@pytest.fixture
def png() -> bytes:
    held = BytesIO()
    Image.new("RGB", (4, 3), "green").save(held, "PNG")
    return held.getvalue()


@pytest.fixture
def mp4() -> bytes:
    """As much of one as the vendors look at."""
    return b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 12


@pytest.fixture
def article() -> dict[str, Any]:
    """One the vendor takes; its cover lies on a host that is not fetched."""
    return {
        "type": "normal",
        "title": "Lịch tiêm chủng",
        "author": "Phường Sông Vàng",
        "description": "Lịch tiêm chủng tháng này.",
        "cover": {"cover_type": "photo", "photo_url": "https://songvang.example/a.jpg", "status": "show"},
        "body": [{"type": "text", "content": "<p>Mời đưa trẻ đến trạm y tế.</p>"}],
        "status": "show",
    }
