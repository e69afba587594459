"""A document handed in is kept first, read behind the screen, found again when that was interrupted."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from campaigns.models import Plan
from publisher.events.models import Event
from publisher.intake.models import Document, DocumentState
from publisher.intake.plans import documents, import_plan
from publisher.intake.readers import READERS, SILENT, Job, beat, taken
from publisher.intake.uploads import documents_of, receive, restart, settle
from tests.ward import Ward, make_ward

SAMPLE = Path(__file__).parents[2] / "publisher" / "samples" / "ke-hoach.md"
LETTER = "Xin chào, đây là một bức thư.".encode()
pytestmark = pytest.mark.engine


def hand_in(ward: Ward, data: bytes | None = None, name: str = SAMPLE.name) -> Document:
    return receive(data or SAMPLE.read_bytes(), name, ward.organisation, ward.officer)


def abandoned(ward: Ward, state: DocumentState = DocumentState.READING) -> Document:
    """A document whose reader died a while ago."""
    return Document.objects.create(
        organisation=ward.organisation, name=SAMPLE.name, sha256=documents().put(SAMPLE.read_bytes()), size=1,
        state=state, beat_at=timezone.now() - SILENT - timedelta(seconds=1), by=ward.officer,
    )  # fmt: skip


def test_a_small_plan_is_read_at_once(ward):
    document = hand_in(ward)
    assert (document.state, document.fresh) == (DocumentState.READ, True)
    assert document.plan.source_sha256 == document.sha256 == hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
    assert document.plan.imported_by == document.by == ward.officer
    assert Event.objects.get(kind="document.received").subject == f"document:{document.pk}"


def test_the_same_document_twice_is_the_same_plan(ward):
    first, again = hand_in(ward), hand_in(ward, name="ten-khac.md")
    assert (again.pk, again.plan) == (first.pk, first.plan)
    assert (first.fresh, again.fresh) == (True, False)
    assert Plan.objects.filter(organisation=ward.organisation, source_sha256=first.sha256).count() == 1


def test_a_document_imported_by_command_is_not_read_again(ward):
    plan = import_plan(SAMPLE.read_bytes(), SAMPLE.name, organisation=ward.organisation, by=None).plan
    document = hand_in(ward)
    assert (document.plan, document.fresh, document.state) == (plan, False, DocumentState.READ)


def test_each_organisation_has_its_own_document(ward):
    other = make_ward()
    assert hand_in(ward).plan != hand_in(other).plan
    assert [d.organisation for d in documents_of(other.organisation)] == [other.organisation]


def test_what_is_no_plan_is_refused_in_words_and_its_bytes_stay(ward):
    document = hand_in(ward, LETTER, "thu.txt")
    assert (document.state, document.plan) == (DocumentState.REFUSED, None)
    assert document.code
    assert len(document.message) > 20
    assert documents().get(document.sha256) == LETTER


def test_a_refused_document_handed_in_again_is_read_again_under_its_new_name(ward):
    first = hand_in(ward, LETTER, "thu.txt")
    Document.objects.filter(pk=first.pk).update(message="", code="")
    again = hand_in(ward, LETTER, "thu-moi.txt")
    assert (again.pk, again.name, again.code) == (first.pk, "thu-moi.txt", first.code)


@pytest.mark.parametrize("state", [DocumentState.READING, DocumentState.WAITING])
def test_a_reading_whose_process_died_is_found_and_started_again(ward, state):
    document = abandoned(ward, state)
    (found,) = documents_of(ward.organisation)
    assert found.state == DocumentState.INTERRUPTED
    assert "Đọc lại" in found.message
    assert restart(document).state == DocumentState.READ


def test_a_document_kept_by_a_process_that_died_before_reading_is_found_too(ward):
    document = abandoned(ward, DocumentState.WAITING)
    Document.objects.filter(pk=document.pk).update(beat_at=None, at=timezone.now() - SILENT - timedelta(seconds=1))
    assert settle(ward.organisation, timezone.now()) == 1


def test_a_reading_that_gives_signs_of_life_is_left_alone(ward):
    document = abandoned(ward)
    Document.objects.filter(pk=document.pk).update(beat_at=timezone.now())
    assert settle(ward.organisation, timezone.now()) == 0


def test_progress_is_written_when_it_changed_and_a_sign_of_life_now_and_then(ward, django_assert_num_queries):
    document = abandoned(ward)
    job = Job(document.pk, taken(document))
    job.progress(3, 12)
    beat(job, elapsed=0.3)
    document.refresh_from_db()
    assert (document.done, document.total, document.share) == (3, 12, 25)
    with django_assert_num_queries(0):
        beat(job, elapsed=0.6)
    with django_assert_num_queries(1):
        beat(job, elapsed=4.0)


def test_whoever_lost_the_document_writes_nothing_into_it(ward):
    document = abandoned(ward)
    late = Job(document.pk, taken(document))
    taken(document)
    late.progress(9, 9)
    beat(late, elapsed=0.3)
    document.refresh_from_db()
    assert document.done == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("wait", [0, 1.5])
def test_a_document_is_read_behind_the_screen_whether_or_not_its_person_waits(wait):
    ward = make_ward()
    document = receive(SAMPLE.read_bytes(), SAMPLE.name, ward.organisation, ward.officer, wait=wait)
    assert document.under_way or document.plan
    job = READERS.jobs.get(document.pk)
    assert job is None or job.finished.wait(60)
    document.refresh_from_db()
    assert (document.state, document.lease) == (DocumentState.READ, None)
    assert document.plan.themes.exists()
