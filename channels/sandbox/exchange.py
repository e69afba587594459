"""What comes in and what goes out: requests, answers and the three body formats."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

BODY_LIMIT = 64 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Request:
    """Header names are lower case; `path` has no query. `hints` are what a fault makes the vendor do otherwise."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    hints: Mapping[str, Any] = field(default_factory=dict)

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @cached_property
    def _document(self) -> dict[str, Any] | None:
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None

    def document(self) -> dict[str, Any] | None:
        """The JSON object of the body; None when it is not one."""
        return self._document

    def pairs(self) -> list[tuple[str, str]]:
        """The fields of a form body in their order, repeated ones too."""
        if self.media_type != "application/x-www-form-urlencoded":
            return []
        return parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    def form(self) -> dict[str, str]:
        return dict(self.pairs())

    @cached_property
    def _parts(self) -> tuple[dict[str, str], dict[str, Upload]]:
        if self.media_type != "multipart/form-data":
            return {}, {}
        return multipart(self.body, self.headers.get("content-type", ""))

    def parts(self) -> tuple[dict[str, str], dict[str, Upload]]:
        """Fields and files of a multipart body; both empty for any other."""
        return self._parts

    @cached_property
    def values(self) -> dict[str, str]:
        """Query and body as one set of strings; in a JSON body nested values become JSON text."""
        document = self.document() if self.media_type == "application/json" else None
        flat = {key: value if isinstance(value, str) else _text(value) for key, value in (document or {}).items()}
        return {**self.query, **self.form(), **self.parts()[0], **flat}

    @cached_property
    def words(self) -> str:
        """All that is said in it, decoded: where a fault for one post looks for that post."""
        said = "\n".join(value for name, value in self.values.items() if name != "access_token")
        known = self.values or self.media_type.startswith("multipart/")
        return said if known else self.body[:100_000].decode("utf-8", "replace")


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
    return Answer(status, _text(value).encode(), headers=headers or {})


def as_html(html: str, status: int = 200) -> Answer:
    return Answer(status, html.encode(), "text/html; charset=utf-8")


def redirect(path: str) -> Answer:
    return Answer(303, b"", "text/plain; charset=utf-8", {"Location": path})


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


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
