"""What comes in and what goes out: requests, answers and the three body formats."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

BODY_LIMIT = 32 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """Header names are lower case; `path` has no query."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    def document(self) -> dict[str, Any] | None:
        """The JSON object of the body; None when it is not one."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None

    def form(self) -> dict[str, str]:
        if self.media_type != "application/x-www-form-urlencoded":
            return {}
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def parts(self) -> tuple[dict[str, str], dict[str, Upload]]:
        """Fields and files of a multipart body; both empty for any other."""
        if self.media_type != "multipart/form-data":
            return {}, {}
        return multipart(self.body, self.headers.get("content-type", ""))


@dataclass(frozen=True, slots=True)
class Answer:
    """`delay` seconds pass before it goes out; `broken` is "", "reset" (the line dies) or "half" (the body is cut)."""

    status: int
    body: bytes
    media_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    broken: str = ""


def as_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(value, ensure_ascii=False).encode(), headers=headers or {})


def as_html(html: str, status: int = 200) -> Answer:
    return Answer(status, html.encode(), "text/html; charset=utf-8")


def redirect(path: str) -> Answer:
    return Answer(303, b"", "text/plain; charset=utf-8", {"Location": path})


def multipart(body: bytes, content_type: str) -> tuple[dict[str, str], dict[str, Upload]]:
    """RFC 7578, as browsers and `requests` write it."""
    fields: dict[str, str] = {}
    files: dict[str, Upload] = {}
    boundary = _parameter(content_type, "boundary").encode()
    if not boundary:
        return fields, files
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1]:
        head, found, data = part.partition(b"\r\n\r\n")
        if not found:
            continue
        headers = dict(_header(line) for line in head.decode("utf-8", "replace").split("\r\n") if ":" in line)
        disposition = headers.get("content-disposition", "")
        name, file_name = _parameter(disposition, "name"), _parameter(disposition, "filename")
        if file_name:
            files[name] = Upload(file_name, headers.get("content-type", "application/octet-stream"), data)
        else:
            fields[name] = data.decode("utf-8", "replace")
    return fields, files


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()


def _parameter(header: str, name: str) -> str:
    for piece in header.split(";")[1:]:
        key, _, value = piece.strip().partition("=")
        if key.lower() == name:
            return value.strip('"')
    return ""
