"""publisher worker"""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from publisher.config import config
from publisher.delivery.broker import worker
from publisher.management.commands._starting import listening, ready_to_run


class Command(BaseCommand):
    help = "Chạy tiến trình gửi: nhận lượt từ Redis và đăng (cần Redis)."
    requires_system_checks: list[str] = []  # they would load every screen

    def handle(self, *args: Any, **options: Any) -> None:
        if not config.redis_url:
            raise CommandError("Tiến trình gửi riêng cần Redis: đặt PUBLISHER_REDIS_URL, hoặc dùng “publisher run”.")
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        ready_to_run()
        running, followers = worker(), listening()
        running.start()
        # here too: where the only clock has died, somebody must be left to say so
        threading.Thread(target=followers.run, name="báo tin", daemon=True).start()
        try:
            stop.wait()
        except KeyboardInterrupt:
            self.stdout.write("Đang dừng, chờ các lượt đang gửi…")
        followers.stop()
        running.stop()
