"""The order to a contractor and its cancellation, as plain text and as .docx. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels.paper import day, line, packed, sheet

TYPE = 13  # points
CANCELLATION = "phieu-huy"


@dataclass(frozen=True, slots=True)
class Order:
    """One revision of an order. `body` is the payload's; times are aware and local."""

    number: str  # the delivery
    revision: int
    issued_at: datetime
    deadline: datetime
    body: Mapping[str, Any]

    @property
    def name(self) -> str:
        """File name without its ending."""
        return "phieu-dat-hang" if self.revision == 1 else f"phieu-dat-hang-lan-{self.revision}"

    @property
    def title(self) -> str:
        return "PHIẾU ĐẶT HÀNG" if self.revision == 1 else f"PHIẾU ĐẶT HÀNG (SỬA LẦN {self.revision - 1})"

    @property
    def reference(self) -> str:
        return f"Mã: {self.number}, lập ngày {day(self.issued_at)}"

    def parts(self) -> list[tuple[str, Sequence[str]]]:
        """Headings and their lines, in the order they are printed."""
        replaces = ["Phiếu này thay toàn bộ phiếu trước cùng mã."] if self.revision > 1 else []
        return [
            ("1. Bên đặt hàng", _party(self.body["publisher"])),
            ("2. Bên thực hiện", _partner(self.body)),
            ("3. Sản phẩm", [f"Loại: {self.body['what']}", f"Tên: {self.body['title']}", *replaces]),
            ("4. Thời hạn", [f"Đăng, phát hoặc giao trước {_moment(self.deadline)}."]),
            ("5. Nội dung đặt hàng", [self.body["title"], *self.body["text"]]),
            ("6. Điều kiện nghiệm thu", [f"- {one}" for one in self.body["acceptance"]]),
            *([("7. Ảnh kèm theo", _pictures(self.body))] if self.body["pictures"] else []),
        ]

    def text(self) -> str:
        return _text(self.body["publisher"]["name"], self.title, self.reference, self.parts())

    def docx(self) -> bytes:
        return _docx(self.body["publisher"]["name"], self.title, self.reference, self.parts(), self.issued_at)


@dataclass(frozen=True, slots=True)
class Cancellation:
    """The notice that an order is no longer wanted."""

    order: Order
    cancelled_at: datetime

    @property
    def name(self) -> str:
        return CANCELLATION

    @property
    def title(self) -> str:
        return "PHIẾU HỦY ĐẶT HÀNG"

    @property
    def reference(self) -> str:
        return f"Mã: {self.order.number}, lập ngày {day(self.cancelled_at)}"

    def parts(self) -> list[tuple[str, Sequence[str]]]:
        body = self.order.body
        wish = [
            f"Đề nghị dừng thực hiện “{body['title']}” ({body['what']}) theo phiếu đặt hàng cùng mã.",
            "Nội dung đã đăng, phát thì đề nghị gỡ nơi gỡ được và báo lại bằng văn bản.",
        ]
        return [
            ("1. Bên đặt hàng", _party(body["publisher"])),
            ("2. Bên thực hiện", _partner(body)),
            ("3. Đề nghị", wish),
        ]

    def text(self) -> str:
        return _text(self.order.body["publisher"]["name"], self.title, self.reference, self.parts())

    def docx(self) -> bytes:
        name = self.order.body["publisher"]["name"]
        return _docx(name, self.title, self.reference, self.parts(), self.cancelled_at)


def picture_name(place: int, media_type: str) -> str:
    """File name of the picture at `place`, counted from 1."""
    return f"anh-{place}.{'png' if media_type == 'image/png' else 'jpg'}"


def _party(publisher: Mapping[str, str]) -> list[str]:
    known = (("Địa chỉ", "address"), ("Điện thoại", "hotline"), ("Thư điện tử", "email"))
    return [publisher["name"], *(f"{label}: {publisher[name]}" for label, name in known if publisher[name])]


def _partner(body: Mapping[str, Any]) -> list[str]:
    return [body["partner"], *([f"Theo hợp đồng số: {body['contract']}"] if body["contract"] else [])]


def _pictures(body: Mapping[str, Any]) -> list[str]:
    named = enumerate(body["pictures"], 1)
    return [f"{picture_name(place, picture['media_type'])}: {picture['alt']}" for place, picture in named]


def _text(owner: str, title: str, reference: str, parts: Sequence[tuple[str, Sequence[str]]]) -> str:
    head = "\n".join((owner.upper(), title, reference))
    return "\n\n".join([head, *("\n".join((heading, *lines)) for heading, lines in parts)]) + "\n"


def _docx(owner: str, title: str, reference: str, parts: Sequence[tuple[str, Sequence[str]]], dated: datetime) -> bytes:
    document = sheet(title=title.capitalize(), author=owner, dated=dated, size=TYPE)
    line(document, owner.upper(), bold=True, after=12)
    line(document, title, size=15, bold=True, centred=True, after=2)
    line(document, reference, italic=True, centred=True, after=12)
    for heading, lines in parts:
        line(document, heading, bold=True, after=3).paragraph_format.keep_with_next = True
        for words in lines:
            line(document, words, after=4)
    signatures = document.add_table(rows=1, cols=2)
    for cell, side in zip(signatures.rows[0].cells, ("ĐẠI DIỆN BÊN ĐẶT HÀNG", "ĐẠI DIỆN BÊN THỰC HIỆN"), strict=True):
        cell.paragraphs[0].add_run(side).bold = True
        cell.paragraphs[0].alignment = 1
        cell.add_paragraph("\n\n\n")
    return packed(document)


def _moment(moment: datetime) -> str:
    return f"{moment:%H:%M} ngày {day(moment)}"
