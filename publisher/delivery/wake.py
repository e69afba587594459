"""Waking the clock: in the process by an event, on many machines by Redis. A lost wake-up costs one tick, no more."""

from __future__ import annotations

import logging
import threading
from functools import cache

import redis
from redis.client import PubSub

from publisher.config import config

log = logging.getLogger("publisher.clock")
CHANNEL = "publisher:wake"
_bell = threading.Event()


@cache
def server() -> redis.Redis:
    return redis.Redis.from_url(config.redis_url, socket_timeout=5, socket_connect_timeout=2)


def wake() -> None:
    """Something became due sooner than the clock knows. Never fails: the safety tick finds it anyway."""
    _bell.set()
    if config.redis_url:
        try:
            server().publish(CHANNEL, b"1")
        except redis.RedisError as error:
            log.warning("wake-up not sent: %s", error)


class Sleeper:
    """Sleeps until woken or until the time is up."""

    def __init__(self) -> None:
        self.calls = server().pubsub(ignore_subscribe_messages=True) if config.redis_url else None
        self.subscribed = False

    def sleep(self, seconds: float) -> None:
        if self.calls is None:
            _bell.wait(seconds)
        else:
            self.listen(self.calls, seconds)
        _bell.clear()

    def listen(self, calls: PubSub, seconds: float) -> None:
        try:
            if not self.subscribed:
                calls.subscribe(CHANNEL)
                self.subscribed = True
            calls.get_message(timeout=seconds)
        except redis.RedisError as error:
            log.warning("wake-ups not heard: %s", error)
            self.subscribed = False
            _bell.wait(seconds)
