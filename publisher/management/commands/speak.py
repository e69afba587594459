"""publisher speak [--region R] TEXT · publisher speak [--region R] --lines < FILE

Answers from the text alone: no database, no network. `publisher/__main__.py` calls it without starting the rest.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from channels.loudspeaker.spoken import Voice, builtin, region, regions, speak_lines

UNREADABLE = 1  # exit code when something of the one text stays unread; of many lines each answers for itself
UNREAD = "Dòng {number}: chưa có cách đọc “{token}”. Viết rõ bằng chữ hoặc thêm vào từ điển của đài."
OPTIONS = ("--lines", "--region", "--help", "-h")


class Command(BaseCommand):
    help = "In ra lời loa sẽ đọc cho một đoạn văn; với --lines, mỗi dòng vào cho đúng một dòng ra."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text", nargs="*", metavar="TEXT", help="đoạn văn cần đọc; bỏ trống thì đọc đầu vào chuẩn")
        parser.add_argument("--lines", action="store_true", help="đọc từng dòng của đầu vào chuẩn")
        parser.add_argument("--region", default="north", metavar="R", help=f"giọng vùng: {', '.join(regions())}")

    def run_from_argv(self, argv: list[str]) -> None:
        """A text may begin with a hyphen ("-5°C"); whatever is no option of ours is text."""
        for place, word in enumerate(argv[2:], 2):
            if word.startswith("-") and not word.startswith(OPTIONS) and word != "--":
                argv = [*argv[:place], "--", *argv[place:]]
                break
        super().run_from_argv(argv)

    def handle(self, *args: Any, **options: Any) -> None:
        voice = voice_of(options["region"])
        if options["lines"] and options["text"]:
            raise CommandError("Với --lines, văn bản lấy từ đầu vào chuẩn: publisher speak --lines < tệp.txt")
        if isinstance(sys.stdout, TextIOWrapper):  # whatever the locale of the shell
            sys.stdout.reconfigure(encoding="utf-8")
        written = " ".join(options["text"]) if options["text"] else standard_input()
        unread = 0
        for number, (spoken, tokens) in enumerate(spoken_lines(written, voice), 1):
            self.stdout.write(spoken)
            unread += len(tokens)
            for token in tokens:
                self.stderr.write(UNREAD.format(number=number, token=token))
        if unread and not options["lines"]:
            sys.exit(UNREADABLE)


def voice_of(name: str) -> Voice:
    """Raises `CommandError` for a region there is none of."""
    try:
        return Voice(region(unicodedata.normalize("NFC", name)), builtin())
    except KeyError as error:
        raise CommandError(f"Không có giọng vùng {error}. Dùng một trong: {', '.join(regions())}.") from error


def standard_input() -> str:
    """Raises `CommandError` for what is not UTF-8."""
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = error.start + 1
        raise CommandError(
            f"Đầu vào không phải UTF-8 (byte thứ {place}). Lưu lại tệp dạng UTF-8 rồi thử lại."
        ) from error


def spoken_lines(written: str, voice: Voice) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is said for each line and what in it stays unread. A line end after the last line begins no new one."""
    lines = [unicodedata.normalize("NFC", line.rstrip("\r")) for line in written.split("\n")]
    if not lines[-1] and (len(lines) > 1 or not written):
        lines.pop()
    for reading in speak_lines(lines, voice):
        yield " ".join(reading.spoken.split()), reading.unread
