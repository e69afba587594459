"""publisher secrets check · publisher secrets rotate · publisher secrets key"""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet
from django.core.management.base import BaseCommand, CommandError, CommandParser

from publisher.config import MissingSecret
from publisher.delivery.secrets import LockedRow, UnreadableSecret, keys, lock_anew, locked_rows
from publisher.management.commands._progress import progress_bar

HOW = "Thêm khóa cũ vào sau khóa mới trong PUBLISHER_ACCOUNT_KEYS, hoặc nhập lại thông tin kết nối của kênh đó."


class Command(BaseCommand):
    help = "Bí mật của các kênh: khóa có mở được không (check), mã hóa lại bằng khóa mới nhất (rotate), khóa mới (key)."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("check", help="khóa đang dùng mở được dòng nào, không mở được dòng nào")
        verbs.add_parser("rotate", help="mã hóa lại mọi bí mật bằng khóa đứng đầu; chạy lại bao nhiêu lần cũng được")
        verbs.add_parser("key", help="in một khóa mới để đặt lên đầu PUBLISHER_ACCOUNT_KEYS; không lưu gì")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "key":
            self.stdout.write(Fernet.generate_key().decode())
            return
        try:
            keys()
        except MissingSecret as error:
            raise CommandError(str(error)) from error
        self.tell() if options["verb"] == "check" else self.rotate()

    def tell(self) -> None:
        rows = list(locked_rows())
        shut = [row for row in rows if row.key is None]
        for row in shut:
            self.stdout.write(f"Không mở được: {place(row)}")
        newest = sum(row.key == 0 for row in rows)
        self.stdout.write(
            f"{len(rows)} bí mật: {newest} theo khóa mới nhất, {len(rows) - newest - len(shut)} theo khóa cũ."
        )
        if shut:
            raise CommandError(f"{len(shut)} bí mật không mở được bằng các khóa đang dùng. {HOW}")

    def rotate(self) -> None:
        rows = list(locked_rows())
        done, shut = 0, []
        with progress_bar("Mã hóa lại") as show:
            for place_of, row in enumerate(rows, 1):
                try:
                    done += lock_anew(row)
                except UnreadableSecret:
                    shut.append(row)
                show(place_of, len(rows))
        self.stdout.write(
            f"{len(rows)} bí mật: {done} đã mã hóa lại, {len(rows) - done - len(shut)} đã theo khóa mới nhất."
        )
        for row in shut:
            self.stdout.write(f"Không mở được, giữ nguyên: {place(row)}")
        if shut:
            raise CommandError(f"{len(shut)} bí mật không mở được bằng các khóa đang dùng. {HOW}")
        if rows:
            self.stdout.write("Giờ có thể bỏ các khóa cũ khỏi PUBLISHER_ACCOUNT_KEYS trên mọi máy.")


def place(row: LockedRow) -> str:
    return f"{row.model} {row.pk} “{row.name}”"
