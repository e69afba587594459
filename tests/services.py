"""Private servers for tests: PostgreSQL and Redis in a folder of their own, on a free loopback port, stopped by pid.

    with postgresql() as server:
        url = server.create_database()      # postgresql://publisher:…@127.0.0.1:41234/db_1

Nothing is shared with a server that happens to run on this machine. A server that is not installed raises
`MissingPackage`, which names the Debian package: tests fail then, they never skip.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

LOOPBACK = "127.0.0.1"
START_SECONDS = 60.0
STOP_SECONDS = 20.0
DEBIAN_POSTGRESQL = Path("/usr/lib/postgresql")  # Debian keeps initdb and postgres off the PATH
TRIES = 3  # a free port may be taken between our look and the server's start


class MissingPackage(RuntimeError):
    """A server or browser the tests need is not installed; the message names the package."""


class NotStarted(RuntimeError):
    """A server did not come up; the message ends with its own last words."""


def free_port() -> int:
    """A loopback TCP port that is free now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
    """Asks `ready` again and again; raises `TimeoutError` naming `what` after `seconds`."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:g} s")
        pause.wait(0.05)


def chromium_path() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise _missing("chromium", "chromium")


def soffice_path() -> str:
    if path := shutil.which("soffice"):
        return path
    raise _missing("soffice", "libreoffice-writer-nogui")


def redis_path() -> str:
    if path := shutil.which("redis-server"):
        return path
    raise _missing("redis-server", "redis-server")


def postgresql_bin() -> Path:
    """The folder that holds `initdb` and `postgres`."""
    if path := shutil.which("initdb"):
        return Path(path).resolve().parent
    found = sorted(DEBIAN_POSTGRESQL.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if not found:
        raise _missing("PostgreSQL (initdb)", "postgresql")
    return found[-1].parent


def _missing(what: str, package: str) -> MissingPackage:
    return MissingPackage(f"{what} is not installed: run scripts/system-packages as root, or install '{package}'")


@dataclass
class PostgreSQL:
    port: int
    password: str = field(repr=False)
    process: subprocess.Popen[bytes] = field(repr=False)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1), repr=False)

    def url(self, database: str) -> str:
        return _url(self.port, self.password, database)

    def create_database(self) -> str:
        """The address of a new, empty database."""
        name = f"db_{next(self._numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)


def _url(port: int, password: str, database: str) -> str:
    return f"postgresql://publisher:{password}@{LOOPBACK}:{port}/{database}"


@dataclass
class Redis:
    url: str
    process: subprocess.Popen[bytes] = field(repr=False)


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A new cluster with fsync on (tests of durability must mean something) and small buffers."""
    binaries, owner = postgresql_bin(), server_owner()
    with _folder("tincoso-postgresql-", owner) as folder:
        password = secrets.token_hex(16)
        data = make_cluster(binaries, folder, password, owner)

        def command(port: int) -> list[str]:
            settings = {
                "port": port,
                "listen_addresses": LOOPBACK,
                "unix_socket_directories": "",
                "shared_buffers": "32MB",
                "max_connections": 80,
                "autovacuum_naptime": "10s",
            }
            options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
            return [str(binaries / "postgres"), "-D", str(data), *options]

        def answers(port: int) -> bool:
            with suppress(psycopg.OperationalError):
                psycopg.connect(_url(port, password, "postgres"), connect_timeout=5).close()
                return True
            return False

        with _server("PostgreSQL", command, answers, folder / "log", owner, stop=signal.SIGINT) as (port, process):
            yield PostgreSQL(port, password, process)


@contextmanager
def redis_server() -> Iterator[Redis]:
    """A new, empty Redis that keeps nothing on disk."""
    binary = redis_path()
    with _folder("tincoso-redis-", None) as folder:

        def command(port: int) -> list[str]:
            return [
                binary,
                "--bind",
                LOOPBACK,
                "--port",
                str(port),
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                str(folder),
            ]

        def answers(port: int) -> bool:
            with (
                suppress(redis.ConnectionError),
                redis.Redis(host=LOOPBACK, port=port, retry=Retry(NoBackoff(), 0)) as client,
            ):
                return bool(client.ping())
            return False

        with _server("Redis", command, answers, folder / "log", None) as (port, process):
            yield Redis(f"redis://{LOOPBACK}:{port}/0", process)


def stop_process(process: subprocess.Popen[bytes], polite: int = signal.SIGTERM, seconds: float = STOP_SECONDS) -> None:
    """Asks a child of ours to end, and ends it when it does not listen."""
    if process.poll() is None:
        process.send_signal(polite)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _server(
    name: str,
    command: Callable[[int], list[str]],
    answers: Callable[[int], bool],
    log: Path,
    owner: pwd.struct_passwd | None,
    stop: int = signal.SIGTERM,
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    for _ in range(TRIES):
        port = free_port()
        with log.open("wb") as output:
            process = subprocess.Popen(
                command(port),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=log.parent,
                **as_user(owner),
            )
        try:
            wait_until(lambda port=port, process=process: process.poll() is not None or answers(port), name)
            if process.poll() is None:
                yield port, process
                return
        finally:
            stop_process(process, stop)
    raise NotStarted(f"{name} did not start: {log.read_text(errors='replace')[-2000:]}")


def make_cluster(binaries: Path, folder: Path, password: str, owner: pwd.struct_passwd | None) -> Path:
    """A new PostgreSQL data folder below `folder`, its superuser `publisher`."""
    data, pwfile = folder / "data", folder / "password"
    pwfile.write_text(password)
    pwfile.chmod(0o644)  # inside a 0700 folder; PostgreSQL's own user must read it
    subprocess.run(
        [
            str(binaries / "initdb"), f"--pgdata={data}", "--username=publisher", f"--pwfile={pwfile}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        ],
        check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user(owner),
    )  # fmt: skip
    pwfile.unlink()
    return data


def server_owner() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as: it refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise NotStarted("PostgreSQL refuses to run as root and there is neither a user 'postgres' nor 'nobody'")


def as_user(owner: pwd.struct_passwd | None) -> dict[str, object]:
    """What `Popen` is told so that the process runs as `owner`; None: as we do."""
    return {} if owner is None else {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


@contextmanager
def _folder(prefix: str, owner: pwd.struct_passwd | None) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        if owner is not None:
            os.chown(path, owner.pw_uid, owner.pw_gid)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
