"""The servers, ports and browser that other tests stand on."""

from __future__ import annotations

import os
import socket

import psycopg
import pytest
import redis

from tests import services
from tests.services import MissingPackage, NotStarted, postgresql, redis_server


def test_a_private_postgresql_stores_vietnamese_and_keeps_fsync_on(postgresql_url):
    with psycopg.connect(postgresql_url) as connection:
        connection.execute("CREATE TABLE note (words text)")
        connection.execute("INSERT INTO note VALUES ('phường Sông Vàng')")
        assert connection.execute("SELECT words FROM note").fetchone() == ("phường Sông Vàng",)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_each_new_database_is_empty_and_its_own(new_postgresql_url, postgresql_url):
    assert new_postgresql_url != postgresql_url
    with psycopg.connect(new_postgresql_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)


def test_postgresql_asks_for_its_password(new_postgresql_url):
    wrong = new_postgresql_url.replace("publisher:", "publisher:wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong, connect_timeout=5)


def test_a_private_redis_answers_and_keeps_nothing(redis_url):
    with redis.Redis.from_url(redis_url) as client:
        client.set("tick", "1")
        assert client.get("tick") == b"1"
        assert client.config_get("save") == {"save": ""}


def test_a_server_ends_with_its_block_and_leaves_no_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(services.tempfile, "tempdir", str(tmp_path))
    with redis_server() as server:
        pid = server.process.pid
        assert list(tmp_path.iterdir())
    assert server.process.returncode is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("server", "package"), [(redis_server, "redis-server"), (postgresql, "postgresql")], ids=["redis", "postgresql"]
)
def test_a_missing_server_names_the_package(server, package, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(services, "DEBIAN_POSTGRESQL", tmp_path)
    with pytest.raises(MissingPackage, match=f"install '{package}'"), server():
        pass


def test_a_missing_browser_names_the_package(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingPackage, match="install 'chromium'"):
        services.chromium_path()
    with pytest.raises(MissingPackage, match="install 'libreoffice-writer-nogui'"):
        services.soffice_path()


def test_a_server_that_ends_at_once_shows_its_last_words(monkeypatch, tmp_path):
    broken = tmp_path / "redis-server"
    broken.write_text("#!/bin/sh\necho the disk is full\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotStarted, match="the disk is full"), redis_server():
        pass


def test_free_ports_differ_and_can_be_taken(free_ports):
    ports = free_ports(5)
    assert len(set(ports)) == 5
    for port in ports:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", port))


@pytest.mark.browser
def test_the_browser_shows_vietnamese_letters(page):
    page.set_content("<meta charset=utf-8><h1>Đối thoại với người dân phường Sông Vàng</h1>")
    assert page.inner_text("h1") == "Đối thoại với người dân phường Sông Vàng"
