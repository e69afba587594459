"""publisher audit verify [--json] · publisher audit export --format csv|xlsx|json [-o FILE]"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from publisher.delivery.models import Delivery
from publisher.events.models import Event, Seal
from publisher.management.commands._asking import organisation_named
from publisher.reports.exports import deliveries_table, to_csv, to_json, to_xlsx
from publisher.reports.verification import verify_audit

FORMATS = {"csv": to_csv, "xlsx": to_xlsx, "json": to_json}


class Command(BaseCommand):
    help = "Chứng minh nhật ký nguyên vẹn (verify) hoặc xuất nhật ký đăng (export)."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser("verify")
        verify.add_argument("--json", action="store_true")
        export = verbs.add_parser("export")
        export.add_argument("--format", choices=FORMATS, default="csv")
        export.add_argument("-o", "--output")
        export.add_argument("--org", help="mã đơn vị")

    def handle(self, *args: Any, **options: Any) -> None:
        self.verify(options["json"]) if options["verb"] == "verify" else self.export(options)

    def verify(self, as_json: bool) -> None:
        findings = verify_audit()
        seal = Seal.objects.order_by("-seq").first()
        if as_json:
            head = {"verified": not findings, "events": Event.objects.count(), "seals": seal.seq if seal else 0}
            head |= {"head": seal.hash if seal else None, "findings": [asdict(f) for f in findings]}
            self.stdout.write(json.dumps(head, ensure_ascii=False, indent=1))
        else:
            for finding in findings:
                self.stdout.write(finding.message)
            self.stdout.write(f"{Event.objects.count()} dòng nhật ký, niêm phong mới nhất: {seal or 'chưa có'}.")
        if findings:
            raise CommandError(
                f"Nhật ký KHÔNG nguyên vẹn: {len(findings)} chỗ sai. Giữ nguyên máy và báo người kiểm tra."
            )
        if not as_json:
            self.stdout.write("Nhật ký nguyên vẹn.")

    def export(self, options: dict[str, Any]) -> None:
        deliveries = Delivery.objects.filter(organisation=organisation_named(options["org"])).order_by("due_at", "pk")
        data = FORMATS[options["format"]](deliveries_table(deliveries))
        if options["output"]:
            Path(options["output"]).write_bytes(data)
            self.stdout.write(f"Đã ghi {deliveries.count()} lượt đăng vào {options['output']}.")
        else:
            sys.stdout.buffer.write(data)
