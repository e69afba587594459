"""Every event reaches every follower that wants it, once, whatever order it was committed in."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from publisher.events.log import record
from publisher.events.models import Event
from publisher.events.seal import seal_log
from publisher.following.models import Cursor, Dispatch
from publisher.following.outbox import hand_out
from publisher.following.thread import RECEIVERS
from tests.following.days import happen, look
from tests.ward import make_ward

pytestmark = pytest.mark.engine


def handed_to(endpoint) -> list[str]:
    rows = Dispatch.objects.filter(endpoint=endpoint).order_by("pk")
    return list(rows.values_list("event__kind", flat=True))


@pytest.mark.django_db
def test_a_new_endpoint_hears_what_happens_from_now_on_and_only_what_it_asked_for(ward, listen):
    happen(ward.organisation, "campaign.decided")
    everything, posts = listen("/tat-ca"), listen("/bai", "post.*")
    happen(ward.organisation, "post.drafted")
    happen(ward.organisation, "delivery.delivered")
    look()
    assert handed_to(everything)[-2:] == ["post.drafted", "delivery.delivered"]
    assert "campaign.decided" not in handed_to(everything)
    assert handed_to(posts) == ["post.drafted"]


@pytest.mark.django_db
def test_another_organisation_hears_nothing_of_ours(ward, listen):
    ours = listen()
    happen(make_ward().organisation, "post.approved")
    look()
    assert "post.approved" not in handed_to(ours)


@pytest.mark.django_db
def test_looking_again_hands_out_nothing_again(ward, listen):
    endpoint = listen("/", "post.*")
    happen(ward.organisation, "post.drafted")
    look()
    Cursor.objects.update(seq=0)  # the worst that can come of a restored cursor
    look()
    assert handed_to(endpoint) == ["post.drafted"]


@pytest.mark.django_db(transaction=True)
def test_an_event_committed_after_a_later_one_is_not_skipped(ward, listen):
    overtaking = connection.vendor == "postgresql"  # SQLite has one writer at a time: there the second waits
    endpoint, written, go_on = listen("/", "post.*"), threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record("post.drafted", "post:1", organisation=ward.organisation)
            written.set()
            go_on.wait(30)
        connection.close()

    def quick() -> None:
        happen(ward.organisation, "post.approved")
        connection.close()

    with ThreadPoolExecutor(2) as others:
        first = others.submit(slow)
        assert written.wait(30)
        second = others.submit(quick)
        if overtaking:
            second.result()
            look()
            assert handed_to(endpoint) == ["post.approved"]
        go_on.set()
        first.result()
        second.result()
    look()
    assert sorted(handed_to(endpoint)) == ["post.approved", "post.drafted"]
    assert list(Event.objects.filter(kind__startswith="post.").order_by("pk").values_list("kind", flat=True)) == [
        "post.drafted",
        "post.approved",
    ], "the ids tell nothing of the order they were committed in"


@pytest.mark.django_db(transaction=True)
def test_followers_in_several_processes_share_the_work(ward, listen):
    endpoint = listen("/", "post.*")
    for _ in range(5):
        happen(ward.organisation, "post.drafted")
        seal_log()
    together = threading.Barrier(3)

    def process() -> int:
        together.wait(30)
        try:
            return hand_out(RECEIVERS, timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as several:
        for one in [several.submit(process) for _ in range(3)]:
            one.result()
    look()
    assert handed_to(endpoint) == ["post.drafted"] * 5
