"""publisher campaign export [-o FILE] [--plan ID] · publisher campaign load FILE.yaml · publisher campaign schema"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.definitions import DefinitionErrors, json_schema
from campaigns.models import Campaign
from publisher.intake.definitions import export_yaml, load_yaml
from publisher.management.commands._asking import file_bytes, organisation_named


class Command(BaseCommand):
    help = "Xuất định nghĩa chiến dịch ra YAML (export), nạp vào (load), in lược đồ JSON của định dạng (schema)."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser("export")
        export.add_argument("-o", "--output")
        export.add_argument("--plan", type=int, help="chỉ chiến dịch của kế hoạch này")
        load = verbs.add_parser("load")
        load.add_argument("file")
        verbs.add_parser("schema", help="lược đồ JSON, cho trình soạn thảo biết gợi ý và kiểm tra khi gõ")
        for verb in (export, load):
            verb.add_argument("--org", help="mã đơn vị")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "schema":
            self.stdout.write(json_schema(), ending="")
            return
        organisation = organisation_named(options["org"])
        if options["verb"] == "load":
            self.load(options["file"], organisation)
            return
        campaigns = Campaign.objects.filter(organisation=organisation)
        if options["plan"]:
            campaigns = campaigns.filter(plan=options["plan"])
        if not campaigns.exists():
            raise CommandError("Chưa có chiến dịch nào để xuất. Nhập kế hoạch trước: publisher plan import TỆP.")
        text = export_yaml(campaigns)
        if options["output"]:
            Path(options["output"]).write_text(text)
            self.stdout.write(f"Đã ghi {campaigns.count()} chiến dịch vào {options['output']}.")
        else:
            self.stdout.write(text, ending="")

    def load(self, file: str, organisation: Any) -> None:
        try:
            loaded = load_yaml(file_bytes(file).decode(), organisation=organisation, by=None)
        except UnicodeDecodeError as error:
            raise CommandError(f"“{file}” không phải tệp chữ UTF-8. Lưu lại tệp với mã UTF-8.") from error
        except DefinitionErrors as errors:
            raise CommandError(f"Định nghĩa chưa đúng, chưa nạp gì:\n{errors}") from errors
        self.stdout.write(
            f"Tạo mới {len(loaded.created)}, đổi {len(loaded.changed)}, giữ nguyên {len(loaded.unchanged)} chiến dịch."
        )
