"""The log is written with its change, never touched again, and whatever is done to it is found."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from publisher.events.log import digest, draft, record
from publisher.events.models import AppendOnly, Event, Seal
from publisher.events.seal import GENESIS, anchor_path, seal_hash, seal_log, verify_log
from publisher.reports.verification import verify_audit
from tests.ward import make_ward, turn

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def sql(statement: str, *values: object) -> None:
    """What somebody with the database's password may do."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount


@pytest.fixture
def log(ward) -> list[Event]:
    """A log with two seals and an unsealed rest."""
    ward.delivered("page")
    seal_log()
    ward.delivered("page", title="Tin thứ hai")
    seal_log()
    ward.delivered("page", title="Tin thứ ba")
    assert verify_audit() == []
    return list(Event.objects.order_by("id"))


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="outside a transaction"):
        record("post.edited", "post:1", organisation=None)
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_of_a_change_that_failed_is_gone_with_it():
    with transaction.atomic():
        record("post.edited", "post:1", organisation=None)
        transaction.set_rollback(True)
    assert not Event.objects.exists()


def test_an_event_can_be_neither_changed_nor_deleted_by_our_own_code(log):
    with pytest.raises(AppendOnly):
        log[0].save()
    with pytest.raises(AppendOnly):
        log[0].delete()


def test_an_untouched_log_verifies(log):
    assert verify_log() == []
    assert Seal.objects.count() == 2
    assert Event.objects.filter(seal=None).exists()


CHANGES = {
    "kind": "post.loved",
    "subject": "delivery:999",
    "actor_name": "Người khác",
    "at": "2020-01-01 00:00:00+00:00",
    "data": '{"from": "sending", "to": "delivered", "remote_id": "1"}',
    "mac": "0" * 64,
}


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is taken back: one log for many attacks."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_a_changed_row_is_found_and_named(log):
    assert log[0].seal is not None
    assert log[-1].seal is None
    for event in (log[0], log[-1]):
        for column, value in CHANGES.items():
            with undone():
                sql(f"UPDATE events_event SET {column} = %s WHERE id = %s", value, event.pk)  # noqa: S608
                findings = verify_log()
            assert f"event:{event.pk}" in {finding.what for finding in findings}, column
            assert str(event.pk) in " ".join(finding.message for finding in findings), column
    assert verify_log() == []


def test_a_removed_row_is_found_and_named(log):
    sql("DELETE FROM events_event WHERE id = %s", log[2].pk)
    (finding,) = verify_log()
    assert (finding.kind, finding.what) == ("removed", f"event:{log[2].pk}")


def test_a_row_removed_before_it_was_sealed_leaves_a_gap_in_the_deliveries(log):
    last = Event.objects.filter(seal=None, kind="delivery.sending").last()
    sql("DELETE FROM events_event WHERE id = %s", last.pk)
    assert last.subject in {finding.what for finding in verify_audit()}


def test_an_inserted_row_is_found_and_named(log):
    for seal in (log[0].seal, None):
        stranger = draft(
            "delivery.delivered", "delivery:1", organisation_id=None, data={"from": "sending", "to": "delivered"}
        )
        stranger.mac, stranger.seal = hashlib.sha256(b"guess").hexdigest(), seal
        with undone():
            stranger.save(force_insert=True)
            findings = [finding for finding in verify_log() if finding.kind == "inserted"]
        assert [finding.what for finding in findings] == [f"event:{stranger.pk}"]


def test_a_copied_row_is_found_although_its_mark_is_valid(log):
    columns = "uid, organisation_id, at, actor_id, actor_name, kind, subject, data, mac"
    sql(f"INSERT INTO events_event ({columns}) SELECT {columns} FROM events_event WHERE id = %s", log[0].pk)  # noqa: S608
    copy = Event.objects.order_by("id").last()
    for _ in range(2):  # before it is sealed and after
        (finding,) = verify_log()
        assert (finding.kind, finding.what) == ("inserted", f"event:{copy.pk}")
        assert f"sao từ dòng {log[0].pk}" in finding.message
        seal_log()


def test_a_log_cut_off_at_a_seal_is_found_by_what_was_announced_outside(log):
    last = Seal.objects.last()
    sql("DELETE FROM events_event WHERE seal_id = %s OR seal_id IS NULL", last.pk)
    sql("DELETE FROM events_seal WHERE id = %s", last.pk)
    assert ("removed", f"seal:{last.seq}") in {(finding.kind, finding.what) for finding in verify_log()}


