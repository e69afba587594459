"""A process killed between the call and its record: the receiver gets the same id again, and acts once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest
from django.db import connection
from django.utils import timezone

from publisher.following.turns import LEASE
from tests.following.days import carry, happen, look, states
from tests.processes import ROOT
from tests.services import stop_process

FOLLOW = """
import django
django.setup()
from channels.remote import allow
from publisher.following.thread import Followers
allow(["127.0.0.1"])
Followers().run()
"""


@pytest.mark.processes
@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_a_process_killed_while_the_receiver_answers_repeats_itself_without_effect(ward, listen, receiver):
    endpoint, killed = listen("/", "post.*"), threading.Event()
    happen(ward.organisation, "post.drafted", "post:1")
    look()
    receiver.answers["/"] = lambda: 200 if killed.wait(60) else 500
    process = subprocess.Popen([sys.executable, "-c", FOLLOW], cwd=ROOT, env=environment())
    try:
        receiver.wait_for(1)
        process.kill()
    finally:
        stop_process(process)
        killed.set()
    assert states(endpoint) == ["waiting"]
    assert carry() == 0, "its turn lasts as long as its lease"
    happen(ward.organisation, "post.drafted", "post:2")
    assert carry(timezone.now() + LEASE) == 2
    assert [got.said["subject"] for got in receiver.got] == ["post:1", "post:1", "post:2"]
    assert len(receiver.effects()) == 2


def environment() -> dict[str, str]:
    """The tests' own database, for another process."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{given['NAME']}"
    else:
        who = f"{given['USER']}:{given['PASSWORD']}"
        url = f"postgresql://{who}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    return {**os.environ, "PYTHONPATH": str(ROOT), "PUBLISHER_DATABASE_URL": url}
