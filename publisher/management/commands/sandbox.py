"""publisher sandbox"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from channels.reach import allow
from channels.sandbox import serve
from publisher.config import config
from publisher.serving import port_taken


def leave_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


class Command(BaseCommand):
    help = "Chạy máy giả lập Facebook và Zalo để thử trước khi có tài khoản thật."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=config.sandbox_port or config.port + 1)
        parser.add_argument("--mail-port", type=int, default=0, help="cổng nhận thư; 0: một cổng còn trống")
        parser.add_argument("--until-input-ends", action="store_true", help="dừng khi tiến trình gọi nó không còn")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["until_input_ends"]:
            threading.Thread(target=leave_with_parent, daemon=True).start()
        allow(["127.0.0.1"])  # it fetches the pictures of articles, from this machine alone
        try:
            folder, mail_port = config.var_dir / "sandbox", options["mail_port"]
            serve(folder, "127.0.0.1", options["port"], ready=self.tell, mail_port=mail_port)
        except OSError as error:
            raise CommandError(str(port_taken(options["port"], error))) from error

    def tell(self, url: str, mail_port: int) -> None:
        self.stdout.write(f"Máy giả lập đang chạy tại {url}")
        self.stdout.write(f"Máy giả lập nhận thư tại 127.0.0.1:{mail_port}")
        self.stdout.flush()  # a pipe keeps it back until the end
