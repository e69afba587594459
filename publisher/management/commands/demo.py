"""publisher demo [--plan FILE] [--json]: the whole way on an empty database of its own (see publisher.__main__)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.reading import PlanRefused
from publisher.management.commands.run import check_plan
from publisher.samples.demo import NothingToPublish, demonstrate


class Command(BaseCommand):
    help = "Chạy thử trọn quy trình trên cơ sở dữ liệu riêng và máy giả lập, rồi dừng."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", help="kế hoạch thay cho kế hoạch mẫu")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = Path(options["plan"]) if options["plan"] else None
        check_plan(options["plan"])  # before anything is made
        say = (lambda words: None) if options["json"] else self.stdout.write
        try:
            found = demonstrate(plan, say)
        except (PlanRefused, NothingToPublish) as refusal:
            raise CommandError(f"“{plan}”: {refusal}") from refusal
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        if not found["ok"]:
            raise CommandError("Chưa trọn vẹn: có lượt chưa đăng xong, hoặc nhật ký hay sổ chi không khớp.")
