"""publisher clock"""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from publisher.config import config
from publisher.delivery.clock import Clock, other_clocks
from publisher.management.commands._starting import listening, ready_to_run


class Command(BaseCommand):
    help = "Chạy đồng hồ: tìm lượt đến hạn và giao cho các tiến trình gửi (cần Redis)."
    requires_system_checks: list[str] = []  # they would load every screen

    def handle(self, *args: Any, **options: Any) -> None:
        if not config.redis_url:
            raise CommandError(
                "Đồng hồ riêng cần Redis để giao việc cho tiến trình gửi: đặt PUBLISHER_REDIS_URL, "
                "hoặc dùng “publisher run” (một tiến trình làm tất cả)."
            )
        ready_to_run()
        clock = Clock()
        for other in other_clocks(clock.name):
            self.stdout.write(f"Đã có đồng hồ {other.name} đang chạy; hai đồng hồ chạy chung an toàn, không gửi trùng.")
        followers = listening()
        threading.Thread(target=followers.run, name="báo tin", daemon=True).start()
        signal.signal(signal.SIGTERM, lambda *_: clock.stop())
        try:
            clock.run()
        except KeyboardInterrupt:
            clock.stop()
        followers.stop()
