"""`publisher health ROLE`: exit 0 when the role on this machine is well; container platforms ask it."""

from __future__ import annotations

import socket
from datetime import datetime
from typing import Any

import redis
import requests
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone

from publisher.config import config
from publisher.delivery.clock import ALIVE
from publisher.delivery.models import ClockBeat

WAIT_SECONDS = 4.0


class Command(BaseCommand):
    help = "Cho biết vai trò trên máy này có chạy tốt không: web, clock hay worker."
    requires_system_checks: list[str] = []  # asked often: must be quick

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", choices=["web", "clock", "worker"], help="vai trò cần hỏi")

    def handle(self, *, role: str, **_: Any) -> None:
        {"web": ask_web, "clock": ask_clock, "worker": ask_worker}[role]()
        self.stdout.write(f"{role}: tốt")


def ask_web() -> None:
    """The web server of this machine answers. Raises `CommandError`."""
    address = f"http://127.0.0.1:{config.port}{reverse('health')}"
    try:
        answer = requests.get(address, timeout=WAIT_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        raise CommandError(
            f"web: cổng {config.port} không trả lời ({type(error).__name__}). Xem nhật ký của vai trò web."
        ) from error
    if answer.status_code != requests.codes.ok:
        raise CommandError(f"web: {address} trả mã {answer.status_code}. Xem nhật ký của vai trò web.")


def ask_clock() -> None:
    """A clock of this machine has shown life lately. Raises `CommandError`."""
    try:
        beat = ClockBeat.objects.filter(name__startswith=f"{socket.gethostname()}:").order_by("-beat_at").first()
    except DatabaseError as error:
        raise CommandError("clock: không hỏi được cơ sở dữ liệu. Kiểm tra PUBLISHER_DATABASE_URL.") from error
    if reason := stopped(beat.beat_at if beat else None, timezone.now()):
        raise CommandError(f"clock: {reason}")


def stopped(beat_at: datetime | None, now: datetime) -> str:
    """Why the clock counts as stopped, "" when it is alive."""
    if beat_at is None:
        return "chưa có đồng hồ nào chạy trên máy này. Chạy lệnh publisher clock."
    if now - beat_at > ALIVE:
        return f"nhịp cuối lúc {timezone.localtime(beat_at):%H:%M:%S %d/%m/%Y}. Khởi động lại publisher clock."
    return ""


def ask_worker() -> None:
    """What a worker needs answers: the database and, where there is one, Redis. Raises `CommandError`."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if config.redis_url:
            with redis.Redis.from_url(config.redis_url, socket_timeout=WAIT_SECONDS) as server:
                server.ping()
    except DatabaseError as error:
        raise CommandError("worker: cơ sở dữ liệu không trả lời. Kiểm tra PUBLISHER_DATABASE_URL.") from error
    except redis.RedisError as error:
        raise CommandError("worker: Redis không trả lời. Kiểm tra PUBLISHER_REDIS_URL.") from error
