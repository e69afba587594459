"""publisher plan read FILE [--json] · publisher plan import FILE [--org SLUG] · publisher plan schema"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.reading import PlanRefused, refusal_to_json
from campaigns.reading.guarded import read_guarded
from campaigns.reading.interface import json_schema
from channels.errors import ChannelError
from publisher.config import config
from publisher.management.commands._asking import file_bytes, organisation_named
from publisher.management.commands._progress import progress_bar

FORMATS = "kế hoạch ở dạng .docx, .pdf có lớp chữ, .md, .txt; .doc và .odt nếu máy có LibreOffice"


class Command(BaseCommand):
    help = "Đọc kế hoạch (read); đọc, lưu và lập chiến dịch nháp (import); in lược đồ kết quả đọc (schema)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        read = verbs.add_parser("read", help="in ra những gì hiểu được, không lưu gì")
        read.add_argument("file", help=FORMATS)
        read.add_argument("--json", action="store_true")
        load = verbs.add_parser("import", help="lưu kế hoạch và lập chiến dịch nháp")
        load.add_argument("file", help=FORMATS)
        load.add_argument("--org", help="mã đơn vị")
        load.add_argument("--json", action="store_true")
        verbs.add_parser("schema", help="in lược đồ JSON của kết quả đọc (plan read --json)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "schema":
            self.stdout.write(json.dumps(json_schema(), ensure_ascii=False, indent=1))
            return
        data = file_bytes(options["file"])
        name = Path(options["file"]).name
        try:
            answer = self.read(data, name) if options["verb"] == "read" else self.load(data, name, options["org"])
        except PlanRefused as refusal:
            if options["json"]:
                self.stdout.write(json.dumps(refusal_to_json(refusal, name), ensure_ascii=False, indent=1))
            raise CommandError(str(refusal)) from refusal
        except ChannelError as error:
            raise CommandError(f"Chưa nhập gì. {error.message}") from error
        except OSError as error:
            raise CommandError(
                f"Chưa nhập gì: không ghi được vào thư mục {config.var_dir} ({error.strerror}). "
                "Dọn bớt đĩa hoặc cấp quyền ghi rồi chạy lại."
            ) from error
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
        elif options["verb"] == "read":
            self.stdout.write(in_words(answer))
        else:
            self.stdout.write("\n".join(f"{IMPORTED[key]}: {told(value)}" for key, value in answer.items()))

    def read(self, data: bytes, name: str) -> dict[str, Any]:
        with progress_bar(f"Đọc {name}") as progress:
            return read_guarded(data, name, progress, soffice=config.soffice)

    def load(self, data: bytes, name: str, org: str | None) -> dict[str, Any]:
        from publisher.intake.plans import import_plan

        organisation = organisation_named(org)
        with progress_bar(f"Đọc {name}") as progress:
            imported = import_plan(data, name, organisation=organisation, by=None, progress=progress)
        return {
            "plan": imported.plan.pk,
            "number": imported.plan.number or None,
            "created": imported.created,
            "campaigns": len(imported.campaigns),
            "posts": len(imported.posts),
            "budget_lines": imported.plan.budget_lines.count(),
            "warnings": len(imported.plan.warnings),
            "definitions": str(imported.definitions),
            "amends": imported.amends,
        }


IMPORTED = {
    "plan": "Kế hoạch thứ",
    "number": "Số, ký hiệu",
    "created": "Mới nhập lần này",
    "campaigns": "Chiến dịch nháp",
    "posts": "Bài nháp",
    "budget_lines": "Dòng dự toán",
    "warnings": "Cảnh báo cần xem",
    "definitions": "Tệp định nghĩa chiến dịch",
    "amends": "Ghi là sửa đổi kế hoạch số (chờ quyết định, chưa lập chiến dịch)",
}


def told(value: Any) -> str:
    """A value for a person."""
    if isinstance(value, bool):
        return "có" if value else "không, tệp này đã nhập trước đây"
    return "không" if value is None else str(value)


ROLES = {
    "purpose": "mục đích",
    "requirements": "yêu cầu",
    "tasks": "nhiệm vụ",
    "themes": "nội dung tuyên truyền",
    "methods": "phương thức",
    "organisation": "tổ chức thực hiện",
    "budget": "kinh phí",
    "other": "phần khác",
}


def in_words(reading: dict[str, Any]) -> str:
    """The reading for a person at a terminal."""
    unknown = "không ghi"
    lines = [
        f"{reading['doc_type']} số {reading['number'] or unknown}, ngày {reading['date'] or unknown}",
        f"Cơ quan ban hành: {(reading['issuer'] or {}).get('name') or unknown}",
        f"Trích yếu: {reading['title'] or unknown}",
        "",
        "Các phần:",
        *(f"  {s['label'] or '-'}. {s['title'] or unknown} ({ROLES[s['role']]})" for s in reading["sections"]),
        "",
        "Nội dung tuyên truyền:",
        *theme_lines(reading["themes"], 1),
        "",
        *budget_lines(reading["budget"]),
        "",
        f"Cảnh báo ({len(reading['warnings'])}):",
        *(f"  {place(w)}{w['message']} [{w['code']}]" for w in reading["warnings"]),
    ]
    return "\n".join(lines)


def theme_lines(themes: list[dict[str, Any]], depth: int) -> list[str]:
    found = []
    for theme in themes:
        found.append(f"{'  ' * depth}{theme['label'] or '-'}) {theme['title'][:110]}")
        found += theme_lines(theme["children"], depth + 1)
    return found


def budget_lines(budget: dict[str, Any] | None) -> list[str]:
    if budget is None:
        return ["Kinh phí: kế hoạch không có bảng dự toán."]
    rows = [f"  {row['label'] or '-'}. {row['name'][:70]}: {amount(row['amount'])}" for row in budget["lines"]]
    match = "khớp" if budget["consistent"] else "cần người xem"
    return [
        "Kinh phí:",
        *rows,
        f"  Tổng ghi: {amount(budget['stated_total'])}; cộng dòng: {amount(budget['sum'])} ({match})",
    ]


def amount(value: int | None) -> str:
    return "không ghi số tiền" if value is None else f"{value:,} đ".replace(",", ".")


def place(warning: dict[str, Any]) -> str:
    source = warning.get("source")
    return f"dòng {source['lines'][0]}: " if source else ""
