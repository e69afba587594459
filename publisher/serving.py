"""The roles of an installation as objects to start and stop: web server, clock, worker."""

from __future__ import annotations

import errno
import sys
import threading
from pathlib import Path

from django.conf import settings
from waitress.server import create_server

from publisher.config import config


class PortTaken(Exception):
    """Somebody else listens there; the message says what to do."""


class Web:
    """The console and the public site, served by threads of this process."""

    def __init__(self, host: str | None = None, port: int | None = None) -> None:
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        from publisher.wsgi import application

        self.host, self.port = host or config.host, config.port if port is None else port
        try:
            self.server = create_server(
                application,
                host=self.host,
                port=self.port,
                threads=config.web_threads,
                ident="",
                max_request_body_size=settings.REQUEST_LIMIT,
                **proxy(),
            )
        except OSError as error:
            raise port_taken(self.port, error) from error

    def run(self) -> None:
        self.server.run()

    def stop(self) -> None:
        self.server.close()


def proxy() -> dict[str, object]:
    """Whose forwarded headers count: nobody's, unless a proxy is named."""
    if not config.trusted_proxy:
        return {"clear_untrusted_proxy_headers": True}
    return {
        "trusted_proxy": config.trusted_proxy,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        "trusted_proxy_count": 1,
        "clear_untrusted_proxy_headers": True,
    }


def port_taken(port: int, error: OSError) -> Exception:
    if error.errno in {errno.EADDRINUSE, errno.EACCES}:
        return PortTaken(
            f"Cổng {port} đang được chương trình khác dùng. Tắt chương trình đó, "
            f"hoặc chọn cổng khác: make run PORT={port + 1}"
        )
    return error


def run_until(stop: threading.Event, *parts: threading.Thread) -> None:
    """Waits until asked to stop or until a part died, which must not go unseen."""
    while not stop.wait(0.5):
        dead = [part.name for part in parts if not part.is_alive()]
        if dead:
            sys.stderr.write(f"Phần {', '.join(dead)} đã dừng bất ngờ.\n")
            return
