"""Starting the sandbox: in this process (`Sandbox`) or as a process of its own (`serve`)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from channels.sandbox.accounts import credentials
from channels.sandbox.server import Server


class Sandbox:
    """`with Sandbox(folder) as sandbox: sandbox.url …`. All it knows lies in the folder and survives any death."""

    def __init__(
        self,
        data: Path,
        port: int = 0,
        host: str = "127.0.0.1",
        *,
        mail_port: int = 0,
        public_url: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`port` 0 takes a free one. `public_url`: what links begin with, where people reach it by another address.
        `clock`: epoch seconds, what the sandbox's own clock runs by."""
        self._data, self._address, self._mail_port, self._clock = data, (host, port), mail_port, clock
        self._public_url = public_url.rstrip("/")
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return self._running.url

    @property
    def mail_port(self) -> int:
        """Where it takes mail, on the same host."""
        return self._running.mail_port

    @property
    def accounts(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Ready credentials, by kind of channel: {"facebook": {"settings": …, "secrets": …}, "zalo": …}."""
        return credentials(self.url, self.mail_port)

    @property
    def calls(self) -> dict[str, int]:
        """How often each call came since the start: {"zalo refresh": 1}."""
        return self._running.desk.calls()

    @property
    def now(self) -> float:
        """Epoch seconds by its own clock."""
        return self._running.store.clock()

    @property
    def _running(self) -> Server:
        if self._server is None:
            raise RuntimeError("the sandbox is not started")
        return self._server

    def start(self) -> None:
        """Raises OSError when a port is taken."""
        self._server = Server(self._address, self._mail_port, self._data, self._public_url, self._clock)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="sandbox", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends it at once, also what hangs on purpose."""
        server, self._server = self._server, None
        if server is None or self._thread is None:
            return
        server.shutdown()
        self._thread.join()
        server.server_close()

    def posts(self, vendor: str) -> list[dict[str, Any]]:
        """What a vendor shows in public now, oldest first; for "broadcast", "webhook", "email" and "hub" what came."""
        return self._running.desk.posts(vendor)

    def record(self, act: str = "") -> list[dict[str, Any]]:
        """Everything that was ever really done, in order; `act`: only that."""
        return [line for line in self._running.store.record.every() if act in ("", line["act"])]

    def verified(self) -> dict[str, Any]:
        """Whether the record is what was written; see `Record.verified`."""
        return self._running.store.record.verified()

    def photos(self) -> list[dict[str, Any]]:
        """Every photo the Page holds: {"id", "post"}; `post` is "" for one that hangs in none."""
        return self._running.facebook.photos.every()

    def fault(self, vendor: str, call: str, fault: str, **given: Any) -> None:
        """Sets a fault; `given`: times, seconds, skip, match, when and more, see `faults`. Raises ValueError."""
        if wrong := self._running.faults.order({"vendor": vendor, "call": call, "fault": fault, **given}):
            raise ValueError(wrong)

    def chaos(self, seed: int, rates: Mapping[str, float], **given: Any) -> None:
        """Faults by chance, see `faults`; no rates end it. Raises ValueError."""
        if wrong := self._running.faults.chaos.order({"seed": seed, "rates": dict(rates), **given}):
            raise ValueError(wrong)

    def turn(self, switch: str, value: int) -> None:
        """Raises KeyError for a switch that does not exist."""
        self._running.store.turn(switch, value)

    def turn_clock(self, **given: Any) -> None:
        """`advance=3600`, `now="2026-12-01T23:00:00+07:00"`, `frozen=True`, `reset=True`; see `clock`."""
        self._running.store.turn_clock(given)

    def code(self, challenge: str = "") -> str:
        """A code as the OA's administrator brings it back from the consent page."""
        return self._running.zalo.pairs.code(challenge)


def serve(
    data: Path,
    host: str = "127.0.0.1",
    port: int = 8099,
    public_url: str = "",
    ready: Callable[[str, int], object] = lambda url, mail_port: None,
    mail_port: int = 0,
) -> None:
    """Serves until interrupted; `ready` is told the address and the mail port. Raises OSError when a port is taken."""
    server = Server((host, port), mail_port, data, public_url.rstrip("/"))
    try:
        ready(server.url, server.mail_port)
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