def test_a_seal_taken_from_the_middle_is_found(log):
    first = Seal.objects.order_by("seq").first()
    sql("UPDATE events_event SET seal_id = NULL WHERE seal_id = %s", first.pk)
    sql("DELETE FROM events_seal WHERE id = %s", first.pk)
    assert ("removed", "seal:1") in {(finding.kind, finding.what) for finding in verify_log()}


def test_a_seal_with_other_leaves_is_found(log):
    first = Seal.objects.order_by("seq").first()
    sql("UPDATE events_seal SET leaves = %s WHERE id = %s", json.dumps(first.leaves[:-1]), first.pk)
    assert ("changed", "seal:1") in {(finding.kind, finding.what) for finding in verify_log()}


def test_a_chain_made_anew_by_somebody_without_the_key_is_found(log):
    """Row, leaf, and every seal after it rewritten so that all hashes agree, and the announcements burnt."""
    victim = log[0]
    sql("UPDATE events_event SET actor_name = %s WHERE id = %s", "Người khác", victim.pk)
    previous = GENESIS
    for seal in Seal.objects.order_by("seq"):
        leaves = [[pk, digest(Event.objects.get(pk=pk))] for pk, _ in seal.leaves]
        made = seal_hash(seal.seq, previous, leaves)
        sql(
            "UPDATE events_seal SET leaves=%s, previous=%s, hash=%s WHERE id=%s",
            json.dumps(leaves),
            previous,
            made,
            seal.pk,
        )
        previous = made
    anchor_path().unlink()
    assert [finding.what for finding in verify_log()] == [f"event:{victim.pk}"]


def test_the_command_names_what_is_wrong_and_ends_with_an_error(log, capsys):
    call_command("audit", "verify")
    assert "Nhật ký nguyên vẹn" in capsys.readouterr().out
    sql("DELETE FROM events_event WHERE id = %s", log[2].pk)
    with pytest.raises(CommandError, match="KHÔNG nguyên vẹn"):
        call_command("audit", "verify")
    assert f"Dòng nhật ký {log[2].pk} đã bị xóa." in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("audit", "verify", "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["verified"] is False
    assert {f["what"] for f in answer["findings"]} >= {f"event:{log[2].pk}"}


@pytest.mark.django_db(transaction=True)
def test_sealers_at_once_make_one_chain_that_holds_every_event_once():
    ward = make_ward()
    for number in range(4):
        ward.one("page", title=f"Tin {number}")
    together = threading.Barrier(4)

    def sealer(_: int) -> int:
        try:
            together.wait(10)
            return sum(seal_log() for _ in range(4))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as sealers:
        sealed = sum(sealers.map(sealer, range(4)))
    assert sealed == Event.objects.count()
    assert not Event.objects.filter(seal=None).exists()
    leaves = [leaf[0] for seal in Seal.objects.all() for leaf in seal.leaves]
    assert sorted(leaves) == sorted(Event.objects.values_list("pk", flat=True))
    assert verify_log() == []


@pytest.mark.django_db(transaction=True)
def test_a_log_that_is_written_while_it_is_verified_raises_no_false_alarm():
    ward = make_ward()
    for number in range(12):
        ward.one("page", title=f"Tin {number}")
    stop = threading.Event()

    def office() -> None:
        try:
            while not stop.is_set() and turn():
                seal_log()
        finally:
            connection.close()

    thread = threading.Thread(target=office)
    thread.start()
    found = [finding for _ in range(5) for finding in verify_audit()]
    stop.set()
    thread.join(60)
    assert found == []


def test_sealing_nothing_makes_no_seal(db):
    assert seal_log() == 0
    assert not Seal.objects.exists()


def test_what_the_log_says_can_be_read_back_in_the_same_bytes(ward):
    """Numbers, Vietnamese, nested values and microseconds survive both databases."""
    data = {"chữ": "Đính chính “số 1”", "số": 1_600_000_000, "tỷ lệ": 0.25, "danh sách": [1, None, True, {"a": "b"}]}
    with transaction.atomic():
        event = record("post.edited", f"post:{uuid4().hex[:6]}", organisation=ward.organisation, data=data)
    assert Event.objects.get(pk=event.pk).data == data
    assert event.at <= timezone.now()
    assert verify_log() == []
