"""A machine that is not as it should be: a clear sentence, no traceback, nothing half-done, nothing else disturbed."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests
from django.core.management import CommandError

from publisher.management.commands import demo, run
from tests.processes import Command
from tests.services import free_port, wait_until

pytestmark = [pytest.mark.processes]
NO_KEYS = {f"PUBLISHER_{name}": "" for name in ("SECRET_KEY", "ACCOUNT_KEYS", "EVENT_KEY")}
DEAD = "postgresql://nobody@127.0.0.1:{port}/none"


def refused(command: Command, words: str) -> str:
    """It ended by itself, with an error, and said `words` instead of a traceback."""
    assert command.wait() not in {0, None}
    assert words in command.output, command.output
    assert "Traceback" not in command.output
    return command.output


def nothing_made(folder: Path) -> bool:
    return not list(folder.rglob("*.sqlite3")) and not list(folder.rglob("site"))


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("role", ["web", "run"])
def test_a_port_in_use_is_named_and_another_proposed(publisher, tmp_path, role):
    with taken_port() as port:
        output = refused(publisher(role, env={"PORT": str(port)}), f"Cổng {port} đang được chương trình khác dùng")
    assert f"PORT={port + 1}" in output
    assert nothing_made(tmp_path)


def test_a_sandbox_port_in_use_is_named(publisher):
    with taken_port() as port:
        refused(publisher("sandbox", "--port", str(port)), f"Cổng {port} đang được chương trình khác dùng")


PLANS = {
    "missing": (None, "Không thấy tệp kế hoạch"),
    "empty": (b"", "Tệp trống"),
    "no plan": ("Xin chào, đây là một bức thư ngắn gửi bà con.".encode(), "thu.txt"),
}


@pytest.mark.parametrize(("command", "what"), [("run", "missing"), ("run", "no plan"), ("demo", "empty")])
def test_a_wrong_plan_stops_the_start_before_anything_is_made(publisher, tmp_path, command, what):
    data, words = PLANS[what]
    file = tmp_path / "thu.txt"
    if data is not None:
        file.write_bytes(data)
    refused(publisher(command, "--plan", str(file), env={"PORT": str(free_port())}), words)
    assert nothing_made(tmp_path / "var")


@pytest.mark.parametrize("what", PLANS)
def test_both_starts_look_at_a_plan_alike(tmp_path, what):
    data, words = PLANS[what]
    file = tmp_path / "thu.txt"
    if data is not None:
        file.write_bytes(data)
    for command in (run, demo):
        with pytest.raises(CommandError, match=words):
            command.check_plan(str(file))


@pytest.mark.parametrize("role", ["run", "web", "migrate"])
def test_a_missing_secret_stops_every_role(publisher, tmp_path, role):
    env = {**NO_KEYS, "PUBLISHER_MAKE_SECRETS": "false", "PORT": str(free_port())}
    refused(publisher(role, env=env), "PUBLISHER_SECRET_KEY_FILE")
    assert nothing_made(tmp_path)


def test_a_database_nobody_answers_at_stops_the_start_with_its_address(publisher):
    port = free_port()
    env = {"PUBLISHER_DATABASE_URL": DEAD.format(port=port), "PORT": str(free_port())}
    assert str(port) in refused(publisher("run", env=env), "Kiểm tra PUBLISHER_DATABASE_URL")


def test_a_file_that_is_no_database_stops_the_start_and_is_left_alone(publisher, tmp_path):
    file = tmp_path / "var" / "publisher.sqlite3"
    file.parent.mkdir()
    file.write_bytes(b"day khong phai co so du lieu" * 50)
    refused(publisher("run", env={"PORT": str(free_port())}), "cơ sở dữ liệu")
    assert file.read_bytes() == b"day khong phai co so du lieu" * 50


@pytest.mark.parametrize("role", ["clock", "worker"])
def test_a_role_of_many_machines_without_redis_says_what_to_set(publisher, role):
    refused(publisher(role), "PUBLISHER_REDIS_URL")


def test_the_web_answers_503_while_its_database_is_away_and_stays_up(publisher):
    port = free_port()
    env = {"PUBLISHER_DATABASE_URL": DEAD.format(port=free_port()), "PORT": str(port)}
    web = publisher("web", env=env)
    web.wait_for("Đang phục vụ")
    for _ in range(2):
        answer = requests.get(f"http://127.0.0.1:{port}/healthz", timeout=20)
        assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")
    assert web.process.poll() is None


@pytest.mark.usefixtures("tables")
def test_a_clock_whose_redis_is_away_waits_and_says_so(publisher):
    clock = publisher("clock", env={"PUBLISHER_REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"})
    clock.wait_for("wake-ups not heard", 30)
    assert clock.process.poll() is None
    assert clock.stop() in {0, -15}


@pytest.mark.usefixtures("tables")
def test_a_second_start_on_the_same_folder_is_refused_and_the_first_goes_on(publisher):
    port = free_port()
    first = publisher("run", env={"PORT": str(port)})
    first.wait_for("Dừng bằng Ctrl-C", 120)
    refused(publisher("run", env={"PORT": str(free_port())}), "đang được một tiến trình khác dùng")

    def healthy() -> bool:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=10).json()["clock"]

    wait_until(healthy, "the clock of the first", 30)
    answer = requests.get(f"http://127.0.0.1:{port}/healthz", timeout=10)
    assert (answer.status_code, answer.json()["web"], answer.json()["database"]) == (200, "ok", "ok")
    assert requests.get(f"http://127.0.0.1:{port}/trang/phuong-song-vang/", timeout=10).status_code == 200
    assert first.stop() == 0
    assert "Đã dừng" in first.output


def test_a_second_clock_is_no_mistake_and_says_so(publisher, redis_url, tables):
    env = {"PUBLISHER_REDIS_URL": redis_url}
    publisher("clock", env=env)

    def beats() -> bool:
        with closing(sqlite3.connect(f"file:{tables}?mode=ro", uri=True, timeout=10)) as rows:
            return rows.execute("SELECT COUNT(*) FROM delivery_clockbeat").fetchone() != (0,)

    wait_until(beats, "the first clock's beat", 60)
    second = publisher("clock", env=env)
    assert "hai đồng hồ chạy chung an toàn" in second.wait_for("Đã có đồng hồ", 60)
