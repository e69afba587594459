"""`publisher health`: what container platforms ask; wrong answers would restart what is well or keep what is dead."""

from __future__ import annotations

import os
import socket
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from publisher.config import config
from publisher.delivery.clock import ALIVE
from publisher.delivery.models import ClockBeat
from tests.services import free_port


def beat(age: timedelta, host: str | None = None) -> None:
    now = timezone.now()
    name = f"{host or socket.gethostname()}:{os.getpid()}"
    ClockBeat.objects.create(name=name, started_at=now - timedelta(hours=1), beat_at=now - age)


@pytest.fixture
def web_answers(monkeypatch):
    """A web server that answers its health address with the status it is given."""
    servers = []

    def start(status: int) -> None:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status if self.path == reverse("health") else 404)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        monkeypatch.setattr(config, "port", server.server_port)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_web_server_that_answers_is_well(web_answers, capsys):
    web_answers(200)
    call_command("health", "web")
    assert "web: tốt" in capsys.readouterr().out


def test_a_web_server_in_trouble_is_not_well(web_answers):
    web_answers(503)
    with pytest.raises(CommandError, match="503"):
        call_command("health", "web")


def test_a_port_nobody_answers_on_is_named(monkeypatch):
    port = free_port()
    monkeypatch.setattr(config, "port", port)
    with pytest.raises(CommandError, match=f"cổng {port} không trả lời"):
        call_command("health", "web")


@pytest.mark.django_db
@pytest.mark.engine
def test_a_clock_that_beats_is_well():
    beat(timedelta(seconds=1))
    call_command("health", "clock")


@pytest.mark.django_db
def test_a_clock_that_fell_silent_is_not_well():
    beat(ALIVE + timedelta(seconds=5))
    with pytest.raises(CommandError, match="nhịp cuối lúc"):
        call_command("health", "clock")


@pytest.mark.django_db
def test_the_clock_of_another_machine_does_not_count():
    beat(timedelta(seconds=1), host="another-machine")
    with pytest.raises(CommandError, match="chưa có đồng hồ nào"):
        call_command("health", "clock")


@pytest.mark.django_db
@pytest.mark.engine
def test_a_worker_that_reaches_its_servers_is_well(redis_url, monkeypatch):
    monkeypatch.setattr(config, "redis_url", redis_url)
    call_command("health", "worker")


@pytest.mark.django_db
def test_a_worker_without_redis_is_not_well(monkeypatch):
    monkeypatch.setattr(config, "redis_url", f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises(CommandError, match="Redis không trả lời"):
        call_command("health", "worker")
