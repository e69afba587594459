"""The delivery log as a table, in three forms people can open."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from channels.registry import CHANNELS
from publisher.delivery.models import Delivery

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """`keys` are the stable names (JSON), `titles` what people read (CSV, XLSX)."""

    name: str
    keys: tuple[str, ...]
    titles: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


COLUMNS = {
    "id": "Mã lượt",
    "campaign": "Chiến dịch",
    "theme": "Nội dung kế hoạch",
    "title": "Tin bài",
    "version": "Bản",
    "channel": "Kênh",
    "account": "Tài khoản",
    "action": "Việc",
    "state": "Trạng thái",
    "due_at": "Đến hạn",
    "delivered_at": "Hoàn thành",
    "approved_by": "Người duyệt",
    "permalink": "Đường dẫn",
    "remote_id": "Mã trên kênh",
    "digest": "Mã băm nội dung",
    "attempts": "Số lần gửi",
    "cost": "Chi phí (đồng)",
    "last_error": "Ghi chú lỗi",
}


def deliveries_table(deliveries: QuerySet[Delivery]) -> Table:
    related = ("version__post__campaign", "version__post__theme", "account", "organisation")
    rows = deliveries.select_related(*related).prefetch_related("version__approvals__by")
    return Table("nhat-ky-dang", tuple(COLUMNS), tuple(COLUMNS.values()), [row_of(delivery) for delivery in rows])


def row_of(delivery: Delivery) -> tuple[Cell, ...]:
    post = delivery.version.post
    approvals = [a for a in delivery.version.approvals.all() if a.decision == "approved"]
    return (
        delivery.pk,
        post.campaign.title,
        post.theme.path if post.theme else "",
        delivery.version.title,
        delivery.version.number,
        CHANNELS[delivery.account.kind].label,
        delivery.account.name,
        delivery.action_label,
        delivery.state_label,
        local(delivery, delivery.due_at),
        local(delivery, delivery.delivered_at),
        str(approvals[0].by) if approvals else "",
        delivery.permalink,
        delivery.remote_id,
        delivery.digest,
        delivery.attempts_made,
        delivery.cost,
        delivery.last_error,
    )


def local(delivery: Delivery, moment: Any) -> str:
    return moment.astimezone(delivery.organisation.timezone).isoformat(timespec="seconds") if moment else ""


def to_csv(table: Table) -> bytes:
    """UTF-8 with BOM, which spreadsheets need to read Vietnamese; cells cannot start a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.titles)
    writer.writerows([[harmless(cell) for cell in row] for row in table.rows])
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: Cell) -> Cell:
    """Text that a spreadsheet would run as a formula is kept as text (OWASP: CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def to_xlsx(table: Table) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "Nhật ký đăng"
    sheet.append(list(table.titles))
    for row in table.rows:
        sheet.append([printable(harmless(cell)) for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def printable(cell: Cell) -> Cell:
    """Control characters, which a pasted text may hold, have no place in a workbook."""
    return ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell


def to_json(table: Table) -> bytes:
    records: Iterable[dict[str, Cell]] = [dict(zip(table.keys, row, strict=True)) for row in table.rows]
    document = {"name": table.name, "exported_at": timezone.now().isoformat(), "rows": list(records)}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
