"""publisher web"""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from publisher.config import config
from publisher.management.commands._starting import ready_to_run
from publisher.serving import PortTaken, Web


class Command(BaseCommand):
    help = "Chạy trang quản lý và trang công khai."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            web = Web()  # before anything is opened: a taken port leaves no file behind
        except PortTaken as error:
            raise CommandError(str(error)) from error
        ready_to_run()
        signal.signal(signal.SIGTERM, lambda *_: web.stop())
        self.stdout.write(f"Đang phục vụ tại http://{config.host}:{config.port}")
        try:
            web.run()
        except KeyboardInterrupt:
            web.stop()
