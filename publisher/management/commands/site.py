"""publisher site rebuild|verify [--organisation SLUG] [--json]"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from channels.errors import ChannelError
from channels.feed import Feed, regenerate, shelf_of
from channels.page import rebuild, verify
from publisher.delivery.accounts import as_channel_sees
from publisher.delivery.models import Account
from publisher.delivery.sites import log_faults, open_site, site_of
from publisher.management.commands._asking import organisation_named
from publisher.management.commands._progress import progress_bar
from publisher.people.models import Organisation


class Command(BaseCommand):
    help = "Dựng lại trang công khai và RSS từ các bài đã đăng (rebuild), hoặc soi trang, đối chiếu nhật ký (verify)."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb in ("rebuild", "verify"):
            asked = verbs.add_parser(verb)
            asked.add_argument("--organisation", "--org", dest="org", help="mã đơn vị")
            asked.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = organisation_named(options["org"])
        try:
            act = self.rebuild if options["verb"] == "rebuild" else self.verify
            act(organisation, options["json"])
        except ChannelError as error:
            raise CommandError(error.message) from error

    def rebuild(self, organisation: Organisation, as_json: bool) -> None:
        open_site(organisation)
        with progress_bar("Dựng lại trang") as progress:
            articles = rebuild(site_of(organisation), progress)
        for account in Account.objects.filter(organisation=organisation, kind=Feed.kind, retired_at=None):
            with progress_bar("Dựng lại RSS") as progress:
                regenerate(shelf_of(as_channel_sees(account)), progress)
        if as_json:
            self.stdout.write(json.dumps({"organisation": organisation.slug, "articles": articles}))
        else:
            self.stdout.write(f"Đã dựng lại trang của {organisation.name}: {articles} bài.")

    def verify(self, organisation: Organisation, as_json: bool) -> None:
        with progress_bar("Soi trang") as progress:
            faults = [*verify(site_of(organisation), progress), *log_faults(organisation)]
        if as_json:
            told = {"organisation": organisation.slug, "verified": not faults, "faults": [asdict(f) for f in faults]}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            for fault in faults:
                self.stdout.write(f"{fault.path}: {fault.what}")
        if faults:
            what = "Chạy “publisher site rebuild”; còn sai thì khôi phục từ bản sao lưu."
            raise CommandError(f"Trang KHÔNG khớp: {len(faults)} chỗ. {what}")
        if not as_json:
            self.stdout.write(f"Trang của {organisation.name} khớp với các bài đã duyệt và với nhật ký.")
