"""The broker carries an id and a lease, now, and may lose everything: the rows know what is still to do."""

from __future__ import annotations

from uuid import UUID

import dramatiq
from django.db import close_old_connections
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import AgeLimit, Middleware, Retries, ShutdownNotifications, TimeLimit

from publisher.config import config
from publisher.delivery.asking import ask
from publisher.delivery.claim import Claim
from publisher.delivery.sending import deliver


class FreshConnections(Middleware):
    """Every thread has its own database connection; one that died must not be used again."""

    def before_process_message(self, broker: dramatiq.Broker, message: dramatiq.MessageProxy) -> None:
        close_old_connections()

    def after_process_message(self, broker: dramatiq.Broker, message: dramatiq.MessageProxy, **outcome: object) -> None:
        close_old_connections()


MIDDLEWARE = [AgeLimit(), TimeLimit(), ShutdownNotifications(), Retries(max_retries=0), FreshConnections()]
broker: dramatiq.Broker = (
    RedisBroker(url=config.redis_url, middleware=MIDDLEWARE) if config.redis_url else StubBroker(middleware=MIDDLEWARE)
)
dramatiq.set_broker(broker)


@dramatiq.actor(max_retries=0, queue_name="deliveries")
def send_delivery(pk: int, lease: str) -> None:
    deliver(pk, UUID(lease))


@dramatiq.actor(max_retries=0, queue_name="deliveries")
def ask_about_delivery(pk: int, lease: str) -> None:
    ask(pk, UUID(lease))


def enqueue_sending(claim: Claim) -> None:
    send_delivery.send(claim[0], str(claim[1]))


def enqueue_asking(claim: Claim) -> None:
    ask_about_delivery.send(claim[0], str(claim[1]))


def worker() -> dramatiq.Worker:
    """Threads that send; the caller starts and stops them."""
    return dramatiq.Worker(broker, worker_threads=config.worker_threads)
