"""publisher run [--plan FILE]: web, clock and worker in this process, the sandbox beside it."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.reading import PlanRefused
from campaigns.reading.guarded import read_guarded
from channels.reach import allow
from publisher.config import config
from publisher.delivery.broker import worker
from publisher.delivery.clock import Clock
from publisher.events.seal import seal_log
from publisher.management.commands._asking import file_bytes
from publisher.management.commands._starting import listening, ready_to_run
from publisher.people.models import Organisation
from publisher.ports import free_port, is_free
from publisher.samples.ward import bring_plan, bring_posts, make_ward, sign_ins, ward
from publisher.serving import PortTaken, Web, run_until

CLOCK_ENDS = 20.0  # seconds a round of the clock may still take
SANDBOX_HOST = "127.0.0.1"  # the one machine inside that is called without being configured


class Command(BaseCommand):
    help = "Chạy tất cả trên một máy: trang quản lý, đồng hồ, tiến trình gửi và máy giả lập."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--plan", help="kế hoạch thay cho kế hoạch mẫu (.docx, .pdf, .md, .txt; .doc, .odt nếu có LibreOffice)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        allow([SANDBOX_HOST])
        lock = only_one_here()
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        try:
            web = Web()
        except PortTaken as error:
            raise CommandError(str(error)) from error
        check_plan(options["plan"])  # before anything is made
        sandbox_port = config.sandbox_port or kept_port()
        self.prepare(f"http://127.0.0.1:{sandbox_port}", options["plan"])
        sandbox = start_sandbox(sandbox_port)
        threading.Thread(target=tell_when_gone, args=(sandbox, stop), daemon=True).start()
        try:
            self.serve(web, sandbox_port, stop)
        finally:
            sandbox.terminate()
            sandbox.wait(10)
            lock.close()
        self.stdout.write("Đã dừng. Dữ liệu còn nguyên trong thư mục var; chạy lại bằng: make run")

    def prepare(self, sandbox_url: str, plan: str | None) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        ready_to_run()
        for name in ("media", "plans", "definitions", "desk"):
            config.private_folder(name)
        fresh = ward() is None
        self.bring(make_ward(sandbox_url), plan, fresh)

    def bring(self, organisation: Organisation, plan: str | None, fresh: bool) -> None:
        if plan:
            imported = bring_plan(organisation, Path(plan))
            self.stdout.write(
                f"Kế hoạch “{plan}”: {len(imported.campaigns)} chiến dịch, {len(imported.posts)} bài nháp."
            )
        elif fresh:
            bring_posts(bring_plan(organisation))

    def serve(self, web: Web, sandbox_port: int, stop: threading.Event) -> None:
        clock, followers, sender = Clock(), listening(), worker()
        sender.start()
        parts = [
            threading.Thread(target=clock.run, name="đồng hồ", daemon=True),
            threading.Thread(target=followers.run, name="báo tin", daemon=True),
            threading.Thread(target=web.run, name="trang quản lý", daemon=True),
        ]
        for part in parts:
            part.start()
        self.welcome(sandbox_port)
        run_until(stop, *parts)
        self.stdout.write("Đang dừng, chờ các lượt đang gửi…")
        clock.stop()
        followers.stop()
        sender.stop()
        web.stop()
        parts[0].join(CLOCK_ENDS)
        seal_log()  # the last sends ended after the clock: a backup restored next is older than this seal

    def welcome(self, sandbox_port: int) -> None:
        lines = [
            "",
            f"  Tin Cơ Sở đang chạy tại   {config.origin}",
            f"  Trang công khai           {config.origin}/trang/phuong-song-vang/",
            f"  Máy giả lập FB và Zalo    http://127.0.0.1:{sandbox_port}",
            "",
            *(f"  {s.role_label:<22} {s.username:<11} {s.password}" for s in sign_ins()),
            "",
            "  Dừng bằng Ctrl-C.",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def check_plan(plan: str | None) -> None:
    if plan is None:
        return
    if not Path(plan).is_file():
        raise CommandError(f"Không thấy tệp kế hoạch “{plan}”. Kiểm tra đường dẫn rồi chạy lại.")
    try:
        read_guarded(file_bytes(plan), Path(plan).name, soffice=config.soffice)
    except PlanRefused as refusal:
        raise CommandError(f"“{plan}”: {refusal}") from refusal


def only_one_here() -> IO[str]:
    """Two installations must not share one var folder: the lock lives as long as this process."""
    config.var_dir.mkdir(parents=True, exist_ok=True)
    lock = (config.var_dir / "run.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CommandError(
            f"Thư mục dữ liệu {config.var_dir} đang được một tiến trình khác dùng. "
            "Dừng tiến trình đó, hoặc chọn thư mục khác bằng PUBLISHER_VAR_DIR."
        ) from error
    return lock


def kept_port() -> int:
    """The port the sandbox had before, so that links to what it received stay good; a free one where it is taken."""
    kept = config.private_folder("sandbox") / "port"
    before = int(kept.read_text()) if kept.exists() else 0
    port = before if before and is_free(before) else free_port()
    kept.write_text(str(port))
    return port


def tell_when_gone(sandbox: subprocess.Popen[bytes], stop: threading.Event) -> None:
    """The office goes on without the sandbox, but not without a word about it."""
    sandbox.wait()
    if not stop.is_set():
        sys.stderr.write("Máy giả lập Facebook và Zalo đã dừng bất ngờ. Dừng bằng Ctrl-C rồi chạy lại để có lại nó.\n")


def start_sandbox(port: int) -> subprocess.Popen[bytes]:
    """Beside this process, out of reach of its Ctrl-C; the pipe tells it when this process is gone, however it went."""
    command = [sys.executable, "-m", "publisher", "sandbox", "--port", str(port), "--until-input-ends"]
    return subprocess.Popen(  # noqa: S603 (our own command)
        command, env=os.environ.copy(), stdin=subprocess.PIPE, start_new_session=True
    )
