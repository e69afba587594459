"""publisher budget verify [--json]"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from publisher.budget.models import BudgetLine, LedgerEntry
from publisher.reports.verification import verify_budget


class Command(BaseCommand):
    help = "Tính lại sổ chi từ nhật ký đăng và so với sổ đang giữ (verify)."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser("verify")
        verify.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = verify_budget()
        counts = {"lines": BudgetLine.objects.count(), "entries": LedgerEntry.objects.count()}
        if options["json"]:
            answer = {"verified": not findings, **counts, "findings": [asdict(f) for f in findings]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
        else:
            for finding in findings:
                self.stdout.write(finding.message)
        if findings:
            raise CommandError(f"Sổ chi KHÔNG khớp nhật ký: {len(findings)} chỗ lệch.")
        if not options["json"]:
            self.stdout.write(f"Sổ chi khớp: {counts['entries']} bút toán trên {counts['lines']} dòng dự toán.")
