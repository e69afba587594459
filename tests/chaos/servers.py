"""The servers of a storm: PostgreSQL and Redis that can be killed and come back, the sandbox, the public files."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Protocol

import psycopg

from tests.processes import Command
from tests.services import (
    LOOPBACK,
    STOP_SECONDS,
    as_user,
    free_port,
    make_cluster,
    postgresql_bin,
    redis_path,
    server_owner,
    stop_process,
    wait_until,
)


class Part(Protocol):
    """Something that runs, can be killed and started again."""

    name: str

    @property
    def alive(self) -> bool: ...

    def start(self) -> None: ...

    def kill(self) -> bool:
        """SIGKILL. False when there was nothing to kill."""

    def stop(self) -> None: ...


class Role:
    """A process of ours: `publisher worker`, or a module of this folder."""

    def __init__(self, name: str, launch: Callable[[], Command]) -> None:
        self.name = name
        self._launch = launch
        self.command: Command | None = None
        self.last_words = ""

    @property
    def alive(self) -> bool:
        return self.command is not None and self.command.process.poll() is None

    def start(self) -> None:
        self.command = self._launch()

    def kill(self) -> bool:
        if self.command is None or not self.alive:
            return False
        self.command.kill()
        self.last_words = self.command.output
        return True

    def stop(self) -> None:
        if self.command is not None:
            self.command.stop()
            self.last_words = self.command.output


class Redis:
    """Keeps nothing on disk: when it is killed everything in it is gone."""

    name = "redis"

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://{LOOPBACK}:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        options = ["--bind", LOOPBACK, "--port", str(self.port), "--save", "", "--appendonly", "no"]
        self._process = _quiet([redis_path(), *options])

    def kill(self) -> bool:
        return _kill(self._process)

    def stop(self) -> None:
        if self._process is not None:
            stop_process(self._process)


class PostgreSQL:
    """A cluster with fsync on. Killing takes the postmaster and every backend; starting recovers from the log."""

    name = "postgresql"

    def __init__(self) -> None:
        self.port = free_port()
        self._owner = server_owner()
        self._password = secrets.token_hex(16)
        self._folder = Path(tempfile.mkdtemp(prefix="tincoso-chaos-postgresql-"))
        if self._owner is not None:
            os.chown(self._folder, self._owner.pw_uid, self._owner.pw_gid)
        self._data = make_cluster(postgresql_bin(), self._folder, self._password, self._owner)
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://publisher:{self._password}@{LOOPBACK}:{self.port}/{database}"

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        settings = {"port": self.port, "listen_addresses": LOOPBACK, "unix_socket_directories": ""}
        settings |= {"shared_buffers": "32MB", "max_connections": 80, "fsync": "on", "synchronous_commit": "on"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._process = _quiet(
            [str(postgresql_bin() / "postgres"), "-D", str(self._data), *options],
            cwd=self._folder,
            **as_user(self._owner),
        )

    def answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(self.url(), connect_timeout=2).close()
            return True
        return False

    def create_database(self) -> str:
        wait_until(self.answers, "PostgreSQL")
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE chaos")
        return self.url("chaos")

    def kill(self) -> bool:
        backends = children(self._process.pid) if self._process else []
        killed = _kill(self._process)
        for pid in backends:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if killed:  # until they are gone they hold the shared memory, and the new postmaster refuses to start
            wait_until(lambda: not any(map(_runs, backends)), "the backends are gone", STOP_SECONDS)
        return killed

    def stop(self) -> None:
        if self._process is not None:
            stop_process(self._process, signal.SIGINT)
        shutil.rmtree(self._folder, ignore_errors=True)


class Sandbox(Role):
    """The referee: one process, never killed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._port = folder, free_port()
        self.url = f"http://{LOOPBACK}:{self._port}"
        super().__init__("sandbox", self._open)

    def _open(self) -> Command:
        return Command("--data", str(self.folder), "--port", str(self._port), module="channels.sandbox")

    def start(self) -> None:
        super().start()
        assert self.command is not None
        self.command.wait_for(self.url)


class Files:
    """The public site as any web server beside us would serve it; it stays up when our own processes do not."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._server = ThreadingHTTPServer((LOOPBACK, 0), partial(_Site, directory=str(root)))
        self.url = f"http://{LOOPBACK}:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Site(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/trang"))

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


def children(parent: int) -> list[int]:
    """Processes whose parent is `parent`, from /proc: PostgreSQL's backends lead sessions of their own."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def _runs(pid: int) -> bool:
    """Whether it still holds anything: a zombie does not."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def _quiet(command: list[str], **rest: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **rest
    )


def _kill(process: subprocess.Popen[bytes] | None) -> bool:
    if process is None or process.poll() is not None:
        return False
    process.kill()
    process.wait()
    return True
