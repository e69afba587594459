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
from publisher.delivery.checkup import check_account
from publisher.delivery.claim import Claim, Lane
from publisher.delivery.heartbeat import LONGEST
from publisher.delivery.models import Account
from publisher.delivery.sending import deliver_lane
from publisher.delivery.sites import refresh
from publisher.people.models import Organisation


class FreshConnections(Middleware):
    """Every thread has its own database connection; one that died must not be used again."""

    def before_process_message(self, broker: dramatiq.Broker, message: dramatiq.MessageProxy) -> None:
        close_old_connections()

    def after_process_message(self, broker: dramatiq.Broker, message: dramatiq.MessageProxy, **outcome: object) -> None:
        close_old_connections()


MIDDLEWARE = [
    AgeLimit(),
    TimeLimit(time_limit=int(1000 * (LONGEST + 60))),
    ShutdownNotifications(),
    Retries(max_retries=0),
    FreshConnections(),
]
SITE_LIMIT = 3_600_000  # milliseconds; a site of 10,000 articles takes a minute on two cores
POLL_MILLISECONDS = 60  # an idle worker looks at Redis about every so often: the price of being on time


class PromptBroker(RedisBroker):
    """Without delay queues: nothing here is ever delayed, and watching them doubles what an idle worker costs."""

    def get_declared_delay_queues(self) -> set[str]:
        return set()

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = POLL_MILLISECONDS) -> dramatiq.Consumer:
        """An idle consumer looks at Redis about every `POLL_MILLISECONDS`; the threads behind it need not."""
        return super().consume(queue_name, prefetch, min(timeout, POLL_MILLISECONDS))


broker: dramatiq.Broker = (
    PromptBroker(url=config.redis_url, middleware=MIDDLEWARE) if config.redis_url else StubBroker(middleware=MIDDLEWARE)
)
dramatiq.set_broker(broker)


@dramatiq.actor(max_retries=0, queue_name="deliveries")
def send_lane(pks: list[int], lease: str) -> None:
    deliver_lane(pks, UUID(lease))


@dramatiq.actor(max_retries=0, queue_name="urgent", priority=-1)  # a line of its own; smaller is sooner
def send_urgent_lane(pks: list[int], lease: str) -> None:
    deliver_lane(pks, UUID(lease))


@dramatiq.actor(max_retries=0, queue_name="deliveries")
def ask_about_delivery(pk: int, lease: str) -> None:
    ask(pk, UUID(lease))


@dramatiq.actor(max_retries=0, queue_name="deliveries")
def look_at_account(pk: int) -> None:
    check_account(Account.objects.select_related("organisation", "through").get(pk=pk), by=None)


@dramatiq.actor(max_retries=0, queue_name="sites", time_limit=SITE_LIMIT)
def refresh_site(pk: int) -> None:
    refresh(Organisation.objects.select_related("emblem").get(pk=pk))


def enqueue_lane(lane: Lane) -> None:
    (send_urgent_lane if lane.urgent else send_lane).send(list(lane.pks), str(lane.lease))


def enqueue_asking(claim: Claim) -> None:
    ask_about_delivery.send(claim[0], str(claim[1]))


def worker() -> dramatiq.Worker:
    """Threads that send; the caller starts and stops them."""
    return dramatiq.Worker(broker, worker_threads=config.worker_threads, worker_timeout=500)
