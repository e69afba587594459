"""Starting with a wrong setting: a clear sentence that says what to do, no traceback, nothing half-done."""

from __future__ import annotations

import os
import socket

import pytest

from tests.services import free_port, wait_until

NO_KEYS = {f"PUBLISHER_{name}": "" for name in ("SECRET_KEY", "ACCOUNT_KEYS", "EVENT_KEY")}


@pytest.mark.processes
@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({**NO_KEYS, "PUBLISHER_MAKE_SECRETS": "false"}, "Thiếu khóa bí mật secret_key"),
        ({**NO_KEYS, "PUBLISHER_SECRET_KEY_FILE": "no/such/file"}, "Không đọc được tệp khóa secret_key"),
        ({**NO_KEYS, "PUBLISHER_SECRET_KEY_FILE": os.devnull}, "rỗng"),
        ({"PORT": "70000"}, "PORT"),
        ({"PUBLISHER_WORKER_THREADS": "0"}, "WORKER_THREADS"),
        ({"PUBLISHER_DATABASE_URL": "mysql://host/name"}, "postgresql://"),
        ({"PUBLISHER_DATABASE_URL": "postgresql://host"}, "postgresql://"),
    ],
    ids=["no-secret", "no-file", "empty-file", "port-big", "no-thread", "other-engine", "no-database"],
)
def test_a_wrong_setting_is_named_and_nothing_starts(settings, words, publisher, tmp_path):
    command = publisher("check", env=settings)
    assert command.wait() != 0
    assert words.lower() in command.output.lower()
    assert "Traceback" not in command.output
    assert not list(tmp_path.rglob("*.sqlite3"))


@pytest.mark.processes
def test_a_database_that_does_not_answer_is_named(publisher):
    port = free_port()
    command = publisher("migrate", env={"PUBLISHER_DATABASE_URL": f"postgresql://nobody@127.0.0.1:{port}/none"})
    assert command.wait() != 0
    assert str(port) in command.output
    assert "Traceback" not in command.output


@pytest.mark.processes
def test_an_empty_installation_gets_its_tables(publisher, tmp_path):
    assert publisher("migrate", "--noinput").wait() == 0
    database = tmp_path / "var" / "publisher.sqlite3"
    assert database.stat().st_mode & 0o077 == 0, "it holds sessions and password hashes"
    again = publisher("migrate", "--noinput")
    assert again.wait() == 0
    assert "No migrations to apply" in again.output or "Không có" in again.output


@pytest.mark.processes
def test_secrets_are_made_once_and_are_for_their_owner_alone(publisher, tmp_path):
    assert publisher("check", env=NO_KEYS).wait() == 0
    kept = tmp_path / "var" / "secrets" / "secret_key"
    first = kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0
    assert publisher("check", env=NO_KEYS).wait() == 0
    assert kept.read_text() == first


@pytest.mark.processes
def test_a_new_key_is_all_that_its_command_says_and_needs_no_tables(publisher):
    made = publisher("secrets", "key")
    assert made.wait() == 0
    assert len(made.output.strip()) == 44


@pytest.mark.processes
def test_a_command_that_will_not_end_is_ended(publisher):
    command = publisher("shell", "-c", "import signal, time; signal.signal(15, 1); print('deaf'); time.sleep(600)")
    command.wait_for("deaf")
    command.kill()
    assert command.process.returncode == -9


@pytest.mark.processes
def test_words_a_command_never_says_fail_with_all_it_said(publisher):
    command = publisher("check")
    with pytest.raises(AssertionError, match=r"never said 'xyz' \(exit 0\)"):
        command.wait_for("xyz")


@pytest.mark.processes
@pytest.mark.usefixtures("tables")
def test_a_request_larger_than_any_upload_is_turned_away_before_it_is_kept(publisher):
    port = free_port()
    server = publisher("run", env={"PORT": str(port)})
    wait_until(lambda: "Dừng bằng Ctrl-C" in server.output, 60)
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        line.sendall(b"POST /dang-nhap HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500000000\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 413 ")
