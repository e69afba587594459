"""python -m tests.chaos.embedded: web, clock and worker in one process, as `publisher run` has them, but no sandbox.

The referee must outlive every kill, so it is not this process's child.
"""

from __future__ import annotations

import os
import signal
import threading

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "publisher.settings"
    django.setup()
    from publisher.delivery.broker import worker
    from publisher.delivery.clock import Clock
    from publisher.serving import Web, run_until

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    web, clock, sender = Web(), Clock(), worker()
    sender.start()
    parts = [threading.Thread(target=part.run, daemon=True) for part in (clock, web)]
    for part in parts:
        part.start()
    print("ready", flush=True)
    run_until(stop, *parts)
    clock.stop()
    sender.stop()
    web.stop()


if __name__ == "__main__":
    main()
