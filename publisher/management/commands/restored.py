"""publisher restored"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from publisher.delivery.models import Delivery
from publisher.delivery.restoring import WORDS, standing, start
from publisher.delivery.states import State


class Command(BaseCommand):
    help = "Báo rằng cơ sở dữ liệu vừa được khôi phục từ bản sao lưu: tạm dừng, đối chiếu với các kênh rồi hỏi lại."

    def handle(self, *args: Any, **options: Any) -> None:
        if hold := standing():
            self.stdout.write(f"Hệ thống đang tạm dừng từ trước: {hold.reason}")
            return
        start(WORDS, timezone.now())
        doubted = Delivery.objects.filter(from_backup=True, state=State.UNKNOWN).count()
        self.stdout.write(
            f"Đã tạm dừng mọi lượt đăng; {doubted} lượt đang được đối chiếu với kênh. "
            "Xem và cho chạy lại trong trang “Khôi phục từ bản sao lưu”."
        )
