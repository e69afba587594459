"""Receivers on loopback. Nothing here imports a model before Django is ready (see tests/conftest.py)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.following.receiver import PostOffice, Receiver, post_office, receiving

if TYPE_CHECKING:
    from collections.abc import Callable

    from publisher.following.models import Endpoint
    from tests.ward import Ward


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    from channels.remote import allow

    allow(["127.0.0.1"])
    with receiving() as running:
        yield running


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """A mail server, and an installation that uses it."""
    from publisher.config import config

    with post_office() as running:
        monkeypatch.setattr(config, "smtp_url", running.url)
        monkeypatch.setattr(config, "notice_sender", "Tin Cơ Sở <bao@songvang.example>")
        yield running


@pytest.fixture
def listen(ward: Ward, receiver: Receiver) -> Callable[..., Endpoint]:
    """`listen("/a", "post.*")`: an endpoint of the ward at that path of the receiver, told of what happens from now."""
    from publisher.following.endpoints import add
    from tests.following.days import begin

    def make(path: str = "/", *kinds: str, name: str = "") -> Endpoint:
        begin()
        url = receiver.url(path)
        return add(ward.organisation, name=name or f"Cổng {path}", url=url, kinds=kinds, by=ward.admin)[0]

    return make
