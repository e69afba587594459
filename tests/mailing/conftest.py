from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

if TYPE_CHECKING:
    from channels.sandbox import Sandbox
    from publisher.delivery.models import Account
    from publisher.mailing.models import Subscriber
    from tests.ward import Ward


@pytest.fixture(autouse=True)
def _nobody_asked_before() -> None:
    from django.core.cache import cache  # Django is set up after this file is read

    cache.clear()


@pytest.fixture
def account(ward: Ward, sandbox: Sandbox) -> Account:
    """The ward's newsletter, on the sandbox's mail server."""
    return ward.account("email", settings=sandbox.accounts["email"]["settings"])


@pytest.fixture
def reader(ward: Ward) -> Callable[..., Subscriber]:
    from publisher.mailing.models import Subscriber

    def make(address: str, **changed: object) -> Subscriber:
        before = timezone.now() - timedelta(days=1)
        given = {"organisation": ward.organisation, "asked_at": before, "confirmed_at": before, "address": address}
        return Subscriber.objects.create(**given | changed)

    return make
